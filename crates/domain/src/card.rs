//! The physical card: its life, its numbers, and the wire's view of both (CM-9…19).
//!
//! Invariant: a card moves only along [`State::next`]; `Invalid` is final and every reason of it puts the card on
//! the invalid list (CM-19.1); the wire code aaz502 is a view that is computed, never stored. The e-card that
//! follows the card is in `ecard`; what is printed and written on the chip is not here.

mod import;

use crate::division::DivisionCode;
use crate::id::{CardId, PersonId};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::BusinessDate;
use std::fmt;
use std::str::FromStr;

pub use import::{Chunk, Progress};

refusals! {
    /// Why a card does not change or may not be used.
    Refusal {
        /// The life of a card has no such step.
        Transition = "card.transition" ["CM-19.1"] "卡片当前状态不允许该操作"
            "the state of the card does not allow this";
        /// Not yet activated.
        NotActive = "card.not_active" "社会保障卡尚未启用" "the card has not been activated";
        /// Reported lost.
        LossReported = "card.loss_reported" ["ND-1.4"] "社会保障卡已挂失" "the card is reported lost";
        /// Reported lost by telephone or on line, for the time being.
        TemporarilyLost = "card.temporarily_lost" ["ND-1.4"] "社会保障卡已临时挂失"
            "the card is temporarily reported lost";
        /// The application on it is locked.
        Locked = "card.locked" ["ND-1.4"] "社会保障卡已锁定" "the card is locked";
        /// On the invalid list.
        Invalid = "card.invalid" ["CM-19.1"] "社会保障卡已失效" "the card is no longer valid";
        /// Past its date.
        Expired = "card.expired" ["CM-19.1"] "社会保障卡已过有效期" "the card has expired";
        /// Not nine capital letters and digits.
        Number = "card.number" "卡号须为9位大写字母或数字" "a card number is nine capital letters and digits";
        /// Not 32 hexadecimal digits.
        Recognition = "card.recognition" "卡识别码须为32位十六进制数" "a recognition code is 32 hexadecimal digits";
        /// Not one of 0, 1, 2, 3, 4, 9.
        WireState = "card.wire_state" "卡状态代码（AAZ502）无效" "not a card state code (AAZ502)";
        /// An invalid row without its reason, or a reason on a row that is not invalid.
        WireReason = "card.wire_reason" ["CM-19.1"] "失效原因与卡状态不符"
            "the reason does not fit the card state code";
        /// Neither the second nor the third generation.
        Generation = "card.generation" ["SE-3.13"] "仅支持第二代、第三代社会保障卡"
            "only the second and third generation are in use";
        /// A row would bring an activated card back before its activation.
        Backwards = "card.backwards" "已启用的卡不能退回未启用状态" "an activated card cannot become new again";
        /// The replacing card is another person's.
        OtherPerson = "card.other_person" ["ND-1.3"] "新卡与旧卡不属于同一持卡人"
            "both cards must belong to the same person";
        /// A card does not replace itself.
        SameCard = "card.same_card" "新卡与旧卡不能为同一张卡" "a card does not replace itself";
        /// A person has one card in force.
        SecondCard = "card.second_card" ["R27"] "持卡人已有在用的卡，请先注销或办理补换"
            "the holder has a card in force: invalidate it or replace it first";
        /// A row of the registry names another holder for a known card.
        HolderChanged = "card.holder_changed" ["ND-1.3"] "该卡号已登记在另一证件号码下"
            "the card is registered under another document";
        /// Issued by the country as a whole.
        Issuer = "card.issuer" ["SE-3.11"] "发卡地不能为全国" "a card is issued by a division, not by the country";
        /// It would expire before it is issued.
        Dates = "card.dates" "有效期早于发卡日期" "the card would expire before it is issued";
        /// More rows, or fewer, than a chunk may have.
        ChunkRows { most: i64 } = "import.chunk_rows" "每批须为1至{most}行" "a chunk has 1 to {most} rows";
        /// The rows before these have not come yet.
        ChunkGap { expected: i64 } = "import.chunk_gap" "应从第{expected}行继续" "the next chunk begins at row {expected}";
        /// Some of these rows are done and some are not.
        ChunkOverlap { expected: i64 } = "import.chunk_overlap" "与已导入的行部分重叠，应从第{expected}行继续"
            "these rows overlap with rows that are done: the next chunk begins at row {expected}";
        /// More rows than were announced.
        ChunkBeyond { total: i64 } = "import.chunk_beyond" "超出申报的总行数{total}" "only {total} rows were announced";
        /// The same file was announced with another number of rows.
        ImportTotal { total: i64 } = "import.total" "同一文件此前申报的行数为{total}"
            "the same file was announced with {total} rows before";
    }
}

