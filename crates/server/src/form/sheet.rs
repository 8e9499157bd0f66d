//! The boxes of 附表1, 附表2 and 附表3, in the order and with the words of the regulation, filled in with an application.

use super::Number;
use super::paper::{Cell, Row};
use domain::division::DivisionCode;
use domain::time::Timestamp;
use serde_json::Value;
use std::collections::BTreeSet;

/// A document before it has pages.
#[derive(Debug)]
pub struct Sheet {
    /// What it is called.
    pub title: &'static str,
    /// 填表日期.
    pub below: String,
    /// The boxes.
    pub rows: Vec<Row>,
    /// 填写说明.
    pub note: &'static str,
}

/// What a document is filled in with; a blank one has nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Filled<'a> {
    /// The body of the application.
    pub body: Option<&'a Value>,
    /// The bodies of all applications of the same form, by row, the own among them (CH-F1.6).
    pub rows: &'a [Value],
    /// What has come with it.
    pub enclosed: Option<&'a Enclosed>,
}

/// What has come with an application.
#[derive(Debug, Clone, Default)]
pub struct Enclosed {
    /// The purposes of its files that have arrived whole.
    pub purposes: BTreeSet<String>,
    /// The channel has a security report that was submitted (CH-F3.2).
    pub has_report: bool,
}

/// Rows for channels on a blank form.
const BLANK_CHANNELS: usize = 4;
/// 序号, 渠道名称, 渠道形式, 渠道编号, 接入方式, 服务地域, 应用范围.
const COLUMNS: [f32; 7] = [0.07, 0.19, 0.12, 0.14, 0.1, 0.18, 0.2];
const HEADS: [&str; 7] = ["序号", "渠道名称", "渠道形式", "渠道编号", "接入方式", "服务地域", "应用范围"];
/// What 二级渠道情况补充说明 consists of (填写说明6 of 附表1).
const STATEMENT: [&str; 4] = ["basics", "management", "capabilities", "business"];
/// An opinion that nobody has given yet.
const NO_OPINION: &str = "\n\n联系人：          联系电话：\n日  期：     年   月   日";

/// The document of a form.
pub fn sheet(form: Number, filled: Filled<'_>) -> Sheet {
    match form {
        Number::One => Sheet {
            title: "电子社会保障卡服务渠道测试入网申请表",
            below: date(&filled.text("/forms/one/filled_on")),
            rows: one(filled),
            note: NOTE_ONE,
        },
        Number::Two => {
            Sheet {
                title: "社会渠道入网补充说明材料清单", below: String::new(), rows: two(filled), note: ""
            }
        }
        Number::Three => Sheet {
            title: "电子社会保障卡服务渠道正式入网申请表",
            below: date(&filled.text("/formal/filled_on")),
            rows: three(filled),
            note: NOTE_THREE,
        },
    }
}

impl Filled<'_> {
    /// The same document, said of another row.
    const fn of<'b>(body: &'b Value) -> Filled<'b> {
        Filled { body: Some(body), rows: &[], enclosed: None }
    }

    /// The box before what is enclosed: ticked when it is there.
    fn tick(&self, is_there: impl FnOnce(&Enclosed) -> bool) -> char {
        if self.enclosed.is_some_and(is_there) { '■' } else { '□' }
    }

    /// The text at a pointer, empty where there is none.
    fn text(&self, pointer: &str) -> String {
        let found = self.body.and_then(|body| body.pointer(pointer));
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn list(&self, pointer: &str) -> &[Value] {
        let found = self.body.and_then(|body| body.pointer(pointer));
        found.and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }
}

fn date(day: &str) -> String {
    match day.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => format!("填表日期：{year} 年 {month} 月 {day} 日"),
        _ => "填表日期：        年    月    日".into(),
    }
}

fn row(least: f32, cells: Vec<Cell>) -> Row {
    Row { least, cells }
}

fn one(filled: Filled<'_>) -> Vec<Row> {
    let mut rows = head(filled, "/forms/one/contact");
    rows.extend(channels(filled, "/forms/channel/number"));
    let has = |purpose: &'static str| filled.tick(|enclosed| enclosed.purposes.contains(purpose));
    let statement = filled.body.and_then(|body| body.pointer("/forms/level_two")).and_then(Value::as_object);
    let is_written = |value: &Value| value.as_str().is_some_and(|text| !text.is_empty());
    let has_statement =
        statement.is_some_and(|said| STATEMENT.iter().all(|part| said.get(*part).is_some_and(is_written)));
    let files = format!(
        "{}《电子社保卡测试信息采集表》\n{} 社会渠道入网补充说明材料（申请社会渠道时提供）\n\
         {} 二级渠道情况补充说明（申请二级渠道时提供）",
        has("test_collection"),
        has("licence"),
        if has_statement { '■' } else { '□' },
    );
    rows.push(row(52.0, vec![Cell::label(0.19, "附加材料"), Cell::value(0.81, files)]));
    let opinion = |kind, name| {
        let asked = replies(filled.list("/consultation/tasks"));
        let given = match kind {
            // A nation-wide application has no reviews of its own: the provinces were asked (CH-8.1e).
            "province" if !asked.is_empty() => asked,
            _ => opinions(filled.list("/test/tasks"), kind),
        };
        Cell::sealed(0.5, format!("{name}人社部门信息化综合管理机构意见：\n{given}"))
    };
    rows.push(row(130.0, vec![opinion("prefecture", "地市级"), opinion("province", "省级")]));
    rows
}

