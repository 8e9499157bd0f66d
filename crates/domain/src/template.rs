//! A template (模板): words with placeholders, in versions, from which an agreement is offered to a channel (CH-9.3e), its change is
//! announced (CH-25.1) or a notice is sent (CH-17.1).
//!
//! Invariants. Nothing is filled that the platform does not know of the channel or of what is put to it: a placeholder of another kind is
//! refused when the draft is kept, one without a value refuses the whole by its name, and what comes to more than such a text may be is
//! filled no further. Of one template at most one version is in force and one is a draft; whoever wrote a draft does not put it in force
//! (四眼), and nobody else writes in it. Not here: agreements and notices, which keep their words as they were filled.

use crate::agreement;
use crate::id::{StaffId, TemplateId};
use crate::matter;
use crate::name::names;
use crate::notice::Topic;
use crate::refusal::refusals;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

refusals! {
    /// Why a template is not kept, not put in force, or not filled.
    Refusal {
        /// Taken, empty or too long.
        Name = "template.name" "模板名称须为1至40个字符，且不与已有模板重名" "a name has 1 to 40 characters and is no other template's";
        /// A notice has one topic, an agreement none.
        Topic = "template.topic" ["CH-17.1"] "通知模板须选择通知主题，协议模板不填" "a template of notices has a topic, one of agreements has none";
        /// A notice has a title of one line, an agreement none.
        Subject { most: i64 } = "template.subject" "通知模板须有1至{most}字的单行标题，协议模板不填"
            "a template of notices has a title of one line and 1 to {most} characters, one of agreements has none";
        /// Empty or too long.
        Text { most: i64 } = "template.text" "模板文本须为1至{most}字" "a text has 1 to {most} characters";
        /// The platform fills no such thing.
        Unknown { name: Quoted } = "template.unknown_placeholder" "不认识的占位符“{name}”" "there is no placeholder “{name}”";
        /// Braces that do not close.
        Unclosed = "template.unclosed" "有占位符的双大括号没有闭合" "the double braces of a placeholder are not closed";
        /// It is known, and has no value here.
        Absent { name: Placeholder } = "template.absent" "此处没有“{name}”的内容，请改用其他文本或补全资料"
            "“{name}” has no value here: complete the data or take another text";
        /// Filled, it is longer than such words may be.
        Long { most: i64 } = "template.too_long" "填入内容后超过{most}字" "with everything filled in, there are more than {most} characters";
        /// There is no such version, or it is not in force.
        NotInForce = "template.not_in_force" "没有这一生效中的模板版本" "there is no such version of a template that is in force";
        /// It is for something else.
        Unfit = "template.unfit" "该模板不用于这类文本或这一通知主题" "the template is for another kind of text, or for notices of another topic";
        /// Words were given as well.
        Both = "template.both" "选用模板时不另填标题和文本" "whoever takes a template gives no words";
        /// It is no draft any more.
        Decided = "template.decided" "没有待复核的草稿，或已处理" "there is no draft, or it was decided already";
        /// Nobody approves what they wrote.
        OwnDraft = "template.own_draft" "须由另一人复核，起草人不得使本人的草稿生效" "a second person puts a draft in force: nobody does so with their own";
        /// Somebody else's draft is there.
        OtherWriter = "template.other_writer" "已有他人起草的草稿，须先由其修改或将其作废"
            "there is a draft by somebody else: they change it, or it is dropped first";
    }
}

names! {
    /// What is filled from a template.
    Kind {
        /// An agreement, or another text of one.
        Agreement = "agreement",
        /// A notice.
        Notice = "notice",
    }
    /// Which of its words.
    Field {
        /// The title of a notice.
        Subject = "subject",
        /// The text.
        Text = "text",
    }
    /// Where a version stands.
    State {
        /// It is being written.
        Draft = "draft",
        /// It is filled for channels.
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
        /// When what a notice tells of begins.
        Begins = "开始时间",
        /// When it ends.
        Ends = "结束时间",
        /// The last day to acknowledge a notice.
        AcknowledgeBy = "确认截止日",
        /// The last day of an upgrade.
        UpgradeBy = "升级期限",
    }
}

/// Most letters of a name.
const NAME: usize = 40;
/// Most letters of the title of a notice.
const SUBJECT: usize = 200;
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

