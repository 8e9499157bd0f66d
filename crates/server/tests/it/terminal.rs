use crate::coverage::scene::acts;
use crate::harness::{HANGZHOU, refusal};
use domain::org::{OrgKind, Role};
use sdk::client::{Acceptance, Call, Staff};
use sdk::types::import::{MAX_BATCH_ROWS, RowOutcome, RowResult};
use sdk::types::terminal::{
    ChangeTerminalState, CreateTerminal, RegisterTerminals, TerminalRow, TerminalState, TerminalView,
};

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

/// A row of a file.
fn row(serial: &str, org: &str, division: &str, psam_no: &str) -> TerminalRow {
    let [serial, org, division, psam_no] = [serial, org, division, psam_no].map(str::to_owned);
    TerminalRow { serial, org, division, psam_no }
}

/// The outcome of each row, with what is wrong with it by field.
pub fn told(results: Vec<RowResult>) -> Vec<(RowOutcome, Vec<(String, String)>)> {
    assert!(results.iter().zip(0..).all(|(one, row)| one.row == row));
    let faults = |one: RowResult| one.errors.into_iter().map(|error| (error.field, error.code)).collect();
    results.into_iter().map(|one| (one.outcome, faults(one))).collect()
}

on_both! {
    /// SE-2.2b: a batch means the same as its rows one by one, and each bad row names its own fields in both languages.
    fn terminals_are_registered_as_rows_and_bad_ones_do_not_hold_up_good_ones(platform) {
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let department = platform.org(OrgKind::Department, "330106").to_string();
        let foreign = platform.org(OrgKind::Department, "320100").to_string();
        let rows = vec![
            row("SN-1", &department, "330106", "330100000001"),
            row("SN-2", &department, "330106", ""),
            row("sn 3", "91", "990000", "1"),
            row("SN-4", &foreign, "330200", ""),
            row("SN-1", &department, "330106", "330100000001"),
            row("SN-1", &department, "330106", ""),
        ];
        let fault = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        let expected = vec![
            (RowOutcome::Inserted, vec![]),
            (RowOutcome::Inserted, vec![]),
            (RowOutcome::Refused, vec![
                fault("serial", "terminal.serial"),
                fault("org", "identity.uscc_shape"),
                fault("division", "division.unlisted"),
                fault("psam_no", "terminal.psam"),
            ]),
            (RowOutcome::Refused, vec![fault("division", "staff.division"), fault("org", "terminal.org")]),
            (RowOutcome::Unchanged, vec![]),
            (RowOutcome::Refused, vec![fault("serial", "terminal.taken")]),
        ];
        let batch = RegisterTerminals { rows };
        let tried = region.try_terminals(&batch).unwrap().results;
        assert_eq!(tried[2].errors[0].message, "终端序列号格式不正确 (a serial is 1 to 32 capital letters, digits and hyphens)");
        assert_eq!(told(tried), expected);
        assert_eq!(region.terminals().count(), 0, "a dry run leaves nothing");

        assert_eq!(told(region.register_terminals(&batch).unwrap().results), expected);
        let serials: Vec<_> = region.terminals().map(|one| one.unwrap().serial).collect();
        assert_eq!(serials, ["SN-1", "SN-2"]);
        let again: Vec<_> = told(region.register_terminals(&batch).unwrap().results).into_iter().map(|one| one.0).collect();
        let [unchanged, refused] = [RowOutcome::Unchanged, RowOutcome::Refused];
        assert_eq!(again, [unchanged, unchanged, refused, refused, unchanged, refused]);
        assert_eq!(region.terminals().count(), 2);
    }

    /// SE-2.2b: by credit code, as a file of a department has it; a row is what the form would have made of it.
    fn a_terminal_of_a_batch_is_as_one_that_was_registered_alone(platform) {
        let operator = platform.operator();
        let code = "91110000600037341L";
        let new = sdk::types::org::CreateOrg {
            name: "某院".into(),
            kind: sdk::types::org::OrgKind::Department,
            division: "330106".into(),
            uscc: Some(code.into()),
        };
        let department = operator.create_org(&new).unwrap().org_id;
        let before = acts(platform);
        let batch = RegisterTerminals { rows: vec![row("SN-ROW", code, "330106", "330100000001")] };
        operator.try_terminals(&batch).unwrap();
        assert_eq!(acts(platform), before, "a dry run leaves no record");
        operator.register_terminals(&batch).unwrap();
        assert_eq!(acts(platform), before + 1);
        let alone = operator.create_terminal(&scanner(&department, "330106")).unwrap();
        let of_batch = operator.terminals().map(Result::unwrap).find(|one| one.serial == "SN-ROW").unwrap();
        let alike = TerminalView {
            terminal_id: alone.terminal_id.clone(),
            serial: alone.serial.clone(),
            created_at: alone.created_at.clone(),
            ..of_batch
        };
        assert_eq!(alike, alone);
    }

    fn a_batch_of_terminals_has_its_size(platform) {
        let operator = platform.operator();
        let department = platform.org(OrgKind::Department, "330106").to_string();
        let rows = |count: usize| {
            let rows = (0..count).map(|at| row(&format!("SN-{at}"), &department, "330106", "")).collect();
            RegisterTerminals { rows }
        };
        for count in [0, MAX_BATCH_ROWS + 1] {
            assert_eq!(refusal(operator.register_terminals(&rows(count))), (422, "request.fields".into()), "{count}");
        }
        let whole = operator.register_terminals(&rows(MAX_BATCH_ROWS)).unwrap().results;
        assert!(whole.iter().all(|one| one.outcome == RowOutcome::Inserted) && whole.len() == MAX_BATCH_ROWS);
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        assert_eq!(refusal(clerk.try_terminals(&rows(1))), (403, "staff.role".into()));
    }

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
