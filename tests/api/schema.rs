//! Reading the OpenAPI document, and holding a value against it.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

/// The document of a server.
pub fn document() -> Value {
    let (_house, web) = crate::open();
    web.browser().get("/api/openapi.json").json()
}

/// Method and path of every operation.
pub fn operations(document: &Value) -> BTreeSet<(String, String)> {
    let paths = document["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(|method| (method.to_uppercase(), path.clone())).collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

pub fn operation<'a>(document: &'a Value, method: &str, path: &str) -> &'a Value {
    let operation = &document["paths"][path][method.to_lowercase()];
    assert!(operation.is_object(), "{method} {path} is not in the document");
    operation
}

/// Whether a value is what a schema of the document says.
pub fn holds(components: &Value, schema: &Value, value: &Value) -> Result<(), String> {
    let mut whole = schema.clone();
    whole["components"] = components.clone();
    let options = jsonschema::draft202012::options().should_validate_formats(true);
    let validator = options.build(&whole).unwrap();
    let errors: Vec<_> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(format!("{}\n{value:#}", errors.join("\n"))) }
}

/// The components with every object closed: an answer may hold nothing that is not described.
pub fn closed(components: &Value) -> Value {
    let mut closed = components.clone();
    let names: Vec<String> = components["schemas"].as_object().unwrap().keys().cloned().collect();
    for name in names {
        let object = merged(components, &components["schemas"][&name]);
        closed["schemas"][&name] = object;
    }
    closed
}

/// One object of all the parts of an `allOf`.
pub fn merged(components: &Value, schema: &Value) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for part in schema["allOf"].as_array().unwrap_or(&vec![schema.clone()]) {
        let part = match part["$ref"].as_str() {
            Some(name) => &components["schemas"][name.rsplit('/').next().unwrap()],
            None => part,
        };
        properties.extend(part["properties"].as_object().cloned().unwrap_or_default());
        required.extend(part["required"].as_array().cloned().unwrap_or_default());
    }
    if properties.is_empty() {
        return schema.clone();
    }
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

#[test]
fn the_check_finds_what_it_looks_for() {
    let components = &document()["components"];
    let said = json!({ "$ref": "#/components/schemas/SlipAnswer" });
    let told = |value: Value| holds(&closed(components), &said, &value).is_ok();
    assert!(told(json!({ "seq": 1 })));
    assert!(!told(json!({ "seq": 1, "token": "x" })), "more than is described");
    assert!(!told(json!({})), "less");
    assert!(!told(json!({ "seq": "1" })) && !told(json!({ "seq": -1 })), "something else");
    let own = merged(components, &json!({ "$ref": "#/components/schemas/OwnTicket" }));
    assert!(holds(&closed(components), &own, &json!({ "token": "x" })).is_err());
}
