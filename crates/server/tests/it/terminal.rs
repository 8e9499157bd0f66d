use crate::harness::{HANGZHOU, refusal};
use domain::org::{OrgKind, Role};
use sdk::client::{Acceptance, Call, Staff};
use sdk::types::terminal::{ChangeTerminalState, CreateTerminal, TerminalState, TerminalView};

fn scanner(org: &str, division: &str) -> CreateTerminal {
    CreateTerminal {
        serial: "SN-330100-0001".into(),
        org_id: org.into(),
        division: division.into(),
        psam_no: Some("330100000001".into()),
        keys: Vec::new(),
    }
}

fn set(
    by: &Staff,
    terminal: &TerminalView,
    state: TerminalState,
) -> Result<TerminalView, sdk::client::Error> {
    let request = ChangeTerminalState { state, reason: "遗失".into() };
    by.change_terminal_state(&terminal.terminal_id, terminal.version, &request)
}

on_both! {
    /// SE-2.2b
    fn a_region_registers_the_terminals_of_its_departments(platform) {
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let department = platform.org(OrgKind::Department, "330106").to_string();
        let created = region.create_terminal(&scanner(&department, "330106")).unwrap();
        assert_eq!((created.state, created.version), (TerminalState::Active, 1));
        assert_eq!(created.psam_no.as_deref(), Some("330100000001"));
        assert_eq!(region.terminal(&created.terminal_id).unwrap(), created);

        assert_eq!(refusal(region.create_terminal(&scanner(&department, "330106"))), (409, "resource.exists".into()));
        let outside = scanner(&department, "330200");
        assert_eq!(refusal(region.create_terminal(&outside)), (403, "staff.division".into()));
        let foreign = platform.org(OrgKind::Department, "320100").to_string();
        let elsewhere = CreateTerminal { serial: "SN-2".into(), ..scanner(&foreign, "330106") };
        assert_eq!(refusal(region.create_terminal(&elsewhere)), (404, "resource.not_found".into()));
    }

    fn the_shape_of_a_terminal_is_checked_field_by_field(platform) {
        let operator = platform.operator();
        let department = platform.org(OrgKind::Department, "330106").to_string();
        let fits = scanner(&department, "330106");
        for new in [
            CreateTerminal { serial: String::new(), ..fits.clone() },
            CreateTerminal { serial: "A".repeat(33), ..fits.clone() },
            CreateTerminal { serial: "sn-1".into(), ..fits.clone() },
            CreateTerminal { psam_no: Some("33010000001".into()), ..fits.clone() },
            CreateTerminal { division: "990000".into(), ..fits.clone() },
            CreateTerminal { org_id: "org_1".into(), ..fits.clone() },
        ] {
            assert_eq!(refusal(operator.create_terminal(&new)), (422, "request.fields".into()), "{new:?}");
        }
        operator.create_terminal(&CreateTerminal { serial: "A".repeat(32), psam_no: None, ..fits }).unwrap();
    }

    /// SE-2.2e
    fn a_blocked_terminal_is_refused_from_its_next_request_on(platform) {
        let terminal = platform.terminal("330106");
        let client = terminal.terminal();
        let read = Call::get("/api/v1/ecards/bnd_00000000000000000000000000");
        let before = refusal(client.client().send::<serde_json::Value>(&read));
        assert_ne!(before.1, "caller.suspended");

        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let view = region.terminal(&terminal.id).unwrap();
        let blocked = set(&region, &view, TerminalState::Blocked).unwrap();
        assert_eq!((blocked.state, blocked.version, blocked.reason.as_deref()), (TerminalState::Blocked, 2, Some("遗失")));
        let body = sdk::types::session::OpenSession { encryption_key: view.keys[0].public_key.clone() };
        let open = Call::post("/api/v1/sessions", &body).unwrap().if_match(1).repeatable();
        let outcome = client.client().send::<serde_json::Value>(&open);
        assert_eq!(refusal(outcome), (403, "caller.suspended".into()));

        assert_eq!(refusal(set(&region, &blocked, TerminalState::Blocked)), (409, "terminal.transition".into()));
        assert_eq!(refusal(set(&region, &view, TerminalState::Active)), (412, "resource.stale".into()));
        let again = set(&region, &blocked, TerminalState::Active).unwrap();
        assert_eq!((again.state, again.version), (TerminalState::Active, 3));
    }

    /// CH-5.2
    fn a_terminal_is_seen_from_its_area_and_by_its_own_department(platform) {
        let hangzhou = platform.terminal("330106");
        let ningbo = platform.terminal("330206");
        let seen = |staff: &Staff| staff.terminals().map(|t| t.unwrap().terminal_id).collect::<Vec<_>>();
        let region = platform.staff(Role::RegionClerk, HANGZHOU);
        assert_eq!(seen(&region), std::slice::from_ref(&hangzhou.id));
        assert_eq!(refusal(region.terminal(&ningbo.id)), (404, "resource.not_found".into()));
        let own = platform.staff(Role::DepartmentClerk, "330206");
        assert_eq!(seen(&own), std::slice::from_ref(&ningbo.id));
        assert_eq!(refusal(own.terminal(&hangzhou.id)), (404, "resource.not_found".into()));
        assert_eq!(seen(&platform.operator()).len(), 2);
        let admin = platform.staff(Role::RegionAdmin, HANGZHOU);
        let foreign = platform.operator().terminal(&ningbo.id).unwrap();
        assert_eq!(refusal(set(&admin, &foreign, TerminalState::Blocked)), (404, "resource.not_found".into()));
    }
}
