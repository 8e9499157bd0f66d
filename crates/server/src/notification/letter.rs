//! What a letter says: plain text in one language.
//!
//! Invariant: it tells how much there is, the titles of matters, some of which are a subject that somebody wrote, and last days. No
//! other words of a person, no contact and no holder stands in it: whoever wants to know more signs in. A title is one line, whatever it holds.

use super::relay::{Relay, mailbox};
use crate::{Error, WorldName};
use domain::export::Language;
use domain::notification::{Category, MailAddress, Nearness, Occasion};
use domain::time::{BusinessDate, Timestamp};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use std::fmt::Write as _;
use std::time::{Duration, UNIX_EPOCH};

/// Lines of a kind that one letter has.
const LINES: usize = 20;
/// Characters of a title that are shown.
const TITLE: usize = 80;

/// Something that the office was told, or that waits for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What it is about.
    pub category: Category,
    /// The title of the matter; none of what is about none.
    pub title: Option<String>,
    /// The channel's name.
    pub channel: Option<String>,
    /// How many messages of a matter this line stands for.
    pub messages: usize,
    /// Until when it waits, and how near that is.
    pub due: Option<(BusinessDate, Nearness)>,
}

/// What is told in one letter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Digest {
    /// What waits and was not told so.
    pub waits: Vec<Line>,
    /// What was told since the last one, a line for each matter.
    pub messages: Vec<Line>,
}

/// A subject and a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// One line.
    pub subject: String,
    /// Lines.
    pub body: String,
}

/// Of which world a letter is, in which language, and where its portal is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sheet<'a> {
    pub world: WorldName,
    pub language: Language,
    pub portal: Option<&'a str>,
}