fn three(filled: Filled<'_>) -> Vec<Row> {
    let mut rows = head(filled, "/formal/contact");
    rows.extend(channels(filled, "/formal/number"));
    let is_filmed = |enclosed: &Enclosed| {
        ["recording_ios", "recording_android"].iter().all(|film| enclosed.purposes.contains(*film))
    };
    let files = format!(
        "{} 渠道安全检测报告\n{} 测试结果录屏",
        filled.tick(|enclosed| enclosed.has_report),
        filled.tick(is_filmed),
    );
    rows.push(row(38.0, vec![Cell::label(0.19, "附加材料"), Cell::value(0.81, files)]));
    let opinion = |kind, name| {
        let given = opinions(filled.list("/first/tasks"), kind);
        Cell::sealed(0.5, format!("{name}人社部门信息化综合管理机构（公章）：\n{given}"))
    };
    rows.push(row(124.0, vec![opinion("prefecture", "地市级"), opinion("province", "省级")]));
    let operator = decided(filled, &["/recordings", "/report"]);
    let ministry = decided(filled, &["/audit"]);
    rows.push(row(
        130.0,
        vec![
            Cell::sealed(0.5, format!("平台运营机构（公章）：\n{operator}")),
            Cell::sealed(0.5, format!("人力资源社会保障部信息中心（公章）：\n{ministry}")),
        ],
    ));
    rows
}

/// The head of 附表1 and 附表3.
fn head(filled: Filled<'_>, contact: &str) -> Vec<Row> {
    let of = |field: &str| {
        let formal = filled.text(&format!("{contact}/{field}"));
        if formal.is_empty() { filled.text(&format!("/forms/one/contact/{field}")) } else { formal }
    };
    let reach = [of("phone"), of("email")].join("\n");
    vec![
        row(
            104.0,
            vec![
                Cell::label(0.26, "渠道所属单位名称\n（加盖公章）"),
                Cell::sealed(0.74, filled.text("/forms/one/owner_name")),
            ],
        ),
        row(
            34.0,
            vec![
                Cell::label(0.26, "渠道所属单位\n统一社会信用代码"),
                Cell::value(0.74, filled.text("/forms/one/uscc")),
            ],
        ),
        row(
            34.0,
            vec![
                Cell::label(0.26, "联系人"),
                Cell::value(0.24, of("name")),
                Cell::label(0.19, "联系方式"),
                Cell::value(0.31, reach.trim()),
            ],
        ),
        row(
            30.0,
            vec![
                Cell::label(0.26, "一级渠道名称"),
                Cell::value(0.24, filled.text("/forms/one/parent_name")),
                Cell::label(0.19, "一级渠道编号"),
                Cell::value(0.31, filled.text("/forms/one/parent_number")),
            ],
        ),
    ]
}

/// 申请渠道信息: a row for each channel of the form (CH-F1.6).
fn channels(filled: Filled<'_>, number: &str) -> Vec<Row> {
    let heads = HEADS.iter().zip(COLUMNS).map(|(head, part)| Cell::label(part, *head));
    let mut rows = vec![row(24.0, vec![Cell::label(1.0, "申请渠道信息")]), row(24.0, heads.collect())];
    let numbered = |at: usize, texts: [String; 7]| {
        let cells = texts.into_iter().zip(COLUMNS).enumerate();
        let cells = cells.map(|(column, (text, part))| match column {
            0 => Cell::label(part, at.to_string()),
            _ => Cell::value(part, text),
        });
        row(38.0, cells.collect())
    };
    let Some(own) = filled.body else {
        rows.extend((1..=BLANK_CHANNELS).map(|at| numbered(at, Default::default())));
        return rows;
    };
    let all = if filled.rows.is_empty() { std::slice::from_ref(own) } else { filled.rows };
    rows.extend(all.iter().map(|body| {
        let line = Filled::of(body);
        let at = body.pointer("/row").and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
        let texts = [
            String::new(),
            line.text("/forms/channel/name"),
            form_name(line),
            line.text(number),
            line.text("/forms/channel/access_mode").to_uppercase(),
            regions(line),
            services(line),
        ];
        numbered(at.unwrap_or(1), texts)
    }));
    rows
}

