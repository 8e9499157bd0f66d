//! What an account is owed: the messages to its office since the last letter, and what waits for the office and was not told so.
//!
//! Invariants. Rights are asked here, as the account is now: whoever may not look at matters, or acts for no office, is owed
//! nothing. Whatever is gathered counts as told only when a letter with it was taken; what was gathered and is not wanted counts
//! at once, so that it does not come later. A message is gathered when it was placed in a batch, which it is once its transaction has ended.

use super::letter::{Digest, Line};
use super::service::Wish;
use crate::Error;
use crate::auth::Staff;
use crate::matter::list::{SOON_DAYS, waiting_for};
use crate::matter::message::{Told, told_in};
use crate::matter::service::acts_as;
use domain::export::Language;
use domain::id::StaffId;
use domain::matter::By;
use domain::notification::{Category, Nearness, Turn};
use domain::org::{Operation, allows};
use domain::time::{BusinessDate, Timestamp};
use std::collections::HashMap;
use store::ReadTx;
use store::matter::{MatterRow, WaitRow};
use store::notification::AddressRow;

/// Messages of one letter; of more the newest are told, and the others are on the page.
const MESSAGES: usize = 500;
/// Bytes of a mark.
const MARK: usize = 8;

/// What an account is owed, and what counts as told with it.
#[derive(Debug)]
pub(super) struct Owed {
    /// What the letter says; nothing when there is none to send.
    pub digest: Digest,
    /// The language that it says it in.
    pub language: Language,
    /// Messages up to this batch are told then.
    pub told_batch: i64,
    /// What waits as it is then.
    pub told_waits: Vec<u8>,
    /// What makes a letter the same one when it is sent again: whose it is, and everything that it tells.
    pub name: String,
}

impl Owed {
    /// Whether there is no letter to send.
    pub(super) fn is_nothing(&self) -> bool {
        self.digest.waits.is_empty() && self.digest.messages.is_empty()
    }
}

/// The moment of whoever gathers.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moment {
    /// Real time, by which an account is looked at.
    pub at: Timestamp,
    /// The business day, by which last days are near.
    pub today: BusinessDate,
}

/// Gathers what the account behind an address is owed.
pub(super) fn gather(tx: &mut ReadTx<'_>, row: &AddressRow, moment: Moment) -> Result<Owed, Error> {
    let wish = Wish::of(&store::notification::get(tx, &row.staff_id)?)?;
    let mut owed = Owed {
        digest: Digest::default(),
        language: wish.language,
        told_batch: store::message::last_batch(tx)?,
        told_waits: Vec::new(),
        name: String::new(),
    };
    let staff = Staff::absent(tx, StaffId::from_bytes(row.staff_id), moment.at)?;
    let staff = staff.filter(|staff| allows(staff.role, Operation::MatterRead));
    let Some((staff, by)) = staff.and_then(|staff| acts_as(&staff).map(|by| (staff, by))) else {
        return Ok(owed);
    };
    let mut named = row.staff_id.to_vec();
    let batches = (row.told_batch, owed.told_batch);
    let told = told_in(tx, (&staff, &by), batches, &row.told_before, MESSAGES)?;
    let told: Vec<Told> =
        told.into_iter().filter(|one| wish.preferences.mails(one.category, Turn::Told)).collect();
    named.extend(told.iter().flat_map(|one| one.row.id));
    owed.digest.messages = by_matter(told);
    for (wait, matter) in waiting_for(tx, &staff, &by)? {
        let (mark, line, turn) = seen(&wait, &matter, &by, moment.today)?;
        owed.told_waits.extend(mark);
        let is_new = !row.told_waits.chunks_exact(MARK).any(|known| known == mark);
        if is_new && wish.preferences.mails(line.category, turn) {
            named.extend(mark);
            owed.digest.waits.push(line);
        }
    }
    let digest = gm::sm3::digest(&named);
    owed.name = data_encoding::HEXLOWER.encode(&digest[..16]);
    Ok(owed)
}

/// One line for all that was told of a matter, in the order of what was told first.
fn by_matter(told: Vec<Told>) -> Vec<Line> {
    let (mut lines, mut places) = (Vec::<Line>::new(), HashMap::new());
    for one in told {
        let place = *places.entry(one.row.matter_id).or_insert(lines.len());
        match lines.get_mut(place) {
            Some(line) => line.messages += 1,
            None => lines.push(Line {
                category: one.category,
                title: one.matter_title,
                channel: one.channel_name,
                messages: 1,
                due: None,
            }),
        }
    }
    lines
}

/// What is known of a wait, as it stands: its mark is another one when its last day comes near or has passed.
fn seen(
    wait: &WaitRow,
    matter: &MatterRow,
    by: &By,
    today: BusinessDate,
) -> Result<([u8; MARK], Line, Turn), Error> {
    let due_on = wait.due_on.as_deref().map(str::parse::<BusinessDate>).transpose()?;
    let nearness = Nearness::of(due_on, today, SOON_DAYS);
    let stage = match nearness {
        Nearness::Far => b"far",
        Nearness::Soon => b"due",
        Nearness::Past => b"old",
    };
    let parts: [&[u8]; 6] = [
        &wait.matter_id,
        by.party.as_str().as_bytes(),
        b"\n",
        wait.task.as_bytes(),
        &wait.since.to_be_bytes(),
        stage,
    ];
    let digest = gm::sm3::digest_parts(&parts);
    let mut mark = [0; MARK];
    mark.copy_from_slice(&digest[..MARK]);
    let kind = matter.kind.parse().map_err(|_| Error::internal("a stored kind is unknown"))?;
    let line = Line {
        category: Category::of(Some(kind)),
        title: Some(matter.title.clone()),
        channel: None,
        messages: 0,
        due: due_on.map(|day| (day, nearness)),
    };
    Ok((mark, line, if due_on.is_some() { Turn::Due } else { Turn::Open }))
}
