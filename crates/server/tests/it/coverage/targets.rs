//! What the requests of the coverage are about.

use std::collections::BTreeMap;

/// What the parameters of paths stand for: ids that are well formed, of things that are there or of none.
#[derive(Clone, Debug)]
pub struct Targets(BTreeMap<&'static str, String>);

impl Targets {
    /// Ids of nothing.
    pub fn nothing() -> Self {
        let zero = "0".repeat(26);
        let ids = [
            ("channel_id", "chn"),
            ("terminal_id", "trm"),
            ("org_id", "org"),
            ("opening_id", "opn"),
            ("key_id", "key"),
            ("job_id", "job"),
            ("card_id", "card"),
            ("import_id", "imp"),
            ("batch_id", "set"),
            ("binding_id", "bnd"),
            ("grant_id", "grt"),
            ("webhook_id", "whk"),
            ("delivery_id", "whd"),
            ("session_id", "ses"),
            ("staff_id", "stf"),
            ("staff_session_id", "sts"),
            ("passkey_id", "psk"),
            ("delegation_id", "dlg"),
            ("version_id", "pmv"),
            ("calendar_year_id", "cal"),
            ("matter_id", "mat"),
            ("message_id", "msg"),
            ("advice_id", "adv"),
            ("sending_id", "snd"),
            ("template_id", "agt"),
            ("attachment_id", "att"),
            ("service_form_id", "sfm"),
            ("export_id", "exp"),
            ("registration_id", "reg"),
        ];
        let mut targets: BTreeMap<_, _> =
            ids.into_iter().map(|(name, prefix)| (name, format!("{prefix}_{zero}"))).collect();
        targets.insert("payment_id", format!("pay_{}", "a".repeat(31)));
        targets.insert("order_no", "1".into());
        targets.insert("form", "1".into());
        targets.insert("service", "login.scan".into());
        targets.insert("number", "1".into());
        targets.insert("parameter", "monitor.min_issuance".into());
        Self(targets)
    }

    /// The same, with something that is there.
    pub fn with(mut self, name: &'static str, id: impl Into<String>) -> Self {
        self.0.insert(name, id.into());
        self
    }

    /// What a parameter stands for.
    pub fn get(&self, name: &str) -> &str {
        &self.0[name]
    }

    /// All ids.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}
