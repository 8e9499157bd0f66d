//! Rows of sign-in rules. What they say of a session is read with the session ([`crate::staff::find_signed_in`]).

use crate::{ReadTx, StoreError, WriteTx, params, sql};

/// A rule as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInRuleRow {
    /// The organisation.
    pub org_id: [u8; 16],
    /// Networks in CIDR notation with a space between two; none = from anywhere.
    pub networks: String,
    /// `many` or `single`.
    pub concurrency: String,
    /// Real time, µs; none = it was never set.
    pub changed_at: Option<i64>,
    /// Optimistic version.
    pub version: i64,
}

impl SignInRuleRow {
    /// The rule of an organisation that has none.
    #[must_use]
    pub fn none(org_id: [u8; 16]) -> Self {
        Self { org_id, networks: String::new(), concurrency: "many".into(), changed_at: None, version: 1 }
    }
}

/// The rule of an organisation.
pub fn get(tx: &mut ReadTx<'_>, org_id: &[u8; 16]) -> Result<SignInRuleRow, StoreError> {
    let sql = sql!("select networks, concurrency, changed_at, version from sign_in_rule where org_id = $1");
    let Some(r) = tx.query_opt(sql, params![org_id])? else { return Ok(SignInRuleRow::none(*org_id)) };
    Ok(SignInRuleRow {
        org_id: *org_id,
        networks: r.text(0)?,
        concurrency: r.text(1)?,
        changed_at: Some(r.i64(2)?),
        version: r.i64(3)?,
    })
}

/// Writes a rule, changed at this time, in the place of the version before it; `Stale` when that is not the stored one. The organisation is locked
/// by whoever calls.
pub fn replace(tx: &mut WriteTx<'_>, rule: &SignInRuleRow, at: i64) -> Result<(), StoreError> {
    if get(tx, &rule.org_id)?.version != rule.version {
        return Err(StoreError::Stale);
    }
    let sql = sql!(
        "insert into sign_in_rule (org_id, networks, concurrency, changed_at, version) values ($1, $2, $3, $4, $5)
         on conflict (org_id) do update set networks = excluded.networks, concurrency = excluded.concurrency,
                                            changed_at = excluded.changed_at, version = excluded.version"
    );
    tx.execute_one(sql, params![&rule.org_id, &rule.networks, &rule.concurrency, at, rule.version + 1])
}
