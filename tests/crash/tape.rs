//! A power cut at any moment, without a disk to pull: one run is taped, call by call, and the files are made
//! as a cut after each of them could have left them. What was synced is there; of the rest everything, nothing
//! or a part is, down to single sectors of a write, and names that the folder was not synced for may be missing.

use std::collections::BTreeMap;
use std::io::Write;

use antrean::config::Options;
use antrean::queue::Rules;
use chrono::{DateTime, TimeDelta};
use serde_json::Value;

use crate::audit;
use crate::errand::{self, Errand};
use crate::faulty::Disk;
use crate::support::house::House;
use crate::support::program::{Desk, Running};
use crate::{long, serve};

/// A sector of a disk: what is written whole or not at all.
const SECTOR: usize = 512;

#[derive(Debug, Clone)]
enum Entry {
    Create(String),
    Write(String, usize, Vec<u8>),
    Truncate(String, usize),
    Sync(String),
    Unlink(String),
    Rename(String, String),
    /// Somebody was told something: the answer of the box.
    Told(Value),
}

/// Runs the errand on a taped disk, from an empty folder to its end.
fn taped(desk: &Desk) -> Vec<Entry> {
    let disk = Disk::below(&desk.data());
    let mut command = serve(desk);
    disk.taped(&mut command);
    let running = Running::start(command);
    let mut tape = std::fs::File::options().append(true).open(disk.tape()).unwrap();
    let whole = Errand::new(desk).go_on(&running.address, |_, answer| {
        let answer = answer.to_string();
        tape.write_all(format!("told\t\t\t0\t{}\n{answer}", answer.len()).as_bytes()).unwrap();
    });
    assert!(whole);
    assert_eq!(running.terminate(), Some(0));
    // Only what stands in the folder itself: the copy of the config is made anew with every start.
    entries(&std::fs::read(disk.tape()).unwrap()).into_iter().filter(|entry| !nested(entry)).collect()
}

fn nested(entry: &Entry) -> bool {
    match entry {
        Entry::Create(name) | Entry::Write(name, ..) | Entry::Truncate(name, _) | Entry::Sync(name) => {
            name.contains("config-good")
        }
        Entry::Unlink(name) | Entry::Rename(name, _) => name.contains("config-good"),
        Entry::Told(_) => false,
    }
}

fn entries(mut tape: &[u8]) -> Vec<Entry> {
    let mut entries = Vec::new();
    while !tape.is_empty() {
        let end = tape.iter().position(|byte| *byte == b'\n').unwrap();
        let words: Vec<&str> = std::str::from_utf8(&tape[..end]).unwrap().split('\t').collect();
        let [word, name, to, at, len] = words[..] else { panic!("{words:?}") };
        let (name, at, len) = (name.to_owned(), at.parse().unwrap(), len.parse::<usize>().unwrap());
        let bytes = &tape[end + 1..][..len];
        tape = &tape[end + 1 + len..];
        entries.push(match word {
            "create" => Entry::Create(name),
            "write" => Entry::Write(name, at, bytes.to_vec()),
            "truncate" => Entry::Truncate(name, at),
            "sync" => Entry::Sync(name),
            "unlink" => Entry::Unlink(name),
            "rename" => Entry::Rename(name, to.to_owned()),
            "told" => Entry::Told(serde_json::from_slice(bytes).unwrap()),
            _ => panic!("{word}"),
        });
    }
    entries
}

/// What is certain of a file, and what was done to it since.
#[derive(Debug, Clone, Default)]
struct Inode {
    synced: Vec<u8>,
    since: Vec<Change>,
}

#[derive(Debug, Clone)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

impl Change {
    /// Does it, or with a `mask` only some of its sectors.
    fn apply(&self, to: &mut Vec<u8>, mut keep: impl FnMut() -> bool) {
        match self {
            Self::Truncate(len) => {
                if keep() {
                    to.resize(*len, 0);
                }
            }
            Self::Write(at, bytes) => {
                let mut from = 0;
                while from < bytes.len() {
                    let place = at + from;
                    let until = bytes.len().min(from + SECTOR - place % SECTOR);
                    if keep() {
                        to.resize(to.len().max(at + until), 0);
                        to[place..at + until].copy_from_slice(&bytes[from..until]);
                    }
                    from = until;
                }
            }
        }
    }
}

/// The disk at a moment of the tape.
#[derive(Debug, Clone, Default)]
struct Drive {
    inodes: Vec<Inode>,
    names: BTreeMap<String, usize>,
    synced_names: BTreeMap<String, usize>,
    told: Vec<Value>,
    /// Syncs of the WAL are not done.
    lies: bool,
}

impl Drive {
    fn go_on(&mut self, entry: &Entry) {
        match entry {
            Entry::Create(name) => {
                self.names.insert(name.clone(), self.inodes.len());
                self.inodes.push(Inode::default());
            }
            Entry::Write(name, at, bytes) => self.change(name, Change::Write(*at, bytes.clone())),
            Entry::Truncate(name, len) => self.change(name, Change::Truncate(*len)),
            Entry::Sync(name) if name.is_empty() => self.synced_names = self.names.clone(),
            Entry::Sync(name) if self.lies && name.ends_with("-wal") => {}
            Entry::Sync(name) => {
                let inode = &mut self.inodes[self.names[name]];
                let Inode { synced, since } = inode;
                since.drain(..).for_each(|change| change.apply(synced, || true));
            }
            Entry::Unlink(name) => drop(self.names.remove(name)),
            Entry::Rename(from, to) => {
                let inode = self.names.remove(from).unwrap();
                self.names.insert(to.clone(), inode);
            }
            Entry::Told(answer) => self.told.push(answer.clone()),
        }
    }

