//! What stands where on the pages, and that the document has them.

use super::paper::{HEIGHT, MARGIN, Mark, Page, WIDTH};
use super::service::pages;
use super::sheet::Filled;
use super::typeface::{Typeface, Weight};
use super::{Number, pdf};
use serde_json::{Value, json};

fn drawn(form: Number, body: Option<&Value>) -> (Typeface, Vec<Page>) {
    let typeface = Typeface::of_system().unwrap();
    let (pages, _) =
        pages(form, Filled(body), "ykt form=1 edition=1 matter=mat_1 version=7", &typeface).unwrap();
    (typeface, pages)
}

fn text(pages: &[Page]) -> String {
    let texts = pages.iter().flatten().filter_map(|mark| match mark {
        Mark::Text { text, .. } => Some(text.as_str()),
        _ => None,
    });
    texts.collect()
}

fn application() -> Value {
    json!({
        "row": 2,
        "forms": {
            "one": {
                "filled_on": "2026-11-25", "owner_name": "杭州便民科技有限公司", "uscc": "91110000600037341L",
                "contact": {"name": "李䶮", "phone": "13800000000", "email": "li@example.cn"},
                "parent_name": "", "parent_number": ""
            },
            "channel": {
                "name": "便民通", "form": "mini_program", "access_mode": "h5", "breadth": "general",
                "regions": [{"division": "330100"}, {"division": "330200"}], "services": ["query.card"]
            },
            "two": {"introduction": "社".repeat(2000), "committed_issuance": "120000"}
        },
        "formal": {"filled_on": "2026-12-20", "number": "1234567890", "contact": {"name": "王敏"}},
        "test": {"tasks": [{"kind": "prefecture", "region": "330100", "opinion": {
            "verdict": "agreed", "words": "情况属实", "contact": "赵强", "phone": "057100000000", "at": "2026-11-28T01:00:00Z"
        }}]},
        "audit": {"words": "审核通过"}
    })
}

/// CH-F1.1, CH-F1.2, CH-F1.3, CH-F1.4, CH-F1.6, CH-F1.10, CH-F1.11, CH-F1.12, CH-F1.15
#[test]
fn form_1_says_what_the_application_says_and_leaves_the_rest_to_be_sealed() {
    let (_, pages) = drawn(Number::One, Some(&application()));
    let text = text(&pages);
    for wanted in [
        "填表日期：2026 年 11 月 25 日",
        "杭州便民科技有限公司",
        "91110000600037341L",
        "李䶮",
        "13800000000",
        "便民通",
        "小程序",
        "H5",
        domain::service::find("query.card").unwrap().zh,
        "情况属实",
        "057100000000",
        "第 1 页，共 1 页",
        "mat_1 version=7",
    ] {
        assert!(text.contains(wanted), "{wanted} in {text}");
    }
    let seals = pages.iter().flatten().filter(|mark| matches!(mark, Mark::Seal { .. })).count();
    assert_eq!(seals, 3, "the owner's, the prefecture's and the province's");
}

/// CH-F3.1, CH-F3.3, CH-F3.4
#[test]
fn form_3_has_the_number_and_four_sealed_decisions() {
    let (_, pages) = drawn(Number::Three, Some(&application()));
    let text = text(&pages);
    assert!(text.contains("1234567890") && text.contains("王敏") && text.contains("审核通过"), "{text}");
    assert!(text.contains("IOS、安卓录屏各1份"), "{text}");
    let seals = pages.iter().flatten().filter(|mark| matches!(mark, Mark::Seal { .. })).count();
    assert_eq!(seals, 5, "the owner's and four decisions");
}

/// CH-F2.3, CH-F2.5, CH-F2.10
#[test]
fn form_2_goes_on_where_a_page_ends_and_loses_nothing() {
    let (_, blank) = drawn(Number::Two, None);
    assert!(text(&blank).contains("公司注册时间一年以上"));
    let (_, pages) = drawn(Number::Two, Some(&application()));
    assert!(pages.len() > blank.len(), "{} pages", pages.len());
    let text = text(&pages);
    assert_eq!(text.matches('社').count() - self::text(&blank).matches('社').count(), 2000);
    assert!(text.contains("年度签发量：120000"));
}

#[test]
fn every_text_stands_on_its_page_and_no_two_lie_on_each_other() {
    for form in Number::ALL {
        for body in [None, Some(&application())] {
            let (typeface, pages) = drawn(form, body);
            for page in &pages {
                let boxes: Vec<_> = page.iter().filter_map(|mark| extent(mark, &typeface)).collect();
                for (index, one) in boxes.iter().enumerate() {
                    assert!(one.0 >= MARGIN - 1.0 && one.2 <= WIDTH - MARGIN + 1.0, "{one:?}");
                    assert!(one.1 > 20.0 && one.3 < HEIGHT - 20.0, "{one:?}");
                    let clash = boxes[index + 1..].iter().find(|other| overlap(one, other));
                    assert!(clash.is_none(), "{one:?} and {clash:?}");
                }
            }
        }
    }
}

type Extent<'a> = (f32, f32, f32, f32, &'a str);

fn extent<'a>(mark: &'a Mark, typeface: &Typeface) -> Option<Extent<'a>> {
    let Mark::Text { x, y, size, weight, text } = mark else { return None };
    let width: f32 = typeface.glyphs(*weight, text).iter().map(|(_, advance)| advance * size).sum();
    Some((*x, y - size * 0.8, x + width, y + size * 0.1, text))
}

fn overlap(one: &Extent<'_>, other: &Extent<'_>) -> bool {
    one.0 < other.2 - 0.5 && other.0 < one.2 - 0.5 && one.1 < other.3 - 0.5 && other.1 < one.3 - 0.5
}

#[test]
fn the_document_has_every_page_and_the_letters_in_it() {
    let (typeface, pages) = drawn(Number::Two, Some(&application()));
    let bytes = pdf::write(&pages, &typeface, "附表2").unwrap();
    assert!(bytes.starts_with(b"%PDF-"));
    let found = String::from_utf8_lossy(&bytes);
    assert!(found.contains(&format!("/Count {}", pages.len())), "{} pages", pages.len());
    assert!(
        found.contains("/ToUnicode") && found.contains("/FontFile"),
        "text can be copied, and is drawn anywhere"
    );
    assert!(bytes.len() < 300_000, "{} bytes: of the font only what is used", bytes.len());
    assert!(typeface.glyphs(Weight::Regular, "䶮").iter().all(|(glyph, _)| *glyph > 0), "a rare character");
}
