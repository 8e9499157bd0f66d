//! Bodies of operations that say nothing about a target of staff.

use serde_json::{Value, json};

/// Figures of a channel that is not there.
fn rehearsal() -> Value {
    json!({"figures": [{
        "channel_id": format!("chn_{}", "0".repeat(26)), "division": "330106", "month": "2020-01",
        "issued": 1, "uses": 1, "active_users": 1,
    }]})
}

/// A body of an operation about accounts, or of one that wants a reason and no more.
fn example_of_accounts(id: &str) -> Option<Value> {
    Some(match id {
        "create_staff_session" | "create_portal_session" => {
            json!({"login": "nobody", "password": "not the password"})
        }
        "change_staff_password" => {
            json!({"current_password": "not the password", "new_password": "another long password"})
        }
        "challenge_factor" => json!({"login": "nobody", "password": "not the password"}),
        "register_passkey" => json!({"name": "演练", "client_data": "AA", "attestation_object": "AA"}),
        "step_up" | "begin_factor" | "begin_passkey" => json!({"password": "not the password"}),
        "confirm_factor" => json!({"code": "000000"}),
        "close_opening"
        | "revoke_key"
        | "disable_staff"
        | "enable_staff"
        | "reset_factor"
        | "disable_member"
        | "enable_member"
        | "end_sessions_of_staff"
        | "end_sessions_of_member" => json!({"reason": "演练"}),
        "create_delegation" => json!({"login": "lilei", "from_on": "2099-01-01", "until_on": "2099-01-02"}),
        "act_on_delegation" => json!({"action": "accept"}),
        "create_member" => json!({"login": "lilei", "role": "channel_engineer"}),
        "set_notification" => json!({"muted": [], "unmailed": [], "language": "zh-CN"}),
        "begin_mail_address" => json!({"address": "nobody@example.cn"}),
        "confirm_mail_address" => json!({"code": "000000"}),
        "set_sign_in_rule" => json!({"networks": [], "concurrency": "many"}),
        _ => return None,
    })
}

/// A body of an operation about what the platform publishes: its parameters, its calendar, its templates, its forms.
fn example_of_publications(id: &str) -> Option<Value> {
    Some(match id {
        "propose_parameter" => json!({"value": 120, "begins_on": "2099-01-01", "reason": "演练"}),
        "propose_calendar_year" => json!(crate::calendar::wish(crate::calendar::next_year())),
        "create_template" => {
            json!({"name": "演练模板", "kind": "agreement", "text": "甲乙双方", "words": "演练"})
        }
        "save_template" => json!({"text": "甲乙双方", "words": "演练"}),
        "decide_template" => json!({"decision": "drop", "words": "演练"}),
        "decide_parameter" | "decide_calendar_year" => json!({"decision": "reject", "reason": "演练"}),
        "withdraw_service_form" => {
            json!({"service_form_id": format!("sfm_{}", "0".repeat(26)), "reason": "演练"})
        }
        _ => return None,
    })
}

/// A body that says nothing about a target of staff.
pub(super) fn example(id: &str) -> Value {
    if let Some(body) = example_of_accounts(id).or_else(|| example_of_publications(id)) {
        return body;
    }
    let zero = "0".repeat(26);
    let proof = json!({"holder_session_id": format!("hss_{zero}"), "counter": 1, "mac": "0".repeat(64)});
    let point = data_encoding::HEXLOWER.encode(&gm::sm2::SigningKey::generate().verifying_key().to_sec1());
    let (binding, payee) = (format!("bnd_{zero}"), format!("org_{zero}"));
    let face = json!({"method": "face", "token": "sim:pass"});
    match id {
        "record_export" => json!({"list": "channel", "rows": 1, "format": "csv"}),
        "create_export" => json!({"list": "terminal", "format": "csv"}),
        "open_session" => json!({"encryption_key": point}),
        "act_on_matter" => json!({"action": "answer"}),
        "ping" => json!({"text": "在"}),
        "verify_code" => json!({"code": "A".repeat(58), "purpose": "identity", "request_id": "1"}),
        "create_payment" => {
            let handle = format!("phd_{}", "a".repeat(31));
            json!({"order_no": "1", "amount_fen": 100, "payee_id": payee, "source": {"handle": handle},
                "funding": "prepaid"})
        }
        "close_payment" => json!({"reason": "演练"}),
        "create_refund" => json!({"refund_no": "1", "amount_fen": 1, "reason": "演练"}),
        "claim_ecard" => {
            json!({"name": "张小三", "id_kind": "resident_id", "id_number": crate::card::resident(2),
            "real_person": face, "level": 1})
        }
        "open_holder_session" => {
            json!({"binding_id": binding, "device_key": point, "factor": {"real_person": face}})
        }
        "set_password" | "reset_password" => json!({"proof": proof, "password_envelope": "00"}),
        "change_password" => {
            json!({"proof": proof, "current_password_envelope": "00", "new_password_envelope": "00"})
        }
        "unbind" | "create_code" | "list_all_uses" | "revoke_grant" => json!({"proof": proof}),
        "create_grant" => {
            json!({"proof": proof, "service": "query.card", "party_id": payee, "purpose": "演练",
            "expires_at": "2030-01-01T00:00:00+08:00"})
        }
        "create_top_up" => json!({"top_up_no": "1", "binding_id": binding, "amount_fen": 1, "proof": proof}),
        "change_webhook_state" => json!({"state": "paused"}),
        "create_org" => json!({"name": "某院", "kind": "department", "division": "330106"}),
        "register_orgs" => json!({"rows": [{"name": "某所", "kind": "用卡部门", "division": "330106"}]}),
        "create_channel" => json!({
            "name": "某行", "owner": {"name": "某行", "uscc": "91110000600037341L"}, "class": "bank", "level": 1,
            "form": "app", "access_mode": "h5", "regions": ["330000"], "services": ["ecard.issue"],
        }),
        "add_channel_key" | "add_terminal_key" => json!({"usage": "sign", "public_key": point}),
        "rotate_key" => json!({"usage": "code_mac"}),
        "change_terminal_state" => json!({"state": "blocked", "reason": "演练"}),
        "start_import" => json!({"file_name": "cards.csv", "digest": "0".repeat(64), "total": 1}),
        "import_rows" => json!({"first_row": 0, "rows": [crate::card::row(9_998)]}),
        "find_cards" => json!({"division": "330100", "card_number": "A00000001"}),
        "change_card_state" => json!({"action": "report_loss"}),
        "replace_card" => json!({"card_number": "B00000001", "reason": "lost"}),
        "advance_clock" => json!({"seconds": 1}),
        "rehearse_statistics" => rehearsal(),
        "replay_deliveries" | "replay_deliveries_of_channel" => {
            json!({"from": "2026-01-01T00:00:00+08:00", "to": "2026-01-02T00:00:00+08:00"})
        }
        "state_company" => json!({"legal_representative": "赵敏", "registered_on": "2015-06-01"}),
        "cut_day" => json!({"business_on": "2020-01-01"}),
        _ => panic!("there is no example of a body of {id}"),
    }
}
