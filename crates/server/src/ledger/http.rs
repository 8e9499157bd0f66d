//! The wire form of the ledger, for staff.

use super::service;
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::page::{PageQuery, page};
use crate::wire::query::Query;
use crate::{Error, World};
use axum::Extension;
use axum::extract::State;
use domain::id::AccountId;
use domain::ledger::AccountKind;
use domain::ledger::address::PLATFORM;
use sdk::types::ledger::{AccountView, LedgerVerified, Side};
use sdk::types::{Page, ledger};
use store::ledger::OwnedAccount;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_accounts)).routes(routes!(verify_ledger))
}

/// Lists the accounts of the ledger.
#[utoipa::path(get, path = "/api/v1/ledger/accounts", tag = "ledger", operation_id = "list_accounts",
    params(PageQuery), responses((status = 200, body = Page<AccountView>)))]
async fn list_accounts(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<PageQuery>,
) -> Result<Json<Page<AccountView>>, Error> {
    let limit = query.limit()?;
    let after: Option<AccountId> = query.cursor(|text| text.parse().ok())?;
    let more = i64::try_from(limit).unwrap_or(i64::MAX - 1) + 1;
    let rows = service::accounts(&world, &staff, after, more).await?;
    let rows = rows.iter().map(view).collect();
    Ok(Json(page(rows, limit, |last: &AccountView| last.account_id.clone())))
}

/// Recomputes every balance from the transfers.
#[utoipa::path(post, path = "/api/v1/ledger/verify", tag = "ledger", operation_id = "verify_ledger",
    responses((status = 200, body = LedgerVerified)))]
async fn verify_ledger(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<LedgerVerified>, Error> {
    let found = service::verify(&world, &staff).await?;
    Ok(Json(LedgerVerified {
        accounts: i64::try_from(found.accounts).unwrap_or(i64::MAX),
        posted_fen: i64::try_from(found.posted).unwrap_or(i64::MAX),
        differing: found.differing.iter().map(ToString::to_string).collect(),
        balanced: found.balanced,
        verified_at: world.now().to_string(),
    }))
}

fn view(row: &OwnedAccount) -> AccountView {
    let account = &row.account;
    let floor = account.floor.get();
    AccountView {
        account_id: account.id.to_string(),
        kind: kind(account.kind),
        owner_id: owner(account.kind, &row.owner),
        normal_side: match account.kind.side() {
            domain::ledger::Side::Debit => Side::Debit,
            domain::ledger::Side::Credit => Side::Credit,
        },
        debits_pending_fen: account.debits.pending.get(),
        debits_posted_fen: account.debits.posted.get(),
        credits_pending_fen: account.credits.pending.get(),
        credits_posted_fen: account.credits.posted.get(),
        balance_fen: account.balance().get(),
        limit_fen: (floor < 0).then_some(-floor),
    }
}

fn kind(kind: AccountKind) -> ledger::AccountKind {
    match kind {
        AccountKind::BankClearing => ledger::AccountKind::BankClearing,
        AccountKind::Prepaid => ledger::AccountKind::Prepaid,
        AccountKind::Transit => ledger::AccountKind::Transit,
        AccountKind::Payee => ledger::AccountKind::Payee,
        AccountKind::Settled => ledger::AccountKind::Settled,
        AccountKind::Fee => ledger::AccountKind::Fee,
        AccountKind::Suspense => ledger::AccountKind::Suspense,
        AccountKind::Refund => ledger::AccountKind::Refund,
    }
}

fn owner(kind: AccountKind, owner: &[u8; 16]) -> Option<String> {
    match kind {
        _ if *owner == PLATFORM => None,
        AccountKind::Prepaid | AccountKind::Transit => {
            Some(domain::id::EcardId::from_bytes(*owner).to_string())
        }
        _ => Some(domain::id::OrgId::from_bytes(*owner).to_string()),
    }
}
