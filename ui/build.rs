//! Compiles the Slint sources into Rust.

fn main() {
    let config = slint_build::CompilerConfiguration::new();
    slint_build::compile_with_config("app.slint", config).expect("the Slint sources compile");
}
