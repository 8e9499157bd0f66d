//! A channel in testing has its place to test in: the sandbox, under the same number, with its test keys (CH-9.1e).
//!
//! Invariant: what crosses from production to the sandbox is a number, a name, a scope and public keys that the
//! channel tests with; no production key, person, card or money. It crosses as a job, so it happens once the
//! registration has committed, and again until it has succeeded; a number that is there already is left alone.

use super::service::{owner_unit, row};
use crate::job::{Handlers, Job};
use crate::key::service::{NewKey, Owner};
use crate::{Error, World, WorldName, job};
use domain::audit::{Actor, Record, Reference};
use domain::channel::{AccessMode, Channel, ChannelNumber, Class, Form, Level, Phase, Registration, Scope};
use domain::division::DivisionCode;
use domain::id::{ChannelId, KeyId, OrgId};
use domain::key::proof::PublicKey;
use domain::service::ServiceCode;
use domain::time::Timestamp;
use serde::{Deserialize, Serialize};
use store::WriteTx;

/// The kind of the job.
const KIND: &str = "channel.test";

/// What crosses.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Crossing {
    number: ChannelNumber,
    name: String,
    owner_name: String,
    owner_uscc: Option<String>,
    class: Class,
    form: Form,
    form_name: Option<String>,
    access_mode: AccessMode,
    regions: Vec<DivisionCode>,
    services: Vec<ServiceCode>,
    keys: Vec<PublicKey>,
}

/// Leaves the crossing of a channel in the transaction that registers it; nothing when it brought no test keys.
///
/// # Errors
/// The store's.
pub fn leave(
    tx: &mut WriteTx<'_>,
    new: &Registration,
    number: ChannelNumber,
    owner: OrgId,
    now: Timestamp,
) -> Result<(), Error> {
    if new.test_keys.is_empty() {
        return Ok(());
    }
    let org = store::org::find(tx, owner.as_bytes())?.ok_or_else(Error::not_found)?;
    let crossing = Crossing {
        number,
        name: new.name.clone(),
        owner_name: org.name,
        owner_uscc: org.uscc,
        class: new.class,
        form: new.form,
        form_name: new.form_name.clone(),
        access_mode: new.access_mode,
        regions: new.scope.regions().to_vec(),
        services: new.scope.services().to_vec(),
        keys: new.test_keys.clone(),
    };
    let subject = serde_json::to_string(&crossing).map_err(|error| Error::internal(error.to_string()))?;
    job::enqueue(tx, KIND, &subject, now)
}

/// Does the jobs of this kind.
#[must_use]
pub fn register(handlers: Handlers) -> Handlers {
    handlers.on(KIND, |world, job: Job| async move {
        let crossing: Crossing =
            serde_json::from_str(job.subject()).map_err(|error| Error::internal(error.to_string()))?;
        if world.name() == WorldName::Sandbox {
            // It tests where it is already.
            return Ok(());
        }
        let sandbox =
            world.test_world().ok_or_else(|| Error::internal("there is no sandbox beside this world"))?;
        arrive(&sandbox, crossing).await
    })
}

async fn arrive(sandbox: &World, crossing: Crossing) -> Result<(), Error> {
    let (id, org, now) = (sandbox.id(ChannelId::make), sandbox.id(OrgId::make), sandbox.now());
    let keys: Vec<(KeyId, PublicKey)> =
        crossing.keys.iter().map(|key| (sandbox.id(KeyId::make), key.clone())).collect();
    sandbox
        .db()
        .write(move |tx| {
            if store::channel::has_number(tx, &crossing.number.to_string())? {
                tx.unaudited("the channel is here already");
                return Ok(());
            }
            let uscc = crossing.owner_uscc.as_deref().map(str::parse).transpose();
            let uscc = uscc.map_err(|_| Error::internal("a stored credit code is unreadable"))?;
            let uscc = uscc.ok_or_else(|| Error::internal("an owner unit without credit code"))?;
            let owner = owner_unit(tx, &crossing.owner_name, &uscc, org, now)?;
            let channel = Channel {
                id,
                number: crossing.number,
                name: crossing.name.clone(),
                owner: OrgId::from_bytes(owner.id),
                class: crossing.class,
                level: Level::One,
                parent: None,
                relation: None,
                form: crossing.form,
                access_mode: crossing.access_mode,
                scope: Scope::new(crossing.regions.clone(), crossing.services.clone())?,
                is_platform_level: false,
                phase: Phase::Live,
                live_at: Some(now),
                measures: Vec::new(),
            };
            store::channel::insert(tx, &row(&channel, crossing.form_name.clone(), now))?;
            let mut record =
                Record::done(now, Actor::System, "channel.created").changing(super::life::coming(&channel));
            record.object = Some(Reference::new(ChannelId::PREFIX, id.as_bytes()));
            tx.audit(&record);
            for (key_id, sent) in &keys {
                let (usage, label) = (sent.usage, sent.label.clone());
                let new = NewKey { id: *key_id, usage, key: super::life::point(sent)?, label };
                crate::key::service::insert(tx, Owner::Channel(id), &new, now, Actor::System)?;
            }
            Ok(())
        })
        .await
}
