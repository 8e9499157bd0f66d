//! The wire form of matters.

use super::contact;
use super::list::{self, Filter};
use super::message::{self, Told, Wanted};
use super::office_http;
use super::reminder;
use super::service::{self, View, shown_at};
use crate::app::Json;
use crate::auth::Staff;
use crate::wire::etag::{self, IfMatch};
use crate::wire::fields::Fields;
use crate::wire::page;
use crate::wire::query::{DryRun, Query};
use crate::{Error, World};
use axum::Extension;
use axum::extract::{Path, State};
use domain::advice::Office;
use domain::agreement::{Hindrance, Outlook};
use domain::application::form::Contact;
use domain::channel::Withheld;
use domain::division::DivisionCode;
use domain::exit::Stage;
use domain::id::{ChannelId, MatterId, MessageId, OrgId, StaffId};
use domain::matter::{self, Kind, Mine, Party, Refusal, Shown, Timing, extension};
use domain::notification::Category;
use domain::risk_event::{Brief, Graded, Retest};
use domain::security_report::Checked;
use http::{HeaderMap, StatusCode};
use sdk::types::matter::{
    ActOnMatter, ExitStage, InboxItem, InboxView, MatterAction, MatterContact, MatterContacts,
    MatterExtension, MatterRisk, MatterStep, MatterView, MatterWait, MessageView, OpenMatter, RemindMatter,
    RenewalHindrance, RenewalOutlook, ReportCheck, UnreadView,
};
use sdk::types::notification::MessageCategory;
use sdk::types::{Page, Private, Reveal};
use serde::Deserialize;
use store::Run;
use store::matter::{StepRow, WaitRow};
use store::reminder::ReminderRow;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// The routes of this noun for staff.
pub fn staff_routes() -> OpenApiRouter<World> {
    OpenApiRouter::new()
        .routes(routes!(open_matter, list_matters))
        .routes(routes!(get_matter))
        .routes(routes!(act_on_matter))
        .routes(routes!(get_inbox))
        .routes(routes!(list_messages))
        .routes(routes!(read_message))
        .routes(routes!(get_unread))
        .routes(routes!(read_messages))
        .routes(routes!(remind_matter))
        .routes(routes!(reveal_matter))
        .merge(office_http::staff_routes())
}

/// Characters of a reason, at most.
const REASON: usize = 200;

/// Which matters to list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MatterQuery {
    /// Of this kind.
    kind: Option<String>,
    /// In this state of that kind, e.g. `unsigned` of `agreement`; `kind` has to be given with it.
    state: Option<String>,
    /// About this channel.
    channel_id: Option<String>,
    /// `true` for ended ones, `false` for open ones.
    ended: Option<bool>,
    /// `opened` for those that the own organisation has opened, `acted` for those in which one has acted oneself.
    mine: Option<String>,
    /// Those that wait for this party: `owner`, `prefecture`, `province`, `ministry`, `operator`, `platform`.
    waits: Option<String>,
    /// Risk events of this grade: `1`, `2`, `3`, or `none` for those that nobody has graded; `kind=risk_event` has to be given with
    /// it.
    grade: Option<String>,
    /// `overdue` for those of which a last day has passed, `soon` for those of which one comes within 7 days; with `waits` it is
    /// a day of that party, else of any but the platform.
    due: Option<String>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

