//! What a run says when it has ended: one model, and each report a way to write it.
//!
//! | report | for | file |
//! |---|---|---|
//! | `run.json` | machines, `cns conform diff`, `--rerun-failed` | [`model`], written by [`saved`] |
//! | text | people at a terminal | [`text`] |
//! | JUnit XML | CI servers | [`junit`] |
//! | HTML | people who look for the reason | [`html`] |
//! | Markdown | the comment at a pull request | [`markdown`] |
//! | coverage | which clauses are judged, and which are not | [`coverage`] |
//! | difference | two runs, case by case | [`diff`] |

pub mod coverage;
pub mod diff;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod model;
pub mod saved;
pub mod text;

mod mask;
mod recorder;
mod transcript;

pub use coverage::Coverage;
pub use diff::Comparison;
pub use model::{Counts, Ending, ResultEntry, RunReport, Standing};
pub use recorder::{Circumstances, Recorder, flaky};
pub use saved::Saved;
