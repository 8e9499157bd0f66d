//! What the steps of a play share: the clients, what happened so far, and how a proof is put.

use crate::failure::Failure;
use crate::running::Running;
use crate::scene::{PERSONS, Person, Scene};
use sdk::client::{Acceptance, Channel, Device, Error, Terminal};
use sdk::types::ecard::{ClaimEcard, EcardClaimed, IdKind, RealPerson, RealPersonMethod};
use sdk::types::payment::PaymentView;
use sdk::types::qr::{CodeVerified, Purpose, VerifyCode};

/// One step: its sentence, and what does it and returns what was proven.
pub struct Step {
    /// What happens.
    pub name: &'static str,
    /// Does it.
    pub run: fn(&mut Play) -> Result<String, Failure>,
}

/// A play in progress.
pub struct Play<'r> {
    /// The sandbox world's address.
    pub base_url: String,
    /// Who plays.
    pub scene: Scene,
    /// The server.
    pub running: &'r Running,
    /// The channel's server.
    pub channel: Channel,
    /// The terminal.
    pub terminal: Terminal,
    /// The holder's device.
    pub device: Device,
    /// The holder's binding, once claimed.
    pub binding: String,
    /// The payment, once made.
    pub payment: Option<PaymentView>,
}

impl<'r> Play<'r> {
    /// Connects everybody.
    pub fn new(base_url: &str, scene: Scene, running: &'r Running) -> Result<Self, Failure> {
        let channel = scene.channel(base_url)?;
        let terminal = scene.terminal(base_url)?;
        let device = channel.client().new_device()?;
        let base_url = base_url.to_owned();
        Ok(Self {
            base_url,
            scene,
            running,
            channel,
            terminal,
            device,
            binding: String::new(),
            payment: None,
        })
    }

    /// Claims the e-card of a test person on a new device, which takes up the session.
    pub fn claim(&self, person: &Person) -> Result<(EcardClaimed, Device), Error> {
        let mut device = self.channel.client().new_device()?;
        let token = person.token.as_str().into();
        let claimed = self.channel.claim_ecard(&ClaimEcard {
            name: person.name.into(),
            id_kind: IdKind::ResidentId,
            id_number: person.id_number().as_str().into(),
            card_number: None,
            division: None,
            real_person: RealPerson { method: RealPersonMethod::Face, token },
            level: 2,
            device_key: Some(device.device_key()),
        })?;
        if let Some(opened) = &claimed.holder_session {
            device
                .take_up(&claimed.binding_id, opened)
                .map_err(|_| Error::Setup("the session is not ours"))?;
        }
        Ok((claimed, device))
    }

    /// A new code of the holder.
    pub fn code(&self) -> Result<String, Failure> {
        let request = self.device.create_code().map_err(|error| Failure::failed(error.to_string()))?;
        Ok(self.channel.create_code(&self.binding, &request)?.code)
    }

    /// The terminal verifies a code.
    pub fn verify(&self, code: &str, purpose: Purpose, service: Option<&str>) -> Result<CodeVerified, Error> {
        self.terminal.verify_code(&self.scan(code, purpose, service))
    }

    /// What the terminal asks about a code it has scanned.
    pub fn scan(&self, code: &str, purpose: Purpose, service: Option<&str>) -> VerifyCode {
        VerifyCode {
            code: code.into(),
            purpose,
            service: service.map(str::to_owned),
            division: None,
            payee_id: (purpose == Purpose::Pay).then(|| self.scene.payee_id.clone()),
            request_id: number(),
        }
    }
}

/// The test person with this name.
pub fn person(name: &str) -> Result<&'static Person, Failure> {
    PERSONS
        .iter()
        .find(|person| person.name == name)
        .ok_or_else(|| Failure::failed(format!("no test person is called {name}")))
}

/// A number that no other call has.
pub fn number() -> String {
    data_encoding::HEXLOWER.encode(&gm::random::bytes::<12>())
}

/// Seconds since 1970.
pub fn now() -> i64 {
    server::clock::micros() / 1_000_000
}

/// Holds, or the step has failed.
pub fn holds(condition: bool, what: &str) -> Result<(), Failure> {
    if condition { Ok(()) } else { Err(Failure::failed(format!("it does not hold that {what}"))) }
}

/// The refusal with this code is what must come; anything else fails the step.
pub fn refused<T>(outcome: Result<T, Error>, code: &str) -> Result<String, Failure> {
    match outcome {
        Ok(_) => Err(Failure::failed(format!("it was accepted, but `{code}` was expected"))),
        Err(error) if error.code() == Some(code) => {
            let clause = error.problem().and_then(|problem| problem.clause.clone());
            Ok(clause.map_or_else(|| code.to_owned(), |clause| format!("{code} [{clause}]")))
        }
        Err(error) => Err(Failure::failed(format!("`{code}` was expected, but: {error}"))),
    }
}