impl MatterQuery {
    /// What narrows the list; a wrong parameter is named behind `at`: `?` in a query.
    ///
    /// # Errors
    /// `request.fields`
    pub(crate) fn filter(&self, at: &str) -> Result<Filter, Error> {
        let mut fields = Fields::default();
        let kind = fields.parse_opt::<Kind>(&format!("{at}kind"), self.kind.as_deref());
        let of_kind = |word: &str| kind.flatten().ok_or(Refusal::State)?.state(word);
        // Of a kind that cannot be read, nothing is said about its states.
        let state = self.state.as_deref().filter(|_| kind.is_some()).map(of_kind).transpose();
        let state = fields.take(&format!("{at}state"), state);
        let channel = fields.parse_opt::<ChannelId>(&format!("{at}channel_id"), self.channel_id.as_deref());
        let mine = fields.parse_opt::<Mine>(&format!("{at}mine"), self.mine.as_deref());
        let waits = fields.parse_opt::<Party>(&format!("{at}waits"), self.waits.as_deref());
        let due = fields.parse_opt::<Timing>(&format!("{at}due"), self.due.as_deref());
        let grade = fields.parse_opt::<Graded>(&format!("{at}grade"), self.grade.as_deref());
        if self.grade.is_some() && kind.flatten() != Some(Kind::RiskEvent) {
            fields.take::<()>(&format!("{at}grade"), Err(Refusal::Grade));
            return Err(fields.error());
        }
        let (Some(kind), Some(state), Some(channel), Some(mine), Some(waits), Some(due), Some(grade)) =
            (kind, state, channel, mine, waits, due, grade)
        else {
            return Err(fields.error());
        };
        Ok(Filter { kind, state, channel, ended: self.ended, mine, waits, grade, due })
    }
}

/// Which messages to list.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct MessageQuery {
    /// Of this category, muted or not: `access`, `running`, `security`, `exit`, `platform`.
    category: Option<String>,
    /// `true` for those of muted categories too.
    muted: Option<bool>,
    /// Rows wanted, 1 to 200; 50 by default.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the page before.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// Opens a matter of a kind.
#[utoipa::path(post, path = "/api/v1/matters", tag = "matter", operation_id = "open_matter",
    request_body(content = ref("#/components/schemas/OpenMatter")), responses((status = 201, body = MatterView)))]
async fn open_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Json(body): Json<OpenMatter>,
) -> Result<(StatusCode, HeaderMap, Json<MatterView>), Error> {
    let mut fields = Fields::default();
    let kind = fields.parse::<Kind>("/kind", &body.kind);
    let channel = fields.parse_opt::<ChannelId>("/channel_id", body.channel_id.as_deref());
    let parent = fields.parse_opt::<ChannelId>("/parent_id", body.parent_id.as_deref());
    // A channel has its own level-1 channel: only an access, which has no channel yet, names one.
    if body.parent_id.is_some() && (body.channel_id.is_some() || kind != Some(Kind::Application)) {
        let message = "仅二级渠道首次入网申请须指明一级渠道 (only the access of a level-2 channel names one)";
        fields.refuse("/parent_id", "request.fields", message);
        return Err(fields.error());
    }
    if !body.opening.is_object() {
        fields.refuse("/opening", "request.fields", "须为对象 (an object is expected)");
    }
    let (Some(kind), Some(channel), Some(parent), true) = (kind, channel, parent, body.opening.is_object())
    else {
        return Err(fields.error());
    };
    let opened = service::open(&world, &staff, kind, channel, parent, body.opening.to_string()).await;
    let opened = opened.map_err(|error| error.under("/opening"))?;
    Ok((StatusCode::CREATED, etag::headers(opened.row.version), Json(view(&world, opened).await?)))
}

/// Lists the matters in sight, newest first.
#[utoipa::path(get, path = "/api/v1/matters", tag = "matter", operation_id = "list_matters",
    params(MatterQuery), responses((status = 200, body = Page<MatterView>)))]
async fn list_matters(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<MatterQuery>,
) -> Result<Json<Page<MatterView>>, Error> {
    let paging = page::PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = paging.limit()?;
    let before = paging.cursor(|text| text.parse::<MatterId>().ok())?;
    let filter = query.filter("?")?;
    let found = list::list(&world, &staff, filter, before, page::probe(limit)).await?;
    let views = found.into_iter().map(line).collect::<Result<_, _>>()?;
    Ok(Json(page::page(views, limit, |matter: &MatterView| matter.matter_id.clone())))
}

