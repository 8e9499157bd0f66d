//! The wire form of what offices do beside the steps of a matter: putting it into somebody's hands (转办), and asking another
//! office for its opinion (加签).

use super::advice::{self, Answer};
use super::assignment::{self, Held, Line, Person};
use super::http::view;
use super::service::shown_at;
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::fields::Fields;
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::advice::Office;
use domain::division::DivisionCode;
use domain::id::{AdviceId, AttachmentId, MatterId, StaffId};
use domain::matter::Party;
use http::StatusCode;
use sdk::types::matter::{
    AdviceView, AnswerAdvice, AskAdvice, AssignMatter, AssignmentLine, Colleague, MatterAssignment,
    MatterView, WithdrawAdvice,
};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(assign_matter))
        .routes(routes!(ask_advice))
        .routes(routes!(answer_advice))
        .routes(routes!(withdraw_advice))
}

/// Puts a matter that waits for the own office into the hands of somebody of it, or lays it down.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/assignments", tag = "matter", operation_id = "assign_matter",
    params(("matter_id" = String, Path)), request_body = AssignMatter,
    responses((status = 200, body = MatterView)))]
async fn assign_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Json(body): Json<AssignMatter>,
) -> Result<Json<MatterView>, Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(to) = fields.parse_opt::<StaffId>("/staff_id", body.staff_id.as_deref()) else {
        return Err(fields.error());
    };
    let found = assignment::put(&world, &staff, id, to, body.words).await?;
    Ok(Json(view(&world, found).await?))
}

/// Asks another office for its opinion on a matter that waits for the own one. It blocks nothing and moves no last day.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/advice", tag = "matter", operation_id = "ask_advice",
    params(("matter_id" = String, Path)), request_body = AskAdvice,
    responses((status = 201, body = MatterView)))]
async fn ask_advice(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Json(body): Json<AskAdvice>,
) -> Result<(StatusCode, Json<MatterView>), Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let party = fields.parse::<Party>("/party", &body.party);
    let division = fields.parse_opt::<DivisionCode>("/division", body.division.as_deref());
    let (Some(party), Some(division)) = (party, division) else { return Err(fields.error()) };
    // What does not fit is the area, or the party of one that has none.
    let place = if division.is_some() { "/division" } else { "/party" };
    let Some(office) = fields.take(place, Office::new(party, division)) else { return Err(fields.error()) };
    let found = advice::ask(&world, &staff, id, office, body.words).await?;
    Ok((StatusCode::CREATED, Json(view(&world, found).await?)))
}

/// Answers what the own office was asked, once.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/advice/{advice_id}/answer", tag = "matter",
    operation_id = "answer_advice", params(("matter_id" = String, Path), ("advice_id" = String, Path)),
    request_body = AnswerAdvice, responses((status = 200, body = MatterView)))]
async fn answer_advice(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(ids): Path<(String, String)>,
    Json(body): Json<AnswerAdvice>,
) -> Result<Json<MatterView>, Error> {
    let ids = both(&ids)?;
    let mut fields = Fields::default();
    let mut files = Vec::with_capacity(body.files.len());
    for (place, file) in body.files.iter().enumerate() {
        files.extend(fields.parse::<AttachmentId>(&format!("/files/{place}"), file));
    }
    fields.check()?;
    let found = advice::answer(&world, &staff, ids, Answer { words: body.words, files }).await?;
    Ok(Json(view(&world, found).await?))
}

/// Takes a question back that was not answered.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/advice/{advice_id}/withdrawal", tag = "matter",
    operation_id = "withdraw_advice", params(("matter_id" = String, Path), ("advice_id" = String, Path)),
    request_body = WithdrawAdvice, responses((status = 200, body = MatterView)))]
async fn withdraw_advice(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(ids): Path<(String, String)>,
    Json(body): Json<WithdrawAdvice>,
) -> Result<Json<MatterView>, Error> {
    let found = advice::withdraw(&world, &staff, both(&ids)?, body.words).await?;
    Ok(Json(view(&world, found).await?))
}

fn both((matter, advice): &(String, String)) -> Result<(MatterId, AdviceId), Error> {
    let unknown = |_| Error::not_found();
    Ok((matter.parse().map_err(unknown)?, advice.parse().map_err(unknown)?))
}

/// In whose hands a matter is.
pub(super) fn held(found: Held) -> MatterAssignment {
    MatterAssignment {
        assignee: found.holder.map(colleague),
        colleagues: found.colleagues.into_iter().map(colleague).collect(),
        history: found.lines.into_iter().map(line).collect(),
    }
}

fn line(found: Line) -> AssignmentLine {
    let id = |bytes| StaffId::from_bytes(bytes).to_string();
    // An account is never deleted; one that is not found is told by its id.
    let by = found.by.map_or(Colleague { staff_id: id(found.row.by_id), login: String::new() }, colleague);
    AssignmentLine { at: shown_at(found.row.at), by, to: found.to.map(colleague), words: found.row.words }
}

/// Somebody of the own office.
pub(super) fn colleague(person: Person) -> Colleague {
    Colleague { staff_id: person.id.to_string(), login: person.login }
}

/// What an office was asked.
pub(super) fn asked(found: advice::Shown) -> AdviceView {
    let row = found.row;
    let files = row.files.split(',').filter(|file| !file.is_empty()).map(str::to_owned).collect();
    AdviceView {
        advice_id: AdviceId::from_bytes(row.id).to_string(),
        state: row.state,
        party: row.party,
        division: Some(row.division).filter(|division| !division.is_empty()),
        asked_at: shown_at(row.asked_at),
        asked_by: found.asked_by,
        asked_by_staff: StaffId::from_bytes(row.asked_by).to_string(),
        words: row.words,
        closed_at: row.closed_at.map(shown_at),
        closed_by: found.closed_by,
        answer: row.answer,
        files,
        may_answer: found.may_answer,
        may_withdraw: found.may_withdraw,
    }
}
