//! What a stored key is for, which version it is, and what its state lets it do.
//!
//! Invariant: one function, one key (SE-2.5a): a key used for anything but its usage is refused before it is
//! unwrapped. Old versions open what they sealed and make nothing new. Key bytes are not here.

pub mod proof;

use crate::id::KeyId;
use crate::name::names;
use crate::refusal::refusals;
use crate::time::Timestamp;

refusals! {
    /// Why a key may not be used.
    Refusal {
        /// The key is for another purpose.
        Usage = "key.usage" ["SE-2.5a"] "密钥用途不符" "the key is for another purpose";
        /// Retired: it makes nothing new.
        Retired = "key.retired" "密钥已退役，不能用于新的运算" "the key is retired and makes nothing new";
        /// Revoked: it does nothing at all.
        Revoked = "key.revoked" ["CH-31.3"] "密钥已吊销" "the key is revoked";
        /// Two keys of this usage are valid already.
        Overlap = "key.overlap" "同一用途最多两个有效密钥，请先吊销旧密钥"
            "two keys of this usage are valid: revoke the old one first";
        /// A channel's key is changed by a matter.
        ByMatter = "key.by_matter" ["CH-26.2"] "生产渠道的密钥须由渠道所属单位通过密钥更换办件提交、经平台运营机构核对后启用；仅沙箱可直接登记"
            "a channel's key is filed by its owner in a key change and confirmed by the operator; only the sandbox registers one directly";
        /// The change of state does not exist.
        State = "key.state" "密钥状态不允许该操作" "the state of the key does not allow this";
    }
}

names! {
    /// What a key is for.
    KeyUsage {
        /// Wraps every other key.
        Master = "master",
        /// The platform's SM2 signature on answers, files and heads.
        Sign = "sign",
        /// The platform's SM2 key that envelopes are encrypted to.
        Encrypt = "encrypt",
        /// A caller's public key: verifies its requests.
        Caller = "caller",
        /// HMAC of caller and holder sessions.
        Mac = "mac",
        /// MAC of codes.
        CodeMac = "code_mac",
        /// Cipher of codes.
        CodeCipher = "code_cipher",
        /// Keyed index of personal data.
        BlindIndex = "blind_index",
        /// Keyed hash that places a person; never rotated.
        Shard = "shard",
        /// Cipher of personal data.
        PersonalData = "personal_data",
        /// Pepper of holders' passwords.
        PasswordPepper = "password_pepper",
        /// Token of a person in one channel.
        Pseudonym = "pseudonym",
        /// Commitments in audit leaves.
        AuditCommitment = "audit_commitment",
        /// Secret shared with a webhook's receiver.
        Webhook = "webhook",
    }
    /// What a key may still do.
    KeyState {
        /// Makes and checks.
        Active = "active",
        /// Superseded, in the overlap: the platform makes nothing new with it but a second signature beside that of the key
        /// after it, a caller may still sign with it.
        Retiring = "retiring",
        /// Checks and opens what it made.
        Retired = "retired",
        /// Does nothing.
        Revoked = "revoked",
    }
    /// What is done to a key.
    KeyAction {
        /// A new version takes its place; the overlap begins.
        Supersede = "supersede",
        /// The overlap is over.
        Retire = "retire",
        /// It is lost, leaked, or its owner was terminated.
        Revoke = "revoke",
    }
    /// What is done with a key.
    Use {
        /// Sign, seal, mint, index.
        Make = "make",
        /// Verify, open, look up.
        Check = "check",
        /// Authenticate a request that was just made by the key's owner.
        Authenticate = "authenticate",
    }
}

impl KeyUsage {
    /// Whether a new version may take the place of an old one. A shard must never move; a master key is changed
    /// by a ceremony that wraps everything anew.
    pub const fn is_rotatable(self) -> bool {
        !matches!(self, Self::Shard | Self::Master)
    }
}

impl KeyState {
    /// The state after `action`, if it may happen.
    pub const fn next(self, action: KeyAction) -> Option<Self> {
        match (self, action) {
            (Self::Active, KeyAction::Supersede) => Some(Self::Retiring),
            (Self::Active | Self::Retiring, KeyAction::Retire) => Some(Self::Retired),
            (Self::Active | Self::Retiring | Self::Retired, KeyAction::Revoke) => Some(Self::Revoked),
            (Self::Retiring | Self::Retired, KeyAction::Supersede)
            | (Self::Retired, KeyAction::Retire)
            | (Self::Revoked, KeyAction::Supersede | KeyAction::Retire | KeyAction::Revoke) => None,
        }
    }

