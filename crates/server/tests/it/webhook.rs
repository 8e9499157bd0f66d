use crate::harness::{CallerHandle, HANGZHOU, Platform, refusal};
use crate::payment::scene;
use domain::id::{ChannelId, WebhookId};
use domain::org::Role;
use domain::time::Timestamp;
use domain::webhook::{EventType, RETRY_SECONDS};
use gm::sm2::VerifyingKey;
use sdk::client::{Acceptance, Staff};
use sdk::types::Private;
use sdk::types::card::{CardAction, ChangeCardState};
use sdk::types::payment::CreateRefund;
use sdk::types::webhook::{
    CreateWebhook, DeliveriesReplayed, DeliveryState, DeliveryView, ReplayDeliveries, WebhookState,
    WebhookView,
};
use sdk::webhook::{Delivery, verify};
use serde_json::json;
use server::webhook::{Event, emit};
use server::{Error, World, job};
use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

/// A receiver's server: answers with the statuses it was told, then with 200 and what a challenge wants, and shows what came.
pub struct Endpoint {
    pub url: String,
    letters: Receiver<Letter>,
    answers: Arc<Mutex<VecDeque<u16>>>,
}

/// The status with which a receiver answers 200 and nothing that a challenge wants.
pub const MUTE: u16 = 299;

#[derive(Debug)]
pub struct Letter {
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Letter {
    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// What it tells, if the platform has signed it just now.
    pub fn told(&self, platform: &Platform) -> sdk::types::webhook::WebhookEvent {
        let keys = platform.config(platform.sandbox()).platform_keys.data;
        let key = keys.iter().find(|key| key.key_id == self.header("ykt-key-id")).unwrap();
        let point = data_encoding::HEXLOWER.decode(key.public_key.as_bytes()).unwrap();
        let delivery = Delivery {
            id: self.header("webhook-id"),
            timestamp: self.header("webhook-timestamp"),
            signature: self.header("webhook-signature"),
            body: &self.body,
        };
        let now = platform.sandbox().real_now().as_seconds();
        verify(&delivery, &[VerifyingKey::from_sec1(&point).unwrap()], now).unwrap()
    }
}

impl Endpoint {
    pub fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, letters) = channel();
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let told = answers.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let headers: Vec<(String, String)> = (&mut reader)
                    .lines()
                    .map(Result::unwrap)
                    .take_while(|line| !line.is_empty())
                    .filter_map(|line| {
                        line.split_once(": ").map(|(n, v)| (n.to_ascii_lowercase(), v.to_owned()))
                    })
                    .collect();
                let mut letter = Letter { headers, body: Vec::new() };
                letter.body.resize(letter.header("content-length").parse().unwrap(), 0);
                reader.read_exact(&mut letter.body).unwrap();
                let status = told.lock().unwrap().pop_front().unwrap_or(200);
                let event: Option<sdk::types::webhook::WebhookEvent> =
                    serde_json::from_slice(&letter.body).ok();
                let said =
                    event.and_then(|event| event.answer()).filter(|_| status == 200).unwrap_or_default();
                let length = said.len();
                let location = if status == 302 { "location: http://127.0.0.1:1/\r\n" } else { "" };
                write!(
                    stream,
                    "HTTP/1.1 {status} X\r\n{location}content-length: {length}\r\nconnection: close\r\n\r\n{said}"
                )
                .unwrap();
                if sender.send(letter).is_err() {
                    return;
                }
            }
        });
        Self { url, letters, answers }
    }

    pub fn answer(&self, statuses: &[u16]) {
        self.answers.lock().unwrap().extend(statuses);
    }

    pub fn letters(&self) -> Vec<Letter> {
        self.letters.try_iter().collect()
    }
}

fn caller(platform: &Platform) -> CallerHandle {
    platform.channel_in(platform.sandbox(), &["000000"])
}