names! {
    /// Why a card is no longer used.
    Reason {
        /// 损坏.
        Damaged = "damaged",
        /// 遗失.
        Lost = "lost",
        /// 到期.
        Expired = "expired",
        /// 注销.
        Cancelled = "cancelled",
        /// 补换 (R27).
        Replaced = "replaced",
        /// The holder died.
        Deceased = "deceased",
        /// Any other reason of the registry.
        Other = "other",
    }
    /// The state without the reason, as stored.
    Phase {
        /// Asked for.
        Applied = "applied",
        /// Printed and written.
        Personalised = "personalised",
        /// Handed to the holder.
        Delivered = "delivered",
        /// In use.
        Active = "active",
        /// 挂失.
        LossReported = "loss_reported",
        /// 临时挂失.
        TemporarilyLost = "temporarily_lost",
        /// 应用锁定.
        Locked = "locked",
        /// 失效.
        Invalid = "invalid",
    }
}

/// Where a card stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum State {
    /// Asked for.
    Applied,
    /// Printed and written.
    Personalised,
    /// Handed to the holder.
    Delivered,
    /// In use: the only state in which the card or its e-card may be used.
    Active,
    /// Reported lost in writing.
    LossReported,
    /// Reported lost by telephone or on line.
    TemporarilyLost,
    /// Its application is locked.
    Locked,
    /// No longer used, for a reason; final.
    Invalid(Reason),
}

/// What is done to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Action {
    /// Print it and write it (CM-10.1).
    Personalise,
    /// Hand it over (CM-13.1).
    Deliver,
    /// Take it into use.
    Activate,
    /// 挂失.
    ReportLoss,
    /// 临时挂失.
    ReportTemporaryLoss,
    /// 解挂.
    WithdrawLoss,
    /// Lock its application.
    Lock,
    /// Unlock its application.
    Unlock,
    /// End its use for ever (CM-19.1).
    Invalidate(Reason),
}

/// What happened to a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// What was done.
    pub action: Action,
    /// The state before.
    pub from: State,
    /// The state after.
    pub to: State,
}

impl Event {
    /// The reason under which the card enters the invalid list with this event (CM-19.1).
    pub const fn enters_invalid_list(&self) -> Option<Reason> {
        match (self.from, self.to) {
            (State::Invalid(_), _) => None,
            (_, to) => to.reason(),
        }
    }
}

