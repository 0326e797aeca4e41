//! What was asked for, at any listener.

use std::sync::Arc;

use super::journal::Count;
use super::near_miss::NearMiss;
use super::problem::Problem;
use super::request_criteria::RequestCriteria;
use super::route::{Nothing, Route};
use super::{BASE, Control};
use crate::journal::RequestRecord;

pub(super) fn routes() -> Vec<Route> {
    let path = |rest: &str| format!("{BASE}/journal/requests{rest}");
    vec![
        Route::asking(
            &path(""),
            [
                "readRequests",
                "The requests at every listener but this, the oldest answer first",
            ],
            |control, _: Nothing| Ok(control.portal.journal.requests()),
        ),
        Route::asking(
            &path("/count"),
            ["countRequests", "How many requests are what is looked for"],
            |control, criteria: RequestCriteria| {
                let memory = control.portal.journal.snapshot();
                let requests = memory.requests.iter();
                Ok(Count {
                    count: requests.filter(|it| criteria.hold(it)).count(),
                    forgotten: memory.forgotten.requests,
                })
            },
        ),
        Route::asking(
            &path("/find"),
            ["searchRequests", "The requests that are what is looked for"],
            found,
        ),
        Route::asking(
            &path("/near-misses"),
            [
                "nearRequests",
                "The requests that are almost what is looked for, and why not quite",
            ],
            near_misses,
        ),
    ]
}

fn found(control: &Control, criteria: RequestCriteria) -> Result<Vec<RequestRecord>, Problem> {
    let requests = control.portal.journal.snapshot().requests.into_iter();
    let found = requests.filter(|request| criteria.hold(request));
    Ok(found.map(Arc::unwrap_or_clone).collect())
}

fn near_misses(control: &Control, criteria: RequestCriteria) -> Result<Vec<NearMiss>, Problem> {
    let requests = control.portal.journal.snapshot().requests;
    Ok(criteria.near_misses(requests.iter().map(|request| &**request)))
}