fn register(channel: &CallerHandle, url: &str, events: &[&str]) -> WebhookView {
    let events = events.iter().map(ToString::to_string).collect();
    channel.client().create_webhook(&CreateWebhook { channel_id: None, url: url.to_owned(), events }).unwrap()
}

/// An endpoint of a channel in production, as a change of its callback address leaves it: its id, and where it is.
pub fn endpoint(platform: &Platform, channel: &str) -> (String, String) {
    let (id, url) =
        (platform.world().id(WebhookId::make), format!("https://example.org/{}", platform.unique()));
    let row = store::webhook::WebhookRow {
        id: *id.as_bytes(),
        owner_id: *channel.parse::<ChannelId>().unwrap().as_bytes(),
        url: url.clone(),
        events: String::new(),
        created_at: platform.world().real_now().as_micros(),
        paused_at: None,
    };
    platform.write(move |tx| Ok(store::webhook::insert(tx, &row)?));
    (id.to_string(), url)
}

/// An endpoint of a channel that somebody of its owner keeps in production, and a delivery to it: their ids.
pub fn kept(platform: &Platform, owner: &Private, channel: &str) -> (String, String) {
    let (webhook, _) = endpoint(platform, channel);
    let path = format!("/api/v1/webhooks/{webhook}/test");
    let sent = platform.request_as(owner, "POST", &path, &json!({})).json();
    (webhook, sent["delivery_id"].as_str().unwrap().to_owned())
}

pub fn event(world: &World, owner: ChannelId, subject: &str) -> Event {
    Event { owner, kind: EventType::PaymentSucceeded, subject: subject.to_owned(), at: world.now() }
}

pub fn cause(platform: &Platform, event: Event) {
    platform
        .sandbox()
        .db()
        .write_blocking(move |tx| {
            tx.unaudited("test");
            emit(tx, &event)
        })
        .unwrap();
}

/// Does what is due; how many jobs that were.
pub fn run(platform: &Platform) -> usize {
    platform.block_on(job::run_due(platform.sandbox(), &job::registered())).unwrap()
}

fn advance(platform: &Platform, seconds: i64) {
    platform.sandbox().clock().advance(seconds);
}

fn log(channel: &CallerHandle, webhook: &WebhookView) -> Vec<DeliveryView> {
    channel.client().deliveries(&webhook.webhook_id).all().unwrap()
}

