on_both! {
    fn a_supervisor_learns_whether_the_server_runs_and_can_serve(platform) {
        assert_eq!(platform.request("GET", "/livez", &[], b"").status, 204);
        let ready = platform.request("GET", "/readyz", &[], b"");
        assert_eq!((ready.status, ready.json()["ready"].as_bool()), (200, Some(true)));
        assert_eq!(platform.request("GET", "/version", &[], b"").json()["name"], "ykt");
    }

    fn what_does_not_exist_is_a_problem_like_any_other(platform) {
        let reply = platform.request("GET", "/api/v1/nothing", &[("accept-language", "en")], b"");
        assert_eq!((reply.status, reply.code().as_str()), (404, "resource.not_found"));
        assert_eq!(reply.header("content-type"), "application/problem+json");
        assert_eq!(reply.json()["title"], "not found");
        assert_eq!(reply.json()["request_id"], reply.header("x-request-id"));
        assert_eq!(platform.request("PUT", "/api/v1/keys", &[], b"").code(), "request.method");
    }
}
