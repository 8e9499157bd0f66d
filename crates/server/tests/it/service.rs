use crate::coverage::scene::acts;
use crate::harness::{HANGZHOU, refusal};
use crate::terminal::told;
use domain::org::{OrgKind, Role};
use domain::service::CATALOGUE;
use sdk::client::{Error, Staff};
use sdk::types::audit::TrailEntry;
use sdk::types::import::{MAX_BATCH_ROWS, RowOutcome};
use sdk::types::service::{CloseOpening, CreateOpening, OpenServices, OpeningRow, OpeningView};

fn open(by: &Staff, service: &str, to: &str, division: &str) -> Result<OpeningView, Error> {
    let request = CreateOpening { service: service.into(), caller_id: to.into(), division: division.into() };
    by.create_opening(&request)
}

/// A row of a file.
fn row(service: &str, caller: &str, division: &str) -> OpeningRow {
    OpeningRow { service: service.into(), caller: caller.into(), division: division.into() }
}

/// The outcome of a row that is refused for these columns.
fn refused(faults: &[(&str, &str)]) -> (RowOutcome, Vec<(String, String)>) {
    let faults = faults.iter().map(|(field, code)| ((*field).to_owned(), (*code).to_owned()));
    (RowOutcome::Refused, faults.collect())
}

fn ended() -> CloseOpening {
    CloseOpening { reason: "合作到期".into() }
}

