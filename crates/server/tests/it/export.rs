//! Files of long lists over HTTP: begun, made in the background, taken by whoever asked for them and by nobody else.

use crate::desk::Desk;
use crate::harness::{Platform, refusal};
use crate::pdf::Document;
use data_encoding::HEXLOWER;
use domain::export::KEPT_SECONDS;
use domain::id::{AttachmentId, ExportId, StaffId, TerminalId};
use domain::org::{OrgKind, Role};
use sdk::client::Staff;
use sdk::types::audit::{ExportFormat, ExportedList};
use sdk::types::export::{CreateExport, ExportLanguage, ExportState, ExportView};
use serde_json::{Map, Value, json};
use server::audit::proof;
use server::job::{self, registered};
use std::io::{Cursor, Read};
use store::export::ExportRow;
use store::org::StaffRow;
use store::terminal::TerminalRow;

/// More than two pages of a list.
const MANY: usize = 450;

/// What somebody asks for.
pub fn wish(list: ExportedList, format: ExportFormat) -> CreateExport {
    CreateExport { list, object_id: None, filter: Map::new(), format, language: ExportLanguage::En }
}

fn narrowed(list: ExportedList, filter: &Value) -> CreateExport {
    let filter = filter.as_object().unwrap().clone();
    CreateExport { filter, ..wish(list, ExportFormat::Csv) }
}

/// Many terminals of the department of a division, each with a number that a spreadsheet would spoil; their ids.
fn terminals(platform: &Platform, division: &'static str, count: usize) -> Vec<String> {
    let org = platform.org(OrgKind::Department, division);
    let row = |at: usize| TerminalRow {
        id: *platform.world().id(TerminalId::make).as_bytes(),
        serial: format!("{division}-{at:04}"),
        psam: Some(format!("{at:012}")),
        org_id: *org.as_bytes(),
        division: division.into(),
        state: "active".into(),
        created_at: platform.world().now().as_micros(),
        version: 1,
    };
    let rows: Vec<_> = (0..count).map(row).collect();
    let ids = rows.iter().map(|row| TerminalId::from_bytes(row.id).to_string()).collect();
    platform.write(move |tx| Ok(store::terminal::insert_each(tx, &rows)?));
    ids
}

/// Makes every file that is asked for.
pub fn make(platform: &Platform) -> usize {
    platform.block_on(job::run_due(platform.world(), &registered())).unwrap()
}

/// The file, as it was made.
fn file(staff: &Staff, export: &ExportView) -> Vec<u8> {
    let bytes = staff.export_piece(export, 0).unwrap();
    assert_eq!(export.size, Some(i64::try_from(bytes.len()).unwrap()));
    assert_eq!(export.sm3, Some(HEXLOWER.encode(&gm::sm3::digest(&bytes))));
    bytes
}

/// The lines of a CSV, the first cell of each.
fn firsts(bytes: &[u8]) -> Vec<String> {
    let text = std::str::from_utf8(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap()).unwrap();
    text.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned()).collect()
}

/// The account behind an export.
fn owner(platform: &Platform, export: &ExportView) -> StaffRow {
    let id: ExportId = export.export_id.parse().unwrap();
    platform.read(move |tx| {
        let row = store::export::find(tx, id.as_bytes())?.unwrap();
        Ok(store::org::find_staff(tx, &row.staff_id)?.unwrap())
    })
}

fn change(platform: &Platform, row: StaffRow) {
    platform.write(move |tx| Ok(store::org::update_staff(tx, &row)?));
}

/// Files that the world keeps.
fn kept(platform: &Platform, id: AttachmentId) -> bool {
    platform.world().shelf().read(id, 0, 1).is_ok()
}

fn file_id(platform: &Platform, export: &ExportView) -> Option<AttachmentId> {
    let id: ExportId = export.export_id.parse().unwrap();
    let row = platform.read(move |tx| Ok(store::export::find(tx, id.as_bytes())?.unwrap()));
    row.file_id.map(AttachmentId::from_bytes)
}

