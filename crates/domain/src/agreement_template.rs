//! The template of an agreement (协议模板): a text with placeholders, in versions, from which an agreement is offered to a channel
//! (CH-9.3e) or its change is announced (CH-25.1).
//!
//! Invariants. Nothing is filled that the platform does not know of the channel or of the offer: a placeholder without a value
//! refuses the whole text by its name, and what comes to more than the text of an agreement may be is filled no further. Of one template at most one version is in force and one is a draft; whoever wrote a
//! draft does not put it in force (四眼), and nobody else writes in it. Not here: agreements, which keep their words as they were filled.

use crate::agreement::LONGEST;
use crate::id::{AgreementTemplateId, StaffId};
use crate::name::names;
use crate::refusal::refusals;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a template is not kept, not put in force, or not filled.
    Refusal {
        /// Taken, empty or too long.
        Name = "agreement_template.name" "模板名称须为1至40个字符，且不与已有模板重名" "a name has 1 to 40 characters and is no other template's";
        /// Empty or too long.
        Text = "agreement_template.text" "模板文本须为1至8万字" "a text has 1 to 80000 characters";
        /// The platform fills no such thing.
        Unknown { name: Quoted } = "agreement_template.unknown_placeholder" "不认识的占位符“{name}”" "there is no placeholder “{name}”";
        /// Braces that do not close.
        Unclosed = "agreement_template.unclosed" "有占位符的双大括号没有闭合" "the double braces of a placeholder are not closed";
        /// It is known, and has no value here.
        Absent { name: Placeholder } = "agreement_template.absent" "此处没有“{name}”的内容，请改用其他文本或补全资料"
            "“{name}” has no value here: complete the data or take another text";
        /// Filled, it is longer than the text of an agreement may be.
        Long = "agreement_template.too_long" "填入内容后，协议文本超过8万字" "with everything filled in, the text has more than 80000 characters";
        /// There is no such version, or it is not in force.
        NotInForce = "agreement_template.not_in_force" "没有这一生效中的模板版本" "there is no such version of a template that is in force";
        /// A text was given as well.
        Both = "agreement_template.both" "选用模板时不另填文本" "whoever takes a template gives no text";
        /// It is no draft any more.
        Decided = "agreement_template.decided" "没有待复核的草稿，或已处理" "there is no draft, or it was decided already";
        /// Nobody approves what they wrote.
        OwnDraft = "agreement_template.own_draft" "须由另一人复核，起草人不得使本人的草稿生效" "a second person puts a draft in force: nobody does so with their own";
        /// Somebody else's draft is there.
        OtherWriter = "agreement_template.other_writer" "已有他人起草的草稿，须先由其修改或将其作废"
            "there is a draft by somebody else: they change it, or it is dropped first";
    }
}

names! {
    /// Where a version stands.
    State {
        /// It is being written.
        Draft = "draft",
        /// Agreements are offered from it.
        InForce = "in_force",
        /// The next version has taken its place.
        Superseded = "superseded",
        /// It was given up.
        Dropped = "dropped",
    }
    /// What becomes of a version.
    Action {
        /// A second person puts it in force.
        Approve = "approve",
        /// The next one was put in force.
        Supersede = "supersede",
        /// It is given up.
        Drop = "drop",
    }
    /// What the platform fills.
    Placeholder {
        /// The channel's name.
        ChannelName = "渠道名称",
        /// The channel's number.
        ChannelNumber = "渠道编号",
        /// The owner.
        OwnerName = "单位名称",
        /// The owner's unified social credit code.
        Uscc = "统一社会信用代码",
        /// Where the channel serves.
        Regions = "服务地区",
        /// The operator.
        Operator = "运营机构",
        /// The first day of the agreement, or of the changed text.
        From = "生效日期",
        /// The last day of the term that is offered; of a change there is none.
        Until = "终止日期",
        /// The version of the agreement's text.
        Version = "协议版本",
    }
}

