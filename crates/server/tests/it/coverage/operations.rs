//! The operations as the API describes itself, and the table of who may call each.

use super::examples::example;
pub use super::targets::Targets;
use crate::harness::Platform;
use domain::org::Operation as Op;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Guard {
    /// Everybody.
    Public,
    /// Any member of staff, about their own account.
    Account,
    /// Channels.
    Channel,
    /// Channels and terminals.
    Caller,
    /// Staff who hold this.
    Staff(Op),
    /// Staff who hold this, and channels about themselves.
    Party(Op),
}

use Guard::{Account, Caller, Channel, Party, Public, Staff};

/// Operation id and guard; an operation whose body decides what is held has a row for each.
const GUARDS: &[(&str, Guard)] = &[
    ("get_liveness", Public),
    ("get_readiness", Public),
    ("get_version", Public),
    ("list_platform_keys", Public),
    ("create_staff_session", Public),
    ("change_staff_password", Account),
    ("close_staff_session", Account),
    ("challenge_factor", Public),
    ("challenge_step_up", Account),
    ("list_passkeys", Account),
    ("begin_passkey", Account),
    ("register_passkey", Account),
    ("remove_passkey", Account),
    ("get_clock", Public),
    ("advance_clock", Staff(Op::ClockMove)),
    ("rehearse_statistics", Staff(Op::StatisticRehearse)),
    ("get_staff_session", Account),
    ("list_divisions", Public),
    ("create_portal_session", Public),
    ("get_portal_session", Account),
    ("close_portal_session", Account),
    ("step_up", Account),
    ("list_staff_sessions", Account),
    ("end_staff_session", Account),
    ("get_factor", Account),
    ("record_export", Staff(Op::ChannelList)),
    ("create_export", Staff(Op::TerminalList)),
    ("list_exports", Account),
    ("get_export", Account),
    ("get_export_content", Account),
    ("get_notification", Account),
    ("set_notification", Account),
    ("begin_mail_address", Account),
    ("confirm_mail_address", Account),
    ("remove_mail_address", Account),
    ("begin_factor", Account),
    ("confirm_factor", Account),
    ("renew_recovery_codes", Account),
    ("list_directory", Public),
    ("get_directory_file", Public),
    ("get_directory_page", Public),
    ("get_directory_paper", Public),
    ("open_session", Caller),
    ("close_session", Caller),
    ("ping", Caller),
    ("list_proofs", Caller),
    ("verify_code", Caller),
    ("create_payment", Caller),
    ("get_payment", Caller),
    ("get_payment_of_order", Caller),
    ("close_payment", Caller),
    ("create_refund", Caller),
    ("list_refunds", Caller),
    ("claim_ecard", Channel),
    ("get_ecard", Channel),
    ("open_holder_session", Channel),
    ("set_password", Channel),
    ("change_password", Channel),
    ("reset_password", Channel),
    ("unbind", Channel),
    ("create_code", Channel),
    ("list_uses", Channel),
    ("list_all_uses", Channel),
    ("create_grant", Channel),
    ("list_grants", Channel),
    ("revoke_grant", Channel),
    ("get_balance", Channel),
    ("create_top_up", Channel),
    ("create_webhook", Party(Op::WebhookManage)),
    ("list_webhooks", Party(Op::WebhookReplay)),
    ("change_webhook_state", Party(Op::WebhookManage)),
    ("test_webhook", Party(Op::WebhookManage)),
    ("list_deliveries", Party(Op::WebhookReplay)),
    ("replay_delivery", Party(Op::WebhookReplay)),
    ("replay_deliveries", Party(Op::WebhookReplay)),
    ("replay_deliveries_of_channel", Staff(Op::WebhookReplay)),
    ("delete_webhook", Party(Op::WebhookManage)),
    ("list_statistics", Party(Op::StatisticRead)),
    ("list_statistic_areas", Staff(Op::StatisticRead)),
    ("list_statistic_services", Staff(Op::StatisticRead)),
    ("get_coverage", Staff(Op::CoverageRead)),
    ("list_statistic_totals", Staff(Op::StatisticRead)),
    ("list_parameters", Staff(Op::ConfigRead)),
    ("get_parameter", Staff(Op::ConfigRead)),
    ("get_access_conditions", Staff(Op::MatterRead)),
    ("list_templates", Staff(Op::TemplateRead)),
    ("create_template", Staff(Op::TemplateWrite)),
    ("get_template", Staff(Op::TemplateRead)),
    ("get_template_version", Staff(Op::TemplateRead)),
    ("save_template", Staff(Op::TemplateWrite)),
    ("decide_template", Staff(Op::TemplateReview)),
    ("preview_template", Staff(Op::TemplateRead)),
    ("propose_parameter", Staff(Op::ParameterPropose)),
    ("decide_parameter", Staff(Op::ParameterReview)),
    ("get_calendar", Account),
    ("propose_calendar_year", Staff(Op::CalendarPropose)),
    ("decide_calendar_year", Staff(Op::CalendarReview)),
    ("open_matter", Staff(Op::MatterAct)),
    ("act_on_matter", Staff(Op::MatterAct)),
    ("reveal_matter", Staff(Op::MatterAct)),
    ("send_notice", Staff(Op::NoticeSend)),
    ("send_amendment", Staff(Op::NoticeSend)),
    ("send_key_rotation", Staff(Op::NoticeSend)),
    ("list_sendings", Staff(Op::NoticeSend)),
    ("get_sending", Staff(Op::NoticeSend)),
    ("remind_sending", Staff(Op::NoticeSend)),
    ("cancel_sending", Staff(Op::NoticeSend)),
    ("get_monitoring", Staff(Op::StatisticRead)),
    ("try_parameter", Staff(Op::ConfigRead)),
    ("list_measures", Staff(Op::ChannelList)),
    ("get_impact", Staff(Op::ChannelList)),
    ("get_channel_levels", Staff(Op::ChannelList)),
    ("get_application_durations", Staff(Op::MatterRead)),
    ("get_company", Staff(Op::MatterRead)),
    ("state_company", Staff(Op::MatterAct)),
    ("get_company_of_matter", Staff(Op::MatterRead)),
    ("get_channel_contacts", Staff(Op::ChannelList)),
    ("reveal_channel_contact", Staff(Op::MatterAct)),
    ("mail_contact_code", Staff(Op::MatterAct)),
    ("confirm_channel_contact", Staff(Op::MatterAct)),
    ("list_key_traffic", Staff(Op::ChannelList)),
    ("get_traffic", Staff(Op::StatisticRead)),
    ("get_blank_form", Staff(Op::MatterRead)),
    ("get_filled_form", Staff(Op::MatterRead)),
    ("get_agreement_paper", Staff(Op::MatterRead)),
    ("list_matters", Staff(Op::MatterRead)),
    ("get_matter", Staff(Op::MatterRead)),
    ("get_inbox", Staff(Op::MatterRead)),
    ("create_attachment", Staff(Op::MatterAct)),
    ("list_attachments", Staff(Op::MatterRead)),
    ("get_attachment", Staff(Op::MatterRead)),
    ("remove_attachment", Staff(Op::MatterAct)),
    ("append_to_attachment", Staff(Op::MatterAct)),
    ("complete_attachment", Staff(Op::MatterAct)),
    ("get_attachment_content", Staff(Op::MatterRead)),
    ("list_messages", Staff(Op::MatterRead)),
    ("read_message", Staff(Op::MatterRead)),
    ("get_unread", Staff(Op::MatterRead)),
    ("read_messages", Staff(Op::MatterRead)),
    ("remind_matter", Staff(Op::MatterAct)),
    ("assign_matter", Staff(Op::MatterAct)),
    ("ask_advice", Staff(Op::MatterAct)),
    ("answer_advice", Staff(Op::MatterAct)),
    ("withdraw_advice", Staff(Op::MatterAct)),
    ("list_roles", Account),
    ("create_org", Staff(Op::OrgCreate)),
    ("register_orgs", Staff(Op::OrgCreate)),
    ("list_orgs", Staff(Op::OrgList)),
    ("get_sign_in_rule", Staff(Op::SignInRuleRead)),
    ("set_sign_in_rule", Staff(Op::SignInRuleSet)),
    ("file_registration", Public),
    ("check_registration", Public),
    ("list_registrations", Staff(Op::RegistrationList)),
    ("get_registration", Staff(Op::RegistrationList)),
    ("reveal_registration", Staff(Op::RegistrationReveal)),
    ("confirm_registration", Staff(Op::RegistrationDecide)),
    ("decline_registration", Staff(Op::RegistrationDecide)),
    ("open_registration", Staff(Op::RegistrationOpen)),
    ("create_staff", Staff(Op::StaffCreate)),
    ("list_staff", Staff(Op::StaffList)),
    ("disable_staff", Staff(Op::StaffDisable)),
    ("enable_staff", Staff(Op::StaffDisable)),
    ("reset_factor", Staff(Op::StaffResetFactor)),
    ("list_sessions_of_staff", Staff(Op::StaffEndSessions)),
    ("end_sessions_of_staff", Staff(Op::StaffEndSessions)),
    ("list_team", Staff(Op::TeamManage)),
    ("create_member", Staff(Op::TeamManage)),
    ("disable_member", Staff(Op::TeamManage)),
    ("enable_member", Staff(Op::TeamManage)),
    ("list_sessions_of_member", Staff(Op::TeamManage)),
    ("end_sessions_of_member", Staff(Op::TeamManage)),
    ("create_delegation", Staff(Op::DelegationGive)),
    ("list_delegations", Account),
    ("act_on_delegation", Account),
    ("list_services", Staff(Op::ServiceList)),
    ("list_service_forms", Staff(Op::ServiceList)),
    ("get_service_form_content", Staff(Op::ServiceList)),
    ("publish_service_form", Staff(Op::ServiceFormWrite)),
    ("withdraw_service_form", Staff(Op::ServiceFormWrite)),
    ("list_openings", Staff(Op::ServiceList)),
    ("create_opening", Staff(Op::ServiceOpen)),
    ("open_services", Staff(Op::ServiceOpen)),
    ("close_opening", Staff(Op::ServiceClose)),
    ("create_channel", Staff(Op::ChannelCreate)),
    ("list_channels", Staff(Op::ChannelList)),
    ("get_channel", Staff(Op::ChannelList)),
    ("act_on_channel", Staff(Op::ChannelSuspend)),
    ("act_on_channel", Staff(Op::ChannelResume)),
    ("act_on_channel", Staff(Op::ChannelTerminate)),
    ("add_channel_key", Staff(Op::ChannelRotateKey)),
    ("add_terminal_key", Staff(Op::ChannelRotateKey)),
    ("revoke_key", Staff(Op::ChannelRotateKey)),
    ("rotate_key", Staff(Op::KeyRotate)),
    ("create_terminal", Staff(Op::TerminalCreate)),
    ("register_terminals", Staff(Op::TerminalCreate)),
    ("list_terminals", Staff(Op::TerminalList)),
    ("get_terminal", Staff(Op::TerminalList)),
    ("change_terminal_state", Staff(Op::TerminalBlock)),
    ("start_import", Staff(Op::CardImport)),
    ("import_rows", Staff(Op::CardImport)),
    ("get_import", Staff(Op::CardImport)),
    ("find_cards", Staff(Op::CardList)),
    ("get_card", Staff(Op::CardList)),
    ("list_invalid_cards", Staff(Op::CardList)),
    ("change_card_state", Staff(Op::CardState)),
    ("replace_card", Staff(Op::CardReplace)),
    ("get_jobs", Staff(Op::JobRead)),
    ("list_failed_jobs", Staff(Op::JobRead)),
    ("rerun_job", Staff(Op::JobRerun)),
    ("create_payee", Staff(Op::PayeeCreate)),
    ("list_payees", Staff(Op::PayeeList)),
    ("cut_day", Staff(Op::SettlementCut)),
    ("list_batches", Staff(Op::SettlementList)),
    ("get_day_file", Staff(Op::SettlementFile)),
    ("list_accounts", Staff(Op::LedgerAccounts)),
    ("verify_ledger", Staff(Op::LedgerVerify)),
    ("get_audit_head", Staff(Op::AuditHead)),
    ("export_audit", Staff(Op::AuditExport)),
    ("list_audit_proofs", Staff(Op::AuditExport)),
    ("list_audit_trail", Staff(Op::AuditExport)),
    ("list_trail_of_channel", Staff(Op::ChannelList)),
    ("list_trail_of_matter", Staff(Op::MatterRead)),
    ("list_trail_of_org", Staff(Op::OrgList)),
    ("list_trail_of_terminal", Staff(Op::TerminalList)),
    ("list_trail_of_card", Staff(Op::CardList)),
    ("list_trail_of_staff", Staff(Op::StaffList)),
    ("list_trail_of_team", Staff(Op::TeamManage)),
    ("list_trail_of_parameter", Staff(Op::ConfigRead)),
    ("list_trail_of_opening", Staff(Op::ServiceList)),
];

