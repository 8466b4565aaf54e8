//! The printers of a simulated day: no paper for ten minutes, and one slip whose fate nobody can prove.

use chrono::TimeDelta;

use super::chance::Chance;
use super::hours::Stretch;
use crate::queue::{At, PrinterId, Proof, SlipOutcome, SlipTrouble};

/// How long a slip takes: a first byte, 130 mm of paper, the knife.
const SLIP: TimeDelta = TimeDelta::milliseconds(1800);
/// From the empty roll to the new one.
const WITHOUT_PAPER: TimeDelta = TimeDelta::minutes(10);

#[derive(Debug)]
pub struct Press {
    pub printer: PrinterId,
    /// When it has no paper.
    pub without_paper: Stretch,
    /// The first slip after this is uncertain.
    uncertain_from: Option<At>,
    busy_until: At,
}

impl Press {
    /// A printer between the first opening and the last closing.
    pub fn new(printer: &PrinterId, (open, close): Stretch, chance: &mut Chance) -> Self {
        let part = |share: f64| {
            open + TimeDelta::milliseconds(((close - open).num_milliseconds() as f64 * share) as i64)
        };
        let empty = part(0.2) + chance.minutes(0..=60);
        let doubt = part(0.05) + chance.minutes(0..=45);
        Self {
            printer: printer.clone(),
            without_paper: (empty, empty + WITHOUT_PAPER),
            uncertain_from: Some(doubt),
            busy_until: open,
        }
    }

    /// A slip is asked for now: when its fate is known.
    pub fn takes(&mut self, now: At) -> At {
        self.busy_until = self.busy_until.max(now) + SLIP;
        self.busy_until
    }

    /// What is wrong with it.
    pub fn trouble(&self, now: At) -> Option<SlipTrouble> {
        let (from, to) = self.without_paper;
        (from..to).contains(&now).then_some(SlipTrouble::PaperOut)
    }

    /// What became of a slip.
    pub fn outcome(&mut self, now: At) -> SlipOutcome {
        if let Some(trouble) = self.trouble(now) {
            return SlipOutcome::NotSent { trouble };
        }
        if self.uncertain_from.take_if(|from| *from <= now).is_some() {
            return SlipOutcome::Uncertain { trouble: SlipTrouble::Mute };
        }
        SlipOutcome::Printed { proof: Proof::Status }
    }
}
