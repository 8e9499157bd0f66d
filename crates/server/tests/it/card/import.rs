//! Imports of the registry.

use super::{cards, ecard, give_ecard, import, resident, row, row_in, start};
use crate::harness::refusal;
use domain::org::Role;
use sdk::types::card::CardState;
use sdk::types::import::{CardRow, ImportRows, RowOutcome, RowsImported, StartImport};

fn outcomes(done: &RowsImported) -> Vec<RowOutcome> {
    done.results.iter().map(|result| result.outcome).collect()
}

/// Field and code of every fault of the only row.
fn faults(done: &RowsImported) -> Vec<(&str, &str)> {
    done.results[0].errors.iter().map(|error| (error.field.as_str(), error.code.as_str())).collect()
}

use RowOutcome::{Inserted, Refused, Unchanged, Updated};

on_both! {
    fn a_new_row_registers_card_and_holder_and_an_equal_one_changes_nothing(platform) {
        let done = import(platform, &[row(1), row(2)]);
        assert_eq!(outcomes(&done), [Inserted, Inserted]);
        assert!(done.import.finished_at.is_some() && !done.repeated);
        let seen = &cards(platform, 1)[0];
        assert_eq!((seen.state, seen.wire_state, seen.generation), (CardState::Active, 1, 3));
        assert_eq!((seen.name_masked.as_str(), seen.card_number_masked.as_str()), ("张*三", "A******01"));
        assert_eq!(seen.expires_on.as_deref(), Some("2034-01-01"));

        // The same row, spelt differently.
        let spelt = CardRow { issued_on: "20240102".into(), generation: String::new(), aaz501: row(1).aaz501.to_lowercase(), ..row(1) };
        let again = import(platform, &[spelt, row(2), row(3)]);
        assert_eq!(outcomes(&again), [Unchanged, Unchanged, Inserted]);
        assert_eq!(cards(platform, 1)[0].version, seen.version);
    }

    /// ND-1.4, CM-19.1: the e-card has the state of its card from the same transaction on.
    fn a_changed_row_changes_the_card_its_ecard_and_the_invalid_list(platform) {
        import(platform, &[row(1)]);
        let card = cards(platform, 1).remove(0);
        let key = give_ecard(platform, &card.card_id);
        assert_eq!(outcomes(&import(platform, &[row_in(1, "2", "")])), [Updated]);
        assert_eq!(ecard(platform, key), (card.card_id.clone(), "loss_reported".into(), 2));
        assert_eq!(outcomes(&import(platform, &[row_in(1, "9", "lost")])), [Updated]);
        assert_eq!(ecard(platform, key).1, "invalid");
        let staff = platform.staff(Role::RegionAdmin, "330100");
        let listed = staff.invalid_cards("330100").all().unwrap();
        assert_eq!(listed.iter().map(|entry| entry.card_number.as_str()).collect::<Vec<_>>(), ["A00000001"]);
        let back = import(platform, &[row(1)]);
        assert_eq!(faults(&back), [("aaz502", "card.invalid")], "invalid is final");
    }

    fn bad_rows_are_refused_with_every_reason_and_good_rows_are_kept(platform) {
        let bad = CardRow {
            aab301: "33010".into(), aac002: "330106195001010019".into(), aac003: String::new().into(), aac067: "1".into(),
            aaz500: "a".into(), aaz501: "x".into(), aaz502: "5".into(), generation: "4".into(),
            issued_on: "2024-02-30".into(), ..CardRow::default()
        };
        let done = import(platform, &[row(1), bad, row(2)]);
        assert_eq!(outcomes(&done), [Inserted, Refused, Inserted]);
        assert_eq!((done.import.inserted, done.import.refused), (2, 1));
        let fields: Vec<_> = done.results[1].errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["aab301", "aac002", "aac003", "aac067", "aaz500", "aaz501", "aaz502", "generation", "issued_on"]);
        let shown = format!("{done:?}");
        assert!(!shown.contains("330106195001010019"), "a reason does not repeat the value");
    }

    fn a_row_is_checked_against_itself(platform) {
        for (changed, fault) in [
            (CardRow { aac004: "2".into(), ..row(1) }, ("aac004", "person.sex")),
            (CardRow { aac004: "x".into(), ..row(1) }, ("aac004", "person.sex")),
            (CardRow { aac006: "19500102".into(), ..row(1) }, ("aac006", "person.birth_date")),
            (CardRow { expires_on: "2024-01-01".into(), ..row(1) }, ("expires_on", "card.dates")),
            (CardRow { aab301: "000000".into(), ..row(1) }, ("aab301", "card.issuer")),
            (row_in(1, "9", ""), ("reason", "card.wire_reason")),
            (row_in(1, "1", "lost"), ("reason", "card.wire_reason")),
            (row_in(1, "9", "stolen"), ("reason", "name.unknown")),
            (CardRow { id_kind: "driving_licence".into(), ..row(1) }, ("id_kind", "name.unknown")),
        ] {
            assert_eq!(faults(&import(platform, &[changed])), [fault]);
        }
        let fitting = CardRow { aac004: "1".into(), aac006: "1950-01-01".into(), expires_on: "2024-01-02".into(), ..row(1) };
        assert_eq!(outcomes(&import(platform, &[fitting])), [Inserted]);
    }

    /// SE-3.2: the resident id card is not the only document. Names keep their rare characters.
    fn holders_from_outside_the_mainland_and_rare_names_are_registered(platform) {
        let rows = [
            CardRow { id_kind: "passport".into(), aac002: "E12345678".into(), aac003: "J. R. Smith".into(), ..row(1) },
            CardRow { id_kind: "hm_travel_permit".into(), aac002: "H12345678".into(), ..row(2) },
            CardRow { id_kind: "tw_travel_permit".into(), aac002: "12345678".into(), ..row(3) },
            CardRow { aac003: "王䶮𬭊𠅤".into(), ..row(4) },
            CardRow { aac003: "迪丽热巴•迪力木拉提".into(), ..row(5) },
        ];
        assert_eq!(outcomes(&import(platform, &rows)), [Inserted; 5]);
        assert_eq!(cards(platform, 4)[0].name_masked, "王**𠅤");
        assert_eq!(outcomes(&import(platform, &[CardRow { aac003: "迪丽热巴·迪力木拉提".into(), ..row(5) }])), [Unchanged]);
    }

    fn a_name_and_a_phone_may_change_but_the_document_behind_a_number_may_not(platform) {
        import(platform, &[row(1)]);
        let married = CardRow { aac003: "李小三".into(), aac067: "13900000000".into(), ..row(1) };
        assert_eq!(outcomes(&import(platform, &[married])), [Updated]);
        assert_eq!(cards(platform, 1)[0].name_masked, "李*三");
        let other = CardRow { aac002: resident(2).into(), ..row(1) };
        assert_eq!(faults(&import(platform, &[other])), [("aac002", "card.holder_changed")]);
    }

    /// R27: never two cards in force; the e-card follows to the card that takes the place.
    fn a_second_card_comes_into_force_only_after_the_first_has_gone(platform) {
        import(platform, &[row(1)]);
        let first = cards(platform, 1).remove(0);
        let key = give_ecard(platform, &first.card_id);
        let second = |state: &str| CardRow { aaz500: "B00000001".into(), aaz501: String::new(), aaz502: state.into(), ..row(1) };
        assert_eq!(faults(&import(platform, &[second("1")])), [("aaz502", "card.second_card")]);
        assert_eq!(outcomes(&import(platform, &[second("0")])), [Inserted], "it may wait for its activation");
        assert_eq!(ecard(platform, key).0, first.card_id);
        // In the order of the file, within one chunk: the old one goes, the new one comes.
        let done = import(platform, &[second("1"), row_in(1, "9", "replaced"), second("1")]);
        assert_eq!(outcomes(&done), [Refused, Updated, Updated]);
        let new = cards(platform, 1).remove(1);
        let (mapped, state, generation) = ecard(platform, key);
        assert_eq!((mapped, state.as_str()), (new.card_id, "active"));
        assert!(generation > 1, "holder sessions of before have ended");
    }

    fn two_rows_of_one_chunk_see_each_other(platform) {
        let same_holder = CardRow { aaz500: "B00000001".into(), aaz502: "9".into(), reason: "expired".into(), ..row(1) };
        let done = import(platform, &[row(1), same_holder, row(1), row_in(1, "3", "")]);
        assert_eq!(outcomes(&done), [Inserted, Inserted, Unchanged, Updated]);
        let states: Vec<_> = cards(platform, 1).iter().map(|card| card.wire_state).collect();
        assert!(states.contains(&3) && states.contains(&9));
    }

    /// A client that was killed asks where it was and goes on; one that lost an answer sends the rows again.
    fn an_import_goes_on_where_it_stopped_and_counts_every_row_once(platform) {
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let rows: Vec<_> = (0..25).map(|n| if n == 7 { row_in(n, "9", "") } else { row(n) }).collect();
        let begun = start(&staff, platform, rows.len());
        let chunk = |first: usize, end: usize| ImportRows { first_row: first as i64, rows: rows[first..end].to_vec() };
        let first = staff.import_rows(&begun.import_id, &chunk(0, 10)).unwrap();
        assert_eq!((first.import.rows_done, first.import.inserted, first.import.refused), (10, 9, 1));
        let repeated = staff.import_rows(&begun.import_id, &chunk(0, 10)).unwrap();
        assert!(repeated.repeated);
        assert_eq!(repeated.import, first.import, "nothing is counted twice");
        assert_eq!(repeated.results[7], first.results[7], "what was refused is told again");
        assert_eq!(repeated.results[6].outcome, Unchanged);
        let overlap = staff.import_rows(&begun.import_id, &chunk(9, 11));
        assert_eq!(refusal(overlap), (409, "import.chunk_overlap".into()));
        let again = StartImport { file_name: "renamed.csv".into(), digest: begun.digest.clone(), total: 25 };
        assert_eq!(staff.start_import(&again).unwrap(), first.import, "the file is known by its content");
        let last = staff.import_rows(&begun.import_id, &chunk(10, 25)).unwrap();
        assert_eq!((last.import.rows_done, last.import.inserted), (25, 24));
        assert!(last.import.finished_at.is_some());
        assert_eq!(staff.import(&begun.import_id).unwrap(), last.import);
        let other = StartImport { total: 26, ..again };
        assert_eq!(refusal(staff.start_import(&other)), (409, "import.total".into()));
    }

    fn the_next_rows_may_be_sent_while_the_ones_before_are_written(platform) {
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let begun = start(&staff, platform, 300);
        let chunk = |n: u32| ImportRows { first_row: i64::from(n) * 100, rows: (n * 100..n * 100 + 100).map(row).collect() };
        let sent: Vec<_> = std::thread::scope(|scope| {
            let jobs: Vec<_> = [2, 1, 0].into_iter().map(|n| {
                let (staff, id) = (&staff, &begun.import_id);
                scope.spawn(move || staff.import_rows(id, &chunk(n)).unwrap().import.rows_done)
            }).collect();
            jobs.into_iter().map(|job| job.join().unwrap()).collect()
        });
        assert_eq!(sent, [300, 200, 100]);
    }

    fn a_chunk_has_1_to_10000_rows_and_stays_within_the_file(platform) {
        let staff = platform.staff(Role::RegionAdmin, "330000");
        let begun = start(&staff, platform, 10_001);
        let send = |first_row: i64, count: u32| {
            staff.import_rows(&begun.import_id, &ImportRows { first_row, rows: (0..count).map(row).collect() })
        };
        assert_eq!(refusal(send(0, 0)), (409, "import.chunk_rows".into()));
        assert_eq!(refusal(send(0, 10_001)), (409, "import.chunk_rows".into()));
        assert_eq!(refusal(send(2, 10_000)), (409, "import.chunk_beyond".into()));
        assert_eq!(refusal(send(0, 10_000)), (200, String::new()));
        assert_eq!(refusal(send(10_000, 1)), (200, String::new()));
    }

    /// CH-5.2: rows of other areas are refused one by one; an import is its organisation's own.
    fn an_area_imports_its_own_cards_only(platform) {
        let hangzhou = platform.staff(Role::RegionAdmin, "330100");
        let begun = start(&hangzhou, platform, 2);
        let rows = vec![row(1), CardRow { aab301: "330200".into(), ..row(2) }];
        let done = hangzhou.import_rows(&begun.import_id, &ImportRows { first_row: 0, rows }).unwrap();
        assert_eq!(outcomes(&done), [Inserted, Refused]);
        assert_eq!(done.results[1].errors[0].code, "staff.division");
        let zhejiang = platform.staff(Role::RegionAdmin, "330000");
        assert_eq!(refusal(zhejiang.import(&begun.import_id)), (404, "resource.not_found".into()));
        let rows = ImportRows { first_row: 0, rows: vec![row(1)] };
        assert_eq!(refusal(zhejiang.import_rows(&begun.import_id, &rows)), (404, "resource.not_found".into()));
        for (role, division) in [(Role::RegionClerk, "330100"), (Role::OperatorAdmin, "000000"), (Role::AuditAdmin, "000000")] {
            let staff = platform.staff(role, division);
            let request = StartImport { file_name: "f".into(), digest: begun.digest.clone(), total: 2 };
            assert_eq!(refusal(staff.start_import(&request)), (403, "staff.role".into()), "{role}");
        }
    }

    fn an_announcement_is_checked(platform) {
        let staff = platform.staff(Role::RegionAdmin, "330100");
        let good = StartImport { file_name: "卡".repeat(255), digest: "0".repeat(64), total: 1 };
        for (request, status) in [
            (StartImport { file_name: String::new(), ..good.clone() }, 422),
            (StartImport { file_name: "卡".repeat(256), ..good.clone() }, 422),
            (StartImport { digest: "0".repeat(62), ..good.clone() }, 422),
            (StartImport { digest: "x".repeat(64), ..good.clone() }, 422),
            (StartImport { total: 0, ..good.clone() }, 422),
            (good, 200),
        ] {
            assert_eq!(refusal(staff.start_import(&request)).0, status);
        }
    }
}
