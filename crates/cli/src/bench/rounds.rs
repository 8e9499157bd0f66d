//! Rounds of load on a site, each beside the same number of requests that touch no store.

use super::cpu_time::CpuTime;
use super::load::{self, Round};
use super::site::{CALLERS, CONNECTIONS, Holder, Site};
use crate::failure::{Attempt, Failure};
use crate::scene::DIVISION;
use sdk::types::Private;
use sdk::types::card::{CardAction, ChangeCardState, FindCard};
use sdk::types::payment::{CreatePayment, Funding, PaymentSource};
use sdk::types::qr::{CodeVerified, Purpose, VerifyCode};
use sdk::types::session::Ping;
use std::sync::Arc;

/// One measured kind of request beside its ceiling.
#[derive(Debug, Clone, Default)]
pub struct Pair {
    /// Requests per second of the kind, round by round.
    pub rates: Vec<f64>,
    /// Requests per second of the ceiling, round by round.
    pub ceilings: Vec<f64>,
    /// 99th percentile in microseconds.
    pub p99: Vec<u32>,
    /// The ceiling's.
    pub ceiling_p99: Vec<u32>,
    /// Processor time of all rounds, and how many requests it served.
    pub processor: (CpuTime, usize),
    /// The ceiling's.
    pub ceiling_processor: (CpuTime, usize),
}

impl Pair {
    /// Adds one measured round beside its ceiling.
    pub fn add(&mut self, measured: &Round, ceiling: &Round) {
        self.rates.push(measured.rate());
        self.ceilings.push(ceiling.rate());
        self.p99.push(measured.percentile(99));
        self.ceiling_p99.push(ceiling.percentile(99));
        self.processor.0 += &measured.processor;
        self.processor.1 += measured.answered;
        self.ceiling_processor.0 += &ceiling.processor;
        self.ceiling_processor.1 += ceiling.answered;
    }

    /// Where the processor's time went, in microseconds for each request; empty for what was measured elsewhere.
    pub fn told_processor(&self) -> String {
        let ((used, count), (ceiling, of)) = (&self.processor, &self.ceiling_processor);
        if *count == 0 {
            return String::new();
        }
        let (each, beside) = (used.micros_each(*count), ceiling.micros_each(*of));
        let (parts, limits) = (used.told_each(*count), ceiling.told_each(*of));
        format!("; µs of processor {each:.1} ({parts}) beside {beside:.1} ({limits})")
    }

    /// Median of the rounds' ratios.
    pub fn ratio(&self) -> f64 {
        median(self.rates.iter().zip(&self.ceilings).map(|(rate, ceiling)| rate / ceiling).collect())
    }

    /// Median of the rounds' ratios of 99th percentiles.
    pub fn p99_ratio(&self) -> f64 {
        median(self.p99.iter().zip(&self.ceiling_p99).map(|(a, b)| f64::from(*a) / f64::from(*b)).collect())
    }
}

/// The middle value.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(0.0)
}

/// A fixed shuffle: the order is random to the server and the same in every run.
fn shuffle<T>(items: &mut [T]) {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    for i in (1..items.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let j = usize::try_from(state >> 33).unwrap_or(0) % (i + 1);
        items.swap(i, j);
    }
}

impl Site {
    /// The ceiling: `count` requests that are parsed and authenticated and touch no store.
    ///
    /// # Errors
    /// Another answer than 200.
    pub fn ceiling(&mut self, count: usize) -> Result<Round, Failure> {
        let text = "x".repeat(110);
        let build = |i: usize| self.terminals[i % CALLERS].post("/ping", "", &Ping { text: text.clone() });
        let requests = (0..count).map(build).collect::<Result<Vec<_>, _>>()?;
        self.all(requests, 200)
    }

    /// Verifications with the mix of a real day: 1 % replays, 1 % lost cards, 0.5 % missing authorizations.
    /// Returns what was measured and how many codes were accepted.
    ///
    /// # Errors
    /// An answer that the mix does not explain.
    pub fn verifications(
        &mut self,
        holders: &[&Holder],
        lost: &[(usize, &Holder)],
        label: &str,
    ) -> Result<(Round, Round, usize), Failure> {
        let mut all: Vec<&Holder> = holders.to_vec();
        all.extend(lost.iter().map(|(_, holder)| *holder));
        let codes = self.codes(&all, label)?;
        self.lose(lost)?;
        let mut requests = Vec::with_capacity(codes.len() + codes.len() / 100);
        let (mut replays, mut closed) = (0, 0);
        for (i, code) in codes.iter().enumerate() {
            let living = i < holders.len();
            let terminal = if living && i % 200 == 7 { CALLERS } else { i % CALLERS };
            closed += usize::from(terminal == CALLERS);
            requests.push(self.verification(terminal, code, &format!("{label}-{i}"))?);
            if living && i % 100 == 3 {
                replays += 1;
                requests.push(self.verification(i % CALLERS, code, &format!("{label}-{i}-again"))?);
            }
        }
        shuffle(&mut requests);
        let count = requests.len();
        let measured =
            load::run(self.addr, CONNECTIONS, &Arc::new(requests), false).attempt("verify codes")?;
        let accepted = holders.len() - closed;
        let expected = [(200, accepted), (403, closed), (409, replays + lost.len())];
        for (status, number) in expected {
            if measured.count(status) != number {
                let got = &measured.statuses;
                return Err(Failure::failed(format!("expected {expected:?}, answered {got:?}")));
            }
        }
        Ok((measured, self.ceiling(count)?, accepted))
    }

