//! Rate limits of single operations, and the rates of the providers.

use std::{collections::BTreeMap, io, time::Duration};

use chat_sessions_sandbox::{Operation, Provider, RateLimit, Sandbox};

use crate::support::{call_all, script, start};

/// How many of these requests are refused, by operation.
fn refusals(sandbox: &Sandbox, provider: Provider, times: usize) -> io::Result<BTreeMap<Operation, usize>> {
    let mut refused = BTreeMap::new();
    for _ in 0..times {
        for (operation, reply) in call_all(sandbox, provider)? {
            let is_refused = reply.status == 429 || reply.json()["code"] == "0429";
            *refused.entry(operation).or_insert(0) += usize::from(is_refused);
        }
    }
    Ok(refused)
}

#[test]
fn each_operation_has_its_own_rate_limit_beside_the_one_for_all() -> io::Result<()> {
    let sandbox = start(Sandbox::builder())?;
    let long = Duration::from_secs(600);
    let provider = Provider::LlamaCloud;
    sandbox.rate_limit_operation(provider, Operation::SessionDetail, RateLimit::new(2, long));
    script(
        &sandbox,
        "/__sandbox/rate-limit",
        r#"{"provider": "llama-cloud", "operation": "scopes", "requests": 1, "window_ms": 600000}"#,
    )?;
    let refused = refusals(&sandbox, provider, 3)?.into_values().collect::<Vec<_>>();
    assert_eq!(refused, [0, 1, 0, 2]);
    // A request that its operation's limit refuses does not count for the other limit.
    sandbox.rate_limit(provider, RateLimit::new(3, long));
    let refused = refusals(&sandbox, provider, 2)?.into_values().collect::<Vec<_>>();
    assert_eq!(refused, [0, 2, 1, 2]);
    sandbox.clear_rate_limits();
    assert!(
        refusals(&sandbox, provider, 3)?
            .into_values()
            .all(|refused| refused == 0)
    );
    Ok(())
}

/// More requests than any of the rates allows for the time that the test takes on a slow machine.
#[test]
fn the_providers_rates_are_enforced_on_request() -> io::Result<()> {
    for by_script in [false, true] {
        let sandbox = start(if by_script {
            Sandbox::builder()
        } else {
            Sandbox::builder().enforce_rates()
        })?;
        if by_script {
            script(&sandbox, "/__sandbox/enforce-rates", "{}")?;
        }
        refusals(&sandbox, Provider::MemoriesAi, 60)?;
        let requests = sandbox.requests();
        let arrivals = |wanted| {
            let of_operation = requests.iter().filter(move |request| request.operation == Some(wanted));
            of_operation.map(|request| request.arrived).collect::<Vec<_>>()
        };
        let counters = sandbox.counters(Provider::MemoriesAi);
        // The sandbox's own clock says how many requests the rates admitted, whatever the speed.
        let admitted = |operation, per_second: usize| {
            let mut admitted: Vec<Duration> = Vec::new();
            for arrival in arrivals(operation) {
                let recent = admitted
                    .iter()
                    .filter(|earlier| arrival - **earlier < Duration::from_secs(1))
                    .count();
                if recent < per_second {
                    admitted.push(arrival);
                }
            }
            admitted.len()
        };
        let expected = admitted(Operation::ListSessions, 5)
            + admitted(Operation::SessionDetail, 1)
            + admitted(Operation::Scopes, 1);
        assert_eq!(counters.requests - counters.refused, expected as u64);
        assert!(
            refusals(&sandbox, Provider::LlamaCloud, 5)?
                .into_values()
                .all(|refused| refused == 0)
        );
    }
    Ok(())
}
