#[test]
fn the_power_on_self_test_passes() {
    assert_eq!(gm::self_test(), Ok(()));
}
