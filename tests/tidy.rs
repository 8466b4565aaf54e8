//! The repository checks itself: who may look into whom, and that the map is true.
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Who may look into whom. The README's map says the same in words; change both.
const MAY: &[(&str, &[&str])] = &[
    ("words", &[]),
    ("queue", &["words"]),
    ("clock", &[]),
    ("tasks", &[]),
    ("nearest", &[]),
    ("survey", &["words"]),
    ("slip", &["words", "queue", "nearest"]),
    ("fake", &["tasks"]),
    ("tls", &[]),
    ("config", &["queue", "nearest", "slip", "survey", "tls"]),
    ("store", &["queue", "survey"]),
    ("report", &["words", "queue", "survey", "store"]),
    ("hall", &["queue", "survey", "store", "clock", "tasks"]),
    ("printer", &["queue", "slip", "hall", "clock", "tasks"]),
    ("voice", &["queue", "hall", "clock", "tasks"]),
    ("health", &["words", "queue", "hall", "clock", "store"]),
    ("kiosk", &["words", "queue", "hall", "clock", "tasks", "voice", "health"]),
    (
        "web",
        &[
            "words", "queue", "survey", "slip", "tls", "store", "report", "hall", "clock", "tasks", "voice",
            "health",
        ],
    ),
    ("simulate", &["queue", "hall", "clock"]),
    (
        "appliance",
        &[
            "queue", "survey", "clock", "tasks", "slip", "tls", "config", "store", "report", "hall",
            "printer", "voice", "health", "kiosk", "web", "simulate",
        ],
    ),
    (
        "cli",
        &[
            "queue",
            "survey",
            "clock",
            "tasks",
            "slip",
            "tls",
            "config",
            "store",
            "report",
            "hall",
            "fake",
            "printer",
            "voice",
            "health",
            "kiosk",
            "web",
            "simulate",
            "appliance",
        ],
    ),
];

/// The same for the screens, by folder.
const SCREENS_MAY: &[(&str, &[&str])] = &[
    ("doors", &["doors", "icons"]),
    ("theme", &["theme", "doors"]),
    ("icons", &[]),
    ("components", &["components", "theme", "icons", "doors"]),
    ("screens", &["components", "theme", "icons", "doors", "screens"]),
    ("app", &["screens", "doors", "theme", "icons", "components"]),
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|it| it == ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The room a file belongs to: its folder or file name right under `base`.
fn room(path: &Path, base: &Path) -> String {
    let inside = path.strip_prefix(base).unwrap();
    let first = inside.components().next().unwrap().as_os_str().to_string_lossy().into_owned();
    first.trim_end_matches(".rs").trim_end_matches(".slint").to_owned()
}

/// Every room named after `crate::`, inside groups too.
fn rooms_named(source: &str) -> BTreeSet<String> {
    let code: String =
        source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n");
    let mut named = BTreeSet::new();
    for (at, _) in code.match_indices("crate::") {
        let before = code[..at].chars().next_back();
        if before.is_some_and(|c| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &code[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => named.extend(word(rest)),
            Some(group) => {
                let mut depth = 0;
                let mut start = true;
                for (i, c) in group.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && depth == 0 && c.is_alphabetic() => {
                            named.extend(word(&group[i..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    named
}

fn word(text: &str) -> Option<String> {
    let word: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!word.is_empty()).then_some(word)
}

#[test]
fn no_room_looks_where_it_may_not() {
    let src = root().join("src");
    let may: BTreeMap<&str, &[&str]> = MAY.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in files(&src, "rs") {
        let room = room(&file, &src);
        if matches!(room.as_str(), "main" | "lib") {
            continue;
        }
        let Some(allowed) = may.get(room.as_str()) else {
            wrong.push(format!("{}: the room `{room}` is not in the map of tests/tidy.rs", file.display()));
            continue;
        };
        for other in rooms_named(&fs::read_to_string(&file).unwrap()) {
            let known = may.contains_key(other.as_str());
            if known && other != room && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{}: `{room}` looks into `{other}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "who may look into whom stands in README.md:\n{}", wrong.join("\n"));
}

#[test]
fn the_rooms_have_an_order_without_circles() {
    let mut built: BTreeSet<&str> = BTreeSet::new();
    for (room, looks_into) in MAY {
        for other in *looks_into {
            assert!(built.contains(other), "`{room}` needs `{other}`, which comes after it");
        }
        built.insert(room);
    }
}

#[test]
fn no_screen_looks_where_it_may_not() {
    let ui = root().join("ui");
    let may: BTreeMap<&str, &[&str]> = SCREENS_MAY.iter().copied().collect();
    let mut wrong = Vec::new();
    for file in files(&ui, "slint").into_iter().filter(|file| !file.starts_with(ui.join("target"))) {
        let folder = room(&file, &ui);
        let allowed = may.get(folder.as_str()).unwrap_or_else(|| panic!("{folder} is not in the map"));
        for line in fs::read_to_string(&file).unwrap().lines() {
            let Some((_, path)) = line.split_once("from \"") else { continue };
            let target = file.parent().unwrap().join(path.trim_end_matches([';', '"', ' ']));
            let target = target.components().fold(PathBuf::new(), |mut whole, part| {
                if part.as_os_str() == ".." {
                    whole.pop();
                } else {
                    whole.push(part);
                }
                whole
            });
            let other = room(&target, &ui);
            if other != folder && !allowed.contains(&other.as_str()) {
                wrong.push(format!("{}: `{folder}` looks into `{other}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_map_in_the_readme_names_every_room() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    for (room, _) in MAY {
        assert!(readme.contains(&format!("`{room}`")), "README.md does not name `{room}`");
    }
}

#[test]
fn the_check_finds_what_it_looks_for() {
    let found = |source: &str| rooms_named(source).into_iter().collect::<Vec<_>>();
    assert_eq!(found("use crate::{queue::{Day, Rules}, store};"), ["queue", "store"]);
    assert_eq!(found("let x = crate::web::serve();"), ["web"]);
    assert_eq!(found("// crate::web is not used here"), Vec::<String>::new());
}
