//! Making the file of an export: a job that takes long, one at a time on each server.
//!
//! Invariant: what is read is read as the owner sees it at that moment, asked for every page; between two pages it rests as long
//! as the last one took, so that a long list takes no more than half of one reader from those who wait for an answer.
//! An attempt writes a file of its own; one that lost its lease writes nothing more about the export and takes its file away.

use super::file::{self, Heading, Part, Written};
use super::service::{is_as_begun, record, remove, state};
use super::source::{Place, Source};
use crate::attachment::service::{on_shelf, put, settle};
use crate::auth::Staff;
use crate::job::{Handlers, Job};
use crate::{Error, World};
use domain::export::{Action, Format, Language, State, rows};
use domain::id::{AttachmentId, ExportId, StaffId};
use std::time::{Duration, Instant};
use store::export::ExportRow;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn, spawn_blocking};

/// The kind of its job.
pub const KIND: &str = "export.make";
/// Attempts, those that were broken off included: what brings a server down must not do it for ever.
const ATTEMPTS: u32 = 3;
/// How long after a fault it is tried again, seconds.
const AGAIN_SECONDS: i64 = 30;
/// How often it is written how far it has come; the lease is renewed with it, so much sooner than it ends.
const PROGRESS: Duration = Duration::from_secs(1);
/// Pages that wait to be written.
const AHEAD: usize = 2;

/// Adds what to do for [`KIND`].
#[must_use]
pub fn register(handlers: Handlers) -> Handlers {
    handlers.on_long(KIND, attempt)
}

async fn attempt(world: World, job: Job) -> Result<(), Error> {
    let id: ExportId = job.subject().parse()?;
    let file = world.id(AttachmentId::make);
    // The file of an attempt that was broken off, before its place is another's.
    let before = world.db().read(move |tx| store::export::find(tx, id.as_bytes())).await?;
    if let Some(row) = before.filter(|row| matches!(state(row), Ok(State::Waiting | State::Running))) {
        remove(&world, row.file_id).await?;
    }
    let held = job.clone();
    let begun = world.db().write(move |tx| {
        tx.unaudited("an attempt to make an export begins");
        let row = store::export::lock(tx, id.as_bytes())?;
        let next = row.as_ref().map(state).transpose()?.and_then(|state| state.next(Action::Begin));
        let (Some(row), Some(next)) = (row, next) else {
            held.finish(tx)?;
            return Ok(None);
        };
        let row = ExportRow { state: next.to_string(), row_count: 0, file_id: Some(*file.as_bytes()), ..row };
        store::export::update(tx, &row)?;
        Ok::<_, Error>(Some(ExportRow { version: row.version + 1, ..row }))
    });
    let Some(row) = begun.await? else { return Ok(()) };
    let mut making = Making { world, job, row };
    match making.make().await {
        Ok(()) => Ok(()),
        Err(error) => making.fail(&error).await,
    }
}

/// An attempt under way.
struct Making {
    world: World,
    job: Job,
    row: ExportRow,
}

impl Making {
    async fn make(&mut self) -> Result<(), Error> {
        if self.job.attempt() > ATTEMPTS {
            return Err(Error::internal("every attempt at it was broken off"));
        }
        let row = &self.row;
        let source = Source::stored(&row.list, row.object_id.as_deref(), &row.filter)?;
        let (language, format): (Language, Format) = (row.language.parse()?, row.format.parse()?);
        let heading = self.heading(&source, language).await?;
        let (sender, mut receiver) = mpsc::channel(AHEAD);
        let writing = spawn_blocking(move || file::write(format, &heading, &mut receiver));
        self.read(&source, (language, format), &sender).await?;
        drop(sender);
        let written = self.meanwhile(writing).await??;
        let written = written.ok_or_else(|| Error::internal("the file of an export has no end"))?;
        self.keep(&source, written).await
    }

    /// Reads all rows and hands them on.
    async fn read(
        &mut self,
        source: &Source,
        (language, format): (Language, Format),
        sender: &mpsc::Sender<Part>,
    ) -> Result<(), Error> {
        let (mut place, mut told) = (Place::Start, Instant::now());
        loop {
            let began = Instant::now();
            let owner = self.owner().await?;
            let page = source.page(&self.world, &owner, place, language).await?;
            self.row.row_count += i64::try_from(page.rows.len()).unwrap_or(i64::MAX);
            rows(format, self.row.row_count)?;
            // A writer that failed takes no more, and says why when it is asked.
            if sender.send(Part::Rows(page.rows)).await.is_err() {
                return Ok(());
            }
            let Some(next) = page.next else {
                _ = sender.send(Part::End).await;
                return Ok(());
            };
            place = next;
            if told.elapsed() >= PROGRESS {
                self.tell().await?;
                told = Instant::now();
            }
            tokio::time::sleep(began.elapsed()).await;
        }
    }

    /// The owner as the account is now.
    async fn owner(&self) -> Result<Staff, Error> {
        let (id, now) = (StaffId::from_bytes(self.row.staff_id), self.world.real_now());
        let owner = self.world.db().read(move |tx| Staff::absent(tx, id, now)).await?;
        let owner = owner.ok_or(domain::export::Refusal::Scope)?;
        is_as_begun(&self.row, &owner)?;
        Ok(owner)
    }

