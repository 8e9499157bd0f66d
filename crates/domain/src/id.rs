//! Prefixed identifiers: one type per noun, sixteen bytes in the layout of UUID version 7.
//!
//! Invariant: an id is made once, from a time and random bytes the caller supplies, and its text form
//! (`chn_` + 26 characters of lower-case Crockford base32) parses back to the same bytes and to no other type.
//! Ids sort by the time they were made. The id of a row that lives in a person's shard carries the shard, so any
//! process finds the row by the id alone; who sees such an id learns one of 1024 classes of all holders and no more.
//! No clock and no randomness here.

use crate::identity::Shard;
use crate::refusal::refusals;
use crate::time::Timestamp;

const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const TEXT_LENGTH: usize = 26;

refusals! {
    /// Why a text is not an identifier of the wanted kind.
    Refusal {
        /// The prefix is another noun's, or absent.
        Prefix { expected: &'static str } = "id.prefix"
            "标识应以{expected}_开头" "the identifier must begin with {expected}_";
        /// What follows the prefix is not 26 characters of the alphabet, or does not fit 128 bits.
        Shape = "id.shape" "标识格式不正确" "the identifier is malformed";
    }
}

/// Declares identifier types.
macro_rules! id {
    ($($(#[$meta:meta])* $name:ident = $prefix:literal;)*) => { $(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name([u8; 16]);

        impl $name {
            /// What its text form begins with, without the underscore.
            pub const PREFIX: &'static str = $prefix;

            /// The id with these bytes.
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// A new id made at `at`; of `random`, 74 bits are used.
            pub fn make(at: Timestamp, random: [u8; 10]) -> Self {
                Self(lay_out(at, random))
            }

            /// A new id of a row that lives in `shard`, made at `at`.
            pub fn make_in(at: Timestamp, shard: Shard, random: [u8; 10]) -> Self {
                Self(lay_out(at, with_shard(shard, random)))
            }

            /// The shard of its row; of an id that was not made for one, an arbitrary shard where no row has it.
            pub const fn shard(&self) -> Shard {
                shard_in(&self.0)
            }

            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }

            /// When it was made, to the millisecond.
            pub fn made_at(&self) -> Timestamp {
                made_at(&self.0)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!($prefix, "_"))?;
                f.write_str(std::str::from_utf8(&encode(&self.0)).map_err(|_| std::fmt::Error)?)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(self, f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = Refusal;

            fn from_str(text: &str) -> Result<Self, Refusal> {
                let body = text
                    .strip_prefix(concat!($prefix, "_"))
                    .ok_or(Refusal::Prefix { expected: $prefix })?;
                decode(body.as_bytes()).map(Self).ok_or(Refusal::Shape)
            }
        }

        $crate::text::text!($name);

        #[cfg(feature = "openapi")]
        $crate::schema::described! {
            $name, stringify!($name).into() => $crate::schema::text(concat!("^", $prefix, "_[0-9a-z]{26}$"));
        }
    )* };
}

id! {
    /// An organisation.
    OrgId = "org";
    /// A company that asks to be an organisation.
    RegistrationId = "reg";
    /// A member of an organisation's staff.
    StaffId = "stf";
    /// A channel.
    ChannelId = "chn";
    /// A piece of business in a channel's life.
    MatterId = "mat";
    /// A template of an agreement.
    TemplateId = "agt";
    /// What another office is asked about a matter.
    AdviceId = "adv";
    /// A form of a personalised service.
    ServiceFormId = "sfm";
    /// A file that belongs to a matter.
    AttachmentId = "att";
    /// A measure that withholds services from a channel.
    MeasureId = "mea";
    /// What was put to many channels at once.
    SendingId = "snd";
    /// Something a party was told.
    MessageId = "msg";
    /// A letter that is written once.
    LetterId = "ltr";
    /// A key of a caller or of the platform.
    KeyId = "key";
    /// Work that was left for later.
    JobId = "job";
    /// A terminal.
    TerminalId = "trm";
    /// A holder.
    PersonId = "per";
    /// A physical card.
    CardId = "card";
    /// An e-card.
    EcardId = "ecd";
    /// The binding of an e-card to a channel.
    BindingId = "bnd";
    /// A session that the platform opened with a holder.
    HolderSessionId = "hss";
    /// A session of a calling machine.
    SessionId = "ses";
    /// A session of a member of staff.
    StaffSessionId = "sts";
    /// A passkey of a member of staff.
    PasskeyId = "psk";
    /// A standing grant of a holder.
    GrantId = "grt";
    /// A ledger account.
    AccountId = "acc";
    /// A transfer between ledger accounts.
    TransferId = "trf";
    /// A payment.
    PaymentId = "pay";
    /// A single-use payment handle.
    HandleId = "phd";
    /// A refund of a payment.
    RefundId = "rfd";
    /// A top-up of a holder's account.
    TopupId = "top";
    /// A settlement batch.
    SettlementId = "set";
    /// An audit record.
    AuditId = "aud";
    /// The opening of a service by a department.
    OpeningId = "opn";
    /// That somebody stands in for somebody.
    DelegationId = "dlg";
    /// A version of a parameter.
    ParameterVersionId = "pmv";
    /// An arrangement of a year of the calendar.
    CalendarYearId = "cal";
    /// The registration of a webhook.
    WebhookId = "whk";
    /// One event to be delivered to a webhook.
    DeliveryId = "whd";
    /// An import of card rows.
    ImportId = "imp";
    /// One verification of a code.
    VerificationId = "ver";
    /// One file that somebody made of a list.
    ExportId = "exp";
    /// One request to the platform.
    RequestId = "req";
}

fn lay_out(at: Timestamp, random: [u8; 10]) -> [u8; 16] {
    let millis = at.as_micros().div_euclid(1000).to_be_bytes();
    let mut bytes = [0; 16];
    bytes[..6].copy_from_slice(&millis[2..]);
    bytes[6..].copy_from_slice(&random);
    bytes[6] = (bytes[6] & 0x0F) | 0x70;
    bytes[8] = (bytes[8] & 0x3F) | 0x80;
    bytes
}

/// Puts the shard's ten bits before the last two of the twelve that follow the version.
fn with_shard(shard: Shard, mut random: [u8; 10]) -> [u8; 10] {
    let [high, low] = (shard.get() << 2).to_be_bytes();
    random[0] = high;
    random[1] = low | (random[1] & 0b11);
    random
}

const fn shard_in(bytes: &[u8; 16]) -> Shard {
    Shard::of_low_bits(u16::from_be_bytes([bytes[6], bytes[7]]) >> 2)
}

fn made_at(bytes: &[u8; 16]) -> Timestamp {
    let millis = bytes[..6].iter().fold(0_i64, |sum, byte| (sum << 8) | i64::from(*byte));
    Timestamp::from_micros(millis * 1000)
}

fn encode(bytes: &[u8; 16]) -> [u8; TEXT_LENGTH] {
    let mut rest = u128::from_be_bytes(*bytes);
    let mut text = [b'0'; TEXT_LENGTH];
    for place in text.iter_mut().rev() {
        *place = ALPHABET[usize::from(rest.to_le_bytes()[0] & 0x1F)];
        rest >>= 5;
    }
    text
}

/// The text form of an identifier of the type with this prefix.
pub(crate) fn text_of(prefix: &str, bytes: &[u8; 16]) -> String {
    let body = encode(bytes);
    format!("{prefix}_{}", std::str::from_utf8(&body).unwrap_or_default())
}

/// The prefix and the bytes of an identifier of any type, and when it was made.
pub(crate) fn parse_any(text: &str) -> Option<(&str, [u8; 16], Timestamp)> {
    let (prefix, body) = text.split_once('_')?;
    let bytes = decode(body.as_bytes())?;
    Some((prefix, bytes, made_at(&bytes)))
}

fn decode(text: &[u8]) -> Option<[u8; 16]> {
    // 26 characters hold 130 bits: the first one may carry three.
    if text.len() != TEXT_LENGTH || text[0] > b'7' {
        return None;
    }
    let mut value = 0_u128;
    for character in text {
        let digit = ALPHABET.iter().position(|letter| letter == character)?;
        value = (value << 5) | digit as u128;
    }
    Some(value.to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_is_laid_out_as_uuid_version_7_and_remembers_its_millisecond() {
        let id = ChannelId::make(Timestamp::from_micros(1_700_000_000_123_456), [0xFF; 10]);
        assert_eq!(id.as_bytes()[6] >> 4, 7);
        assert_eq!(id.as_bytes()[8] >> 6, 0b10);
        assert_eq!(id.made_at(), Timestamp::from_micros(1_700_000_000_123_000));
        assert_eq!(id.to_string(), "chn_01hf7yat3vfzzvzzzzzzzzzzzz");
    }

    #[test]
    fn an_id_made_in_a_shard_carries_it() {
        for number in [0, 1, 512, 1023] {
            let shard = Shard::new(number).unwrap();
            for random in [[0; 10], [0xFF; 10]] {
                let id = BindingId::make_in(Timestamp::from_seconds(1), shard, random);
                assert_eq!((id.shard(), id.as_bytes()[6] >> 4), (shard, 7));
                assert_eq!(id.made_at(), Timestamp::from_seconds(1));
            }
        }
    }

    #[test]
    fn ids_sort_by_the_time_they_were_made() {
        let early = CardId::make(Timestamp::from_micros(1_000), [0xFF; 10]);
        let late = CardId::make(Timestamp::from_micros(2_000), [0; 10]);
        assert!(early < late && early.to_string() < late.to_string());
    }

    #[test]
    fn a_text_of_another_kind_or_shape_is_refused() {
        let id = ChannelId::from_bytes([7; 16]).to_string();
        assert_eq!(id.parse::<ChannelId>(), Ok(ChannelId::from_bytes([7; 16])));
        assert_eq!(id.parse::<CardId>(), Err(Refusal::Prefix { expected: "card" }));
        let body = &id[4..];
        for bad in [
            format!("chn_{}", &body[1..]),
            format!("chn_{body}0"),
            format!("chn_8{}", &body[1..]),
            format!("chn_{}u", &body[..25]),
            id.to_uppercase().replace("CHN", "chn"),
            "chn_".to_owned(),
        ] {
            assert_eq!(bad.parse::<ChannelId>(), Err(Refusal::Shape), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn text_and_bytes_are_the_same_id(bytes: [u8; 16]) {
            let id = PersonId::from_bytes(bytes);
            prop_assert_eq!(id.to_string().parse::<PersonId>(), Ok(id));
        }

        #[test]
        fn any_text_is_parsed_or_refused(text in ".{0,40}") {
            if let Ok(id) = format!("per_{text}").parse::<PersonId>() {
                prop_assert_eq!(id.to_string(), format!("per_{text}"));
            }
        }
    }
}