impl Sheet<'_> {
    fn say<'a>(&self, zh: &'a str, en: &'a str) -> &'a str {
        match self.language {
            Language::Zh => zh,
            Language::En => en,
        }
    }

    fn head(&self) -> &'static str {
        match (self.language, self.world) {
            (Language::Zh, WorldName::Production) => "【一卡通平台】",
            (Language::Zh, WorldName::Sandbox) => "【一卡通平台·沙箱】",
            (Language::En, WorldName::Production) => "[Yikatong] ",
            (Language::En, WorldName::Sandbox) => "[Yikatong sandbox] ",
        }
    }

    fn link(&self, page: &str) -> Option<String> {
        let portal = self.portal?;
        Some(format!("{portal}{}/portal/{page}", self.world.prefix()))
    }

    fn foot(&self, body: &mut String) {
        let auto = self
            .say("本邮件由平台自动发送，请勿回复。", "This mail was sent by the platform; do not answer it.");
        body.push('\n');
        body.push_str(auto);
        body.push('\n');
        if let Some(link) = self.link("security") {
            let where_to = self.say("通知设置：", "What is mailed is set at ");
            _ = writeln!(body, "{where_to}{link}");
        }
    }

    /// What an office was told and what waits for it.
    pub(super) fn digest(&self, digest: &Digest) -> Text {
        let waits = digest.waits.len();
        let messages: usize = digest.messages.iter().map(|line| line.messages).sum();
        let counted = self.counted(waits, messages);
        let subject = format!("{}{counted}", self.head());
        let mut body = match self.language {
            Language::Zh => format!("您好，本单位有{counted}。\n"),
            Language::En => format!("Your office has {counted}.\n"),
        };
        self.section(&mut body, self.say("待办", "To do"), &digest.waits);
        self.section(&mut body, self.say("消息", "Messages"), &digest.messages);
        let page = if waits > 0 { "inbox" } else { "messages" };
        if let Some(link) = self.link(page) {
            _ = writeln!(body, "\n{}{link}", self.say("查看：", "See "));
        }
        self.foot(&mut body);
        Text { subject, body }
    }

    fn counted(&self, waits: usize, messages: usize) -> String {
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        let (waiting, told) = match self.language {
            Language::Zh => (format!("{waits}件待办"), format!("{messages}条新消息")),
            Language::En => (
                format!("{waits} thing{} to do", plural(waits)),
                format!("{messages} new message{}", plural(messages)),
            ),
        };
        match (waits, messages) {
            (0, _) => told,
            (_, 0) => waiting,
            _ => format!("{waiting}{}{told}", self.say("、", " and ")),
        }
    }

    fn section(&self, body: &mut String, title: &str, lines: &[Line]) {
        if lines.is_empty() {
            return;
        }
        _ = writeln!(body, "\n{title}");
        for line in lines.iter().take(LINES) {
            _ = writeln!(body, "  {}", self.line(line));
        }
        let more = lines.len().saturating_sub(LINES);
        if more > 0 {
            _ = match self.language {
                Language::Zh => writeln!(body, "  另有{more}项"),
                Language::En => writeln!(body, "  and {more} more"),
            };
        }
    }

    fn line(&self, line: &Line) -> String {
        let category = self.say(line.category.zh(), line.category.en());
        let mut text = match self.language {
            Language::Zh => format!("〔{category}〕"),
            Language::En => format!("[{category}] "),
        };
        let title = line.title.as_deref().map(one_line);
        text.push_str(&title.unwrap_or_else(|| self.say("平台消息", "a message of the platform").to_owned()));
        if let Some(channel) = line.channel.as_deref().map(one_line).filter(|name| !text.contains(name)) {
            _ = match self.language {
                Language::Zh => write!(text, "（{channel}）"),
                Language::En => write!(text, " ({channel})"),
            };
        }
        if line.messages > 1 {
            _ = match self.language {
                Language::Zh => write!(text, "，{}条", line.messages),
                Language::En => write!(text, ", {} messages", line.messages),
            };
        }
        if let Some((day, nearness)) = line.due {
            _ = match (self.language, nearness) {
                (Language::Zh, Nearness::Past) => write!(text, "，截止{day}，已逾期"),
                (Language::Zh, Nearness::Soon) => write!(text, "，截止{day}，即将到期"),
                (Language::Zh, Nearness::Far) => write!(text, "，截止{day}"),
                (Language::En, Nearness::Past) => write!(text, ", was due {day}"),
                (Language::En, Nearness::Soon) => write!(text, ", due soon, {day}"),
                (Language::En, Nearness::Far) => write!(text, ", due {day}"),
            };
        }
        text
    }

    /// What is written once, in both languages: of whom the address is, the platform does not know.
    pub(super) fn once(&self, occasion: Occasion, channel: &str) -> Text {
        let channel = one_line(channel);
        let (subject, zh, en) = match occasion {
            Occasion::CallbackAsked => (
                "渠道申请变更回调地址 / another callback address is asked for",
                format!("渠道“{channel}”申请变更回调地址，新地址已通过验证，待另一人确认后启用，原地址继续使用。如非贵单位办理，请登录门户撤回，并立即联系平台运营机构。"),
                format!("Another callback address is asked for by the channel \"{channel}\". It has proved itself and is used once a second person confirms it; the one before stays in use until then. If that was not your unit, withdraw it at the portal and tell the operator of the platform at once."),
            ),
            Occasion::CallbackChanged => (
                "渠道回调地址已变更 / the callback address was changed",
                format!("渠道“{channel}”的回调地址已变更并启用。如非贵单位办理，请登录门户暂停该地址，并立即联系平台运营机构。"),
                format!("The channel \"{channel}\" has another callback address, which is in use. If that was not your unit, pause it at the portal and tell the operator of the platform at once."),
            ),
            Occasion::ContactChanged => (
                "渠道联系人已变更 / the contact of a channel was changed",
                format!("渠道“{channel}”登记的联系人已变更，本邮箱不再是其联系邮箱。如非贵单位办理，请立即联系平台运营机构。"),
                format!("The contact of the channel \"{channel}\" was changed: it is reached at this address no more. If that was not your unit, tell the operator of the platform at once."),
            ),
            Occasion::AddressChanged => (
                "账户通知邮箱已变更 / the address of your account was changed",
                "您账户的通知邮箱已更换或移除，平台今后不再向本邮箱发送通知。如非本人操作，请立即登录门户检查账户，并告知本单位账户管理员。".to_owned(),
                "The address of your account was changed or taken away: the platform will mail nothing here any more. If that was not you, sign in at once, look at your account, and tell whoever administers it.".to_owned(),
            ),
        };
        let foot =
            "本邮件由平台自动发送，请勿回复。\nThis mail was sent by the platform; do not answer it.\n";
        Text { subject: format!("{}{subject}", self.head()), body: format!("{zh}\n\n{en}\n\n{foot}") }
    }

    /// The code that confirms an address.
    pub(super) fn code(&self, code: &str, minutes: i64) -> Text {
        let subject = format!("{}{}", self.head(), self.say("邮箱验证码", "code for your address"));
        let mut body = match self.language {
            Language::Zh => format!(
                "您的邮箱验证码是：{code}\n\n{minutes}分钟内有效，请在“账户安全”页面填写。\n如非本人操作，请忽略本邮件，不要把验证码告诉任何人。\n"
            ),
            Language::En => format!(
                "The code for your address is {code}\n\nIt holds for {minutes} minutes; enter it on the page of your account.\nIf that was not you, leave this mail alone and tell the code to nobody.\n"
            ),
        };
        self.foot(&mut body);
        Text { subject, body }
    }

    /// The code by which the contact of a channel shows that they read their address.
    pub(super) fn contact_code(&self, channel: &str, code: &str, minutes: i64) -> Text {
        let (channel, subject) =
            (one_line(channel), self.say("联系人邮箱验证码", "code for a contact's address"));
        let subject = format!("{}{subject}", self.head());
        let body = match self.language {
            Language::Zh => format!(
                "您被登记为渠道“{channel}”的联系人，邮箱验证码是：{code}\n\n{minutes}分钟内有效，请告知贵单位的渠道管理员，在渠道页面填写。\n如您不是该渠道的联系人，请忽略本邮件，不要把验证码告诉任何人。\n\n本邮件由平台自动发送，请勿回复。\n"
            ),
            Language::En => format!(
                "You are named as the contact of the channel \"{channel}\". The code for your address is {code}\n\nIt holds for {minutes} minutes; give it to your unit's administrator, who enters it on the page of the channel.\nIf you are not the contact of that channel, leave this mail alone and tell the code to nobody.\n\nThis mail was sent by the platform; do not answer it.\n"
            ),
        };
        Text { subject, body }
    }
}

