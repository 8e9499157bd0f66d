use crate::coverage::scene::acts;
use crate::harness::{HANGZHOU, refusal};
use crate::terminal::told;
use domain::org::{Operation, Role, allows};
use sdk::types::import::{MAX_BATCH_ROWS, RowOutcome};
use sdk::types::org::{CreateOrg, OrgKind, OrgRow, RegisterOrgs};

const CODE: &str = "91110000600037341L";

/// A row of a file.
fn row(name: &str, kind: &str, division: &str, uscc: &str) -> OrgRow {
    let [name, kind, division, uscc] = [name, kind, division, uscc].map(str::to_owned);
    OrgRow { name, kind, division, uscc }
}

fn region(kind: OrgKind, name: &str, division: &str) -> CreateOrg {
    CreateOrg { name: name.into(), kind, division: division.into(), uscc: None }
}

/// What eight who come at the same moment are told.
pub fn at_once<T: Send>(ask: impl Fn() -> T + Sync) -> Vec<T> {
    let gate = std::sync::Barrier::new(8);
    let come = || {
        gate.wait();
        ask()
    };
    std::thread::scope(|scope| {
        let askers: Vec<_> = (0..8).map(|_| scope.spawn(come)).collect();
        askers.into_iter().map(|asker| asker.join().unwrap()).collect()
    })
}

