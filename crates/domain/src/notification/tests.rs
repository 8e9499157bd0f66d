//! Tests of what an account is told by e-mail.

use super::*;
use crate::parameter::{Name, Parameters};

fn number(name: Name) -> i64 {
    Parameters::standard().get(name, BusinessDate::from_days(0))
}

const fn at(seconds: i64) -> Timestamp {
    Timestamp::from_seconds(seconds)
}

#[test]
fn every_kind_of_matter_has_its_category_and_what_is_about_none_is_the_platform() {
    use Category::{Access, Exit, Platform, Running, Security};
    let of: Vec<_> = Kind::ALL.iter().map(|kind| (*kind, Category::of(Some(*kind)))).collect();
    assert_eq!(
        of,
        [
            (Kind::Application, Access),
            (Kind::Agreement, Access),
            (Kind::SigningKey, Access),
            (Kind::KeyChange, Security),
            (Kind::CallbackChange, Security),
            (Kind::KeyRotation, Security),
            (Kind::SecurityReport, Security),
            (Kind::RiskEvent, Security),
            (Kind::Monitoring, Running),
            (Kind::Exit, Exit),
            (Kind::Notice, Platform),
            (Kind::Maintenance, Running),
            (Kind::Campaign, Running),
            (Kind::Ticket, Running),
            (Kind::Suggestion, Running),
            (Kind::Filing, Running),
            (Kind::Rectification, Security),
        ]
    );
    assert_eq!(Category::of(None), Platform);
}

#[test]
fn a_muted_category_is_not_shown_unless_it_waits_until_a_last_day_and_the_platform_is_never_muted() {
    let muted: Categories = "exit access exit".parse().unwrap();
    assert_eq!(muted.to_string(), "access exit", "each once and in order");
    let preferences = Preferences::new(muted, "running".parse().unwrap()).unwrap();
    for (category, turn, shown, mailed) in [
        (Category::Access, Turn::Told, false, true),
        (Category::Access, Turn::Open, false, true),
        (Category::Access, Turn::Due, true, true),
        (Category::Running, Turn::Told, true, false),
        (Category::Running, Turn::Open, true, false),
        (Category::Running, Turn::Due, true, true),
        (Category::Platform, Turn::Told, true, true),
    ] {
        assert_eq!(preferences.shows(category, turn), shown, "{category} {turn:?}");
        assert_eq!(preferences.mails(category, turn), mailed, "{category} {turn:?}");
    }
    for category in Category::ALL {
        let outcome = Preferences::new(Categories::from_iter([*category]), Categories::default());
        let refused = (*category == Category::Platform).then_some(Refusal::Unmutable);
        assert_eq!(outcome.err(), refused, "{category}");
    }
    let none = Preferences::default();
    assert!(Category::ALL.iter().all(|one| none.shows(*one, Turn::Told) && none.mails(*one, Turn::Told)));
}

#[test]
fn a_last_day_is_soon_within_its_days_and_past_the_day_after() {
    let today: BusinessDate = "2026-11-26".parse().unwrap();
    for (due_on, nearness) in [
        (None, Nearness::Far),
        (Some("2026-11-25"), Nearness::Past),
        (Some("2026-11-26"), Nearness::Soon),
        (Some("2026-12-03"), Nearness::Soon),
        (Some("2026-12-04"), Nearness::Far),
    ] {
        assert_eq!(Nearness::of(due_on.map(|day| day.parse().unwrap()), today, 7), nearness, "{due_on:?}");
    }
}

#[test]
fn an_address_is_plain_and_can_end_neither_a_command_nor_a_header() {
    let long = |local: usize, host: usize| format!("{}@{}.cn", "a".repeat(local), "b".repeat(host));
    let whole = format!("{}@{}.{}.cn", "a".repeat(64), "b".repeat(63), "c".repeat(63));
    for (text, read) in [
        ("li.lei+ykt@Example.CN", Some("li.lei+ykt@example.cn")),
        ("o'brien@mail.example.com", Some("o'brien@mail.example.com")),
        ("a@b.cn", Some("a@b.cn")),
        ("", None),
        ("a", None),
        ("@b.cn", None),
        ("a@", None),
        ("a@b", None),
        ("a@b.", None),
        ("a@.b.cn", None),
        ("a@b..cn", None),
        ("a@-b.cn", None),
        ("a@b-.cn", None),
        ("a@127.0.0.1", None),
        ("a@[127.0.0.1]", None),
        (".a@b.cn", None),
        ("a.@b.cn", None),
        ("a..b@b.cn", None),
        ("\"a b\"@b.cn", None),
        ("a@b.cn, c@d.cn", None),
        ("a@b@c.cn", None),
        ("a b@c.cn", None),
        ("a@b.cn ", None),
        ("a@b.cn>", None),
        ("李雷@example.cn", None),
        ("a@例子.cn", None),
        ("a@b.cn\r\nBcc: c@d.cn", None),
        ("a\r\nRCPT TO:<c@d.cn>@b.cn", None),
        ("a@b.cn\0", None),
    ] {
        let outcome = text.parse::<MailAddress>();
        assert_eq!(outcome.as_ref().ok().map(MailAddress::as_str), read, "{text:?}");
        assert_eq!(outcome.err(), read.is_none().then_some(Refusal::Address));
    }
    for (text, is_one) in [
        (long(64, 63), true),
        (long(65, 63), false),
        (long(64, 64), false),
        (format!("{whole}{}", "n".repeat(254 - whole.len())), true),
        (format!("{whole}{}", "n".repeat(255 - whole.len())), false),
    ] {
        assert_eq!(text.parse::<MailAddress>().is_ok(), is_one, "{}", text.len());
    }
}

