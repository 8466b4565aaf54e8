//! Compiles the translations of `ui/lang` into the tables that `src/words` looks texts up in.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

use rspolib::pofile;

const FOLDER: &str = "ui/lang";

fn main() {
    println!("cargo::rerun-if-changed={FOLDER}");
    let mut tags: Vec<String> = fs::read_dir(FOLDER)
        .expect("ui/lang holds a folder for every language")
        .map(|entry| entry.expect("ui/lang can be listed").file_name().to_string_lossy().into_owned())
        .collect();
    // Indonesian first: whoever has no words of their own is understood in it.
    tags.sort_by_key(|tag| (tag != "id", tag.clone()));
    let mut code = String::from("static CATALOGUES: &[Catalogue] = &[\n");
    for tag in &tags {
        assert!(
            (2..=3).contains(&tag.len()) && tag.bytes().all(|letter| letter.is_ascii_lowercase()),
            "ui/lang/{tag}: a language is named by its ISO 639 code, two or three small letters"
        );
        let path = Path::new(FOLDER).join(tag).join("LC_MESSAGES/antrean-ui.po");
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(code, "Catalogue {{ tag: {tag:?}, texts: &{:?} }},", texts(&path)).expect("a string grows");
    }
    code.push_str("];\n");
    let out = env::var_os("OUT_DIR").expect("cargo gives a folder");
    fs::write(Path::new(&out).join("catalogues.rs"), code).expect("the folder can be written to");
}

/// The texts used in Rust: those without a context, sorted by their English. Texts of the screens have the
/// component's name for a context and are bundled by Slint.
fn texts(path: &Path) -> Vec<(String, String)> {
    let file = pofile(path.to_str().expect("a readable path"))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut texts: Vec<(String, String)> = file
        .entries
        .iter()
        .filter(|entry| entry.msgctxt.is_none() && !entry.msgid.is_empty())
        .filter_map(|entry| {
            Some((entry.msgid.clone(), entry.msgstr.clone().filter(|text| !text.is_empty())?))
        })
        .collect();
    texts.sort();
    for pair in texts.windows(2) {
        assert!(pair[0].0 != pair[1].0, "{}: {:?} stands there twice", path.display(), pair[0].0);
    }
    texts
}