/// A matter with its history and what the asker may do now.
#[utoipa::path(get, path = "/api/v1/matters/{matter_id}", tag = "matter", operation_id = "get_matter",
    params(("matter_id" = String, Path)), responses((status = 200, body = MatterView)))]
async fn get_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
) -> Result<(HeaderMap, Json<MatterView>), Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let found = service::get(&world, &staff, id).await?;
    Ok((etag::headers(found.row.version), Json(view(&world, found).await?)))
}

/// Acts on a matter.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/actions", tag = "matter", operation_id = "act_on_matter",
    params(("matter_id" = String, Path), ("If-Match" = String, Header), DryRun),
    request_body(content = ref("#/components/schemas/ActOnMatter")),
    responses((status = 200, body = MatterView)))]
async fn act_on_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Query(dry): Query<DryRun>,
    IfMatch(version): IfMatch,
    Json(body): Json<ActOnMatter>,
) -> Result<(HeaderMap, Json<MatterView>), Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let input = serde_json::to_string(&body).map_err(|error| Error::internal(error.to_string()))?;
    let run = dry.run();
    let acted = service::act(&world, &staff, id, version, input, run).await?;
    // The version of a rehearsal was never stored.
    let headers = if run == Run::Dry { HeaderMap::new() } else { etag::headers(acted.row.version) };
    Ok((headers, Json(view(&world, acted).await?)))
}

/// What waits for the asker's party.
#[utoipa::path(get, path = "/api/v1/inbox", tag = "matter", operation_id = "get_inbox",
    responses((status = 200, body = InboxView)))]
async fn get_inbox(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<InboxView>, Error> {
    let found = list::inbox(&world, &staff).await?;
    let items = found
        .into_iter()
        .map(|found| {
            let assignee = found.assignee.map(office_http::colleague);
            Ok(InboxItem {
                wait: wait(&found.view.row.kind, &found.wait),
                matter: line(found.view)?,
                assignee,
            })
        })
        .collect::<Result<_, Error>>()?;
    Ok(Json(InboxView { items }))
}

/// Lists what the asker's party was told, newest first, without what the asker has muted. A page may have fewer than wanted, and yet be
/// followed by another.
#[utoipa::path(get, path = "/api/v1/messages", tag = "matter", operation_id = "list_messages",
    params(MessageQuery), responses((status = 200, body = Page<MessageView>)))]
async fn list_messages(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Query(query): Query<MessageQuery>,
) -> Result<Json<Page<MessageView>>, Error> {
    let paging = page::PageQuery { limit: query.limit, cursor: query.cursor.clone() };
    let limit = paging.limit()?;
    let before = paging.cursor(|text| text.parse::<MessageId>().ok())?;
    let mut fields = Fields::default();
    let category = fields.parse_opt::<Category>("?category", query.category.as_deref());
    let wanted = match (category.ok_or_else(|| fields.error())?, query.muted) {
        (Some(category), _) => Wanted::Of(category),
        (None, Some(true)) => Wanted::All,
        (None, Some(false) | None) => Wanted::Shown,
    };
    let listed = message::messages(&world, &staff, wanted, before, page::probe(limit)).await?;
    let views = listed.told.iter().map(told).collect();
    let mut page = page::page(views, limit, |message: &MessageView| message.message_id.clone());
    if let Some(looked) = listed.looked {
        (page.has_more, page.next_cursor) = (true, Some(looked.to_string()));
    }
    Ok(Json(page))
}

/// Notes that the asker's party has read a message.
#[utoipa::path(post, path = "/api/v1/messages/{message_id}/read", tag = "matter", operation_id = "read_message",
    params(("message_id" = String, Path)), responses((status = 200, body = MessageView)))]
async fn read_message(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(message_id): Path<String>,
) -> Result<Json<MessageView>, Error> {
    let id = message_id.parse().map_err(|_| Error::not_found())?;
    Ok(Json(told(&message::read_message(&world, &staff, id).await?)))
}

/// How many messages nobody of the asker's party has read.
#[utoipa::path(get, path = "/api/v1/messages/unread", tag = "matter", operation_id = "get_unread",
    responses((status = 200, body = UnreadView)))]
