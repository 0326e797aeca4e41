//! Files that are written as a whole or not at all, and files that are named in the place of data of
//! ours.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::{Context as _, anyhow, bail};

/// Who may read a file: its owner alone, or everybody.
pub(crate) const PRIVATE: u32 = 0o600;
pub(crate) const PUBLIC: u32 = 0o644;

/// Refuses to overwrite what is there, unless it is asked to.
pub(crate) fn check_free(path: &Path, force: bool) -> anyhow::Result<()> {
    if path.exists() && !force {
        bail!(
            "{} is there already\nhint: --force overwrites it",
            path.display()
        );
    }
    Ok(())
}

/// Writes files with these permissions. All of them are written beside their places before the first
/// one takes its own.
pub(crate) fn write(files: &[(&Path, &str)], mode: u32) -> anyhow::Result<()> {
    let mut written = Vec::new();
    for (path, text) in files {
        let file = write_beside(path, text, mode)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        written.push((path, file));
    }
    for (path, file) in written {
        file.persist(path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
    }
    Ok(())
}

/// The name and text of a TOML file, if `name` is one's path and not a name of ours.
pub(crate) fn toml(name: &str) -> anyhow::Result<Option<(String, String)>> {
    let path = Path::new(name);
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Ok(None);
    }
    let id = path
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let text = fs::read_to_string(path).map_err(|error| {
        let path = path.display();
        anyhow!("{path} cannot be read: {error}\nhint: a name without .toml means one of ours")
    })?;
    Ok(Some((id, text)))
}

fn write_beside(path: &Path, text: &str, mode: u32) -> std::io::Result<tempfile::NamedTempFile> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        _ => Path::new("."),
    };
    // Asked for itself, because its error names the folder's fault and not a temporary file's.
    folder.metadata()?;
    let mut file = tempfile::Builder::new()
        .permissions(Permissions::from_mode(mode))
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}
