//! The judges that `cargo xtask setup` installs.

use std::path::Path;
use std::process::{Command, Output};

/// Runs a program of the judges' environment in `folder`, with these arguments.
pub(crate) fn judge<'a>(
    program: &str,
    folder: &Path,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Output {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../target/judges/bin")
        .join(program);
    let judged = Command::new(&path)
        .args(arguments)
        .current_dir(folder)
        .output();
    judged.unwrap_or_else(|error| {
        panic!(
            "{} cannot be run: {error}\nhint: cargo xtask setup",
            path.display()
        )
    })
}