/// Most letters of a name.
const NAME: usize = 40;
/// How much of an unknown name is told.
const QUOTED: usize = 20;

/// The beginning of what somebody wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quoted([Option<char>; QUOTED]);

impl Quoted {
    fn new(text: &str) -> Self {
        let mut letters = text.chars();
        Self(std::array::from_fn(|_| letters.next()))
    }
}

impl std::fmt::Display for Quoted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().flatten().try_for_each(|letter| write!(f, "{letter}"))
    }
}

/// From which version of which template a text was filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = AgreementTemplateOrigin))]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Which template.
    pub template_id: AgreementTemplateId,
    /// Which version.
    pub number: u32,
}

/// A template's name, if it is one.
pub fn name(text: &str) -> Result<(), Refusal> {
    let fits = (1..=NAME).contains(&text.chars().count()) && text.trim() == text;
    if fits && !text.contains(char::is_control) { Ok(()) } else { Err(Refusal::Name) }
}

/// Everything that is wrong with the text of a template; nothing when it can be kept.
pub fn check(text: &str) -> Vec<Refusal> {
    let is_long = !(1..=LONGEST).contains(&text.chars().count()) || text.trim().is_empty();
    let mut wrong: Vec<Refusal> = is_long.then_some(Refusal::Text).into_iter().collect();
    for refusal in parts(text).into_iter().filter_map(Result::err) {
        if !wrong.contains(&refusal) {
            wrong.push(refusal);
        }
    }
    wrong
}

/// The text with every placeholder filled. Refuses with all that cannot be, as far as the longest text that an agreement may have.
pub fn fill(text: &str, value: impl Fn(Placeholder) -> Option<String>) -> Result<String, Vec<Refusal>> {
    let (mut filled, mut length, mut wrong) = (String::with_capacity(text.len()), 0, Vec::new());
    for part in parts(text) {
        let found = part.and_then(|part| match part {
            Part::Words(words) => Ok(words.to_owned()),
            Part::Place(name) => {
                value(name).filter(|value| !value.is_empty()).ok_or(Refusal::Absent { name })
            }
        });
        match found {
            Ok(words) => {
                length += words.chars().count();
                if length > LONGEST {
                    wrong.push(Refusal::Long);
                    return Err(wrong);
                }
                filled.push_str(&words);
            }
            Err(refusal) if !wrong.contains(&refusal) => wrong.push(refusal),
            Err(_) => {}
        }
    }
    if wrong.is_empty() { Ok(filled) } else { Err(wrong) }
}

enum Part<'a> {
    Words(&'a str),
    Place(Placeholder),
}

/// Words and placeholders in the order of the text.
fn parts(text: &str) -> Vec<Result<Part<'_>, Refusal>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((words, after)) = rest.split_once("{{") {
        parts.push(Ok(Part::Words(words)));
        let Some((name, next)) = after.split_once("}}") else {
            parts.push(Err(Refusal::Unclosed));
            return parts;
        };
        let name = name.trim();
        parts.push(name.parse().map(Part::Place).map_err(|_| Refusal::Unknown { name: Quoted::new(name) }));
        rest = next;
    }
    parts.push(Ok(Part::Words(rest)));
    parts
}

impl State {
    /// What a version becomes.
    ///
    /// # Errors
    /// `agreement_template.decided`
    pub const fn next(self, action: Action) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Draft, Action::Approve) => Ok(Self::InForce),
            (Self::Draft, Action::Drop) => Ok(Self::Dropped),
            (Self::InForce, Action::Supersede) => Ok(Self::Superseded),
            (Self::Draft, Action::Supersede)
            | (Self::InForce, Action::Approve | Action::Drop)
            | (Self::Superseded | Self::Dropped, _) => Err(Refusal::Decided),
        }
    }
}