impl State {
    /// The state after `action`, if the life of a card has that step. A locked card is not reported lost, because
    /// withdrawing the report would unlock it: it is invalidated instead.
    pub const fn next(self, action: &Action) -> Option<Self> {
        use Action as Do;
        match self {
            Self::Applied => match action {
                Do::Personalise => Some(Self::Personalised),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::Personalised => match action {
                Do::Deliver => Some(Self::Delivered),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::Delivered => match action {
                Do::Activate => Some(Self::Active),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::Active => match action {
                Do::ReportLoss => Some(Self::LossReported),
                Do::ReportTemporaryLoss => Some(Self::TemporarilyLost),
                Do::Lock => Some(Self::Locked),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::TemporarilyLost => match action {
                Do::ReportLoss => Some(Self::LossReported),
                Do::WithdrawLoss => Some(Self::Active),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::LossReported => match action {
                Do::WithdrawLoss => Some(Self::Active),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::Locked => match action {
                Do::Unlock => Some(Self::Active),
                Do::Invalidate(reason) => Some(Self::Invalid(*reason)),
                _ => None,
            },
            Self::Invalid(_) => None,
        }
    }

    /// Does `action`.
    pub fn act(self, action: Action) -> Result<(Self, Event), Refusal> {
        let to = self.next(&action).ok_or(Refusal::Transition)?;
        Ok((to, Event { action, from: self, to }))
    }

    /// Whether the card, and the e-card that has its state (ND-1.4), may be used; each other state says why not.
    pub const fn usable(self) -> Result<(), Refusal> {
        match self {
            Self::Active => Ok(()),
            Self::Applied | Self::Personalised | Self::Delivered => Err(Refusal::NotActive),
            Self::LossReported => Err(Refusal::LossReported),
            Self::TemporarilyLost => Err(Refusal::TemporarilyLost),
            Self::Locked => Err(Refusal::Locked),
            Self::Invalid(_) => Err(Refusal::Invalid),
        }
    }

    /// Whether the holder has taken the card into use and it is not invalid: a person has at most one such card
    /// (R27). A card that waits for its activation may stand beside it.
    pub const fn in_force(self) -> bool {
        match self {
            Self::Active | Self::LossReported | Self::TemporarilyLost | Self::Locked => true,
            Self::Applied | Self::Personalised | Self::Delivered | Self::Invalid(_) => false,
        }
    }

    /// The state without its reason.
    pub const fn phase(self) -> Phase {
        match self {
            Self::Applied => Phase::Applied,
            Self::Personalised => Phase::Personalised,
            Self::Delivered => Phase::Delivered,
            Self::Active => Phase::Active,
            Self::LossReported => Phase::LossReported,
            Self::TemporarilyLost => Phase::TemporarilyLost,
            Self::Locked => Phase::Locked,
            Self::Invalid(_) => Phase::Invalid,
        }
    }

    /// Why it is invalid, if it is.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::Invalid(reason) => Some(reason),
            _ => None,
        }
    }

    /// The state stored as `phase` and `reason`; nothing if the two do not fit.
    pub const fn from_parts(phase: Phase, reason: Option<Reason>) -> Option<Self> {
        match (phase, reason) {
            (Phase::Invalid, Some(reason)) => Some(Self::Invalid(reason)),
            (Phase::Invalid, None) | (_, Some(_)) => None,
            (Phase::Applied, None) => Some(Self::Applied),
            (Phase::Personalised, None) => Some(Self::Personalised),
            (Phase::Delivered, None) => Some(Self::Delivered),
            (Phase::Active, None) => Some(Self::Active),
            (Phase::LossReported, None) => Some(Self::LossReported),
            (Phase::TemporarilyLost, None) => Some(Self::TemporarilyLost),
            (Phase::Locked, None) => Some(Self::Locked),
        }
    }

    /// The wire's view, data element AAZ502.
    pub const fn aaz502(self) -> u8 {
        match self {
            Self::Applied | Self::Personalised | Self::Delivered => 0,
            Self::Active => 1,
            Self::LossReported => 2,
            Self::Locked => 3,
            Self::TemporarilyLost => 4,
            Self::Invalid(_) => 9,
        }
    }

    /// The state that a row of the registry brings to a card that is in `current` (or is new). The registry is the
    /// authority between activation and invalidity; it cannot undo either. A code that only repeats the view keeps
    /// the finer state; a new card of code 0 counts as personalised.
    ///
    /// Refuses, in order: an unknown code, a reason that does not fit, leaving invalid, going back before
    /// activation.
    pub fn import(current: Option<Self>, aaz502: u8, reason: Option<Reason>) -> Result<Self, Refusal> {
        let wanted = match (aaz502, reason) {
            (0, None) => Self::Personalised,
            (1, None) => Self::Active,
            (2, None) => Self::LossReported,
            (3, None) => Self::Locked,
            (4, None) => Self::TemporarilyLost,
            (9, Some(reason)) => Self::Invalid(reason),
            (0..=4 | 9, _) => return Err(Refusal::WireReason),
            _ => return Err(Refusal::WireState),
        };
        match current {
            Some(current) if current.aaz502() == aaz502 => Ok(current),
            Some(Self::Invalid(_)) => Err(Refusal::Invalid),
            Some(_) if aaz502 == 0 => Err(Refusal::Backwards),
            Some(_) | None => Ok(wanted),
        }
    }
}

/// 卡号: nine capital letters and digits, unique within the issuing division.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CardNumber([u8; 9]);

impl CardNumber {
    /// Its characters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// `A******89`.
    pub fn masked(&self) -> String {
        crate::identity::mask(self.as_str(), 1, 2)
    }
}

impl FromStr for CardNumber {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let number: [u8; 9] = text.as_bytes().try_into().map_err(|_| Refusal::Number)?;
        let plain = number.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if plain { Ok(Self(number)) } else { Err(Refusal::Number) }
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// 卡识别码: sixteen bytes, written as 32 upper-case hexadecimal digits of which the first six are the division.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RecognitionCode([u8; 16]);

impl RecognitionCode {
    /// The code with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The division in its first six digits, if they are one.
    pub fn division(&self) -> Option<DivisionCode> {
        self.to_string().get(..6)?.parse().ok()
    }
}

impl FromStr for RecognitionCode {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let bytes =
            data_encoding::HEXUPPER_PERMISSIVE.decode(text.as_bytes()).map_err(|_| Refusal::Recognition)?;
        bytes.try_into().map(Self).map_err(|_| Refusal::Recognition)
    }
}

impl fmt::Display for RecognitionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXUPPER.encode(&self.0))
    }
}

impl fmt::Debug for RecognitionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::identity::mask(&self.to_string(), 6, 4))
    }
}

