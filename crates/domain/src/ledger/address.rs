//! Ids that say where their rows are, so that no look-up table stands between an event and its accounts.
//!
//! ```text
//! account   shard 2 ‖ kind 1 ‖ the last 13 bytes of the owner's id
//! transfer  bucket 4 ‖ shard 2 ‖ SM3 of the event, cut to 10
//! ```
//!
//! **Invariant.** The same owner, kind and shard are the same account, and the same event is the same transfer:
//! an account is opened by its first use and an event that is told twice moves money once.

use super::AccountKind;
use crate::id::{AccountId, TransferId};
use crate::identity::Shard;

/// The owner of the platform's own accounts.
pub const PLATFORM: [u8; 16] = [0; 16];

/// The account of this kind that `owner` has in `shard`.
pub fn account(shard: Shard, kind: AccountKind, owner: &[u8; 16]) -> AccountId {
    let mut id = [0; 16];
    id[..2].copy_from_slice(&shard.get().to_be_bytes());
    id[2] = number(kind);
    id[3..].copy_from_slice(&owner[3..]);
    AccountId::from_bytes(id)
}

/// The shard an account lives in.
pub const fn shard_of(account: AccountId) -> u16 {
    let id = account.as_bytes();
    u16::from_be_bytes([id[0], id[1]])
}

/// What an account is for, if its id is one of ours.
pub fn kind_of(account: AccountId) -> Option<AccountKind> {
    AccountKind::ALL.get(usize::from(account.as_bytes()[2])).copied()
}

/// The transfer that books `event`, filed with the row the event belongs to.
pub fn transfer(bucket: u32, shard: u16, event: &[&[u8]]) -> TransferId {
    let mut id = [0; 16];
    id[..4].copy_from_slice(&bucket.to_be_bytes());
    id[4..6].copy_from_slice(&shard.to_be_bytes());
    id[6..].copy_from_slice(&gm::sm3::digest_parts(event)[..10]);
    TransferId::from_bytes(id)
}

/// Where a transfer is filed: its bucket and shard.
pub const fn filed_under(transfer: TransferId) -> (u32, u16) {
    let id = transfer.as_bytes();
    (u32::from_be_bytes([id[0], id[1], id[2], id[3]]), u16::from_be_bytes([id[4], id[5]]))
}

fn number(kind: AccountKind) -> u8 {
    let place = AccountKind::ALL.iter().position(|other| *other == kind);
    place.and_then(|place| u8::try_from(place).ok()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_says_its_shard_and_kind_and_differs_from_every_neighbour() {
        let shard = Shard::new(1023).unwrap();
        let mut seen = std::collections::BTreeSet::new();
        for kind in AccountKind::ALL.iter().copied() {
            for owner in [[1; 16], [2; 16]] {
                let id = account(shard, kind, &owner);
                assert_eq!((shard_of(id), kind_of(id)), (1023, Some(kind)));
                assert!(seen.insert(id));
            }
        }
    }

    #[test]
    fn a_transfer_is_filed_with_its_event() {
        let id = transfer(7, 9, &[b"pay", b"1"]);
        assert_eq!(filed_under(id), (7, 9));
        assert_eq!(id, transfer(7, 9, &[b"pay", b"1"]));
        assert_ne!(id, transfer(7, 9, &[b"pay", b"2"]));
    }
}