async fn get_unread(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<Json<UnreadView>, Error> {
    Ok(Json(UnreadView { unread: message::count_unread(&world, &staff).await? }))
}

/// Notes that the asker's party has read all its messages.
#[utoipa::path(post, path = "/api/v1/messages/read", tag = "matter", operation_id = "read_messages",
    responses((status = 204)))]
async fn read_messages(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
) -> Result<StatusCode, Error> {
    message::read_all(&world, &staff).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Reminds those for whom a matter waits, once a day for each party and area.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/reminders", tag = "matter", operation_id = "remind_matter",
    params(("matter_id" = String, Path)), request_body = RemindMatter,
    responses((status = 200, body = MatterView)))]
async fn remind_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Json(body): Json<RemindMatter>,
) -> Result<Json<MatterView>, Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let party = fields.parse::<Party>("/party", &body.party);
    let division = fields.parse_opt::<DivisionCode>("/division", body.division.as_deref());
    let (Some(party), Some(division)) = (party, division) else { return Err(fields.error()) };
    let found = reminder::send(&world, &staff, id, Office { party, division }).await?;
    Ok(Json(view(&world, found).await?))
}

/// Tells who can be reached about an application, to those who have business with it; that they asked, and why, is on record.
#[utoipa::path(post, path = "/api/v1/matters/{matter_id}/reveal", tag = "matter", operation_id = "reveal_matter",
    params(("matter_id" = String, Path)), request_body = Reveal, responses((status = 200, body = MatterContacts)))]
async fn reveal_matter(
    State(world): State<World>,
    Extension(staff): Extension<Staff>,
    Path(matter_id): Path<String>,
    Json(body): Json<Reveal>,
) -> Result<Json<MatterContacts>, Error> {
    let id = matter_id.parse().map_err(|_| Error::not_found())?;
    let mut fields = Fields::default();
    let Some(reason) = fields.text("/reason", &body.reason, REASON) else { return Err(fields.error()) };
    let told = contact::reveal(&world, &staff, id, reason).await?;
    let contact = |(place, contact): (&'static str, Contact)| MatterContact {
        place: place.to_owned(),
        name: Private::new(contact.name),
        phone: Private::new(contact.phone),
        email: Private::new(contact.email),
    };
    Ok(Json(MatterContacts { contacts: told.into_iter().map(contact).collect() }))
}

/// A whole matter, with the names of the organisations in its history.
pub(super) async fn view(world: &World, mut found: View) -> Result<MatterView, Error> {
    let names = service::names(world, &found.steps, &found.reminders).await?;
    let known = found.row.kind.parse::<Kind>().ok().map(domain::matter::life);
    let rules = known.map(|life| (life.workflow)().actions).unwrap_or_default();
    let timeline = found.steps.iter().map(|row| step(row, &names, &rules)).collect();
    let actions = found.actions.iter().map(action).collect();
    let body = found.body.as_deref().map(serde_json::from_str).transpose();
    let body = body.map_err(|error| Error::internal(error.to_string()))?;
    let asked = found.waits.iter().zip(&found.remindable);
    let waits =
        asked.map(|(row, may)| whole_wait(&found.row.kind, row, &found.reminders, &names, *may)).collect();
    let renewal = found.ahead.outlook.as_ref().map(renewal);
    let retest = found.ahead.retest.as_ref().map(retested);
    let checklist = found.ahead.checklist.iter().map(checked).chain(retest).collect();
    let course = found.ahead.course.iter().map(stage).collect();
    let is_read_only = Some(found.is_read_only);
    let assignment = found.held.take().map(office_http::held);
    let advice = std::mem::take(&mut found.advice).into_iter().map(office_http::asked).collect();
    let may_ask_advice = Some(found.may_ask_advice);
    let may_reveal = found.may_reveal;
    Ok(MatterView {
        body,
        timeline,
        actions,
        waits,
        is_read_only,
        renewal,
        checklist,
        course,
        assignment,
        advice,
        may_ask_advice,
        may_reveal,
        ..line(found)?
    })
}

