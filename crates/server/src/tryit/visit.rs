//! One visitor: a device, what it has claimed, and the code it shows. Every function waits for real requests.

use super::{Cast, TestPerson};
use sdk::client::{Acceptance, Call, Device, DeviceError, Error};
use sdk::types::ecard::{ClaimEcard, EcardView, IdKind, RealPerson, RealPersonMethod};
use sdk::types::payment::{CreatePayment, Funding, PaymentSource, PaymentState, PaymentView};
use sdk::types::qr::{CodeCreated, CodeVerified, Purpose, VerifyCode};
use sdk::types::usage::UseView;
use std::time::{Duration, Instant};

/// How often the state of a pending payment is asked for.
const PATIENCE: u32 = 50;

/// A visitor's state.
pub struct Visit {
    device: Option<Device>,
    binding_id: Option<String>,
    code: Option<String>,
    /// When something was done last.
    pub used_at: Instant,
}

/// Why a step did not work.
pub enum Trouble {
    /// A step before it has not been done.
    TooEarly,
    /// The platform said no, or could not be reached.
    Platform(Box<Error>),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::Platform(Box::new(error))
    }
}

impl From<DeviceError> for Trouble {
    fn from(_: DeviceError) -> Self {
        Self::TooEarly
    }
}

impl Default for Visit {
    fn default() -> Self {
        Self { device: None, binding_id: None, code: None, used_at: Instant::now() }
    }
}

impl Visit {
    /// Claims the e-card of a test person on a new device and sets its password if it has none.
    pub fn claim(&mut self, cast: &Cast, person: &TestPerson, password: &str) -> Result<EcardView, Trouble> {
        let mut device = cast.channel.client().new_device()?;
        let token = person.real_person_token.as_str().into();
        let claim = ClaimEcard {
            name: person.name.as_str().into(),
            id_kind: IdKind::ResidentId,
            id_number: person.id_number.as_str().into(),
            card_number: None,
            division: None,
            real_person: RealPerson { method: RealPersonMethod::Face, token },
            level: 2,
            device_key: None,
        };
        // Where another visitor has set a password, the person is known again by the real-person check.
        let claimed = cast.channel.claim_on(&mut device, claim, password, now())?;
        let view = cast.channel.ecard(&claimed.binding_id)?;
        self.device = Some(device);
        self.binding_id = Some(claimed.binding_id);
        self.code = None;
        Ok(view)
    }

    /// Shows a new code.
    pub fn show(&mut self, cast: &Cast) -> Result<CodeCreated, Trouble> {
        let (device, binding) =
            self.device.as_ref().zip(self.binding_id.as_ref()).ok_or(Trouble::TooEarly)?;
        let call = Call::post(format!("/api/v1/ecards/{binding}/codes?svg=true"), &device.create_code()?)?;
        let created: CodeCreated = cast.channel.client().send(&call)?;
        self.code = Some(created.code.clone());
        Ok(created)
    }

    /// The terminal scans the code that is shown, whether it was scanned before or not.
    pub fn scan(&self, cast: &Cast, purpose: Purpose) -> Result<CodeVerified, Trouble> {
        let code = self.code.clone().ok_or(Trouble::TooEarly)?;
        let payee_id = (purpose == Purpose::Pay).then(|| cast.payee_id.clone());
        let request =
            VerifyCode { code, purpose, service: None, division: None, payee_id, request_id: number() };
        Ok(cast.terminal.verify_code(&request)?)
    }

    /// Pays with a new code.
    pub fn pay(&mut self, cast: &Cast, amount_fen: i64) -> Result<PaymentView, Trouble> {
        self.show(cast)?;
        let handle = self.scan(cast, Purpose::Pay)?.payment_handle.ok_or(Trouble::TooEarly)?;
        let request = CreatePayment {
            order_no: format!("TRY{}", number()),
            amount_fen,
            description: Some("try-it".into()),
            payee_id: cast.payee_id.clone(),
            source: PaymentSource::Handle(handle.into()),
            funding: Funding::Bank,
        };
        let mut payment = cast.terminal.create_payment(&request)?;
        for _ in 0..PATIENCE {
            if payment.state != PaymentState::Pending {
                break;
            }
            // tidy: allow sleep — the bank answers in its own time, and a payer asks for the state
            std::thread::sleep(Duration::from_millis(100));
            payment = cast.terminal.payment(&payment.payment_id)?;
        }
        Ok(payment)
    }

    /// What the holder can read about every use, newest first.
    pub fn uses(&self, cast: &Cast) -> Result<Vec<UseView>, Trouble> {
        let binding = self.binding_id.as_ref().ok_or(Trouble::TooEarly)?;
        Ok(cast.channel.uses(binding).take(20).collect::<Result<_, _>>()?)
    }
}

/// A number that no other call has.
fn number() -> String {
    data_encoding::HEXLOWER.encode(&gm::random::bytes::<12>())
}

fn now() -> i64 {
    crate::clock::micros() / 1_000_000
}
