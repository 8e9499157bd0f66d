use crate::harness::{CallerHandle, Platform, refusal};
use domain::division::DivisionCode;
use domain::org::{OrgKind, Role};
use domain::statistic::{Key, Kind};
use domain::time::BusinessDate;
use sdk::client::Acceptance;
use sdk::types::statistic::StatisticRow;
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
        service: String::new(),
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
}
