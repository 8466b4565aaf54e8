//! What is known of the box at one moment.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use super::Starts;
use crate::clock::Clock;
use crate::hall::Hall;
use crate::queue::{At, Doubt, PrinterId, Recovered, SlipTrouble, Text, TicketState};

/// Everything that the lines are made of.
#[derive(Debug, Clone, PartialEq)]
pub struct Facts {
    pub hall: HallNow,
    pub printers: Vec<PrinterNow>,
    /// The time of the house, and what the system's clock shows.
    pub now: At,
    pub system: At,
    pub doubt: Option<Doubt>,
    /// Today's journal is not the one that was written last.
    pub recovered: Option<Recovered>,
    pub waiting: usize,
    pub issued: usize,
    /// Seconds since the program, and since the machine started.
    pub up_s: u64,
    pub machine_up_s: u64,
    pub sight: Sight,
}

impl Facts {
    /// Of a box whose program runs for `up_s` seconds; without a hall it is still opening.
    pub fn of(
        hall: Option<&Hall>,
        clock: &Clock,
        up_s: u64,
        printers: Vec<PrinterNow>,
        sight: Sight,
    ) -> Self {
        let present = hall.map(Hall::present);
        let day = present.as_ref().map(|present| &present.day);
        let (system, machine_ms) = clock.read();
        let waits = |ticket: &&crate::queue::Ticket| ticket.state == TicketState::Waiting;
        Self {
            hall: match hall {
                None => HallNow::Opening,
                Some(hall) if hall.is_over() => HallNow::Gone,
                Some(hall) if hall.is_ailing() => HallNow::Ailing,
                Some(_) => HallNow::Open,
            },
            printers,
            now: clock.now(),
            system,
            doubt: day.and_then(|day| day.clock().doubt),
            recovered: day.and_then(|day| day.recovered().cloned()),
            waiting: day.map_or(0, |day| day.tickets().filter(waits).count()),
            issued: day.map_or(0, |day| day.tickets().count()),
            up_s,
            machine_up_s: u64::try_from(machine_ms / 1000).unwrap_or(0),
            sight,
        }
    }
}

/// What is seen by looking at the machine. What nobody looked at has no line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sight {
    /// None: not looked yet.
    pub surroundings: Option<Surroundings>,
    pub display: Option<Display>,
    pub sound: Option<Sound>,
    pub database: Option<Database>,
    pub backup: Option<Backup>,
    pub config: Option<ConfigNow>,
    pub starts: Option<Starts>,
    /// Since when what is wrong with the machine is so, by the line's key.
    pub since: BTreeMap<String, At>,
}

/// Whether numbers can be given at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HallNow {
    Opening,
    /// Looked at from outside, while no box runs.
    NotRunning,
    Open,
    /// The disk takes nothing: the last attempt to write failed.
    Ailing,
    Gone,
}

/// How a printer proves that paper came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// It has not been heard yet.
    NotKnown,
    None,
    /// It is asked before and after each slip.
    Asked,
    /// It answers behind each slip.
    Answered,
}

/// A printer, now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrinterNow {
    pub id: PrinterId,
    pub name: Text,
    pub port: String,
    /// A word of the printer's: `unknown`, `ready`, `unproven`, `fault`.
    pub state: &'static str,
    pub fault: Option<SlipTrouble>,
    /// The roll will end soon.
    pub near_end: bool,
    /// Slips that still fit on it, where that can be told.
    pub slips_left: Option<u32>,
    pub proof: Proof,
    /// Since when its fault, or the end of its roll, is as it is.
    pub since: At,
}

impl PrinterNow {
    /// One that nobody has heard yet.
    pub fn unheard(id: PrinterId, name: Text, since: At) -> Self {
        Self {
            id,
            name,
            port: "preview".to_owned(),
            state: "unknown",
            fault: None,
            near_end: false,
            slips_left: None,
            proof: Proof::NotKnown,
            since,
        }
    }

    /// One that prints and has nothing to complain of.
    pub fn well(id: PrinterId, name: Text, since: At) -> Self {
        Self { state: "ready", proof: Proof::Answered, ..Self::unheard(id, name, since) }
    }

    /// The same with a trouble.
    pub fn in_trouble(self, fault: SlipTrouble) -> Self {
        Self { state: "fault", fault: Some(fault), ..self }
    }

    /// It was heard, or tried.
    pub fn is_known(&self) -> bool {
        self.state != "unknown"
    }
}

/// Where the box stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Surroundings {
    /// This machine on its networks; loopback is none.
    pub addresses: Vec<IpAddr>,
    /// Where console and lobby shall be, and where they are.
    pub listen: SocketAddr,
    pub listening: Option<SocketAddr>,
    /// Browsers come there by TLS.
    pub https: bool,
    pub data: PathBuf,
    /// Bytes that fit into the data folder; none where that cannot be told.
    pub free: Option<u64>,
}

/// The kiosk's window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Display {
    Shown,
    /// There is a kiosk to be shown here, and no display to show it on.
    Missing,
}

/// The loudspeaker of the box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sound {
    /// The config wants none.
    Off,
    Heard,
    /// It cannot be opened.
    Silent,
}

/// The database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// None where it cannot be told.
    pub bytes: Option<u64>,
}

/// The copies that are made at night.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// The newest one that was verified.
    pub last_good: Option<(At, PathBuf)>,
    /// The last attempt failed: when and why.
    pub trouble: Option<(At, String)>,
    /// When the box was begun, where that is known: no night before it was missed.
    pub begun: Option<At>,
}

/// The config in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigNow {
    pub applied: At,
    /// Started on the copy of the last good one, because the file could not be used.
    pub last_good: bool,
    /// What is wrong with the file as it is now; it is not applied.
    pub rejected: Option<String>,
    /// What has been changed and waits for the day's end or a restart.
    pub waiting: Vec<Text>,
}
