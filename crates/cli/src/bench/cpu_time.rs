//! Processor time by kind of thread, so that a measurement can say where the time goes, and so that two versions can be
//! compared on a machine that has other work: time on the processor does not grow when a thread has to wait for it.

use std::collections::BTreeMap;
use std::fs;
use std::ops::{AddAssign, Sub};

/// Nanoseconds on the processor, thread by thread.
#[derive(Debug, Clone, Default)]
pub struct CpuTime {
    threads: BTreeMap<String, (&'static str, u64)>,
}

impl CpuTime {
    /// What the threads of this process have used until now. Nothing where the kernel does not say.
    pub fn now() -> Self {
        let mut used = Self::default();
        for entry in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
            let read = |name: &str| fs::read_to_string(entry.path().join(name)).unwrap_or_default();
            let nanos = read("schedstat").split_whitespace().next().and_then(|word| word.parse::<u64>().ok());
            let thread = entry.file_name().to_string_lossy().into_owned();
            used.threads.insert(thread, (kind(read("comm").trim()), nanos.unwrap_or(0)));
        }
        used
    }

    /// Microseconds in all for each of `count` requests.
    pub fn micros_each(&self, count: usize) -> f64 {
        self.threads.values().map(|(_, nanos)| nanos).sum::<u64>() as f64 / 1e3 / count.max(1) as f64
    }

    /// Microseconds for each of `count` requests, kind by kind.
    pub fn told_each(&self, count: usize) -> String {
        let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
        for (kind, nanos) in self.threads.values() {
            *kinds.entry(kind).or_default() += nanos;
        }
        let micros = |nanos: u64| nanos as f64 / 1e3 / count.max(1) as f64;
        let worth = kinds.into_iter().filter(|(_, nanos)| micros(*nanos) >= 0.1);
        worth.map(|(kind, nanos)| format!("{kind} {:.1}", micros(nanos))).collect::<Vec<_>>().join(", ")
    }
}

/// A word for the thread of this name.
fn kind(name: &str) -> &'static str {
    match name {
        "tokio-rt-worker" => "server",
        "ykt-writer" => "writer",
        "ykt-reader" | "ykt-pool" => "reader",
        "ykt-checkpoint" => "checkpoint",
        _ => "load",
    }
}

impl Sub for CpuTime {
    type Output = Self;

    /// What was used since; a thread that has ended meanwhile is left out.
    fn sub(mut self, earlier: Self) -> Self {
        for (thread, (_, nanos)) in &mut self.threads {
            *nanos = nanos.saturating_sub(earlier.threads.get(thread).map_or(0, |(_, nanos)| *nanos));
        }
        self
    }
}

impl AddAssign<&Self> for CpuTime {
    fn add_assign(&mut self, other: &Self) {
        for (thread, (kind, nanos)) in &other.threads {
            self.threads.entry(thread.clone()).or_insert((kind, 0)).1 += nanos;
        }
    }
}
