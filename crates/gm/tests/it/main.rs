//! Known answers, refusals, properties, and agreement with another implementation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, helpers included")]

mod cipher;
mod der;
mod encryption;
mod hash;
mod kernel;
mod openssl;
mod sealed;
mod self_test;
mod signature;

use proptest::prelude::*;
use std::ops::Range;

/// The bytes of a hexadecimal constant.
fn hex(digits: &str) -> Vec<u8> {
    let (pairs, []) = digits.as_bytes().as_chunks::<2>() else { panic!("an odd number of digits: {digits}") };
    pairs.iter().map(|pair| u8::from_str_radix(str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn hex_array<const N: usize>(digits: &str) -> [u8; N] {
    hex(digits).try_into().unwrap()
}

/// Any bytes of a length in the range.
fn bytes(length: Range<usize>) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), length)
}

/// The key pair of the examples in GB/T 32918.5.
const EXAMPLE_SECRET: &str = "3945208f7b2144b13f36e38ac6d39f95889393692860b51a42fb81ef4df7c5b8";
const EXAMPLE_PUBLIC: &str = "0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020\
                              ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13";

/// The order of the group, and the same less one.
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";
const ORDER_LESS_ONE: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54122";
const ORDER_LESS_TWO: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54121";