on_both! {
    fn an_event_arrives_signed_and_names_nobody(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        let webhook = register(&channel, &endpoint.url, &[]);
        platform.block_on(server::audit::service::seal(platform.sandbox())).unwrap();
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_x"));
        assert_eq!(run(platform), 1);
        let letter = endpoint.letters().remove(0);
        let keys = platform.config(platform.sandbox()).platform_keys.data;
        let key = keys.iter().find(|key| key.key_id == letter.header("ykt-key-id")).unwrap();
        assert_eq!(key.key_id, webhook.key_id);
        let point = data_encoding::HEXLOWER.decode(key.public_key.as_bytes()).unwrap();
        let delivery = Delivery {
            id: letter.header("webhook-id"),
            timestamp: letter.header("webhook-timestamp"),
            signature: letter.header("webhook-signature"),
            body: &letter.body,
        };
        let now = platform.sandbox().real_now().as_seconds();
        let told = verify(&delivery, &[VerifyingKey::from_sec1(&point).unwrap()], now).unwrap();
        assert_eq!((told.event.as_str(), told.data.id.as_str()), ("payment.succeeded", "pay_x"));
        let body: serde_json::Value = serde_json::from_slice(&letter.body).unwrap();
        assert_eq!(body.as_object().unwrap().len(), 3, "thin: type, timestamp and id, nothing else");
        assert!(letter.header("ykt-audit-head").contains(";root="), "the receiver is a witness");
        let logged = log(&channel, &webhook).remove(0);
        assert_eq!((logged.state, logged.attempts, logged.last_status), (DeliveryState::Delivered, 1, Some(200)));
        assert_eq!((logged.delivery_id.as_str(), logged.next_attempt_at), (letter.header("webhook-id"), None));
    }

    fn an_event_exists_exactly_when_its_cause_does(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        register(&channel, &endpoint.url, &[]);
        let told = event(platform.sandbox(), channel.channel_id(), "pay_x");
        let undone = told.clone();
        let outcome = platform.sandbox().db().write_blocking(move |tx| {
            tx.unaudited("test");
            emit(tx, &undone)?;
            Err::<(), _>(Error::not_found())
        });
        assert!(outcome.is_err());
        assert_eq!(run(platform), 0);
        cause(platform, told.clone());
        cause(platform, told.clone());
        assert_eq!(run(platform), 1, "told twice, sent once");
        cause(platform, told);
        assert_eq!((run(platform), endpoint.letters().len()), (0, 1));
    }

    fn a_channel_is_told_what_it_asked_for_and_no_other_channel_is(platform) {
        let (one, other) = (caller(platform), caller(platform));
        let (all, some, theirs) = (Endpoint::open(), Endpoint::open(), Endpoint::open());
        register(&one, &all.url, &[]);
        register(&one, &some.url, &["payment.refunded", "ecard.state_changed"]);
        register(&other, &theirs.url, &[]);
        for kind in [EventType::PaymentSucceeded, EventType::PaymentRefunded] {
            cause(platform, Event { kind, ..event(platform.sandbox(), one.channel_id(), "pay_x") });
        }
        run(platform);
        assert_eq!((all.letters().len(), some.letters().len(), theirs.letters().len()), (2, 1, 0));
    }

    fn a_receiver_that_fails_is_tried_again_at_growing_intervals_and_then_given_up(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        let webhook = register(&channel, &endpoint.url, &[]);
        endpoint.answer(&[500, 404, 302, 503, 500, 500, 500, 500, 500, 500, 500]);
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_x"));
        assert_eq!(run(platform), 1);
        let first = log(&channel, &webhook).remove(0);
        assert_eq!((first.state, first.attempts, first.last_status), (DeliveryState::Pending, 1, Some(500)));
        let next: Timestamp = first.next_attempt_at.unwrap().parse().unwrap();
        let wait = next.micros_since(platform.sandbox().now());
        assert!((0..=5_000_000).contains(&wait), "five seconds, less a tenth at most: {wait}");
        for (attempt, seconds) in (2..).zip(RETRY_SECONDS) {
            advance(platform, seconds * 8 / 10);
            assert_eq!(run(platform), 0, "attempt {attempt} came too early");
            advance(platform, seconds - seconds * 8 / 10);
            assert_eq!(run(platform), 1, "attempt {attempt} did not come");
            let logged = log(&channel, &webhook).remove(0);
            let state = if attempt == 11 { DeliveryState::Failed } else { DeliveryState::Pending };
            assert_eq!((logged.attempts, logged.state), (attempt, state));
        }
        advance(platform, 1_000_000);
        let letters = endpoint.letters();
        assert_eq!((run(platform), letters.len()), (0, 11));
        let id = letters[0].header("webhook-id");
        assert!(letters.iter().all(|letter| letter.header("webhook-id") == id), "every attempt has the same id");
    }

    fn an_event_can_be_sent_again(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        let webhook = register(&channel, &endpoint.url, &[]);
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_x"));
        run(platform);
        let sent = log(&channel, &webhook).remove(0);
        let again = channel.client().replay_delivery(&webhook.webhook_id, &sent.delivery_id).unwrap();
        assert_eq!((again.state, again.attempts), (DeliveryState::Pending, 0));
        assert_eq!(run(platform), 1);
        let ids: Vec<_> = endpoint.letters().iter().map(|l| l.header("webhook-id").to_owned()).collect();
        assert_eq!(ids, [sent.delivery_id.clone(), sent.delivery_id.clone()]);
        let stranger = caller(platform).client().replay_delivery(&webhook.webhook_id, &sent.delivery_id);
        assert_eq!(refusal(stranger), (404, "resource.not_found".into()));
    }

    /// After a failure of its receiver a channel, or the operator for it, has the events of that time sent again.
    fn the_events_of_a_time_are_sent_again_to_their_channel_only(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        let (webhook, world) = (register(&channel, &endpoint.url, &[]), platform.sandbox());
        let start = world.now();
        for n in 0..4 {
            cause(platform, event(world, channel.channel_id(), &format!("pay_{n}")));
            advance(platform, 60);
        }
        let stranger = caller(platform);
        let theirs = Endpoint::open();
        register(&stranger, &theirs.url, &[]);
        cause(platform, event(world, stranger.channel_id(), "pay_x"));
        assert_eq!(run(platform), 5);
        endpoint.letters();
        theirs.letters();
        let minutes = |from: i64, to: i64| ReplayDeliveries {
            from: start.plus_seconds(from * 60 - 1).to_string(),
            to: start.plus_seconds(to * 60 - 1).to_string(),
        };
        let subjects = || -> Vec<String> {
            let told = endpoint.letters().into_iter().map(|letter| {
                let body: serde_json::Value = serde_json::from_slice(&letter.body).unwrap();
                body["data"]["id"].as_str().unwrap().to_owned()
            });
            let mut told: Vec<String> = told.collect();
            told.sort();
            told
        };
        let replayed = channel.client().replay_deliveries(&webhook.webhook_id, &minutes(1, 3)).unwrap();
        assert_eq!((replayed.replayed, replayed.rest_from), (2, None));
        assert_eq!((run(platform), subjects()), (2, vec!["pay_1".into(), "pay_2".into()]));
        let operator = platform.staff_in(world, Role::OperatorAdmin, "000000");
        let all = operator.replay_deliveries(&channel.id, &minutes(0, 60)).unwrap();
        assert_eq!((all.replayed, run(platform), subjects().len()), (4, 4, 4));
        assert!(theirs.letters().is_empty(), "another channel's events stay where they are");
        let nothing = (404, "resource.not_found".into());
        let other = stranger.client().replay_deliveries(&webhook.webhook_id, &minutes(0, 60));
        assert_eq!(refusal(other), nothing);
        let clerk = platform.staff_in(world, Role::OperatorClerk, "000000");
        let refused = clerk.replay_deliveries(&channel.id, &minutes(0, 60));
        assert_eq!(refusal(refused), (403, "staff.role".into()));
        let unknown = domain::id::ChannelId::from_bytes([0; 16]).to_string();
        assert_eq!(refusal(operator.replay_deliveries(&unknown, &minutes(0, 60))), nothing);
        let backwards = channel.client().replay_deliveries(&webhook.webhook_id, &minutes(3, 1));
        assert_eq!(refusal(backwards), (422, "request.fields".into()));
    }

    fn a_long_replay_says_where_the_rest_begins(platform) {
        let channel = caller(platform);
        let (webhook, world) = (register(&channel, "https://example.org/hook", &[]), platform.sandbox());
        let (owner, start) = (channel.channel_id(), world.now());
        world.db().write_blocking(move |tx| {
            tx.unaudited("test");
            for n in 0..501 {
                let at = start.plus_seconds(n);
                emit(tx, &Event { owner, kind: EventType::PaymentSucceeded, subject: format!("pay_{n}"), at })?;
            }
            Ok::<_, Error>(())
        }).unwrap();
        let to = start.plus_seconds(1_000).to_string();
        let ask = |from: &str| {
            let range = ReplayDeliveries { from: from.to_owned(), to: to.clone() };
            channel.client().replay_deliveries(&webhook.webhook_id, &range).unwrap()
        };
        let first = ask(&start.to_string());
        assert_eq!(first.replayed, 500);
        assert_eq!(ask(&first.rest_from.unwrap()), DeliveriesReplayed { replayed: 1, rest_from: None });
    }

    /// SE-2.5a: a receiver that has not fetched the new key yet believes a delivery by the old one, until the overlap
    /// is over.
    fn while_the_platforms_key_rotates_either_key_proves_a_delivery(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        register(&channel, &endpoint.url, &[]);
        let world = platform.sandbox();
        let key = || VerifyingKey::from_sec1(
            &world.keys().ring().signing_key().1.verifying_key().to_sec1()
        ).unwrap();
        let rotate = || platform.block_on(world.keys().rotate(
            world.db(),
            domain::key::KeyUsage::Sign,
            world.now(),
            domain::audit::Actor::System,
        )).unwrap();
        let believed = |subject: &str, keys: &[&VerifyingKey]| -> (usize, Vec<bool>) {
            cause(platform, event(world, channel.channel_id(), subject));
            assert_eq!(run(platform), 1);
            let letter = endpoint.letters().remove(0);
            let delivery = Delivery {
                id: letter.header("webhook-id"),
                timestamp: letter.header("webhook-timestamp"),
                signature: letter.header("webhook-signature"),
                body: &letter.body,
            };
            let now = world.real_now().as_seconds();
            let held = keys.iter().map(|key| verify(&delivery, &[(*key).clone()], now).is_ok()).collect();
            (letter.header("ykt-key-id").split(' ').count(), held)
        };
        let first = key();
        assert_eq!(believed("pay_1", &[&first]), (1, vec![true]));
        rotate();
        let second = key();
        assert_eq!(believed("pay_2", &[&first, &second]), (2, vec![true, true]), "either holds");
        rotate();
        let third = key();
        assert_eq!(believed("pay_3", &[&first, &second, &third]), (2, vec![false, true, true]));
        advance(platform, 7 * 86_400 + 1);
        assert_eq!(believed("pay_4", &[&second, &third]), (1, vec![false, true]), "the overlap is over");
    }

    fn an_endpoint_is_registered_once_listed_and_removed_by_its_channel(platform) {
        let channel = caller(platform);
        let first = register(&channel, "https://example.org/a", &["payment.failed", "payment.failed"]);
        assert_eq!(first.events, ["payment.failed"]);
        let same = register(&channel, "https://example.org/a", &[]);
        assert_eq!((same.webhook_id.as_str(), same.events.len()), (first.webhook_id.as_str(), 0));
        register(&channel, "https://example.org/b", &[]);
        assert_eq!(channel.client().webhooks().all().unwrap().len(), 2);
        let stranger = caller(platform);
        assert!(stranger.client().webhooks().all().unwrap().is_empty());
        for outcome in [
            refusal(stranger.client().delete_webhook(&first.webhook_id)),
            refusal(stranger.client().deliveries(&first.webhook_id).all()),
            refusal(channel.client().delete_webhook("whk_unknown")),
        ] {
            assert_eq!(outcome, (404, "resource.not_found".into()));
        }
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_x"));
        channel.client().delete_webhook(&first.webhook_id).unwrap();
        channel.signed().delete_webhook(&channel.client().webhooks().all().unwrap()[0].webhook_id).unwrap();
        assert!(channel.client().webhooks().all().unwrap().is_empty());
        assert_eq!(run(platform), 2, "what was on its way is given up");
        assert_eq!(run(platform), 0);
    }

    /// What a channel's server does with its key, the people of its owner do at the portal: for their own channels only.
    fn the_people_of_an_owner_keep_the_endpoints_of_their_channels(platform) {
        let (channel, endpoint, world) = (caller(platform), Endpoint::open(), platform.sandbox());
        let of = channel.owner;
        let org = world.db().read_blocking(move |tx| Ok::<_, Error>(store::channel::find(tx, &of)?.unwrap().owner_id)).unwrap();
        let token = platform.token(world, Role::ChannelAdmin, domain::id::OrgId::from_bytes(org));
        let owner = Staff::with_token(&platform.config(world), token).unwrap();
        let request = CreateWebhook { channel_id: Some(channel.id.clone()), url: endpoint.url.clone(), events: vec![] };
        let kept = owner.create_webhook(&request).unwrap();
        assert_eq!(channel.client().webhooks().all().unwrap(), owner.webhooks(&channel.id).all().unwrap());
        let tried = owner.test_webhook(&kept.webhook_id).unwrap();
        endpoint.answer(&[500]);
        assert_eq!((tried.event.as_str(), run(platform)), ("webhook.test", 1));
        let failed = owner.deliveries(&kept.webhook_id).all().unwrap().remove(0);
        assert_eq!((failed.state, failed.last_status, failed.next_attempt_at), (DeliveryState::Failed, Some(500), None), "once");
        owner.replay_delivery(&kept.webhook_id, &failed.delivery_id).unwrap();
        assert_eq!((run(platform), endpoint.letters().len()), (1, 2));

        let stranger = platform.staff_in(world, Role::ChannelAdmin, "440000");
        let nothing = (404, "resource.not_found".to_owned());
        assert_eq!(refusal(stranger.create_webhook(&request)), nothing);
        assert_eq!(refusal(stranger.webhooks(&channel.id).all()), nothing);
        assert_eq!(refusal(stranger.test_webhook(&kept.webhook_id)), nothing);
        assert_eq!(refusal(stranger.delete_webhook(&kept.webhook_id)), nothing);
        let unnamed = CreateWebhook { channel_id: None, ..request.clone() };
        assert_eq!(refusal(owner.create_webhook(&unnamed)), (422, "request.fields".into()));
        let operator = platform.staff_in(world, Role::OperatorAdmin, "000000");
        assert_eq!(operator.webhooks(&channel.id).all().unwrap().len(), 1, "the operator looks");
        assert_eq!(refusal(operator.delete_webhook(&kept.webhook_id)), (403, "staff.role".into()), "and keeps none");
        owner.delete_webhook(&kept.webhook_id).unwrap();
    }

    fn what_happens_while_an_endpoint_is_paused_waits_in_its_log(platform) {
        let (channel, endpoint) = (caller(platform), Endpoint::open());
        let webhook = register(&channel, &endpoint.url, &[]);
        let client = channel.client();
        let paused = client.change_webhook_state(&webhook.webhook_id, WebhookState::Paused).unwrap();
        assert_eq!(paused.state, WebhookState::Paused);
        client.change_webhook_state(&webhook.webhook_id, WebhookState::Paused).unwrap();
        assert_eq!(refusal(client.test_webhook(&webhook.webhook_id)), (409, "webhook.paused".into()));
        cause(platform, event(platform.sandbox(), channel.channel_id(), "pay_x"));
        assert_eq!((run(platform), endpoint.letters().len()), (1, 0));
        let missed = log(&channel, &webhook).remove(0);
        assert_eq!((missed.state, missed.last_status), (DeliveryState::Failed, None));
        client.change_webhook_state(&webhook.webhook_id, WebhookState::Active).unwrap();
        client.replay_delivery(&webhook.webhook_id, &missed.delivery_id).unwrap();
        assert_eq!((run(platform), endpoint.letters().len()), (1, 1));
    }

    fn a_channel_has_ten_endpoints_at_most(platform) {
        let channel = caller(platform);
        for n in 0..10 {
            register(&channel, &format!("https://example.org/{n}"), &[]);
        }
        let request = CreateWebhook { channel_id: None, url: "https://example.org/10".into(), events: vec![] };
        assert_eq!(refusal(channel.client().create_webhook(&request)), (409, "webhook.too_many".into()));
    }

    fn what_points_inside_or_is_unknown_is_refused_by_field(platform) {
        let wrong = |channel: &CallerHandle, url: &str, events: &[&str]| {
            let events = events.iter().map(ToString::to_string).collect();
            let outcome = channel.client().create_webhook(&CreateWebhook { channel_id: None, url: url.into(), events });
            outcome.unwrap_err().problem().unwrap().errors[0].pointer.clone()
        };
        let production = platform.channel();
        for url in ["http://example.org/", "https://127.0.0.1/", "http://127.0.0.1:1/", "https://192.168.0.1/", "x"] {
            assert_eq!(wrong(&production, url, &[]), "/url", "{url}");
        }
        assert_eq!(wrong(&caller(platform), "https://10.0.0.1/", &[]), "/url");
        assert_eq!(wrong(&production, "https://example.org/", &["payment.failed", "card.eaten"]), "/events/1");
        assert_eq!(wrong(&production, "https://example.org/", &["payment.failed"; 17]), "/events");
        let terminal = platform.terminal("330100").terminal();
        let asked = terminal.client().list::<WebhookView>("/api/v1/webhooks").all();
        assert_eq!(refusal(asked), (403, "caller.forbidden".into()));
    }

    /// A name that is registered when it leads outside and later leads inside: what counts is where it leads now.
    fn production_never_connects_inside_whatever_a_name_resolves_to(platform) {
        let (channel, endpoint) = (platform.channel(), Endpoint::open());
        let url = endpoint.url.replace("http://", "https://").replace("127.0.0.1", "localhost");
        let row = store::webhook::WebhookRow {
            id: [1; 16],
            owner_id: channel.owner,
            url,
            events: String::new(),
            created_at: 0,
            paused_at: None,
        };
        let told = event(platform.world(), channel.channel_id(), "pay_x");
        platform.write(move |tx| {
            store::webhook::insert(tx, &row)?;
            Ok(emit(tx, &told)?)
        });
        platform.block_on(job::run_due(platform.world(), &job::registered())).unwrap();
        let waiting = platform.read(|tx| Ok(store::job::list_due(tx, i64::MAX, "", 9)?)).remove(0);
        assert!(waiting.last_error.unwrap().contains("internal network"));
        assert!(endpoint.letters().is_empty());
    }

    fn a_channel_is_told_of_every_change_of_its_ecards_and_payments(platform) {
        let (till, other) = (scene::till(platform), platform.channel());
        let (webhook, _) = endpoint(platform, &till.channel.id);
        let (quiet, _) = endpoint(platform, &other.id);
        let told = |webhook: &str| {
            let id: WebhookId = webhook.parse().unwrap();
            let rows = platform.read(move |tx| {
                Ok(store::webhook::list_deliveries(tx, id.as_bytes(), &[0xFF; 16], 100)?)
            });
            let mut told: Vec<_> = rows.into_iter().map(|row| {
                let body: serde_json::Value = serde_json::from_str(&row.payload).unwrap();
                (row.event, body["data"]["id"].as_str().unwrap().to_owned())
            }).collect();
            told.sort();
            told
        };
        let changed = |binding: &str| ("ecard.state_changed".to_owned(), binding.to_owned());
        let holder = scene::payer(platform, &till, 1_000);
        let binding = holder.binding_id.as_str();
        assert_eq!(told(&webhook), [changed(binding), changed(binding)], "bound, then activated");

        let paid = scene::pay(&till, &holder, "A-1", 700);
        let refund = CreateRefund { refund_no: "R-1".into(), amount_fen: 100, reason: "退货".into() };
        till.terminal.create_refund(&paid.payment_id, &refund).unwrap();
        let clerk = platform.staff(Role::RegionClerk, HANGZHOU);
        let card = domain::id::CardId::from_bytes(holder.person.card_id).to_string();
        let loss = ChangeCardState { action: CardAction::ReportLoss, reason: None };
        clerk.change_card_state(&card, 1, &loss).unwrap();
        let leaver = scene::payer(platform, &till, 0);
        till.client.unbind(&leaver.binding_id, &leaver.device.unbind().unwrap()).unwrap();

        let mut expected = vec![changed(binding); 3];
        expected.extend(vec![changed(&leaver.binding_id); 3]);
        expected.push(("payment.succeeded".into(), paid.payment_id.clone()));
        expected.push(("payment.refunded".into(), paid.payment_id));
        expected.sort();
        assert_eq!(told(&webhook), expected);
        assert_eq!(told(&quiet), []);
    }
}
