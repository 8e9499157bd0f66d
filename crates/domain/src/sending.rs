//! A sending (群发): what the operator puts to many channels at once, a notice (CH-17.1), another text of the agreement
//! (CH-25.1) or a rotation of their keys (CH-26.2).
//!
//! Invariant: it is nothing of its own beside the matters of the channels: each of them goes its way by the rules of its kind,
//! and a sending to one channel is the same as one to a hundred. It only knows whether it has begun, what answers it (an action of
//! the owner, or what the keys say), and so where each channel stands. Who is addressed is not here; that it could be told at all is.

use crate::agreement::State as AgreementState;
use crate::application::class::needs_agreement;
use crate::channel::{Class, Phase};
use crate::key_rotation::State as RotationState;
use crate::matter::Kind;
use crate::name::names;
use crate::notice::State as NoticeState;
use crate::refusal::refusals;
use crate::time::Timestamp;

const DAY_SECONDS: i64 = 86_400;

refusals! {
    /// Why something is not put to channels.
    Refusal {
        /// Nobody would be told, or too many at once.
        Audience { most: i64 } = "sending.audience" "须至少包含1个、至多{most}个可发送的渠道"
            "it must reach 1 to {most} channels";
        /// A channel is named that there is not.
        NoChannel = "sending.no_channel" "没有这个渠道" "there is no such channel";
        /// The channel is no channel any more.
        Gone = "sending.gone" "该渠道已退出或被终止" "the channel has exited or was terminated";
        /// Another text is of no concern to a channel of this class.
        SignsNone = "sending.signs_none" ["CH-9.3e"] "该类渠道不签署合作协议" "a channel of this class signs no agreement";
        /// The channel is named, and the rest of the audience does not hold it.
        Filtered = "sending.filtered" "该渠道不在所选类别或地区内" "the channel is not among the chosen classes and regions";
        /// It is to be sent when nobody can send it any more.
        Past = "sending.past" "须晚于现在" "it must lie ahead";
        /// It is to be sent later than anybody may plan.
        Far { most: i64 } = "sending.far" "至多提前{most}日安排" "it may be planned {most} days ahead at most";
        /// It is planned no more, or never was.
        NotPlanned = "sending.not_planned" "该群发不在待发送状态" "the sending is not waiting to be sent";
        /// Whoever planned it has lost the right to.
        Planner = "sending.planner" "安排人已无权发送" "whoever planned it may no longer send";
        /// Only a rotation is about a key that has an age.
        KeyAge = "sending.key_age" "只有密钥轮换可按密钥登记日期选择渠道"
            "only a rotation of keys chooses channels by the age of a key";
        /// The channel has no agreement that is in force.
        NoAgreement = "sending.no_agreement" ["CH-25.1"] "该渠道没有生效中的合作协议" "the channel has no agreement in force";
    }
}

