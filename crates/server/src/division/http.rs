//! The wire form of the table of divisions.

use crate::World;
use crate::app::Json;
use domain::division::{DivisionCode, FORMER, Former, PROVINCES, REVISION};
use sdk::types::division::{DivisionView, Divisions, FormerDivision};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// What needs no authentication.
pub fn public_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new().routes(routes!(list_divisions))
}

/// Every province and prefecture of the current edition on one page, and what ended before it.
#[utoipa::path(get, path = "/api/v1/divisions", tag = "division", operation_id = "list_divisions",
    responses((status = 200, body = Divisions)))]
async fn list_divisions() -> Json<Divisions> {
    let data = PROVINCES.iter().flat_map(|province| {
        let own = view(province.code, province.zh, Some(province.en));
        let below = province.prefectures().map(|(code, name)| view(code, name, None));
        std::iter::once(own).chain(below)
    });
    let former = FORMER.iter().map(former);
    Json(Divisions { revision: REVISION.into(), data: data.collect(), former: former.collect() })
}

fn view(code: DivisionCode, name: &str, name_en: Option<&str>) -> DivisionView {
    let began = code.began().map(str::to_owned);
    DivisionView { code: code.to_string(), name: name.into(), name_en: name_en.map(str::to_owned), began }
}

fn former(former: &Former) -> FormerDivision {
    FormerDivision {
        code: former.code.to_string(),
        name: former.name.into(),
        ended: former.ended.into(),
        successors: former.successors.iter().map(ToString::to_string).collect(),
    }
}
