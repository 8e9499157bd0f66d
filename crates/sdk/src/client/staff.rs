//! What a member of staff can do. Every method fails as [`Client::send`] does.

use super::call::{encode, with_query};
use super::{Call, Caller, Client, Config, Error, Items};
use crate::types::attachment::{AttachmentView, CreateAttachment};
use crate::types::audit::{ExportLine, ExportRecorded, HeadView, ProofView, RecordExport};
use crate::types::card::{CardView, ChangeCardState, FindCard, InvalidCardView, ReplaceCard};
use crate::types::channel::{ActOnChannel, ChannelLevels, ChannelView, CreateChannel};
use crate::types::clock::{AdvanceClock, ClockView};
use crate::types::import::{BatchOutcome, ImportRows, ImportView, RowsImported, StartImport};
use crate::types::key::{AddKey, KeyRotated, KeyView, RevokeKey, RotateKey};
use crate::types::ledger::{AccountView, LedgerVerified};
use crate::types::monitoring::TrialView;
use crate::types::org::{CreateOrg, OrgView, RegisterOrgs};
use crate::types::parameter::{
    AccessConditions, DecideParameter, ParameterVersionView, ParameterView, ProposeParameter,
};
use crate::types::passkey::{
    BeginPasskey, FactorAsked, PasskeyBegun, PasskeyRegistered, Passkeys, RegisterPasskey,
};
use crate::types::payee::{CreatePayee, PayeeView};
use crate::types::service::{CloseOpening, CreateOpening, OpenServices, OpeningView, ServiceView};
use crate::types::settlement::{BatchView, CutDay, DayCutView, DayFile};
use crate::types::staff::{
    BeginFactor, ChangeStaffPassword, ConfirmFactor, CreateStaff, CreateStaffSession, DecideOnStaff,
    FactorBegun, FactorView, MemberView, RecoveryCodes, StaffCreated, StaffSessionOpened, StaffSessionView,
    StaffSessions, StaffView, StepUp, SteppedUp,
};
use crate::types::terminal::{ChangeTerminalState, CreateTerminal, RegisterTerminals, TerminalView};
use crate::types::webhook::{DeliveriesReplayed, ReplayDeliveries};
use crate::types::{Page, Private};
use data_encoding::HEXLOWER;

/// Most bytes of a file that one request takes.
const PART: usize = 1024 * 1024;

/// A member of staff who has signed in.
pub struct Staff {
    client: Client,
}

impl Staff {
    /// Signs in.
    pub fn sign_in(config: &Config, login: &str, password: &str) -> Result<Self, Error> {
        Self::sign_in_with(
            config,
            &CreateStaffSession {
                login: login.to_owned(),
                password: password.into(),
                code: None,
                passkey: None,
            },
        )
    }

    /// Signs in, with a code of the second factor where the account has one.
    pub fn sign_in_with(config: &Config, request: &CreateStaffSession) -> Result<Self, Error> {
        let call = Call::post("/api/v1/staff/sessions", request)?.once();
        let opened: StaffSessionOpened = Client::new(config, Caller::Anonymous)?.send(&call)?;
        Self::with_token(config, opened.token)
    }

    /// Goes on with a token from an earlier sign-in.
    pub fn with_token(config: &Config, token: Private) -> Result<Self, Error> {
        Ok(Self::of(Client::new(config, Caller::Staff(token))?))
    }

    pub(super) fn of(client: Client) -> Self {
        Self { client }
    }

    /// The client underneath, for calls without a method here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Replaces one's own password; every other sign-in of the account ends.
    pub fn change_password(&self, request: &ChangeStaffPassword) -> Result<(), Error> {
        self.client.send(&Call::post("/api/v1/staff/password", request)?.once())
    }

    /// Who is signed in, and what their role may do.
    pub fn whoami(&self) -> Result<StaffSessionView, Error> {
        self.client.send(&Call::get("/api/v1/staff/sessions/current"))
    }

    /// Signs out.
    pub fn sign_out(&self) -> Result<(), Error> {
        self.client.send(&Call::delete("/api/v1/staff/sessions/current"))
    }

    /// Confirms that one is still there; sensitive operations go on for some minutes.
    pub fn step_up(&self, request: &StepUp) -> Result<SteppedUp, Error> {
        self.client.send(&Call::post("/api/v1/staff/sessions/current/step-up", request)?.once())
    }

    /// One's own sessions.
    pub fn sessions(&self) -> Result<StaffSessions, Error> {
        self.client.send(&Call::get("/api/v1/staff/sessions"))
    }