/// A title on one line, shortened.
fn one_line(title: &str) -> String {
    let plain: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if plain.chars().count() <= TITLE {
        return plain;
    }
    let cut: String = plain.chars().take(TITLE - 1).collect();
    format!("{cut}…")
}

/// The letter as it is given to a relay: UTF-8, encoded so that every relay takes it, and marked as written by a machine
/// (RFC 3834), so that no absence is announced to us.
///
/// # Errors
/// Internal: it cannot be made.
pub(super) fn write(
    relay: &Relay,
    to: &MailAddress,
    text: &Text,
    id: &str,
    at: Timestamp,
) -> Result<Vec<u8>, Error> {
    let wrong = |why: String| Error::internal(format!("a letter cannot be made: {why}"));
    let since = Duration::from_micros(u64::try_from(at.as_micros()).unwrap_or_default());
    let auto =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    let letter = Message::builder()
        .from(relay.from().clone())
        .to(mailbox(to).map_err(|error| wrong(error.to_string()))?)
        .subject(text.subject.clone())
        .message_id(Some(format!("<{id}@{}>", relay.from().email.domain())))
        .date(UNIX_EPOCH + since)
        .raw_header(auto)
        .header(ContentType::TEXT_PLAIN)
        .body(text.body.clone())
        .map_err(|error| wrong(error.to_string()))?;
    Ok(letter.formatted())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: Sheet<'_> = Sheet {
        world: WorldName::Production,
        language: Language::Zh,
        portal: Some("https://ykt.example.cn"),
    };
    const EN: Sheet<'_> = Sheet { world: WorldName::Sandbox, language: Language::En, portal: None };

    fn line(title: &str, messages: usize) -> Line {
        let channel = Some("浙里办".to_owned());
        Line { category: Category::Access, title: Some(title.to_owned()), channel, messages, due: None }
    }

    #[test]
    fn a_digest_says_how_much_there_is_what_it_is_about_and_until_when() {
        let day: BusinessDate = "2026-12-01".parse().unwrap();
        let due = Line { due: Some((day, Nearness::Soon)), ..line("运行监测", 0) };
        let plain = Line { title: None, channel: None, category: Category::Platform, ..line("", 1) };
        let digest = Digest { waits: vec![due], messages: vec![line("入网申请：浙里办", 2), plain] };
        let text = ZH.digest(&digest);
        assert_eq!(text.subject, "【一卡通平台】1件待办、3条新消息");
        expect_test::expect![[r#"
            您好，本单位有1件待办、3条新消息。

            待办
              〔接入〕运行监测（浙里办），截止2026-12-01，即将到期

            消息
              〔接入〕入网申请：浙里办，2条
              〔平台〕平台消息

            查看：https://ykt.example.cn/portal/inbox

            本邮件由平台自动发送，请勿回复。
            通知设置：https://ykt.example.cn/portal/security
        "#]]
        .assert_eq(&text.body);
        let text = EN.digest(&digest);
        assert_eq!(text.subject, "[Yikatong sandbox] 1 thing to do and 3 new messages");
        expect_test::expect![[r#"
            Your office has 1 thing to do and 3 new messages.

            To do
              [access] 运行监测 (浙里办), due soon, 2026-12-01

            Messages
              [access] 入网申请：浙里办, 2 messages
              [platform] a message of the platform

            This mail was sent by the platform; do not answer it.
        "#]]
        .assert_eq(&text.body);
    }

    #[test]
    fn a_letter_has_so_many_lines_and_a_title_is_one_of_them() {
        for (count, more) in [(20, false), (21, true)] {
            let digest = Digest { waits: Vec::new(), messages: vec![line("一", 1); count] };
            assert_eq!(ZH.digest(&digest).body.contains("另有1项"), more, "{count}");
        }
        assert_eq!(one_line("一\r\nBcc: a@b.cn\u{0}二"), "一 Bcc: a@b.cn 二");
        assert_eq!(one_line(&"字".repeat(80)), "字".repeat(80));
        assert_eq!(one_line(&"字".repeat(81)), format!("{}…", "字".repeat(79)));
    }
}