/// An operation under one guard.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its id.
    pub id: String,
    /// In capitals.
    pub method: String,
    /// With its parameters in braces.
    pub path: String,
    /// Who may call it.
    pub guard: Guard,
    /// The schema of its body, if it takes one.
    pub schema: Option<Value>,
    /// The fields that every body of it has.
    pub required: BTreeSet<String>,
}

/// The API's description of itself.
pub fn description(platform: &Platform) -> Value {
    serde_json::to_value(server::app::openapi(platform.world())).unwrap()
}

/// Every operation that is described, under every guard of the table.
///
/// # Panics
/// When the table and the description name different operations, or the description admits somebody else.
pub fn operations(platform: &Platform) -> Vec<Operation> {
    let description = description(platform);
    let mut described = BTreeMap::new();
    for (path, methods) in description["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            described.insert(id.to_owned(), (path.clone(), method.to_uppercase(), operation.clone()));
        }
    }
    let known: BTreeSet<&str> = GUARDS.iter().map(|(id, _)| *id).collect();
    let there: BTreeSet<&str> = described.keys().map(String::as_str).collect();
    assert_eq!(known, there, "the table of guards and the description name the same operations");
    let operation = |(id, guard): &(&str, Guard)| {
        let (path, method, operation) = &described[*id];
        assert_eq!(admitted(operation), schemes(*guard), "who the description of {id} admits");
        let body = &operation["requestBody"]["content"]["application/json"]["schema"];
        let schema = (!body.is_null()).then(|| body.clone());
        let (id, method, path, guard) = ((*id).to_owned(), method.clone(), path.clone(), *guard);
        Operation { id, method, path, guard, schema, required: required(&description, body) }
    };
    GUARDS.iter().map(operation).collect()
}

