//! 附表1 to 附表3 as documents to print, seal and file: blank, or filled in with what an application says.
//!
//! Invariants. A document says nothing that its application does not say, and leaves every seal, signature and opinion
//! that is not given yet as an empty box. Its code names form, edition, application and version, so that paper can be
//! matched with the record. The pages are computed without a font file of ours: the system's Noto Sans CJK is read.
//! Not here: the scan that comes back, which is an attachment.

pub mod http;
pub(crate) mod paper;
pub(crate) mod pdf;
pub mod service;
mod sheet;
#[cfg(test)]
mod tests;
mod typeface;

pub use typeface::Typeface;

/// One of the three forms of the regulation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// 附表1 测试入网申请表.
    One,
    /// 附表2 社会渠道入网补充说明材料清单.
    Two,
    /// 附表3 正式入网申请表.
    Three,
}

impl Number {
    /// Every one.
    pub const ALL: [Self; 3] = [Self::One, Self::Two, Self::Three];

    /// As it stands on the paper.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::One => "1",
            Self::Two => "2",
            Self::Three => "3",
        }
    }

    /// The form of this number, if there is one.
    #[must_use]
    pub fn find(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.as_str() == text)
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The edition of the boxes: counted up when one of them changes.
const EDITION: u32 = 1;
