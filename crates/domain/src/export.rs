//! The export (导出): a file of a long list that the platform makes for one member of staff while they do something else.
//!
//! Invariant: it holds what its owner might see when its rows were read, and is given out only to an owner who may still see
//! as much, for [`KEPT_SECONDS`] from the moment it was ready. Where the rows and the bytes are is not here.

use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;

refusals! {
    /// Why an export is not made or not given out.
    Refusal {
        /// A list that is never so long.
        List = "export.list" "该列表可直接导出，无需后台生成" "this list is exported at once: no file has to be made of it";
        /// Others of the same account are being made.
        UnderWay { most: i64 } = "export.under_way" "同时最多进行{most}个导出，请等待其完成"
            "at most {most} exports of an account are made at a time";
        /// The account has enough files.
        Kept { most: i64 } = "export.kept" "最多保留{most}个未过期的导出文件，请稍后再试"
            "an account keeps at most {most} files that have not expired";
        /// Too many rows.
        Rows { most: i64 } = "export.rows" "超过{most}行，请缩小范围后重试" "there are more than {most} rows: narrow the filter";
        /// Too many rows to print.
        Printed { most: i64 } = "export.printed" "PDF最多{most}行，请缩小范围，或改用xlsx、csv"
            "a PDF has {most} rows at most: narrow the filter, or take xlsx or csv";
        /// It is still being made.
        NotReady = "export.not_ready" "文件尚未生成完毕" "the file is not ready yet";
        /// It came to nothing.
        Failed = "export.failed" "导出未能完成，请重新导出" "the export came to nothing: begin another";
        /// Its time is over.
        Expired = "export.expired" "下载链接已过期，请重新导出" "the link has expired: begin another export";
        /// The owner sees something else than when it was begun.
        Scope = "export.scope" "您的角色或管辖范围已变化，请重新导出"
            "what you may see has changed since: begin another export";
    }
}

names! {
    /// As what.
    Format {
        /// A workbook.
        Xlsx = "xlsx",
        /// Comma-separated values.
        Csv = "csv",
        /// Pages to print.
        Pdf = "pdf",
    }
    /// In which language heads and words are written.
    Language {
        /// Chinese.
        Zh = "zh-CN",
        /// English.
        En = "en",
    }
    /// How far it has come.
    State {
        /// Nobody has begun.
        Waiting = "waiting",
        /// Rows are being read.
        Running = "running",
        /// The file is there.
        Ready = "ready",
        /// It came to nothing, and says why.
        Failed = "failed",
        /// The file is gone.
        Expired = "expired",
    }
    /// What is done with it.
    Action {
        /// A server takes it up, or takes it up anew after one that stopped.
        Begin = "begin",
        /// It is left for another attempt.
        PutBack = "put_back",
        /// The file is whole.
        Finish = "finish",
        /// It is given up.
        GiveUp = "give_up",
        /// Its file is removed.
        Expire = "expire",
    }
}

/// How long a file is given out from when it was ready, seconds: long enough for a working day, and so short that a copy of a
/// list does not become a second list.
pub const KEPT_SECONDS: i64 = 24 * 3600;
/// How long it is told of an export that has expired or failed, seconds: somebody asks the week after. It stays on record.
pub const TOLD_SECONDS: i64 = 7 * 24 * 3600;
/// Most rows: a worksheet has 1,048,576.
pub const MOST_ROWS: i64 = 1_000_000;
/// Most rows of pages to print: some three hundred pages. Longer ones are read by machines.
pub const MOST_PRINTED: i64 = 5_000;
/// Most exports of one account that wait or are made at a time: one server makes one at a time, for everybody.
pub const MOST_UNDER_WAY: i64 = 2;
/// Most exports of one account whose files are kept.
pub const MOST_KEPT: i64 = 20;

impl State {
    /// The state after an action; none when it is not taken in this state.
    pub const fn next(self, action: Action) -> Option<Self> {
        match (self, action) {
            (Self::Waiting | Self::Running, Action::Begin) => Some(Self::Running),
            (Self::Running, Action::PutBack) => Some(Self::Waiting),
            (Self::Running, Action::Finish) => Some(Self::Ready),
            (Self::Waiting | Self::Running, Action::GiveUp) => Some(Self::Failed),
            (Self::Ready, Action::Expire) => Some(Self::Expired),
            (Self::Waiting, Action::PutBack | Action::Finish | Action::Expire)
            | (Self::Running, Action::Expire)
            | (Self::Ready, Action::Begin | Action::PutBack | Action::Finish | Action::GiveUp)
            | (Self::Failed | Self::Expired, _) => None,
        }
    }