/// From which version of which template words were filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = TemplateOrigin))]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Which template.
    pub template_id: TemplateId,
    /// Which version.
    pub number: u32,
}

/// What a template is for, which never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// An agreement, or another text of one.
    Agreement,
    /// A notice about this.
    Notice(Topic),
}

impl Purpose {
    /// That of a kind, and of a topic where it is of notices.
    ///
    /// # Errors
    /// `template.topic`
    pub const fn of(kind: Kind, topic: Option<Topic>) -> Result<Self, Refusal> {
        match (kind, topic) {
            (Kind::Agreement, None) => Ok(Self::Agreement),
            (Kind::Notice, Some(topic)) => Ok(Self::Notice(topic)),
            (Kind::Agreement, Some(_)) | (Kind::Notice, None) => Err(Refusal::Topic),
        }
    }

    /// Its kind.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Agreement => Kind::Agreement,
            Self::Notice(_) => Kind::Notice,
        }
    }

    /// What the notices are about.
    pub const fn topic(self) -> Option<Topic> {
        match self {
            Self::Agreement => None,
            Self::Notice(topic) => Some(topic),
        }
    }

    /// Whether something of this kind, about this topic if it has one, is filled from it.
    ///
    /// # Errors
    /// `template.unfit`
    pub fn fits(self, kind: Kind, topic: Option<Topic>) -> Result<(), Refusal> {
        let is_about_it = topic.is_none() || topic == self.topic();
        if self.kind() == kind && is_about_it { Ok(()) } else { Err(Refusal::Unfit) }
    }
}

impl Kind {
    /// What is filled in such a text: what the platform knows of the channel, and what is said of the agreement or of the notice.
    pub const fn placeholders(self) -> &'static [Placeholder] {
        use Placeholder as P;
        match self {
            Self::Agreement => &[
                P::ChannelName,
                P::ChannelNumber,
                P::OwnerName,
                P::Uscc,
                P::Regions,
                P::Operator,
                P::From,
                P::Until,
                P::Version,
            ],
            Self::Notice => &[
                P::ChannelName,
                P::ChannelNumber,
                P::OwnerName,
                P::Uscc,
                P::Regions,
                P::Operator,
                P::Begins,
                P::Ends,
                P::AcknowledgeBy,
                P::UpgradeBy,
            ],
        }
    }

    /// Most letters, with placeholders and without.
    const fn longest(self, field: Field) -> usize {
        match (self, field) {
            (_, Field::Subject) => SUBJECT,
            (Self::Agreement, Field::Text) => agreement::LONGEST,
            (Self::Notice, Field::Text) => matter::LONGEST,
        }
    }

    fn most(self, field: Field) -> i64 {
        i64::try_from(self.longest(field)).unwrap_or(i64::MAX)
    }
}

impl Placeholder {
    /// In which fields of what is put to a channel its value stands; nowhere when the platform knows it of the channel.
    pub const fn told_in(self) -> &'static [&'static str] {
        match self {
            Self::From => &["from", "effective_on"],
            Self::Begins => &["from"],
            Self::Until | Self::Ends => &["until"],
            Self::Version => &["version"],
            Self::AcknowledgeBy => &["acknowledge_by"],
            Self::UpgradeBy => &["upgrade_by"],
            Self::ChannelName
            | Self::ChannelNumber
            | Self::OwnerName
            | Self::Uscc
            | Self::Regions
            | Self::Operator => &[],
        }
    }

    /// A value that was told, as it is read: a moment to the minute where it is one, in Beijing time.
    pub fn shown(self, told: &str) -> String {
        let moment = matches!(self, Self::Begins | Self::Ends).then(|| told.parse::<Timestamp>().ok());
        moment.flatten().map_or_else(|| told.to_owned(), spoken)
    }
}

/// `2026-03-02 22:00`, with the seconds if there are any.
fn spoken(at: Timestamp) -> String {
    let text = at.to_string();
    let text = text.split(['+', '.']).next().unwrap_or_default();
    text.strip_suffix(":00").unwrap_or(text).replace('T', " ")
}

/// A template's name, if it is one.
pub fn name(text: &str) -> Result<(), Refusal> {
    let fits = (1..=NAME).contains(&text.chars().count()) && text.trim() == text;
    if fits && !text.contains(char::is_control) { Ok(()) } else { Err(Refusal::Name) }
}

/// What a version says, with placeholders or as it was filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The title of a notice.
    pub subject: Option<String>,
    /// The text.
    pub text: String,
}

