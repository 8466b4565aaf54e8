//! The box on a disk that fails, and without power: whatever happens, nothing told is lost, given twice or
//! called twice, and the tables say what the journal says.
//!
//! The program itself runs here, on a disk of ours (`faulty`). The short forms run with `make test`; the long
//! ones, at every call and ten thousand times, with `make chaos`; their results stand in docs/reliability.md.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "../support/mod.rs"]
mod support;

mod audit;
mod cuts;
mod errand;
mod every_call;
mod faulty;
mod flash;
mod load;
mod rush;
mod slow;
mod tape;

use std::process::Command;

use support::program::{Desk, antrean};

/// How often the long form does something, or the short one.
fn long<T: std::str::FromStr>(name: &str, short: T) -> T {
    std::env::var(name).ok().map_or(short, |count| count.parse().ok().expect("a count"))
}

/// `antrean serve` at a desk, not started yet.
fn serve(desk: &Desk) -> Command {
    let mut command = antrean(&["serve", "--demo", "--listen", "127.0.0.1:0", "--config", &desk.config()]);
    command.arg("--data").arg(desk.data());
    command
}
