//! What the own account wants to be told.

use super::address::{self, Pending, opened};
use crate::auth::Staff;
use crate::{Error, World};
use domain::audit::{Change, Record};
use domain::export::Language;
use domain::notification::{AddressState, MailAddress, Preferences};
use domain::parameter::Name;
use domain::time::Timestamp;
use store::notification::{AddressRow, NotificationRow};

/// Everything that an account has set, and whether it comes to anything.
#[derive(Debug)]
pub struct View {
    /// What it wants.
    pub preferences: Preferences,
    /// The language of its mail.
    pub language: Language,
    /// Where its mail goes.
    pub address: Option<Reached>,
    /// What waits for its code.
    pub pending: Option<Pending>,
    /// Whether there is a relay.
    pub is_mail_sent: bool,
    /// Seconds for which messages are gathered.
    pub interval: i64,
    /// Optimistic version.
    pub version: i64,
}

/// Where mail goes, and how it went.
#[derive(Debug)]
pub struct Reached {
    /// The address.
    pub address: MailAddress,
    /// Whether mail goes there.
    pub state: AddressState,
    /// How it went.
    pub row: AddressRow,
}

/// What an account wants to be told.
#[derive(Debug, Clone)]
pub struct Wish {
    /// What is shown and mailed.
    pub preferences: Preferences,
    /// The language of the mail.
    pub language: Language,
}

impl Wish {
    /// What is stored.
    ///
    /// # Errors
    /// A fault of ours.
    pub(super) fn of(row: &NotificationRow) -> Result<Self, Error> {
        let unknown = |what: &str| Error::internal(format!("a stored {what} is unknown"));
        let preferences = Preferences::stored(&row.muted, &row.unmailed);
        Ok(Self {
            preferences: preferences.map_err(|_| unknown("category"))?,
            language: row.language.parse().map_err(|_| unknown("language"))?,
        })
    }
}

/// What the own account has set.
///
/// # Errors
/// The store's.
pub async fn get(world: &World, staff: &Staff) -> Result<View, Error> {
    let id = *staff.id.as_bytes();
    let (row, address, code) = world
        .db()
        .read(move |tx| {
            let row = store::notification::get(tx, &id)?;
            let address = store::notification::find_address(tx, &id)?;
            Ok::<_, Error>((row, address, store::notification::find_code(tx, &id)?))
        })
        .await?;
    let ring = world.keys().ring();
    let reached = |row: AddressRow| {
        Ok::<_, Error>(Reached {
            address: opened(&ring, &row.staff_id, row.key_version, &row.sealed)?,
            state: row.state.parse().map_err(|_| Error::internal("a stored state is unknown"))?,
            row,
        })
    };
    let Wish { preferences, language } = Wish::of(&row)?;
    let most = world.parameter(Name::MailCodeErrors);
    let pending = code.map(|row| address::pending(&ring, &row, world.real_now(), most)).transpose()?;
    Ok(View {
        preferences,
        language,
        address: address.map(reached).transpose()?,
        pending: pending.flatten(),
        is_mail_sent: world.relay().is_some(),
        interval: world.parameter(Name::MailInterval),
        version: row.version,
    })
}

/// Sets what the own account wants, if that still has this version.
///
/// # Errors
/// `resource.stale`.
pub async fn set(world: &World, staff: &Staff, version: i64, wish: Wish) -> Result<View, Error> {
    let (id, org, actor, now) = (*staff.id.as_bytes(), *staff.org.as_bytes(), staff.actor(), world.now());
    world
        .db()
        .write(move |tx| {
            // The lock makes two who set it at once wait for each other.
            store::org::lock_staff_of(tx, &org, &id)?.ok_or_else(Error::not_found)?;
            let before = store::notification::get(tx, &id)?;
            let row = NotificationRow {
                staff_id: id,
                muted: wish.preferences.muted().to_string(),
                unmailed: wish.preferences.unmailed().to_string(),
                language: wish.language.to_string(),
                version,
            };
            store::notification::replace(tx, &row)?;
            let old = Wish::of(&before)?.preferences;
            let muted = Change::of_list("muted", old.muted().as_slice(), wish.preferences.muted().as_slice());
            let unmailed = Change::of_list(
                "unmailed",
                old.unmailed().as_slice(),
                wish.preferences.unmailed().as_slice(),
            );
            let turned = Change::turned("language", &before.language, &row.language);
            let changes = muted.into_iter().chain(unmailed).chain([turned]);
            tx.audit(&Record::done(now, actor, "notification.set").changing(changes));
            Ok::<_, Error>(())
        })
        .await?;
    get(world, staff).await
}

/// The moment as it is shown.
pub(super) fn shown(micros: i64) -> String {
    Timestamp::from_micros(micros).to_string()
}
