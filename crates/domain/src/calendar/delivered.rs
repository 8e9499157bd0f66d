//! The years that were arranged when the program was built.

use super::{Holiday, Year};
use crate::time::BusinessDate;

/// A year that the program brings along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// What is arranged.
    pub year: Year,
    /// By which notice.
    pub source: &'static str,
}

/// Name, first and last day.
type Row = (&'static str, &'static str, &'static str);

const OF_2025: ([Row; 6], [&str; 5]) = (
    [
        ("元旦", "2025-01-01", "2025-01-01"),
        ("春节", "2025-01-28", "2025-02-04"),
        ("清明节", "2025-04-04", "2025-04-06"),
        ("劳动节", "2025-05-01", "2025-05-05"),
        ("端午节", "2025-05-31", "2025-06-02"),
        ("国庆节、中秋节", "2025-10-01", "2025-10-08"),
    ],
    ["2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11"],
);

const OF_2026: ([Row; 7], [&str; 6]) = (
    [
        ("元旦", "2026-01-01", "2026-01-03"),
        ("春节", "2026-02-15", "2026-02-23"),
        ("清明节", "2026-04-04", "2026-04-06"),
        ("劳动节", "2026-05-01", "2026-05-05"),
        ("端午节", "2026-06-19", "2026-06-21"),
        ("中秋节", "2026-09-25", "2026-09-27"),
        ("国庆节", "2026-10-01", "2026-10-07"),
    ],
    ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"],
);

/// All of them, the first first.
pub(super) fn years() -> Vec<Delivered> {
    vec![
        Delivered {
            year: year(2025, &OF_2025.0, &OF_2025.1),
            source: "国务院办公厅关于2025年部分节假日安排的通知（国办发明电〔2024〕12号）",
        },
        Delivered {
            year: year(2026, &OF_2026.0, &OF_2026.1),
            source: "国务院办公厅关于2026年部分节假日安排的通知",
        },
    ]
}

fn year(year: i32, holidays: &[Row], worked: &[&str]) -> Year {
    let day = |text: &str| text.parse::<BusinessDate>().ok();
    let holiday = |(name, first, last): &Row| {
        Some(Holiday { name: (*name).to_owned(), first_on: day(first)?, last_on: day(last)? })
    };
    Year {
        year,
        holidays: holidays.iter().filter_map(holiday).collect(),
        worked: worked.iter().filter_map(|text| day(text)).collect(),
    }
}