/// The generations in use (SE-3.13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Generation {
    /// With a contact chip and a bank application.
    Second,
    /// With SM algorithms and a contactless interface.
    Third,
}

impl Generation {
    /// 2 or 3.
    pub const fn number(self) -> i64 {
        match self {
            Self::Second => 2,
            Self::Third => 3,
        }
    }

    /// The generation with this number.
    pub const fn new(number: i64) -> Result<Self, Refusal> {
        match number {
            2 => Ok(Self::Second),
            3 => Ok(Self::Third),
            _ => Err(Refusal::Generation),
        }
    }
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// Its id.
    pub id: CardId,
    /// Whose it is.
    pub person: PersonId,
    /// The division that issued it.
    pub division: DivisionCode,
    /// Its number there.
    pub number: CardNumber,
    /// What its chip answers, once it is made.
    pub recognition: Option<RecognitionCode>,
    /// Second or third.
    pub generation: Generation,
    /// Where it stands in its life.
    pub state: State,
    /// The day it was issued.
    pub issued_on: Option<BusinessDate>,
    /// The last day it may be used.
    pub expires_on: Option<BusinessDate>,
}

impl Card {
    /// Whether it may be used on `today`; the day of expiry still counts (R0). Refuses, in order: state, expiry.
    pub fn usable(&self, today: BusinessDate) -> Result<(), Refusal> {
        self.state.usable()?;
        match self.expires_on {
            Some(last) if today > last => Err(Refusal::Expired),
            Some(_) | None => Ok(()),
        }
    }

    /// Retires this card for `reason` because `new` takes its place (R27): afterwards the person never has two valid
    /// cards. A card that is invalid already keeps its reason and gives no event.
    ///
    /// Refuses, in order: the same card, another person's card, an invalid new card.
    pub fn replace_by(&self, new: &Self, reason: Reason) -> Result<(State, Option<Event>), Refusal> {
        if self.id == new.id {
            return Err(Refusal::SameCard);
        }
        if self.person != new.person {
            return Err(Refusal::OtherPerson);
        }
        if new.state.reason().is_some() {
            return Err(Refusal::Invalid);
        }
        if self.state.reason().is_some() {
            return Ok((self.state, None));
        }
        let (state, event) = self.state.act(Action::Invalidate(reason))?;
        Ok((state, Some(event)))
    }
}

#[cfg(test)]
mod tests;