fn form_name(filled: Filled<'_>) -> String {
    match filled.text("/forms/channel/form").as_str() {
        "app" => "APP".into(),
        "official_account" => "公众号".into(),
        "life_account" => "生活号".into(),
        "mini_program" => "小程序".into(),
        _ => filled.text("/forms/channel/form_name"),
    }
}

fn place(code: &str) -> String {
    let name = code.parse::<DivisionCode>().ok().and_then(DivisionCode::name);
    name.map_or_else(|| code.to_owned(), str::to_owned)
}

fn regions(filled: Filled<'_>) -> String {
    let areas = filled.list("/forms/channel/regions").iter();
    areas.filter_map(|area| area["division"].as_str()).map(place).collect::<Vec<_>>().join("、")
}

/// The standard service always, and what was chosen beside it, with whether its form is attached (CH-F1.12).
fn services(filled: Filled<'_>) -> String {
    let chosen = filled.list("/forms/channel/services").iter().filter_map(Value::as_str);
    let names = chosen.map(|code| {
        let name = domain::service::find(code).map_or(code, |service| service.zh);
        let has_form = !filled.text(&format!("/forms/channel/service_forms/{code}")).is_empty();
        format!("{name}{}", if has_form { "（附申请表）" } else { "" })
    });
    let is_general = filled.text("/forms/channel/breadth") != "specialised";
    is_general.then(|| "标准服务".to_owned()).into_iter().chain(names).collect::<Vec<_>>().join("、")
}

/// What the departments of a round have said, or the empty lines for it (CH-F1.15).
fn opinions(tasks: &[Value], kind: &str) -> String {
    let of_kind = tasks.iter().filter(|task| task["kind"] == kind);
    let given: Vec<_> = of_kind
        .filter_map(|task| {
            let (opinion, text) =
                (task.get("opinion").filter(|opinion| opinion.is_object())?, |name: &str| {
                    task["opinion"][name].as_str().unwrap_or_default().to_owned()
                });
            let verdict = verdict(opinion);
            let region = place(task["region"].as_str().unwrap_or_default());
            Some(format!(
                "{region}：{verdict}。{}\n联系人：{}  联系电话：{}\n日  期：{}",
                text("words"),
                text("contact"),
                text("phone"),
                day(&text("at")),
            ))
        })
        .collect();
    if given.is_empty() { NO_OPINION.into() } else { given.join("\n") }
}

fn verdict(opinion: &Value) -> &'static str {
    match opinion["verdict"].as_str() {
        Some("agreed") => "同意",
        Some("conditional") => "有条件同意",
        _ => "不同意",
    }
}

/// What the provinces have replied that were asked, a line for each.
fn replies(tasks: &[Value]) -> String {
    let given = tasks.iter().filter_map(|task| {
        let opinion = task.get("opinion").filter(|opinion| opinion.is_object())?;
        let text = |name: &str| opinion[name].as_str().unwrap_or_default();
        let province = place(task["region"].as_str().unwrap_or_default());
        let (verdict, on) = (verdict(opinion), day(text("at")));
        Some(format!("{province}：{verdict}，{} {} {on}", text("contact"), text("phone")))
    });
    given.collect::<Vec<_>>().join("\n")
}

/// What operator or ministry has decided, each with its day; the empty lines where nobody has. These steps ask for no
/// contact: its line is left for the pen, and no account's name stands in its place.
fn decided(filled: Filled<'_>, checks: &[&str]) -> String {
    let given = checks.iter().filter_map(|check| {
        let words = filled.text(&format!("{check}/words"));
        let on = day(&filled.text(&format!("{check}/at")));
        (!words.is_empty()).then(|| format!("{words}\n联系人：          联系电话：\n日  期：{on}"))
    });
    let given: Vec<_> = given.collect();
    if given.is_empty() { NO_OPINION.into() } else { given.join("\n") }
}

/// The day of a moment, as it is in Beijing.
fn day(moment: &str) -> String {
    moment.parse::<Timestamp>().map(|at| at.business_date().to_string()).unwrap_or_default()
}

