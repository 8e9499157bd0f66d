on_both! {
    fn every_address_of_a_portal_begins_with_the_shell_under_a_policy_of_its_own(platform) {
        let mut policies = std::collections::BTreeSet::new();
        for path in ["/portal/", "/portal/channels/chn_1", "/sandbox/portal/", "/sandbox/portal/sign-in"] {
            let reply = platform.request("GET", path, &[], b"");
            assert!(reply.header("content-type").starts_with("text/html"), "{path}");
            assert_eq!(reply.header("cache-control"), "no-store");
            let policy = reply.header("content-security-policy").to_owned();
            assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
            assert!(!policy.contains("http:") && !policy.contains("https:") && !policy.contains("unsafe-eval"));
            assert!(policies.insert(policy), "a nonce is used once");
        }
    }

    fn a_file_that_the_build_did_not_make_is_not_the_shell(platform) {
        let reply = platform.request("GET", "/portal/assets/gone-12345678.js", &[], b"");
        assert_eq!((reply.status, reply.code().as_str()), (404, "resource.not_found"));
        assert_eq!(platform.request("GET", "/portal/%2e%2e/%2e%2e/Cargo.toml", &[], b"").header("cache-control"), "no-store");
    }
}
