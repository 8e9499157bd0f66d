//! The electronic form of the card (电子社保卡), by which a person is known and pays (ND-1.1): one per person, bound to as
//! many channels as its holder likes (ND-2.3).
//!
//! Invariant: an e-card has no state of its own: it has the state of its card (ND-1.4), in the transaction that
//! changes the card. A person has one e-card and at most one binding in a channel (R26); ending a binding does not
//! end the e-card. The password belongs to the e-card, so it is one for all channels, and is not the card's.

mod password;

use crate::card::{self, Card};
use crate::division::DivisionCode;
use crate::id::{CardId, EcardId, PersonId};
use crate::name::names;
use crate::refusal::refusals;
use crate::time::BusinessDate;
use std::fmt;
use std::str::FromStr;

pub use password::{AttemptRule, Attempts, PASSWORD_DIGITS, check_password};

refusals! {
    /// Why an e-card is not issued, not bound, or may not be used.
    Refusal {
        /// The card is not the one it maps to.
        OtherCard = "ecard.other_card" ["ND-1.3"] "电子社保卡与该卡不对应" "the e-card maps to another card";
        /// The binding has no such step from here.
        Binding = "ecard.binding" ["R26"] "当前关联状态不允许该操作" "the binding does not allow this now";
        /// Not bound to this channel.
        NotBound = "ecard.not_bound" ["R26"] "电子社保卡未在本渠道领用" "the e-card is not bound to this channel";
        /// Bound, but the holder has set no password yet.
        PasswordUnset = "ecard.password_unset" "尚未设置电子社保卡密码" "the holder has set no password yet";
        /// The first password was set before: it can be changed or reset.
        PasswordSet = "ecard.password_set" "电子社保卡密码已设置，可修改或重置"
            "a password has been set: change it or reset it";
        /// The person holds no card that fits what was asked for.
        NoCard = "ecard.no_card" ["ND-1.3"] "未查到持卡人符合条件的社会保障卡"
            "the person holds no card of this number and division";
        /// The person in front of the device is not shown to be real.
        RealPersonFailed = "real_person.failed" ["ND-3.5d"] "实人认证未通过" "the real-person check failed";
        /// The person in front of the device is real and somebody else.
        RealPersonOther = "real_person.other_person" ["ND-3.5d"] "实人认证结果与持卡人不一致"
            "the real-person check found another person";
        /// A session opened by password does not replace a forgotten password.
        Factor = "holder_session.factor" "重置密码须先进行实人认证"
            "a password is reset in a session that a real-person check opened";
        /// Level 1 does not pay.
        Level = "ecard.level" "电子社保卡等级不足，请先开通支付" "the e-card's level does not cover payment";
        /// Not six digits.
        PasswordShape = "password.shape" "密码须为6位数字" "a password is six digits";
        /// One digit six times.
        PasswordRepeated = "password.repeated" "密码不能为重复数字" "a password is not one digit repeated";
        /// 123456 and the like, up or down.
        PasswordConsecutive = "password.consecutive" "密码不能为连续数字" "a password is not a run of digits";
        /// Six digits that stand in the document number.
        PasswordFromNumber = "password.from_id_number" "密码不能取自证件号码"
            "a password is not taken from the document number";
        /// Locked after too many errors.
        PasswordLocked { seconds: i64 } = "password.locked" "密码已锁定，请在{seconds}秒后重试"
            "the password is locked for another {seconds} seconds";
        /// Wrong.
        PasswordWrong { left: i64 } = "password.wrong" "密码错误，还可尝试{left}次"
            "the password is wrong; {left} attempts are left";
        /// Not a number in the form of an issuance.
        SignNo = "ecard.sign_no" "签发号格式不正确" "an issuance number is 26 digits";
        /// Not 32 lower-case hexadecimal digits.
        EsscNo = "ecard.essc_no" "电子社保卡号须为32位十六进制数" "an e-card number is 32 hexadecimal digits";
    }
}

names! {
    /// Whether a channel may serve this holder.
    BindingState {
        /// Bound; the holder must set a password first.
        UnsetPassword = "unset_password",
        /// Bound.
        Active = "active",
        /// The holder ended it.
        Unbound = "unbound",
    }
    /// What is done to a binding.
    BindingAction {
        /// Bind again after it ended.
        Bind = "bind",
        /// Set the first password, or verify the one set in another channel.
        Activate = "activate",
        /// 解除关联.
        Unbind = "unbind",
    }
}

/// How far an e-card reaches (signLevel).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Level {
    /// Proves identity.
    Identity,
    /// Also pays.
    Payment,
}

impl Level {
    /// 1 or 2.
    pub const fn number(self) -> i64 {
        match self {
            Self::Identity => 1,
            Self::Payment => 2,
        }
    }

    /// The level with this number.
    pub const fn new(number: i64) -> Option<Self> {
        match number {
            1 => Some(Self::Identity),
            2 => Some(Self::Payment),
            _ => None,
        }
    }

