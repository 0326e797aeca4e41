//! The credential desk, for operators.

use hyper::header::HeaderMap;

use super::answer::Answer;
use super::reception::{Reception, SignedIn};
use super::visit::Visit;

/// The desk. The cookie opens or ends a session.
pub(crate) fn answer(
    visit: &Visit<'_>,
    signed_in: Option<SignedIn>,
    headers: &HeaderMap,
    reception: &Reception,
) -> (Answer, Option<String>) {
    let _ = (
        visit,
        signed_in.and_then(|it| it.operator()),
        headers,
        &reception.sessions,
    );
    (Answer::Absent, None)
}
