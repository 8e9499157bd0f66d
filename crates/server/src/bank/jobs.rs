//! The jobs that ask the bank: outside any transaction, under the movement's own reference, as often as it takes.

use super::{Answer, Bank, Movement, NoAnswer};
use crate::job::{Handlers, Job};
use crate::payment::outcome::{self, Moment, QUERY};
use crate::payment::refund::REFUND;
use crate::payment::service::{DEBIT, EXPIRE};
use crate::{Error, World};
use domain::id::TopupId;
use domain::locator::Locator;
use domain::parameter::Name;
use domain::payment::{BankAnswer, BankReason, Status};
use domain::time::Timestamp;
use store::{ReadTx, WriteTx};

/// Adds the jobs of this module.
#[must_use]
pub fn register(handlers: Handlers) -> Handlers {
    handlers.on(DEBIT, debit).on(QUERY, query).on(REFUND, refund).on(EXPIRE, expire)
}

/// What a job is about.
#[derive(Debug, Clone)]
enum Subject {
    Payment(Locator),
    Refund(Locator, String),
    Topup(TopupId),
}

fn subject(text: &str) -> Result<Subject, Error> {
    let payment = |text| Locator::parse(Locator::PAYMENT, text);
    Ok(match text.split_once('/') {
        Some((text, refund_no)) => Subject::Refund(payment(text)?, refund_no.to_owned()),
        None if text.starts_with(TopupId::PREFIX) => Subject::Topup(text.parse()?),
        None => Subject::Payment(payment(text)?),
    })
}

/// A movement, and when it was first wanted.
struct Wanted {
    movement: Movement,
    created_at: Timestamp,
}

fn wanted(world: &World, reference: &str, ecard: &[u8; 16], amount_fen: i64, created_at: i64) -> Wanted {
    let token = world.keys().ring().pseudonym(ecard, b"the linked bank.");
    let account = data_encoding::HEXLOWER.encode(&token);
    let movement = Movement { reference: reference.to_owned(), account, amount_fen };
    Wanted { movement, created_at: Timestamp::from_micros(created_at) }
}

type Ask = fn(&dyn Bank, &Movement) -> Result<Answer, NoAnswer>;

/// Asks away from the async threads. A bank that does not know a movement is believed once the movement is old
/// enough; until then it may still be on its way there.
async fn ask(world: &World, wanted: &Wanted, ask: Ask) -> Result<BankAnswer, Error> {
    let (bank, movement) = (world.bank(), wanted.movement.clone());
    let answer = tokio::task::spawn_blocking(move || ask(&*bank, &movement)).await;
    let answer = answer.map_err(|_| Error::internal("asking the bank broke an invariant"))?;
    let now = world.now();
    let ttl = world.parameter(Name::PaymentPendingTtl);
    Ok(match answer {
        Ok(Answer::Succeeded) => BankAnswer::Succeeded,
        Ok(Answer::Failed(reason)) => BankAnswer::Failed(reason),
        Ok(Answer::NotFound) if now.is_at_least_after(wanted.created_at, ttl) => {
            BankAnswer::Failed(BankReason::Declined)
        }
        Ok(Answer::NotFound | Answer::Processing) | Err(NoAnswer) => BankAnswer::Unknown,
    })
}

/// Ends the job with the effect of the answer.
async fn settle(world: World, job: Job, subject: Subject, answer: BankAnswer) -> Result<(), Error> {
    let (now, ring) = (world.now(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            job.finish(tx)?;
            let moment = Moment { now, ring: &ring };
            match &subject {
                Subject::Payment(payment) => outcome::payment(tx, &moment, *payment, answer),
                Subject::Refund(payment, number) => outcome::refund(tx, &moment, (*payment, number), answer),
                Subject::Topup(id) => outcome::topup(tx, &moment, *id, answer),
            }
        })
        .await
}