    /// The state after `action` on a key of `usage`.
    pub fn act(self, usage: KeyUsage, action: KeyAction) -> Result<Self, Refusal> {
        if action == KeyAction::Supersede && !usage.is_rotatable() {
            return Err(Refusal::State);
        }
        self.next(action).ok_or(Refusal::State)
    }

    /// Whether a key in this state permits `wanted`.
    pub const fn permits(self, wanted: Use) -> Result<(), Refusal> {
        match (self, wanted) {
            (Self::Active, _)
            | (Self::Retiring, Use::Check | Use::Authenticate)
            | (Self::Retired, Use::Check) => Ok(()),
            (Self::Retiring, Use::Make) | (Self::Retired, Use::Make | Use::Authenticate) => {
                Err(Refusal::Retired)
            }
            (Self::Revoked, _) => Err(Refusal::Revoked),
        }
    }
}

/// A key as the platform speaks of it, without its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyRef {
    /// What it is for.
    pub usage: KeyUsage,
    /// Which version of that usage and owner, from 1.
    pub version: u32,
    /// What it may still do.
    pub state: KeyState,
}

impl KeyRef {
    /// Whether it may be used so. Refuses, in order: usage, state.
    pub fn permits(&self, usage: KeyUsage, wanted: Use) -> Result<(), Refusal> {
        if self.usage != usage {
            return Err(Refusal::Usage);
        }
        self.state.permits(wanted)
    }
}

/// A key of a caller as a rule looks at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which.
    pub id: KeyId,
    /// What it is for.
    pub usage: KeyUsage,
    /// What it may still do.
    pub state: KeyState,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// When it ended, or will; none while no end is set.
    pub ends_at: Option<Timestamp>,
}

impl Held {
    /// Whether its owner may still use it.
    pub fn works(&self) -> bool {
        self.state.permits(Use::Authenticate).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_ages_and_never_grows_young() {
        use KeyAction::{Retire, Revoke, Supersede};
        use KeyState::{Active, Retired, Retiring, Revoked};
        for (state, action, next) in [
            (Active, Supersede, Some(Retiring)),
            (Active, Retire, Some(Retired)),
            (Active, Revoke, Some(Revoked)),
            (Retiring, Supersede, None),
            (Retiring, Retire, Some(Retired)),
            (Retiring, Revoke, Some(Revoked)),
            (Retired, Supersede, None),
            (Retired, Retire, None),
            (Retired, Revoke, Some(Revoked)),
            (Revoked, Supersede, None),
            (Revoked, Retire, None),
            (Revoked, Revoke, None),
        ] {
            assert_eq!(state.next(action), next, "{state} {action}");
            assert_eq!(state.act(KeyUsage::Sign, action), next.ok_or(Refusal::State));
        }
    }

    #[test]
    fn each_state_permits_less() {
        use KeyState::{Active, Retired, Retiring, Revoked};
        for (state, make, check, authenticate) in [
            (Active, Ok(()), Ok(()), Ok(())),
            (Retiring, Err(Refusal::Retired), Ok(()), Ok(())),
            (Retired, Err(Refusal::Retired), Ok(()), Err(Refusal::Retired)),
            (Revoked, Err(Refusal::Revoked), Err(Refusal::Revoked), Err(Refusal::Revoked)),
        ] {
            assert_eq!(state.permits(Use::Make), make, "{state}");
            assert_eq!(state.permits(Use::Check), check, "{state}");
            assert_eq!(state.permits(Use::Authenticate), authenticate, "{state}");
        }
    }

    #[test]
    fn one_function_has_one_key() {
        let key = KeyRef { usage: KeyUsage::CodeMac, version: 1, state: KeyState::Revoked };
        assert_eq!(
            key.permits(KeyUsage::Mac, Use::Check),
            Err(Refusal::Usage),
            "the usage is looked at first"
        );
        assert_eq!(key.permits(KeyUsage::CodeMac, Use::Check), Err(Refusal::Revoked));
    }

    #[test]
    fn the_shard_key_is_never_rotated() {
        for usage in [KeyUsage::Shard, KeyUsage::Master] {
            assert_eq!(KeyState::Active.act(usage, KeyAction::Supersede), Err(Refusal::State));
        }
        assert!(KeyUsage::ALL.iter().filter(|usage| !usage.is_rotatable()).count() == 2);
    }
}
