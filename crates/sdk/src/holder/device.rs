//! The holder's device: its key, its session, and the requests only it can make.
//!
//! Invariant: the device talks to nobody. Its channel's server carries what it makes to the platform and what the
//! platform answers back, and can read neither the session secret nor a password.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use gm::hmac::Key;
use gm::sm2::{DecryptingKey, EncryptingKey};
use gm::{KeyError, Secret};

use super::{Consent, Envelope, context, session_context};
use crate::types::ecard::{ChangePassword, ListAllUses, RealPerson, ResetPassword, SetPassword, Unbind};
use crate::types::grant::{CreateGrant, RevokeGrant};
use crate::types::holder_session::{HolderFactor, HolderSessionOpened, OpenHolderSession, PasswordFactor};
use crate::types::payment::{CreatePayment, CreateTopUp, Funding, PasswordSource, PaymentSource};
use crate::types::qr::CreateCode;
use crate::types::{Private, Proof};

/// Why the device cannot do what it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceError {
    /// No holder session is open on this device.
    NoSession,
    /// The session's secret is not encrypted to this device.
    Envelope,
}

impl fmt::Display for DeviceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSession => "no holder session is open on this device",
            Self::Envelope => "the session's secret is not encrypted to this device",
        })
    }
}

impl std::error::Error for DeviceError {}

/// A payment that the holder confirms by password.
#[derive(Debug, Clone)]
pub struct PaymentWish {
    /// The caller's order number.
    pub order_no: String,
    /// In fen.
    pub amount_fen: i64,
    /// `org_…` that is paid.
    pub payee_id: String,
    /// Where the money comes from.
    pub funding: Funding,
    /// For the holder.
    pub description: Option<String>,
}

/// A grant that the holder gives.
#[derive(Debug, Clone)]
pub struct GrantWish {
    /// Code of the service.
    pub service: String,
    /// Who may use it.
    pub party_id: String,
    /// In the holder's words.
    pub purpose: String,
    /// RFC 3339.
    pub expires_at: String,
    /// In fen.
    pub limit_fen_per_use: Option<i64>,
    /// In fen.
    pub limit_fen_per_day: Option<i64>,
}

struct Session {
    binding_id: String,
    id: String,
    secret: Key,
    counter: AtomicU64,
}

/// A holder's device.
pub struct Device {
    key: DecryptingKey,
    platform: EncryptingKey,
    session: Option<Session>,
}

impl Device {
    /// A new device with a new key, for the platform that has this encryption key.
    pub fn new(platform: EncryptingKey) -> Self {
        Self { key: DecryptingKey::generate(), platform, session: None }
    }

    /// A device whose key was kept.
    ///
    /// # Errors
    /// The bytes are not a secret key.
    pub fn restore(key: &Secret<[u8; 32]>, platform: EncryptingKey) -> Result<Self, KeyError> {
        Ok(Self { key: DecryptingKey::from_bytes(key.expose())?, platform, session: None })
    }

    /// The secret key, to keep in the device's own store.
    pub fn to_bytes(&self) -> Secret<[u8; 32]> {
        self.key.to_bytes()
    }

    /// The public key, SEC1 uncompressed, hex: `device_key` of requests.
    pub fn device_key(&self) -> String {
        HEXLOWER.encode(&self.key.encrypting_key().to_sec1())
    }

    /// Takes up a session that the platform opened for a binding on this device.
    ///
    /// # Errors
    /// [`DeviceError::Envelope`]
    pub fn take_up(&mut self, binding_id: &str, opened: &HolderSessionOpened) -> Result<(), DeviceError> {
        let sealed = HEXLOWER_PERMISSIVE
            .decode(opened.secret_envelope.expose().as_bytes())
            .map_err(|_| DeviceError::Envelope)?;
        let secret = self.key.decrypt(&sealed).map_err(|_| DeviceError::Envelope)?;
        if secret.expose().len() != 32 {
            return Err(DeviceError::Envelope);
        }
        self.session = Some(Session {
            binding_id: binding_id.to_owned(),
            id: opened.id.clone(),
            secret: Key::new(secret.expose()),
            counter: AtomicU64::new(0),
        });
        Ok(())
    }

    /// The binding of the open session.
    pub fn binding_id(&self) -> Option<&str> {
        self.session.as_ref().map(|session| session.binding_id.as_str())
    }

    /// Asks for a session by password; `now` is in seconds since 1970, here and below.
    pub fn open_by_password(&self, binding_id: &str, password: &str, now: i64) -> OpenHolderSession {
        let device_key = self.device_key();
        let password_envelope = self.seal(password, session_context(binding_id, &device_key), now);
        let factor = HolderFactor::Password(PasswordFactor { password_envelope });
        OpenHolderSession { binding_id: binding_id.to_owned(), device_key, factor }
    }

    /// Asks for a session by a fresh real-person check.
    pub fn open_by_real_person(&self, binding_id: &str, evidence: RealPerson) -> OpenHolderSession {
        let factor = HolderFactor::RealPerson(evidence);
        OpenHolderSession { binding_id: binding_id.to_owned(), device_key: self.device_key(), factor }
    }

    /// Asks for a code to show.
    ///
    /// # Errors
    /// [`DeviceError::NoSession`], here and below.
    pub fn create_code(&self) -> Result<CreateCode, DeviceError> {
        self.proven(CreateCode { proof: Proof::default() }, CreateCode::consent, |request| &mut request.proof)
    }

