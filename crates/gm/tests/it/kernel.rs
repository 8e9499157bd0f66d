//! Agreement with the kernel's own signatures and encryption, which we replace by faster forms, and the
//! exceptional cases that a faster form gets wrong first.

use crate::bytes;
use gm::sm2::{DecryptingKey, Signature, SigningKey, VerifyingKey};
use proptest::prelude::*;
use sm2::{
    FieldBytes, Scalar,
    dsa::{
        self,
        signature::{Signer, Verifier},
    },
    elliptic_curve::{PrimeField, ops::Reduce},
    pke,
};

const ID: &str = "1234567812345678";

fn secret(scalar: Scalar) -> [u8; 32] {
    scalar.to_repr().into()
}

/// A number in range, with long runs of equal bits more often than chance has them.
fn scalars() -> impl Strategy<Value = Scalar> {
    let edge = (0..256_usize, any::<bool>()).prop_map(|(bit, negative)| {
        let mut bytes = [0; 32];
        bytes[bit / 8] = 1 << (bit % 8);
        let scalar = Scalar::reduce(&FieldBytes::from(bytes));
        if negative { -scalar } else { scalar }
    });
    let random = any::<[u8; 32]>().prop_map(|bytes| Scalar::reduce(&FieldBytes::from(bytes)));
    prop_oneof![edge, random]
        .prop_filter("a secret key", |scalar| SigningKey::from_bytes(&secret(*scalar)).is_ok())
}

#[test]
fn a_sum_at_infinity_is_refused() {
    // With r = e and s = -r d / (1 + d) the sum is the point at infinity, whose x must not count as zero.
    let d = Scalar::from(0x1234_5678_9abc_u64);
    let key = SigningKey::from_bytes(&secret(d)).unwrap();
    let z = {
        let point = key.verifying_key().to_sec1();
        let curve = crate::hex(
            "fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc\
             28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93\
             32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7\
             bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0",
        );
        gm::sm3::digest_parts(&[&[0, 0x80], ID.as_bytes(), &curve, &point[1..]])
    };
    let r = Scalar::reduce(&FieldBytes::from(gm::sm3::digest_parts(&[&z, b"message"])));
    let s = -(r * d) * (d + Scalar::ONE).invert().unwrap();
    let signature = Signature::from_slice(&[r.to_repr(), s.to_repr()].concat()).unwrap();
    assert!(key.verifying_key().verify(b"message", &signature).is_err());
    assert_eq!(VerifyingKey::verify_batch(&[(key.verifying_key(), b"message", &signature)]), [false]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn signatures_agree(secret in scalars().prop_map(secret), message in bytes(0..100)) {
        let ours = SigningKey::from_bytes(&secret).unwrap();
        let theirs = dsa::SigningKey::from_slice(ID, &secret).unwrap();
        let signature = dsa::Signature::from_slice(ours.sign(&message).as_bytes()).unwrap();
        prop_assert!(theirs.verifying_key().verify(&message, &signature).is_ok());
        let signature: dsa::Signature = theirs.sign(&message);
        let signature = Signature::from_slice(&signature.to_vec()).unwrap();
        prop_assert!(ours.verifying_key().verify(&message, &signature).is_ok());
        let shifted = Signature::from_slice(&[&signature.0[32..], &signature.0[..32]].concat()).unwrap();
        prop_assert!(ours.verifying_key().verify(&message, &shifted).is_err());
    }

    #[test]
    fn encryption_agrees(secret in scalars().prop_map(secret), message in bytes(1..100)) {
        let ours = DecryptingKey::from_bytes(&secret).unwrap();
        let theirs = pke::DecryptingKey::from_slice(&secret).unwrap();
        let ciphertext = ours.encrypting_key().encrypt(&message);
        prop_assert_eq!(theirs.decrypt(&ciphertext).unwrap(), message);
    }
}