#[test]
fn an_address_is_shown_by_its_mask() {
    let address: MailAddress = "lilei@example.cn".parse().unwrap();
    assert_eq!(address.masked(), "l***@example.cn");
    assert_eq!(format!("{address:?}"), "l***@example.cn");
    assert_eq!(address.host(), "example.cn");
}

#[test]
fn a_code_has_six_digits_whatever_the_bits() {
    for (random, digits) in [(0, "000000"), (999_999, "999999"), (1_000_000, "000000"), (42, "000042")] {
        assert_eq!(code(random), digits);
    }
}

#[test]
fn codes_are_mailed_with_a_pause_and_so_many_a_day() {
    let (pause, most) = (number(Name::MailCodePause), number(Name::MailCodesDaily));
    assert_eq!((pause, most), (60, 5));
    let first = Mailed::again(None, at(0), pause, most).unwrap();
    let refused = Err(Refusal::CodePause { seconds: 1 });
    assert_eq!(Mailed::again(Some(first), at(59), pause, most), refused);
    let mut mailed = first;
    for count in 2..=5 {
        mailed = Mailed::again(Some(mailed), at(60 * (count - 1)), pause, most).unwrap();
        assert_eq!((mailed.count, mailed.since), (count, at(0)));
    }
    let refused = Err(Refusal::CodesDaily { most: 5 });
    assert_eq!(Mailed::again(Some(mailed), at(86_399), pause, most), refused);
    let anew = Mailed::again(Some(mailed), at(86_400), pause, most).unwrap();
    assert_eq!((anew.count, anew.since), (1, at(86_400)));
}

#[test]
fn a_code_holds_for_its_time_and_for_so_many_wrong_ones() {
    let (ttl, most) = (number(Name::MailCodeTtl), number(Name::MailCodeErrors));
    assert_eq!((ttl, most), (600, 5));
    let expires_at = at(0).plus_seconds(ttl);
    for (now, wrong, outcome) in
        [(599, 4, Ok(())), (600, 0, Err(Refusal::NoCode)), (599, 5, Err(Refusal::NoCode))]
    {
        assert_eq!(admit_code(expires_at, wrong, at(now), most), outcome, "{now} {wrong}");
    }
    assert_eq!(wrong_code(1, most), Refusal::CodeRefused { left: 4 });
    assert_eq!(wrong_code(4, most), Refusal::CodeRefused { left: 1 });
    assert_eq!(wrong_code(5, most), Refusal::NoCode);
}

#[test]
fn a_letter_is_given_up_after_as_many_days_as_an_address_may_fail() {
    let days = number(Name::MailFailing);
    assert!(!is_too_old(at(0), at(3 * 86_400), days));
    assert!(is_too_old(at(0), at(3 * 86_400 + 1), days));
    assert!(!is_too_old(at(10), at(0), days), "a clock that is behind");
}

#[test]
fn an_address_fails_at_once_for_good_and_after_days_of_not_now() {
    let days = number(Name::MailFailing);
    assert_eq!(days, 3);
    for (answer, now, state) in [
        (Answer::Never, 0, AddressState::Failing),
        (Answer::NotNow, 3 * 86_400 - 1, AddressState::Active),
        (Answer::NotNow, 3 * 86_400, AddressState::Failing),
    ] {
        assert_eq!(after(answer, at(0), at(now), days), state, "{answer:?} {now}");
    }
}

#[test]
fn mail_is_gathered_for_a_quarter_of_an_hour_and_never_for_less_than_five_minutes() {
    let standard = crate::parameter::standard(Name::MailInterval);
    assert_eq!((standard.value, standard.least), (900, 300));
}