/// Asks for the money of a payment or top-up.
async fn debit(world: World, job: Job) -> Result<(), Error> {
    let about = subject(job.subject())?;
    let name = job.subject().to_owned();
    let wanted = match &about {
        Subject::Payment(payment) => {
            let payment = *payment;
            let submitted = world.db().write(move |tx: &mut WriteTx<'_>| {
                tx.unaudited("the bank is about to be asked; its answer is recorded");
                outcome::submit(tx, payment)
            });
            let Some(row) = submitted.await? else { return Ok(()) };
            wanted(&world, &name, &row.ecard_id, row.amount_fen, row.created_at)
        }
        Subject::Topup(id) => {
            let Some(row) = topup(&world, *id).await? else { return Ok(()) };
            if row.state != Status::Pending.as_str() {
                return Ok(());
            }
            wanted(&world, &name, &row.ecard_id, row.amount_fen, row.created_at)
        }
        Subject::Refund(..) => return Err(Error::internal("a refund is not debited")),
    };
    let answer = ask(&world, &wanted, |bank, movement| bank.debit(movement)).await?;
    settle(world, job, about, answer).await
}

async fn topup(world: &World, id: TopupId) -> Result<Option<store::topup::TopupRow>, Error> {
    let shard = i64::from(id.shard().get());
    Ok(world.db().read(move |tx| store::topup::find(tx, shard, id.as_bytes())).await?)
}

/// Asks what became of a movement.
async fn query(world: World, job: Job) -> Result<(), Error> {
    let about = subject(job.subject())?;
    let wanted = existing(&world, &about, job.subject()).await?;
    let answer = ask(&world, &wanted, |bank, movement| bank.query(&movement.reference)).await?;
    settle(world, job, about, answer).await
}

/// Gives money back: a refund, or what came in for a payment that had been given up.
async fn refund(world: World, job: Job) -> Result<(), Error> {
    let about = subject(job.subject())?;
    let mut wanted = existing(&world, &about, job.subject()).await?;
    let Subject::Payment(payment) = about else {
        let answer = ask(&world, &wanted, |bank, movement| bank.credit(movement)).await?;
        return settle(world, job, about, answer).await;
    };
    wanted.movement.reference.push_str("#late");
    match ask(&world, &wanted, |bank, movement| bank.credit(movement)).await? {
        BankAnswer::Succeeded => {}
        // The money stays in suspense, where everybody sees it, and the job is taken again.
        other => return Err(Error::internal(format!("the bank did not take late money back: {other:?}"))),
    }
    let (now, ring) = (world.now(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            job.finish(tx)?;
            outcome::returned(tx, &Moment { now, ring: &ring }, payment)
        })
        .await
}

/// Closes a payment that no bank was asked about in its time.
async fn expire(world: World, job: Job) -> Result<(), Error> {
    let Subject::Payment(payment) = subject(job.subject())? else {
        return Err(Error::internal("only a payment expires"));
    };
    let (now, ring) = (world.now(), world.keys().ring());
    world
        .db()
        .write(move |tx| {
            job.finish(tx)?;
            outcome::expire(tx, &Moment { now, ring: &ring }, payment)
        })
        .await
}

async fn existing(world: &World, about: &Subject, name: &str) -> Result<Wanted, Error> {
    let about = about.clone();
    let read = move |tx: &mut ReadTx<'_>| -> Result<Option<([u8; 16], i64, i64)>, Error> {
        Ok(match &about {
            Subject::Payment(payment) => store::payment::find(tx, crate::payment::key_of(payment))?
                .map(|row| (row.ecard_id, row.amount_fen, row.created_at)),
            Subject::Topup(id) => store::topup::find(tx, i64::from(id.shard().get()), id.as_bytes())?
                .map(|row| (row.ecard_id, row.amount_fen, row.created_at)),
            Subject::Refund(payment, number) => {
                let key = crate::payment::key_of(payment);
                let refund = store::refund::find(tx, key, number)?;
                let payment = store::payment::find(tx, key)?;
                refund.zip(payment).map(|(refund, row)| (row.ecard_id, refund.amount_fen, refund.created_at))
            }
        })
    };
    let found = world.db().read(read).await?;
    let (ecard, amount_fen, created_at) = found.ok_or_else(|| Error::internal("nothing is known of it"))?;
    Ok(wanted(world, name, &ecard, amount_fen, created_at))
}
