//! Whatever happens to a printer, at whatever byte: every ticket is on paper once or somebody is told,
//! and no number is ever on two papers. Short forms run here; `make faults` runs the long ones.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

mod support;

use std::collections::BTreeMap;
use std::time::Duration;

use antrean::fake::{Condition, Model, Speed};
use antrean::printer::{Deadlines, Flow, ProofLevel};
use antrean::queue::{SlipState, TicketId};
use support::office::{Office, serial, serial_at, short};
use support::paper::Paper;

/// It can be asked how it is and nothing more, and it has a knife, so that sheets are told apart.
const CHEAP: Model = Model { cutter: true, ..Model::CHEAP };
const MODELS: [(&str, Model, Option<ProofLevel>); 4] = [
    ("epson", Model::EPSON, None),
    ("generic", Model::GENERIC, None),
    ("cheap", CHEAP, None),
    ("silent", Model::SILENT, Some(ProofLevel::None)),
];

/// How much of a long run is done: all of it when the variable says so.
fn long(name: &str, short: usize) -> usize {
    std::env::var(name).ok().map_or(short, |value| value.parse().expect("a count"))
}

/// An office in which everything that happens is checked against the paper.
struct Trial {
    paper: Paper,
    office: Office,
    name: &'static str,
    tickets: Vec<(TicketId, String)>,
    /// What was done, for whoever has to understand a failure.
    story: Vec<String>,
}

impl Trial {
    fn open(name: &'static str, paper: Paper, proof: Option<ProofLevel>) -> Self {
        let office = Office::open(serial(&paper), proof);
        let mut trial = Self { paper, office, name, tickets: Vec::new(), story: Vec::new() };
        trial.wait_until_well();
        trial
    }

    fn wait_until_well(&mut self) {
        self.office.wait_for_health(|health| health.fault.is_none() && health.proof.is_some());
    }

    /// One visitor; the slip's state once its printer has reported.
    fn visit(&mut self) -> SlipState {
        let ticket = self.office.issue();
        let number = self.office.house.hall.present().day.ticket(ticket).unwrap().number.to_string();
        self.tickets.push((ticket, number.clone()));
        let fate = self.office.fate(ticket);
        self.story.push(format!("{number} {:?} {:?}", fate.state, fate.trouble));
        fate.state
    }

    /// Ends a fault as a person does, whether or not the slip was long enough for it to begin.
    fn mend(&mut self, fault: Condition) {
        self.story.push(format!("{fault:?} mended"));
        self.paper.machine(|machine| {
            machine.defuse();
            if !machine.has(fault) {
                machine.begin(fault);
            }
        });
        if fault == Condition::Unplugged {
            self.paper.wait_until_unplugged();
            self.paper.plug();
        } else {
            self.paper.end(fault);
        }
        self.wait_until_well();
    }

    /// The rule of the house, for every ticket so far.
    fn judge(&self) -> BTreeMap<&'static str, usize> {
        let slips = self.paper.slips();
        let mut states = BTreeMap::new();
        for (ticket, number) in &self.tickets {
            let state = self.office.slip(*ticket).state;
            let with_number: Vec<&String> = slips.iter().filter(|slip| bears(slip, number)).collect();
            let whole = with_number.iter().filter(|slip| slip.contains("Berlaku")).count();
            let told = self.story.iter().position(|line| line.starts_with(number.as_str())).unwrap_or(0);
            let story = &self.story[told.saturating_sub(6)..self.story.len().min(told + 6)];
            let about =
                format!("{}: {number} is {} and on {with_number:#?} {story:#?}", self.name, state.as_str());
            assert!(with_number.len() <= 1, "on two papers: {about}");
            match state {
                SlipState::Printed => assert_eq!(whole, 1, "no paper: {about}"),
                SlipState::NotSent => assert_eq!(with_number.len(), 0, "paper: {about}"),
                SlipState::Spoiled => assert_eq!(whole, 0, "whole: {about}"),
                SlipState::Queued => panic!("nobody said what became of it: {about}"),
                SlipState::Uncertain | SlipState::Sent => {}
            }
            *states.entry(state.as_str()).or_default() += 1;
        }
        for slip in &slips {
            let numbers = self.tickets.iter().filter(|(_, number)| bears(slip, number));
            assert!(numbers.count() <= 1, "{}: two slips on one paper: {slip} {:#?}", self.name, self.story);
        }
        states
    }
}

/// Whether a number stands on a sheet, as a line of its own: a reference may end in the same letters.
fn bears(slip: &str, number: &str) -> bool {
    slip.lines().any(|line| line.trim() == number)
}

#[test]
fn a_fault_at_any_byte_of_a_slip() {
    let step = long("ANTREAN_BYTE_STEP", 83);
    let faults = [
        Condition::PaperOut,
        Condition::CoverOpen,
        Condition::CutterJam,
        Condition::Unplugged,
        Condition::Mute,
        Condition::PowerOff,
    ];
    for (name, model, proof) in MODELS {
        let mut trial = Trial::open(name, Paper::of(model), proof);
        let before = trial.paper.tape().len();
        trial.visit();
        trial.paper.wait_for_slips(1);
        let length = trial.paper.tape().len() - before;
        let mut count = 0;
        for after in (1..=length).step_by(step) {
            for fault in faults {
                // Of a printer that never answers nobody can know that it was off.
                if fault == Condition::PowerOff && proof.is_some() {
                    continue;
                }
                trial.paper.machine(|machine| machine.after_bytes(after as u64, fault));
                let state = trial.visit();
                assert!(
                    proof.is_some() || state != SlipState::Sent,
                    "{name}: {fault:?} after {after} bytes: {state:?}"
                );
                trial.mend(fault);
                count += 1;
            }
            // The next visitor after each fault gets paper.
            assert!(matches!(trial.visit(), SlipState::Printed | SlipState::Sent));
        }
        let states = trial.judge();
        println!("{name}: {count} faults in a slip of {length} bytes: {states:?}");
    }
}

