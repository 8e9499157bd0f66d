//! Rectifications over HTTP: what a region suspends of what it opened is refused from the next verification on and goes on with
//! its acceptance; nobody else's hand reaches it.

use crate::desk::{Desk, day_after, move_to};
use crate::ecard::scene::{self, Holder};
use crate::harness::{CallerHandle, HANGZHOU, Platform, refusal};
use crate::qr::scene::{cause, identity, missing};
use domain::org::{OrgKind, Role};
use domain::statistic::{Delta, Kind};
use sdk::client::{Acceptance, Channel, Error};
use sdk::types::audit::TrailEntry;
use sdk::types::qr::{CodeVerified, VerifyCode};
use sdk::types::service::{CloseOpening, CreateOpening, OpeningView};
use serde_json::{Value, json};

/// The district of 杭州 in which the holders' cards were issued.
const WEST_LAKE: &str = "330106";
/// A district of 宁波.
const BEILUN: &str = "330206";

/// A channel to which 杭州 and 宁波 have each opened the verification of identities, and a holder whose codes it verifies.
struct Scene<'a> {
    platform: &'a Platform,
    channel: CallerHandle,
    client: Channel,
    shown: Channel,
    holder: Holder,
    opening: OpeningView,
}

fn open(platform: &Platform, channel: &CallerHandle, division: &str) -> OpeningView {
    let by = platform.staff(Role::RegionAdmin, &format!("{}00", &division[..4]));
    let service = "identity.verify".into();
    by.create_opening(&CreateOpening { service, caller_id: channel.id.clone(), division: division.into() })
        .unwrap()
}

fn region<'a>(platform: &'a Platform, division: &str) -> Desk<'a> {
    Desk::of(platform, Role::RegionAdmin, OrgKind::Prefecture, division)
}

impl<'a> Scene<'a> {
    fn new(platform: &'a Platform) -> Self {
        let (_, shown) = scene::channel(platform);
        let holder = scene::holder(platform, &shown);
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let opening = open(platform, &channel, WEST_LAKE);
        open(platform, &channel, BEILUN);
        let client = channel.client();
        Self { platform, channel, client, shown, holder, opening }
    }

    fn verify(&self, division: &str) -> Result<CodeVerified, Error> {
        let code = self.holder.code(&self.shown).unwrap();
        self.client.verify_code(&VerifyCode { division: Some(division.into()), ..identity(&code, "scan") })
    }

    fn wish(&self, more: &Value) -> Value {
        let mut wish = json!({"opening_id": self.opening.opening_id, "words": "核验页面存在越权查询"});
        wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        wish
    }

    /// An order of 杭州: its matter.
    fn order(&self, by: &Desk<'_>, more: &Value) -> String {
        by.open("rectification", &self.channel, &self.wish(more))
    }

    /// The owner answers with a file.
    fn answer(&self, matter: &str) -> Value {
        let owner = Desk::owner(self.platform, &self.channel);
        let file = owner.file(matter, "rectification");
        owner.act(matter, &json!({"action": "answer", "words": "已修复并复测", "files": [file]}))
    }

    /// The opening as the channel's owner sees it.
    fn seen(&self) -> OpeningView {
        let owner = self.platform.staff(Role::ChannelAdmin, HANGZHOU);
        owner.openings().map(Result::unwrap).find(|one| one.opening_id == self.opening.opening_id).unwrap()
    }
}

/// How many uses the counters of one commit say a department refused.
fn refused_by_departments(delta: &[u8]) -> i64 {
    let counted = Delta::decode(delta).unwrap();
    counted.iter().filter(|(key, _)| key.kind == Kind::RefusalDepartment).map(|(_, by)| by).sum()
}

fn suspended() -> (u16, String, String) {
    (403, "authorization.department_suspended".into(), String::new())
}

fn say(action: &str) -> Value {
    json!({"action": action, "words": "已核实"})
}