    /// Whether it covers payment.
    pub const fn pays(self) -> Result<(), Refusal> {
        match self {
            Self::Payment => Ok(()),
            Self::Identity => Err(Refusal::Level),
        }
    }
}

/// An e-card.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ecard {
    /// Its id.
    pub id: EcardId,
    /// Whose it is.
    pub person: PersonId,
    /// The one card it maps to (ND-1.3).
    pub card: CardId,
    /// The division that issued the card.
    pub division: DivisionCode,
    /// The state of that card (ND-1.4).
    pub state: card::State,
}

/// What the e-card did when its card changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The state before.
    pub from: card::State,
    /// The state after.
    pub to: card::State,
}

impl Followed {
    /// Whether open holder sessions end and unused codes die: it was usable and no longer is.
    pub const fn stops(&self) -> bool {
        self.from.usable().is_ok() && self.to.usable().is_err()
    }
}

impl Ecard {
    /// The e-card that every card holder owns by default (SE-3.4).
    pub const fn of(id: EcardId, card: &Card) -> Self {
        Self { id, person: card.person, card: card.id, division: card.division, state: card.state }
    }

    /// Takes the state of its card (ND-1.4). Nothing happened if the state is the same.
    pub fn follow(&mut self, card: &Card) -> Result<Option<Followed>, Refusal> {
        if self.card != card.id {
            return Err(Refusal::OtherCard);
        }
        let followed = Followed { from: self.state, to: card.state };
        self.state = card.state;
        Ok((followed.from != followed.to).then_some(followed))
    }

    /// Maps to the card that replaced its own (R27); the e-card keeps its identity, bindings and password.
    pub fn remap(&mut self, new: &Card) -> Result<Followed, card::Refusal> {
        if self.person != new.person {
            return Err(card::Refusal::OtherPerson);
        }
        if new.state.reason().is_some() {
            return Err(card::Refusal::Invalid);
        }
        let followed = Followed { from: self.state, to: new.state };
        *self = Self { card: new.id, division: new.division, state: new.state, ..self.clone() };
        Ok(followed)
    }

    /// Whether it may be used: only while its card is active.
    pub const fn usable(&self) -> Result<(), card::Refusal> {
        self.state.usable()
    }
}

/// What happened to a binding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BindingEvent {
    /// The state after.
    pub to: BindingState,
    /// Whether this counts as an issuance (签发量): the first activation of this person in this channel. Binding
    /// again after unbinding does not count again (R26).
    pub issues: bool,
}

impl BindingState {
    /// The state of a new binding, and of one bound again.
    pub const fn first() -> Self {
        Self::UnsetPassword
    }

    /// The state after `action`, if it may happen.
    pub const fn next(self, action: BindingAction) -> Option<Self> {
        match (self, action) {
            (Self::Unbound, BindingAction::Bind) => Some(Self::first()),
            (Self::UnsetPassword, BindingAction::Activate) => Some(Self::Active),
            (Self::UnsetPassword | Self::Active, BindingAction::Unbind) => Some(Self::Unbound),
            (Self::UnsetPassword | Self::Active, BindingAction::Bind)
            | (Self::Active | Self::Unbound, BindingAction::Activate)
            | (Self::Unbound, BindingAction::Unbind) => None,
        }
    }

    /// Does `action`; `was_active` tells whether the binding has been active at any time before.
    pub fn act(self, action: BindingAction, was_active: bool) -> Result<BindingEvent, Refusal> {
        let to = self.next(action).ok_or(Refusal::Binding)?;
        Ok(BindingEvent { to, issues: matches!(to, Self::Active) && !was_active })
    }

    /// Whether the channel may serve the holder.
    pub const fn usable(self) -> Result<(), Refusal> {
        match self {
            Self::Active => Ok(()),
            Self::UnsetPassword => Err(Refusal::PasswordUnset),
            Self::Unbound => Err(Refusal::NotBound),
        }
    }
}

/// 签发号: names one issuance. 26 digits: issuing division 6, day 8, random 12; the allocation is ours, because no
/// public rule exists.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct SignNo(String);

impl SignNo {
    /// The number of an issuance on `day`.
    pub fn make(division: DivisionCode, day: BusinessDate, random: [u8; 8]) -> Self {
        let (year, month, day) = day.civil();
        let serial = u64::from_be_bytes(random) % 1_000_000_000_000;
        Self(format!("{division}{year:04}{month:02}{day:02}{serial:012}"))
    }

    /// Its digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for SignNo {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let digits = text.len() == 26 && text.bytes().all(|byte| byte.is_ascii_digit());
        if digits { Ok(Self(text.to_owned())) } else { Err(Refusal::SignNo) }
    }
}

/// The number of an e-card in one channel: sixteen random bytes, 32 hexadecimal digits, joined by no two channels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EsscNo([u8; 16]);

impl EsscNo {
    /// The number with these bytes.
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// Its bytes.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl FromStr for EsscNo {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Self, Refusal> {
        let bytes = data_encoding::HEXLOWER.decode(text.as_bytes()).map_err(|_| Refusal::EsscNo)?;
        bytes.try_into().map(Self).map_err(|_| Refusal::EsscNo)
    }
}

