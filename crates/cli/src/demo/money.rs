//! Money: top-up, payment by code, overdraft, refund, day cut and settlement.

use super::play::{Play, Step, holds, number, refused};
use crate::failure::{Attempt, Failure};
use crate::remote::settlement::check;
use domain::time::Timestamp;

use sdk::client::{Acceptance, Call, platform_keys};
use sdk::types::payment::RefundState;
use sdk::types::payment::{CreatePayment, CreateRefund, Funding, PaymentSource, PaymentState, PaymentView};
use sdk::types::qr::Purpose;
use sdk::types::settlement::CutDay;

/// In order.
pub const STEPS: &[Step] = &[
    Step { name: "The holder tops up, and pays with a code", run: pay },
    Step { name: "The same order again is the same payment; its handle pays nothing else", run: pay_twice },
    Step { name: "An overdraft is refused", run: overdraft },
    Step { name: "A refund goes back, and never more than was paid", run: refund },
    Step { name: "The day is cut, and the signed settlement file is what was paid", run: settle },
    Step { name: "The ledger balances, counted anew from every transfer", run: verify_ledger },
];

const TOP_UP_FEN: i64 = 10_000;
const PRICE_FEN: i64 = 1_250;
const BACK_FEN: i64 = 250;

fn handle(play: &Play) -> Result<String, Failure> {
    let code = play.code()?;
    let verified = play.verify(&code, Purpose::Pay, None)?;
    verified.payment_handle.ok_or_else(|| Failure::failed("verifying for payment gave no handle"))
}

fn order(play: &Play, handle: &str, amount_fen: i64) -> CreatePayment {
    CreatePayment {
        order_no: format!("D{}", number()),
        amount_fen,
        description: Some("挂号费".into()),
        payee_id: play.scene.payee_id.clone(),
        source: PaymentSource::Handle(handle.into()),
        funding: Funding::Prepaid,
    }
}

fn pay(play: &mut Play) -> Result<String, Failure> {
    let request =
        play.device.create_top_up(&format!("T{}", number()), TOP_UP_FEN).attempt("ask for a top-up")?;
    let top_up = play.channel.create_top_up(&request)?;
    let before = settled_balance(play, TOP_UP_FEN)?;
    let paid = play.terminal.create_payment(&order(play, &handle(play)?, PRICE_FEN))?;
    holds(paid.state == PaymentState::Paid, "the payment is paid")?;
    let after = play.channel.balance(&play.binding)?.available_fen;
    holds(after == before - PRICE_FEN, "the balance fell by exactly the price")?;
    let proof = format!(
        "top-up {}, payment {}: {before} - {PRICE_FEN} = {after} fen",
        top_up.top_up_id, paid.payment_id
    );
    play.payment = Some(paid);
    Ok(proof)
}

/// Waits for the bank: a top-up may be confirmed after its answer.
fn settled_balance(play: &Play, wanted: i64) -> Result<i64, Failure> {
    for _ in 0..100 {
        let balance = play.channel.balance(&play.binding)?.available_fen;
        if balance >= wanted {
            return Ok(balance);
        }
        std::thread::sleep(std::time::Duration::from_millis(100)); // tidy: allow sleep — the bank answers in its own time
    }
    Err(Failure::failed("the bank did not confirm the top-up in ten seconds"))
}

fn pay_twice(play: &mut Play) -> Result<String, Failure> {
    let request = order(play, &handle(play)?, PRICE_FEN);
    let call = Call::post("/api/v1/payments", &request)?.keyed(number());
    let first: PaymentView = play.terminal.client().send(&call)?;
    let second: PaymentView = play.terminal.client().send(&call)?;
    holds(
        second.replayed && first.payment_id == second.payment_id,
        "the repeated request is the same payment",
    )?;
    let other = CreatePayment { order_no: format!("D{}", number()), ..request };
    match play.terminal.create_payment(&other) {
        Err(error) if error.problem().is_some_and(|problem| problem.status == 409) => Ok(format!(
            "{}; a second order with the handle: {}",
            first.payment_id,
            error.code().unwrap_or_default()
        )),
        other => Err(Failure::failed(format!("a spent handle paid again: {other:?}"))),
    }
}

