//! Rebuilds the gateway when the built UI changes, so that the embedded pages are never stale.

fn main() {
    println!("cargo:rerun-if-changed=../admin-ui/dist");
}