impl fmt::Display for EsscNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&data_encoding::HEXLOWER.encode(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::card::{Generation, Reason, State};

    fn card(id: u8, person: u8, state: State) -> Card {
        Card {
            id: CardId::from_bytes([id; 16]),
            person: PersonId::from_bytes([person; 16]),
            division: "330100".parse().unwrap(),
            number: "A00000001".parse().unwrap(),
            recognition: None,
            generation: Generation::Third,
            state,
            issued_on: None,
            expires_on: None,
        }
    }

    fn ecard(state: State) -> Ecard {
        Ecard::of(EcardId::from_bytes([7; 16]), &card(1, 1, state))
    }

    /// ND-1.4: the e-card has the state of its card.
    #[test]
    fn an_ecard_follows_its_card_and_stops_with_it() {
        let mut own = ecard(State::Active);
        let lost = card(1, 1, State::LossReported);
        let followed = own.follow(&lost).unwrap().unwrap();
        assert!(followed.stops());
        assert_eq!(own.usable(), Err(card::Refusal::LossReported));
        assert_eq!(own.follow(&lost), Ok(None), "nothing happens twice");
        let back = own.follow(&card(1, 1, State::Active)).unwrap().unwrap();
        assert!(!back.stops() && own.usable().is_ok());
        assert_eq!(own.follow(&card(2, 1, State::Active)), Err(Refusal::OtherCard));
    }

    /// R27: the e-card's identity stays, the mapping moves.
    #[test]
    fn a_replacement_moves_the_mapping_and_keeps_the_ecard() {
        let mut own = ecard(State::Invalid(Reason::Damaged));
        let followed = own.remap(&card(2, 1, State::Active)).unwrap();
        assert!(!followed.stops());
        assert_eq!((own.id, own.card), (EcardId::from_bytes([7; 16]), CardId::from_bytes([2; 16])));
        assert_eq!(own.remap(&card(3, 2, State::Active)), Err(card::Refusal::OtherPerson));
        let dead = card(3, 1, State::Invalid(Reason::Lost));
        assert_eq!(own.remap(&dead), Err(card::Refusal::Invalid));
    }

    /// R26: issuance counts the first activation of a person in a channel, once.
    #[test]
    fn only_the_first_activation_in_a_channel_is_an_issuance() {
        use BindingAction::{Activate, Bind, Unbind};
        use BindingState::{Active, Unbound, UnsetPassword};
        for (state, action, was_active, outcome) in [
            (UnsetPassword, Activate, false, Ok((Active, true))),
            (UnsetPassword, Activate, true, Ok((Active, false))),
            (UnsetPassword, Unbind, false, Ok((Unbound, false))),
            (UnsetPassword, Bind, false, Err(Refusal::Binding)),
            (Active, Unbind, true, Ok((Unbound, false))),
            (Active, Activate, true, Err(Refusal::Binding)),
            (Active, Bind, true, Err(Refusal::Binding)),
            (Unbound, Bind, true, Ok((UnsetPassword, false))),
            (Unbound, Activate, true, Err(Refusal::Binding)),
            (Unbound, Unbind, true, Err(Refusal::Binding)),
        ] {
            let found = state.act(action, was_active).map(|event| (event.to, event.issues));
            assert_eq!(found, outcome, "{state} {action}");
        }
    }

    #[test]
    fn a_binding_serves_only_while_it_is_active() {
        assert_eq!(BindingState::Active.usable(), Ok(()));
        assert_eq!(BindingState::UnsetPassword.usable(), Err(Refusal::PasswordUnset));
        assert_eq!(BindingState::Unbound.usable(), Err(Refusal::NotBound));
    }

    #[test]
    fn level_1_proves_identity_and_level_2_also_pays() {
        assert_eq!(Level::Identity.pays(), Err(Refusal::Level));
        assert_eq!(Level::Payment.pays(), Ok(()));
        let levels = [0, 1, 2, 3].map(Level::new);
        assert_eq!(levels, [None, Some(Level::Identity), Some(Level::Payment), None]);
        assert_eq!(Level::Payment.number(), 2);
    }

    #[test]
    fn numbers_have_one_form() {
        let number = SignNo::make("330100".parse().unwrap(), "2026-01-02".parse().unwrap(), [0xFF; 8]);
        assert_eq!(number.as_str(), "33010020260102073709551615");
        assert_eq!(number.as_str().parse(), Ok(number.clone()));
        assert_eq!("3301002026010207370955161".parse::<SignNo>(), Err(Refusal::SignNo));
        assert_eq!("3301002026010207370955161x".parse::<SignNo>(), Err(Refusal::SignNo));
        let essc = EsscNo::from_bytes([0xAB; 16]);
        assert_eq!(essc.to_string().parse(), Ok(essc));
        for text in ["", "ab", &"AB".repeat(16), &"ab".repeat(17), &"zz".repeat(16)] {
            assert_eq!(text.parse::<EsscNo>(), Err(Refusal::EsscNo), "{text}");
        }
    }
}
