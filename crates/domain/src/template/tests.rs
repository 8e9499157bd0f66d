//! Templates: what may stand in one, what it comes to, and who puts it in force.

use super::*;
use crate::refusal::Refuse;

fn agreement(text: &str) -> Words {
    Words { subject: None, text: text.to_owned() }
}

fn notice(subject: &str, text: &str) -> Words {
    Words { subject: Some(subject.to_owned()), text: text.to_owned() }
}

/// The text that an agreement comes to.
fn filled(text: &str, value: impl Fn(Placeholder) -> Option<String>) -> Result<String, Vec<Refusal>> {
    let filled = agreement(text).fill(Kind::Agreement, value);
    filled.map(|words| words.text).map_err(|wrong| wrong.into_iter().map(|(_, refusal)| refusal).collect())
}

fn codes(wrong: &[(Field, Refusal)]) -> Vec<(Field, &'static str)> {
    wrong.iter().map(|(field, refusal)| (*field, refusal.code())).collect()
}

/// CH-9.3e, CH-17.1, CH-25.1: what the platform knows is filled in, as often as it stands there, and nothing else is touched.
#[test]
fn placeholders_are_filled_and_every_other_word_stays() {
    let value = |name| (name == Placeholder::ChannelName).then(|| "便民通".to_owned());
    let text = "渠道{{渠道名称}}（以下称{{ 渠道名称 }}）{单括号} }}";
    assert_eq!(filled(text, value).unwrap(), "渠道便民通（以下称便民通）{单括号} }}");
    for kind in Kind::ALL {
        let every: String = kind.placeholders().iter().map(|name| format!("{{{{{name}}}}}")).collect();
        let subject = (*kind == Kind::Notice).then(|| "{{渠道名称}}".to_owned());
        let words = Words { subject, text: every.clone() };
        assert!(words.check(*kind).is_empty(), "{kind}");
        let filled = words.fill(*kind, |name| Some(name.to_string())).unwrap();
        assert_eq!(filled.text, every.replace(['{', '}'], ""));
        assert_eq!(filled.subject.as_deref(), (*kind == Kind::Notice).then_some("渠道名称"));
    }
    let known = |name: &&Placeholder| Kind::ALL.iter().any(|kind| kind.placeholders().contains(name));
    assert_eq!(Placeholder::ALL.iter().filter(known).count(), Placeholder::ALL.len(), "each is of some kind");
}

/// CH-17.1: what is only said of agreements is nothing that a notice is filled with, nor the other way round.
#[test]
fn a_placeholder_of_another_kind_is_unknown() {
    for (kind, words) in [
        (Kind::Notice, notice("{{协议版本}}", "{{生效日期}}")),
        (Kind::Agreement, agreement("{{开始时间}}{{确认截止日}}")),
    ] {
        let wrong = words.check(kind);
        assert!(wrong.iter().all(|(_, one)| one.code() == "template.unknown_placeholder"), "{wrong:?}");
        assert_eq!(wrong.len(), 2, "{kind}");
        assert!(words.fill(kind, |name| Some(name.to_string())).is_err(), "{kind}");
    }
}

#[test]
fn what_cannot_be_filled_refuses_the_words_by_its_name() {
    let long = "长".repeat(30);
    let text = format!("{{{{渠道名}}}}{{{{渠道名}}}}{{{{{long}}}}}{{{{未完");
    let wrong: Vec<_> = agreement(&text).check(Kind::Agreement).iter().map(|(_, one)| one.zh()).collect();
    let short = format!("不认识的占位符“{}”", "长".repeat(20));
    assert_eq!(wrong, ["不认识的占位符“渠道名”", &short, "有占位符的双大括号没有闭合"]);
    let absent = filled("{{终止日期}}{{终止日期}}", |_| None).unwrap_err();
    assert_eq!(absent, [Refusal::Absent { name: Placeholder::Until }]);
    assert!(absent[0].zh().contains("“终止日期”"));
    assert!(filled("{{单位名称}}", |_| Some(String::new())).is_err(), "an empty value is none");
    let both = notice("{{结束时间}}", "{{升级期限}}").fill(Kind::Notice, |_| None).unwrap_err();
    assert_eq!(
        both,
        [
            (Field::Subject, Refusal::Absent { name: Placeholder::Ends }),
            (Field::Text, Refusal::Absent { name: Placeholder::UpgradeBy })
        ]
    );
}

/// CH-9.3e, CH-17.1: what short words with many placeholders come to is no longer than such words may be, and no more is filled.
#[test]
fn words_are_filled_to_the_limit_and_no_further() {
    let asked = std::cell::Cell::new(0);
    let value = |_| {
        asked.set(asked.get() + 1);
        Some("长".repeat(1_000))
    };
    let text = |places: usize, more: usize| "{{渠道名称}}".repeat(places) + &"协".repeat(more);
    assert_eq!(filled(&text(79, 1_000), value).unwrap().chars().count(), 80_000);
    assert_eq!(filled(&text(79, 1_001), value), Err(vec![Refusal::Long { most: 80_000 }]));
    asked.set(0);
    assert_eq!(filled(&text(8_000, 0), value), Err(vec![Refusal::Long { most: 80_000 }]));
    assert_eq!(asked.get(), 81, "the rest is not looked at");
    let of_notice = |subject: usize, text: usize| {
        let value = move |name| Some("长".repeat(if name == Placeholder::Ends { subject } else { text }));
        notice("{{结束时间}}", "{{渠道名称}}").fill(Kind::Notice, value)
    };
    assert!(of_notice(200, 2_000).is_ok());
    let wrong = of_notice(201, 2_001).unwrap_err();
    assert_eq!(codes(&wrong), [(Field::Subject, "template.too_long"), (Field::Text, "template.too_long")]);
}

