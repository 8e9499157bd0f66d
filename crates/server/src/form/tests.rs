//! What stands where on the pages, and that the document has them.

use super::paper::{Format, MARGIN, Mark, Page};
use super::service::pages;
use super::sheet::{Enclosed, Filled};
use super::typeface::{Typeface, Weight};
use super::{Number, pdf};
use serde_json::{Value, json};

fn drawn(form: Number, body: Option<&Value>) -> (Typeface, Vec<Page>) {
    let typeface = Typeface::of_system().unwrap();
    let (pages, _) = pages(
        form,
        Filled { body, ..Filled::default() },
        "ykt form=1 edition=1 matter=mat_1 version=7",
        &typeface,
    )
    .unwrap();
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
                "regions": [{"division": "330100"}, {"division": "330200"}], "services": ["query.card", "login.scan"],
                "service_forms": {"login.scan": "att_1"}
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
        "扫码登录（附申请表）",
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

/// CH-F1.6, CH-F1.13, CH-F1.15, CH-F3.2, CH-F3.3: what is enclosed is ticked, the day stands below the decision with room
/// for the contact and without any account, and every channel of the form has its row.
#[test]
fn a_filled_form_ticks_what_came_names_no_account_and_lists_every_channel() {
    let mut body = application();
    body["audit"] = json!({"words": "审核通过", "by": {"staff": "stf_1"}, "at": "2026-12-24T17:00:00Z"});
    let mut first = body.clone();
    (first["row"], first["forms"]["channel"]["name"]) = (json!(1), json!("便民卡"));
    let rows = [first, body.clone()];
    let mut enclosed = Enclosed { has_report: true, ..Enclosed::default() };
    let typeface = Typeface::of_system().unwrap();
    let mut said = |form, purposes: &[&str]| {
        enclosed.purposes = purposes.iter().map(ToString::to_string).collect();
        let filled = Filled { body: Some(&body), rows: &rows, enclosed: Some(&enclosed) };
        text(&pages(form, filled, "ykt matter=mat_1 version=7", &typeface).unwrap().0)
    };
    let one = said(Number::One, &["test_collection"]);
    assert!(one.contains("■《电子社保卡测试信息采集表》") && one.contains("□ 二级渠道情况"), "{one}");
    assert!(one.contains("便民卡") && one.contains("便民通") && one.contains("2026-11-28"), "{one}");
    assert!(said(Number::One, &[]).contains("□《电子社保卡测试信息采集表》"));
    let three = said(Number::Three, &["recording_ios"]);
    assert!(
        three.contains("■ 渠道安全检测报告") && three.contains("□ 测试结果录屏"),
        "one film is not both: {three}"
    );
    assert!(three.contains("审核通过") && three.contains("2026-12-25"), "the day in Beijing: {three}");
    assert!(!three.contains("经办人") && !three.contains("stf_1"), "as 附表3 has it: {three}");
    assert_eq!(three.matches("联系人：").count(), 4, "{three}");
    assert!(said(Number::Three, &["recording_ios", "recording_android"]).contains("■ 测试结果录屏"));
    let reply = json!({"verdict": "conditional", "contact": "钱进", "phone": "02100000000", "at": "2026-11-27T17:00:00Z"});
    let nationwide =
        json!({"forms": {}, "consultation": {"tasks": [{"region": "310000", "opinion": reply}]}});
    let asked = text(&drawn(Number::One, Some(&nationwide)).1);
    assert!(asked.contains("上海市：有条件同意，钱进"), "{asked}");
    assert!(asked.contains("2026-11-28"), "{asked}");
    assert!(
        typeface.glyphs(Weight::Regular, "■□").iter().all(|(glyph, _)| *glyph > 0),
        "both boxes are drawn"
    );
}

/// CH-F1.13: the statement of a level-2 channel is there when all four parts of it are.
#[test]
fn the_statement_of_a_level_2_channel_is_ticked_when_all_of_it_is_written() {
    let whole = json!({"basics": "一", "management": "二", "capabilities": "三", "business": "四"});
    let ticked = |statement: &Value| {
        let mut body = application();
        body["forms"]["level_two"] = statement.clone();
        text(&drawn(Number::One, Some(&body)).1).contains("■ 二级渠道情况")
    };
    assert!(ticked(&whole));
    for part in ["basics", "management", "capabilities", "business"] {
        let mut lacks = whole.clone();
        lacks[part] = json!("");
        assert!(!ticked(&lacks), "{part}");
    }
    assert!(!ticked(&json!({"relation": "same_entity"})));
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
                    assert!(
                        one.0 >= MARGIN - 1.0 && one.2 <= Format::UPRIGHT.width - MARGIN + 1.0,
                        "{one:?}"
                    );
                    assert!(one.1 > 20.0 && one.3 < Format::UPRIGHT.height - 20.0, "{one:?}");
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
    let bytes = pdf::write(&pages, &typeface, Format::UPRIGHT, "附表2").unwrap();
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

#[test]
fn the_names_of_columns_stand_at_the_top_of_every_page() {
    use super::paper::{Cell, Paper, Row};
    let typeface = Typeface::of_system().unwrap();
    let mut paper = Paper::new(&typeface);
    let row = |text: &str| Row { least: 0.0, cells: vec![Cell::value(1.0, text)] };
    paper.headed(Row { least: 0.0, cells: vec![Cell::label(1.0, "渠道名称")] });
    for place in 0..100 {
        paper.row(&row(&format!("渠道{place}")));
    }
    paper.row(&row(&"长".repeat(5_000)));
    let pages = paper.finish("名录");
    assert!(pages.len() > 3);
    for page in &pages {
        let heads = page.iter().filter(|mark| matches!(mark, Mark::Text { text, .. } if text == "渠道名称"));
        assert_eq!(heads.count(), 1);
    }
    assert_eq!(text(&pages).matches('长').count(), 5_000, "nothing is lost");
}
