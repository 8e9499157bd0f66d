//! What a process tells of itself: how requests were answered, what waits, when its duties were done; and of nobody anything.

use crate::harness::Platform;
use crate::qr::scene::{counter, identity};
use crate::tool::needed;
use sdk::client::Acceptance;
use server::metrics::render;
use std::io::Write;
use std::process::{Command, Stdio};
use store::db::Engine;

/// The lines of a metric.
fn lines<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    text.lines().filter(|line| line.split(['{', ' ']).next() == Some(name)).collect()
}

/// The value of the only line of a metric that has these labels.
fn value(text: &str, name: &str, labels: &[&str]) -> f64 {
    let found: Vec<_> = lines(text, name)
        .into_iter()
        .filter(|line| labels.iter().all(|label| line.contains(label)))
        .collect();
    let [line] = found[..] else { panic!("{name} {labels:?}: {found:?}") };
    line.rsplit(' ').next().unwrap().parse().unwrap()
}

const COUNT: &str = "ykt_http_request_duration_seconds_count";

on_both! {
    fn answers_are_counted_by_route_and_by_nothing_that_a_request_says(platform) {
        let scene = counter(platform);
        let worlds = &platform.worlds;
        let told = || platform.block_on(render(worlds)).unwrap();
        let scans = [r#"route="/api/v1/verifications""#, r#"world="production""#];
        scene.scan().unwrap();
        let code = scene.code();
        scene.terminal.verify_code(&identity(&code, "one")).unwrap();
        scene.terminal.verify_code(&identity(&code, "two")).unwrap_err();
        let text = told();
        assert!((value(&text, COUNT, &[scans[0], scans[1], r#"status="2xx""#]) - 2.0).abs() < 0.1);
        assert!((value(&text, COUNT, &[scans[0], scans[1], r#"status="4xx""#]) - 1.0).abs() < 0.1);
        assert!(lines(&text, COUNT).iter().any(|line| line.contains("/api/v1/ecards/{binding_id}/codes")));
        let within = [scans[0], scans[1], r#"status="2xx""#, r#"le="60.0""#];
        assert!((value(&text, "ykt_http_request_duration_seconds_bucket", &within) - 2.0).abs() < 0.1);
        assert!(!text.contains(&scene.holder.binding_id), "no series is about a holder");

        let series = lines(&text, COUNT).len();
        platform.request("OPTIONS", "/api/v1/verifications", &[], &[]);
        platform.request("GET", "/api/v1/nowhere", &[], &[]);
        for name in ["one", "two"] {
            platform.request("GET", &format!("/api/v1/ecards/{name}"), &[], &[]);
        }
        platform.request("GET", "/sandbox/api/v1/ecards/three", &[], &[]);
        let text = told();
        assert_eq!(lines(&text, COUNT).len(), series + 2, "a route of each world, whatever was asked of it");
        let refused = [r#"route="/api/v1/ecards/{binding_id}""#, r#"status="4xx""#, r#"world="production""#];
        assert!((value(&text, COUNT, &refused) - 2.0).abs() < 0.1);
        assert!(value(&text, "ykt_http_requests_active", &[]).abs() < 0.1);
    }

    fn a_world_tells_its_jobs_its_duties_and_whether_its_database_answers(platform) {
        let failed = crate::job::failed(platform, "nobody");
        platform.world().duties().take_up("audit", std::time::Duration::from_secs(1));
        let text = platform.block_on(render(&platform.worlds)).unwrap();
        for world in [r#"world="production""#, r#"world="sandbox""#] {
            assert!((value(&text, "ykt_database_up", &[world]) - 1.0).abs() < 0.1);
        }
        assert!((lines(&text, "ykt_jobs_failed")[0].ends_with(" 1.0")), "{failed}: {text}");
        assert!((value(&text, "ykt_duty_period_seconds", &[r#"duty="audit""#]) - 1.0).abs() < 0.1);
        assert!(lines(&text, "ykt_duty_last_failure_timestamp_seconds").is_empty());
        assert!(value(&text, "process_resident_memory_bytes", &[]) > 1e6);
        assert!(value(&text, "process_cpu_seconds_total", &[]) > 0.0);
        assert!(value(&text, "process_open_fds", &[]) > 0.0);
    }
}

/// The reader of Prometheus's own client takes every line.
#[test]
fn what_is_told_is_read_by_another_implementation() {
    let Some(python) = needed("YKT_TEST_PROMETHEUS") else { return };
    Platform::run(Engine::Sqlite, |platform| {
        counter(platform).scan().unwrap();
        let text = platform.block_on(render(&platform.worlds)).unwrap();
        let script = "import sys\n\
            from prometheus_client.openmetrics.parser import text_string_to_metric_families as read\n\
            found = {family.name: family for family in read(sys.stdin.read())}\n\
            print(found['ykt_http_request_duration_seconds'].type, found['ykt_build'].samples[0].value)";
        let mut reader = Command::new(python)
            .args(["-c", script])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        reader.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        let output = reader.wait_with_output().unwrap();
        assert!(output.status.success(), "{text}");
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "histogram 1");
    });
}

/// Callers of the API do not reach them.
#[test]
fn they_are_told_on_their_own_address_only() {
    Platform::run(Engine::Sqlite, |platform| {
        assert_eq!(platform.request("GET", "/metrics", &[], &[]).status, 404);
        let url = platform.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let url = format!("http://{}", listener.local_addr().unwrap());
            let router = server::metrics::router(&platform.worlds);
            tokio::spawn(async move { axum::serve(listener, router).await });
            url
        });
        let told = ureq::get(format!("{url}/metrics")).call().unwrap();
        assert!(told.headers()["content-type"].to_str().unwrap().starts_with("application/openmetrics-text"));
        let nothing = ureq::get(format!("{url}/api/v1/keys")).call().unwrap_err();
        assert!(nothing.to_string().contains("404"), "{nothing}");
    });
}