on_both! {
    fn the_operator_registers_organisations_and_finds_them_again(platform) {
        let operator = platform.operator();
        let uscc = Some("91110000600037341L".to_owned());
        let ministry = CreateOrg { uscc: uscc.clone(), ..region(OrgKind::Ministry, "部信息中心", "000000") };
        let created = operator.create_org(&ministry).unwrap();
        assert!(created.org_id.starts_with("org_"));
        assert_eq!((created.kind, created.division.as_str(), created.uscc.clone()), (OrgKind::Ministry, "000000", uscc));

        for name in ["甲", "乙", "丙"] {
            operator.create_org(&region(OrgKind::Department, name, "330106")).unwrap();
        }
        let all: Vec<_> = operator.orgs().map(|org| org.unwrap().name).collect();
        assert_eq!(all, ["operator 000000", "部信息中心", "甲", "乙", "丙"]);
    }

    /// CM-3.1
    fn an_authority_is_registered_at_its_own_level_only(platform) {
        let operator = platform.operator();
        for (kind, division) in [
            (OrgKind::Ministry, "110000"),
            (OrgKind::Province, "330100"),
            (OrgKind::Prefecture, "330000"),
            (OrgKind::Operator, "330000"),
        ] {
            let outcome = operator.create_org(&region(kind, "错位", division));
            assert_eq!(refusal(outcome), (422, "org.division_for_kind".into()), "{kind:?}");
        }
        operator.create_org(&region(OrgKind::Province, "浙江", "330000")).unwrap();
        operator.create_org(&region(OrgKind::Prefecture, "杭州", "330100")).unwrap();
    }

    /// CM-3.1: each bad row names its own columns in both languages, and does not hold up the good ones.
    fn organisations_are_registered_as_rows_and_a_repeated_file_changes_nothing(platform) {
        let operator = platform.operator();
        let rows = vec![
            row("杭州市数据局", "用卡部门", HANGZHOU, CODE),
            row("杭州市人社局", "Prefectural department", HANGZHOU, ""),
            row("", "部门", "33", "9"),
            row("浙江省人社厅", "province", HANGZHOU, ""),
            row("杭州市数据局", "department", HANGZHOU, "9111 0000 6000 37341l"),
            row("杭州市大数据局", "用卡部门", HANGZHOU, CODE),
            row("杭州市人社局", "用卡部门", HANGZHOU, ""),
            row("杭州市数据局", "用卡部门", HANGZHOU, ""),
            row("杭州市数据局", "用卡部门", "990000", ""),
            row("杭州市人社局", "地市级人社部门", HANGZHOU, ""),
        ];
        let fault = |field: &str, code: &str| (field.to_owned(), code.to_owned());
        let refused = |faults: &[(&str, &str)]| {
            (RowOutcome::Refused, faults.iter().map(|(field, code)| fault(field, code)).collect::<Vec<_>>())
        };
        let expected = vec![
            (RowOutcome::Inserted, vec![]),
            (RowOutcome::Inserted, vec![]),
            refused(&[
                ("name", "request.text"),
                ("kind", "org.kind"),
                ("division", "division.shape"),
                ("uscc", "identity.uscc_shape"),
            ]),
            refused(&[("division", "org.division_for_kind")]),
            (RowOutcome::Unchanged, vec![]),
            refused(&[("uscc", "org.taken")]),
            refused(&[("name", "org.named")]),
            refused(&[("name", "org.named")]),
            refused(&[("division", "division.unlisted")]),
            (RowOutcome::Unchanged, vec![]),
        ];
        let batch = RegisterOrgs { rows };
        let (orgs, before) = (operator.orgs().count(), acts(platform));
        let tried = operator.try_orgs(&batch).unwrap().results;
        assert_eq!(tried[3].errors[0].message, "机构类型与行政区划级别不符 (the division does not fit the kind of organisation)");
        assert_eq!(told(tried), expected);
        assert_eq!((operator.orgs().count(), acts(platform)), (orgs, before), "a dry run leaves nothing");

        assert_eq!(told(operator.register_orgs(&batch).unwrap().results), expected);
        assert_eq!((operator.orgs().count(), acts(platform)), (orgs + 2, before + 2));
        let again = told(operator.register_orgs(&batch).unwrap().results);
        for (place, (first, second)) in expected.iter().zip(&again).enumerate() {
            let same = if first.0 == RowOutcome::Inserted { &(RowOutcome::Unchanged, vec![]) } else { first };
            assert_eq!(second, same, "row {place}");
        }
        assert_eq!((operator.orgs().count(), acts(platform)), (orgs + 2, before + 2), "nor does the same file again");
    }

    fn an_organisation_of_a_batch_is_as_one_that_was_registered_alone(platform) {
        let operator = platform.operator();
        let alone = operator.create_org(&region(OrgKind::Lab, "检测所甲", "330106")).unwrap();
        operator.register_orgs(&RegisterOrgs { rows: vec![row("检测所乙", "lab", "330106", "")] }).unwrap();
        let of_batch = operator.orgs().map(Result::unwrap).find(|one| one.name == "检测所乙").unwrap();
        let alike = sdk::types::org::OrgView {
            org_id: alone.org_id.clone(),
            name: alone.name.clone(),
            created_at: alone.created_at.clone(),
            ..of_batch.clone()
        };
        assert_eq!(alike, alone);
        let actions = |id: &str| {
            let path = format!("/api/v1/orgs/{id}/trail");
            let trail = operator.client().list::<sdk::types::audit::TrailEntry>(path);
            trail.map(|one| one.unwrap().action).collect::<Vec<_>>()
        };
        assert_eq!(actions(&of_batch.org_id), ["org.created"]);
        assert_eq!(actions(&of_batch.org_id), actions(&alone.org_id));
        // And one alone is refused for what a row is.
        for twin in [region(OrgKind::Lab, "检测所乙", "330106"), region(OrgKind::Department, "检测所甲", "330106")] {
            assert_eq!(refusal(operator.create_org(&twin)), (409, "resource.exists".into()), "{twin:?}");
        }
    }

    fn a_batch_of_organisations_has_its_size_and_is_whoever_registers_ones(platform) {
        let operator = platform.operator();
        let rows = |count: usize| RegisterOrgs {
            rows: (0..count).map(|at| row(&format!("机构{at}"), "department", "330106", "")).collect(),
        };
        for count in [0, MAX_BATCH_ROWS + 1] {
            assert_eq!(refusal(operator.register_orgs(&rows(count))), (422, "request.fields".into()), "{count}");
        }
        let whole = operator.register_orgs(&rows(MAX_BATCH_ROWS)).unwrap().results;
        assert!(whole.iter().all(|one| one.outcome == RowOutcome::Inserted) && whole.len() == MAX_BATCH_ROWS);
        for (role, division) in [(Role::OperatorClerk, "000000"), (Role::RegionAdmin, HANGZHOU), (Role::AuditAdmin, "000000")] {
            let other = platform.staff(role, division);
            assert_eq!(refusal(other.try_orgs(&rows(1))), (403, "staff.role".into()), "{role}");
            assert_eq!(refusal(other.register_orgs(&rows(1))), (403, "staff.role".into()), "{role}");
        }
    }

    fn of_those_who_bring_the_same_file_at_once_each_row_is_registered_once(platform) {
        let operator = platform.operator();
        let before = operator.orgs().count();
        let rows = (0..20).map(|at| row(&format!("同时{at}"), "department", "330106", "")).collect();
        let batch = RegisterOrgs { rows };
        let outcomes = at_once(|| operator.register_orgs(&batch).unwrap().results);
        let inserted = outcomes.iter().flatten().filter(|one| one.outcome == RowOutcome::Inserted).count();
        let unchanged = outcomes.iter().flatten().filter(|one| one.outcome == RowOutcome::Unchanged).count();
        assert_eq!((inserted, unchanged, operator.orgs().count()), (20, 140, before + 20));
    }

    fn a_credit_code_names_one_organisation(platform) {
        let operator = platform.operator();
        let org = |name: &str| CreateOrg {
            uscc: Some("91110000600037341L".into()),
            ..region(OrgKind::Department, name, "110000")
        };
        operator.create_org(&org("甲")).unwrap();
        assert_eq!(refusal(operator.create_org(&org("乙"))), (409, "resource.exists".into()));
    }

    fn of_those_who_come_at_once_with_one_credit_code_one_is_first(platform) {
        let operator = platform.operator();
        for round in 0..8 {
            let uscc = domain::identity::Uscc::numbered("91330100", round).unwrap().as_str().to_owned();
            let org = CreateOrg { uscc: Some(uscc), ..region(OrgKind::Department, "同名", "110000") };
            let outcomes = at_once(|| operator.create_org(&org).map(drop));
            let (made, refused): (Vec<_>, Vec<_>) = outcomes.into_iter().partition(Result::is_ok);
            assert_eq!(made.len(), 1);
            for outcome in refused {
                assert_eq!(refusal(outcome), (409, "resource.exists".into()));
            }
        }
    }

    fn every_wrong_field_is_named_at_once(platform) {
        let token = platform.token(platform.world(), Role::OperatorAdmin, platform.org(domain::org::OrgKind::Operator, "000000"));
        let body = serde_json::json!({"name": " ", "kind": "lab", "division": "33", "uscc": "91110000600037341X"});
        let reply = platform.request_as(&token, "POST", "/api/v1/orgs", &body);
        assert_eq!((reply.status, reply.code().as_str()), (422, "request.fields"));
        let json = reply.json();
        let pointers: Vec<_> = json["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(pointers, ["/name", "/division", "/uscc"]);
        for (name, status) in [("名".repeat(200), 201), ("名".repeat(201), 422), (String::new(), 422)] {
            let body = serde_json::json!({"name": name, "kind": "lab", "division": "330000"});
            assert_eq!(platform.request_as(&token, "POST", "/api/v1/orgs", &body).status, status);
        }
    }

    /// CH-5.2
    fn a_region_sees_its_own_area_and_below(platform) {
        for division in ["330000", "330100", "330106", "320000"] {
            platform.new_org(domain::org::OrgKind::Department, division);
        }
        let hangzhou = platform.staff(Role::RegionAdmin, "330100");
        let mut seen: Vec<_> = hangzhou.orgs().map(|org| org.unwrap().division).collect();
        seen.sort_unstable();
        assert_eq!(seen, ["330100", "330100", "330106"], "one of them is its own organisation");
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        assert_eq!(ministry.orgs().count(), 6);
    }

    fn a_list_goes_on_where_its_page_ended(platform) {
        let token = platform.token(platform.world(), Role::OperatorAdmin, platform.org(domain::org::OrgKind::Operator, "000000"));
        for _ in 0..4 {
            platform.new_org(domain::org::OrgKind::Lab, "330000");
        }
        let none = serde_json::Value::Null;
        let first = platform.request_as(&token, "GET", "/api/v1/orgs?limit=3", &none).json();
        assert_eq!((first["data"].as_array().unwrap().len(), first["has_more"].as_bool()), (3, Some(true)));
        let path = format!("/api/v1/orgs?limit=3&cursor={}", first["next_cursor"].as_str().unwrap());
        let second = platform.request_as(&token, "GET", &path, &none).json();
        assert_eq!((second["data"].as_array().unwrap().len(), second["has_more"].as_bool()), (2, Some(false)));
        for query in ["limit=0", "limit=201", "cursor=nonsense"] {
            let reply = platform.request_as(&token, "GET", &format!("/api/v1/orgs?{query}"), &none);
            assert_eq!((reply.status, reply.code().as_str()), (422, "request.fields"), "{query}");
        }
    }

    fn whoever_is_signed_in_reads_what_every_role_may_do_from_the_table_that_decides(platform) {
        let table = platform.staff(Role::LabTester, "330000").roles().unwrap();
        assert_eq!(table.roles.len(), Role::ALL.len());
        for operation in Operation::ALL {
            let shown = table.operations.iter().find(|one| one.operation == operation.as_str()).unwrap();
            for role in Role::ALL {
                assert_eq!(shown.roles.contains(&role.to_string()), allows(*role, *operation), "{role} {operation}");
            }
            assert!(!shown.name.is_ascii() && shown.name_en.is_ascii(), "{operation} has a name in both languages");
        }
        let tester = table.roles.iter().find(|one| one.role == "lab_tester").unwrap();
        assert_eq!((&tester.org_kinds[..], tester.is_own_org_only), (&["lab".to_owned()][..], true));
    }
}