on_both! {
    /// Every row that the list shows, once, and none that it does not.
    fn a_long_list_becomes_a_file_of_what_its_owner_sees(platform) {
        let ids = terminals(platform, "330106", MANY);
        terminals(platform, "310000", 3);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let asked = staff.create_export(&wish(ExportedList::Terminal, ExportFormat::Csv)).unwrap();
        assert_eq!((asked.state, asked.rows, &asked.sm3, &asked.expires_at), (ExportState::Waiting, 0, &None, &None));
        assert_eq!(refusal(staff.export_piece(&asked, 0)), (409, "export.not_ready".into()));

        assert_eq!(make(platform), 1);
        let ready = staff.export(&asked.export_id).unwrap();
        assert_eq!((ready.state, ready.rows), (ExportState::Ready, i64::try_from(MANY).unwrap()));
        let bytes = file(&staff, &ready);
        assert_eq!(firsts(&bytes), ids);
        let text = String::from_utf8(bytes).unwrap();
        let line = text.lines().nth(8).unwrap();
        assert!(line.contains(",330106-0007,") && line.contains(",'000000000007,"), "{line}");
        assert_eq!(staff.exports().all().unwrap(), std::slice::from_ref(&ready));

        let path = format!("/api/v1/exports/{}/content", ready.export_id);
        let token = platform.token(platform.world(), Role::RegionAdmin, platform.org(OrgKind::Province, "330000"));
        let other = platform.request_as(&token, "GET", &path, &Value::Null);
        assert_eq!(other.status, 404, "a colleague's is nobody else's");
        assert_eq!(other.header("content-disposition"), "");
    }

    /// C11: the same rows as pages to print: the heads and which page it is on every one, who made it when, and what of.
    fn a_list_becomes_pages_to_print(platform) {
        let ids = terminals(platform, "330106", MANY);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let wished = CreateExport { language: ExportLanguage::Zh, ..wish(ExportedList::Terminal, ExportFormat::Pdf) };
        let asked = staff.create_export(&wished).unwrap();
        make(platform);
        let ready = staff.export(&asked.export_id).unwrap();
        assert_eq!((ready.state, ready.rows), (ExportState::Ready, i64::try_from(MANY).unwrap()));
        assert!(ready.file_name.as_ref().unwrap().ends_with(".pdf"));
        let document = Document::read(&file(&staff, &ready));
        assert!(document.size.0 > document.size.1, "it lies: {:?}", document.size);
        let count = document.pages.len();
        assert!(count > 5, "{count} pages");
        for (number, page) in document.pages.iter().enumerate() {
            assert_eq!(page.iter().filter(|text| *text == "序列号").count(), 1, "page {number}");
            assert!(page.contains(&format!("第 {} / {count} 页", number + 1)), "page {number}");
        }
        let text = document.text();
        for (at, id) in ids.iter().enumerate() {
            assert!(text.contains(id) && text.contains(&format!("330106-{at:04}")), "{id}");
        }
        let (login, first) = (owner(platform, &ready).login, document.pages[0].concat());
        assert!(first.contains(&format!("导出人：{login}")) && first.contains("+08:00"), "{first}");
        assert!(first.contains("筛选：无　共450行") && first.contains(&ready.export_id), "{first}");
    }

    /// C11: a list that is too long to be printed is refused by a rule that says so, and its other formats are not.
    fn a_list_that_is_too_long_to_print_says_so(platform) {
        let most = usize::try_from(domain::export::MOST_PRINTED).unwrap();
        terminals(platform, "330106", most + 1);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let [pdf, csv] = [ExportFormat::Pdf, ExportFormat::Csv]
            .map(|format| staff.create_export(&wish(ExportedList::Terminal, format)).unwrap());
        make(platform);
        make(platform);
        let failed = staff.export(&pdf.export_id).unwrap();
        assert_eq!((failed.state, failed.reason.as_deref()), (ExportState::Failed, Some("export.printed")));
        assert_eq!(staff.export(&csv.export_id).unwrap().state, ExportState::Ready);
    }

    /// Asked, made and taken: each is on record under the id that stands in the file, with what the file held.
    fn making_and_taking_a_file_is_on_record(platform) {
        terminals(platform, "330106", 3);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let asked = staff.create_export(&wish(ExportedList::Terminal, ExportFormat::Xlsx)).unwrap();
        make(platform);
        let ready = staff.export(&asked.export_id).unwrap();
        let bytes = file(&staff, &ready);
        let auditor = platform.staff(Role::AuditAdmin, "000000");
        let proofs = auditor.audit_proofs(&asked.export_id, None).all().unwrap();
        let records: Vec<_> = proofs.iter().map(|one| proof::verify_line(&serde_json::to_vec(one).unwrap()).unwrap().record).collect();
        let mut told: Vec<_> = records.iter().map(|one| (one.action.as_str(), one.evidence)).collect();
        told.sort_unstable();
        let digest = Some(gm::sm3::digest(&bytes));
        assert_eq!(told, [("export.asked", None), ("export.downloaded", digest), ("list.exported", digest)]);
        let made = records.iter().find(|one| one.action.as_str() == "list.exported").unwrap();
        let what: Vec<_> = made.changes.iter().map(|one| (one.field.as_str(), one.to.text().unwrap())).collect();
        let filter = HEXLOWER.encode(&gm::sm3::digest(b"{}"));
        assert_eq!(what, [("filter_sm3", filter.as_str()), ("format", "xlsx"), ("list", "terminal"), ("rows", "3")]);
        assert!(records.iter().all(|one| one.actor.text() == StaffId::from_bytes(owner(platform, &ready).id).to_string()));

        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut text = String::new();
        archive.by_name("docProps/custom.xml").unwrap().read_to_string(&mut text).unwrap();
        assert!(text.contains(&asked.export_id), "{text}");
    }

    /// A file has the rows that the list's own operation gives with the same parameters.
    fn matters_are_narrowed_as_their_list_is(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let (owner, operator) = (Desk::owner(platform, &channel), Desk::operator(platform));
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        let matters: Vec<_> = (0..5).map(|_| owner.open("suggestion", &channel, &opening)).collect();
        operator.act(&matters[0], &json!({"action": "answer", "words": "已列入计划"}));
        let staff = platform.operator();
        let rows = |filter: Value| {
            let asked = staff.create_export(&narrowed(ExportedList::Matter, &filter)).unwrap();
            make(platform);
            let ready = staff.export(&asked.export_id).unwrap();
            assert_eq!(ready.filter, *filter.as_object().unwrap());
            firsts(&file(&staff, &ready))
        };
        let newest_first: Vec<_> = matters.iter().rev().cloned().collect();
        assert_eq!(rows(json!({"kind": "suggestion"})), newest_first);
        assert_eq!(rows(json!({"kind": "suggestion", "ended": true})), [matters[0].clone()]);
        assert_eq!(rows(json!({"kind": "exit"})), [""; 0]);
        assert_eq!(rows(json!({"channel_id": channel.id, "waits": "operator"})), newest_first[..4]);
    }

    fn a_trail_is_of_one_thing_in_sight(platform) {
        let channel = platform.channel_in(platform.world(), &["330000"]);
        let owner = Desk::owner(platform, &channel);
        let opening = json!({"topic": "product", "subject": "长辈版", "words": "字号再大一些"});
        for _ in 0..3 {
            owner.open("suggestion", &channel, &opening);
        }
        let staff = platform.operator();
        let asked = |object: Option<&str>, filter: &Value| {
            let object_id = object.map(str::to_owned);
            staff.create_export(&CreateExport { object_id, ..narrowed(ExportedList::ChannelTrail, filter) })
        };
        let one = asked(Some(&channel.id), &json!({"action": "suggestion."})).unwrap();
        make(platform);
        let ready = staff.export(&one.export_id).unwrap();
        assert_eq!((ready.rows, ready.object_id.as_deref()), (3, Some(channel.id.as_str())));
        assert_eq!(refusal(asked(None, &json!({}))), (422, "request.fields".into()));
        let nobody = platform.world().id(domain::id::ChannelId::make).to_string();
        assert_eq!(refusal(asked(Some(&nobody), &json!({}))), (404, "resource.not_found".into()));
    }

    fn what_is_wrong_is_named(platform) {
        let staff = platform.token(platform.world(), Role::OperatorAdmin, platform.org(OrgKind::Operator, "000000"));
        let ask = |body: Value| platform.request_as(&staff, "POST", "/api/v1/exports", &body);
        for (body, pointer) in [
            (json!({"list": "matter", "format": "csv", "filter": {"kind": "no"}}), "/filter/kind"),
            (json!({"list": "matter", "format": "csv", "filter": {"cursor": "x"}}), "/filter/cursor"),
            (json!({"list": "matter", "format": "csv", "filter": {"ended": "no"}}), "/filter"),
            (json!({"list": "terminal", "format": "csv", "filter": {"state": "active"}}), "/filter/state"),
            (json!({"list": "team_trail", "format": "csv", "filter": {"from": "today"}}), "/filter/from"),
            (json!({"list": "channel", "format": "csv"}), "/list"),
            (json!({"list": "matter", "format": "ods"}), "/format"),
        ] {
            let refused = ask(body.clone());
            assert_eq!((refused.status, &refused.json()["errors"][0]["pointer"]), (422, &json!(pointer)), "{body}");
        }
        let clerk = platform.staff(Role::ChannelEngineer, "330100");
        assert_eq!(refusal(clerk.create_export(&wish(ExportedList::Terminal, ExportFormat::Csv))), (403, "staff.role".into()));
    }

    /// Rights are those of the moment at which rows are read, and again those at which the file is taken.
    fn who_is_disabled_or_sees_something_else_gets_nothing(platform) {
        terminals(platform, "330106", 3);
        let wished = wish(ExportedList::Terminal, ExportFormat::Csv);
        let disabled = platform.staff(Role::RegionAdmin, "330000");
        let export = disabled.create_export(&wished).unwrap();
        let account = owner(platform, &export);
        change(platform, StaffRow { state: "disabled".into(), ..account.clone() });
        make(platform);
        change(platform, StaffRow { version: account.version + 1, ..account });
        let failed = disabled.export(&export.export_id).unwrap();
        assert_eq!((failed.state, failed.reason.as_deref(), failed.rows), (ExportState::Failed, Some("export.scope"), 0));
        assert_eq!(refusal(disabled.export_piece(&failed, 0)), (409, "export.failed".into()));

        // As it stands in the row of an account that has been moved since: a second export, begun elsewhere.
        let moved = platform.staff(Role::RegionAdmin, "330000");
        let export = moved.create_export(&wished).unwrap();
        make(platform);
        let ready = moved.export(&export.export_id).unwrap();
        assert_eq!((ready.rows, file(&moved, &ready).is_empty()), (3, false));
        let id: ExportId = export.export_id.parse().unwrap();
        let before = platform.read(move |tx| Ok(store::export::find(tx, id.as_bytes())?.unwrap()));
        let now = platform.world().now();
        for (role, division) in [("ministry_reviewer", "330000"), ("region_admin", "000000")] {
            let [ready, waiting] = [(); 2].map(|()| platform.world().id(ExportId::make));
            let row = ExportRow { id: *ready.as_bytes(), role: role.into(), division: division.into(), ..before.clone() };
            platform.write(move |tx| {
                store::export::insert(tx, &row)?;
                let row = ExportRow {
                    id: *waiting.as_bytes(), state: "waiting".into(), file_id: None, digest: None, ended_at: None, ..row.clone()
                };
                store::export::insert(tx, &row)?;
                job::enqueue(tx, "export.make", &waiting.to_string(), now)
            });
            let ready = moved.export(&ready.to_string()).unwrap();
            assert_eq!(refusal(moved.export_piece(&ready, 0)), (403, "export.scope".into()), "{role} {division}");
            assert_eq!(make(platform), 1);
            let failed = moved.export(&waiting.to_string()).unwrap();
            assert_eq!((failed.state, failed.reason.as_deref()), (ExportState::Failed, Some("export.scope")));
        }
    }

    fn a_file_is_gone_after_a_day(platform) {
        terminals(platform, "330106", 3);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let asked = staff.create_export(&wish(ExportedList::Terminal, ExportFormat::Xlsx)).unwrap();
        make(platform);
        let ready = staff.export(&asked.export_id).unwrap();
        let stored = file_id(platform, &ready).unwrap();
        platform.clock().advance(KEPT_SECONDS - 60);
        platform.block_on(server::export::service::expire(platform.world())).unwrap();
        assert!(kept(platform, stored));
        file(&staff, &ready);

        platform.clock().advance(60);
        let over = staff.export(&asked.export_id).unwrap();
        assert_eq!((over.state, over.file_name), (ExportState::Expired, None), "whoever removes it, and when");
        assert_eq!(refusal(staff.export_piece(&ready, 0)), (409, "export.expired".into()));
        platform.block_on(server::export::service::expire(platform.world())).unwrap();
        assert!(!kept(platform, stored));
        assert_eq!(staff.export(&asked.export_id).unwrap().state, ExportState::Expired);
        platform.clock().advance(domain::export::TOLD_SECONDS);
        platform.block_on(server::export::service::expire(platform.world())).unwrap();
        assert_eq!(staff.exports().all().unwrap(), []);
    }

    /// A server that was killed leaves half a file; it is begun anew under another id, and the half is removed.
    fn what_a_killed_server_was_making_is_begun_anew(platform) {
        let ids = terminals(platform, "330106", MANY);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let asked = staff.create_export(&wish(ExportedList::Terminal, ExportFormat::Csv)).unwrap();
        let half = platform.world().id(AttachmentId::make);
        assert!(platform.world().shelf().write(half, 0, b"half").unwrap());
        let id: ExportId = asked.export_id.parse().unwrap();
        let lease = platform.world().now().plus_seconds(60).as_micros();
        platform.write(move |tx| {
            let job = store::job::list_due_of(tx, i64::MAX, "export.make", 1)?.remove(0);
            assert!(store::job::lease(tx, &job, lease)?);
            let row = store::export::lock(tx, id.as_bytes())?.unwrap();
            let begun = ExportRow {
                state: "running".into(), row_count: 200, file_id: Some(*half.as_bytes()), ..row
            };
            Ok(store::export::update(tx, &begun)?)
        });
        assert!(kept(platform, half));
        assert_eq!(make(platform), 0, "it is held");
        assert_eq!(staff.export(&asked.export_id).unwrap().rows, 200);
        platform.clock().advance(61);
        assert_eq!(make(platform), 1);
        let ready = staff.export(&asked.export_id).unwrap();
        assert_eq!((ready.state, firsts(&file(&staff, &ready))), (ExportState::Ready, ids));
        assert!(!kept(platform, half), "the half is gone");
    }

    /// What brings a server down every time does not do it for ever.
    fn what_is_broken_off_each_time_is_given_up(platform) {
        terminals(platform, "330106", 3);
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let asked = staff.create_export(&wish(ExportedList::Terminal, ExportFormat::Csv)).unwrap();
        for _ in 0..3 {
            let lease = platform.world().now().plus_seconds(60).as_micros();
            platform.write(move |tx| {
                let job = store::job::list_due_of(tx, i64::MAX, "export.make", 1)?.remove(0);
                assert!(store::job::lease(tx, &job, lease)?);
                Ok(())
            });
            platform.clock().advance(61);
        }
        assert_eq!(make(platform), 1);
        let failed = staff.export(&asked.export_id).unwrap();
        assert_eq!((failed.state, failed.reason.as_deref()), (ExportState::Failed, Some("platform.internal")));
        assert_eq!(make(platform), 0, "nobody tries again");
    }

    fn an_account_has_two_under_way(platform) {
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let wished = wish(ExportedList::Terminal, ExportFormat::Csv);
        let first = staff.create_export(&wished).unwrap();
        staff.create_export(&wished).unwrap();
        assert_eq!(refusal(staff.create_export(&wished)), (409, "export.under_way".into()));
        assert!(platform.staff(Role::RegionAdmin, "330000").create_export(&wished).is_ok(), "of one account");
        make(platform);
        assert!(staff.create_export(&wished).is_ok());
        let empty = staff.export(&first.export_id).unwrap();
        assert_eq!((empty.state, empty.rows, firsts(&file(&staff, &empty))), (ExportState::Ready, 0, Vec::new()));
    }

    /// A file is given out in ranges, so that a long one need not come in one piece.
    fn a_file_is_given_out_in_ranges(platform) {
        terminals(platform, "330106", 3);
        let org = platform.org(OrgKind::Province, "330000");
        let token = platform.token(platform.world(), Role::RegionAdmin, org);
        let staff = Staff::with_token(&platform.config(platform.world()), token.clone()).unwrap();
        let asked = staff.create_export(&wish(ExportedList::Terminal, ExportFormat::Csv)).unwrap();
        make(platform);
        let path = format!("/api/v1/exports/{}/content", asked.export_id);
        let whole = platform.request_as(&token, "GET", &path, &Value::Null);
        assert_eq!((whole.status, whole.header("content-type")), (200, "text/csv; charset=utf-8"));
        assert!(whole.header("content-disposition").starts_with("attachment; filename*=UTF-8''terminal-exp_"));
        assert_eq!((whole.header("cache-control"), whole.header("x-content-type-options")), ("no-store", "nosniff"));
        let bearer = format!("Bearer {}", token.expose());
        let part = platform.request("GET", &path, &[("authorization", &bearer), ("range", "bytes=3-5")], b"");
        assert_eq!((part.status, part.body.as_slice()), (206, &whole.body[3..6]));
    }
}
