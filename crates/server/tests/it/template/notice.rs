//! Templates of notices over HTTP: kept by topic, filled for every channel of a sending at its moment, never twice read.

use super::{ALL, agreed_without_code, decide, states};
use crate::desk::{Desk, day_after, today};
use crate::harness::{CallerHandle, HANGZHOU, Platform, Reply};
use domain::matter::{By, Kind, Party};
use domain::org::{OrgKind, Role};
use serde_json::{Value, json};
use server::job::{registered, run_due};
use server::matter::{Course, Desk as Seat, New, body};
use server::template::fill::{Filling, Named};

const SUBJECT: &str = "{{渠道名称}}：今晚停机";
const TEXT: &str = "{{单位名称}}：{{渠道编号}}自{{开始时间}}停机，{{确认截止日}}前确认。";

fn create(desk: &Desk<'_>, name: &str, (topic, subject, text): (&str, &str, &str)) -> Reply {
    let body = json!({"name": name, "kind": "notice", "topic": topic, "subject": subject, "text": text, "words": "首版"});
    desk.send("POST", ALL, 0, &body)
}

/// A template of notices in force: itself, and what names its first version.
fn in_force(platform: &Platform, name: &str, what: (&str, &str, &str)) -> (Value, Value) {
    let made = create(&Desk::operator(platform), name, what);
    assert_eq!(made.status, 201, "{}", made.json());
    let template = decide(&Desk::operator(platform), &made.json(), "approve").json();
    let origin = json!({"template_id": template["template_id"], "number": 1});
    (template, origin)
}

fn pause(platform: &Platform, origin: &Value) -> Value {
    let from = format!("{}T22:00:00+08:00", today(platform));
    json!({"topic": "pause", "template": origin, "from": from, "acknowledge_by": day_after(platform, 0, 20)})
}

fn send(platform: &Platform, channels: &[&CallerHandle], opening: &Value, more: &Value, dry: &str) -> Reply {
    let ids: Vec<_> = channels.iter().map(|one| &one.id).collect();
    let mut wish = json!({"audience": {"channel_ids": ids}, "opening": opening});
    for (name, value) in more.as_object().into_iter().flatten() {
        wish[name] = value.clone();
    }
    Desk::operator(platform).send("POST", &format!("/api/v1/notices{dry}"), 0, &wish)
}

/// Where the first wrong field is, and what is wrong with it.
fn wrong(reply: &Reply) -> (String, String) {
    let said = reply.json();
    let word = |name: &str| said["errors"][0][name].as_str().unwrap_or_else(|| panic!("{said}")).to_owned();
    (word("pointer"), word("code"))
}

fn at(pointer: &str, code: &str) -> (String, String) {
    (pointer.to_owned(), code.to_owned())
}

/// The notice that a channel has, as its owner sees it.
fn noticed(platform: &Platform, channel: &CallerHandle) -> Value {
    let owner = Desk::owner(platform, channel);
    owner.see(&owner.list("notice", channel)[0])["body"].clone()
}