    /// Whether it stands so at `now`, when it was ready or failed at `ended_at`: a file past its time is none, whoever
    /// removes it and when.
    #[must_use]
    pub fn at(self, ended_at: Option<Timestamp>, now: Timestamp) -> Self {
        match (self, ended_at) {
            (Self::Ready, Some(at)) if now >= at.plus_seconds(KEPT_SECONDS) => Self::Expired,
            _ => self,
        }
    }

    /// Whether the file may be given out.
    pub const fn give(self) -> Result<(), Refusal> {
        match self {
            Self::Ready => Ok(()),
            Self::Waiting | Self::Running => Err(Refusal::NotReady),
            Self::Failed => Err(Refusal::Failed),
            Self::Expired => Err(Refusal::Expired),
        }
    }
}

/// Whether an account with so many exports may begin another. Refuses, in order: under way, kept.
pub const fn admit(under_way: i64, kept: i64) -> Result<(), Refusal> {
    if under_way >= MOST_UNDER_WAY {
        return Err(Refusal::UnderWay { most: MOST_UNDER_WAY });
    }
    if kept >= MOST_KEPT { Err(Refusal::Kept { most: MOST_KEPT }) } else { Ok(()) }
}

/// Whether a file of this format may have so many rows.
pub const fn rows(format: Format, rows: i64) -> Result<(), Refusal> {
    let (most, refusal) = match format {
        Format::Xlsx | Format::Csv => (MOST_ROWS, Refusal::Rows { most: MOST_ROWS }),
        Format::Pdf => (MOST_PRINTED, Refusal::Printed { most: MOST_PRINTED }),
    };
    if rows <= most { Ok(()) } else { Err(refusal) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_goes_from_waiting_to_a_file_and_may_begin_anew_until_it_is_one() {
        use Action::{Begin, Expire, Finish, GiveUp, PutBack};
        use State::{Expired, Failed, Ready, Running, Waiting};
        let allowed = [
            (Waiting, Begin, Running),
            (Running, Begin, Running),
            (Running, PutBack, Waiting),
            (Running, Finish, Ready),
            (Waiting, GiveUp, Failed),
            (Running, GiveUp, Failed),
            (Ready, Expire, Expired),
        ];
        for state in State::ALL {
            for action in Action::ALL {
                let found = allowed.iter().find(|(from, by, _)| (from, by) == (state, action));
                assert_eq!(state.next(*action), found.map(|(_, _, to)| *to), "{state} {action}");
            }
        }
    }

    #[test]
    fn a_file_is_given_out_for_a_day_and_not_a_second_longer() {
        let ready = Timestamp::from_seconds(1_000);
        let after = |seconds: i64| State::Ready.at(Some(ready), ready.plus_seconds(seconds)).give();
        assert_eq!(after(0), Ok(()));
        assert_eq!(after(86_399), Ok(()));
        assert_eq!(after(86_400), Err(Refusal::Expired));
        assert_eq!(State::Failed.at(Some(ready), ready.plus_seconds(86_400)), State::Failed);
        for (state, refusal) in [
            (State::Waiting, Refusal::NotReady),
            (State::Running, Refusal::NotReady),
            (State::Failed, Refusal::Failed),
            (State::Expired, Refusal::Expired),
        ] {
            assert_eq!(state.give(), Err(refusal));
        }
    }

    #[test]
    fn an_account_has_two_under_way_and_twenty_files_and_a_file_a_million_rows() {
        assert_eq!(admit(1, 19), Ok(()));
        assert_eq!(admit(2, 0), Err(Refusal::UnderWay { most: 2 }));
        assert_eq!(admit(1, 20), Err(Refusal::Kept { most: 20 }));
        for format in [Format::Xlsx, Format::Csv] {
            assert_eq!(rows(format, 1_000_000), Ok(()));
            assert_eq!(rows(format, 1_000_001), Err(Refusal::Rows { most: 1_000_000 }));
        }
        assert_eq!(rows(Format::Pdf, 5_000), Ok(()));
        assert_eq!(rows(Format::Pdf, 5_001), Err(Refusal::Printed { most: 5_000 }));
    }
}
