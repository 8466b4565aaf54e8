//! What a program may send: what a schema describes, made by chance, and what it does not.

use fastrand::Rng;
use serde_json::{Map, Value, json};

/// What is there to act on.
#[derive(Debug, Default)]
pub struct Known {
    /// Ids, each with the line that it was left at.
    pub tickets: Vec<(u64, u64)>,
    pub numbers: Vec<String>,
    pub tokens: Vec<String>,
    pub slips: Vec<u64>,
}

/// Makes requests of a document.
pub struct Maker<'a> {
    pub document: &'a Value,
    pub known: &'a Known,
    pub chance: &'a mut Rng,
}

/// Words that mean something in the house, by the name of a field or parameter.
fn words(name: &str) -> &'static [&'static str] {
    match name {
        "service" | "services" => &["ktp", "kk", "kia", "paspor"],
        "counter" => &["loket-3", "loket-4", "loket-6"],
        "printer" => &["printer-1", "printer-2"],
        "reason" => &["copy", "urgent", "system", "staff"],
        "outcome" => &["done", "referred"],
        "came_at" => &["08:50", "09:00", "23:59"],
        "reference" => &["D2X2LY"],
        _ => &["A900", "A001", "x"],
    }
}

/// Text that somebody did not expect.
pub fn odd_text(chance: &mut Rng) -> String {
    let known = [
        "",
        " ",
        "\0",
        "a\0b",
        "\u{7}\u{1b}[31m",
        "\r\n\r\n",
        "../../etc/passwd",
        "..%2f..%2f",
        "%",
        "%zz",
        "\u{202e}kcab",
        "لغة عربية",
        "🎫👨‍👩‍👧‍👦",
        "\u{feff}",
        "\u{fffd}",
        "e\u{301}\u{301}\u{301}",
        "null",
        "true",
        "-1",
        "0",
        "1e999",
        "9223372036854775808",
        "18446744073709551616",
        "NaN",
        "A000",
        "A99999999999",
        "'; DROP TABLE ticket; --",
        "\"><script>x</script>",
        "{{7*7}}",
        "${x}",
        "A001",
        "i001",
        "[]",
        "{}",
    ];
    match chance.u8(..8) {
        0 => "x".repeat(chance.usize(1..3_000)),
        1 => (0..chance.usize(1..40)).map(|_| chance.char('\0'..='\u{2fff}')).collect(),
        _ => (*chance.choice(&known).unwrap()).to_owned(),
    }
}

/// Text that fits on a line of a head.
pub fn any_text(chance: &mut Rng, most: usize) -> String {
    let text: String = odd_text(chance).chars().filter(|c| !c.is_control()).take(most).collect();
    text
}

/// Percent-encoded; now and then as bytes that are no text.
pub fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect()
}

