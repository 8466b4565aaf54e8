//! The guides: their commands are commands, their config is config, their links lead somewhere.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

fn repo(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

/// Every guide, with its path.
fn guides() -> Vec<(PathBuf, String)> {
    let in_folder = |folder: &str| {
        let entries = std::fs::read_dir(repo(folder)).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "md")).collect::<Vec<_>>()
    };
    let mut paths = [in_folder("."), in_folder("docs")].concat();
    paths.sort();
    assert!(paths.len() > 10, "the guides are not found");
    paths.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

/// The blocks of one language in a guide, without the indent of a list.
fn blocks(guide: &str, language: &str) -> Vec<String> {
    let (mut found, mut open) = (Vec::new(), None::<(bool, Vec<&str>)>);
    for line in guide.lines().map(str::trim_end) {
        let fence = line.trim_start().strip_prefix("```");
        match (&mut open, fence) {
            (None, Some(kind)) => open = Some((kind.trim() == language, Vec::new())),
            (Some((wanted, lines)), Some(_)) => {
                if *wanted {
                    found.push(lines.join("\n"));
                }
                open = None;
            }
            (Some((_, lines)), None) => lines.push(line.trim_start()),
            (None, None) => {}
        }
    }
    found
}

/// What stands in `…` outside of blocks.
fn spans(guide: &str) -> Vec<&str> {
    let mut block = false;
    let prose = guide.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        block ^= fence;
        !block && !fence
    });
    prose.flat_map(|line| line.split('`').skip(1).step_by(2)).collect()
}

/// The words after `antrean` or `antrean-box`, where a line runs it.
fn command(line: &str) -> Option<Vec<String>> {
    let line = line.split(" #").next().unwrap().split(['|', '>', ';']).next().unwrap();
    let mut words = line.split_whitespace().skip_while(|word| *word == "sudo");
    let program = words.next()?;
    let ours = ["antrean", "antrean-box"].contains(&program.rsplit('/').next().unwrap());
    ours.then(|| words.map(|word| word.trim_end_matches([',', '.', ')']).to_owned()).collect())
}

/// What `antrean … --help` says, and whether it is a command at all.
struct Help(BTreeMap<Vec<String>, Option<String>>);

impl Help {
    fn of(&mut self, words: &[String]) -> Option<String> {
        let ask = |words: &[String]| {
            let program = env!("CARGO_BIN_EXE_antrean");
            let output = Command::new(program).args(words).arg("--help").output().unwrap();
            output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
        };
        self.0.entry(words.to_vec()).or_insert_with(|| ask(words)).clone()
    }

    /// What is wrong with a command line, in words.
    fn wrong(&mut self, words: &[String]) -> Option<String> {
        let plain = |word: &&String| {
            word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-')
        };
        let mut path: Vec<String> = Vec::new();
        // As far as there are subcommands: the words behind them are values.
        for word in words.iter().take_while(plain) {
            let Some(help) = self.of(&path) else { break };
            let subcommands = help.split_once("Commands:").map(|(_, list)| list.to_owned());
            let Some(list) = subcommands else { break };
            let known = list.lines().any(|line| line.split_whitespace().next() == Some(word));
            if !known {
                return Some(format!("there is no {word:?}"));
            }
            path.push(word.clone());
        }
        let help = self.of(&path).unwrap();
        let flags = words.iter().filter(|word| word.starts_with("--") && word.len() > 2);
        let known =
            |flag: &&str| help.split(|c: char| !c.is_ascii_lowercase() && c != '-').any(|word| word == *flag);
        let unknown = flags
            .map(|flag| flag.split('=').next().unwrap())
            .find(|flag| !known(flag) && *flag != "--version");
        unknown.map(|flag| format!("it knows no {flag}"))
    }
}

#[test]
fn every_command_in_the_guides_is_one() {
    let (mut help, mut wrong, mut seen) = (Help(BTreeMap::new()), Vec::new(), 0);
    for (path, guide) in guides() {
        let blocks = blocks(&guide, "sh").join("\n").replace("\\\n", " ");
        let lines = blocks.lines().chain(spans(&guide));
        for words in lines.filter_map(command) {
            seen += 1;
            if let Some(why) = help.wrong(&words) {
                wrong.push(format!(
                    "{}: antrean {}: {why}",
                    path.file_name().unwrap().display(),
                    words.join(" ")
                ));
            }
        }
    }
    assert!(seen > 50, "only {seen} commands were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The sample site with a fragment of a guide in it: where both have a section, the fragment's keys count.
fn with_fragment(fragment: &str) -> Result<String, toml::de::Error> {
    let mut site: toml::Table =
        std::fs::read_to_string(repo("config/samples/one-agency.toml")).unwrap().parse().unwrap();
    let fragment: toml::Table = fragment.parse()?;
    for (key, value) in fragment {
        match (site.get_mut(&key), value) {
            (Some(toml::Value::Table(there)), toml::Value::Table(new)) => there.extend(new),
            (Some(toml::Value::Array(there)), toml::Value::Array(new)) => there.extend(new),
            (_, value) => drop(site.insert(key, value)),
        }
    }
    Ok(toml::to_string(&site).unwrap())
}

#[test]
fn every_piece_of_config_in_the_guides_can_be_read() {
    let mut seen = 0;
    for (path, guide) in guides() {
        for block in blocks(&guide, "toml") {
            seen += 1;
            let at = format!("{}:\n{block}", path.file_name().unwrap().display());
            let config = with_fragment(&block).unwrap_or_else(|error| panic!("{at}\n{error}"));
            let folder = tempfile::tempdir().unwrap();
            std::fs::create_dir(folder.path().join("pictures")).unwrap();
            let file = folder.path().join("antrean.toml");
            std::fs::write(&file, config).unwrap();
            let mut check = Command::new(env!("CARGO_BIN_EXE_antrean"));
            let said = check.arg("check").arg(&file).arg("--data").arg(folder.path()).output().unwrap();
            let said = String::from_utf8([said.stdout, said.stderr].concat()).unwrap();
            assert!(!said.contains("is not a key of"), "{at}\n{said}");
        }
    }
    assert!(seen > 3, "only {seen} pieces were found");
}

#[test]
fn every_link_and_picture_in_the_guides_is_there() {
    let mut seen = 0;
    for (path, guide) in guides() {
        for link in guide.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.contains("://") || link.contains(char::is_whitespace) {
                continue;
            }
            seen += 1;
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            assert!(target.exists(), "{}: {link} is not there", path.display());
            if !anchor.is_empty() {
                let text = std::fs::read_to_string(&target).unwrap();
                let anchors: Vec<String> =
                    text.lines().filter(|line| line.starts_with('#')).map(anchor_of).collect();
                assert!(
                    anchors.iter().any(|one| one == anchor),
                    "{}: {link}: no such heading",
                    path.display()
                );
            }
        }
    }
    assert!(seen > 20, "only {seen} links were found");
}

/// What a heading is called in links.
fn anchor_of(heading: &str) -> String {
    let title = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = title.chars().filter(|c| c.is_alphanumeric() || [' ', '-', '_'].contains(c));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
