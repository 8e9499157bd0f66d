//! Suggestions of a channel: product wishes, problems in running, technical problems (CH-21.1).
//!
//! Invariant: an answered suggestion says who answered and when; it can be withdrawn only before. Votes are not
//! here: a channel sees its own suggestions only.

use crate::matter::{self, By, Kind, Matter, Need, Party, Refused, Rule, Scene, Step, Wait};
use crate::name::names;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

names! {
    /// What a suggestion is about (CH-21.1).
    Topic {
        /// 产品需求建议.
        Product = "product",
        /// 运营问题.
        Running = "running",
        /// 技术问题.
        Technical = "technical",
    }
    /// Where it stands.
    State {
        /// Waits for an answer.
        Filed = "filed",
        /// Answered.
        Answered = "answered",
        /// Taken back by the channel.
        Withdrawn = "withdrawn",
    }
    /// What is done to it.
    Action {
        /// The operator answers.
        Answer = "answer",
        /// The channel takes it back.
        Withdraw = "withdraw",
    }
}

/// A suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SuggestionBody))]
pub struct Suggestion {
    state: State,
    topic: Topic,
    subject: String,
    words: String,
    filed_by: By,
    answer: Option<Answer>,
}

/// What the operator answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SuggestionAnswer))]
pub struct Answer {
    words: String,
    by: By,
    at: Timestamp,
}

/// What a channel files.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SuggestionOpening))]
#[serde(deny_unknown_fields)]
pub struct Opening {
    topic: Topic,
    subject: String,
    words: String,
}

/// What an action brings.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = SuggestionInput))]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Input {
    /// The operator's answer.
    Answer {
        /// The answer.
        words: String,
    },
    /// Nothing more to say.
    Withdraw {},
}

impl Matter for Suggestion {
    const KIND: Kind = Kind::Suggestion;
    const OPENED_BY: &'static [Party] = &[Party::Owner];
    type State = State;
    type Action = Action;
    type Opening = Opening;
    type Input = Input;

    fn open(opening: Opening, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        let mut faults = matter::Faults::default();
        faults.take("/subject", matter::words(&opening.subject));
        faults.take("/words", matter::words(&opening.words));
        faults.check()?;
        scene.channel()?;
        Ok(Step::plain(Self {
            state: State::Filed,
            topic: opening.topic,
            subject: opening.subject,
            words: opening.words,
            filed_by: scene.by,
            answer: None,
        }))
    }

    fn state(&self) -> State {
        self.state
    }

    fn next(state: State, action: Action) -> &'static [State] {
        match (state, action) {
            (State::Filed, Action::Answer) => &[State::Answered],
            (State::Filed, Action::Withdraw) => &[State::Withdrawn],
            (State::Answered | State::Withdrawn, Action::Answer | Action::Withdraw) => &[],
        }
    }

    fn rule(action: Action) -> Rule {
        let (by, zh, en, needs): (&[Party], _, _, &[Need]) = match action {
            Action::Answer => (&[Party::Operator], "答复", "Answer", &[Need::Words]),
            Action::Withdraw => (&[Party::Owner], "撤回", "Withdraw", &[]),
        };
        Rule { by, zh, en, clause: "CH-21.1", needs }
    }

    fn action(input: &Input) -> Action {
        match input {
            Input::Answer { .. } => Action::Answer,
            Input::Withdraw {} => Action::Withdraw,
        }
    }

    fn act(self, input: Input, scene: &Scene<'_>) -> Result<Step<Self>, Refused> {
        match input {
            Input::Answer { words } => {
                matter::words(&words)?;
                let answer = Some(Answer { words, by: scene.by, at: scene.at });
                Ok(Step::plain(Self { state: State::Answered, answer, ..self }))
            }
            Input::Withdraw {} => Ok(Step::plain(Self { state: State::Withdrawn, ..self })),
        }
    }

    fn waits(&self, _: &Scene<'_>) -> Vec<Wait> {
        match self.state {
            State::Filed => {
                vec![Wait { party: Party::Operator, division: None, task: "answer", deadline: None }]
            }
            State::Answered | State::Withdrawn => Vec::new(),
        }
    }

    fn title(&self) -> String {
        self.subject.clone()
    }
}

#[cfg(test)]
mod tests {
    use crate::matter::{Kind, Party, Refused, testing::Play};

    const FILED: &str = r#"{"topic":"product","subject":"长辈版","words":"字号再大一些"}"#;

    /// CH-21.1.
    #[test]
    fn a_channel_suggests_and_the_operator_answers() {
        let mut play = Play::channel(Kind::Suggestion);
        play.open(Party::Owner, FILED).unwrap();
        assert_eq!(play.actions(Party::Owner), ["withdraw"]);
        assert_eq!(play.actions(Party::Operator), ["answer"]);
        assert_eq!(play.actions(Party::Ministry), [""; 0]);
        assert_eq!(play.waits(), ["operator:answer"]);
        play.act(Party::Operator, r#"{"action":"answer","words":"已列入计划"}"#).unwrap();
        assert_eq!(play.state(), "answered");
        assert!(play.is_ended() && play.waits().is_empty());
        assert_eq!(play.refused(Party::Owner, r#"{"action":"withdraw"}"#), "matter.transition");
    }

    /// CH-21.1: three kinds and no others; every wrong field is named.
    #[test]
    fn a_suggestion_has_one_of_three_topics_and_says_something() {
        let mut play = Play::channel(Kind::Suggestion);
        for topic in ["product", "running", "technical"] {
            play.open(Party::Owner, &FILED.replace("product", topic)).unwrap();
        }
        let wrong = play.open(Party::Owner, &FILED.replace("product", "praise")).unwrap_err();
        assert!(matches!(wrong, Refused::Unreadable { pointer, .. } if pointer == "/topic"));
        let empty = play.open(Party::Owner, r#"{"topic":"product","subject":"","words":" "}"#).unwrap_err();
        let Refused::Fields(faults) = empty else { panic!("{empty:?}") };
        assert_eq!(faults.iter().map(|fault| &fault.pointer).collect::<Vec<_>>(), ["/subject", "/words"]);
        assert_eq!(play.open(Party::Operator, FILED).unwrap_err().code(), "matter.party");
    }
}
