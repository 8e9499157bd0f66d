use domain::org::Role;
use sdk::types::channel::{
    AccessMode, ActOnChannel, ChannelClass, ChannelForm, ChannelOwner, ChannelView, CreateChannel,
};
use serde_json::Value;

fn channel(name: &str, regions: &[&str]) -> CreateChannel {
    CreateChannel {
        name: name.into(),
        owner: ChannelOwner { name: "数字浙江".into(), uscc: "91110000600037341L".into() },
        class: ChannelClass::Government,
        level: 1,
        parent_id: None,
        form: ChannelForm::App,
        form_name: None,
        access_mode: AccessMode::Sdk,
        regions: regions.iter().map(ToString::to_string).collect(),
        services: vec!["ecard.issue".into()],
        keys: Vec::new(),
    }
}

on_both! {
    /// ND-3.5b
    fn everybody_reads_which_channels_are_in_service_and_a_stopped_one_is_gone_at_once(platform) {
        let operator = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        let create = |name: &str, regions: &[&str]| operator.create_channel(&channel(name, regions)).unwrap();
        let made = [create("浙里办", &["330000"]), create("=办事", &["000000"]), create("粤省事", &["440000"])];
        let names = |query: &str| {
            let page = platform.request("GET", &format!("/sandbox/api/v1/directory{query}"), &[], b"").json();
            let mut names: Vec<String> = page["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|entry| entry["name"].as_str().unwrap().to_owned())
                .collect();
            names.sort();
            names
        };
        assert_eq!(names(""), ["=办事", "浙里办", "粤省事"]);
        assert_eq!(names("?division=330100"), ["=办事", "浙里办"]);
        let file = platform.request("GET", "/sandbox/api/v1/directory.csv?division=440000", &[], b"");
        let text = String::from_utf8(file.body.clone()).unwrap();
        assert!(text.starts_with("\u{feff}渠道编号,") && text.contains(",'=办事,数字浙江,政府渠道,一级,APP,全国\r\n"), "{text}");
        assert!(text.contains("粤省事") && !text.contains("浙里办"), "{text}");

        let stop = |channel: &ChannelView, action: &str| {
            let request = ActOnChannel { action: action.into(), reason: Some("停机".into()) };
            operator.act_on_channel(&channel.channel_id, channel.version, &request).unwrap();
        };
        stop(&made[0], "suspend");
        stop(&made[2], "terminate");
        assert_eq!(names(""), ["=办事"]);
    }

    /// ND-3.5b
    fn a_department_shows_the_list_within_its_own_page_and_no_name_is_markup(platform) {
        let operator = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        operator.create_channel(&channel("<script>甲&\"乙'", &["330000"])).unwrap();
        operator.create_channel(&channel("粤省事", &["440000"])).unwrap();
        let ask = |query: &str| platform.request("GET", &format!("/sandbox/api/v1/directory.html{query}"), &[], b"");
        let page = ask("?division=330100");
        let header = |name: &str| page.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!((page.status, header("content-type").as_str()), (200, "text/html; charset=utf-8"));
        let policy = header("content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
        let official = platform.request("GET", "/api/v1/directory.html", &[], b"");
        let policy = official.headers.get("content-security-policy").unwrap().to_str().unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors *"), "{policy}");
        assert!(!String::from_utf8(official.body.clone()).unwrap().contains("沙盒"), "the official list");
        let text = String::from_utf8(page.body.clone()).unwrap();
        for place in ["<title>", "<h1>"] {
            assert!(text.contains(&format!("{place}【沙盒·非正式名录 Sandbox, not official】")), "{text}");
        }
        assert!(text.contains("浙江省杭州市") && text.contains("共1个渠道") && !text.contains("粤省事"), "{text}");
        assert!(text.contains("&lt;script&gt;甲&amp;&quot;乙&#39;") && !text.contains("<script"), "{text}");
        for other in ["directory.csv?division=330100", "directory.pdf?division=330100", "directory?division=330100"] {
            assert!(text.contains(&format!("href=\"{other}\"")), "{text}");
        }
        assert!(String::from_utf8(ask("").body.clone()).unwrap().contains("共2个渠道"));
        assert_eq!(ask("?division=99").status, 422);
    }

    /// ND-3.5b: what is published has every channel, however many there are; and the document is one of several pages.
    fn what_is_published_is_not_cut_off(platform) {
        let sandbox = platform.sandbox();
        let operator = platform.staff_in(sandbox, Role::OperatorAdmin, "000000");
        let made = operator.create_channel(&channel("首家", &["330100"])).unwrap();
        let id: domain::id::ChannelId = made.channel_id.parse().unwrap();
        let row = sandbox.db().read_blocking(move |tx| store::channel::find(tx, id.as_bytes())).unwrap().unwrap();
        let copies: Vec<_> = (0..520).map(|place: i64| store::channel::ChannelRow {
            id: *sandbox.id(domain::id::ChannelId::make).as_bytes(),
            number: format!("{:010}", 10 + place),
            name: format!("渠道{place}"),
            ..row.clone()
        }).collect();
        sandbox.db().write_blocking(move |tx| {
            tx.unaudited("a test fills the list");
            copies.iter().try_for_each(|copy| store::channel::insert(tx, copy))
        }).unwrap();
        let ask = |ending: &str| platform.request("GET", &format!("/sandbox/api/v1/directory{ending}?division=330100"), &[], b"");
        let file = String::from_utf8(ask(".csv").body.clone()).unwrap();
        assert_eq!(file.lines().count(), 1 + 521);
        assert!(String::from_utf8(ask(".html").body.clone()).unwrap().contains("共521个渠道"));
        let paper = ask(".pdf");
        let header = |name: &str| paper.headers.get(name).unwrap().to_str().unwrap().to_owned();
        assert_eq!((paper.status, header("content-type").as_str()), (200, "application/pdf"));
        assert!(paper.body.starts_with(b"%PDF-"));
        let pages = paper.body.windows(b"/Type /Page\n".len()).filter(|part| part == b"/Type /Page\n").count();
        assert!(pages > 10, "{pages} pages");
        assert_eq!(ask(".pdf").status, 200);
        assert_eq!(platform.request("GET", "/api/v1/directory.pdf?division=9", &[], b"").status, 422);
    }

    /// CH-34.2
    fn whoever_must_move_is_shown_the_channels_of_the_region_and_the_nationwide_ones(platform) {
        let operator = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        let create = |name: &str, regions: &[&str]| operator.create_channel(&channel(name, regions)).unwrap();
        let leaving = create("浙里办", &["330000"]);
        create("杭州通", &["330100"]);
        create("全国通", &["000000"]);
        create("粤省事", &["440000"]);
        let stopped = create("宁波通", &["330200"]);
        let act = |channel: &ChannelView, action: &str| {
            let request = ActOnChannel { action: action.into(), reason: Some("停机".into()) };
            operator.act_on_channel(&channel.channel_id, channel.version, &request).unwrap();
        };
        act(&stopped, "suspend");
        let ask = |query: &str| platform.request("GET", &format!("/sandbox/api/v1/directory?{query}"), &[], b"");
        let names = |query: &str| {
            let page = ask(query).json();
            let rows = page["data"].as_array().unwrap().iter();
            let mut names: Vec<_> = rows.map(|entry| entry["name"].as_str().unwrap().to_owned()).collect();
            names.sort();
            names
        };
        let query = format!("leaving={}", leaving.number);
        assert_eq!(names(&query), ["全国通", "杭州通"]);
        assert_eq!(names(&format!("{query}&division=330200")), ["全国通"], "of a part of its regions");
        act(&leaving, "terminate");
        assert_eq!(names(&query), ["全国通", "杭州通"], "and after it is gone");
        assert_eq!(ask("leaving=9999999999").status, 404);
        assert_eq!(ask("leaving=99").status, 422);
    }

    fn the_list_is_paged_by_number_and_tells_nothing_else(platform) {
        let operator = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        for name in ["甲", "乙", "丙"] {
            operator.create_channel(&channel(name, &["330000"])).unwrap();
        }
        let mut numbers = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = platform.request("GET", &format!("/sandbox/api/v1/directory?limit=1{cursor}"), &[], b"").json();
            let entry = page["data"][0].as_object().unwrap().clone();
            let fields: Vec<&str> = entry.keys().map(String::as_str).collect();
            assert_eq!(fields, ["class", "form", "level", "name", "number", "owner_name", "regions"]);
            numbers.push(entry["number"].as_str().unwrap().to_owned());
            let Value::String(next) = &page["next_cursor"] else { break };
            cursor = format!("&cursor={next}");
        }
        assert_eq!(numbers.len(), 3);
        assert!(numbers.is_sorted(), "{numbers:?}");
    }
}
