//! A sending (群发): what the operator puts to many channels at once, a notice (CH-17.1) or another text of the agreement
//! (CH-25.1).
//!
//! Invariant: it is nothing of its own beside the matters of the channels: each of them goes its way by the rules of its kind,
//! and a sending to one channel is the same as one to a hundred. It only knows which action of an owner answers it, and so
//! where each channel stands. Who is addressed and who of them is told is not here.

use crate::agreement::State as AgreementState;
use crate::matter::Kind;
use crate::name::names;
use crate::notice::State as NoticeState;
use crate::refusal::refusals;

refusals! {
    /// Why something is not put to channels.
    Refusal {
        /// Nobody would be told, or too many at once.
        Audience { most: i64 } = "sending.audience" "须至少包含1个、至多{most}个可发送的渠道"
            "it must reach 1 to {most} channels";
        /// The channel has no agreement that is in force.
        NoAgreement = "sending.no_agreement" ["CH-25.1"] "该渠道没有生效中的合作协议" "the channel has no agreement in force";
    }
}

names! {
    /// What is put to them.
    Content {
        /// A notice (CH-17.1).
        Notice = "notice",
        /// Another text of the agreement that is in force (CH-25.1).
        Amendment = "amendment",
    }
    /// Where a channel stands.
    Standing {
        /// Its owner has acknowledged or signed, however late.
        Answered = "answered",
        /// The day is over, and its owner has not. Of another text: a ground for a forced exit (CH-35.2).
        Late = "late",
        /// Its owner has not yet.
        Open = "open",
        /// Its matter has ended, and nobody waits for an answer.
        Dropped = "dropped",
    }
    /// What came of reminding one channel.
    Reminded {
        /// Its owner was told.
        Now = "now",
        /// It had been told today already.
        Already = "already",
        /// Nothing waits for it any more.
        Over = "over",
    }
}

/// What is seen of one channel.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    /// The state of its matter.
    pub state: &'a str,
    /// Whether its owner has answered.
    pub has_answered: bool,
    /// Whether the matter has ended.
    pub has_ended: bool,
    /// Whether it waits for the answer, and the last day has been noted as over.
    pub is_overdue: bool,
}

impl Content {
    /// The kind of matter of each channel.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Notice => Kind::Notice,
            Self::Amendment => Kind::Agreement,
        }
    }

    /// The action of the owner that answers it.
    pub const fn answer(self) -> &'static str {
        match self {
            Self::Notice => "acknowledge",
            Self::Amendment => "sign",
        }
    }

    /// The states in which that action answers it; in another it would answer something else, as a renewal is signed as well.
    pub const fn answered_in(self) -> [&'static str; 2] {
        match self {
            Self::Notice => [NoticeState::Sent.as_str(); 2],
            Self::Amendment => [AgreementState::InForce.as_str(), AgreementState::Unsigned.as_str()],
        }
    }

    /// Where a channel stands.
    pub fn standing(self, seen: Seen<'_>) -> Standing {
        let failed = match self {
            Self::Notice => NoticeState::Missed.as_str(),
            Self::Amendment => AgreementState::Unsigned.as_str(),
        };
        if seen.has_answered {
            Standing::Answered
        } else if seen.is_overdue || seen.state == failed {
            Standing::Late
        } else if seen.has_ended {
            Standing::Dropped
        } else {
            Standing::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matter::{Party, life};

    const OPEN: Seen<'_> = Seen { state: "sent", has_answered: false, has_ended: false, is_overdue: false };

    /// CH-17.1, CH-25.2: what answers a sending is an action of the owner in that kind of matter.
    #[test]
    fn a_sending_is_answered_by_the_owner_alone() {
        for content in Content::ALL {
            let actions = (life(content.kind()).workflow)().actions;
            let answer = actions.iter().find(|shown| shown.action == content.answer()).unwrap();
            assert_eq!(answer.rule.by, [Party::Owner], "{content}");
            let edges = (life(content.kind()).workflow)().edges;
            for state in content.answered_in() {
                assert!(
                    edges.iter().any(|edge| (edge.from, edge.action) == (state, content.answer())),
                    "{state}"
                );
            }
        }
    }

    /// CH-17.1: whoever has not acknowledged when the day is over is late, and stays so when the upgrade was missed as well.
    #[test]
    fn a_notice_is_late_until_it_is_acknowledged() {
        let stands = |seen| Content::Notice.standing(seen);
        assert_eq!(stands(OPEN), Standing::Open);
        assert_eq!(stands(Seen { is_overdue: true, ..OPEN }), Standing::Late);
        assert_eq!(stands(Seen { state: "missed", has_ended: true, ..OPEN }), Standing::Late);
        assert_eq!(stands(Seen { state: "withdrawn", has_ended: true, ..OPEN }), Standing::Dropped);
        assert_eq!(
            stands(Seen { state: "done", has_ended: true, has_answered: true, ..OPEN }),
            Standing::Answered
        );
    }

    /// CH-25.1, CH-35.2: whoever has not signed when the other text takes effect is late; whoever signs after that has answered.
    #[test]
    fn another_text_is_late_when_it_is_in_force_without_a_signature() {
        let stands = |seen| Content::Amendment.standing(seen);
        assert_eq!(stands(Seen { state: "in_force", ..OPEN }), Standing::Open);
        assert_eq!(stands(Seen { state: "unsigned", ..OPEN }), Standing::Late);
        assert_eq!(stands(Seen { state: "in_force", has_answered: true, ..OPEN }), Standing::Answered);
        assert_eq!(stands(Seen { state: "lapsed", has_ended: true, ..OPEN }), Standing::Dropped);
    }
}
