//! How well the line to a printer is used, what a slip weighs, and how soon a fault is known.
//!
//! `cargo bench --bench printer`: the printer is the house's fake on a pseudo-terminal, at the speed of
//! a line and of a paper motor. The control writes the same bytes to the same fake and asks nothing.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/rows.rs"]
mod rows;
#[path = "../tests/support/mod.rs"]
mod support;

use std::io::Write;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use antrean::config::{self, Options};
use antrean::fake::{Condition, Model, Speed};
use antrean::printer::{Deadlines, Flow};
use antrean::queue::SlipState;
use antrean::slip::{Paper as Layout, Width};
use rows::{keep, median};
use rustix::termios::{OptionalActions, tcgetattr, tcsetattr};
use support::office::{Office, serial_at};
use support::paper::Paper;

const ROUNDS: usize = 5;
const BAUDS: [u32; 5] = [9600, 19_200, 38_400, 57_600, 115_200];
/// A page long enough for its beginning and end not to matter.
const LONG: usize = 24_000;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    weights();
    slips();
    line_use();
    faults();
}

/// The longest slip of MPP Langsa on each kind of paper.
fn weights() {
    let rules = config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap().rules;
    let logo = Layout { logo: Some(*b"A1"), ..Layout::usual(Width::Mm80) };
    let narrow = Layout { width: Width::Mm58, ..logo.clone() };
    let plain = Layout::usual(Width::Mm80);
    let basic = Layout { native_qr: false, cut: false, ..plain.clone() };
    println!("the longest slip of MPP Langsa");
    let mut heaviest = 0;
    for (name, paper) in [
        ("80 mm, logo in the printer, QR", logo),
        ("58 mm, logo in the printer, QR", narrow),
        ("80 mm, no logo, QR", plain),
        ("80 mm, no logo, no QR, no knife", basic),
    ] {
        let (bytes, agency, service) = config::heaviest(&rules, &paper).unwrap();
        println!("{name:<34} {bytes:>5} bytes  {agency}, {service}");
        heaviest = heaviest.max(bytes);
    }
    println!();
    keep("slip", &[heaviest as f64]);
}

/// One slip from commit to proof, at each speed of the line.
fn slips() {
    println!("a slip, Epson-like printer with process id, 150 mm/s; medians of {ROUNDS}");
    println!("{:>8} {:>7} {:>12} {:>14}", "baud", "bytes", "on the wire", "commit to proof");
    for baud in BAUDS {
        let paper = Paper::paced(Model::EPSON, Speed::USUAL, Some(baud));
        let mut office = Office::patient(serial_at(&paper, baud, Flow::None), None, Deadlines::default());
        office.wait_until_ready();
        let mut times = Vec::new();
        let before = paper.tape().len();
        for _ in 0..ROUNDS {
            let began = Instant::now();
            assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
            times.push(began.elapsed().as_secs_f64());
        }
        let bytes = (paper.tape().len() - before) / ROUNDS;
        let wire_s = bytes as f64 * 10.0 / f64::from(baud);
        println!("{baud:>8} {bytes:>7} {wire_s:>10.2} s {:>12.2} s", median(&times));
    }
}

/// Seconds from the first to the last byte of a long page, ours and the control's in turn.
fn line_use() {
    println!("\nline use: a page of {LONG} bytes, time of a bare write / our time, medians of {ROUNDS}");
    let cases = [
        ("line 9600, quick printer", Some(9600), Speed::INSTANT),
        ("line 115200, quick printer", Some(115_200), Speed::INSTANT),
        ("line 115200, printer takes 4000 B/s", Some(115_200), Speed { drain: Some(4000), paper: None }),
    ];
    let mut lowest = f64::INFINITY;
    for (name, baud, speed) in cases {
        let (mut ours, mut bare) = (Vec::new(), Vec::new());
        let rounds = if baud == Some(9600) { 3 } else { ROUNDS };
        for _ in 0..rounds {
            ours.push(page_time(baud, speed, by_the_house));
            bare.push(page_time(baud, speed, bare_write));
        }
        println!("{name:<38} {:>6.3}", median(&bare) / median(&ours));
        lowest = lowest.min(median(&bare) / median(&ours));
    }
    keep("line", &[lowest]);
}