/// 附表2: what is asked, and below it what was filled in.
fn two(filled: Filled<'_>) -> Vec<Row> {
    let text = |field: &str| filled.text(&format!("/forms/two/{field}"));
    let line = |group: &str, content: &str, wanted: &str, given: String, form: &str| {
        let asked = [wanted, given.trim()].into_iter().filter(|text| !text.is_empty());
        row(
            46.0,
            vec![
                Cell::label(0.15, group),
                Cell::label(0.21, content),
                Cell::value(0.42, asked.collect::<Vec<_>>().join("\n")),
                Cell::value(0.22, form),
            ],
        )
    };
    let users = labelled(&[
        ("用户人群：", text("user_groups")),
        ("注册用户数：", text("registered_users")),
        ("月活跃用户数：", text("monthly_active")),
    ]);
    let promised = labelled(&[
        ("年度签发量：", text("committed_issuance")),
        ("年度使用量：", text("committed_usage")),
        ("月活跃用户数：", text("committed_monthly_active")),
    ]);
    let introduced = [text("introduction"), text("download")].join("\n");
    const OWNER: &str = "渠道所属\n单位信息";
    const CHANNEL: &str = "渠道信息";
    const SCENE: &str = "拟合作场景";
    const COPIES: &str = "公司营业执照、公司资质证书、公司荣誉证书等证照复印件加盖公章";
    const SLIDES: &str = "Word、PPT等形式";
    let head = ["项目", "内容", "要求", "材料形式"].iter().zip([0.15, 0.21, 0.42, 0.22]);
    vec![
        row(24.0, head.map(|(name, part)| Cell::label(part, *name)).collect()),
        line(OWNER, "渠道所属单位名称", "", filled.text("/forms/one/owner_name"), COPIES),
        line(OWNER, "统一社会信用代码", "", filled.text("/forms/one/uscc"), COPIES),
        line(OWNER, "注册地址", "", text("registered_address"), COPIES),
        line(OWNER, "注册时间", "公司注册时间一年以上", text("registered_on"), COPIES),
        line(OWNER, "公司材料", "证明公司合法性和影响力", text("standing"), COPIES),
        line(CHANNEL, "渠道名称", "", filled.text("/forms/channel/name"), SLIDES),
        line(CHANNEL, "渠道介绍", "简介、下载地址等", introduced, SLIDES),
        line(CHANNEL, "用户情况", "用户人群、注册用户数、月活跃用户数等", users, SLIDES),
        line(CHANNEL, "覆盖地域", "渠道覆盖的省份、地市", text("coverage"), SLIDES),
        line(
            SCENE,
            "渠道与民生业务、社保卡服务范围和方向契合度",
            "描述业务内容如何服务于人社及其他民生业务",
            text("fit"),
            SLIDES,
        ),
        line(SCENE, "拟接入入口位置", "示意图", String::new(), SLIDES),
        line(SCENE, "应用拓展规划", "未来共同拓展应用规划方案", text("expansion"), SLIDES),
        line(
            SCENE,
            "渠道承诺业务量",
            "承诺渠道年度签发量或应用接入的使用量、月活跃用户数等指标",
            promised,
            "与平台运营机构协商后确定",
        ),
    ]
}

/// Named values, those that there are.
fn labelled(values: &[(&str, String)]) -> String {
    let given = values.iter().filter(|(_, value)| !value.is_empty());
    given.map(|(name, value)| format!("{name}{value}")).collect::<Vec<_>>().join("\n")
}

const NOTE_ONE: &str = "填写说明：
1.此表由渠道所属单位填写，经地市级、省级人社部门信息化综合管理机构审核，由省级人社部门通过平台提交，纸质扫描件作为附件留存。
2.渠道形式：包括APP、公众号、生活号、小程序等形式，请具体注明。
3.服务地域：写明渠道拟申请的电子社保卡服务省份、地市。
4.应用范围：（1）电子社保卡标准服务（必选）；（2）电子社保卡个性化服务（可选），如属地服务、扫码登录、个性化提示、全国性应用的分渠道配置等，具体清单可在渠道门户、地方门户浏览，并下载对应的申请表格。
5.社会渠道入网补充说明材料清单见附表2。
6.二级渠道情况补充说明，包括基本情况（二级渠道基本业务信息、服务人数等）、管理关系（一、二级渠道所属单位的关系，一、二级渠道的管理关系及各自责任）、能力关系（二级渠道复用一级渠道的具体能力）、业务关系（二级渠道服务地域、应用范围与一级渠道的对应关系）。";
const NOTE_THREE: &str = "填写说明：
1.此表由渠道所属单位填写，经地市级、省级人社部门信息化综合管理机构审核，由省级人社部门通过平台提交，纸质扫描件作为附件留存。
2.渠道形式：包括APP、公众号、生活号、小程序，请具体注明。
3.服务地域：写明渠道拟申请的电子社保卡服务省份、地市。
4.应用范围：（1）电子社保卡标准服务（必选）；（2）电子社保卡个性化服务（可选），如属地服务、扫码登录、个性化提示、全国性应用的分渠道配置等，具体清单可在渠道门户、地方门户浏览，并下载对应的申请表格。
5.录屏要求：（1）IOS、安卓录屏各1份；（2）录屏内容包含以下环节：进入电子社保卡、签发电子社保卡、修改密码、重置密码、解除关联、退出电子社保卡。";
