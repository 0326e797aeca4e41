//! What is to go wrong.

use hyper::{Method, StatusCode};

use super::problem::Problem;
use super::route::{Nothing, Route};
use super::snapshots::Done;
use super::{BASE, Control};
use crate::fault::{FaultRule, PostedRule, RuleDraft};

pub(super) fn routes() -> Vec<Route> {
    let path = format!("{BASE}/faults");
    vec![
        Route::asking(
            &path,
            [
                "listFaults",
                "The rules in force, and how often each has struck",
            ],
            |control, _: Nothing| Ok(control.portal.faults.rules()),
        ),
        Route::ordering(
            (Method::POST, StatusCode::CREATED),
            &path,
            [
                "postFault",
                "Orders that something goes wrong: what, to whom, how often",
            ],
            post,
        ),
        Route::removing(
            &path,
            ["clearFaults", "Takes all rules away"],
            |control, _| {
                control.portal.faults.clear();
                Ok(Done { done: true })
            },
        ),
        Route::removing(
            &format!("{path}/{{id}}"),
            ["removeFault", "Takes a rule away"],
            |control, id| {
                let removed = control.portal.faults.remove(id.0);
                removed.ok_or_else(|| Problem::not_found(format!("there is no rule {}", id.0)))
            },
        ),
    ]
}

fn post(control: &Control, draft: RuleDraft) -> Result<PostedRule, Problem> {
    let rule =
        FaultRule::new(draft).map_err(|error| Problem::field(error.field, error.to_string()))?;
    if RULES_MAX <= control.portal.faults.rules().len() {
        let reason = format!("there are {RULES_MAX} rules already: take some away first");
        return Err(Problem::conflict("", reason));
    }
    Ok(control.portal.faults.post(rule))
}

/// Most rules at one time: each request looks at all of them.
const RULES_MAX: usize = 1_000;
