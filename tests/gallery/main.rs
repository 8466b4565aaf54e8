//! The gallery: what every screen looks like, in every size and mode, drawn by the renderer of the product.
//!
//! Each scene is drawn in each size, with language, text size, contrast and layout dealt out so that every
//! two of them meet. Each picture is held against the one that was agreed on (`tests/gallery/agreed`, a
//! quarter of the size, in grey), and every text in it must have its room.
//!
//! `make gallery` draws all of it in full into `target/gallery`. After a change that is wanted:
//! `GALLERY_AGREE=1 cargo test --test gallery`, and look at what changed before committing it.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod agreed;
mod diagonal;
mod fits;
mod scenes;

use std::path::Path;

use scenes::{CODED, SCENES, Scene};
use support::mode::{Mode, SIZES};

/// English, large text, high contrast, lower layout: in these five, every two of them meet in every way.
const DEALT: [[bool; 4]; 5] = [
    [false, false, false, false],
    [false, true, true, true],
    [true, false, true, true],
    [true, true, false, true],
    [true, true, true, false],
];

/// Home is where everybody begins: there the lower layout is also looked at alone, as those see it who ask for it.
const OF_HOME_TOO: [bool; 4] = [false, false, false, true];

fn mode(size: (u32, u32), [english, large, contrast, low]: [bool; 4]) -> Mode {
    Mode { size, english, large, contrast, low }
}

/// One screen in one size and mode.
#[derive(Clone, Copy)]
struct Cell {
    scene: &'static Scene,
    mode: Mode,
}

impl Cell {
    fn name(&self) -> String {
        format!("{}-{}", self.scene.name, self.mode.name())
    }
}

/// Every scene in every size, each size in another of the five modes: every scene meets each mode once.
fn dealt(scenes: &'static [Scene]) -> Vec<Cell> {
    let cells = scenes.iter().enumerate().flat_map(|(s, scene)| {
        let cell =
            move |(z, size): (usize, &(u32, u32))| Cell { scene, mode: mode(*size, DEALT[(s + z) % 5]) };
        SIZES.iter().enumerate().map(cell)
    });
    let home = scenes.iter().filter(|scene| scene.name == "home");
    let of_home =
        home.flat_map(|scene| SIZES.iter().map(|size| Cell { scene, mode: mode(*size, OF_HOME_TOO) }));
    cells.chain(of_home).collect()
}

/// Every scene in every size and every mode.
fn all(scenes: &'static [Scene]) -> Vec<Cell> {
    let modes = (0..16_u8).map(|bits| [1, 2, 4, 8].map(|bit| bits & bit != 0));
    let cells = modes.flat_map(|bits| {
        SIZES
            .iter()
            .flat_map(move |size| scenes.iter().map(move |scene| Cell { scene, mode: mode(*size, bits) }))
    });
    cells.collect()
}

/// What is wrong with one cell, in sentences.
fn look(cell: &Cell) -> Vec<String> {
    let (_house, kiosk) = (cell.scene.set)(cell.mode);
    let picture = kiosk.picture();
    let mut wrong = fits::wrong(&kiosk, cell.mode);
    let is_agreed_on = SCENES.iter().any(|scene| scene.name == cell.scene.name);
    match std::env::var_os("GALLERY") {
        Some(folder) => agreed::keep(&Path::new(&folder).join(format!("{}.png", cell.name())), &picture),
        None if !is_agreed_on => {}
        None => wrong.extend(agreed::wrong(&cell.name(), &picture)),
    }
    wrong.iter().map(|what| format!("{}: {what}", cell.name())).collect()
}

#[test]
fn every_screen_looks_as_agreed_and_every_text_has_its_room() {
    hang(SCENES);
}

#[test]
fn a_code_for_phones_leaves_every_text_its_room() {
    hang(CODED);
}

/// The cells of these scenes, or those of them whose names were asked for.
fn asked_for(scenes: &'static [Scene], of: &str) -> Vec<Cell> {
    let whole = std::env::var_os("GALLERY_ALL").is_some();
    let cells = if whole { all(scenes) } else { dealt(scenes) };
    cells.into_iter().filter(|cell| cell.name().contains(of)).collect()
}

fn hang(scenes: &'static [Scene]) {
    let of = std::env::var("GALLERY_OF").unwrap_or_default();
    let cells = asked_for(scenes, &of);
    let elsewhere = || [SCENES, CODED].into_iter().any(|scenes| !asked_for(scenes, &of).is_empty());
    assert!(!cells.is_empty() || elsewhere(), "no picture is called {of:?}");
    let next = std::sync::atomic::AtomicUsize::new(0);
    let wrong = std::sync::Mutex::new(Vec::new());
    let threads = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(cell) = cells.get(next.fetch_add(1, std::sync::atomic::Ordering::Relaxed)) {
                    // One window a thread: the testing backend holds one.
                    let found = std::thread::scope(|scope| scope.spawn(|| look(cell)).join().unwrap());
                    wrong.lock().unwrap().extend(found);
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{} of {} pictures:\n{}", wrong.len(), cells.len(), wrong.join("\n"));
}