/// Whatever comes first behind a torn command is taken for the rest of it. A question there would be a
/// length, and the printer would swallow the next slips.
#[test]
fn a_plug_pulled_within_a_command_costs_no_later_slip() {
    let mut trial = Trial::open("epson", Paper::of(Model::EPSON), None);
    let before = trial.paper.tape().len();
    trial.visit();
    trial.paper.wait_for_slips(1);
    let length = trial.paper.tape().len() - before;
    // The question at the end says how long it is in its fourth and fifth byte.
    for after in length - 9..=length - 6 {
        trial.paper.machine(|machine| machine.after_bytes(after as u64, Condition::Unplugged));
        trial.visit();
        trial.mend(Condition::Unplugged);
        assert_eq!(trial.visit(), SlipState::Printed, "after {after} of {length} bytes");
    }
    trial.judge();
}

#[test]
fn a_printer_that_faults_at_random() {
    const FAULTS: [Condition; 11] = [
        Condition::PaperOut,
        Condition::CoverOpen,
        Condition::CutterJam,
        Condition::HeadHot,
        Condition::Unrecoverable,
        Condition::Mute,
        Condition::Babble,
        Condition::HalfAnswers,
        Condition::XoffStuck,
        Condition::Stalled,
        Condition::Unplugged,
    ];
    let slips = long("ANTREAN_SLIPS", 24);
    // Ten times as fast as a real one, so that faults fall into receiving, printing and waiting alike.
    let speed = Speed { drain: Some(40_000), paper: Some(1500) };
    for (name, model, proof) in MODELS {
        let mut trial = Trial::open(name, Paper::paced(model, speed, Some(115_200)), proof);
        let mut chance = Chance(0x5eed_a11e);
        for _ in 0..slips {
            let fault = FAULTS[chance.below(FAULTS.len())];
            let breaks = chance.below(3) > 0;
            if breaks {
                let after = chance.below(500) as u64 + 1;
                trial.story.push(format!("{fault:?} after {after} bytes"));
                trial.paper.machine(|machine| machine.after_bytes(after, fault));
            }
            let state = trial.visit();
            if breaks {
                // The visitor after it may come before anybody has mended it.
                if chance.below(4) == 0 {
                    trial.visit();
                }
                trial.mend(fault);
            } else if proof.is_none() {
                assert_eq!(state, SlipState::Printed, "{name}: a well printer");
            }
        }
        let states = trial.judge();
        println!("{name}: {} tickets: {states:?}", trial.tickets.len());
    }
}

#[test]
fn a_stuck_xoff_is_given_up_and_heals() {
    for flow in [Flow::None, Flow::Software] {
        let paper = Paper::of(Model::EPSON);
        let mut office = Office::open(serial_at(&paper, 19_200, flow), None);
        office.wait_until_ready();
        paper.begin(Condition::XoffStuck);
        let fault = office.wait_for_health(|health| health.fault.is_some()).fault.unwrap();
        assert_eq!(office.fate(office.issue()).state, SlipState::NotSent, "{fault:?}");
        paper.end(Condition::XoffStuck);
        office.wait_until_ready();
        assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
        assert_eq!((paper.sheets_of("A001"), paper.sheets_of("A002")), (0, 1));
    }
}

#[test]
fn two_printers_do_not_know_of_each_other() {
    let (well, broken) = (Paper::of(Model::EPSON), Paper::of(Model::GENERIC));
    broken.begin(Condition::Mute);
    let mut office = Office::open(serial(&well), None);
    let mut other = office.second(serial(&broken));
    office.wait_until_ready();
    let tickets: Vec<_> =
        (0..6).map(|n| office.issue_at(if n % 2 == 0 { "printer-1" } else { "printer-2" })).collect();
    for (n, ticket) in tickets.into_iter().enumerate() {
        let expected = if n % 2 == 0 { SlipState::Printed } else { SlipState::NotSent };
        assert_eq!(office.fate(ticket).state, expected, "ticket {n}");
    }
    assert_eq!((well.wait_for_slips(3).len(), broken.slips().len()), (3, 0));
    broken.end(Condition::Mute);
    other.wait_until_ready();
    assert_eq!(office.fate(office.issue_at("printer-2")).state, SlipState::Printed);
}

#[test]
fn a_slip_on_a_slow_line_is_not_called_printed_before_it_is() {
    // 9600 baud carry this slip in a third of a second, and the printer needs longer for its paper.
    let speed = Speed { drain: Some(40_000), paper: Some(300) };
    for (name, model, proof) in &MODELS[..3] {
        let paper = Paper::paced(*model, speed, Some(9600));
        let deadlines = Deadlines { paper: Duration::from_millis(700), ..short() };
        let mut office = Office::patient(serial_at(&paper, 9600, Flow::None), *proof, deadlines);
        office.wait_until_ready();
        for n in 1..=3 {
            assert_eq!(office.fate(office.issue()).state, SlipState::Printed, "{name}");
            assert_eq!(paper.slips().len(), n, "{name}: printed, and no paper yet");
        }
    }
}

/// Chance that is the same in every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap()
    }
}
