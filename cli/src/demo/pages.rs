//! The pages of the demo's portal: where they are, and who signs in there.

use cns_conformance::Workbench;
use serde::Serialize;

use crate::output::{DIM, HEADING};
use crate::portal::{StaffLine, staff};

/// A page, or several.
#[derive(Serialize)]
pub(super) struct Page {
    url: String,
    about: String,
    staff: Vec<StaffLine>,
}

/// All of them, in the order of the story: codes are asked for, come, are used, and somebody looks back.
pub(super) fn of(workbench: &Workbench) -> Vec<Page> {
    let citizen = workbench.citizen();
    let with_card = format!(
        "with the card: the area of {} {}",
        citizen.given_name, citizen.surname
    );
    let anybody = workbench.welcome_address().port();
    let cards = workbench.portal_address().port();
    [
        (anybody, "", "what is running", None),
        (anybody, "desk", "the desk", Some("operator")),
        (anybody, "pin", "PIN and PUK online, a lost card", None),
        (anybody, "outbox", "what came to phones and mailboxes", None),
        (cards, "area", with_card.as_str(), None),
        (anybody, "audit", "who did what", Some("auditor")),
    ]
    .map(|(port, path, about, role)| Page {
        url: format!("https://localhost:{port}/{path}"),
        about: about.to_owned(),
        staff: staff()
            .into_iter()
            .filter(|member| Some(member.role) == role)
            .collect(),
    })
    .into()
}

/// A line for each; and how they are kept, if they are not.
pub(super) fn listing(pages: &[Page], are_kept: bool) -> String {
    let width = pages.iter().map(|page| page.url.len()).max();
    let width = width.unwrap_or_default();
    let mut heading = "pages";
    let mut lines: String = pages
        .iter()
        .map(|page| {
            let Page { url, about, staff } = page;
            let who = staff.iter();
            let who: Vec<String> = who
                .map(|member| format!("{} / {}", member.user, member.password))
                .collect();
            let line = format!("{HEADING}{heading:<7}{HEADING:#} {url:<width$}  {about}");
            heading = "";
            match who.is_empty() {
                true => line + "\n",
                false => format!("{line}: {}\n", who.join(", ")),
            }
        })
        .collect();
    if !are_kept {
        lines +=
            &format!("{DIM}        gone with the demo: `cns demo --keep` keeps them up{DIM:#}\n");
    }
    lines
}