impl Words {
    /// Everything that is wrong with them, field by field; nothing when they can be kept.
    pub fn check(&self, kind: Kind) -> Vec<(Field, Refusal)> {
        let mut wrong = Vec::new();
        let subject = self.subject.as_deref();
        if subject.is_some() != (kind == Kind::Notice) || subject.is_some_and(|one| !is_line(one)) {
            wrong.push((Field::Subject, Refusal::Subject { most: kind.most(Field::Subject) }));
        }
        let is_long = !(1..=kind.longest(Field::Text)).contains(&self.text.chars().count());
        if is_long || self.text.trim().is_empty() {
            wrong.push((Field::Text, Refusal::Text { most: kind.most(Field::Text) }));
        }
        for (field, text) in self.fields() {
            for refusal in parts(kind, text).into_iter().filter_map(Result::err) {
                if !wrong.contains(&(field, refusal)) {
                    wrong.push((field, refusal));
                }
            }
        }
        wrong
    }

    /// The same with every placeholder filled. Refuses with all that cannot be, as far as the longest that such words may be.
    pub fn fill(
        &self,
        kind: Kind,
        value: impl Fn(Placeholder) -> Option<String>,
    ) -> Result<Self, Vec<(Field, Refusal)>> {
        let mut wrong = Vec::new();
        let mut filled = |(field, text): (Field, &str)| {
            let filled = fill(kind, field, text, &value);
            filled.map_err(|refusals| wrong.extend(refusals.into_iter().map(|one| (field, one)))).ok()
        };
        let subject = self.subject.as_deref().map(|subject| filled((Field::Subject, subject)));
        let text = filled((Field::Text, &self.text));
        match (subject, text) {
            (None, Some(text)) => Ok(Self { subject: None, text }),
            (Some(Some(subject)), Some(text)) => Ok(Self { subject: Some(subject), text }),
            _ => Err(wrong),
        }
    }

    fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        let subject = self.subject.as_deref().map(|subject| (Field::Subject, subject));
        subject.into_iter().chain([(Field::Text, self.text.as_str())])
    }
}

fn is_line(text: &str) -> bool {
    (1..=SUBJECT).contains(&text.chars().count())
        && !text.trim().is_empty()
        && !text.contains(char::is_control)
}

fn fill(
    kind: Kind,
    field: Field,
    text: &str,
    value: impl Fn(Placeholder) -> Option<String>,
) -> Result<String, Vec<Refusal>> {
    let (mut filled, mut length, mut wrong) = (String::with_capacity(text.len()), 0, Vec::new());
    for part in parts(kind, text) {
        let found = part.and_then(|part| match part {
            Part::Words(words) => Ok(words.to_owned()),
            Part::Place(name) => {
                value(name).filter(|value| !value.is_empty()).ok_or(Refusal::Absent { name })
            }
        });
        match found {
            Ok(words) => {
                length += words.chars().count();
                if length > kind.longest(field) {
                    wrong.push(Refusal::Long { most: kind.most(field) });
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
fn parts(kind: Kind, text: &str) -> Vec<Result<Part<'_>, Refusal>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some((words, after)) = rest.split_once("{{") {
        parts.push(Ok(Part::Words(words)));
        let Some((name, next)) = after.split_once("}}") else {
            parts.push(Err(Refusal::Unclosed));
            return parts;
        };
        let name = name.trim();
        let known = kind.placeholders().iter().find(|one| one.as_str() == name);
        parts.push(known.map(|one| Part::Place(*one)).ok_or(Refusal::Unknown { name: Quoted::new(name) }));
        rest = next;
    }
    parts.push(Ok(Part::Words(rest)));
    parts
}

impl State {
    /// What a version becomes.
    ///
    /// # Errors
    /// `template.decided`
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
/// `template.own_draft`
pub fn approve(writer: StaffId, reviewer: StaffId) -> Result<(), Refusal> {
    if writer == reviewer { Err(Refusal::OwnDraft) } else { Ok(()) }
}

/// Whether `author` may write in the draft of `writer`.
///
/// # Errors
/// `template.other_writer`
pub fn write(writer: StaffId, author: StaffId) -> Result<(), Refusal> {
    if writer == author { Ok(()) } else { Err(Refusal::OtherWriter) }
}

#[cfg(test)]
mod tests;
