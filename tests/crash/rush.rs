//! The plug of the computer, pulled at any moment while everybody asks: kills at random under load.

use std::process::Command;
use std::time::Duration;

use antrean::fake::Model;

use crate::audit::{self, Told};
use crate::load::under_load;
use crate::support::paper::Paper;
use crate::support::program::{Desk, Running};
use crate::{long, serve};

/// So many kills on one folder, before it is looked at and another begins.
const A_LIFE: u32 = 25;

/// Kills so often, each time after another while; every tenth time while it starts.
fn killed_under_load(kills: u32, command: impl Fn(&Desk) -> Command) {
    let (mut tickets, mut calls, mut sheets) = (0, 0, 0);
    let mut kill = 0;
    while kill < kills {
        let paper = Paper::of(Model::EPSON);
        let desk = Desk::with_printer(&paper.port()).far_from_midnight();
        let mut told = Told::default();
        for _ in 0..A_LIFE.min(kills - kill) {
            kill += 1;
            // Spread over a third of a second, in no order.
            let after = Duration::from_millis(u64::from(kill * 7919 % 331));
            if kill.is_multiple_of(10) {
                let starting = Running::begin(command(&desk));
                std::thread::sleep(after);
                starting.kill();
                continue;
            }
            let running = Running::start(command(&desk));
            let address = running.address.clone();
            told.add(under_load(&desk, &address, true, || {
                std::thread::sleep(after);
                running.kill();
            }));
        }
        // The last start folds whatever is there.
        let running = Running::start(serve(&desk));
        assert!(desk.issue(&running.address).is_some());
        running.kill();
        audit::check(&desk.data(), &told, &format!("after {kill} kills"));
        for number in told.numbers() {
            let papers = paper.sheets_of(number);
            assert!(papers <= 1, "{number} is on {papers} papers, after {kill} kills");
            sheets += papers;
        }
        (tickets, calls) = (tickets + told.tickets(), calls + told.calls());
        if kill.is_multiple_of(1_000) {
            println!("{kill} of {kills} kills");
        }
    }
    assert!(
        tickets > kills as usize / 2 && calls > 0 && sheets > 0,
        "{tickets} tickets, {calls} calls, {sheets} sheets"
    );
    println!(
        "{kill} kills: {tickets} numbers and {calls} calls were told, {sheets} papers; none lost, none twice"
    );
}

#[test]
fn killed_at_random_under_load() {
    killed_under_load(long("ANTREAN_KILLS", 12), serve);
}

#[test]
#[ignore = "needs a display: make chaos"]
fn killed_at_random_with_its_window_open() {
    let display = std::env::var("DISPLAY").expect("a display");
    killed_under_load(long("ANTREAN_WINDOW_KILLS", 10), |desk| {
        let mut command = serve(desk);
        let args: Vec<_> = command.get_args().skip(1).map(ToOwned::to_owned).collect();
        command = crate::support::program::antrean(&["run"]);
        command.args(args).env("DISPLAY", &display);
        command
    });
}
