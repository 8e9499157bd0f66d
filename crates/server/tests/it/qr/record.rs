//! What was answered is what is counted and what is on record: every presented code once, by outcome.

use super::scene::{Counter, counter, identity, payment, scanner, service};
use crate::ecard::scene;
use crate::harness::{HANGZHOU, Platform, refusal};
use domain::audit::{Actor, Block, LogId, Outcome, Record};
use domain::card::Phase;
use domain::org::OrgKind;
use domain::statistic::{Delta, Kind};
use sdk::client::Acceptance;
use std::collections::BTreeMap;

/// Presents codes that end in every way; what became of each, `""` for an answer.
fn a_day_at_the_counter(platform: &Platform, counter: &Counter) -> Vec<String> {
    let payee = platform.org(OrgKind::Department, HANGZHOU).to_string();
    let bare = platform.terminal(HANGZHOU).terminal();
    platform.open_service(&counter.handle, "query.card", HANGZHOU);
    let used = counter.code();
    let mut outcomes = vec![
        refusal(counter.terminal.verify_code(&identity(&used, "one"))),
        refusal(counter.terminal.verify_code(&identity(&used, "two"))),
        refusal(bare.verify_code(&identity(&used, "two"))),
        refusal(bare.verify_code(&identity(&counter.code(), "three"))),
        refusal(counter.terminal.verify_code(&service(&counter.code(), "four", "query.card"))),
        refusal(counter.terminal.verify_code(&payment(&counter.code(), "five", &payee))),
        refusal(counter.terminal.verify_code(&identity(&counter.code(), "six"))),
    ];
    let shown = [counter.code(), counter.code()];
    scene::move_card(platform, &counter.holder.person, Phase::LossReported);
    outcomes.push(refusal(counter.terminal.verify_code(&identity(&shown[0], "seven"))));
    scene::move_card(platform, &counter.holder.person, Phase::Active);
    platform.put(&counter.channel, "suspended");
    outcomes.push(refusal(counter.terminal.verify_code(&identity(&shown[1], "eight"))));
    // An answer given again is neither another use nor another refusal.
    counter.terminal.verify_code(&identity(&used, "one")).unwrap();
    outcomes.into_iter().map(|(_, code)| code).collect()
}

fn kind_of(outcome: &str) -> Kind {
    match outcome {
        "" => Kind::Use,
        "code.replayed" => Kind::RefusalReplay,
        "authorization.channel_missing" => Kind::RefusalChannel,
        "authorization.department_missing" => Kind::RefusalDepartment,
        "authorization.person_missing" => Kind::RefusalPerson,
        _ => Kind::RefusalCard,
    }
}

fn tally<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, i64> {
    let mut tally = BTreeMap::new();
    for item in items {
        *tally.entry(item).or_default() += 1;
    }
    tally
}

/// What has been counted for the channel, issuance aside.
fn counted(platform: &Platform, counter: &Counter) -> BTreeMap<Kind, i64> {
    let channel = counter.channel.channel_id();
    let mut counted = BTreeMap::new();
    for row in platform.read(|tx| Ok(store::statistic::list_deltas(tx)?)) {
        for (key, by) in Delta::decode(&row.delta).unwrap().iter() {
            if key.channel == channel && key.kind != Kind::Issuance {
                assert_eq!(key.division.to_string(), HANGZHOU);
                *counted.entry(key.kind).or_default() += by;
            }
        }
    }
    counted
}

/// Every record of a verification.
fn recorded(platform: &Platform) -> Vec<Record> {
    let rows = platform.read(|tx| Ok(store::audit::list_blocks(tx, &[], 0, 10_000)?));
    let records = rows.into_iter().flat_map(|row| {
        let block = Block {
            log: LogId(row.log),
            first: 0,
            records: row.records,
            leaves: row.leaves.chunks_exact(32).map(|leaf| leaf.try_into().unwrap()).collect(),
            frontier: row.frontier,
        };
        let encoded: Vec<Vec<u8>> =
            block.encoded_records().unwrap().into_iter().map(<[u8]>::to_vec).collect();
        encoded.into_iter().map(|bytes| Record::decode(&bytes).unwrap())
    });
    records.filter(|record| record.action.as_str() == "code.verify").collect()
}

on_both! {
    fn statistics_and_audit_say_what_the_answers_said(platform) {
        let counter = counter(platform);
        let outcomes = a_day_at_the_counter(platform, &counter);
        let expected = [
            "", "code.replayed", "code.replayed", "authorization.department_missing",
            "authorization.person_missing", "ecard.level", "", "card.loss_reported", "authorization.channel_missing",
        ];
        assert_eq!(outcomes, expected);
        assert_eq!(counted(platform, &counter), tally(outcomes.iter().map(|code| kind_of(code))));

        let records = recorded(platform);
        let said = records.iter().map(|record| match &record.outcome {
            Outcome::Done => String::new(),
            Outcome::Refused(code) => code.to_string(),
        });
        assert_eq!(tally(said), tally(outcomes.into_iter()));
        let subject = platform.world().keys().ring().commit(&counter.holder.person.id);
        for record in &records {
            assert_eq!(record.subject, Some(subject), "the holder, by commitment alone");
            assert_eq!(record.origin.unwrap().id(), &counter.channel.owner, "the channel that showed the code");
            assert!(matches!(record.actor, Actor::Party(party) if party.prefix() == "trm"));
            assert_eq!(record.object.unwrap().prefix(), "use");
        }
        let replay = records.iter().find(|r| matches!(&r.outcome, Outcome::Refused(c) if c.as_str() == "code.replayed"));
        assert_eq!(replay.unwrap().clause.as_ref().unwrap().as_str(), "ND-2.4b");
    }

    fn the_report_of_the_day_adds_up(platform) {
        let counter = counter(platform);
        let outcomes = a_day_at_the_counter(platform, &counter);
        let uses = outcomes.iter().filter(|code| code.is_empty()).count() as i64;
        let day = platform.world().now().business_date().to_string();
        let row = platform.operator().statistics(&day, &day).next().unwrap().unwrap();
        assert_eq!(row.channel_id, counter.channel.id);
        assert_eq!((row.uses, row.refused), (uses, outcomes.len() as i64 - uses));
        let shown: Vec<_> = counter.client.uses(&counter.holder.binding_id).map(Result::unwrap).collect();
        assert_eq!(shown.len() as i64, uses, "the holder sees every use (ND-2.4b)");
    }

    fn a_terminal_that_may_not_ask_leaves_no_trace_on_the_holder(platform) {
        let counter = counter(platform);
        let code = counter.code();
        let id = counter.handle.owner;
        platform.write(move |tx| Ok(store::terminal::update_state(tx, &id, "blocked", 1)?));
        assert_eq!(refusal(counter.terminal.verify_code(&identity(&code, "one"))), (403, "caller.suspended".into()));
        assert!(recorded(platform).is_empty() && counted(platform, &counter).is_empty());
        let other = scanner(platform);
        other.terminal().verify_code(&identity(&code, "one")).unwrap();
    }
}