on_both! {
    /// CH-17.1: a template of notices has a topic and a title, and knows no placeholder of agreements; each wrong field is named.
    fn a_template_of_notices_is_kept_with_its_topic_and_its_title(platform) {
        let writer = Desk::operator(platform);
        let made = create(&writer, "停机", ("pause", SUBJECT, TEXT));
        assert_eq!(made.status, 201, "{}", made.json());
        let made = made.json();
        assert_eq!((&made["kind"], &made["topic"]), (&json!("notice"), &json!("pause")));
        let path = format!("{ALL}/{}", made["template_id"].as_str().unwrap());
        let version = writer.send("GET", &format!("{path}/versions/1"), 0, &Value::Null).json();
        assert_eq!((&version["subject"], &version["text"]), (&json!(SUBJECT), &json!(TEXT)));
        let body = json!({"subject": "{{协议版本}}", "text": "{{乙方}}", "words": "修订"});
        let refused = writer.send("POST", &format!("{path}/draft"), made["version"].as_i64().unwrap(), &body);
        let said = refused.json();
        let found: Vec<_> = said["errors"].as_array().unwrap().iter().map(|one| (one["pointer"].clone(), one["code"].clone())).collect();
        let unknown = json!("template.unknown_placeholder");
        assert_eq!(found, [(json!("/subject"), unknown.clone()), (json!("/text"), unknown)]);
        let make = |more: Value| {
            let mut body = json!({"name": "另一", "text": "文本", "words": "首版"});
            for (name, value) in more.as_object().unwrap() {
                body[name] = value.clone();
            }
            writer.send("POST", ALL, 0, &body)
        };
        assert_eq!(wrong(&make(json!({"kind": "notice", "subject": "标题"}))), at("/topic", "template.topic"));
        assert_eq!(wrong(&make(json!({"kind": "notice", "topic": "party", "subject": "标题"}))), at("/topic", "name.unknown"));
        assert_eq!(wrong(&make(json!({"kind": "agreement", "topic": "pause"}))), at("/topic", "template.topic"));
        assert_eq!(wrong(&make(json!({"kind": "notice", "topic": "pause"}))), at("/subject", "template.subject"));
        assert_eq!(wrong(&make(json!({"kind": "agreement", "subject": "标题"}))), at("/subject", "template.subject"));
        let long = make(json!({"kind": "notice", "topic": "pause", "subject": "标题", "text": "长".repeat(2_001)}));
        assert_eq!(wrong(&long), at("/text", "template.text"));
    }

    /// CH-17.1: to one channel and to many, title and text are filled for each, and each says from which version.
    fn a_notice_is_filled_for_each_channel_and_says_from_which_version(platform) {
        let channels = [(); 2].map(|()| platform.channel_in(platform.world(), &[HANGZHOU]));
        let (_, origin) = in_force(platform, "停机维护通知", ("pause", SUBJECT, TEXT));
        let both = [&channels[0], &channels[1]];
        let opening = pause(platform, &origin);
        let tried = send(platform, &both, &opening, &Value::Null, "?dry_run=true");
        assert_eq!(tried.json()["channel_ids"].as_array().unwrap().len(), 2, "{}", tried.json());
        let sent = send(platform, &both, &opening, &Value::Null, "");
        assert_eq!(sent.status, 201, "{}", sent.json());
        for channel in both {
            let body = noticed(platform, channel);
            let id = channel.owner;
            let row = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap()));
            assert_eq!(body["subject"], format!("{}：今晚停机", row.name));
            let text = body["words"].as_str().unwrap();
            let said = format!("{}自{} 22:00停机，{}前确认。", row.number, today(platform), day_after(platform, 0, 20));
            assert!(text.ends_with(&said), "{text}");
            assert_eq!(body["template"], origin);
        }
        let path = format!("/api/v1/sendings/{}", sent.json()["sending_id"].as_str().unwrap());
        let sending = Desk::operator(platform).send("GET", &path, 0, &Value::Null).json();
        assert_eq!((&sending["title"], &sending["content"]["template"]), (&json!("停机维护通知"), &origin));

        let single = Desk::operator(platform).see(&Desk::operator(platform).open("notice", &channels[0], &opening));
        assert_eq!((&single["body"]["template"], &single["body"]["words"]), (&origin, &noticed(platform, &channels[0])["words"]));
        let free = json!({"topic": "pause", "subject": "另写", "words": "另写", "acknowledge_by": today(platform)});
        let free = Desk::operator(platform).see(&Desk::operator(platform).open("notice", &channels[0], &free));
        assert_eq!(free["body"].get("template"), None, "words of one's own claim no template");
    }

    /// CH-17.1: words of one's own beside a template, another topic, another kind and a version that is not in force are refused at
    /// the template, for one channel as for many.
    fn a_notice_takes_no_template_that_is_not_for_it(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let (template, origin) = in_force(platform, "停机二", ("pause", SUBJECT, TEXT));
        let agreement = crate::template::in_force(platform, "协议三", "{{渠道名称}}");
        let operator = Desk::operator(platform);
        let with = |name: &str, value: Value| {
            let mut opening = pause(platform, &origin);
            opening[name] = value;
            opening
        };
        let of_agreement = json!({"template_id": agreement["template_id"], "number": 1});
        let not_yet = json!({"template_id": template["template_id"], "number": 2});
        let nothing = json!({"template_id": platform.world().id(domain::id::TemplateId::make).to_string(), "number": 1});
        for (opening, code) in [
            (with("words", json!("另写")), "template.both"),
            (with("subject", json!("另写")), "template.both"),
            (with("topic", json!("maintenance")), "template.unfit"),
            (with("template", of_agreement), "template.unfit"),
            (with("template", not_yet), "template.not_in_force"),
            (with("template", nothing), "template.not_in_force"),
        ] {
            let wanted = at("/opening/template", code);
            assert_eq!(wrong(&send(platform, &[&channel], &opening, &Value::Null, "")), wanted, "{opening}");
            assert_eq!(wrong(&operator.try_open("notice", &channel, &opening)), wanted, "{opening}");
            // Who may open none learns nothing about templates.
            let refused = Desk::owner(platform, &channel).try_open("notice", &channel, &opening);
            assert_eq!(refused.json()["code"], "matter.party", "{opening}");
        }
        let none = with("template", Value::Null);
        assert_eq!(wrong(&send(platform, &[&channel], &none, &Value::Null, "")).0, "/opening/subject");
        let (bank, _, _) = crate::sending::agreed(platform, "2026-01");
        let text = json!({"version": "1", "template": origin, "effective_on": day_after(platform, 3, 0), "words": "调整"});
        let wish = json!({"audience": {"channel_ids": [bank.id]}, "amendment": text});
        let amended = operator.send("POST", "/api/v1/amendments", 0, &wish);
        assert_eq!(wrong(&amended), at("/amendment/template", "template.unfit"));
    }

    /// CH-17.1: of many channels the one whose words cannot be filled is left out by name; when nobody is left, it is the template's fault.
    fn a_channel_that_cannot_be_filled_is_left_out_of_a_notice(platform) {
        let known = platform.channel_in(platform.world(), &[HANGZHOU]);
        let bare = agreed_without_code(platform);
        let (_, origin) = in_force(platform, "带代码", ("pause", "通知", "致{{统一社会信用代码}}"));
        let opening = pause(platform, &origin);
        let both = [&known, &bare];
        for dry in ["?dry_run=true", ""] {
            let told = send(platform, &both, &opening, &Value::Null, dry).json();
            assert_eq!(told["channel_ids"], json!([known.id]), "{told}");
            let [left] = &told["left_out"].as_array().unwrap()[..] else { panic!("{told}") };
            assert_eq!((&left["channel_id"], &left["code"]), (&json!(bare.id), &json!("template.absent")));
            assert!(left["zh"].as_str().unwrap().contains("统一社会信用代码"), "{left}");
        }
        assert!(Desk::owner(platform, &bare).list("notice", &bare).is_empty());
        let nobody = at("/opening/template", "template.absent");
        assert_eq!(wrong(&send(platform, &[&bare], &opening, &Value::Null, "")), nobody);
        let (_, ends) = in_force(platform, "有结束时间", ("pause", "通知", "至{{结束时间}}"));
        assert_eq!(wrong(&send(platform, &both, &pause(platform, &ends), &Value::Null, "")), nobody, "no end is told");
        let mut malformed = pause(platform, &origin);
        malformed["acknowledge_by"] = json!("明天");
        let malformed = send(platform, &[&known], &malformed, &Value::Null, "");
        assert_eq!(malformed.status, 422, "{}", malformed.json());
        assert!(!malformed.json().to_string().contains("template."), "what is malformed is named as such: {}", malformed.json());
    }

    /// CH-17.1: what is planned is filled at its moment, from the version it names, and fails there if that is not in force any more.
    fn a_planned_notice_is_filled_at_its_moment_or_fails(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let (first, origin) = in_force(platform, "换版停机", ("pause", "通知", "致{{服务地区}}"));
        let plan = |seconds: i64| {
            let at = platform.world().now().plus_seconds(seconds).to_string();
            let planned = send(platform, &[&channel], &pause(platform, &origin), &json!({"send_at": at}), "");
            assert_eq!(planned.status, 201, "{}", planned.json());
            planned.json()["sending_id"].as_str().unwrap().to_owned()
        };
        let (soon, late) = (plan(60), plan(2 * 86_400));
        let id = channel.owner;
        platform.write(move |tx| {
            let mut row = store::channel::lock(tx, &id)?.unwrap();
            row.regions = "440300".into();
            tx.unaudited("a stage for a test");
            Ok(store::channel::update(tx, &row)?)
        });
        platform.clock().advance(60);
        platform.block_on(run_due(platform.world(), &registered())).unwrap();
        let words = noticed(platform, &channel)["words"].clone();
        assert!(words.as_str().unwrap().contains("深圳"), "where it serves then: {words}");
        let body = json!({"subject": "通知", "text": "致{{单位名称}}", "words": "修订"});
        let path = format!("{ALL}/{}/draft", first["template_id"].as_str().unwrap());
        let drafted = Desk::operator(platform).send("POST", &path, first["version"].as_i64().unwrap(), &body);
        let next = decide(&Desk::operator(platform), &drafted.json(), "approve").json();
        assert_eq!(states(&next), ["superseded", "in_force"]);
        platform.clock().advance(2 * 86_400);
        platform.block_on(run_due(platform.world(), &registered())).unwrap();
        let stood = |id: &str| {
            let path = format!("/api/v1/sendings/{id}");
            Desk::of(platform, Role::OperatorAdmin, OrgKind::Operator, "000000").send("GET", &path, 0, &Value::Null).json()
        };
        assert_eq!(stood(&soon)["state"], "sent");
        let failed = stood(&late);
        assert_eq!((&failed["state"], &failed["failure"]["code"]), (&json!("failed"), &json!("template.not_in_force")));
        assert_eq!(Desk::owner(platform, &channel).list("notice", &channel).len(), 1);
    }

    /// CH-17.1: a preview fills title and text, moments as they are read, and names once what has no value.
    fn a_preview_of_a_notice_fills_title_and_text(platform) {
        let channel = platform.channel_in(platform.world(), &[HANGZHOU]);
        let id = channel.owner;
        let name = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap())).name;
        let preview = |subject: &str, text: &str, more: Value| {
            let mut wish = json!({"kind": "notice", "subject": subject, "text": text, "channel_id": channel.id});
            for (name, value) in more.as_object().unwrap() {
                wish[name] = value.clone();
            }
            Desk::operator(platform).send("POST", "/api/v1/template-previews", 0, &wish)
        };
        let told = json!({"from": "2026-03-02T22:00:00+08:00", "acknowledge_by": "2026-03-02"});
        let filled = preview("{{渠道名称}}至{{结束时间}}", "{{开始时间}}至{{结束时间}}，{{确认截止日}}", told).json();
        let subject = format!("{name}至{{{{结束时间}}}}");
        assert_eq!(filled, json!({"subject": subject, "text": "2026-03-02 22:00至{{结束时间}}，2026-03-02", "absent": ["结束时间"]}));
        assert_eq!(wrong(&preview("{{生效日期}}", "文本", json!({}))), at("/subject", "template.unknown_placeholder"));
        for field in ["from", "until", "acknowledge_by", "upgrade_by"] {
            assert_eq!(wrong(&preview("标题", "文本", json!({field: "明晚"}))).0, format!("/{field}"));
        }
    }

    /// CH-17.1: a version that was read for many is read no more: the second channel has the words of the first, though they are gone.
    fn a_template_is_read_once_for_all_channels_of_a_sending(platform) {
        let channels = [(); 2].map(|()| platform.channel_in(platform.world(), &[HANGZHOU]));
        let (template, origin) = in_force(platform, "只读一次", ("pause", "通知", "致{{渠道编号}}"));
        let input = pause(platform, &origin).to_string();
        let division = "000000".parse().unwrap();
        let by = By { party: Party::Operator, staff: None, org: None, division, in_place_of: None };
        let seats = [(); 2].map(|()| Seat::new(platform.world(), by, domain::audit::Actor::System));
        let targets = channels.each_ref().map(|one| (one.channel_id(), one.owner));
        let id: domain::id::TemplateId = template["template_id"].as_str().unwrap().parse().unwrap();
        let work = move |tx: &mut store::WriteTx<'_>| {
            let filling = Filling::of(tx, Named::of(Kind::Notice, &input).unwrap(), &by)?;
            let version = store::template::find_version(tx, id.as_bytes(), 1)?.unwrap();
            store::template::decide(tx, &store::template::TemplateVersionRow { state: "superseded".into(), ..version })?;
            let mut made = Vec::new();
            for (seat, (channel, owner)) in seats.iter().zip(targets) {
                let owner = domain::id::OrgId::from_bytes(store::channel::find(tx, &owner)?.unwrap().owner_id);
                let new = New { kind: Kind::Notice, channel: Some(channel), parent: None, owner };
                made.push(Course::new(seat).filled_from(Some(&filling)).open(tx, new, &input)?);
            }
            Ok::<_, server::Error>(made)
        };
        let made = platform.block_on(platform.world().db().write(work)).unwrap();
        for (row, channel) in made.iter().zip(&channels) {
            let id = channel.owner;
            let number = platform.read(move |tx| Ok(store::channel::find(tx, &id)?.unwrap())).number;
            let kept: Value = serde_json::from_str(&body(&platform.world().keys().ring(), row).unwrap()).unwrap();
            assert_eq!(kept["words"], format!("致{number}"));
        }
    }
}