    /// Ends one of one's own sessions.
    pub fn end_session(&self, session_id: &str) -> Result<(), Error> {
        self.client.send(&Call::delete(format!("/api/v1/staff/sessions/{}", encode(session_id))))
    }

    /// How one's own second factor stands.
    pub fn factor(&self) -> Result<FactorView, Error> {
        self.client.send(&Call::get("/api/v1/staff/factor"))
    }

    /// Begins a second factor.
    pub fn begin_factor(&self, request: &BeginFactor) -> Result<FactorBegun, Error> {
        self.client.send(&Call::post("/api/v1/staff/factor", request)?.once())
    }

    /// Confirms it by its first code.
    pub fn confirm_factor(&self, request: &ConfirmFactor) -> Result<RecoveryCodes, Error> {
        self.client.send(&Call::post("/api/v1/staff/factor/confirm", request)?.once())
    }

    /// Makes new recovery codes in the place of the old ones.
    pub fn renew_recovery_codes(&self) -> Result<RecoveryCodes, Error> {
        self.client.send(&Call::post("/api/v1/staff/factor/recovery-codes", &())?.once())
    }

    /// One's own passkeys.
    pub fn passkeys(&self) -> Result<Passkeys, Error> {
        self.client.send(&Call::get("/api/v1/staff/passkeys"))
    }

    /// Begins a passkey.
    pub fn begin_passkey(&self, request: &BeginPasskey) -> Result<PasskeyBegun, Error> {
        self.client.send(&Call::post("/api/v1/staff/passkeys/begin", request)?.once())
    }

    /// Registers what a device made of it.
    pub fn register_passkey(&self, request: &RegisterPasskey) -> Result<PasskeyRegistered, Error> {
        self.client.send(&Call::post("/api/v1/staff/passkeys", request)?.once())
    }

    /// Removes one of one's own passkeys.
    pub fn remove_passkey(&self, passkey_id: &str) -> Result<(), Error> {
        self.client.send(&Call::delete(format!("/api/v1/staff/passkeys/{}", encode(passkey_id))))
    }

    /// What may be shown to [`Self::step_up`].
    pub fn challenge_step_up(&self) -> Result<FactorAsked, Error> {
        self.client.send(&Call::post("/api/v1/staff/sessions/current/step-up/challenge", &())?.once())
    }

    /// Disables another account.
    pub fn disable_staff(&self, staff_id: &str, request: &DecideOnStaff) -> Result<StaffView, Error> {
        self.decide(staff_id, "disable", request)
    }

    /// Enables another account.
    pub fn enable_staff(&self, staff_id: &str, request: &DecideOnStaff) -> Result<StaffView, Error> {
        self.decide(staff_id, "enable", request)
    }

    /// Takes the second factor from another account.
    pub fn reset_factor(&self, staff_id: &str, request: &DecideOnStaff) -> Result<StaffView, Error> {
        self.decide(staff_id, "factor/reset", request)
    }

    fn decide(&self, staff_id: &str, action: &str, request: &DecideOnStaff) -> Result<StaffView, Error> {
        self.client.send(&Call::post(format!("/api/v1/staff/{}/{action}", encode(staff_id)), request)?)
    }

    /// Registers an organisation.
    pub fn create_org(&self, request: &CreateOrg) -> Result<OrgView, Error> {
        self.client.send(&Call::post("/api/v1/orgs", request)?)
    }

    /// Registers organisations as rows of a file; good rows are kept, bad ones are named.
    pub fn register_orgs(&self, request: &RegisterOrgs) -> Result<BatchOutcome, Error> {
        self.client.send(&Call::post("/api/v1/orgs/rows", request)?.repeatable())
    }

    /// What [`Staff::register_orgs`] would do, without doing it.
    pub fn try_orgs(&self, request: &RegisterOrgs) -> Result<BatchOutcome, Error> {
        self.client.send(&Call::post("/api/v1/orgs/rows?dry_run=true", request)?.repeatable())
    }

