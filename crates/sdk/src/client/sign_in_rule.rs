//! From where the accounts of an organisation are used, as security sets it.

use super::call::encode;
use super::{Call, Error, Staff};
use crate::types::sign_in_rule::{SetSignInRule, SignInRuleView};

impl Staff {
    /// The sign-in rule of an organisation in sight.
    pub fn sign_in_rule(&self, org_id: &str) -> Result<SignInRuleView, Error> {
        self.client().send(&Call::get(format!("/api/v1/orgs/{}/sign-in-rule", encode(org_id))))
    }

    /// Sets the sign-in rule of an organisation in sight, if it still has this version.
    pub fn set_sign_in_rule(
        &self,
        org_id: &str,
        version: i64,
        request: &SetSignInRule,
    ) -> Result<SignInRuleView, Error> {
        let path = format!("/api/v1/orgs/{}/sign-in-rule", encode(org_id));
        self.client().send(&Call::post(path, request)?.once().if_match(version))
    }
}
