//! The JSON schema of the config: for editors, and for the values that count where the file says nothing.

use serde_json::Value as Json;
use toml::{Table, Value};

/// JSON Schema, draft 2020-12.
pub const SCHEMA: &str = include_str!("../../config/antrean.schema.json");

/// What stands in place of a secret.
const SECRET: &str = "…";

/// The text of a config that is one with all that counts where it says nothing, as TOML. Secrets are not
/// shown: of a PIN or a token there is a hash, and not even that is anybody's business.
///
/// # Errors
/// It is no TOML.
pub fn effective(text: &str) -> Result<String, toml::de::Error> {
    let mut config: Table = text.parse()?;
    let schema: Json = serde_json::from_str(SCHEMA).expect("a test reads it");
    fill(&mut config, &schema, &schema, Show::Effective);
    Ok(config.to_string())
}

/// The same with its secrets: a config that says everything.
#[cfg(test)]
fn complete(text: &str) -> String {
    let mut config: Table = text.parse().expect("TOML");
    let schema: Json = serde_json::from_str(SCHEMA).expect("a test reads it");
    fill(&mut config, &schema, &schema, Show::Complete);
    config.to_string()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Show {
    Effective,
    #[cfg(test)]
    Complete,
}

/// Adds to a table what its schema says of keys that are not there.
fn fill(table: &mut Table, schema: &Json, whole: &Json, show: Show) {
    let Some(properties) = resolve(schema, whole)["properties"].as_object() else { return };
    for (key, property) in properties {
        let told = &property["default"];
        let property = resolve(property, whole);
        if property["writeOnly"] == true && show == Show::Effective {
            if let Some(value) = table.get_mut(key) {
                *value = Value::String(SECRET.to_owned());
            }
            continue;
        }
        // A section of which every key may be left out is there all the same.
        let section = property["properties"].is_object() && property["required"].is_null();
        if !table.contains_key(key) && section && has_defaults(property) {
            table.insert(key.clone(), Value::Table(Table::new()));
        }
        match table.get_mut(key) {
            Some(Value::Table(inner)) => fill(inner, property, whole, show),
            Some(Value::Array(items)) => {
                for item in items.iter_mut().filter_map(Value::as_table_mut) {
                    fill(item, &property["items"], whole, show);
                }
            }
            Some(_) => {}
            None => {
                if let Some(value) = Some(told).filter(|told| !told.is_null()) {
                    table.extend(Value::try_from(value).ok().map(|value| (key.clone(), value)));
                }
            }
        }
    }
}

fn has_defaults(section: &Json) -> bool {
    let properties = section["properties"].as_object().into_iter().flatten();
    properties.into_iter().any(|(_, property)| !property["default"].is_null())
}

/// A schema, or the one it points at.
fn resolve<'s>(schema: &'s Json, whole: &'s Json) -> &'s Json {
    let pointed = schema["$ref"].as_str().and_then(|path| whole.pointer(path.strip_prefix('#')?));
    pointed.unwrap_or(schema)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::collections::{BTreeMap, BTreeSet};

    use super::super::reader::asked_for;
    use super::super::{self as config, DEFAULT, Options};
    use super::*;

    /// The built-in config, and whatever else may stand in one.
    fn everything() -> String {
        let more = r##"
            [[staff]]
            id = "ani"
            name = "Ani"
            role = "clerk"
            pin_hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHQ$RdescudvJCsgt3ub+b2dWRWJTmaaL+P+nCvCOnRFg3k"

            [[api_token]]
            name = "portal"
            scopes = ["issue"]
            hash = "sha256:0000000000000000000000000000000000000000000000000000000000000000"
        "##;
        format!("{DEFAULT}\n{more}")
    }

    /// The tables of the reader by their names in messages, and their schemas.
    fn tables(schema: &Json) -> BTreeMap<String, BTreeSet<String>> {
        fn visit(at: &str, schema: &Json, found: &mut BTreeMap<String, BTreeSet<String>>) {
            for (key, property) in schema["properties"].as_object().into_iter().flatten() {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                let keys =
                    |schema: &Json| schema["properties"].as_object().unwrap().keys().cloned().collect();
                if property["properties"].is_object() {
                    found.insert(format!("[{path}]"), keys(property));
                    visit(&path, property, found);
                } else if property["items"]["properties"].is_object() {
                    found.insert(format!("[[{path}]]"), keys(&property["items"]));
                    visit(&path, &property["items"], found);
                }
            }
        }
        let mut found = BTreeMap::new();
        found.insert(String::new(), schema["properties"].as_object().unwrap().keys().cloned().collect());
        visit("", schema, &mut found);
        let named = |path: &str| schema.pointer(path).unwrap().as_object().unwrap().keys().cloned().collect();
        found.insert("[hours]".to_owned(), named("/$defs/hours/properties"));
        found.insert("a table of hours".to_owned(), named("/$defs/hours/properties"));
        found.insert("a text in two languages".to_owned(), named("/$defs/text/oneOf/1/properties"));
        found.insert("`tls`".to_owned(), named("/$defs/certificate/properties"));
        found
    }

    #[test]
    fn every_key_that_is_read_is_in_the_schema_and_every_key_of_the_schema_is_read() {
        let tls = "[web]\ntls = { certificate = \"a.pem\", key = \"a.key\" }";
        let own = DEFAULT.replacen(
            "accent = \"#2A57C1\"",
            "accent = \"#2A57C1\"\nhours = { mon = [\"08:00-09:00\"] }",
            1,
        );
        let asked = asked_for(|| {
            let _ = config::read("antrean.toml", &everything(), Options::default());
            let _ = config::read("antrean.toml", tls, Options::default());
            let _ = config::read("antrean.toml", &own, Options::default());
        });
        let calendars = ["[[holiday]]", "[[working_day]]", "[[period]]"];
        // The root of a calendar has no name either.
        let asked: BTreeMap<String, BTreeSet<String>> = asked
            .into_iter()
            .filter(|(table, _)| !calendars.contains(&table.as_str()))
            .map(|(table, mut keys)| {
                if table.is_empty() {
                    keys.retain(|key| !["holiday", "working_day", "period"].contains(&key.as_str()));
                }
                (table, keys)
            })
            .collect();
        let schema: Json = serde_json::from_str(SCHEMA).unwrap();
        assert_eq!(asked, tables(&schema));
    }

    #[test]
    fn what_counts_where_the_file_says_nothing_is_what_the_schema_says() {
        let text = everything();
        let said = config::read("antrean.toml", &text, Options::default()).unwrap();
        let complete = config::read("antrean.toml", &complete(&text), Options::default()).unwrap();
        let plain = |mut config: config::Config| {
            config.rules.hash = String::new();
            (config.warnings, config.source) = (None, Default::default());
            config
        };
        assert_eq!(plain(said), plain(complete));
    }

    #[test]
    fn no_secret_is_shown() {
        let shown = effective(&everything()).unwrap();
        assert!(shown.contains("pin_hash = \"…\"") && shown.contains("hash = \"…\""), "{shown}");
        assert!(!shown.contains("argon2id") && !shown.contains("sha256:"), "{shown}");
        assert!(shown.contains("undo_within_s = 15") && shown.contains("reading = \"digits\""), "{shown}");
    }
}
