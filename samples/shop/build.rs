//! The migrations are compiled into the binary: a change to them rebuilds it.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