    fn verification(&mut self, terminal: usize, code: &str, request_id: &str) -> Result<Vec<u8>, Failure> {
        let body = VerifyCode {
            code: code.to_owned(),
            purpose: Purpose::Identity,
            service: None,
            division: None,
            payee_id: None,
            request_id: request_id.to_owned(),
        };
        self.terminals[terminal].post("/verifications", "", &body)
    }

    /// Reports the cards of these persons lost, as a window would.
    fn lose(&self, lost: &[(usize, &Holder)]) -> Result<(), Failure> {
        let region = self.scene.staff(&self.base(), "region_admin")?;
        for (index, _) in lost {
            let wanted = FindCard {
                division: Some(DIVISION.into()),
                card_number: Some(super::site::row(*index).aaz500),
                id_kind: None,
                id_number: None,
            };
            let found = region.find_cards(&wanted)?;
            let card = found.data.first().ok_or_else(|| Failure::failed("a card of the site is gone"))?;
            let change = ChangeCardState { action: CardAction::ReportLoss, reason: None };
            region.change_card_state(&card.card_id, card.version, &change)?;
        }
        Ok(())
    }

    /// Payments by code from prepaid balances, ready to be sent: one request each from order to posted.
    ///
    /// # Errors
    /// A code is refused.
    pub fn ready_payments(&mut self, payers: &[&Holder], label: &str) -> Result<Vec<Vec<u8>>, Failure> {
        let codes = self.codes(payers, label)?;
        let payee = self.scene.payee_id.clone();
        let mut requests = Vec::with_capacity(codes.len());
        for (i, code) in codes.iter().enumerate() {
            let body = VerifyCode {
                code: code.clone(),
                purpose: Purpose::Pay,
                service: None,
                division: None,
                payee_id: Some(payee.clone()),
                request_id: format!("{label}-{i}"),
            };
            requests.push(self.terminals[i % CALLERS].post("/verifications", "", &body)?);
        }
        let verified = self.all(requests, 200)?;
        let mut payments = Vec::with_capacity(codes.len());
        for (i, body) in verified.bodies.iter().enumerate() {
            let verified: CodeVerified = serde_json::from_slice(body).attempt("read a verification")?;
            let payment = CreatePayment {
                order_no: format!("{label}-{i}"),
                amount_fen: 1,
                description: None,
                payee_id: payee.clone(),
                source: PaymentSource::Handle(Private::new(verified.payment_handle.unwrap_or_default())),
                funding: Funding::Prepaid,
            };
            payments.push(self.terminals[i % CALLERS].post(
                "/payments",
                &format!("{label}-{i}"),
                &payment,
            )?);
        }
        Ok(payments)
    }

    /// Puts `fen` on the prepaid balance of each of these holders and waits until the bank has answered.
    ///
    /// # Errors
    /// A top-up is refused.
    pub fn fund(&mut self, payers: &[&Holder], fen: i64) -> Result<(), Failure> {
        let mut requests = Vec::with_capacity(payers.len());
        for (i, payer) in payers.iter().enumerate() {
            let body = payer.device.create_top_up(&format!("fund-{i}"), fen).attempt("ask for a top-up")?;
            requests.push(self.channels[payer.channel].post("/top-ups", &format!("fund-{i}"), &body)?);
        }
        let round = load::run(self.addr, CONNECTIONS, &Arc::new(requests), true).attempt("top up")?;
        if round.statuses.iter().any(|(status, _)| !(200..300).contains(status)) {
            let body = round.bodies.iter().find(|body| body.starts_with(b"{\"type\""));
            let body = body.map(|body| String::from_utf8_lossy(body).into_owned()).unwrap_or_default();
            return Err(Failure::failed(format!("top-ups were answered {:?} {body}", round.statuses)));
        }
        Ok(())
    }
}