fn admitted(operation: &Value) -> BTreeSet<String> {
    let any = operation["security"].as_array().into_iter().flatten();
    any.flat_map(|scheme| scheme.as_object().unwrap().keys().cloned()).collect()
}

fn schemes(guard: Guard) -> BTreeSet<String> {
    let names: &[&str] = match guard {
        Public => &[],
        Account | Staff(_) => &["portal", "staff"],
        Channel | Caller => &["session", "signature"],
        Party(_) => &["portal", "session", "signature", "staff"],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// The fields that every object of a schema has, whichever of its forms it takes.
fn required(description: &Value, schema: &Value) -> BTreeSet<String> {
    if let Some(reference) = schema["$ref"].as_str() {
        return required(description, description.pointer(reference.trim_start_matches('#')).unwrap());
    }
    let names = schema["required"].as_array().into_iter().flatten();
    let own = names.map(|name| name.as_str().unwrap().to_owned()).collect();
    let forms = ["oneOf", "anyOf"].iter().filter_map(|any| schema[any].as_array()).flatten();
    let of_all = forms.map(|form| required(description, form)).reduce(|one, other| &one & &other);
    &own | &of_all.unwrap_or_default()
}

impl Operation {
    /// Path and query of a request about these targets.
    pub fn target(&self, targets: &Targets) -> String {
        let mut path = self.path.clone();
        while let Some((before, rest)) = path.split_once('{') {
            let (name, after) = rest.split_once('}').unwrap();
            path = format!("{before}{}{after}", targets.get(name));
        }
        let query = match self.id.as_str() {
            "list_statistics" | "list_statistic_totals" => "?from_on=2026-01-01&to_on=2026-12-31",
            "get_traffic" => "?from_on=2026-01-01&to_on=2026-03-31",
            "list_statistic_areas" | "list_statistic_services" => "?month=2026-01",
            "try_parameter" => "?value=100",
            "list_proofs" | "list_audit_proofs" => "?object=use_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "append_to_attachment" => "?offset=0",
            "publish_service_form" => "?file_name=form.pdf",
            "list_batches" => "?business_on=2026-01-01",
            "list_webhooks" => return format!("{path}?channel_id={}", targets.get("channel_id")),
            _ => "",
        };
        path + query
    }

    /// A body that is well formed, if the operation takes one.
    pub fn body(&self, targets: &Targets) -> Option<Value> {
        self.schema.as_ref()?;
        Some(match self.id.as_str() {
            "act_on_channel" => json!({"action": self.action(), "reason": "演练"}),
            "open_matter" => {
                let opening = json!({"topic": "product", "subject": "字号", "words": "大一些"});
                let channel = targets.get("channel_id");
                // Without a channel that is there, what is wrong with the opening is told first.
                if channel.ends_with(&"0".repeat(26)) {
                    json!({"kind": "suggestion", "opening": opening})
                } else {
                    json!({"kind": "suggestion", "channel_id": channel, "opening": opening})
                }
            }
            "create_opening" => {
                json!({"service": "pay.code", "caller_id": targets.get("channel_id"), "division": "330106"})
            }
            "open_services" => {
                let row =
                    json!({"service": "pay.code", "caller": targets.get("channel_id"), "division": "330106"});
                json!({"rows": [row]})
            }
            "create_terminal" => {
                json!({"serial": "SN-COVERAGE", "org_id": targets.get("org_id"), "division": "330106"})
            }
            "register_terminals" => {
                let row = json!({"serial": "SN-ROW", "org": targets.get("org_id"), "division": "330106"});
                json!({"rows": [row]})
            }
            "create_staff" => {
                json!({"org_id": targets.get("org_id"), "login": "lilei", "role": "department_clerk"})
            }
            "send_notice" => {
                let opening = json!({"topic": "pause", "subject": "停服", "words": "今晚", "acknowledge_by": "2100-01-01"});
                json!({"audience": {}, "opening": opening})
            }
            "send_amendment" => {
                let text =
                    json!({"version": "2", "text": "文本", "effective_on": "2100-01-01", "words": "调整"});
                json!({"audience": {}, "amendment": text})
            }
            "send_key_rotation" => {
                let opening =
                    json!({"usage": "caller", "subject": "轮换", "words": "年度", "rotate_by": "2100-01-01"});
                json!({"audience": {}, "opening": opening})
            }
            "create_attachment" => {
                json!({"purpose": "licence", "file_name": "a.pdf", "size": 1, "sm3": "0".repeat(64)})
            }
            "create_webhook" => {
                let channel = targets.get("channel_id");
                json!({"channel_id": channel, "url": "https://example.com/hook", "events": []})
            }
            "create_payee" => json!({"org_id": targets.get("org_id"), "fee_basis_points": 60}),
            "decline_registration" | "reveal_registration" | "reveal_matter" | "reveal_channel_contact" => {
                json!({"reason": "演练"})
            }
            "confirm_channel_contact" => json!({"code": "000000"}),
            "file_registration" => crate::registration::filing(),
            "check_registration" => json!({"receipt": "a".repeat(32)}),
            "open_registration" => json!({"login": "minsheng"}),
            "remind_matter" => json!({"party": "operator"}),
            "preview_template" => {
                json!({"kind": "agreement", "text": "甲乙双方", "channel_id": targets.get("channel_id")})
            }
            "assign_matter" => json!({"staff_id": targets.get("staff_id"), "words": "休假"}),
            "ask_advice" => json!({"party": "province", "division": "310000", "words": "请提出意见"}),
            "answer_advice" => json!({"words": "同意", "files": []}),
            "withdraw_advice" => json!({"words": "已核实"}),
            id => example(id),
        })
    }

    fn action(&self) -> &'static str {
        match self.guard {
            Staff(Op::ChannelSuspend) => "suspend",
            Staff(Op::ChannelResume) => "resume",
            _ => "terminate",
        }
    }
}
