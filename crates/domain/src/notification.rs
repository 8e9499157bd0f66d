//! 通知设置: what an account is told by e-mail, and which messages it does not want to see counted.
//!
//! Invariants. Every message and everything that waits belongs to one [`Category`], which follows from what it is about. A
//! muted category is only not counted; nothing is hidden that waits for the own office until a last day, and what the platform
//! itself announces cannot be muted. Mail goes to an address whose owner has shown that they read it, and to no other. An
//! address is shown by its mask.
//!
//! Not here: how a mail travels, what it says, and who may see what it is about.

use crate::matter::Kind;
use crate::name::names;
use crate::refusal::refusals;
use crate::time::{BusinessDate, Timestamp};
use std::fmt;
use std::str::FromStr;

refusals! {
    /// Why a setting is not taken, or an address not used.
    Refusal {
        /// What the platform announces has to be seen.
        Unmutable = "notification.unmutable" "平台类消息须阅知，不能静音" "what the platform announces cannot be muted";
        /// Not a name, an `@` and a host, in plain letters.
        Address = "notification.address" "邮箱地址格式不正确，仅支持英文地址" "not an e-mail address, or not one in plain letters";
        /// There is no relay to give a mail to.
        NoRelay = "notification.no_relay" "本平台未配置发信服务，不发送邮件" "this platform sends no e-mail: no relay is configured";
        /// The relay took no mail to that address.
        Unsent = "notification.unsent" "验证邮件未能发出，请核对地址或稍后再试"
            "the mail with the code was not taken: look at the address, or try again later";
        /// One was mailed a moment ago.
        CodePause { seconds: i64 } = "notification.code_pause" "验证码刚刚发出，请{seconds}秒后再试"
            "a code was mailed a moment ago: try again in {seconds} seconds";
        /// As many were mailed as may be in a day.
        CodesDaily { most: i64 } = "notification.codes_daily" "24小时内最多发送{most}次验证码，请明日再试"
            "at most {most} codes are mailed in 24 hours: try again tomorrow";
        /// None was mailed, or it is too old, or too many wrong ones were given.
        NoCode = "notification.no_code" "没有可用的验证码，请重新发送" "there is no code to confirm: have one mailed again";
        /// It is another one.
        CodeRefused { left: i64 } = "notification.code_refused" "验证码不正确，还可尝试{left}次"
            "the code is wrong: it can be tried {left} more times";
    }
}

names! {
    /// What a message, or something that waits, is about.
    Category {
        /// 接入: how a channel comes in, its agreement and the key it is signed with.
        Access = "access",
        /// 运行: what happens while it runs.
        Running = "running",
        /// 安全: reports, risk events, keys.
        Security = "security",
        /// 退出: how it leaves.
        Exit = "exit",
        /// 平台: what the platform announces.
        Platform = "platform",
    }
    /// What is written once, to an address that is no account's or no more.
    Occasion {
        /// Another callback address of a channel has proved itself.
        CallbackAsked = "callback_asked",
        /// A channel has another callback address.
        CallbackChanged = "callback_changed",
        /// Somebody else is to be called about a channel.
        ContactChanged = "contact_changed",
        /// An account's mail goes elsewhere, or nowhere.
        AddressChanged = "address_changed",
    }
    /// Whether mail goes to an address.
    AddressState {
        /// It does.
        Active = "active",
        /// It is not taken there; none goes until the address is verified anew.
        Failing = "failing",
    }
}

impl Category {
    /// The category of what is about a matter of this kind, or about none.
    pub const fn of(kind: Option<Kind>) -> Self {
        match kind {
            Some(Kind::Application | Kind::Agreement | Kind::SigningKey) => Self::Access,
            Some(
                Kind::Monitoring
                | Kind::Maintenance
                | Kind::Campaign
                | Kind::Ticket
                | Kind::Suggestion
                | Kind::Filing,
            ) => Self::Running,
            Some(
                Kind::SecurityReport
                | Kind::RiskEvent
                | Kind::KeyChange
                | Kind::CallbackChange
                | Kind::KeyRotation
                | Kind::Rectification,
            ) => Self::Security,
            Some(Kind::Exit) => Self::Exit,
            Some(Kind::Notice) | None => Self::Platform,
        }
    }