/// Whether `reviewer` may put in force what `writer` wrote.
///
/// # Errors
/// `agreement_template.own_draft`
pub fn approve(writer: StaffId, reviewer: StaffId) -> Result<(), Refusal> {
    if writer == reviewer { Err(Refusal::OwnDraft) } else { Ok(()) }
}

/// Whether `author` may write in the draft of `writer`.
///
/// # Errors
/// `agreement_template.other_writer`
pub fn write(writer: StaffId, author: StaffId) -> Result<(), Refusal> {
    if writer == author { Ok(()) } else { Err(Refusal::OtherWriter) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::refusal::Refuse;

    /// CH-9.3e, CH-25.1: what the platform knows is filled in, as often as it stands there, and nothing else is touched.
    #[test]
    fn placeholders_are_filled_and_every_other_word_stays() {
        let value = |name| (name == Placeholder::ChannelName).then(|| "便民通".to_owned());
        let text = "渠道{{渠道名称}}（以下称{{ 渠道名称 }}）{单括号} }}";
        assert_eq!(fill(text, value).unwrap(), "渠道便民通（以下称便民通）{单括号} }}");
        let every: String = Placeholder::ALL.iter().map(|name| format!("{{{{{name}}}}}")).collect();
        assert_eq!(fill(&every, |name| Some(name.to_string())).unwrap(), every.replace(['{', '}'], ""));
        assert!(check(&every).is_empty());
    }

    #[test]
    fn what_cannot_be_filled_refuses_the_text_by_its_name() {
        let long = "长".repeat(30);
        let text = format!("{{{{渠道名}}}}{{{{渠道名}}}}{{{{{long}}}}}{{{{未完");
        let wrong: Vec<_> = check(&text).iter().map(|refusal| (refusal.code(), refusal.zh())).collect();
        assert_eq!(wrong[0], ("agreement_template.unknown_placeholder", "不认识的占位符“渠道名”".to_owned()));
        assert_eq!(wrong[1].1, format!("不认识的占位符“{}”", "长".repeat(20)));
        assert_eq!(wrong[2], ("agreement_template.unclosed", "有占位符的双大括号没有闭合".to_owned()));
        assert_eq!(wrong.len(), 3);
        let absent = fill("{{终止日期}}{{终止日期}}", |_| None).unwrap_err();
        assert_eq!(absent, [Refusal::Absent { name: Placeholder::Until }]);
        assert!(absent[0].zh().contains("“终止日期”"));
        assert!(fill("{{单位名称}}", |_| Some(String::new())).is_err(), "an empty value is none");
    }

    /// CH-9.3e: what a short text with many placeholders comes to is no longer than the text of an agreement, and no more is filled.
    #[test]
    fn a_text_is_filled_to_the_limit_of_an_agreement_and_no_further() {
        let asked = std::cell::Cell::new(0);
        let value = |_| {
            asked.set(asked.get() + 1);
            Some("长".repeat(1_000))
        };
        let text = |places: usize, more: usize| "{{渠道名称}}".repeat(places) + &"协".repeat(more);
        assert_eq!(fill(&text(79, 1_000), value).unwrap().chars().count(), 80_000);
        assert_eq!(fill(&text(79, 1_001), value), Err(vec![Refusal::Long]));
        asked.set(0);
        assert_eq!(fill(&text(8_000, 0), value), Err(vec![Refusal::Long]));
        assert_eq!(asked.get(), 81, "the rest is not looked at");
    }

    #[test]
    fn a_text_and_a_name_have_a_length() {
        for (length, fits) in [(0, false), (1, true), (80_000, true), (80_001, false)] {
            assert_eq!(check(&"协".repeat(length)).is_empty(), fits, "{length}");
        }
        for (length, fits) in [(0, false), (1, true), (40, true), (41, false)] {
            assert_eq!(name(&"协".repeat(length)).is_ok(), fits, "{length}");
        }
        assert_eq!((name(" 协"), check("  ")), (Err(Refusal::Name), vec![Refusal::Text]));
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
}
