//! Every role against the operations of organisations, staff, services, channels, terminals and keys: who does not
//! hold an operation is refused before anything is looked up.

use domain::division::DivisionCode;
use domain::org::{Operation, OrgKind, Role, allows};
use serde_json::json;

const REASON: &str = r#"{"reason":"演练"}"#;

/// Operation, method, path, body.
fn requests() -> Vec<(Operation, &'static str, String, String)> {
    let zero = "0".repeat(26);
    let org = json!({"name": "某院", "kind": "department", "division": "330106"}).to_string();
    let opening =
        json!({"service": "pay.code", "caller_id": format!("chn_{zero}"), "division": "330106"}).to_string();
    let channel = json!({
        "name": "某行", "owner": {"name": "某行", "uscc": "91110000600037341L"}, "class": "bank", "level": 1,
        "form": "app", "access_mode": "h5", "regions": ["330000"], "services": ["ecard.issue"],
    })
    .to_string();
    let terminal =
        json!({"serial": "SN-9", "org_id": format!("org_{zero}"), "division": "330106"}).to_string();
    let staff = json!({"org_id": format!("org_{zero}"), "login": "lilei", "role": "lab_tester"}).to_string();
    let point = data_encoding::HEXLOWER.encode(&gm::sm2::SigningKey::generate().verifying_key().to_sec1());
    let key = json!({"usage": "sign", "public_key": point}).to_string();
    let act = |action: &str| json!({"action": action, "reason": "演练"}).to_string();
    let actions = format!("/api/v1/channels/chn_{zero}/actions");
    let none = String::new;
    vec![
        (Operation::OrgCreate, "POST", "/api/v1/orgs".into(), org),
        (Operation::OrgList, "GET", "/api/v1/orgs".into(), none()),
        (Operation::StaffCreate, "POST", "/api/v1/staff".into(), staff),
        (Operation::StaffList, "GET", "/api/v1/staff".into(), none()),
        (Operation::ServiceOpen, "POST", "/api/v1/openings".into(), opening),
        (Operation::ServiceClose, "POST", format!("/api/v1/openings/opn_{zero}/close"), REASON.into()),
        (Operation::ServiceList, "GET", "/api/v1/services".into(), none()),
        (Operation::ServiceList, "GET", "/api/v1/openings".into(), none()),
        (Operation::ChannelCreate, "POST", "/api/v1/channels".into(), channel),
        (Operation::ChannelList, "GET", "/api/v1/channels".into(), none()),
        (Operation::ChannelList, "GET", format!("/api/v1/channels/chn_{zero}"), none()),
        (Operation::ChannelSuspend, "POST", actions.clone(), act("suspend")),
        (Operation::ChannelResume, "POST", actions.clone(), act("resume")),
        (Operation::ChannelTerminate, "POST", actions, act("terminate")),
        (Operation::ChannelRotateKey, "POST", format!("/api/v1/channels/chn_{zero}/keys"), key.clone()),
        (Operation::ChannelRotateKey, "POST", format!("/api/v1/terminals/trm_{zero}/keys"), key),
        (Operation::ChannelRotateKey, "POST", format!("/api/v1/keys/key_{zero}/revoke"), REASON.into()),
        (Operation::KeyRotate, "POST", "/api/v1/keys/rotate".into(), r#"{"usage":"shard"}"#.into()),
        (Operation::TerminalCreate, "POST", "/api/v1/terminals".into(), terminal),
        (Operation::TerminalList, "GET", "/api/v1/terminals".into(), none()),
        (Operation::TerminalList, "GET", format!("/api/v1/terminals/trm_{zero}"), none()),
        (
            Operation::TerminalBlock,
            "POST",
            format!("/api/v1/terminals/trm_{zero}/state"),
            r#"{"state":"blocked","reason":"演练"}"#.into(),
        ),
    ]
}

/// Where an account of this role stands in this test: 浙江, or the whole country.
fn stands(role: Role) -> (OrgKind, &'static str) {
    let fits = |kind: &&OrgKind, division: &str| {
        let division: DivisionCode = division.parse().unwrap();
        kind.admit(role).is_ok() && kind.stand_at(division).is_ok()
    };
    ["000000", "330000"]
        .into_iter()
        .find_map(|division| {
            OrgKind::ALL.iter().find(|kind| fits(kind, division)).map(|kind| (*kind, division))
        })
        .unwrap()
}

on_both! {
    fn an_operation_is_refused_to_every_role_that_does_not_hold_it(platform) {
        let requests = requests();
        for role in Role::ALL {
            let (kind, division) = stands(*role);
            let token = platform.token(platform.world(), *role, platform.org(kind, division));
            let bearer = format!("Bearer {}", token.expose());
            let headers = [("authorization", bearer.as_str()), ("if-match", "\"1\"")];
            for (operation, method, path, body) in &requests {
                let reply = platform.request(method, path, &headers, body.as_bytes());
                let refused = reply.status == 403 && reply.code() == "staff.role";
                assert_eq!(refused, !allows(*role, *operation), "{role} {method} {path}: {}", reply.status);
                assert!(refused || reply.status != 403, "{role} {method} {path}");
            }
        }
    }

    fn no_operation_of_staff_is_open_to_a_caller_or_a_stranger(platform) {
        for (_, method, path, body) in requests() {
            let headers = [("if-match", "\"1\"")];
            let reply = platform.request(method, &path, &headers, body.as_bytes());
            assert_eq!((reply.status, reply.code().as_str()), (401, "staff.unauthenticated"), "{method} {path}");
        }
    }
}
