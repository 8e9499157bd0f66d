use crate::ecard::scene;
use crate::harness::{CallerHandle, Platform, refusal};
use domain::card::Phase;
use domain::division::DivisionCode;
use domain::org::{OrgKind, Role};
use domain::statistic::{Key, Kind};
use domain::time::BusinessDate;
use sdk::client::Acceptance;
use sdk::types::statistic::{CoverageCount, StatisticArea, StatisticRefusals, StatisticRow, StatisticTotal};
use server::statistic::service;
use store::qr::UseRow;

const DAY: i64 = 86_400;

fn today(platform: &Platform) -> BusinessDate {
    platform.world().now().business_date()
}

fn count(platform: &Platform, channel: &CallerHandle, day: BusinessDate, division: u32, kind: Kind, by: i64) {
    let division = DivisionCode::new(division).unwrap();
    let key = Key { day, channel: channel.channel_id(), division, kind };
    platform.write(move |tx| {
        tx.count(key, by);
        Ok(())
    });
}

/// A use of a code by a holder, now.
fn use_code(platform: &Platform, channel: &CallerHandle, holder: u8, division: &str) {
    let at = platform.world().real_now().as_micros();
    let row = UseRow {
        bucket: at / 60_000_000,
        shard: 1,
        id: gm::random::bytes(),
        ecard_id: [holder; 16],
        binding_id: [0; 16],
        channel_id: channel.owner,
        caller: channel.owner,
        request_id: String::new(),
        purpose: "identity".into(),
        service: "identity.verify".into(),
        division: division.into(),
        outcome: "ok".into(),
        at,
    };
    platform.write(move |tx| Ok(store::qr::spend(tx, &[&row]).map(drop)?));
}

fn fold(platform: &Platform) {
    platform.block_on(service::fold(platform.world())).unwrap();
}

fn close(platform: &Platform) {
    platform.block_on(service::close_days(platform.world())).unwrap();
}

fn rows(staff: &sdk::client::Staff, from: BusinessDate, to: BusinessDate) -> Vec<StatisticRow> {
    staff.statistics(&from.to_string(), &to.to_string()).all().unwrap()
}

fn months(staff: &sdk::client::Staff, day: BusinessDate) -> Vec<StatisticRow> {
    let path = format!("/api/v1/statistics?from_on={day}&to_on={day}&group=month");
    staff.client().list(path).collect::<Result<_, _>>().unwrap()
}

