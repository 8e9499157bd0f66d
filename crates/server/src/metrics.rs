//! Metrics (指标): what a process tells of itself in numbers, for a Prometheus that watches it.
//!
//! Invariant: no label is made of what a request says. Operations are routes of the router, everything else comes from lists in
//! the program, so there are so many series and no more, whoever calls. Told in the text format of OpenMetrics 1.0, on an address
//! of its own that no proxy forwards, to whoever asks there. Deliberately not here: what accounts see of channels
//! ([`crate::traffic`]), of jobs and of duties ([`crate::job`]): nothing in a metric is about anybody.

use crate::app::Worlds;
use crate::traffic::Operation;
use crate::{Error, World};
use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use domain::time::Timestamp;
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{EncodeLabel, EncodeLabelSet, LabelSetEncoder};
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::{ConstGauge, Gauge};
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::fmt;
use std::sync::atomic::AtomicU64;
use std::time::{Duration, Instant};
use store::job::QueueRow;

/// What an answer says that it is: OpenMetrics 1.0.
const FORMAT: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds of the classes of latency, in seconds: from half a millisecond to the time a request may take.
const BOUNDS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];
/// Methods that routes have; a request with another one is not counted.
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
/// Parts of a second in which the kernel counts a process's time, on every architecture.
const TICKS_PER_SECOND: u64 = 100;

type Labels<'a> = Vec<(&'static str, &'a str)>;
type Gauges = Family<Vec<(&'static str, String)>, Gauge<f64, AtomicU64>>;

/// What requests are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Asked {
    world: &'static str,
    operation: Operation,
    status: &'static str,
}

impl EncodeLabelSet for Asked {
    fn encode(&self, encoder: &mut LabelSetEncoder) -> fmt::Result {
        let path = self.operation.path();
        let labels: Labels<'_> = vec![
            ("world", self.world),
            ("method", self.operation.method()),
            ("route", path.strip_prefix("/sandbox").unwrap_or(path)),
            ("status", self.status),
        ];
        labels.iter().try_for_each(|label| label.encode(encoder.encode_label()))
    }
}

/// How long the answers of a process took, since its start.
#[derive(Debug, Clone)]
pub struct Requests {
    took: Family<Asked, Histogram>,
    active: Gauge,
    began: Timestamp,
}

impl Default for Requests {
    fn default() -> Self {
        Self {
            took: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            active: Gauge::default(),
            began: Timestamp::from_micros(crate::clock::micros()),
        }
    }
}

/// Counts a request while it is answered, however that ends.
struct Active(Gauge);