    async fn heading(&self, source: &Source, language: Language) -> Result<Heading, Error> {
        let id = self.row.staff_id;
        let owner = self.world.db().read(move |tx| store::org::find_staff(tx, &id)).await?;
        let by = owner.map(|owner| owner.login).unwrap_or_default();
        let at = self.world.now();
        let made = match language {
            Language::Zh => format!("导出人：{by}　导出时间：{at}"),
            Language::En => format!("Exported by {by} at {at}"),
        };
        let title = super::cells::say(source.title(), language).to_owned();
        let filter = super::cells::narrowed(&self.row.filter, language);
        let id = ExportId::from_bytes(self.row.id).to_string();
        Ok(Heading { title, made, filter, by, id, language, heads: source.heads(language) })
    }

    /// Writes how far it has come, and holds the job for longer.
    async fn tell(&mut self) -> Result<(), Error> {
        let (row, job) = (self.row.clone(), self.job.clone());
        let renewed = job.renewed(self.world.now());
        let held = renewed.clone();
        let told = self.world.db().write(move |tx| {
            tx.unaudited("how far an export has come");
            store::export::update(tx, &row)?;
            job.renew(tx, &held)
        });
        told.await?;
        self.row.version += 1;
        self.job = renewed;
        Ok(())
    }

    /// Waits for what blocks, and holds the job meanwhile.
    async fn meanwhile<T>(&mut self, mut work: JoinHandle<T>) -> Result<T, Error> {
        loop {
            match tokio::time::timeout(PROGRESS, &mut work).await {
                Ok(done) => return done.map_err(|error| Error::internal(error.to_string())),
                Err(_) => {
                    if let Err(error) = self.tell().await {
                        // What blocks goes on by itself: what it leaves is taken away when it has ended, not before.
                        drop(work.await);
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Puts the file where files are kept, and says that it is there.
    async fn keep(&mut self, source: &Source, written: Written) -> Result<(), Error> {
        let id = AttachmentId::from_bytes(self.row.file_id.unwrap_or_default());
        let Written { file, size, digest } = written;
        let world = self.world.clone();
        let putting =
            spawn(async move { on_shelf(&world, move |shelf| put(shelf, id, file, size, &digest)).await });
        if !self.meanwhile(putting).await?? {
            return Err(Error::internal("the file of an export is not what was written"));
        }
        // What was read may have taken a while.
        source.admit(&self.world, &self.owner().await?).await?;
        let next = state(&self.row)?.next(Action::Finish);
        let next = next.ok_or_else(|| Error::internal("an export ends that was not begun"))?;
        let now = self.world.now();
        let done = ExportRow {
            state: next.to_string(),
            size: Some(i64::try_from(size).unwrap_or(i64::MAX)),
            digest: Some(digest),
            ended_at: Some(now.as_micros()),
            ..self.row.clone()
        };
        let job = self.job.clone();
        let ended = self.world.db().write(move |tx| {
            store::export::update(tx, &done)?;
            tx.audit(&record(&done, "list.exported", now));
            job.finish(tx)
        });
        ended.await?;
        let shelf = self.world.shelf();
        drop(spawn_blocking(move || settle(&*shelf, id)));
        Ok(())
    }

    /// Takes the file away, and leaves the export to another attempt if a fault is behind it and not a rule.
    async fn fail(self, error: &Error) -> Result<(), Error> {
        let Self { world, job, row } = self;
        let is_gone = match take_away(&world, &row).await {
            Ok(()) => true,
            Err(error) => {
                let source = error.source_for_log();
                tracing::warn!(source, "the file of an export that came to nothing is left for now");
                false
            }
        };
        if error.code() == "resource.stale" {
            return Ok(());
        }
        let (now, why) = (world.now(), error.source_for_log().unwrap_or_else(|| error.code().to_owned()));
        let is_tried_again = error.status().is_server_error() && job.attempt() < ATTEMPTS;
        let action = if is_tried_again { Action::PutBack } else { Action::GiveUp };
        let next =
            state(&row)?.next(action).ok_or_else(|| Error::internal("an export fails that was not begun"))?;
        let left = ExportRow {
            state: next.to_string(),
            file_id: row.file_id.filter(|_| !is_gone),
            reason: (!is_tried_again).then(|| error.code().to_owned()),
            ended_at: (!is_tried_again).then_some(now.as_micros()),
            ..row
        };
        let id = ExportId::from_bytes(left.id);
        tracing::warn!(export = %id, attempt = job.attempt(), why, "an export came to nothing");
        let written = world.db().write(move |tx| {
            tx.unaudited("an export came to nothing");
            store::export::update(tx, &left)?;
            if is_tried_again {
                job.put_back(tx, now.plus_seconds(AGAIN_SECONDS), &why)
            } else {
                job.finish(tx)
            }
        });
        written.await
    }
}

/// Takes the file of an attempt away, unless the export is ready with it: its end may have been written and not been answered.
async fn take_away(world: &World, row: &ExportRow) -> Result<(), Error> {
    let id = row.id;
    let now = world.db().read(move |tx| store::export::find(tx, &id)).await?;
    let is_kept = |now: &ExportRow| matches!(state(now), Ok(State::Ready)) && now.file_id == row.file_id;
    if now.as_ref().is_some_and(is_kept) { Ok(()) } else { remove(world, row.file_id).await }
}
