//! Good files made worse, as hands, editors and cables do it.

use proptest::prelude::*;

/// What is put where a value was: every kind, the edges of ranges, other alphabets, signs that end things.
const VALUES: &[&str] = &[
    "0",
    "-1",
    "1",
    "2",
    "7",
    "4294967296",
    "9223372036854775807",
    "1e308",
    "nan",
    "true",
    "false",
    "\"\"",
    "\"a\"",
    "\"A\"",
    "\"00:00\"",
    "\"24:00\"",
    "\"08:00-08:00\"",
    "\"WIT\"",
    "\"preview\"",
    "\"/dev/null\"",
    "\"../../etc\"",
    "\"none\"",
    "\"\\u001b@\\u001dV\\u0000\"",
    "\"\\u202e العربية 漢字 é\"",
    "[]",
    "[1]",
    "[\"08:00-12:00\", \"11:00-13:00\"]",
    "[\"00:00-24:00\"]",
    "{}",
    "{ id = \"Satu\", en = \"One\" }",
    "{ id = \"\", en = \"\" }",
    "2026-02-29",
    "2026-11-23",
    "9999-12-31",
    "#",
    "\"",
    "[[agency]]",
];

/// One thing that happens to a file.
#[derive(Debug, Clone)]
pub enum Harm {
    /// Another value behind the equals sign of a line.
    Value(prop::sample::Index, prop::sample::Index),
    /// The value of another line.
    Swap(prop::sample::Index, prop::sample::Index),
    /// A number that is a little different.
    Nudge(prop::sample::Index, i64),
    Lose(prop::sample::Index),
    Twice(prop::sample::Index),
    /// Bytes in the place of so many others.
    Bytes(prop::sample::Index, usize, Vec<u8>),
    Cut(prop::sample::Index),
}

pub fn harms() -> impl Strategy<Value = Vec<Harm>> {
    let index = any::<prop::sample::Index>;
    let harm = prop_oneof![
        6 => (index(), index()).prop_map(|(line, value)| Harm::Value(line, value)),
        4 => (index(), index()).prop_map(|(line, other)| Harm::Swap(line, other)),
        4 => (index(), -2..200i64).prop_map(|(line, to)| Harm::Nudge(line, to)),
        2 => index().prop_map(Harm::Lose),
        1 => index().prop_map(Harm::Twice),
        1 => (index(), 0..9usize, prop::collection::vec(any::<u8>(), 0..5))
            .prop_map(|(at, length, bytes)| Harm::Bytes(at, length, bytes)),
        1 => index().prop_map(Harm::Cut),
    ];
    prop::collection::vec(harm, 1..4)
}

/// The text after all of it.
pub fn mangled(text: &str, harms: &[Harm]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for harm in harms {
        bytes = after(&bytes, harm);
    }
    bytes
}

fn after(bytes: &[u8], harm: &Harm) -> Vec<u8> {
    if bytes.is_empty() {
        return Vec::new();
    }
    match harm {
        Harm::Bytes(at, length, put) => {
            let at = at.index(bytes.len());
            let rest = (at + length).min(bytes.len());
            return [&bytes[..at], put, &bytes[rest..]].concat();
        }
        Harm::Cut(at) => return bytes[..at.index(bytes.len())].to_vec(),
        _ => {}
    }
    let text = String::from_utf8_lossy(bytes);
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let says = |line: &String| !line.starts_with('#') && line.contains(" = ");
    let keyed: Vec<usize> = (0..lines.len()).filter(|at| says(&lines[*at])).collect();
    if keyed.is_empty() {
        return bytes.to_vec();
    }
    let pick = |at: &prop::sample::Index| keyed[at.index(keyed.len())];
    let key = |line: &str| line.split(" = ").next().unwrap_or_default().to_owned();
    let value = |line: &str| line.split_once(" = ").map_or("", |(_, value)| value).to_owned();
    match harm {
        Harm::Value(at, with) => {
            let at = pick(at);
            lines[at] = format!("{} = {}", key(&lines[at]), VALUES[with.index(VALUES.len())]);
        }
        Harm::Swap(at, other) => {
            let (at, other) = (pick(at), pick(other));
            lines[at] = format!("{} = {}", key(&lines[at]), value(&lines[other]));
        }
        Harm::Nudge(at, to) => {
            let numbers: Vec<usize> =
                keyed.iter().copied().filter(|at| value(&lines[*at]).parse::<i64>().is_ok()).collect();
            if !numbers.is_empty() {
                let at = numbers[at.index(numbers.len())];
                lines[at] = format!("{} = {to}", key(&lines[at]));
            }
        }
        Harm::Lose(at) => drop(lines.remove(pick(at))),
        Harm::Twice(at) => {
            let at = pick(at);
            lines.insert(at, lines[at].clone());
        }
        Harm::Bytes(..) | Harm::Cut(_) => unreachable!("done above"),
    }
    lines.join("\n").into_bytes()
}
