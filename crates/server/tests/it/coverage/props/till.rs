//! What happens between a holder, a channel and a terminal, and with their money and cards.

use super::{Maker, Prop, Props};
use crate::ecard::scene::{self, Holder, OTHER_PASSWORD, PASSWORD, seconds};
use crate::harness::{CallerHandle, HANGZHOU, Platform};
use crate::payment::scene::{Till, bank, order, payer, scan, till};
use domain::card::Phase;
use domain::id::CardId;
use domain::org::{OrgKind, Role};
use sdk::client::{Acceptance, GrantWish};
use sdk::types::payment::{CreatePayment, Funding};
use sdk::types::qr::{Purpose, VerifyCode};
use sdk::types::settlement::CutDay;
use serde_json::json;
use std::sync::Arc;

pub(super) const MAKERS: &[(&str, Maker)] = &[
    ("verify_code", verify_code),
    ("list_proofs", |props| props.at_the_till()),
    ("create_payment", create_payment),
    ("get_payment", |props| props.at_the_till().about("payment_id", &props.counter.payment_id)),
    ("get_payment_of_order", |props| props.at_the_till().about("order_no", &props.counter.order_no)),
    ("list_refunds", |props| props.at_the_till().about("payment_id", &props.counter.payment_id)),
    ("close_payment", close_payment),
    ("create_refund", create_refund),
    ("set_password", set_password),
    ("change_password", change_password),
    ("reset_password", reset_password),
    ("unbind", unbind),
    ("create_code", |props| props.in_hand().saying(props.counter.holder.device.create_code().unwrap())),
    ("list_all_uses", |props| props.in_hand().saying(props.counter.holder.device.list_all_uses().unwrap())),
    ("create_grant", create_grant),
    ("revoke_grant", revoke_grant),
    ("create_top_up", create_top_up),
    ("change_card_state", change_card_state),
];

/// A till, a holder with money, and what was done there: a payment of a day that is settled.
pub struct Counter {
    till: Till,
    terminal: Arc<CallerHandle>,
    channel: Arc<CallerHandle>,
    holder: Holder,
    /// `pay_…`
    pub payment_id: String,
    /// The order that it paid.
    pub order_no: String,
    /// Whoever was paid.
    pub payee_id: String,
    /// `use_…`, a scan at this terminal of a code of this channel.
    pub use_id: String,
    /// `set_…`
    pub batch_id: String,
}

impl Counter {
    pub(super) fn new(platform: &Platform) -> Self {
        bank(platform);
        let till = till(platform);
        let first = payer(platform, &till, 1_000_000);
        let scanned = till.terminal.verify_code(&scanning(&till, &first, "scanned")).unwrap();
        let handle = scanned.payment_handle.unwrap();
        let paid = till.terminal.create_payment(&order(&till, "PAID", 500_000, &handle)).unwrap();
        let day = platform.world().now().business_date();
        let night = day.end().as_seconds() - platform.world().now().as_seconds();
        platform.clock().advance(night);
        let operator = platform.operator();
        operator.cut_day(&CutDay { business_on: day.to_string() }).unwrap();
        platform.block_on(server::audit::service::seal(platform.world())).unwrap();
        let batch = operator.batches(&day.to_string()).next().unwrap().unwrap();
        let config = platform.config(platform.world());
        // A session of a holder does not last until the next day.
        let holder = payer(platform, &till, 1_000_000);
        Self {
            terminal: Arc::new(till.handle.at(&config)),
            channel: Arc::new(till.channel.at(&config)),
            payment_id: paid.payment_id,
            order_no: paid.order_no,
            payee_id: till.payee.to_string(),
            use_id: scanned.use_id,
            batch_id: batch.batch_id,
            till,
            holder,
        }
    }
}

fn scanning(till: &Till, holder: &Holder, request_id: &str) -> VerifyCode {
    VerifyCode {
        code: holder.code(&till.client).unwrap(),
        purpose: Purpose::Pay,
        service: None,
        division: None,
        payee_id: Some(till.payee.to_string()),
        request_id: request_id.into(),
    }
}

