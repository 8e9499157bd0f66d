//! When a call is made again, and how long to wait before.

use std::thread;
use std::time::Duration;

use super::call::{Call, Repeat};
use super::caller::is_later;
use super::transport::Answer;
use super::{Client, Error, error_of};

const FIRST_DELAY: Duration = Duration::from_millis(100);
const LONGEST_DELAY: Duration = Duration::from_secs(5);
/// A platform that asks for more patience than this is reported instead of waited for.
const LONGEST_WAIT: Duration = Duration::from_secs(30);

/// What to do about one attempt.
enum Next {
    Return,
    Wait(Option<Duration>),
    Reopen,
}

/// Makes a call, again if need be and allowed.
pub(super) fn send(client: &Client, call: &Call) -> Result<Answer, Error> {
    let mut reopened = false;
    for attempt in 1.. {
        let result = client.caller.attempt(&client.transport, &client.pinned, call);
        let last = attempt >= client.attempts || call.repeat == Repeat::Never;
        match next(&result) {
            Next::Reopen if client.caller.forget_session() && !reopened && call.repeat != Repeat::Never => {
                reopened = true;
            }
            Next::Wait(asked) if !last && asked.is_none_or(|asked| asked <= LONGEST_WAIT) => {
                thread::sleep(asked.unwrap_or_default().max(jitter(attempt)));
            }
            Next::Return | Next::Wait(_) | Next::Reopen => return result,
        }
    }
    Err(Error::Setup("no attempt is allowed"))
}

fn next(result: &Result<Answer, Error>) -> Next {
    match result {
        Err(Error::Transport(_)) => Next::Wait(None),
        Ok(answer) if is_later(answer.status) => Next::Wait(answer.retry_after()),
        Ok(answer) if answer.status == 401 || answer.status == 409 => match error_of(answer) {
            Some(error) if error.code().is_some_and(|code| code.starts_with("session.")) => Next::Reopen,
            // The first attempt is still under way.
            Some(Error::Refused(problem)) if problem.retryable => Next::Wait(answer.retry_after()),
            _ => Next::Return,
        },
        Err(Error::Unauthentic { claimed: Some(problem), .. }) if problem.code.starts_with("session.") => {
            Next::Reopen
        }
        _ => Next::Return,
    }
}

/// Between half and the whole of an exponentially growing delay, so that callers do not come back together.
fn jitter(attempt: u32) -> Duration {
    let delay = FIRST_DELAY.saturating_mul(1 << (attempt - 1).min(10)).min(LONGEST_DELAY);
    let [random] = gm::random::bytes::<1>();
    delay / 2 + delay / 2 * u32::from(random) / 255
}