    /// Whether it can be muted.
    pub const fn may_mute(self) -> bool {
        !matches!(self, Self::Platform)
    }

    /// What it is called, to a Chinese reader.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Access => "接入",
            Self::Running => "运行",
            Self::Security => "安全",
            Self::Exit => "退出",
            Self::Platform => "平台",
        }
    }

    /// What it is called, to an English reader.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Running => "running",
            Self::Security => "security",
            Self::Exit => "exit",
            Self::Platform => "platform",
        }
    }
}

/// Some categories, each once and in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Categories(Vec<Category>);

impl Categories {
    /// Whether it is one of them.
    pub fn contain(&self, category: Category) -> bool {
        self.0.contains(&category)
    }

    /// All of them.
    pub fn as_slice(&self) -> &[Category] {
        &self.0
    }
}

impl FromIterator<Category> for Categories {
    fn from_iter<I: IntoIterator<Item = Category>>(given: I) -> Self {
        let mut all: Vec<_> = given.into_iter().collect();
        all.sort_unstable();
        all.dedup();
        Self(all)
    }
}

/// Writes them with a space between two.
impl fmt::Display for Categories {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, category) in self.0.iter().enumerate() {
            write!(f, "{}{category}", if at == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

/// Reads what was written.
impl FromStr for Categories {
    type Err = crate::name::Refusal;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.split_ascii_whitespace().map(str::parse).collect()
    }
}

/// What an account wants; who never said anything sees everything and has it mailed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    muted: Categories,
    unmailed: Categories,
}

/// Whether the own office has to act, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// It is only told.
    Told,
    /// It has to act, whenever.
    Open,
    /// It has to act until a last day.
    Due,
}

impl Preferences {
    /// What is muted, and of what no mail is wanted.
    ///
    /// # Errors
    /// `notification.unmutable`
    pub fn new(muted: Categories, unmailed: Categories) -> Result<Self, Refusal> {
        if muted.0.iter().all(|category| category.may_mute()) {
            Ok(Self { muted, unmailed })
        } else {
            Err(Refusal::Unmutable)
        }
    }

    /// What was stored of both.
    ///
    /// # Errors
    /// It is no list of categories.
    pub fn stored(muted: &str, unmailed: &str) -> Result<Self, crate::name::Refusal> {
        Ok(Self { muted: muted.parse()?, unmailed: unmailed.parse()? })
    }

    /// What is muted.
    pub const fn muted(&self) -> &Categories {
        &self.muted
    }

    /// Of what no mail is wanted.
    pub const fn unmailed(&self) -> &Categories {
        &self.unmailed
    }

    /// Whether a message is counted and shown without being asked for: what waits until a last day always is.
    pub fn shows(&self, category: Category, turn: Turn) -> bool {
        turn == Turn::Due || !self.muted.contain(category)
    }

    /// Whether it is mailed: what waits until a last day always is.
    pub fn mails(&self, category: Category, turn: Turn) -> bool {
        turn == Turn::Due || !self.unmailed.contain(category)
    }
}

/// How near a last day is; each is told once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nearness {
    /// Farther away than soon, or there is none.
    Far,
    /// It comes soon.
    Soon,
    /// It has passed.
    Past,
}

impl Nearness {
    /// How near `due_on` is `today`, when `soon` days are near.
    pub fn of(due_on: Option<BusinessDate>, today: BusinessDate, soon: i32) -> Self {
        match due_on {
            Some(day) if day < today => Self::Past,
            Some(day) if day <= today.plus_days(soon) => Self::Soon,
            Some(_) | None => Self::Far,
        }
    }
}

/// Most bytes of an address (RFC 5321, 4.5.3.1.3, without the brackets).
const ADDRESS: usize = 254;
/// Most bytes of the name before the `@` (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;
/// Most bytes of a label of a host (RFC 1035, 2.3.4).
const LABEL: usize = 63;

/// An e-mail address: a dot-atom, an `@`, and a host of two labels or more, all in ASCII (RFC 5321, 4.1.2). No quoted
/// name, no comment, no address literal: nothing that could end a command or a header.
#[derive(Clone, PartialEq, Eq)]
pub struct MailAddress(String);

