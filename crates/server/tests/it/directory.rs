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
