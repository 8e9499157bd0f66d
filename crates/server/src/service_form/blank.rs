//! A plain form of a service for the demonstration, which has no operator to write one. Nothing else publishes it.

use crate::Error;
use crate::form::paper::{Cell, Format, Paper, Row};
use crate::form::{Typeface, pdf};
use domain::service::Service;

const TITLE: &str = "个性化服务申请表";
/// How the boxes are parted.
const LABEL: f32 = 0.24;
/// How high a box is that is filled in, and one that is sealed.
const LINE: f32 = 44.0;
const SEALED: f32 = 110.0;

/// The form of a service as a PDF: who applies, a box for each of `asked`, and the owner's seal.
///
/// # Errors
/// `form.font_missing`.
pub fn write(service: &Service, asked: &[&str]) -> Result<Vec<u8>, Error> {
    let typeface = Typeface::of_system()?;
    let mut paper = Paper::new(&typeface);
    paper.title(service.zh, TITLE, &format!("服务事项：{}（{}）", service.zh, service.code));
    let value = |least, label: &str| Row {
        least,
        cells: vec![Cell::label(LABEL, label), Cell::value(1.0 - LABEL, "")],
    };
    for label in ["渠道所属单位名称", "渠道名称"].iter().chain(asked) {
        paper.row(&value(LINE, label));
    }
    paper.row(&Row {
        least: SEALED,
        cells: vec![Cell::label(LABEL, "单位意见"), Cell::sealed(1.0 - LABEL, "（加盖公章）")],
    });
    paper.note("填写后随附表1一并提交（管理办法附表1“应用范围”）。");
    pdf::write(&paper.finish(&format!("{TITLE} · {}", service.zh)), &typeface, Format::UPRIGHT, TITLE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::attachment::{ContentType, HEAD};
    use domain::service_form::document;

    /// CH-F1.12
    #[test]
    fn what_it_writes_may_be_published() {
        let service = domain::service::find("login.scan").unwrap();
        let written = write(service, &["登录的网站或系统", "预计月登录次数"]).unwrap();
        let size = i64::try_from(written.len()).unwrap();
        assert_eq!(document(&written[..HEAD], size), Ok(ContentType::Pdf));
    }
}