    fn change(&mut self, name: &str, change: Change) {
        self.inodes[self.names[name]].since.push(change);
    }

    /// Pulls the plug here, and puts into a folder what is left.
    fn cut(&self, left: Left) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let names = if left == Left::SyncedAndItsNames { &self.synced_names } else { &self.names };
        // Any sequence will do that keeps about half, differently at each moment.
        let written: usize = self.inodes.iter().map(|inode| inode.synced.len() + inode.since.len()).sum();
        let mut luck = (written as u32).wrapping_mul(2_654_435_761);
        let mut keep = || match left {
            Left::Everything => true,
            Left::SyncedAndItsNames | Left::Synced => false,
            Left::SomeSectors(seed) => {
                for _ in 0..1 + seed {
                    luck = luck.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                }
                (luck >> 28).is_multiple_of(2)
            }
        };
        for (name, inode) in names {
            let Inode { mut synced, since } = self.inodes[*inode].clone();
            since.iter().for_each(|change| change.apply(&mut synced, &mut keep));
            std::fs::write(folder.path().join(name), synced).unwrap();
        }
        folder
    }
}

/// What a cut leaves of what was not synced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Nothing, and names of files as the folder was last synced.
    SyncedAndItsNames,
    Synced,
    SomeSectors(u32),
    Everything,
}

const LEFT: [Left; 5] =
    [Left::SyncedAndItsNames, Left::Synced, Left::SomeSectors(1), Left::SomeSectors(2), Left::Everything];

fn rules(desk: &Desk) -> Rules {
    let options = Options { always_open: true, ..Options::default() };
    let config = std::fs::read_to_string(desk.config()).unwrap();
    antrean::config::read("antrean.toml", &config, options).unwrap().rules
}

/// Opens the house again after a cut; how many numbers that were told are lost. Unless the disk lies, all else
/// that was told must hold too.
fn opened(rules: &Rules, folder: tempfile::TempDir, answers: &[Value], lies: bool, what: &str) -> usize {
    let told = errand::told(answers);
    let last = answers.iter().filter_map(|answer| answer["issued_at"].as_str()).next_back();
    let now = last
        .map_or_else(|| chrono::Local::now().fixed_offset(), |at| DateTime::parse_from_rfc3339(at).unwrap());
    let house = House::of(folder, rules.clone(), now + TimeDelta::milliseconds(1))
        .unwrap_or_else(|error| panic!("{what}: {error}"));
    let next = house.issue("ktp").unwrap().ticket.unwrap();
    house.hall.present().day.check().unwrap();
    let number = next.number.to_string();
    assert!(told.numbers().all(|held| held != number), "{what}: {number} is given again");
    let folder = house.close();
    if !lies {
        audit::check(folder.path(), &told, what);
    }
    audit::lost(folder.path(), &told)
}

/// Cuts the power after every entry, or one in so many, in each way; how many cuts there were, how many lost
/// something, and how many numbers.
fn cut_everywhere(rules: &Rules, tape: &[Entry], lies: bool, step: usize) -> (u32, u32, usize) {
    let mut drive = Drive { lies, ..Drive::default() };
    let (mut cuts, mut bad, mut lost) = (0, 0, 0);
    for (nth, entry) in tape.iter().enumerate() {
        drive.go_on(entry);
        let just_told = matches!(entry, Entry::Told(_));
        // Right after somebody was told something, most is at stake.
        let chosen = just_told && drive.told.len().is_multiple_of(step.min(5));
        if !nth.is_multiple_of(step) && !chosen {
            continue;
        }
        for left in LEFT {
            let what = format!("a cut after entry {nth}, {left:?} left");
            let missing = opened(rules, drive.cut(left), &drive.told, lies, &what);
            assert!(lies || missing == 0, "{what}: {missing} numbers are lost");
            cuts += 1;
            bad += u32::from(missing > 0);
            lost += missing;
        }
    }
    (cuts, bad, lost)
}

#[test]
fn a_power_cut_at_any_call_loses_nothing_that_was_told() {
    let desk = Desk::without_printer().far_from_midnight();
    let tape = taped(&desk);
    assert!(tape.iter().filter(|entry| matches!(entry, Entry::Told(_))).count() >= 20);
    let (cuts, ..) = cut_everywhere(&rules(&desk), &tape, false, long("ANTREAN_CUT_STEP", 61));
    println!("{cuts} cuts in a run of {} entries: nothing told is lost", tape.len());
}

/// The control: without the sync of the WAL the same cuts lose what was told, or the tape proves nothing.
#[test]
fn without_the_sync_at_the_commit_the_same_cuts_lose() {
    let desk = Desk::without_printer().far_from_midnight();
    let tape = taped(&desk);
    let (cuts, bad, lost) = cut_everywhere(&rules(&desk), &tape, true, long("ANTREAN_CUT_STEP", 97));
    assert!(bad > 0 && lost > 0, "nothing is lost although nothing was synced");
    println!("{cuts} cuts without the sync: {bad} lost something, {lost} numbers");
}
