//! The JSON schema of the config, as editors use it. That it has every key the reader asks for, and the
//! values that count where a file says nothing, is tested beside it (`src/config/schema.rs`).
#![allow(clippy::unwrap_used)]

use std::path::{Path, PathBuf};

use antrean::config::{SCHEMA, effective};
use antrean::queue::Language;
use serde_json::Value;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn schema() -> Value {
    serde_json::from_str(SCHEMA).unwrap()
}

fn validator() -> jsonschema::Validator {
    jsonschema::draft202012::new(&schema()).unwrap()
}

fn json(text: &str) -> Value {
    serde_json::to_value(text.parse::<toml::Table>().unwrap()).unwrap()
}

/// Every config of the repository.
fn files() -> Vec<PathBuf> {
    let samples = std::fs::read_dir(root().join("config/samples")).unwrap();
    let mut files: Vec<PathBuf> = samples.map(|entry| entry.unwrap().path()).collect();
    files.push(root().join("config/antrean.toml"));
    files
}

#[test]
fn the_schema_is_one() {
    assert!(jsonschema::meta::is_valid(&schema()));
}

#[test]
fn every_config_of_the_repository_is_as_the_schema_says_and_names_it() {
    let validator = validator();
    assert!(files().len() >= 3);
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let errors: Vec<String> = validator
            .iter_errors(&json(&text))
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
        let named = text.lines().next().and_then(|line| line.strip_prefix("#:schema ")).unwrap();
        let file = path.parent().unwrap().join(named);
        assert_eq!(std::fs::read_to_string(file).unwrap(), SCHEMA);
    }
}

#[test]
fn a_config_that_says_everything_is_as_the_schema_says() {
    for path in files() {
        let shown = effective(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let errors: Vec<String> =
            validator().iter_errors(&json(&shown)).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{}: {errors:#?}", path.display());
    }
}

/// Mistakes that can be seen without knowing the rest of the file.
#[test]
fn an_editor_sees_wrong_types_ranges_words_and_keys() {
    const OF_THE_FILE: &[&str] = &["range-no-show-never", "missing-service"];
    let validator = validator();
    let mut seen = 0;
    for entry in std::fs::read_dir(root().join("tests/broken")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let plain = [
            "type-",
            "range-",
            "unknown-",
            "missing-",
            "form-prefix",
            "form-port",
            "form-colour",
            "form-empty",
        ];
        let ours =
            path.extension().is_some_and(|it| it == "toml") && plain.iter().any(|it| name.starts_with(it));
        if !ours || OF_THE_FILE.contains(&name.as_str()) {
            continue;
        }
        let Ok(table) = std::fs::read_to_string(&path).unwrap().parse::<toml::Table>() else { continue };
        let value = serde_json::to_value(table).unwrap();
        assert!(!validator.is_valid(&value), "{name} passes the schema");
        seen += 1;
    }
    assert!(seen > 25, "{seen}");
    assert!(
        validator.is_valid(&json(&std::fs::read_to_string(root().join("tests/broken/good.toml")).unwrap()))
    );
}

#[test]
fn a_text_may_be_in_every_language_there_is() {
    let schema = schema();
    let languages = schema["$defs"]["text"]["oneOf"][1]["properties"].as_object().unwrap();
    for code in Language::codes() {
        assert!(
            languages.contains_key(code),
            "a new language needs a line in config/antrean.schema.json: {code}"
        );
    }
}

#[test]
fn every_key_is_explained() {
    fn visit(at: &str, value: &Value) {
        if let Some(properties) = value["properties"].as_object() {
            for (key, property) in properties {
                let plain = property["$ref"].as_str().is_some_and(|of| of.ends_with("/spans"));
                let said = property["description"].as_str().is_some_and(|text| text.len() > 5);
                assert!(said || plain, "{at}.{key} says nothing");
                visit(&format!("{at}.{key}"), property);
                visit(&format!("{at}.{key}"), &property["items"]);
            }
        }
    }
    visit("", &schema());
}

#[test]
fn the_program_prints_it() {
    let output =
        std::process::Command::new(env!("CARGO_BIN_EXE_antrean")).args(["config", "schema"]).output();
    assert_eq!(String::from_utf8(output.unwrap().stdout).unwrap(), SCHEMA);
    assert_eq!(std::fs::read_to_string(root().join("config/antrean.schema.json")).unwrap(), SCHEMA);
    assert!(Path::new(&root()).join("config/antrean.toml").exists());
}