    /// The organisations in sight.
    pub fn orgs(&self) -> Items<'_, OrgView> {
        self.client.list("/api/v1/orgs")
    }

    /// Adds a member of staff.
    pub fn create_staff(&self, request: &CreateStaff) -> Result<StaffCreated, Error> {
        self.client.send(&Call::post("/api/v1/staff", request)?)
    }

    /// The members of staff in sight.
    pub fn staff(&self) -> Items<'_, MemberView> {
        self.client.list("/api/v1/staff")
    }

    /// The catalogue of services.
    pub fn services(&self) -> Items<'_, ServiceView> {
        self.client.list("/api/v1/services")
    }

    /// Opens a service to a channel or terminal.
    pub fn create_opening(&self, request: &CreateOpening) -> Result<OpeningView, Error> {
        self.client.send(&Call::post("/api/v1/openings", request)?)
    }

    /// Opens services as rows of a file; good rows are kept, bad ones are named.
    pub fn open_services(&self, request: &OpenServices) -> Result<BatchOutcome, Error> {
        self.client.send(&Call::post("/api/v1/openings/rows", request)?.repeatable())
    }

    /// What [`Staff::open_services`] would do, without doing it.
    pub fn try_openings(&self, request: &OpenServices) -> Result<BatchOutcome, Error> {
        self.client.send(&Call::post("/api/v1/openings/rows?dry_run=true", request)?.repeatable())
    }

    /// The openings in sight.
    pub fn openings(&self) -> Items<'_, OpeningView> {
        self.client.list("/api/v1/openings")
    }

    /// Closes an opening.
    pub fn close_opening(&self, opening_id: &str, request: &CloseOpening) -> Result<OpeningView, Error> {
        self.client.send(&Call::post(format!("/api/v1/openings/{}/close", encode(opening_id)), request)?)
    }

    /// Registers a channel.
    pub fn create_channel(&self, request: &CreateChannel) -> Result<ChannelView, Error> {
        self.client.send(&Call::post("/api/v1/channels", request)?)
    }

    /// A channel as it is now.
    pub fn channel(&self, channel_id: &str) -> Result<ChannelView, Error> {
        self.client.send(&Call::get(format!("/api/v1/channels/{}", encode(channel_id))))
    }

    /// The channels in sight.
    pub fn channels(&self) -> Items<'_, ChannelView> {
        self.client.list("/api/v1/channels")
    }

    /// Moves a channel along its life, if it still has this version.
    pub fn act_on_channel(
        &self,
        channel_id: &str,
        version: i64,
        request: &ActOnChannel,
    ) -> Result<ChannelView, Error> {
        self.client.send(
            &Call::post(format!("/api/v1/channels/{}/actions", encode(channel_id)), request)?
                .if_match(version),
        )
    }

    /// Registers a key of a channel.
    pub fn add_channel_key(&self, channel_id: &str, request: &AddKey) -> Result<KeyView, Error> {
        self.client.send(&Call::post(format!("/api/v1/channels/{}/keys", encode(channel_id)), request)?)
    }

    /// Every parameter as it stands today, with the versions that wait or will begin.
    pub fn parameters(&self) -> Items<'_, ParameterView> {
        self.client.list("/api/v1/parameters")
    }

    /// A parameter with its whole history.
    pub fn parameter(&self, name: &str) -> Result<ParameterView, Error> {
        self.client.send(&Call::get(format!("/api/v1/parameters/{}", encode(name))))
    }

    /// Which channels another value of a parameter would have found in the last `months` closed months, 1 to 36.
    pub fn try_parameter(&self, name: &str, value: i64, months: u8) -> Result<TrialView, Error> {
        let (value, months) = (value.to_string(), months.to_string());
        let query = [("value", Some(value.as_str())), ("months", Some(months.as_str()))];
        self.client
            .send(&Call::get(with_query(&format!("/api/v1/parameters/{}/trial", encode(name)), &query)))
    }

    /// Proposes a version of a parameter.
    pub fn propose_parameter(
        &self,
        name: &str,
        request: &ProposeParameter,
    ) -> Result<ParameterVersionView, Error> {
        self.client.send(&Call::post(format!("/api/v1/parameters/{}/versions", encode(name)), request)?)
    }

    /// Approves or rejects a proposed version, if it still has this version.
    pub fn decide_parameter(
        &self,
        version_id: &str,
        version: i64,
        request: &DecideParameter,
    ) -> Result<ParameterVersionView, Error> {
        let path = format!("/api/v1/parameter-versions/{}/decision", encode(version_id));
        self.client.send(&Call::post(path, request)?.if_match(version))
    }

    /// Registers a terminal.
    pub fn create_terminal(&self, request: &CreateTerminal) -> Result<TerminalView, Error> {
        self.client.send(&Call::post("/api/v1/terminals", request)?)
    }

    /// Registers terminals as rows of a file; good rows are kept, bad ones are named.
    pub fn register_terminals(&self, request: &RegisterTerminals) -> Result<BatchOutcome, Error> {
        self.client.send(&Call::post("/api/v1/terminals/rows", request)?.repeatable())
    }

    /// What [`Staff::register_terminals`] would do, without doing it.
    pub fn try_terminals(&self, request: &RegisterTerminals) -> Result<BatchOutcome, Error> {
        self.client.send(&Call::post("/api/v1/terminals/rows?dry_run=true", request)?.repeatable())
    }

    /// The terminals in sight.
    pub fn terminals(&self) -> Items<'_, TerminalView> {
        self.client.list("/api/v1/terminals")
    }

    /// A terminal as it is now.
    pub fn terminal(&self, terminal_id: &str) -> Result<TerminalView, Error> {
        self.client.send(&Call::get(format!("/api/v1/terminals/{}", encode(terminal_id))))
    }

    /// Blocks or unblocks a terminal, if it still has this version.
    pub fn change_terminal_state(
        &self,
        terminal_id: &str,
        version: i64,
        request: &ChangeTerminalState,
    ) -> Result<TerminalView, Error> {
        self.client.send(
            &Call::post(format!("/api/v1/terminals/{}/state", encode(terminal_id)), request)?
                .if_match(version),
        )
    }

    /// Registers a key of a terminal.
    pub fn add_terminal_key(&self, terminal_id: &str, request: &AddKey) -> Result<KeyView, Error> {
        self.client.send(&Call::post(format!("/api/v1/terminals/{}/keys", encode(terminal_id)), request)?)
    }

    /// Rotates a data key of the platform.
    pub fn rotate_key(&self, request: &RotateKey) -> Result<KeyRotated, Error> {
        self.client.send(&Call::post("/api/v1/keys/rotate", request)?)
    }

    /// Revokes a key at once.
    pub fn revoke_key(&self, key_id: &str, request: &RevokeKey) -> Result<KeyView, Error> {
        self.client.send(&Call::post(format!("/api/v1/keys/{}/revoke", encode(key_id)), request)?)
    }

    /// The card with a number, or the cards of a holder; masked.
    pub fn find_cards(&self, request: &FindCard) -> Result<Page<CardView>, Error> {
        self.client.send(&Call::post("/api/v1/cards/search", request)?.repeatable())
    }

    /// A card, masked.
    pub fn card(&self, card_id: &str) -> Result<CardView, Error> {
        self.client.send(&Call::get(format!("/api/v1/cards/{}", encode(card_id))))
    }

    /// Changes the state of a card, if it still has this version.
    pub fn change_card_state(
        &self,
        card_id: &str,
        version: i64,
        request: &ChangeCardState,
    ) -> Result<CardView, Error> {
        self.client
            .send(&Call::post(format!("/api/v1/cards/{}/state", encode(card_id)), request)?.if_match(version))
    }

    /// Replaces a card, if it still has this version.
    pub fn replace_card(
        &self,
        card_id: &str,
        version: i64,
        request: &ReplaceCard,
    ) -> Result<CardView, Error> {
        self.client.send(
            &Call::post(format!("/api/v1/cards/{}/replace", encode(card_id)), request)?.if_match(version),
        )
    }

    /// The invalid list of a division and what lies within it.
    pub fn invalid_cards(&self, division: &str) -> Items<'_, InvalidCardView> {
        self.client.list(with_query("/api/v1/invalid-cards", &[("division", Some(division))]))
    }

    /// Announces a file of the registry, or finds the import it is already.
    pub fn start_import(&self, request: &StartImport) -> Result<ImportView, Error> {
        self.client.send(&Call::post("/api/v1/imports", request)?.repeatable())
    }

    /// Sends the next rows of an import. Rows that were sent before are recognised and change nothing.
    pub fn import_rows(&self, import_id: &str, rows: &ImportRows) -> Result<RowsImported, Error> {
        self.client
            .send(&Call::post(format!("/api/v1/imports/{}/rows", encode(import_id)), rows)?.repeatable())
    }

    /// How far an import has come.
    pub fn import(&self, import_id: &str) -> Result<ImportView, Error> {
        self.client.send(&Call::get(format!("/api/v1/imports/{}", encode(import_id))))
    }

    /// Cuts a business day.
    pub fn cut_day(&self, request: &CutDay) -> Result<DayCutView, Error> {
        self.client.send(&Call::post("/api/v1/settlement/day-cuts", request)?)
    }

    /// The settlement batches of a business day.
    pub fn batches(&self, business_on: &str) -> Items<'_, BatchView> {
        self.client.list(with_query("/api/v1/settlement/batches", &[("business_on", Some(business_on))]))
    }

    /// The day file of a batch.
    pub fn day_file(&self, batch_id: &str) -> Result<DayFile, Error> {
        self.client.send(&Call::get(format!("/api/v1/settlement/batches/{}/day-file", encode(batch_id))))
    }

    /// Registers a payee.
    pub fn create_payee(&self, request: &CreatePayee) -> Result<PayeeView, Error> {
        self.client.send(&Call::post("/api/v1/payees", request)?)
    }

    /// The payees in sight.
    pub fn payees(&self) -> Items<'_, PayeeView> {
        self.client.list("/api/v1/payees")
    }

    /// Recomputes every balance from the transfers.
    pub fn verify_ledger(&self) -> Result<LedgerVerified, Error> {
        self.client.send(&Call::post("/api/v1/ledger/verify", &())?.repeatable())
    }

    /// The accounts of the ledger.
    pub fn accounts(&self) -> Items<'_, AccountView> {
        self.client.list("/api/v1/ledger/accounts")
    }

    /// Sends a file of a matter: announces it, sends its parts in order and has it verified.
    pub fn upload(
        &self,
        matter_id: &str,
        purpose: &str,
        file_name: &str,
        content: &[u8],
    ) -> Result<AttachmentView, Error> {
        let announced = CreateAttachment {
            purpose: purpose.to_owned(),
            file_name: file_name.to_owned(),
            size: i64::try_from(content.len()).unwrap_or(i64::MAX),
            sm3: HEXLOWER.encode(&gm::sm3::digest(content)),
        };
        let path = format!("/api/v1/matters/{}/attachments", encode(matter_id));
        let file: AttachmentView = self.client.send(&Call::post(path, &announced)?.once())?;
        let path = format!("/api/v1/attachments/{}", encode(&file.attachment_id));
        let mut offset = 0;
        for part in content.chunks(PART) {
            let _: AttachmentView =
                self.client.send(&Call::put(format!("{path}/content?offset={offset}"), part))?;
            offset += part.len();
        }
        self.client.send(&Call::post(format!("{path}/complete"), &serde_json::Value::Null)?.once())
    }

    /// What the sandbox's clock says.
    pub fn clock(&self) -> Result<ClockView, Error> {
        self.client.send(&Call::get("/api/v1/clock"))
    }

    /// Moves the sandbox's business time forward.
    pub fn advance_clock(&self, request: &AdvanceClock) -> Result<ClockView, Error> {
        self.client.send(&Call::post("/api/v1/clock/advance", request)?.once())
    }

    /// Sends the events of a time to every endpoint of a channel again.
    pub fn replay_deliveries(
        &self,
        channel_id: &str,
        request: &ReplayDeliveries,
    ) -> Result<DeliveriesReplayed, Error> {
        let path = format!("/api/v1/channels/{}/deliveries/replay", encode(channel_id));
        self.client.send(&Call::post(path, request)?.once())
    }

    /// The newest signed head of the audit tree.
    pub fn audit_head(&self) -> Result<HeadView, Error> {
        self.client.send(&Call::get("/api/v1/audit/head"))
    }

    /// The audit log, line by line of the file that can be checked offline.
    pub fn export_audit(&self) -> Items<'_, ExportLine> {
        self.client.list("/api/v1/audit/export")
    }

    /// The records about one thing from `at` on (by default from when its id was made), each with its proof.
    pub fn audit_proofs(&self, object: &str, at: Option<&str>) -> Items<'_, ProofView> {
        self.client.list(with_query("/api/v1/audit/proofs", &[("object", Some(object)), ("at", at)]))
    }

    /// Puts on record that a file is made of a list.
    pub fn record_export(&self, request: &RecordExport) -> Result<ExportRecorded, Error> {
        self.client.send(&Call::post("/api/v1/audit/exports", request)?)
    }

    /// The channels above and below a channel.
    pub fn channel_levels(&self, channel_id: &str) -> Result<ChannelLevels, Error> {
        self.client.send(&Call::get(format!("/api/v1/channels/{}/levels", encode(channel_id))))
    }

    /// The numbers of the conditions of access, in force today.
    pub fn access_conditions(&self) -> Result<AccessConditions, Error> {
        self.client.send(&Call::get("/api/v1/parameters/access-conditions"))
    }
}