names! {
    /// Where a sending stands.
    State {
        /// It begins by itself at its moment; nobody has been told.
        Planned = "planned",
        /// It was put to them.
        Sent = "sent",
        /// Somebody took it back before its moment.
        Cancelled = "cancelled",
        /// At its moment a rule said no; nobody has been told.
        Failed = "failed",
    }
    /// What becomes of one that is planned.
    Action {
        /// Its moment has come, and every rule agrees.
        Send = "send",
        /// Somebody takes it back.
        Cancel = "cancel",
        /// Its moment has come, and a rule says no.
        Fail = "fail",
    }
    /// What is put to them.
    Content {
        /// A notice (CH-17.1).
        Notice = "notice",
        /// Another text of the agreement that is in force (CH-25.1).
        Amendment = "amendment",
        /// A rotation of the key of one usage (CH-26.2).
        KeyRotation = "key_rotation",
    }
    /// Where a channel stands.
    Standing {
        /// Its owner has acknowledged or signed, or its keys are rotated, however late.
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

impl State {
    /// What it becomes. Only what is planned becomes anything.
    ///
    /// # Errors
    /// `sending.not_planned`
    pub const fn next(self, action: Action) -> Result<Self, Refusal> {
        match (self, action) {
            (Self::Planned, Action::Send) => Ok(Self::Sent),
            (Self::Planned, Action::Cancel) => Ok(Self::Cancelled),
            (Self::Planned, Action::Fail) => Ok(Self::Failed),
            (Self::Sent | Self::Cancelled | Self::Failed, Action::Send | Action::Cancel | Action::Fail) => {
                Err(Refusal::NotPlanned)
            }
        }
    }
}

/// Whether something may be planned for a moment: it lies ahead, and at most so many days.
///
/// # Errors
/// `sending.past`; `sending.far`.
pub const fn ahead(now: Timestamp, at: Timestamp, most: i64) -> Result<(), Refusal> {
    if at.as_micros() <= now.as_micros() {
        Err(Refusal::Past)
    } else if at.as_micros() > now.plus_seconds(most.saturating_mul(DAY_SECONDS)).as_micros() {
        Err(Refusal::Far { most })
    } else {
        Ok(())
    }
}

impl Content {
    /// The kind of matter of each channel.
    pub const fn kind(self) -> Kind {
        match self {
            Self::Notice => Kind::Notice,
            Self::Amendment => Kind::Agreement,
            Self::KeyRotation => Kind::KeyRotation,
        }
    }

    /// The action that answers it: the owner's, or of a rotation the platform's, when the keys say so.
    pub const fn answer(self) -> &'static str {
        match self {
            Self::Notice => "acknowledge",
            Self::Amendment => "sign",
            Self::KeyRotation => "rotate",
        }
    }

    /// The states in which that action answers it; in another it would answer something else, as a renewal is signed as well.
    pub const fn answered_in(self) -> [&'static str; 2] {
        match self {
            Self::Notice => [NoticeState::Sent.as_str(); 2],
            Self::Amendment => [AgreementState::InForce.as_str(), AgreementState::Unsigned.as_str()],
            Self::KeyRotation => [RotationState::Asked.as_str(); 2],
        }
    }

    /// Whether it can be put to a channel at all.
    ///
    /// # Errors
    /// `sending.gone`; `sending.signs_none` of another text (CH-9.3e).
    pub const fn concerns(self, phase: Phase, class: Class) -> Result<(), Refusal> {
        if matches!(phase, Phase::Exited | Phase::Terminated) {
            return Err(Refusal::Gone);
        }
        match self {
            Self::Amendment if !needs_agreement(class) => Err(Refusal::SignsNone),
            Self::Notice | Self::Amendment | Self::KeyRotation => Ok(()),
        }
    }

    /// Where a channel stands.
    pub fn standing(self, seen: Seen<'_>) -> Standing {
        let failed = match self {
            Self::Notice => Some(NoticeState::Missed.as_str()),
            Self::Amendment => Some(AgreementState::Unsigned.as_str()),
            // Nothing becomes of it but that the day is over.
            Self::KeyRotation => None,
        };
        if seen.has_answered {
            Standing::Answered
        } else if seen.is_overdue || failed == Some(seen.state) {
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
    use crate::parameter::{Name, Parameters};

    const OPEN: Seen<'_> = Seen { state: "sent", has_answered: false, has_ended: false, is_overdue: false };

    /// CH-17.1, CH-25.2, CH-26.2: what answers a sending is an action of the owner in that kind of matter; a rotation, what the
    /// platform finds.
    #[test]
    fn a_sending_is_answered_by_the_owner_alone_and_a_rotation_by_nobody() {
        for content in Content::ALL {
            let by = if *content == Content::KeyRotation { Party::Platform } else { Party::Owner };
            let actions = (life(content.kind()).workflow)().actions;
            let answer = actions.iter().find(|shown| shown.action == content.answer()).unwrap();
            assert_eq!(answer.rule.by, [by], "{content}");
            let edges = (life(content.kind()).workflow)().edges;
            for state in content.answered_in() {
                assert!(
                    edges.iter().any(|edge| (edge.from, edge.action) == (state, content.answer())),
                    "{state}"
                );
            }
        }
    }

    /// It begins once, or never.
    #[test]
    fn what_is_planned_is_sent_or_cancelled_or_fails_and_nothing_follows() {
        for action in Action::ALL {
            assert!(State::Planned.next(*action).is_ok(), "{action}");
            for over in [State::Sent, State::Cancelled, State::Failed] {
                assert_eq!(over.next(*action), Err(Refusal::NotPlanned), "{over} {action}");
            }
        }
        assert_eq!(State::Planned.next(Action::Send), Ok(State::Sent));
        assert_eq!(State::Planned.next(Action::Cancel), Ok(State::Cancelled));
        assert_eq!(State::Planned.next(Action::Fail), Ok(State::Failed));
    }

    #[test]
    fn a_plan_lies_ahead_and_not_too_far() {
        let now = Timestamp::from_seconds(1_000_000);
        let most = Parameters::standard().get(Name::SendingAhead, now.business_date());
        let after = |micros: i64| Timestamp::from_micros(now.as_micros() + micros);
        let limit = 90 * 86_400 * 1_000_000;
        assert_eq!(ahead(now, now, most), Err(Refusal::Past));
        assert_eq!(ahead(now, after(1), most), Ok(()));
        assert_eq!(ahead(now, after(limit), most), Ok(()));
        assert_eq!(ahead(now, after(limit + 1), most), Err(Refusal::Far { most: 90 }));
    }

    /// CH-9.3e: another text concerns the classes that sign an agreement, a notice every channel that is one still.
    #[test]
    fn what_has_ended_or_signs_nothing_is_not_concerned() {
        for phase in Phase::ALL {
            let is_gone = matches!(phase, Phase::Exited | Phase::Terminated);
            let expected = if is_gone { Err(Refusal::Gone) } else { Ok(()) };
            assert_eq!(Content::Notice.concerns(*phase, Class::Government), expected, "{phase}");
            assert_eq!(Content::Amendment.concerns(*phase, Class::Social), expected, "{phase}");
        }
        assert_eq!(Content::KeyRotation.concerns(Phase::Live, Class::Government), Ok(()));
        let government = Content::Amendment.concerns(Phase::Live, Class::Government);
        assert_eq!(government, Err(Refusal::SignsNone));
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

    /// CH-26.2: whoever has not rotated when the day is over is late, until the keys say otherwise.
    #[test]
    fn a_rotation_is_late_until_the_keys_say_so() {
        let stands = |seen| Content::KeyRotation.standing(seen);
        let asked = Seen { state: "asked", ..OPEN };
        assert_eq!(stands(asked), Standing::Open);
        assert_eq!(stands(Seen { is_overdue: true, ..asked }), Standing::Late);
        assert_eq!(stands(Seen { is_overdue: true, has_answered: true, ..asked }), Standing::Answered);
        assert_eq!(stands(Seen { state: "withdrawn", has_ended: true, ..asked }), Standing::Dropped);
    }
}