on_both! {
    /// ND-3.3a
    fn the_catalogue_is_there_from_the_first_start(platform) {
        let services: Vec<_> = platform.operator().services().map(Result::unwrap).collect();
        assert_eq!(services.len(), CATALOGUE.len());
        let pay = services.iter().find(|service| service.code == "pay.code").unwrap();
        assert_eq!((pay.sign_level, pay.standard, pay.purpose.as_str()), (2, true, "pay"));
    }

    /// ND-3.5a, ND-3.5d
    fn a_department_opens_and_closes_a_service_in_its_own_division(platform) {
        let channel = platform.channel();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let opened = open(&region, "identity.verify", &channel.id, "330106").unwrap();
        assert_eq!((opened.caller_id.as_str(), opened.division.as_str()), (channel.id.as_str(), "330106"));
        assert!(opened.opened_by.starts_with("stf_") && opened.closed_at.is_none());
        let again = open(&region, "identity.verify", &channel.id, "330106");
        assert_eq!(refusal(again), (409, "resource.exists".into()));
        let outside = open(&region, "identity.verify", &channel.id, "330200");
        assert_eq!(refusal(outside), (403, "staff.division".into()));
        let above = open(&region, "identity.verify", &channel.id, "330000");
        assert_eq!(refusal(above), (403, "staff.division".into()));

        let closed = region.close_opening(&opened.opening_id, &ended()).unwrap();
        assert!(closed.closed_at.is_some());
        assert_eq!(region.close_opening(&opened.opening_id, &ended()).unwrap(), closed, "once is enough");
        let path = format!("/api/v1/channels/{}/trail", channel.id);
        let trail: Vec<TrailEntry> = platform.operator().client().list(path).collect::<Result<_, _>>().unwrap();
        let told: Vec<_> = trail.iter().map(|record| record.action.as_str()).collect();
        assert_eq!(told[..2], ["service.closed", "service.opened"], "{told:?}");
        open(&region, "identity.verify", &channel.id, "330106").unwrap();
    }

    /// ND-3.5d: a batch means the same as its rows one by one; each bad row names its own columns, and a file that comes again
    /// opens nothing twice.
    fn services_are_opened_as_rows_and_a_repeated_file_changes_nothing(platform) {
        let (channel, terminal) = (platform.channel(), platform.terminal("330106"));
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let number = platform.operator().channel(&channel.id).unwrap().number;
        let serial = region.terminal(&terminal.id).unwrap().serial;
        let [inserted, unchanged] = [RowOutcome::Inserted, RowOutcome::Unchanged].map(|outcome| (outcome, vec![]));
        let cases = [
            (row("身份核验", &number, HANGZHOU), inserted.clone()),
            (row("identity.verify", &channel.id, HANGZHOU), unchanged.clone()),
            (row("Pay with a code", &serial, "330106"), inserted.clone()),
            (row("pay.code", &terminal.id, "330106"), unchanged.clone()),
            (row("magic.wand", "某渠道", "33"), refused(&[
                ("service", "service.unknown"),
                ("caller", "service.caller_shape"),
                ("division", "division.shape"),
            ])),
            (row("pay.code", &number, "330200"), refused(&[("division", "staff.division")])),
            (row("pay.code", "9999999999", "330106"), refused(&[("caller", "service.caller")])),
            (row("pay.code", "SN-NONE", "990000"), refused(&[("division", "division.unlisted")])),
            (row("pay.code", &serial, "330108"), refused(&[("division", "terminal.division")])),
            (row("ecard.show", &serial, HANGZHOU), inserted.clone()),
        ];
        let (rows, expected): (Vec<_>, Vec<_>) = cases.into_iter().unzip();
        let batch = OpenServices { rows };
        let before = acts(platform);
        assert_eq!(told(region.try_openings(&batch).unwrap().results), expected);
        assert_eq!((region.openings().count(), acts(platform)), (0, before), "a dry run leaves nothing");

        assert_eq!(told(region.open_services(&batch).unwrap().results), expected);
        assert_eq!((region.openings().count(), acts(platform)), (3, before + 3));
        let again = told(region.open_services(&batch).unwrap().results);
        for (place, (first, second)) in expected.iter().zip(&again).enumerate() {
            let same = if first.0 == RowOutcome::Inserted { &unchanged } else { first };
            assert_eq!(second, same, "row {place}");
        }
        assert_eq!((region.openings().count(), acts(platform)), (3, before + 3), "nor does the same file again");

        // Whoever opens one service meets what was opened in the batch, and what was closed is opened anew.
        let exists = open(&region, "identity.verify", &channel.id, HANGZHOU);
        assert_eq!(refusal(exists), (409, "resource.exists".into()));
        let opened = region.openings().map(Result::unwrap).find(|one| one.caller_id == channel.id).unwrap();
        region.close_opening(&opened.opening_id, &ended()).unwrap();
        let outcomes = told(region.open_services(&batch).unwrap().results);
        assert_eq!((&outcomes[0], &outcomes[2]), (&inserted, &unchanged));
        let anew: Vec<_> = region.openings().map(Result::unwrap).filter(|one| one.caller_id == channel.id).collect();
        assert!(anew.len() == 1 && anew[0].closed_at.is_none() && anew[0].opening_id != opened.opening_id);
    }

    /// ND-3.5d, CH-5.2: what one opening is refused for, a row is.
    fn a_row_is_refused_for_what_one_opening_is_and_never_outside_the_own_sight(platform) {
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        let ningbo = platform.channel_in(platform.world(), &["330200"]);
        let narrow = platform.channel_of(platform.world(), &["330000"], &["ecard.issue"]);
        let (foreign, blocked) = (platform.terminal("330206"), platform.terminal("330106"));
        let view = region.terminal(&blocked.id).unwrap();
        let block = sdk::types::terminal::ChangeTerminalState {
            state: sdk::types::terminal::TerminalState::Blocked,
            reason: "遗失".into(),
        };
        region.change_terminal_state(&blocked.id, view.version, &block).unwrap();
        let rows = |rows: &[OpeningRow]| OpenServices { rows: rows.to_vec() };
        let of_region = rows(&[
            row("pay.code", &ningbo.id, "330106"),
            row("pay.code", &foreign.id, "330106"),
            row("pay.code", &ningbo.id, "330200"),
            row("pay.code", &narrow.id, "330106"),
            row("pay.code", &blocked.id, "330106"),
        ]);
        let expected = [
            refused(&[("caller", "service.caller")]),
            refused(&[("caller", "service.caller")]),
            refused(&[("division", "staff.division"), ("caller", "service.caller")]),
            refused(&[("service", "channel.service")]),
            refused(&[("caller", "terminal.blocked")]),
        ];
        assert_eq!(told(region.open_services(&of_region).unwrap().results), expected);
        let of_ministry = rows(&[row("pay.code", &ningbo.id, "330106"), row("pay.code", &ningbo.id, "330200")]);
        let expected = [refused(&[("division", "channel.division")]), (RowOutcome::Inserted, vec![])];
        assert_eq!(told(ministry.open_services(&of_ministry).unwrap().results), expected);
        platform.put(&narrow, "suspended");
        let suspended = rows(&[row("ecard.issue", &narrow.id, "330106")]);
        let expected = [refused(&[("caller", "channel.suspended")])];
        assert_eq!(told(region.open_services(&suspended).unwrap().results), expected);
    }

    fn a_batch_of_openings_has_its_size_and_is_of_whoever_opens_ones(platform) {
        let channel = platform.channel();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let rows = |count: usize| OpenServices { rows: vec![row("pay.code", &channel.id, "330106"); count] };
        for count in [0, MAX_BATCH_ROWS + 1] {
            assert_eq!(refusal(region.open_services(&rows(count))), (422, "request.fields".into()), "{count}");
        }
        let whole = region.open_services(&rows(MAX_BATCH_ROWS)).unwrap().results;
        assert_eq!(whole.len(), MAX_BATCH_ROWS);
        assert_eq!(whole.iter().filter(|one| one.outcome == RowOutcome::Inserted).count(), 1);
        for other in [platform.operator(), platform.staff(Role::RegionClerk, HANGZHOU)] {
            assert_eq!(refusal(other.try_openings(&rows(1))), (403, "staff.role".into()));
            assert_eq!(refusal(other.open_services(&rows(1))), (403, "staff.role".into()));
        }
    }

    fn a_channel_gets_only_what_is_in_its_scope(platform) {
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        let ningbo = platform.channel_in(platform.world(), &["330200"]);
        assert_eq!(refusal(open(&region, "pay.code", &ningbo.id, "330106")), (404, "resource.not_found".into()));
        assert_eq!(refusal(open(&ministry, "pay.code", &ningbo.id, "330106")), (409, "channel.division".into()));
        open(&ministry, "pay.code", &ningbo.id, "000000").unwrap();

        let narrow = platform.channel_of(platform.world(), &["330000"], &["ecard.issue"]);
        assert_eq!(refusal(open(&region, "pay.code", &narrow.id, "330106")), (409, "channel.service".into()));
        platform.put(&narrow, "suspended");
        assert_eq!(refusal(open(&region, "ecard.issue", &narrow.id, "330106")), (409, "channel.suspended".into()));
    }

    fn a_terminal_gets_a_service_only_where_it_stands(platform) {
        let terminal = platform.terminal("330106");
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        let beside = open(&region, "identity.verify", &terminal.id, "330108");
        assert_eq!(refusal(beside), (409, "terminal.division".into()));
        open(&region, "identity.verify", &terminal.id, "330106").unwrap();
        open(&region, "pay.code", &terminal.id, HANGZHOU).unwrap();
        let foreign = platform.terminal("330206");
        assert_eq!(refusal(open(&region, "pay.code", &foreign.id, HANGZHOU)), (404, "resource.not_found".into()));

        let view = region.terminal(&terminal.id).unwrap();
        let block = sdk::types::terminal::ChangeTerminalState {
            state: sdk::types::terminal::TerminalState::Blocked,
            reason: "遗失".into(),
        };
        region.change_terminal_state(&terminal.id, view.version, &block).unwrap();
        assert_eq!(refusal(open(&region, "ecard.show", &terminal.id, "330106")), (409, "terminal.blocked".into()));
    }

    fn what_is_opened_must_exist(platform) {
        let channel = platform.channel();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        for (service, to, division) in [
            ("magic.wand", channel.id.as_str(), "330106"),
            ("pay.code", "org_1", "330106"),
            ("pay.code", channel.id.as_str(), "33"),
        ] {
            assert_eq!(refusal(open(&region, service, to, division)), (422, "request.fields".into()));
        }
        let nobody = platform.world().id(domain::id::ChannelId::make).to_string();
        assert_eq!(refusal(open(&region, "pay.code", &nobody, "330106")), (404, "resource.not_found".into()));
        assert_eq!(refusal(region.close_opening("opn_nonsense", &ended())), (404, "resource.not_found".into()));
    }

    /// CH-5.2
    fn openings_are_seen_from_their_area_and_by_the_owner_of_the_target(platform) {
        let (channel, terminal) = (platform.channel(), platform.terminal("330206"));
        let ministry = platform.staff(Role::MinistryReviewer, "000000");
        let hangzhou = open(&ministry, "pay.code", &channel.id, HANGZHOU).unwrap();
        let ningbo = open(&ministry, "pay.code", &terminal.id, "330200").unwrap();
        let seen = |staff: &Staff| staff.openings().map(|o| o.unwrap().opening_id).collect::<Vec<_>>();
        let region = platform.staff(Role::RegionAdmin, HANGZHOU);
        assert_eq!(seen(&region), std::slice::from_ref(&hangzhou.opening_id));
        assert_eq!(refusal(region.close_opening(&ningbo.opening_id, &ended())), (404, "resource.not_found".into()));
        assert_eq!(seen(&platform.staff(Role::ChannelAdmin, HANGZHOU)), std::slice::from_ref(&hangzhou.opening_id));
        assert_eq!(seen(&platform.staff(Role::DepartmentClerk, "330206")), std::slice::from_ref(&ningbo.opening_id));
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, HANGZHOU));
        assert_eq!(seen(&stranger), [] as [&str; 0]);
        assert_eq!(seen(&ministry).len(), 2);
    }
}