/// A matter as a line of a list.
fn line(found: View) -> Result<MatterView, Error> {
    let (channel, kind) = (found.channel, found.row.kind);
    Ok(MatterView {
        matter_id: MatterId::from_bytes(found.row.id).to_string(),
        state: found.row.state,
        is_ended: found.row.ended != 0,
        risk: found.risk.as_ref().map(risk),
        title: found.row.title,
        channel_id: found.row.channel_id.map(|id| ChannelId::from_bytes(id).to_string()),
        channel_number: channel.as_ref().map(|channel| channel.number.clone()),
        channel_name: channel.map(|channel| channel.name),
        owner_id: OrgId::from_bytes(found.row.owner_id).to_string(),
        owner_name: found.owner.ok_or_else(|| Error::internal("a matter without owner"))?.name,
        opened_at: shown_at(found.row.opened_at),
        changed_at: shown_at(found.row.changed_at),
        version: found.row.version,
        waits: found
            .waits
            .iter()
            .zip(&found.remindable)
            .map(|(row, may)| MatterWait { may_remind: Some(*may), ..wait(&kind, row) })
            .collect(),
        kind,
        body: None,
        timeline: Vec::new(),
        actions: Vec::new(),
        is_read_only: None,
        renewal: None,
        checklist: Vec::new(),
        course: Vec::new(),
        assignment: None,
        advice: Vec::new(),
        may_ask_advice: None,
        may_reveal: None,
    })
}

fn checked(one: &Checked) -> ReportCheck {
    ReportCheck {
        item: one.item.to_string(),
        clause: one.item.clause().to_owned(),
        found: one.found,
        is_confirmed: one.item.is_confirmed(),
    }
}

fn retested(one: &Retest) -> ReportCheck {
    ReportCheck {
        item: "retest_report".to_owned(),
        clause: one.clause.to_owned(),
        found: Some(one.report.is_some()),
        is_confirmed: false,
    }
}

/// What a list tells of a risk event.
fn risk(found: &Brief) -> MatterRisk {
    let services = match &found.withheld {
        Some(Withheld::Services(services)) => services.iter().map(ToString::to_string).collect(),
        Some(Withheld::All | Withheld::NewHolders) | None => Vec::new(),
    };
    MatterRisk {
        grade: found.grade.map(|grade| grade.to_string()),
        withheld: found.withheld.as_ref().map(|withheld| withheld.word().to_owned()),
        services,
    }
}

fn stage(one: &Stage) -> ExitStage {
    ExitStage {
        milestone: one.milestone.to_string(),
        standing: one.standing.to_string(),
        party: one.milestone.party().to_string(),
        actions: one.milestone.actions().iter().map(ToString::to_string).collect(),
        clause: one.milestone.clause().to_owned(),
        done_on: one.done_on.map(|day| day.to_string()),
        due_on: one.due_on.map(|day| day.to_string()),
    }
}

fn renewal(found: &Outlook) -> RenewalOutlook {
    let hindrance = |one: &Hindrance| RenewalHindrance {
        ground: one.ground.to_string(),
        clause: one.ground.clause().to_owned(),
        matter_id: one.matter.map(|id| id.to_string()),
        party: one.party.map(|party| party.to_string()),
        observed_until: one.observed_until.map(|day| day.to_string()),
    };
    let hindrances = found.hindrances.iter().map(hindrance).collect();
    RenewalOutlook { becomes: found.becomes.to_string(), hindrances }
}

