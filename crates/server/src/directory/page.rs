//! The list as a page that a department links or shows within its own: one answer, no script, nothing fetched.
//!
//! Invariant: the list of the sandbox never looks like the official one. Whatever a channel is called, it is text: every name is escaped, and the policy of the page runs nothing.

use super::http::{FORMATS, cells};
use super::service::Listed;
use crate::WorldName;
use domain::division::DivisionCode;
use domain::time::BusinessDate;
use std::fmt::Write as _;

/// Its own style and nothing else. Other sites may show the list in a frame, of the sandbox nobody may.
#[must_use]
pub const fn policy(world: WorldName) -> &'static str {
    match world {
        WorldName::Production => {
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors *"
        }
        WorldName::Sandbox => {
            "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
             frame-ancestors 'none'"
        }
    }
}

const STYLE: &str = ":root{color-scheme:light dark}body{margin:1rem;font:1rem/1.6 system-ui,'Noto Sans CJK SC',sans-serif}\
table{border-collapse:collapse;width:100%}caption{text-align:left;padding-bottom:.5rem}\
th,td{border:1px solid GrayText;padding:.35rem .6rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}\
@media(max-width:40rem){thead{position:absolute;clip-path:inset(50%)}tr{display:block;border:1px solid GrayText;\
margin-bottom:.75rem}td{display:block;border:0;padding:.15rem .6rem}td::before{content:attr(data-head)'：'}}";

const HEADS: [&str; 7] = ["渠道名称", "所属单位", "渠道类别", "级别", "渠道形式", "服务地域", "渠道编号"];

/// The page of an area on a day.
#[must_use]
pub fn page(listed: &[Listed], world: WorldName, area: DivisionCode, on: BusinessDate) -> String {
    let place = area.full_name();
    let count = format!("共{}个渠道", listed.len());
    let mark = match world {
        WorldName::Production => "",
        WorldName::Sandbox => "【沙盒·非正式名录 Sandbox, not official】",
    };
    let mut text = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{mark}{place}电子社会保障卡授权渠道名录</title><style>{STYLE}</style></head><body><main>\
         <h1>{mark}电子社会保障卡授权渠道名录</h1><table><caption>{place} · {count} · {on}</caption><thead><tr>"
    );
    for head in HEADS {
        _ = write!(text, "<th scope=\"col\">{head}</th>");
    }
    text.push_str("</tr></thead><tbody>");
    for one in listed {
        text.push_str("<tr>");
        for (head, cell) in HEADS.iter().zip(cells(one)) {
            _ = write!(text, "<td data-head=\"{head}\">{}</td>", escaped(&cell));
        }
        text.push_str("</tr>");
    }
    text.push_str("</tbody></table><p>");
    for (name, ending) in FORMATS {
        let query = if area == DivisionCode::NATIONAL { String::new() } else { format!("?division={area}") };
        _ = write!(text, "<a href=\"directory{ending}{query}\">{name}</a> ");
    }
    text.push_str("</p></main></body></html>");
    text
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(letter),
        }
    }
    safe
}
