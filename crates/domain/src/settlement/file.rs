//! The day file: what its lines are, its writer and its strict reader.
//!
//! ```text
//! kind,payment_no,order_no,refund_no,channel_no,amount_fen,fee_fen,posted_at
//! payment,pay_…,A-1,,1000000001,1200,5,2026-01-02T15:04:05.000000+08:00
//! refund,pay_…,A-1,R-1,1000000001,200,0,2026-01-02T16:04:05.000000+08:00
//! #trailer,count=2,sum_fen=1000,sm3=…
//! ```
//!
//! UTF-8, one `\n` after each line, amounts in 分, columns taken by their name in the header, further columns
//! passed over. The sum is payments less refunds; the SM3 is over everything before the trailer. No value may
//! hold a comma, a quote or a line end, so there is no quoting, and none can begin a formula in a
//! spreadsheet. No public original of a national file exists: this format is ours.

use super::Refusal;
use crate::money::{Amount, Fen};
use crate::name::names;
use crate::payment::Number;
use crate::time::Timestamp;
use data_encoding::HEXLOWER;
use std::fmt::Write;

const COLUMNS: [&str; 8] =
    ["kind", "payment_no", "order_no", "refund_no", "channel_no", "amount_fen", "fee_fen", "posted_at"];
const TRAILER: &str = "#trailer,";

names! {
    /// What a line records.
    LineKind {
        /// Money came in.
        Payment = "payment",
        /// Money went back.
        Refund = "refund",
    }
}

/// One movement of a payee's day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it records.
    pub kind: LineKind,
    /// The platform's number of the payment.
    pub payment_no: Number,
    /// The payee's order number.
    pub order_no: Number,
    /// The refund number; a payment has none.
    pub refund_no: Option<Number>,
    /// The number of the channel it came through.
    pub channel_no: Number,
    /// How much.
    pub amount: Amount,
    /// The fee; a refund has none.
    pub fee: Fen,
    /// When it was posted.
    pub posted_at: Timestamp,
}

impl Line {
    /// What it adds to the sum: a refund takes away.
    fn signed(&self) -> i128 {
        match self.kind {
            LineKind::Payment => i128::from(self.amount.get()),
            LineKind::Refund => -i128::from(self.amount.get()),
        }
    }

    fn read(fields: [&str; COLUMNS.len()]) -> Option<Self> {
        let [kind, payment_no, order_no, refund_no, channel_no, amount, fee, posted_at] = fields;
        let refund_no = Some(refund_no).filter(|text| !text.is_empty());
        let line = Self {
            kind: kind.parse().ok()?,
            payment_no: payment_no.parse().ok()?,
            order_no: order_no.parse().ok()?,
            refund_no: refund_no.map(str::parse).transpose().ok()?,
            channel_no: channel_no.parse().ok()?,
            amount: Amount::new(integer(amount)?).ok()?,
            fee: Fen::new(integer(fee)?),
            posted_at: posted_at.parse().ok()?,
        };
        let refund = line.kind == LineKind::Refund;
        let fits = refund == line.refund_no.is_some()
            && !line.fee.is_negative()
            && !(refund && line.fee != Fen::ZERO);
        fits.then_some(line)
    }
}

/// The file of `lines`, in their order.
pub fn write(lines: &[Line]) -> String {
    let mut text = COLUMNS.join(",");
    text.push('\n');
    for line in lines {
        let refund_no = line.refund_no.as_ref().map_or("", Number::as_str);
        let fields = [line.kind.as_str(), line.payment_no.as_str(), line.order_no.as_str(), refund_no];
        let [kind, payment_no, order_no, refund_no] = fields;
        let (amount, fee) = (line.amount.get(), line.fee.get());
        let (channel_no, posted_at) = (line.channel_no.as_str(), line.posted_at);
        push(&mut text, format_args!("{kind},{payment_no},{order_no},{refund_no},"));
        push(&mut text, format_args!("{channel_no},{amount},{fee},{posted_at}\n"));
    }
    let trailer = trailer(&text, lines);
    text.push_str(&trailer);
    text
}

/// Reads a file and checks it against its trailer. Refuses, in order: trailer, digest, header, line, count,
/// sum.
pub fn read(text: &str) -> Result<Vec<Line>, Refusal> {
    let start = text.rfind(TRAILER).ok_or(Refusal::Trailer)?;
    let (body, found) = text.split_at(start);
    let [count, sum, digest] = trailer_values(found).ok_or(Refusal::Trailer)?;
    if HEXLOWER.encode(&gm::sm3::digest(body.as_bytes())) != digest {
        return Err(Refusal::Digest);
    }
    let mut rows = body.strip_suffix('\n').ok_or(Refusal::Line { line: 1 })?.split('\n');
    let header: Vec<&str> = rows.next().unwrap_or_default().split(',').collect();
    let places = places(&header)?;
    let mut lines = Vec::new();
    for (row, line) in rows.zip(2..) {
        let fields: Vec<&str> = row.split(',').collect();
        let fields = Some(fields).filter(|fields| fields.len() == header.len());
        let read = fields.and_then(|fields| Line::read(places.map(|place| fields[place])));
        lines.push(read.ok_or(Refusal::Line { line })?);
    }
    if lines.len().to_string() != count {
        return Err(Refusal::Count);
    }
    if self::sum(&lines).to_string() != sum {
        return Err(Refusal::Sum);
    }
    Ok(lines)
}

fn trailer(body: &str, lines: &[Line]) -> String {
    let digest = HEXLOWER.encode(&gm::sm3::digest(body.as_bytes()));
    format!("{TRAILER}count={},sum_fen={},sm3={digest}\n", lines.len(), sum(lines))
}

fn trailer_values(line: &str) -> Option<[&str; 3]> {
    let mut fields = line.strip_prefix(TRAILER)?.strip_suffix('\n')?.split(',');
    let values = [
        fields.next()?.strip_prefix("count=")?,
        fields.next()?.strip_prefix("sum_fen=")?,
        fields.next()?.strip_prefix("sm3=")?,
    ];
    fields.next().is_none().then_some(values)
}

/// Payments less refunds. Wide: a file may hold more lines than a [`Fen`] can add up.
fn sum(lines: &[Line]) -> i128 {
    lines.iter().map(Line::signed).sum()
}

/// Where each column stands. Refuses: header.
fn places(header: &[&str]) -> Result<[usize; COLUMNS.len()], Refusal> {
    let mut places = [0; COLUMNS.len()];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        let mut found = header.iter().enumerate().filter(|(_, name)| **name == column);
        match (found.next(), found.next()) {
            (Some((at, _)), None) => *place = at,
            _ => return Err(Refusal::Header { column }),
        }
    }
    Ok(places)
}

/// Decimal digits in the one form we write: no sign, no leading zero.
fn integer(text: &str) -> Option<i64> {
    text.parse::<i64>().ok().filter(|value| value.to_string() == text)
}

/// Writing to a string cannot fail.
fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(arguments);
}
