use crate::{bytes, hex_array};
use gm::{diversify, sm4};
use proptest::prelude::*;

const KEY: &str = "0123456789abcdeffedcba9876543210";

#[test]
fn sm4_gives_the_published_block() {
    let key = hex_array(KEY);
    assert_eq!(sm4::Key::new(&key).encrypt_block(key), hex_array("681edf34d206965e86b3e94f536e4246"));
}

#[test]
fn sm4_gives_the_published_block_after_a_million_rounds() {
    let key = hex_array(KEY);
    let cipher = sm4::Key::new(&key);
    let last = (0..1_000_000).fold(key, |block, _| cipher.encrypt_block(block));
    assert_eq!(last, hex_array("595298c7c6fd271f0402f804c33d3f66"));
}

#[test]
fn the_counter_is_the_whole_block_and_wraps() {
    let cipher = sm4::Key::new(&hex_array(KEY));
    let mut data = [0; 40];
    cipher.ctr(&[0xff; 16], &mut data);
    let mut one = [0; 16];
    one[15] = 1;
    let expected =
        [cipher.encrypt_block([0xff; 16]), cipher.encrypt_block([0; 16]), cipher.encrypt_block(one)];
    assert_eq!(data[..], expected.concat()[..40]);
}

#[test]
fn the_card_mac_always_pads() {
    let cipher = sm4::Key::new(&hex_array(KEY));
    let iv = [9; 16];
    let empty = std::array::from_fn(|index| iv[index] ^ if index == 0 { 0x80 } else { 0 });
    assert_eq!(cipher.cbc_mac(&iv, b""), cipher.encrypt_block(empty));
    let mut padded = b"message".to_vec();
    padded.push(0x80);
    assert_ne!(cipher.cbc_mac(&iv, b"message"), cipher.cbc_mac(&iv, &padded));
}

#[test]
fn the_check_value_is_the_head_of_the_zero_block() {
    let cipher = sm4::Key::new(&hex_array(KEY));
    assert_eq!(cipher.check_value()[..], cipher.encrypt_block([0; 16])[..3]);
}

#[test]
fn a_child_is_the_factor_and_its_complement_under_the_parent() {
    let parent = hex_array(KEY);
    let block = hex_array("1101010000000000eefefeffffffffff");
    let child = diversify::child(&parent, &hex_array("1101010000000000"));
    assert_eq!(*child.expose(), sm4::Key::new(&parent).encrypt_block(block));
}

fn factors() -> impl Strategy<Value = Vec<[u8; 8]>> {
    prop::collection::vec(any::<[u8; 8]>(), 0..9)
}

proptest! {
    #[test]
    fn counter_mode_undoes_itself(key: [u8; 16], iv: [u8; 16], data in bytes(0..100)) {
        let cipher = sm4::Key::new(&key);
        let mut twice = data.clone();
        cipher.ctr(&iv, &mut twice);
        cipher.ctr(&iv, &mut twice);
        prop_assert_eq!(twice, data);
    }

    #[test]
    fn a_path_is_its_levels_one_by_one(root: [u8; 16], factors in factors()) {
        let mut key = root;
        for factor in &factors {
            key = *diversify::child(&key, factor).expose();
        }
        prop_assert_eq!(*diversify::path(&root, &factors).expose(), key);
    }

    #[test]
    fn a_batch_is_its_children_one_by_one(parent: [u8; 16], factors in factors()) {
        let batch = diversify::batch(&parent, &factors);
        prop_assert_eq!(batch.len(), factors.len());
        for (child, factor) in batch.iter().zip(&factors) {
            prop_assert_eq!(*child.expose(), *diversify::child(&parent, factor).expose());
        }
    }
}
