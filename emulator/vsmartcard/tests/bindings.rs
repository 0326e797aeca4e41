//! The committed bindings are what bindgen makes of the installed headers today.
//!
//! Needs the feature `generate`, libclang and the headers; a normal build needs none of them.

use std::path::Path;
use std::{env, fs};

/// The command that this file's test tells people to run.
const REFRESH: &str =
    "BINDINGS=refresh cargo test -p vsmartcard --features generate --test bindings";

#[test]
fn committed_bindings_are_fresh() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let committed = package.join("src/driver/bindings.rs");
    let generated = generate(package);

    if env::var("BINDINGS").as_deref() == Ok("refresh") {
        fs::write(&committed, &generated).expect("the source folder can be written");
    }
    let found = fs::read_to_string(&committed).unwrap_or_default();
    assert!(
        found == generated,
        "{} is not what bindgen makes of the installed pcsc-lite headers. If the headers or \
         bindgen changed on purpose, refresh it and look at the difference:\n  {REFRESH}",
        committed.display(),
    );
}

fn generate(package: &Path) -> String {
    for (file, debian_package) in [
        ("/usr/include/PCSC/ifdhandler.h", "libpcsclite-dev"),
        ("/usr/include/PCSC/reader.h", "libpcsclite-dev"),
    ] {
        assert!(
            Path::new(file).exists(),
            "{file} is missing: install {debian_package}"
        );
    }
    bindgen::Builder::default()
        .header(package.join("wrapper.h").to_str().expect("a UTF-8 path"))
        // ifdhandler.h itself includes <pcsclite.h> without the folder.
        .clang_arg("-I/usr/include/PCSC")
        .dynamic_library_name("IfdHandlerLibrary")
        .dynamic_link_require_all(true) // a handler that lacks a function fails when it is loaded
        .allowlist_function("IFDH.*")
        .allowlist_type("PIN_(VERIFY|MODIFY|PROPERTIES)_STRUCTURE|PCSC_TLV_STRUCTURE")
        .allowlist_var("IFD_.*|TAG_IFD_.*|MAX_ATR_SIZE|FEATURE_.*|PCSCv2_PART10_PROPERTY_.*")
        // The headers' comments are not ours to copy, and differ between versions that agree.
        .generate_comments(false)
        // Sizes depend on the width of `long`; the committed file serves 32 and 64 bits.
        .layout_tests(false)
        .rust_target(bindgen::RustTarget::stable(85, 0).expect("edition 2024 began with it"))
        .rust_edition(bindgen::RustEdition::Edition2024)
        .rustfmt_configuration_file(Some(package.join("../../rustfmt.toml")))
        .raw_line("//! The interface of pcsc-lite's IFD handlers as C sees it: raw, unsafe, as is.")
        .raw_line("//!")
        .raw_line("//! What the names mean is told in pcsc-lite's `ifdhandler.h` and `reader.h`.")
        .raw_line("")
        .raw_line("#![allow(")
        .raw_line("    missing_docs,")
        .raw_line("    non_camel_case_types,")
        .raw_line("    non_snake_case,")
        .raw_line("    non_upper_case_globals,")
        .raw_line("    unsafe_op_in_unsafe_fn,")
        .raw_line("    clippy::all")
        .raw_line(")]")
        .raw_line("")
        .raw_line("// Made by bindgen from wrapper.h; tests/bindings.rs refreshes and checks it.")
        .disable_header_comment()
        .generate()
        .expect("bindgen reads the headers; it needs libclang: install libclang-dev")
        .to_string()
}
