//! What every role may do, out of the table that decides it: there is no second one.

use crate::World;
use crate::app::Json;
use domain::org::{Operation, OrgKind, Power, Role, holders};
use sdk::types::role::{OperationView, RoleTable, RoleView};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_roles))
}

/// Every role, and which roles hold each operation. Where an operation reaches is another question: the own division and below,
/// or the own organisation.
#[utoipa::path(get, path = "/api/v1/roles", tag = "org", operation_id = "list_roles",
    responses((status = 200, body = RoleTable)))]
async fn list_roles() -> Json<RoleTable> {
    Json(RoleTable {
        roles: Role::ALL.iter().copied().map(role).collect(),
        operations: Operation::ALL.iter().copied().map(operation).collect(),
    })
}

fn role(role: Role) -> RoleView {
    let kinds = OrgKind::ALL.iter().filter(|kind| kind.roles().contains(&role));
    let power = match role.power() {
        Power::System => "system",
        Power::Security => "security",
        Power::Audit => "audit",
    };
    RoleView {
        role: role.to_string(),
        power: power.to_owned(),
        org_kinds: kinds.map(ToString::to_string).collect(),
        is_own_org_only: role.is_own_org_only(),
    }
}

fn operation(operation: Operation) -> OperationView {
    OperationView {
        operation: operation.to_string(),
        name: operation.zh().to_owned(),
        name_en: operation.en().to_owned(),
        roles: holders(operation).iter().map(ToString::to_string).collect(),
    }
}