on_both! {
    /// ND-3.5e: from the very next verification, there and nowhere else, until the region that ordered it accepts.
    fn what_a_region_suspends_is_refused_at_once_and_goes_on_with_its_acceptance(platform) {
        let scene = Scene::new(platform);
        scene.verify(WEST_LAKE).unwrap();
        let hangzhou = region(platform, HANGZHOU);
        let matter = scene.order(&hangzhou, &json!({"is_suspended": true}));
        assert_eq!(cause(scene.verify(WEST_LAKE)), suspended(), "the very next request");
        scene.verify(BEILUN).unwrap();
        let seen = scene.seen();
        assert!(seen.suspended_at.is_some() && seen.closed_at.is_none());
        assert_eq!(seen.rectification_id.as_deref(), Some(matter.as_str()));
        let operator = platform.operator();
        let view = operator.channel(&scene.channel.id).unwrap();
        assert_eq!(view.state, "live", "the channel itself is not suspended");

        assert_eq!(scene.answer(&matter)["state"], "answered");
        assert_eq!(cause(scene.verify(WEST_LAKE)), suspended(), "an answer is no acceptance");
        let owner = Desk::owner(platform, &scene.channel);
        assert_eq!(owner.try_act(&matter, &say("accept")).code(), "matter.party", "nobody accepts their own");
        let ningbo = region(platform, "330200");
        assert_eq!(ningbo.try_act(&matter, &say("accept")).code(), "matter.division");
        assert_eq!(Desk::province(platform, "330000").try_act(&matter, &say("accept")).code(), "matter.party");
        assert_eq!(Desk::operator(platform).try_act(&matter, &say("withdraw")).code(), "matter.party");
        assert_eq!(cause(scene.verify(WEST_LAKE)), suspended());

        assert_eq!(hangzhou.act(&matter, &say("accept"))["state"], "accepted");
        scene.verify(WEST_LAKE).unwrap();
        let seen = scene.seen();
        assert_eq!((seen.suspended_at, seen.rectification_id, seen.closed_at), (None, None, None));
        let path = format!("/api/v1/openings/{}/trail", scene.opening.opening_id);
        let trail: Vec<TrailEntry> = operator.client().list(path).collect::<Result<_, _>>().unwrap();
        let told: Vec<_> = trail.iter().map(|record| record.action.as_str()).collect();
        assert_eq!(told, ["service.resumed", "service.suspended", "service.opened"]);
    }

    /// ND-3.5e: a refusal is counted among those of the department.
    fn a_suspended_use_is_counted_as_one_that_the_department_refused(platform) {
        let scene = Scene::new(platform);
        let matter = scene.order(&region(platform, HANGZHOU), &json!({}));
        scene.verify(WEST_LAKE).unwrap();
        region(platform, HANGZHOU).act(&matter, &say("suspend"));
        assert_eq!(cause(scene.verify(WEST_LAKE)), suspended());
        let rows = platform.read(|tx| Ok(store::statistic::list_deltas(tx)?));
        let counted: i64 = rows.iter().map(|row| refused_by_departments(&row.delta)).sum();
        assert_eq!(counted, 1);
    }

    /// ND-3.5e, CH-5.2: one at a time, of what is open to this channel in the own area.
    fn a_region_orders_what_it_has_opened_and_once_at_a_time(platform) {
        let scene = Scene::new(platform);
        let no_opening = |by: &Desk<'_>| {
            let refused = by.try_open("rectification", &scene.channel, &scene.wish(&json!({})));
            assert_eq!(refused.status, 422);
            let error = &refused.json()["errors"][0];
            (error["pointer"].as_str().unwrap().to_owned(), error["code"].as_str().unwrap().to_owned())
        };
        let wrong = ("/opening/opening_id".to_owned(), "rectification.opening".to_owned());
        assert_eq!(no_opening(&region(platform, "330200")), wrong);
        let far = region(platform, "440300").try_open("rectification", &scene.channel, &scene.wish(&json!({})));
        assert_eq!(far.code(), "resource.not_found", "the channel does not serve 深圳");
        for by in [Desk::owner(platform, &scene.channel), Desk::operator(platform), Desk::ministry(platform)] {
            let refused = by.try_open("rectification", &scene.channel, &scene.wish(&json!({})));
            assert_eq!(refused.code(), "matter.party");
        }
        let hangzhou = region(platform, HANGZHOU);
        let matter = scene.order(&hangzhou, &json!({}));
        let again = hangzhou.try_open("rectification", &scene.channel, &scene.wish(&json!({})));
        assert_eq!((again.status, again.code().as_str()), (409, "rectification.ordered"));
        scene.verify(WEST_LAKE).unwrap();
        assert_eq!(hangzhou.act(&matter, &say("withdraw"))["state"], "withdrawn");
        scene.order(&hangzhou, &json!({"is_suspended": true}));
        assert_eq!(cause(scene.verify(WEST_LAKE)), suspended());
    }

    /// ND-3.5e: 3 to 90 days, 30 if nothing is said.
    fn the_period_of_a_rectification_has_bounds(platform) {
        let scene = Scene::new(platform);
        let hangzhou = region(platform, HANGZHOU);
        for days in [2, 91] {
            let refused = hangzhou.try_open("rectification", &scene.channel, &scene.wish(&json!({"days": days})));
            assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!("/opening/days")));
        }
        for (wish, due) in [(json!({}), 30), (json!({"days": 3}), 3), (json!({"days": 90}), 90)] {
            let matter = scene.order(&hangzhou, &wish);
            let waits = hangzhou.see(&matter)["waits"].clone();
            let due = day_after(platform, 0, due);
            assert_eq!((&waits[0]["party"], &waits[0]["due_on"], &waits[0]["clause"]), (&json!("owner"), &json!(due), &json!("ND-3.5e")));
            hangzhou.act(&matter, &say("withdraw"));
        }
    }

    /// ND-3.5e: a day that passes ends nothing; the region gives another, and a second person ends the service.
    fn a_day_that_passes_waits_for_the_region_which_ends_the_service_by_two(platform) {
        let scene = Scene::new(platform);
        let first = region(platform, HANGZHOU);
        let matter = scene.order(&first, &json!({"days": 3}));
        move_to(platform, &day_after(platform, 0, 3));
        assert_eq!(first.see(&matter)["state"], "ordered", "the last day counts");
        move_to(platform, &day_after(platform, 0, 1));
        let missed = first.see(&matter);
        assert_eq!((&missed["state"], &missed["waits"][0]["task"]), (&json!("missed"), &json!("decide")));
        assert!(scene.seen().closed_at.is_none(), "nothing is ended by a clock");
        first.act(&matter, &json!({"action": "return", "words": "限期三日", "days": 3}));
        move_to(platform, &day_after(platform, 0, 4));
        assert_eq!(first.see(&matter)["state"], "missed");
        assert_eq!(first.try_act(&matter, &say("close")).code(), "matter.same_person");
        assert_eq!(region(platform, HANGZHOU).act(&matter, &say("close"))["state"], "closed");
        assert_eq!(cause(scene.verify(WEST_LAKE)), missing("department", "service.closed"));
        scene.verify(BEILUN).unwrap();
        let seen = scene.seen();
        assert!(seen.closed_at.is_some() && seen.rectification_id.is_none() && seen.suspended_at.is_none());
    }

    /// ND-3.5e: a region that closes what is to be put right leaves no rectification behind, and opens it again without one.
    fn closing_an_opening_settles_its_rectification(platform) {
        let scene = Scene::new(platform);
        let hangzhou = region(platform, HANGZHOU);
        let matter = scene.order(&hangzhou, &json!({"is_suspended": true}));
        let staff = platform.staff(Role::RegionAdmin, HANGZHOU);
        let closed = staff.close_opening(&scene.opening.opening_id, &CloseOpening { reason: "不再合作".into() }).unwrap();
        assert_eq!((closed.suspended_at, closed.rectification_id), (None, None));
        assert_eq!(hangzhou.see(&matter)["state"], "settled");
        assert_eq!(refusal(scene.verify(WEST_LAKE)).1, "authorization.department_missing");
        open(platform, &scene.channel, WEST_LAKE);
        scene.verify(WEST_LAKE).unwrap();
    }

    /// ND-3.5e, CH-31.3: with the channel its rectifications end.
    fn the_end_of_the_channel_settles_its_rectifications(platform) {
        let scene = Scene::new(platform);
        let hangzhou = region(platform, HANGZHOU);
        let matter = scene.order(&hangzhou, &json!({"is_suspended": true}));
        let found = json!({"incident": "data_leak", "discovered_at": platform.world().now().to_string(), "words": "外泄"});
        let operator = Desk::operator(platform);
        let event = operator.open("risk_event", &scene.channel, &found);
        operator.act(&event, &json!({"action": "propose", "cause": "data_retained", "words": "核实"}));
        Desk::operator(platform).act(&event, &say("confirm"));
        assert_eq!(hangzhou.see(&matter)["state"], "settled");
        assert_eq!(scene.seen().rectification_id, None);
    }

    /// ND-3.5e: more time, once, if the region gives it.
    fn an_owner_is_given_more_time_by_the_region(platform) {
        let scene = Scene::new(platform);
        let hangzhou = region(platform, HANGZHOU);
        let matter = scene.order(&hangzhou, &json!({"days": 3}));
        let owner = Desk::owner(platform, &scene.channel);
        let ask = |days: i64| json!({"action": "ask_time", "days": days, "words": "等待第三方组件更新"});
        assert_eq!(owner.try_act(&matter, &ask(16)).status, 422);
        owner.act(&matter, &ask(15));
        let waits = hangzhou.act(&matter, &say("grant_time"))["waits"].clone();
        assert_eq!(waits[0]["due_on"], json!(day_after(platform, 0, 18)));
        assert_eq!(owner.try_act(&matter, &ask(1)).code(), "rectification.asked");
    }
}
