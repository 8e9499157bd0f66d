//! The batch that looks at the tables before claims are decided: which of them can hold, so that no real-person check
//! is spent on one that cannot. Nothing is written and nothing locked; every check is made again by the claim itself.

use super::claim::check_card;
use crate::Error;
use crate::auth::Caller;
use crate::authority::Authority;
use domain::division::DivisionCode;
use domain::identity::Shard;
use domain::time::Timestamp;
use store::ecard::claim::ClaimKey;
use store::{Batch, StoreError, WriteTx};

/// A claim to look at.
#[derive(Debug, Clone)]
pub struct Command {
    /// The channel.
    pub caller: Caller,
    /// The person's shard.
    pub shard: Shard,
    /// Index of the document.
    pub document_index: [u8; 32],
    /// Index of the name.
    pub name_index: [u8; 32],
    /// 卡号, if the holder says.
    pub number: Option<String>,
    /// Issuing division, if the holder says.
    pub division: Option<DivisionCode>,
    /// Business time.
    pub now: Timestamp,
}

/// What a look at the tables says about a claim.
#[derive(Debug, Clone, Copy, Default)]
pub struct Seen {
    /// Person and card stand where they must.
    pub passes: bool,
    /// The binding that the channel has already.
    pub binding: Option<[u8; 16]>,
    /// A password exists.
    pub password_set: bool,
}

/// The lane of looks.
pub struct Preview;

impl Batch for Preview {
    type Command = Command;
    type Outcome = Result<Seen, Error>;

    fn run(tx: &mut WriteTx<'_>, commands: &[Command]) -> Result<Vec<Self::Outcome>, StoreError> {
        let mut authority = Authority::recall(tx)?;
        let divisions: Vec<_> = commands.iter().map(|c| c.division.map(|code| code.to_string())).collect();
        let keys: Vec<_> = commands
            .iter()
            .zip(&divisions)
            .map(|(c, division)| {
                let key = ClaimKey {
                    shard: i64::from(c.shard.get()),
                    document_index: &c.document_index,
                    number: c.number.as_deref(),
                    division: division.as_deref(),
                };
                (key, c.caller.id)
            })
            .collect();
        let found = store::ecard::claim::preview_each(tx, &keys)?;
        let outcomes = commands.iter().zip(found).map(|(command, found)| {
            authority.admit(tx, &command.caller)?;
            // Who does not know the name learns nothing of the person.
            let found = found.filter(|found| found.name_index == command.name_index);
            Ok(found.map_or_else(Seen::default, |found| Seen {
                passes: found.card.is_some_and(|card| check_card(&card, command.now).is_ok()),
                binding: found.binding,
                password_set: found.password_set,
            }))
        });
        let outcomes = outcomes.collect();
        tx.keep(authority);
        Ok(outcomes)
    }
}