impl Drop for Active {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The layer around the operations of a world: counts answers and how long they took. A request that is cut off is none.
pub async fn observe(
    State((requests, world)): State<(Requests, World)>,
    request: Request,
    next: Next,
) -> Response {
    let operation = Operation::of(request.method(), request.extensions());
    let began = Instant::now();
    requests.active.inc();
    let active = Active(requests.active.clone());
    let response = next.run(request).await;
    drop(active);
    if METHODS.iter().any(|method| method.as_str() == operation.method()) {
        let asked = Asked { world: world.name().as_str(), operation, status: class(response.status()) };
        requests.took.get_or_create(&asked).observe(began.elapsed().as_secs_f64());
    }
    response
}

fn class(status: StatusCode) -> &'static str {
    match status.as_u16() {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// What is served on the address for whoever watches: `GET /metrics` and nothing else.
pub fn router(worlds: &Worlds) -> Router {
    let told = async |State(worlds): State<Worlds>| match render(&worlds).await {
        Ok(text) => ([(CONTENT_TYPE, FORMAT)], text).into_response(),
        Err(error) => error.into_response(),
    };
    Router::new().route("/metrics", get(told)).with_state(worlds.clone())
}

/// All numbers as text. A world whose database does not answer says so, and nothing of its jobs.
///
/// # Errors
/// Internal: a number cannot be written.
pub async fn render(worlds: &Worlds) -> Result<String, Error> {
    let mut registry = Registry::default();
    process(&mut registry, worlds.requests.began);
    let platform = registry.sub_registry_with_prefix("ykt");
    let version = vec![("version", env!("CARGO_PKG_VERSION"))];
    let build = Family::<Labels<'_>, Gauge>::default();
    build.get_or_create(&version).set(1);
    platform.register("build", "The program that runs; always 1", build);
    let requests = &worlds.requests;
    let help = "Time from a request's head to its answer, by route of the API";
    platform.register_with_unit("http_request_duration", help, Unit::Seconds, requests.took.clone());
    platform.register("http_requests_active", "Requests that are being answered", requests.active.clone());
    let mut queues = Vec::new();
    for world in [&worlds.production, &worlds.sandbox] {
        queues.push((world, world.db().read(store::job::queues).await));
    }
    jobs(platform, &queues);
    duties(platform, worlds);
    let mut text = String::new();
    encode(&mut text, &registry).map_err(|_| Error::internal("a metric cannot be written"))?;
    Ok(text)
}

fn labels<const N: usize>(labels: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    labels.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
}

/// A number for a label set; whole numbers up to 2^53 are exact.
fn set(family: &Gauges, of: &Vec<(&'static str, String)>, value: f64) {
    family.get_or_create(of).set(value);
}

fn jobs<E>(registry: &mut Registry, queues: &[(&World, Result<Vec<QueueRow>, E>)]) {
    let (up, waiting, failed, oldest) =
        (Gauges::default(), Gauges::default(), Gauges::default(), Gauges::default());
    for (world, rows) in queues {
        let (world, now) = (world.name().as_str(), world.now());
        set(&up, &labels([("world", world)]), f64::from(u8::from(rows.is_ok())));
        for row in rows.iter().flatten() {
            let of = labels([("world", world), ("kind", &row.kind)]);
            set(&waiting, &of, whole(row.waiting));
            set(&failed, &of, whole(row.failed));
            let age = now.micros_since(Timestamp::from_micros(row.oldest_at)).max(0);
            set(&oldest, &of, Duration::from_micros(age.unsigned_abs()).as_secs_f64());
        }
    }
    registry.register("database_up", "Whether the database of a world answers", up);
    registry.register("jobs_waiting", "Work that was left to be done, by kind", waiting);
    registry.register("jobs_failed", "Of it, what failed the last time", failed);
    registry.register_with_unit("jobs_oldest_age", "How long the oldest has waited", Unit::Seconds, oldest);
}

fn whole(count: i64) -> f64 {
    f64::from(i32::try_from(count).unwrap_or(i32::MAX))
}

fn duties(registry: &mut Registry, worlds: &Worlds) {
    let (period, at, took, failed) =
        (Gauges::default(), Gauges::default(), Gauges::default(), Gauges::default());
    for world in [&worlds.production, &worlds.sandbox] {
        for (name, duty) in world.duties().list() {
            let of = labels([("world", world.name().as_str()), ("duty", name)]);
            set(&period, &of, duty.period.as_secs_f64());
            if let Some(last) = duty.last {
                set(&at, &of, seconds(last.at));
                set(&took, &of, last.took.as_secs_f64());
            }
            if let Some(failure) = duty.failures.front() {
                set(&failed, &of, seconds(failure.at));
            }
        }
    }
    let mut register =
        |name: &str, help: &str, family| registry.register_with_unit(name, help, Unit::Seconds, family);
    register("duty_period", "How often a piece of periodic work is done", period);
    register("duty_last_run_timestamp", "When it was begun last, in Unix time", at);
    register("duty_last_run_duration", "How long that took", took);
    register("duty_last_failure_timestamp", "When it failed last, in Unix time; absent if never", failed);
}

fn seconds(at: Timestamp) -> f64 {
    Duration::from_micros(at.as_micros().max(0).unsigned_abs()).as_secs_f64()
}

/// What the kernel says of the process, under the names that every exporter uses. What it does not say is left out.
fn process(registry: &mut Registry, began: Timestamp) {
    let process = registry.sub_registry_with_prefix("process");
    let read = |name: &str| std::fs::read_to_string(format!("/proc/self/{name}")).unwrap_or_default();
    if let Some(ticks) = ticks(&read("stat")) {
        let time = Duration::from_millis(ticks * 1000 / TICKS_PER_SECOND).as_secs_f64();
        process.register_with_unit("cpu", "Processor time used", Unit::Seconds, ConstCounter::new(time));
    }
    if let Some(bytes) = resident(&read("status")) {
        process.register_with_unit("resident_memory", "Memory in use", Unit::Bytes, ConstGauge::new(bytes));
    }
    if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
        process.register("open_fds", "Open files and connections", ConstGauge::new(open.count()));
    }
    let start = ConstGauge::new(seconds(began));
    process.register_with_unit("start_time", "When it started, in Unix time", Unit::Seconds, start);
}

/// User and system time out of `/proc/self/stat`: fields 14 and 15, counted from behind the name, which may hold anything.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut times = fields.split_ascii_whitespace().skip(11).take(2).map(str::parse::<u64>);
    Some(times.next()?.ok()? + times.next()?.ok()?)
}

/// Resident bytes out of `/proc/self/status`.
fn resident(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().strip_suffix(" kB")?.trim().parse::<u64>().ok()? * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_kernel_is_read_as_it_writes() {
        let stat =
            "7 (y (k) t) S 1 7 7 0 -1 4194560 100 0 0 0 250 50 0 0 20 0 4 0 1234 99 12 18446744073709551615";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("7 (ykt) S 1"), None);
        assert_eq!(resident("Name:\tykt\nVmRSS:\t   46484 kB\n"), Some(47_599_616));
        assert_eq!(resident("Name:\tykt\n"), None);
    }
}
