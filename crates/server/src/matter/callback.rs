//! What a step does about the callback addresses of its channel, and whom it writes to.
//!
//! Invariant: both happen in the transaction of the step, and are on record under the authority of its matter.

use super::step::Course;
use crate::Error;
use crate::contact::letters;
use crate::notification::{Letter, leave};
use crate::webhook::change::Moving;
use domain::audit::{Record, Reference};
use domain::callback_change::Moved;
use domain::id::{ChannelId, LetterId, MatterId, WebhookId};
use domain::matter::{Kind, Stored};
use domain::notification::{MailAddress, Occasion};
use store::WriteTx;
use store::matter::MatterRow;

impl Course<'_> {
    /// [`carried`](Self::carried), and whoever is not to be called about the channel any more is written to.
    ///
    /// # Errors
    /// As there.
    pub(super) fn carry(
        &mut self,
        tx: &mut WriteTx<'_>,
        row: MatterRow,
        stored: Stored,
        words: Option<String>,
    ) -> Result<MatterRow, Error> {
        let before = self.contact(tx, &row)?;
        let row = self.carried(tx, row, stored, words)?;
        self.write_to_former(tx, &row, before)?;
        Ok(row)
    }

    /// The address of whoever is to be called about the channel, before a step of one of its applications: they alone tell it.
    ///
    /// # Errors
    /// The store's.
    fn contact(&self, tx: &mut WriteTx<'_>, row: &MatterRow) -> Result<Option<MailAddress>, Error> {
        match row.channel_id.map(ChannelId::from_bytes) {
            Some(channel) if row.kind == Kind::Application.as_str() => {
                letters::current(tx, &self.desk.ring, channel)
            }
            _ => Ok(None),
        }
    }

    /// Writes to the address of whoever was to be called before the step, if it is another one now (CH-16.3).
    ///
    /// # Errors
    /// The store's.
    fn write_to_former(
        &mut self,
        tx: &mut WriteTx<'_>,
        row: &MatterRow,
        before: Option<MailAddress>,
    ) -> Result<(), Error> {
        let Some(to) = before else { return Ok(()) };
        if self.contact(tx, row)?.as_ref() == Some(&to) {
            return Ok(());
        }
        let channel = row.channel_id.map(ChannelId::from_bytes);
        let letter =
            Letter { id: self.id(LetterId::make), occasion: Occasion::ContactChanged, channel, to: &to };
        leave(tx, &self.desk.ring, &letter, self.desk.at)
    }

    /// Writes to whoever is and lately was to be called about the channel.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn write_to_contacts(
        &mut self,
        tx: &mut WriteTx<'_>,
        channel: ChannelId,
        occasion: Occasion,
    ) -> Result<(), Error> {
        let ids = std::array::from_fn(|_| self.id(LetterId::make));
        letters::write(tx, &self.desk.ring, (channel, occasion), &ids, self.desk.at)
    }

    /// Puts an address in use.
    ///
    /// # Errors
    /// `request.fields` for an address that may not be named; the store's.
    pub(super) fn redirect(
        &mut self,
        tx: &mut WriteTx<'_>,
        channel: ChannelId,
        matter: MatterId,
        moved: &Moved,
    ) -> Result<(), Error> {
        let desk = self.desk;
        let moving = Moving { id: self.id(WebhookId::make), channel, at: desk.at, made_at: desk.made_at };
        let (id, action) = moving.put(tx, desk.world, moved)?;
        let mut record = Record::done(desk.at, self.actor(), action);
        record.object = Some(Reference::new(WebhookId::PREFIX, id.as_bytes()));
        record.origin = Some(Reference::new(ChannelId::PREFIX, channel.as_bytes()));
        record.authorization = Some(Reference::new(MatterId::PREFIX, matter.as_bytes()));
        tx.audit(&record);
        Ok(())
    }
}