    /// Sets the first password.
    pub fn set_password(&self, password: &str, now: i64) -> Result<SetPassword, DeviceError> {
        let password_envelope = self.seal_for("set_password", password, now)?;
        let request = SetPassword { proof: Proof::default(), password_envelope };
        self.proven(request, SetPassword::consent, |request| &mut request.proof)
    }

    /// Replaces the password by knowing the current one.
    pub fn change_password(&self, current: &str, new: &str, now: i64) -> Result<ChangePassword, DeviceError> {
        let request = ChangePassword {
            proof: Proof::default(),
            current_password_envelope: self.seal_for("change_password.current", current, now)?,
            new_password_envelope: self.seal_for("change_password.new", new, now)?,
        };
        self.proven(request, ChangePassword::consent, |request| &mut request.proof)
    }

    /// Replaces a forgotten password, in a session opened by a real-person check.
    pub fn reset_password(&self, password: &str, now: i64) -> Result<ResetPassword, DeviceError> {
        let password_envelope = self.seal_for("reset_password", password, now)?;
        let request = ResetPassword { proof: Proof::default(), password_envelope };
        self.proven(request, ResetPassword::consent, |request| &mut request.proof)
    }

    /// Ends the binding.
    pub fn unbind(&self) -> Result<Unbind, DeviceError> {
        self.proven(Unbind { proof: Proof::default() }, Unbind::consent, |request| &mut request.proof)
    }

    /// Asks for a page of every use of the e-card.
    pub fn list_all_uses(&self) -> Result<ListAllUses, DeviceError> {
        self.proven(ListAllUses { proof: Proof::default() }, ListAllUses::consent, |request| {
            &mut request.proof
        })
    }

    /// Gives a grant.
    pub fn create_grant(&self, wish: GrantWish) -> Result<CreateGrant, DeviceError> {
        let request = CreateGrant {
            proof: Proof::default(),
            service: wish.service,
            party_id: wish.party_id,
            purpose: wish.purpose,
            expires_at: wish.expires_at,
            limit_fen_per_use: wish.limit_fen_per_use,
            limit_fen_per_day: wish.limit_fen_per_day,
        };
        self.proven(request, CreateGrant::consent, |request| &mut request.proof)
    }

    /// Revokes a grant.
    pub fn revoke_grant(&self, grant_id: &str) -> Result<RevokeGrant, DeviceError> {
        let session = self.session.as_ref().ok_or(DeviceError::NoSession)?;
        let request = RevokeGrant { proof: Proof::default() };
        Ok(RevokeGrant { proof: session.prove(&request.consent(grant_id)) })
    }

    /// Confirms a payment by password.
    pub fn create_payment(
        &self,
        wish: PaymentWish,
        password: &str,
        now: i64,
    ) -> Result<CreatePayment, DeviceError> {
        let session = self.session.as_ref().ok_or(DeviceError::NoSession)?;
        let password_envelope = self.seal_for("create_payment", password, now)?;
        let binding_id = session.binding_id.clone();
        let source = PasswordSource { binding_id, proof: Proof::default(), password_envelope };
        let mut request = CreatePayment {
            order_no: wish.order_no,
            amount_fen: wish.amount_fen,
            description: wish.description,
            payee_id: wish.payee_id,
            source: PaymentSource::Password(source),
            funding: wish.funding,
        };
        let proof = request.consent().map(|(consent, _)| session.prove(&consent));
        if let (PaymentSource::Password(source), Some(proof)) = (&mut request.source, proof) {
            source.proof = proof;
        }
        Ok(request)
    }

    /// Moves money from the linked bank account to the prepaid balance.
    pub fn create_top_up(&self, top_up_no: &str, amount_fen: i64) -> Result<CreateTopUp, DeviceError> {
        let session = self.session.as_ref().ok_or(DeviceError::NoSession)?;
        let (top_up_no, binding_id) = (top_up_no.to_owned(), session.binding_id.clone());
        let mut request = CreateTopUp { top_up_no, binding_id, amount_fen, proof: Proof::default() };
        request.proof = session.prove(&request.consent());
        Ok(request)
    }

    /// Fills in the proof of a request that acts on the session's binding.
    fn proven<T>(
        &self,
        mut request: T,
        consent: fn(&T, &str) -> Consent,
        proof: fn(&mut T) -> &mut Proof,
    ) -> Result<T, DeviceError> {
        let session = self.session.as_ref().ok_or(DeviceError::NoSession)?;
        let made = session.prove(&consent(&request, &session.binding_id));
        *proof(&mut request) = made;
        Ok(request)
    }

    fn seal_for(&self, operation: &str, password: &str, now: i64) -> Result<String, DeviceError> {
        let binding_id = self.binding_id().ok_or(DeviceError::NoSession)?;
        Ok(self.seal(password, context(operation, binding_id), now))
    }

    fn seal(&self, password: &str, context: String, now: i64) -> String {
        Envelope { password: Private::new(password), at: now, context }.seal(&self.platform)
    }
}

impl Session {
    fn prove(&self, consent: &Consent) -> Proof {
        let counter = self.counter.fetch_add(1, Ordering::Relaxed) + 1;
        consent.prove(&self.secret, &self.id, counter)
    }
}

impl fmt::Debug for Device {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Device").field("binding_id", &self.binding_id()).finish_non_exhaustive()
    }
}
