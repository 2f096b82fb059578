//! Faults that are sent at random.

use std::{collections::BTreeMap, io};

use chat_sessions_sandbox::{Fault, Provider, Sandbox};

use crate::support::{list_llama_cloud, list_memories_ai, script, send, start};

/// The statuses of this many requests to LlamaCloud.
fn statuses(sandbox: &Sandbox, count: usize) -> io::Result<Vec<u16>> {
    (0..count)
        .map(|_| list_llama_cloud(sandbox, "").map(|reply| reply.status))
        .collect()
}

fn faults() -> Vec<Fault> {
    [500, 503, 503].map(Fault::status).to_vec()
}

#[test]
fn the_probability_decides_how_many_requests_get_a_fault() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.chance(Provider::LlamaCloud, 0.3, faults(), 7);
    let mut counts = BTreeMap::new();
    for status in statuses(&sandbox, 1000)? {
        *counts.entry(status).or_insert(0) += 1;
    }
    // The seed fixes these numbers. The bounds show what they mean.
    assert!((650..750).contains(&counts[&200]), "{counts:?}");
    assert!((70..130).contains(&counts[&500]), "{counts:?}");
    assert!(
        (150..250).contains(&counts[&503]),
        "a fault that occurs twice is twice as likely: {counts:?}"
    );
    assert_eq!(list_memories_ai(&sandbox, "unique_id=default")?.json()["code"], "0000");
    Ok(())
}

#[test]
fn the_seed_decides_which_requests_get_a_fault_in_code_and_in_scripts() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let mut runs = Vec::new();
    for seed in [7, 7, 8] {
        sandbox.chance(Provider::LlamaCloud, 0.5, faults(), seed);
        runs.push(statuses(&sandbox, 64)?);
    }
    let json = r#"{"provider": "llama-cloud", "probability": 0.5, "seed": 7, "faults": [
        {"fault": "status", "status": 500}, {"fault": "status", "status": 503}, {"fault": "status", "status": 503}]}"#;
    script(&sandbox, "/__sandbox/chance", json)?;
    runs.push(statuses(&sandbox, 64)?);
    assert_eq!(runs[0], runs[1]);
    assert_ne!(runs[0], runs[2]);
    assert_eq!(runs[0], runs[3]);
    Ok(())
}

#[test]
fn queued_faults_come_first_and_permanent_faults_last() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    sandbox.chance(Provider::LlamaCloud, 1.0, vec![Fault::status(503)], 1);
    sandbox.always(Provider::LlamaCloud, Fault::status(404));
    sandbox.next(Provider::LlamaCloud, Fault::status(500));
    assert_eq!(statuses(&sandbox, 3)?, [500, 503, 503]);
    for probability in [0.0, -1.0, f64::NAN] {
        sandbox.chance(Provider::LlamaCloud, probability, vec![Fault::status(503)], 1);
        assert_eq!(statuses(&sandbox, 3)?, [404; 3], "{probability}");
    }
    sandbox.chance(Provider::LlamaCloud, 1.0, vec![Fault::status(503).on_pages(2..)], 1);
    assert_eq!(statuses(&sandbox, 2)?, [404; 2], "the fault applies to other pages");
    sandbox.chance(Provider::LlamaCloud, 1.0, Vec::new(), 1);
    assert_eq!(statuses(&sandbox, 2)?, [404; 2], "there are no faults");
    sandbox.chance(Provider::LlamaCloud, 2.0, vec![Fault::status(503)], 1);
    assert_eq!(statuses(&sandbox, 2)?, [503; 2]);
    sandbox.clear_faults();
    assert_eq!(statuses(&sandbox, 2)?, [200; 2]);
    Ok(())
}

#[test]
fn a_wrong_script_is_rejected_with_the_reason() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    for (json, reason) in [
        (
            r#"{"provider": "llama-cloud", "probability": 1.5, "faults": [{"fault": "ordinary"}]}"#,
            "between 0 and 1",
        ),
        (
            r#"{"provider": "llama-cloud", "probability": 0.5, "faults": []}"#,
            "must not be empty",
        ),
        (
            r#"{"provider": "llama-cloud", "probability": 0.5, "faults": [{"fault": "gremlin"}]}"#,
            "gremlin",
        ),
        (
            r#"{"provider": "llama-cloud", "probability": 0.5, "faults": [{"fault": "ordinary", "times": 2}]}"#,
            "times",
        ),
        (
            r#"{"provider": "llama-cloud", "faults": [{"fault": "ordinary"}]}"#,
            "probability",
        ),
    ] {
        let headers = [("content-type", "application/json")];
        let reply = send(&sandbox, "POST", "/__sandbox/chance", &headers, json)?;
        assert_eq!(reply.status, 400, "{json}");
        let error = reply.json()["error"].as_str().unwrap_or_default().to_owned();
        assert!(error.contains(reason), "{json}: {error}");
    }
    assert_eq!(statuses(&sandbox, 1)?, [200]);
    Ok(())
}