/// A wait of one matter, with whoever reminded last and whether the asker may.
fn whole_wait(
    kind: &str,
    row: &WaitRow,
    reminders: &[ReminderRow],
    names: &[([u8; 16], String)],
    may_remind: bool,
) -> MatterWait {
    let mut reminders = reminders.iter().rev();
    let last = reminders.find(|one| (&one.party, &one.division) == (&row.party, &row.division));
    let org = last.and_then(|last| names.iter().find(|(known, _)| *known == last.org_id));
    MatterWait {
        reminded_at: last.map(|one| shown_at(one.at)),
        reminded_by: org.map(|(_, name)| name.clone()),
        reminded_by_staff: last.map(|one| StaffId::from_bytes(one.staff_id).to_string()),
        may_remind: Some(may_remind),
        ..wait(kind, row)
    }
}

fn wait(kind: &str, row: &WaitRow) -> MatterWait {
    let division = row.division.parse::<DivisionCode>().ok();
    let moved = kind
        .parse()
        .ok()
        .and_then(|kind| extension(kind, &row.task, row.clause.as_deref().unwrap_or_default()));
    let extension = match moved.filter(|_| row.due_on.is_some()) {
        Some(matter::Extension::By { parties, clause }) => Some(MatterExtension {
            parties: parties.iter().map(ToString::to_string).collect(),
            clause: clause.to_owned(),
        }),
        Some(matter::Extension::Never) | None => None,
    };
    MatterWait {
        party: row.party.clone(),
        division: division.map(|division| division.to_string()),
        division_name: division.and_then(DivisionCode::name).map(str::to_owned),
        task: row.task.clone(),
        since: shown_at(row.since),
        starts_on: row.starts_on.clone(),
        due_on: row.due_on.clone(),
        is_provisional: row.provisional != 0,
        clause: row.clause.clone(),
        extension,
        expiry: row.expiry.clone(),
        overdue_at: row.overdue_at.map(shown_at),
        reminded_at: None,
        reminded_by: None,
        reminded_by_staff: None,
        may_remind: None,
    }
}

fn step(row: &StepRow, names: &[([u8; 16], String)], rules: &[Shown]) -> MatterStep {
    let rule = rules.iter().find(|shown| shown.action == row.action).map(|shown| shown.rule);
    let org = row.org_id.and_then(|id| names.iter().find(|(known, _)| *known == id));
    MatterStep {
        number: row.number,
        at: shown_at(row.at),
        party: row.party.clone(),
        staff_id: row.staff_id.map(|id| StaffId::from_bytes(id).to_string()),
        in_place_of: row.in_place_of.map(|id| StaffId::from_bytes(id).to_string()),
        org_name: org.map(|(_, name)| name.clone()),
        action: row.action.clone(),
        label_zh: rule.map(|rule| rule.zh.to_owned()),
        label_en: rule.map(|rule| rule.en.to_owned()),
        from: row.from_state.clone(),
        to: row.to_state.clone(),
        words: row.words.clone(),
    }
}

fn action(shown: &Shown) -> MatterAction {
    MatterAction {
        action: shown.action.to_owned(),
        label_zh: shown.rule.zh.to_owned(),
        label_en: shown.rule.en.to_owned(),
        clause: shown.rule.clause.to_owned(),
        needs: shown.rule.needs.iter().map(ToString::to_string).collect(),
    }
}

fn told(found: &Told) -> MessageView {
    let row = &found.row;
    MessageView {
        message_id: MessageId::from_bytes(row.id).to_string(),
        channel_id: row.channel_id.map(|id| ChannelId::from_bytes(id).to_string()),
        channel_name: found.channel_name.clone(),
        matter_id: row.matter_id.map(|id| MatterId::from_bytes(id).to_string()),
        matter_title: found.matter_title.clone(),
        category: wire_category(found.category),
        zh: row.zh.clone(),
        en: row.en.clone(),
        at: shown_at(row.at),
        read_at: row.read_at.map(shown_at),
    }
}

/// A category on the wire.
pub(crate) const fn wire_category(category: Category) -> MessageCategory {
    match category {
        Category::Access => MessageCategory::Access,
        Category::Running => MessageCategory::Running,
        Category::Security => MessageCategory::Security,
        Category::Exit => MessageCategory::Exit,
        Category::Platform => MessageCategory::Platform,
    }
}