fn overdraft(play: &mut Play) -> Result<String, Failure> {
    let before = play.channel.balance(&play.binding)?;
    let outcome = play.terminal.create_payment(&order(play, &handle(play)?, before.available_fen + 1));
    let proof = match outcome {
        Ok(payment) if payment.state == PaymentState::Failed => payment.failure_code.unwrap_or_default(),
        Err(error) if error.problem().is_some_and(|problem| problem.status == 409) => {
            error.code().unwrap_or_default().to_owned()
        }
        other => return Err(Failure::failed(format!("an overdraft was not refused: {other:?}"))),
    };
    let after = play.channel.balance(&play.binding)?;
    holds(before == after, "the balance is untouched")?;
    Ok(format!("{proof}; balance still {} fen", after.available_fen))
}

fn refund(play: &mut Play) -> Result<String, Failure> {
    let payment = play.payment.clone().ok_or_else(|| Failure::failed("nothing was paid"))?;
    let back =
        |amount_fen| CreateRefund {
            refund_no: format!("R{}", number()), amount_fen, reason: "退号".into()
        };
    let before = play.channel.balance(&play.binding)?.available_fen;
    let refund = play.terminal.create_refund(&payment.payment_id, &back(BACK_FEN))?;
    holds(refund.state == RefundState::Refunded, "the refund is done")?;
    let after = play.channel.balance(&play.binding)?.available_fen;
    holds(after == before + BACK_FEN, "the balance rose by exactly the refund")?;
    let more = play.terminal.create_refund(&payment.payment_id, &back(PRICE_FEN));
    let code = more.as_ref().err().and_then(|error| error.code().map(str::to_owned)).unwrap_or_default();
    let proof = refused(more, &code)?;
    holds(
        code.starts_with("payment.") || code.starts_with("refund."),
        "more than was paid is refused by a rule",
    )?;
    Ok(format!("{BACK_FEN} fen back, {before} → {after}; more than was paid: {proof}"))
}

fn settle(play: &mut Play) -> Result<String, Failure> {
    let day = Timestamp::from_micros(server::clock::micros()).business_date();
    // A day is cut when it is over; the sandbox's clock can be moved.
    play.running.move_sandbox_clock(24 * 3600);
    let admin = play.scene.staff(&play.base_url, "operator_admin")?;
    let clerk = play.scene.staff(&play.base_url, "operator_clerk")?;
    let cut = admin.cut_day(&CutDay { business_on: day.to_string() })?;
    holds(cut.balanced && cut.batches == 1, "one batch was cut and the books balance")?;
    let batch = clerk.batches(&day.to_string()).next();
    let batch = batch.ok_or_else(|| Failure::failed("the day has no batch"))??;
    let paid = 2 * PRICE_FEN;
    holds(
        batch.paid_fen == paid && batch.refunded_fen == BACK_FEN,
        "the batch sums what was paid and refunded",
    )?;
    let net = paid - BACK_FEN - batch.fee_fen;
    holds(batch.net_fen == net, "net is paid less refunded less fee")?;
    let file = clerk.day_file(&batch.batch_id)?;
    let lines = check(&file, &platform_keys(&play.base_url)?)?;
    holds(lines.len() == 3, "the file lists two payments and a refund")?;
    Ok(format!(
        "{day}: paid {paid}, back {BACK_FEN}, fee {}, net {net} fen; file {}",
        batch.fee_fen, file.name
    ))
}

fn verify_ledger(play: &mut Play) -> Result<String, Failure> {
    let verified = play.scene.staff(&play.base_url, "audit_admin")?.verify_ledger()?;
    holds(verified.balanced && verified.differing.is_empty(), "debits equal credits and no account differs")?;
    Ok(format!("{} accounts, {} fen on each side", verified.accounts, verified.posted_fen))
}