fn page_time(baud: Option<u32>, speed: Speed, write: fn(&Paper, u32, Vec<u8>)) -> f64 {
    let paper = Paper::paced(Model::EPSON, speed, baud);
    let page = [b"\x1b@", vec![b'x'; LONG].as_slice(), b"\n\x1dV\x42\x00"].concat();
    std::thread::scope(|scope| {
        let (watched, length) = (&paper, page.len());
        let clock = scope.spawn(move || {
            // The probe's questions are not part of the page.
            let marked = |from: usize| {
                move |tape: &[u8]| tape.windows(8).any(|at| at == b"xxxxxxxx") && tape.len() >= from
            };
            watched.wait_for_tape(marked(0));
            let began = Instant::now();
            watched.wait_for_tape(marked(length));
            began.elapsed().as_secs_f64()
        });
        write(&paper, baud.unwrap_or(115_200), page);
        clock.join().unwrap()
    })
}

fn by_the_house(paper: &Paper, baud: u32, page: Vec<u8>) {
    let mut office = Office::patient(serial_at(paper, baud, Flow::None), None, Deadlines::default());
    office.wait_until_ready();
    office.printer.as_ref().unwrap().errands().bring(vec![page]).recv().unwrap();
}

fn bare_write(paper: &Paper, _: u32, page: Vec<u8>) {
    let mut line = std::fs::OpenOptions::new().read(true).write(true).open(paper.port()).unwrap();
    let mut modes = tcgetattr(line.as_fd()).unwrap();
    modes.make_raw();
    tcsetattr(line.as_fd(), OptionalActions::Now, &modes).unwrap();
    line.write_all(&page).unwrap();
    paper.wait_for_slips(1);
}

/// From the moment something is wrong until it is known: in the idle printer's health, and as the
/// committed fate of a slip that was on its way.
fn faults() {
    println!("\nfault to knowledge, usual deadlines, 19200 baud; worst of {ROUNDS}");
    println!("{:<12} {:>10} {:>16}", "fault", "idle", "during a slip");
    for fault in [Condition::PaperOut, Condition::CoverOpen, Condition::Mute, Condition::Unplugged] {
        let (mut idle, mut busy) = (Duration::ZERO, Duration::ZERO);
        for round in 0..ROUNDS {
            idle = idle.max(while_idle(fault, round));
            busy = busy.max(during_a_slip(fault));
        }
        println!("{:<12} {:>8.2} s {:>14.2} s", format!("{fault:?}"), idle.as_secs_f64(), busy.as_secs_f64());
    }
}

fn well(paper: &Paper) -> Office {
    let mut office = Office::patient(serial_at(paper, 19_200, Flow::None), None, Deadlines::default());
    office.wait_until_ready();
    office
}

fn while_idle(fault: Condition, round: usize) -> Duration {
    let paper = Paper::paced(Model::EPSON, Speed::USUAL, Some(19_200));
    let mut office = well(&paper);
    // Anywhere between two looks.
    std::thread::sleep(Duration::from_millis(1000 + 211 * round as u64));
    let began = Instant::now();
    paper.begin(fault);
    office.wait_for_health(|health| health.fault.is_some());
    began.elapsed()
}

fn during_a_slip(fault: Condition) -> Duration {
    let paper = Paper::paced(Model::EPSON, Speed::USUAL, Some(19_200));
    let office = well(&paper);
    paper.machine(|machine| machine.after_bytes(200, fault));
    let ticket = office.issue();
    paper.wait_for(|machine| machine.has(fault));
    let began = Instant::now();
    office.fate(ticket);
    began.elapsed()
}
