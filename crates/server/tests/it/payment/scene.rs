//! A payee with a terminal, a channel, a holder with money, and a simulated bank at the end of a real connection.

use crate::ecard::scene::{self, Holder, PASSWORD, seconds};
use crate::harness::{CallerHandle, HANGZHOU, Platform};
use domain::card::Phase;
use domain::id::OrgId;
use domain::identity::Shard;
use domain::ledger::{AccountKind, address, plan};
use domain::money::Amount;
use domain::org::OrgKind;
use sdk::client::{Acceptance, Channel, Terminal};
use sdk::types::payee::CreatePayee;
use sdk::types::payment::{CreatePayment, Funding, PaymentSource, PaymentView};
use sdk::types::qr::{Purpose, VerifyCode};
use server::bank::Remote;
use server::bank::simulator::Simulator;
use server::ledger::{Posting, Postings};
use std::sync::Arc;
use std::time::Duration;

/// Fee of every payee of these behaviours, 1/10000.
pub const FEE: i64 = 60;

/// A payee's terminal and the channel of its customers.
pub struct Till {
    /// The customers' channel.
    pub channel: CallerHandle,
    /// Its client.
    pub client: Channel,
    /// The terminal.
    pub handle: CallerHandle,
    /// Its client.
    pub terminal: Terminal,
    /// Who is paid.
    pub payee: OrgId,
}

/// A new payee with a terminal, and a channel in which everything that pays is open.
pub fn till(platform: &Platform) -> Till {
    let (channel, client) = scene::channel(platform);
    let payee = platform.new_org(OrgKind::Department, HANGZHOU);
    let request = CreatePayee { org_id: payee.to_string(), fee_basis_points: FEE };
    platform.operator().create_payee(&request).unwrap();
    let handle = platform.terminal_of(payee, HANGZHOU);
    platform.open_service(&handle, "pay.code", "330000");
    platform.open_service(&handle, "pay.standing", "330000");
    platform.open_service(&channel, "pay.password", "330000");
    let terminal = handle.terminal();
    Till { channel, client, handle, terminal, payee }
}

/// A holder of level 2 with a password and this much prepaid money.
pub fn payer(platform: &Platform, till: &Till, fen: i64) -> Holder {
    let person = scene::person(platform, Phase::Active);
    let mut device = scene::device(&till.client);
    let mut claim = scene::claim(&person, &device);
    claim.level = 2;
    let claimed = till.client.claim_ecard(&claim).unwrap();
    let binding_id = claimed.binding_id.clone();
    device.take_up(&binding_id, claimed.holder_session.as_ref().unwrap()).unwrap();
    till.client.set_password(&binding_id, &device.set_password(PASSWORD, seconds()).unwrap()).unwrap();
    let holder = Holder { person, binding_id, claimed, device };
    fund(platform, &holder, fen);
    holder
}

/// Puts money into a prepaid account as if a bank had paid it in.
pub fn fund(platform: &Platform, holder: &Holder, fen: i64) {
    let Ok(amount) = Amount::new(fen) else { return };
    let shard = Shard::new(holder.person.shard).unwrap();
    let mut posting = Posting::default();
    let clearing = posting.accounts.platform(shard, AccountKind::BankClearing);
    let prepaid = posting.accounts.of(shard, AccountKind::Prepaid, &holder.person.id);
    let id = address::transfer(1, shard.get(), &[b"fund", &platform.unique().to_be_bytes()]);
    posting.transfers.push(plan::top_up(id, clearing, prepaid, amount, platform.world().now()));
    let outcomes = platform.world().db().submit_blocking::<Postings>(shard.get(), posting).unwrap();
    assert!(outcomes.iter().all(Result::is_ok), "{outcomes:?}");
}

/// Scans the holder's code for a payment.
pub fn scan(till: &Till, holder: &Holder) -> String {
    let request = VerifyCode {
        code: holder.code(&till.client).unwrap(),
        purpose: Purpose::Pay,
        service: None,
        division: None,
        payee_id: Some(till.payee.to_string()),
        request_id: format!("scan-{:x}", u64::from_be_bytes(gm::random::bytes())),
    };
    till.terminal.verify_code(&request).unwrap().payment_handle.unwrap()
}

/// An order by handle.
pub fn order(till: &Till, order_no: &str, amount_fen: i64, handle: &str) -> CreatePayment {
    CreatePayment {
        order_no: order_no.into(),
        amount_fen,
        description: Some("早餐".into()),
        payee_id: till.payee.to_string(),
        source: PaymentSource::Handle(handle.into()),
        funding: Funding::Prepaid,
    }
}

/// A prepaid payment, taken.
pub fn pay(till: &Till, holder: &Holder, order_no: &str, amount_fen: i64) -> PaymentView {
    till.terminal.create_payment(&order(till, order_no, amount_fen, &scan(till, holder))).unwrap()
}

/// What the holder may still pay.
pub fn balance(till: &Till, holder: &Holder) -> i64 {
    till.client.balance(&holder.binding_id).unwrap().available_fen
}

/// A bank behind a real connection.
pub fn bank(platform: &Platform) -> Simulator {
    let simulator = Simulator::new(b"shared with the bank");
    let router = simulator.router();
    let url = platform.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    });
    let remote = Remote::new(url, b"shared with the bank", Duration::from_millis(400));
    platform.world().set_bank(Arc::new(remote));
    simulator
}

/// Does every job that is due.
pub fn work(platform: &Platform) {
    platform.block_on(server::job::run_due(platform.world(), &server::job::registered())).unwrap();
}
