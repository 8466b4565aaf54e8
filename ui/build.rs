//! Compiles the Slint sources into Rust, with fonts, pictures and translations inside.

fn main() {
    let config = slint_build::CompilerConfiguration::new()
        .embed_resources(slint_build::EmbedResourcesKind::EmbedFiles)
        .with_bundled_translations("lang")
        // Tests find elements by what a person reads only with this; a release carries none of it.
        .with_debug_info(std::env::var("PROFILE").as_deref() == Ok("debug"));
    slint_build::compile_with_config("app.slint", config).expect("the Slint sources compile");
}
