//! Where the `type` of a problem leads to.

on_both! {
    fn the_type_of_a_problem_leads_to_the_row_of_its_code(platform) {
        for (method, path) in [("GET", "/api/v1/nothing"), ("GET", "/sandbox/api/v1/channels"), ("DELETE", "/healthz")] {
            let problem = platform.request(method, path, &[], b"").json();
            let (page, code) = problem["type"].as_str().unwrap().split_once('#').unwrap();
            assert_eq!(problem["code"], code, "{problem}");
            let reply = platform.request("GET", page, &[], b"");
            let text = String::from_utf8_lossy(&reply.body);
            assert_eq!((reply.status, reply.header("content-type")), (200, "text/html; charset=utf-8"));
            assert!(text.contains(&format!("<tr id=\"{code}\">")), "{code} has no row");
            let policy = reply.header("content-security-policy").to_owned();
            let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0;
            assert!(policy.contains("default-src 'none'") && text.contains(&format!("nonce=\"{nonce}\"")));
        }
    }
}
