//! What holders do: a unit's issuances and users of a month, as one batch through what the API uses.
//!
//! Invariant: whether a request is served is asked of the same authority that every verification asks, in the transaction
//! that counts it; what is not served is not counted.

use super::cast::Who;
use super::play::Play;
use crate::failure::Failure;
use domain::channel::Use;
use domain::division::DivisionCode;
use domain::statistic::{Key, Kind};
use server::authority::Authority;
use store::qr::UseRow;

/// What is asked for, and of which service.
const REQUESTS: [(Use, oracle::Use, &str); 7] = [
    (Use::Issue, oracle::Use::Issue, domain::service::ISSUANCE),
    (Use::OpenApplication, oracle::Use::Open, "query.card"),
    (Use::Serve, oracle::Use::Serve, "query.card"),
    (Use::Serve, oracle::Use::Serve, "query.talent"),
    (Use::Release, oracle::Use::Release, "query.card"),
    (Use::Read, oracle::Use::Read, "query.card"),
    // Somewhere else (CH-8.1e).
    (Use::Serve, oracle::Use::Serve, domain::service::ISSUANCE),
];

/// Which of them is asked for where the channel was not admitted.
const ELSEWHERE: usize = 6;

impl Play {
    /// A month of a unit's holders, today.
    ///
    /// # Errors
    /// The store's.
    pub fn serve(&mut self, no: usize) -> Result<(), Failure> {
        let Some(channel) = self.units[no].channel else { return Ok(()) };
        let swing = self.chance.between(60, 140);
        if self.units[no].issuance >= 30 && self.chance.permille(25) {
            self.units[no].fading = 5;
        }
        if self.units[no].fading > 0 {
            self.units[no].fading -= 1;
            self.units[no].issuance = (self.units[no].issuance * 2 / 5).max(2);
        }
        let (unit, now, today) = (&self.units[no], self.stage.world().now(), self.today());
        let swing = if unit.fading > 0 { 100 } else { u32::try_from(swing).unwrap_or(100) };
        let wanted = unit.issuance * swing / 100;
        let active = (unit.issued + wanted) * unit.active / 100;
        let id = *channel.as_bytes();
        let family = unit.parent.map_or(no, |(head, _)| head);
        let region = if unit.is_nationwide() { "330100".to_owned() } else { unit.region.to_string() };
        let division: DivisionCode = region.parse().map_err(|_| Failure::failed("a region"))?;
        let is_nationwide = unit.is_nationwide();
        let elsewhere = if region.starts_with("65") { "110100" } else { "650100" };
        let elsewhere: DivisionCode = elsewhere.parse().map_err(|_| Failure::failed("a region"))?;
        let uses: Vec<UseRow> = (0..active).map(|holder| spent(id, &region, family, holder, now)).collect();
        let key = Key { day: today, channel, division, kind: Kind::Issuance };
        let served = self.stage.write(move |tx| {
            let mut authority = Authority::recall(tx)?;
            let mut served = Vec::new();
            if let Some(channel) = authority.channel(tx, &id)? {
                for (place, (what, _, service)) in REQUESTS.into_iter().enumerate() {
                    let service = domain::service::find(service)?.service_code();
                    let place = if place == ELSEWHERE { elsewhere } else { division };
                    served.push(channel.permits(what, &service, place).err());
                }
            }
            if served.first() == Some(&None) {
                tx.count(key, i64::from(wanted));
            }
            if served.get(2) == Some(&None) {
                store::qr::spend(tx, &uses.iter().collect::<Vec<_>>())?;
            }
            tx.keep(authority);
            Ok(served)
        })?;
        if served.first() == Some(&None) {
            self.units[no].issued += wanted;
            self.oracle.issued(no, u64::from(wanted));
        }
        if served.get(2) == Some(&None) {
            self.oracle.used(no, u64::from(active));
        }
        for (place, ((_, what, service), refused)) in REQUESTS.into_iter().zip(&served).enumerate() {
            let is_elsewhere = place == ELSEWHERE;
            if is_elsewhere && is_nationwide {
                continue;
            }
            self.oracle.request(no, what, service, !is_elsewhere, refused.is_none());
            if let Some(refusal) = refused {
                self.tally.denied(refusal);
            }
        }
        Ok(())
    }

    /// An owner asks for its figures, or for another's, which are not there for it (CH-22.1).
    ///
    /// # Errors
    /// A service failed otherwise than by a refusal.
    pub fn ask_figures(&mut self, unit: usize) -> Result<(), Failure> {
        let others = self.chance.below(u32::try_from(self.units.len()).unwrap_or(1));
        let others = usize::try_from(others).unwrap_or(0);
        let other = if self.chance.percent(50) { unit } else { others };
        let is_own = self.units[other].owner == self.units[unit].owner;
        let Some(channel) = self.units[other].channel else { return Ok(()) };
        let staff = self.cast.person(Who::Owner, self.units[unit].owner).clone();
        let asked = server::monitoring::service::chart(self.stage.world(), &staff, channel, 12);
        let answered = self.stage.wait(asked);
        match &answered {
            Ok(_) => self.tally.came("CH-22.1"),
            Err(error) => self.tally.refusal("monitoring.chart", error),
        }
        if answered.is_ok() != is_own {
            self.oracle.object(format!(
                "CH-22.1: the owner of channel {unit} asked for the figures of channel {other}"
            ));
        }
        Ok(())
    }
}

fn spent(
    channel: [u8; 16],
    division: &str,
    unit: usize,
    holder: u32,
    now: domain::time::Timestamp,
) -> UseRow {
    let person = (u128::try_from(unit).unwrap_or(0) << 64) | u128::from(holder);
    UseRow {
        bucket: now.as_micros() / 60_000_000,
        shard: i64::from(holder % 1024),
        id: gm::random::bytes(),
        ecard_id: person.to_be_bytes(),
        binding_id: [0; 16],
        channel_id: channel,
        caller: channel,
        request_id: String::new(),
        purpose: "identity".into(),
        service: String::new(),
        division: division.to_owned(),
        outcome: "ok".into(),
        at: now.as_micros(),
    }
}