on_both! {
    fn the_newest_come_first_over_all_pages_when_they_are_asked_for_so(platform) {
        let (channel, day) = (platform.channel(), today(platform));
        for back in 0..5 {
            count(platform, &channel, day.plus_days(-back), 330_100, Kind::Use, 1);
        }
        let path = |order: &str| format!("/api/v1/statistics?from_on={}&to_on={day}&limit=2&order={order}", day.plus_days(-4));
        let listed = |order| -> Vec<String> {
            let rows: Result<Vec<StatisticRow>, _> = platform.operator().client().list(path(order)).collect();
            rows.unwrap().into_iter().map(|row| row.period).collect()
        };
        let days: Vec<_> = (0..5).map(|back| day.plus_days(-back).to_string()).collect();
        assert_eq!(listed("desc"), days);
        assert_eq!(listed("asc"), days.into_iter().rev().collect::<Vec<_>>());
        let refused = platform.operator().client().list::<StatisticRow>(path("up")).next().unwrap();
        assert_eq!(refusal(refused), (422, "request.fields".into()));
    }

    fn what_is_read_is_what_was_counted_folded_or_not(platform) {
        let (channel, day) = (platform.channel(), today(platform));
        let staff = platform.operator();
        count(platform, &channel, day.plus_days(-1), 330_100, Kind::Issuance, 3);
        count(platform, &channel, day, 330_100, Kind::Issuance, 2);
        count(platform, &channel, day, 440_300, Kind::Use, 5);
        let before = rows(&staff, day, day);
        assert_eq!(before.len(), 1);
        assert_eq!((before[0].issued, before[0].issued_total, before[0].uses), (2, 5, 5));
        fold(platform);
        assert_eq!(rows(&staff, day, day), before);
        count(platform, &channel, day, 440_300, Kind::PaymentCount, 1);
        count(platform, &channel, day, 440_300, Kind::PaymentFen, 1234);
        count(platform, &channel, day, 440_300, Kind::RefusalReplay, 1);
        fold(platform);
        count(platform, &channel, day, 440_300, Kind::PaymentFen, 1);
        let after = rows(&staff, day, day).remove(0);
        assert_eq!((after.payments, after.paid_fen, after.refused, after.uses), (1, 1235, 1, 5));
        let both = rows(&staff, day.plus_days(-1), day);
        assert_eq!(both.iter().map(|row| row.issued_total).collect::<Vec<_>>(), [3, 5]);
    }

    /// CH-22.1: a channel sees its own figures, everyone else those of the own division and below.
    fn everyone_sees_the_figures_of_the_own_part(platform) {
        let (one, other, day) = (platform.channel(), platform.channel(), today(platform));
        count(platform, &one, day, 330_106, Kind::Use, 1);
        count(platform, &one, day, 330_200, Kind::Use, 10);
        count(platform, &one, day, 440_300, Kind::Use, 100);
        count(platform, &other, day, 330_106, Kind::Use, 1000);
        for folded in [false, true] {
            if folded {
                fold(platform);
            }
            let uses = |rows: Vec<StatisticRow>| {
                let mut uses: Vec<_> = rows.iter().map(|row| row.uses).collect();
                uses.sort_unstable();
                uses
            };
            let seen = |division: &str| uses(rows(&platform.staff(Role::RegionAdmin, division), day, day));
            assert_eq!(seen("330100"), [1, 1000]);
            assert_eq!(seen("330000"), [11, 1000]);
            assert_eq!(uses(rows(&platform.operator(), day, day)), [111, 1000]);
            let own = one.client().statistics(&day.to_string(), &day.to_string()).all().unwrap();
            assert_eq!(uses(own), [111]);
            let owner = platform.staff(Role::ChannelAdmin, crate::harness::HANGZHOU);
            assert_eq!(uses(rows(&owner, day, day)), [111, 1000], "both channels are its own");
            let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, "330100"));
            assert_eq!(uses(rows(&stranger, day, day)), [0_i64; 0]);
        }
        let terminal = platform.terminal("330100");
        let path = format!("/api/v1/statistics?from_on={day}&to_on={day}");
        let asked = terminal.terminal().client().list::<StatisticRow>(path).all();
        assert_eq!(refusal(asked), (403, "caller.forbidden".into()));
        let clerk = platform.staff(Role::RegionClerk, "330100");
        assert_eq!(refusal(clerk.statistics(&day.to_string(), &day.to_string()).all()), (403, "staff.role".into()));
        assert_eq!(platform.request("GET", "/api/v1/statistics", &[], b"").code(), "signature.invalid");
    }

    fn a_person_is_one_active_user_of_a_day_a_month_and_every_area(platform) {
        close(platform);
        let (channel, day) = (platform.channel(), today(platform));
        let (nation, city) = (platform.operator(), platform.staff(Role::RegionAdmin, "330100"));
        for (holder, division) in [(1, "330106"), (1, "330108"), (2, "330106"), (1, "440300"), (3, "440300")] {
            use_code(platform, &channel, holder, division);
        }
        let users = |rows: Vec<StatisticRow>| rows.iter().map(|row| row.active_users).collect::<Vec<_>>();
        assert_eq!((users(rows(&nation, day, day)), users(rows(&city, day, day))), (vec![3], vec![2]), "still open");
        assert_eq!((users(months(&nation, day)), users(months(&city, day))), (vec![3], vec![2]));

        // The month is over, and its uses are gone: what was counted at the close stays.
        platform.clock().advance(32 * DAY + 600);
        close(platform);
        close(platform);
        platform.write(|tx| Ok(store::retention::forget_uses(tx, i64::MAX - 60, i64::MAX).map(drop)?));
        assert_eq!((users(rows(&nation, day, day)), users(rows(&city, day, day))), (vec![3], vec![2]));
        assert_eq!((users(months(&nation, day)), users(months(&city, day))), (vec![3], vec![2]));
    }

    fn a_day_is_closed_once_it_has_been_over_for_a_while(platform) {
        close(platform);
        let closed = |platform: &Platform| platform.read(|tx| Ok(store::statistic::closed_day(tx)?));
        let before = closed(platform);
        let end = today(platform).end().micros_since(platform.world().now()) / 1_000_000;
        let old = i64::from(today(platform).as_days());
        assert!(before == old - 1 || before == old - 2, "the first close begins with what is over");
        platform.clock().advance(end + 290);
        close(platform);
        assert_eq!(closed(platform), old - 1);
        platform.clock().advance(20);
        close(platform);
        assert_eq!(closed(platform), old);
    }

    fn a_question_that_makes_no_sense_is_told_so(platform) {
        let staff = platform.operator();
        let ask = |query: &str| {
            let path = format!("/api/v1/statistics?{query}");
            let asked = staff.client().list::<StatisticRow>(path).all();
            let error = asked.map(drop).unwrap_err();
            error.problem().unwrap().errors[0].pointer.clone()
        };
        assert_eq!(ask("from_on=2026-02-30&to_on=2026-03-01"), "?from_on");
        assert_eq!(ask("from_on=2026-03-02&to_on=2026-03-01"), "?to_on");
        assert_eq!(ask("from_on=2026-01-01&to_on=2027-02-06"), "?to_on");
        assert_eq!(ask("from_on=2026-01-01&to_on=2026-01-02&group=week"), "?group");
        assert_eq!(ask("from_on=2026-01-01&to_on=2026-01-02&limit=201"), "?limit");
        assert_eq!(ask("from_on=2026-01-01&to_on=2026-01-02&cursor=x"), "?cursor");
        assert!(staff.statistics("2026-01-01", "2027-02-05").all().is_ok(), "400 days apart");
    }

    fn many_rows_come_in_pages(platform) {
        let (channel, day) = (platform.channel(), today(platform));
        for n in 0..5 {
            count(platform, &channel, day.plus_days(-n), 330_100, Kind::Issuance, 1);
        }
        let path = format!("/api/v1/statistics?from_on={}&to_on={day}&limit=2", day.plus_days(-4));
        let rows: Vec<StatisticRow> =
            platform.operator().client().list(path).collect::<Result<_, _>>().unwrap();
        assert_eq!(rows.iter().map(|row| row.issued_total).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    }

    fn what_is_refused_is_told_by_reason_and_together(platform) {
        let (channel, other, day) = (platform.channel(), platform.channel(), today(platform));
        let reasons = [
            Kind::RefusalCode, Kind::RefusalReplay, Kind::RefusalCard, Kind::RefusalPerson, Kind::RefusalDepartment,
            Kind::RefusalChannel, Kind::RefusalPayment,
        ];
        for (by, kind) in (1..).zip(reasons) {
            count(platform, &channel, day, 330_106, kind, by);
        }
        count(platform, &other, day, 330_106, Kind::RefusalCard, 100);
        let of = |id: &str| -> Vec<StatisticRow> {
            let path = format!("/api/v1/statistics?from_on={day}&to_on={day}&channel_id={id}");
            platform.operator().client().list(path).collect::<Result<_, _>>().unwrap()
        };
        let [row] = &of(&channel.id)[..] else { panic!("one channel was asked about") };
        let expected = StatisticRefusals {
            code: 1, replay: 2, card: 3, person: 4, department: 5, channel: 6, payment: 7,
        };
        assert_eq!((&row.refusals, row.refused), (&expected, 28));
        assert_eq!(of(&other.id)[0].refused, 100);
        let own = |id: &str| {
            let path = format!("/api/v1/statistics?from_on={day}&to_on={day}&channel_id={id}");
            channel.client().client().list::<StatisticRow>(path).all().unwrap().len()
        };
        assert_eq!((own(&channel.id), own(&other.id)), (1, 0), "a channel has no other's figures");
        let wrong = platform.operator().client().list::<StatisticRow>(
            format!("/api/v1/statistics?from_on={day}&to_on={day}&channel_id=chn")).all();
        assert_eq!(wrong.unwrap_err().problem().unwrap().errors[0].pointer, "?channel_id");
    }

    /// CH-22.1: figures by area are those of the areas below one's own, of a running month and of a closed one.
    fn figures_by_area_are_those_of_the_areas_below_ones_own(platform) {
        close(platform);
        let (channel, other, day) = (platform.channel(), platform.channel(), today(platform));
        for (holder, division) in [(1, "330106"), (1, "330108"), (2, "330106"), (1, "330200"), (1, "440300")] {
            use_code(platform, &channel, holder, division);
        }
        use_code(platform, &other, 1, "330106");
        for (division, by) in [(330_106, 1), (330_200, 10), (330_000, 100), (440_300, 1000)] {
            count(platform, &channel, day, division, Kind::Use, by);
        }
        count(platform, &channel, day, 330_106, Kind::RefusalCard, 3);
        count(platform, &channel, day, 330_106, Kind::Issuance, 2);
        let month = day.month().to_string();
        let seen = |staff: sdk::client::Staff, channel: Option<&str>| {
            let found = staff.statistic_areas(&month, channel).unwrap();
            let row = |one: &StatisticArea| (one.division.clone(), one.uses, one.active_users);
            (found.is_closed, found.areas.iter().map(row).collect::<Vec<_>>())
        };
        let area = |division: &str, uses, users| (division.to_owned(), uses, users);
        let check = |is_closed| {
            let id = Some(channel.id.as_str());
            let nation = vec![area("330000", 111, 2), area("440000", 1000, 1)];
            assert_eq!(seen(platform.operator(), id), (is_closed, nation.clone()));
            assert_eq!(seen(platform.staff(Role::ChannelAdmin, crate::harness::HANGZHOU), id), (is_closed, nation));
            let all = vec![area("330000", 111, 3), area("440000", 1000, 1)];
            assert_eq!(seen(platform.operator(), None), (is_closed, all), "of each channel the own users");
            let province = vec![area("330100", 1, 2), area("330200", 10, 1)];
            assert_eq!(seen(platform.staff(Role::RegionAdmin, "330000"), id), (is_closed, province));
            let city = vec![area("330106", 1, 2), area("330108", 0, 1)];
            assert_eq!(seen(platform.staff(Role::RegionAdmin, "330100"), id), (is_closed, city));
            assert_eq!(seen(platform.staff(Role::RegionAdmin, "310000"), id), (is_closed, vec![]));
            let stranger = platform.new_org(OrgKind::ChannelOwner, "330100");
            assert_eq!(seen(platform.staff_of(Role::ChannelAdmin, stranger), id), (is_closed, vec![]));
        };
        check(false);
        fold(platform);
        let first = &platform.operator().statistic_areas(&month, None).unwrap().areas[0];
        assert_eq!((first.issued, first.refused), (2, 3));
        platform.clock().advance(32 * DAY + 600);
        close(platform);
        platform.write(|tx| Ok(store::retention::forget_uses(tx, i64::MAX - 60, i64::MAX).map(drop)?));
        check(true);
        let refused = platform.operator().statistic_areas("2026-13", None);
        assert_eq!(refused.unwrap_err().problem().unwrap().errors[0].pointer, "?month");
        let clerk = platform.staff(Role::RegionClerk, "330100").statistic_areas(&month, None);
        assert_eq!(refusal(clerk), (403, "staff.role".into()));
    }

    /// CH-22.1: what is told of all channels together is the sum of what is told of each.
    fn all_channels_together_are_the_sum_of_each(platform) {
        let (one, other, day) = (platform.channel(), platform.channel(), today(platform));
        count(platform, &one, day, 330_106, Kind::Issuance, 3);
        count(platform, &other, day, 330_106, Kind::Issuance, 4);
        count(platform, &other, day, 440_300, Kind::RefusalCard, 2);
        count(platform, &other, day, 440_300, Kind::PaymentFen, 100);
        use_code(platform, &one, 1, "330106");
        use_code(platform, &other, 1, "330106");
        let totals = |staff: sdk::client::Staff| {
            let found = staff.statistic_totals(&day.to_string(), &day.to_string()).unwrap();
            assert_eq!(found.as_of.get(..10), Some(day.to_string().as_str()));
            let row = |one: &StatisticTotal| (one.period.clone(), one.issued, one.active_users, one.refused, one.paid_fen);
            found.periods.iter().map(row).collect::<Vec<_>>()
        };
        let month = day.month().to_string();
        assert_eq!(totals(platform.operator()), [(month.clone(), 7, 2, 2, 100)]);
        assert_eq!(totals(platform.staff(Role::RegionAdmin, "330000")), [(month, 7, 2, 0, 0)]);
        assert_eq!(totals(platform.staff(Role::RegionAdmin, "310000")), []);
        let refused = platform.operator().statistic_totals("2026-01-01", "2027-02-06");
        assert_eq!(refused.unwrap_err().problem().unwrap().errors[0].pointer, "?to_on");
    }

    /// ND-4.1 to ND-4.5: holders and e-cards are counted once a day by the division that issued the card.
    fn who_has_an_ecard_is_counted_once_a_day(platform) {
        let (_, client) = scene::channel(platform);
        let ours = platform.staff(Role::RegionAdmin, "330100");
        assert_eq!(ours.coverage().unwrap().on, None, "nothing was counted yet");
        let first = scene::holder(platform, &client);
        let lost = scene::holder(platform, &client);
        scene::move_card(platform, &lost.person, Phase::Invalid);
        for phase in [Phase::Active, Phase::LossReported] {
            scene::person(platform, phase);
        }
        scene::card(platform, (first.person.shard, first.person.id), "B1", Phase::Delivered);
        let count = || platform.block_on(server::statistic::coverage::count(platform.world())).unwrap();
        count();
        scene::person(platform, Phase::Active);
        count();
        let yesterday = today(platform).plus_days(-1);
        let figures = |count: &CoverageCount| (count.holders, count.ecards, count.basis_points);
        let seen = ours.coverage().unwrap();
        assert_eq!((seen.on, figures(&seen.count)), (Some(yesterday.to_string()), (3, 1, Some(3_333))), "a person with two cards is one, who came later waits for tomorrow");
        assert_eq!(seen.areas, [], "nothing was issued below");

        platform.clock().advance(DAY);
        count();
        let nation = platform.staff(Role::MinistryReviewer, "000000").coverage().unwrap();
        assert_eq!(figures(&nation.count), (4, 1, Some(2_500)));
        assert_eq!(nation.areas.iter().map(|one| (one.division.as_str(), one.count.holders)).collect::<Vec<_>>(), [("330000", 4)]);
        let last = nation.months.last().unwrap();
        assert_eq!((last.month.clone(), figures(&last.count)), (yesterday.plus_days(1).month().to_string(), (4, 1, Some(2_500))));
        let marks: Vec<_> = nation.marks.iter().map(|mark| (mark.clause.as_str(), mark.reached, mark.of, mark.is_met)).collect();
        let prefectures = nation.marks[3].of;
        assert_eq!(marks, [
            ("ND-4.1", 1, 32, false),
            ("ND-4.2", 2_500, 500, true),
            ("ND-4.2", 0, 32, false),
            ("ND-4.3", 1, prefectures, false),
            ("ND-4.3", 2_500, 1_000, true),
            ("ND-4.4", 0, prefectures, false),
            ("ND-4.5", 2_500, 2_500, true),
        ]);
        platform.open_service(&platform.channel(), "pay.code", "330000");
        let province = platform.staff(Role::RegionAdmin, "330000").coverage().unwrap();
        assert!(province.marks[2].is_met && province.marks[5].is_met, "payment is open in all of it");
        assert_eq!(province.areas.iter().map(|one| one.division.as_str()).collect::<Vec<_>>(), ["330100"]);
        let elsewhere = platform.staff(Role::RegionAdmin, "310000").coverage().unwrap();
        assert_eq!((figures(&elsewhere.count), elsewhere.areas.len()), ((0, 0, None), 0));
        let owner = platform.staff(Role::ChannelAdmin, crate::harness::HANGZHOU).coverage();
        assert_eq!(refusal(owner), (403, "staff.role".into()));
    }

    /// CH-22.1: uses by application are counted once a day from the uses, told in the own part, and compared with the year before.
    fn what_each_application_was_used_for_is_counted_once_a_day(platform) {
        let count_uses = || platform.block_on(server::statistic::usage::count(platform.world())).unwrap();
        let (channel, day) = (platform.channel(), today(platform));
        let other = platform.channel();
        for (holder, division) in [(1, "330106"), (1, "330106"), (2, "440300")] {
            use_code(platform, &channel, holder, division);
        }
        use_code(platform, &other, 1, "330106");
        let month = day.month().to_string();
        let told = |staff: &sdk::client::Staff, month: &str, channel: Option<&str>| {
            let found = staff.statistic_services(month, channel).unwrap();
            found.services.iter().map(|one| (one.service.clone(), one.uses, one.change_basis_points)).collect::<Vec<_>>()
        };
        count_uses();
        assert!(told(&platform.operator(), &month, None).is_empty(), "a day that runs is not counted");
        let move_by = |seconds| {
            platform.block_on(server::statistic::usage::count_before_move(platform.world())).unwrap();
            platform.clock().advance(seconds);
        };
        move_by(DAY + 600);
        count_uses();
        count_uses();
        let service = told(&platform.operator(), &month, None)[0].0.clone();
        let used = |uses, change| vec![(service.clone(), uses, change)];
        assert_eq!(told(&platform.operator(), &month, None), used(4, None), "the month runs: no change is told");
        assert_eq!(told(&platform.operator(), &month, Some(&channel.id)), used(3, None));
        assert_eq!(told(&platform.staff(Role::RegionAdmin, "330100"), &month, None), used(3, None));
        let stranger = platform.staff_of(Role::ChannelAdmin, platform.new_org(OrgKind::ChannelOwner, "330100"));
        assert!(told(&stranger, &month, None).is_empty());
        assert_eq!(refusal(platform.staff(Role::RegionClerk, "330100").statistic_services(&month, None)), (403, "staff.role".into()));

        // The uses are forgotten; what was counted stays, and is what the next year is compared with.
        platform.write(|tx| Ok(store::retention::forget_uses(tx, i64::MAX - 60, i64::MAX).map(drop)?));
        move_by(400 * DAY);
        count_uses();
        let later = day.month().plus(12).to_string();
        let day_before = i64::from(day.month().first_day().as_days()) - 1;
        let counted_from = |first: i64| {
            platform.write(move |tx| Ok(store::statistic::usage::begin_service_uses(tx, first)?));
            told(&platform.operator(), &later, None)
        };
        if day != day.month().first_day() {
            assert_eq!(told(&platform.operator(), &later, None), used(0, None), "the other month was counted in part");
        }
        assert_eq!(counted_from(day_before + 1), used(0, Some(-10_000)));
        let found = platform.operator().statistic_services(&later, None).unwrap();
        assert_eq!((found.months.len(), found.services[0].months[0], found.services[0].year_before), (13, 4, 4));
    }

    /// CH-22.1, CH-23.0a: where business time is ahead of real time, a use belongs to the month in which all other figures have it, and
    /// none is left out.
    fn a_use_is_counted_where_business_time_was_moved(platform) {
        let operator = platform.staff_in(platform.sandbox(), Role::OperatorAdmin, "000000");
        let uses = |division: &'static str| {
            let at = platform.sandbox().real_now().as_micros();
            let row = UseRow {
                bucket: at / 60_000_000, shard: 1, id: gm::random::bytes(), ecard_id: [1; 16], binding_id: [0; 16],
                channel_id: [3; 16], caller: [3; 16], request_id: String::new(), purpose: "identity".into(),
                service: "identity.verify".into(), division: division.into(), outcome: "ok".into(), at,
            };
            let spend = move |tx: &mut store::WriteTx<'_>| {
                tx.unaudited("a use");
                Ok::<_, server::Error>(store::qr::spend(tx, &[&row]).map(drop)?)
            };
            platform.block_on(platform.sandbox().db().write(spend)).unwrap();
        };
        let advance = |days: i64| {
            operator.advance_clock(&sdk::types::clock::AdvanceClock { seconds: days * DAY }).unwrap();
        };
        let told = |month: &str| {
            operator.statistic_services(month, None).unwrap().services.iter().map(|one| one.uses).sum::<i64>()
        };
        let month = || platform.sandbox().now().business_date().month().to_string();
        let first = month();
        uses("330106");
        advance(62);
        assert_eq!(told(&first), 1, "the move has its consequences");
        let second = month();
        uses("330106");
        uses("330106");
        advance(1);
        assert_eq!((told(&first), told(&second)), (1, 2), "two months later, though it is the same real day");
    }

    /// The same of a use that was verified: it stands in the month of the counted uses.
    fn a_verified_use_belongs_to_the_month_of_the_counted_uses(platform) {
        platform.clock().advance(40 * DAY);
        let counter = crate::qr::scene::counter(platform);
        counter.scan().unwrap();
        let today = today(platform);
        platform.block_on(server::statistic::usage::count_before_move(platform.world())).unwrap();
        fold(platform);
        let operator = platform.operator();
        let counted: i64 = rows(&operator, today, today).iter().map(|row| row.uses).sum();
        let month = today.month().to_string();
        let found = operator.statistic_services(&month, None).unwrap();
        assert_eq!((counted, found.services.iter().map(|one| one.uses).sum::<i64>()), (1, 1));
        platform.clock().advance(2 * DAY);
        platform.block_on(server::statistic::usage::count(platform.world())).unwrap();
        let found = operator.statistic_services(&month, None).unwrap();
        assert_eq!(found.services.iter().map(|one| one.uses).sum::<i64>(), 1, "and is counted once");
    }
}
