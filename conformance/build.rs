//! Data are compiled into the library; the compiler does not see by itself when a file is added.

fn main() {
    println!("cargo::rerun-if-changed=data");
}