impl MailAddress {
    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// By which nobody can be reached: the first letter of the name, and the host.
    pub fn masked(&self) -> String {
        let (local, host) = self.0.split_once('@').unwrap_or_default();
        format!("{}***@{host}", &local[..local.len().min(1)])
    }

    /// The host.
    pub fn host(&self) -> &str {
        self.0.split_once('@').unwrap_or_default().1
    }
}

impl fmt::Debug for MailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl FromStr for MailAddress {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let (local, host) = text.rsplit_once('@').ok_or(Refusal::Address)?;
        if text.len() <= ADDRESS && is_local(local) && is_host(host) {
            Ok(Self(format!("{local}@{}", host.to_ascii_lowercase())))
        } else {
            Err(Refusal::Address)
        }
    }
}

fn is_local(text: &str) -> bool {
    let atext = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~".contains(&byte);
    let is_atom = |atom: &str| !atom.is_empty() && atom.bytes().all(atext);
    text.len() <= LOCAL && text.split('.').all(is_atom)
}

fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        let plain = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        plain && (1..=LABEL).contains(&label.len()) && !label.starts_with('-') && !label.ends_with('-')
    };
    let last = text.rsplit('.').next().unwrap_or_default();
    text.contains('.') && text.split('.').all(is_label) && last.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// Codes that there are: six digits.
const CODES: u64 = 1_000_000;

/// The code that these random bits make.
pub fn code(random: u64) -> String {
    format!("{:06}", random % CODES)
}

/// The day in which codes are counted, seconds.
const DAY: i64 = 86_400;

/// The codes that were mailed to whatever addresses an account gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mailed {
    /// When the last one was.
    pub last_at: Timestamp,
    /// When the first one of the day that is counted was.
    pub since: Timestamp,
    /// How many were since then.
    pub count: i64,
}

impl Mailed {
    /// With one more at `now`: a pause after the last one, and so many a day, so that nobody fills a stranger's mailbox.
    ///
    /// # Errors
    /// `notification.code_pause`; `notification.codes_daily`.
    pub fn again(before: Option<Self>, now: Timestamp, pause: i64, most: i64) -> Result<Self, Refusal> {
        let first = Self { last_at: now, since: now, count: 1 };
        let Some(before) = before else { return Ok(first) };
        let left = before.last_at.plus_seconds(pause).as_seconds() - now.as_seconds();
        if left > 0 {
            Err(Refusal::CodePause { seconds: left })
        } else if now >= before.since.plus_seconds(DAY) {
            Ok(first)
        } else if before.count < most {
            Ok(Self { last_at: now, count: before.count + 1, ..before })
        } else {
            Err(Refusal::CodesDaily { most })
        }
    }
}

/// Whether a code may still be tried that holds until `expires_at` and was given wrongly so many times of at most `most`.
///
/// # Errors
/// `notification.no_code`
pub fn admit_code(expires_at: Timestamp, wrong: i64, now: Timestamp, most: i64) -> Result<(), Refusal> {
    if now < expires_at && wrong < most { Ok(()) } else { Err(Refusal::NoCode) }
}

/// What is said of a wrong code, the `wrong`th of at most `most`.
pub const fn wrong_code(wrong: i64, most: i64) -> Refusal {
    if wrong < most { Refusal::CodeRefused { left: most - wrong } } else { Refusal::NoCode }
}

/// What a relay said about an address that it did not take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// There is no such address, for good (5xx).
    Never,
    /// Not now (4xx).
    NotNow,
}

/// Whether a letter that is written once and was left at `left` is given up by `now`: after as many days as an address may fail.
pub fn is_too_old(left: Timestamp, now: Timestamp, days: i64) -> bool {
    now > left.plus_seconds(days * DAY)
}

/// How an address stands that was not taken now and not since `since`: it is failing for good, or after so many days.
pub fn after(answer: Answer, since: Timestamp, now: Timestamp, days: i64) -> AddressState {
    match answer {
        Answer::Never => AddressState::Failing,
        Answer::NotNow if now >= since.plus_seconds(days * DAY) => AddressState::Failing,
        Answer::NotNow => AddressState::Active,
    }
}

#[cfg(test)]
mod tests;