impl Maker<'_> {
    /// The path with its parameters, and a query.
    pub fn place(&mut self, path: &str, operation: &Value) -> String {
        let noun = path.split('/').nth(3).unwrap_or_default();
        let mut place = String::new();
        for part in path.split('/').skip(1) {
            place.push('/');
            place += &match part.starts_with('{') {
                true => self.name(noun, path),
                false => part.to_owned(),
            };
        }
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let queries: Vec<String> = parameters
            .iter()
            .filter(|it| it["in"] == "query" && self.chance.bool())
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect();
        let queries: Vec<String> = queries
            .iter()
            .map(|name| {
                let number = self.chance.choice(&self.known.numbers).cloned().unwrap_or_default();
                let value = if self.chance.u8(..3) > 0 { number } else { odd_text(self.chance) };
                format!("{name}={}", escaped(&value))
            })
            .collect();
        if queries.is_empty() { place } else { format!("{place}?{}", queries.join("&")) }
    }

    /// The name of a thing that is there, or of one that is not.
    fn name(&mut self, noun: &str, path: &str) -> String {
        if self.chance.u8(..8) == 0 {
            let odd = escaped(&odd_text(self.chance));
            return match odd.as_str() {
                "" => "-".to_owned(),
                _ if self.chance.u8(..10) == 0 => format!("{odd}%FF"),
                _ => odd,
            };
        }
        let of = |id: Option<u64>| id.unwrap_or(1).to_string();
        let any = |chance: &mut Rng, words: &[&str]| (*chance.choice(words).unwrap()).to_owned();
        match noun {
            "tickets" if path.contains("{token}") => {
                self.chance.choice(&self.known.tokens).cloned().unwrap_or_else(|| "0".repeat(32))
            }
            "tickets" => of(self.chance.choice(&self.known.tickets).map(|(id, _)| *id)),
            "slips" => of(self.chance.choice(&self.known.slips).copied()),
            "counters" => any(self.chance, &["loket-3", "loket-3", "loket-4", "loket-6"]),
            "services" => any(self.chance, &["ktp", "kk", "paspor"]),
            "staff" => any(self.chance, &["budi", "budi", "nobody"]),
            "alarms" => any(self.chance, &["printer:printer-1:paper_out:1", "disk"]),
            _ => self.chance.u64(..200).to_string(),
        }
    }

    /// A body: as the schema says, or spoilt. Its value, where it is JSON.
    pub fn body(&mut self, shape: &Value) -> (Vec<u8>, Option<Value>) {
        let mut value = self.value(shape, "", 0);
        match self.chance.u8(..16) {
            0 => return (vec![], Some(json!({}))),
            1 => {
                let text = value.to_string();
                let end = self.chance.usize(..=text.len());
                let cut = String::from_utf8_lossy(&text.as_bytes()[..end]).into_owned();
                let left = if cut.is_empty() { Some(json!({})) } else { serde_json::from_str(&cut).ok() };
                return (cut.into_bytes(), left);
            }
            2 => return ((0..self.chance.usize(1..80)).map(|_| self.chance.u8(..)).collect(), None),
            3 => value = json!([value]),
            4 => value = self.odd(),
            5..=7 => self.spoil(&mut value),
            _ => {}
        }
        (value.to_string().into_bytes(), Some(value))
    }

    /// Spoils a field: another kind of value, none, or one more.
    fn spoil(&mut self, value: &mut Value) {
        let odd = self.odd();
        let Some(object) = value.as_object_mut() else {
            *value = odd;
            return;
        };
        let names: Vec<String> = object.keys().cloned().collect();
        match (self.chance.choice(&names).cloned(), self.chance.u8(..4)) {
            (Some(name), 0) => drop(object.remove(&name)),
            (Some(name), 1) if object[&name].is_object() || object[&name].is_array() => {
                let mut inner = object[&name].take();
                match inner.as_array_mut().and_then(|list| list.first_mut()) {
                    Some(first) => self.spoil(first),
                    None => self.spoil(&mut inner),
                }
                object.insert(name, inner);
            }
            (Some(name), 1 | 2) => drop(object.insert(name, odd)),
            _ => drop(object.insert(any_text(self.chance, 20), odd)),
        }
    }

    /// A value of any kind, at the edge of what it can be.
    fn odd(&mut self) -> Value {
        match self.chance.u8(..10) {
            0 => Value::Null,
            1 => json!(self.chance.bool()),
            2 => json!(self.chance.choice([0i64, -1, 1, 255, 256, 65_536, i64::MAX, i64::MIN]).unwrap()),
            3 => json!(u64::MAX),
            4 => json!(self.chance.f64() * 1e300),
            5 => json!([]),
            6 => json!({}),
            7 => json!([[[[odd_text(self.chance)]]]]),
            _ => json!(odd_text(self.chance)),
        }
    }

    /// A value that a schema describes.
    fn value(&mut self, schema: &Value, name: &str, depth: usize) -> Value {
        if let Some(of) = schema["$ref"].as_str() {
            let of = &self.document["components"]["schemas"][of.rsplit('/').next().unwrap()];
            return self.value(of, name, depth + 1);
        }
        for several in ["oneOf", "anyOf"] {
            if let Some(one) = schema[several].as_array().and_then(|all| self.chance.choice(all)) {
                return self.value(one, name, depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let parts: Vec<Value> = parts.iter().map(|part| self.value(part, name, depth + 1)).collect();
            let fields = parts.iter().filter_map(Value::as_object).flatten();
            return Value::Object(fields.map(|(name, value)| (name.clone(), value.clone())).collect());
        }
        if let Some(one) = schema["enum"].as_array().and_then(|all| self.chance.choice(all)) {
            return one.clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => self.chance.choice(kinds).and_then(Value::as_str),
            kind => kind.as_str(),
        };
        match kind.unwrap_or("object") {
            "null" => Value::Null,
            "boolean" => json!(self.chance.bool()),
            "integer" | "number" => self.integer(schema, name),
            "array" => {
                let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
                let count = self.chance.usize(least.max(1)..=least.max(1) + 1);
                (0..count).map(|_| self.value(&schema["items"], name, depth + 1)).collect()
            }
            "string" => self.text(schema, name),
            _ => self.object(schema, depth),
        }
    }

    fn object(&mut self, schema: &Value, depth: usize) -> Value {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let mut object = Map::new();
        for (name, of) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&name.as_str()) || depth < 6 && self.chance.u8(..3) == 0 {
                object.insert(name.clone(), self.value(of, name, depth + 1));
            }
        }
        Value::Object(object)
    }

    fn integer(&mut self, schema: &Value, name: &str) -> Value {
        match name {
            "ticket" => json!(self.chance.choice(&self.known.tickets).map_or(1, |(id, _)| *id)),
            "seq" => json!(self.chance.choice(&self.known.tickets).map_or(1, |(_, seq)| *seq)),
            _ => {
                let least = schema["minimum"].as_i64().unwrap_or(0);
                let most = schema["maximum"].as_i64().unwrap_or(least.saturating_add(1_000));
                json!(self.chance.choice([least, most, self.chance.clone().i64(least..=most)]).unwrap())
            }
        }
    }

    fn text(&mut self, schema: &Value, name: &str) -> Value {
        if schema["format"] == "date-time" {
            let hour = self.chance.u8(7..16);
            return json!(format!("2026-11-23T{hour:02}:30:00+07:00"));
        }
        if self.chance.u8(..12) == 0 {
            return json!(odd_text(self.chance));
        }
        json!(self.chance.choice(words(name)).unwrap())
    }
}