impl Props<'_> {
    fn at_the_till(&self) -> Prop {
        Prop::of_caller(&self.counter.terminal)
    }

    /// Something of the holder who comes every day.
    fn in_hand(&self) -> Prop {
        self.of_holder(&self.counter.holder)
    }

    fn of_holder(&self, holder: &Holder) -> Prop {
        Prop::of_caller(&self.counter.channel).about("binding_id", &holder.binding_id)
    }

    /// A holder who has not been here.
    fn newcomer(&self) -> Holder {
        scene::holder(self.platform, &self.counter.till.client)
    }
}

fn verify_code(props: &Props<'_>) -> Prop {
    let counter = &props.counter;
    props.at_the_till().saying(scanning(&counter.till, &counter.holder, &props.fresh("scan")))
}

fn ordered(props: &Props<'_>, funding: Funding) -> CreatePayment {
    let counter = &props.counter;
    let handle = scan(&counter.till, &counter.holder);
    CreatePayment { funding, ..order(&counter.till, &props.fresh("order"), 1, &handle) }
}

fn create_payment(props: &Props<'_>) -> Prop {
    props.at_the_till().saying(ordered(props, Funding::Prepaid))
}

/// A bank was not asked yet.
fn close_payment(props: &Props<'_>) -> Prop {
    let open = props.counter.till.terminal.create_payment(&ordered(props, Funding::Bank)).unwrap();
    props.at_the_till().about("payment_id", open.payment_id)
}

fn create_refund(props: &Props<'_>) -> Prop {
    let back = json!({"refund_no": props.fresh("refund"), "amount_fen": 1, "reason": "演练"});
    props.at_the_till().about("payment_id", &props.counter.payment_id).saying(back)
}

fn set_password(props: &Props<'_>) -> Prop {
    let client = &props.counter.till.client;
    let person = scene::person(props.platform, Phase::Active);
    let mut device = scene::device(client);
    let claimed = client.claim_ecard(&scene::claim(&person, &device)).unwrap();
    device.take_up(&claimed.binding_id, claimed.holder_session.as_ref().unwrap()).unwrap();
    let body = device.set_password(PASSWORD, seconds()).unwrap();
    Prop::of_caller(&props.counter.channel).about("binding_id", claimed.binding_id).saying(body)
}

fn change_password(props: &Props<'_>) -> Prop {
    let holder = props.newcomer();
    props
        .of_holder(&holder)
        .saying(holder.device.change_password(PASSWORD, OTHER_PASSWORD, seconds()).unwrap())
}

fn reset_password(props: &Props<'_>) -> Prop {
    let mut holder = props.newcomer();
    holder.sign_in_in_person(&props.counter.till.client, "sim:pass").unwrap();
    props.of_holder(&holder).saying(holder.device.reset_password(OTHER_PASSWORD, seconds()).unwrap())
}

fn unbind(props: &Props<'_>) -> Prop {
    let holder = props.newcomer();
    props.of_holder(&holder).saying(holder.device.unbind().unwrap())
}

fn wish(props: &Props<'_>) -> GrantWish {
    GrantWish {
        service: "query.card".into(),
        party_id: props.platform.org(OrgKind::Department, HANGZHOU).to_string(),
        purpose: "演练".into(),
        expires_at: props.platform.world().now().plus_seconds(864_000).to_string(),
        limit_fen_per_use: None,
        limit_fen_per_day: None,
    }
}

fn create_grant(props: &Props<'_>) -> Prop {
    props.in_hand().saying(props.counter.holder.device.create_grant(wish(props)).unwrap())
}

fn revoke_grant(props: &Props<'_>) -> Prop {
    let (client, holder) = (&props.counter.till.client, &props.counter.holder);
    let give = holder.device.create_grant(wish(props)).unwrap();
    let given = client.create_grant(&holder.binding_id, &give).unwrap();
    let body = holder.device.revoke_grant(&given.grant_id).unwrap();
    Prop::of_caller(&props.counter.channel).about("grant_id", given.grant_id).saying(body)
}

fn create_top_up(props: &Props<'_>) -> Prop {
    let body = props.counter.holder.device.create_top_up(&props.fresh("top-up"), 1).unwrap();
    Prop::of_caller(&props.counter.channel).saying(body)
}

/// A card that nobody has touched.
fn change_card_state(props: &Props<'_>) -> Prop {
    let clerk = props.account(Role::RegionClerk, OrgKind::Prefecture, HANGZHOU);
    let person = scene::person(props.platform, Phase::Active);
    Prop::of_staff(&clerk).about("card_id", CardId::from_bytes(person.card_id).to_string())
}