#[test]
fn words_and_a_name_have_a_length() {
    for (kind, most) in [(Kind::Agreement, 80_000), (Kind::Notice, 2_000)] {
        for (length, fits) in [(0, false), (1, true), (most, true), (most + 1, false)] {
            let subject = (kind == Kind::Notice).then(|| "标题".to_owned());
            let words = Words { subject, text: "协".repeat(length) };
            assert_eq!(words.check(kind).is_empty(), fits, "{kind} {length}");
        }
    }
    for (length, fits) in [(0, false), (1, true), (200, true), (201, false)] {
        assert_eq!(notice(&"标".repeat(length), "文").check(Kind::Notice).is_empty(), fits, "{length}");
    }
    for (length, fits) in [(0, false), (1, true), (40, true), (41, false)] {
        assert_eq!(name(&"协".repeat(length)).is_ok(), fits, "{length}");
    }
    assert_eq!(name(" 协"), Err(Refusal::Name));
    assert_eq!(codes(&agreement("  ").check(Kind::Agreement)), [(Field::Text, "template.text")]);
}

/// CH-17.1: a notice has a title and an agreement none.
#[test]
fn a_title_is_of_notices_alone_and_one_line() {
    let wrong = [(Field::Subject, "template.subject")];
    assert_eq!(codes(&agreement("文").check(Kind::Notice)), wrong);
    assert_eq!(codes(&notice("标题", "文").check(Kind::Agreement)), wrong);
    assert_eq!(codes(&notice("两\n行", "文").check(Kind::Notice)), wrong);
    assert_eq!(codes(&notice("  ", "文").check(Kind::Notice)), wrong);
}

/// CH-17.1: a template of notices is about one topic, and serves no other and no agreement.
#[test]
fn a_template_serves_its_kind_and_its_topic() {
    assert_eq!(Purpose::of(Kind::Agreement, Some(Topic::Pause)), Err(Refusal::Topic));
    assert_eq!(Purpose::of(Kind::Notice, None), Err(Refusal::Topic));
    for topic in Topic::ALL {
        let purpose = Purpose::of(Kind::Notice, Some(*topic)).unwrap();
        assert_eq!((purpose.kind(), purpose.topic()), (Kind::Notice, Some(*topic)));
        assert_eq!(purpose.fits(Kind::Agreement, None), Err(Refusal::Unfit));
        for asked in Topic::ALL {
            assert_eq!(purpose.fits(Kind::Notice, Some(*asked)).is_ok(), asked == topic, "{topic} {asked}");
        }
        assert_eq!(purpose.fits(Kind::Notice, None), Ok(()), "the notice itself says that it wants a topic");
    }
    let agreement = Purpose::of(Kind::Agreement, None).unwrap();
    assert_eq!(agreement.fits(Kind::Agreement, None), Ok(()));
    assert_eq!(agreement.fits(Kind::Notice, Some(Topic::Pause)), Err(Refusal::Unfit));
}

/// CH-17.1: a moment is read as people in Beijing write it, a day as it stands.
#[test]
fn a_moment_is_shown_to_the_minute() {
    for (told, shown) in [
        ("2026-03-02T22:00:00+08:00", "2026-03-02 22:00"),
        ("2026-03-02T14:30:00Z", "2026-03-02 22:30"),
        ("2026-03-02T22:00:05+08:00", "2026-03-02 22:00:05"),
        ("今晚", "今晚"),
    ] {
        assert_eq!(Placeholder::Begins.shown(told), shown);
    }
    assert_eq!(Placeholder::AcknowledgeBy.shown("2026-03-02"), "2026-03-02");
    let told = |kind: Kind| kind.placeholders().iter().filter(|one| !one.told_in().is_empty()).count();
    assert_eq!((told(Kind::Agreement), told(Kind::Notice)), (3, 4));
}

#[test]
fn a_draft_is_put_in_force_by_somebody_else_and_superseded_by_the_next() {
    use {Action as A, State as S};
    let [one, two] = [1, 2].map(|person| StaffId::from_bytes([person; 16]));
    assert_eq!((approve(one, two), approve(one, one)), (Ok(()), Err(Refusal::OwnDraft)));
    assert_eq!((write(one, one), write(one, two)), (Ok(()), Err(Refusal::OtherWriter)));
    for state in S::ALL {
        for action in A::ALL {
            let becomes = match (state, action) {
                (S::Draft, A::Approve) => Ok(S::InForce),
                (S::Draft, A::Drop) => Ok(S::Dropped),
                (S::InForce, A::Supersede) => Ok(S::Superseded),
                _ => Err(Refusal::Decided),
            };
            assert_eq!(state.next(*action), becomes, "{state} {action}");
        }
    }
}
