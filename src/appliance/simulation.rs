//! A house in which simulated days are performed: the same rooms, a clock that the play moves, printers that
//! draw, and data that are thrown away. Between two days the house does what it does every night.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use tokio::sync::watch;

use super::{Ended, Plan};
use crate::clock::{Clock, SetClock};
use crate::config::Port;
use crate::hall::Hall;
use crate::printer::{self, Errands, Healths, Printer, PrinterHealth, PrinterState};
use crate::queue::{At, Forecast, PrinterId, Rules, SlipId, forecast, turn};
use crate::simulate::{self, Between, Pace, Played, Season, Sight, Sums};
use crate::slip::{self, Paper, Slip};
use crate::store::backup::BackupNote;
use crate::store::{OpenError, empty_scratch, lines_of};

/// What became of one simulated day.
#[derive(Debug, Clone)]
pub struct DayOutcome {
    pub date: NaiveDate,
    pub sums: Sums,
    pub turned_away: u32,
    /// Where the journal and what people were told differ, or what else went wrong.
    pub faults: Vec<String>,
}

/// What became of all of them.
pub struct Outcome {
    pub ended: Ended,
    /// Those that were played, the last one perhaps in part.
    pub days: Vec<DayOutcome>,
}

/// What is done in the evening of each day.
pub struct Evening {
    /// Hears what became of the day.
    pub tell: Box<dyn FnMut(&DayOutcome) + Send>,
    /// Where the house waits for somebody to say that it may go on: one word a day.
    pub go_on: Option<Receiver<()>>,
}

/// How long a night's work may take: a backup of a database of many years takes minutes.
const NIGHT: Duration = Duration::from_secs(600);
/// How often it is looked whether it is done, or whether the house shall leave.
const LOOK: Duration = Duration::from_millis(10);

/// Performs a season in a house of its own, on a folder that is emptied before.
///
/// # Errors
/// The folder is not the simulation's.
pub fn simulate(mut plan: Plan, season: Season, pace: Pace, evening: Evening) -> Result<Outcome, OpenError> {
    empty_scratch(&plan.data)?;
    // No slip of a day that never was comes out of a printer of the house.
    plan.config.printers.iter_mut().for_each(|printer| printer.port = Port::Preview);
    // And no backup of it lies among those that count.
    (plan.config.backup.folder, plan.config.backup.also) = (None, None);
    let (clock, hand) = Clock::set(season.begins());
    let days = Arc::default();
    let show = Show { season, pace, clock: clock.clone(), hand, evening, days: Arc::clone(&days) };
    let ended = super::open(plan, clock, Some(show));
    let days = std::mem::take(&mut *days.lock().unwrap_or_else(PoisonError::into_inner));
    Ok(Outcome { ended, days })
}

/// A day as its journal has it.
fn looked_back(data: &Path, rules: &Rules, date: NaiveDate, played: &Played) -> DayOutcome {
    let (turned_away, mut day) = (played.turned_away, Sums::default());
    let faults = match lines_of(data, date) {
        Ok(mut lines) => {
            // What people did meanwhile belongs to whoever looks next.
            lines.retain(|line| line.seq <= played.seq);
            day = Sums::of(rules, &lines);
            simulate::faults(&lines, played)
        }
        Err(error) => vec![format!("the journal cannot be read: {error}")],
    };
    DayOutcome { date, sums: day, turned_away, faults }
}

/// A season, and what it needs to be performed.
pub(super) struct Show {
    season: Season,
    pace: Pace,
    clock: Clock,
    hand: SetClock,
    evening: Evening,
    days: Arc<Mutex<Vec<DayOutcome>>>,
}

/// A season that is being performed.
pub(super) struct Performance {
    leaving: Arc<AtomicBool>,
    over: watch::Receiver<bool>,
}

impl Show {
    /// A day that runs faster than anybody speaks is played in silence.
    pub(super) fn is_spoken(&self) -> bool {
        self.pace == Pace::Times(1.0)
    }

    /// A single day is over before anything is done at night.
    pub(super) fn has_nights(&self) -> bool {
        self.season.dates().len() > 1
    }

    /// Begins, on a thread of its own; `backups` is how the last backup went.
    pub(super) fn begin(
        self,
        plan: &Plan,
        hall: &Hall,
        printers: &[Printer],
        healths: watch::Sender<Healths>,
        backups: watch::Receiver<BackupNote>,
    ) -> Performance {
        let leaving = Arc::new(AtomicBool::new(false));
        let (tell, over) = watch::channel(false);
        let desks = plan.config.printers.iter().zip(printers);
        let drawer = Drawer {
            hall: hall.clone(),
            clock: self.clock.clone(),
            healths,
            // Nobody looks at a day that is over in seconds.
            draws: self.pace != Pace::Max,
            printers: desks
                .map(|(config, printer)| (config.id.clone(), config.paper.clone(), printer.errands()))
                .collect(),
        };
        let house = House {
            hall: hall.clone(),
            data: plan.data.clone(),
            rules: plan.config.rules.clone(),
            nightly_at: plan.config.backup.at,
            backups,
            leaving: leaving.clone(),
        };
        crate::tasks::thread("simulation", move || {
            self.perform(&house, drawer);
            tell.send_replace(true);
        });
        Performance { leaving, over }
    }

    fn perform(self, house: &House, mut drawer: Drawer) {
        let Evening { mut tell, go_on } = self.evening;
        let mut evening = |date, played: Played| {
            let day = looked_back(&house.data, &house.rules, date, &played);
            // Whoever pressed Enter during the day did not mean this evening.
            go_on.iter().for_each(|go_on| while go_on.try_recv().is_ok() {});
            tell(&day);
            self.days.lock().unwrap_or_else(PoisonError::into_inner).push(day);
            if let Some(go_on) = &go_on {
                house.wait_for(go_on);
            }
        };
        let between = Between {
            nightly_at: house.nightly_at,
            evening: &mut evening,
            night: &mut |due| house.wait_for_the_backup(due),
        };
        let show = |sight| drawer.show(sight);
        simulate::perform_season(
            &self.season,
            &house.hall,
            &self.hand,
            self.pace,
            &house.leaving,
            show,
            between,
        );
    }
}

/// What the days have in common.
struct House {
    hall: Hall,
    data: PathBuf,
    rules: Rules,
    nightly_at: chrono::NaiveTime,
    backups: watch::Receiver<BackupNote>,
    leaving: Arc<AtomicBool>,
}

impl House {
    fn must_leave(&self) -> bool {
        self.leaving.load(Ordering::Relaxed) || self.hall.is_over()
    }

    /// Until somebody says so, or nobody is there any more who could.
    fn wait_for(&self, go_on: &Receiver<()>) {
        while !self.must_leave() {
            match go_on.recv_timeout(LOOK) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(()) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// The clock stands meanwhile: the night is as long as its work.
    fn wait_for_the_backup(&self, due: At) -> Result<(), String> {
        let until = Instant::now() + NIGHT;
        while !self.must_leave() {
            let note = self.backups.borrow().clone();
            if note.last_good.is_some_and(|good| good.at >= due) {
                return Ok(());
            }
            if let Some(trouble) = note.last_trouble.filter(|trouble| trouble.at >= due) {
                return Err(format!("no backup was taken: {}", trouble.message));
            }
            if Instant::now() >= until {
                return Err("no backup was taken".to_owned());
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }
}

impl Performance {
    /// Lets the play end where it is.
    pub(super) async fn leave(mut self) {
        self.leaving.store(true, Ordering::Relaxed);
        let _ = self.over.wait_for(|over| *over).await;
    }
}

/// Waits for the end of the play; for ever where there is none.
pub(super) async fn over(performance: Option<&Performance>) {
    match performance {
        Some(performance) => drop(performance.over.clone().wait_for(|over| *over).await),
        None => std::future::pending().await,
    }
}

/// Shows what happens at the printers.
struct Drawer {
    hall: Hall,
    clock: Clock,
    healths: watch::Sender<Healths>,
    draws: bool,
    printers: Vec<(PrinterId, Paper, Errands)>,
}

impl Drawer {
    fn show(&mut self, sight: Sight) {
        match sight {
            Sight::Printer { printer, trouble } => {
                let well = PrinterHealth { state: PrinterState::Ready, ..PrinterHealth::UNKNOWN };
                let health = trouble.map_or(well, PrinterHealth::fault);
                self.healths.send_modify(|all| match all.iter_mut().find(|(known, _)| *known == printer) {
                    Some((_, known)) => *known = health,
                    None => all.push((printer.clone(), health)),
                });
            }
            Sight::Slip { slip } if self.draws => drop(self.draw(slip)),
            Sight::Slip { .. } => {}
        }
    }

    /// The picture of a slip, for `/preview`.
    fn draw(&self, slip: SlipId) -> Option<()> {
        let present = self.hall.present();
        let (rules, day) = (&present.rules, &present.day);
        let record = day.slip(slip)?;
        let ticket = day.ticket(record.ticket)?;
        let (_, paper, errands) = self.printers.iter().find(|(id, ..)| *id == record.printer)?;
        let forecast = forecast::of_ticket(rules, day, ticket, self.clock.now());
        let content = Slip {
            reprint: record.reprint,
            demo: true,
            wait_min: forecast.map(Forecast::minutes),
            ..printer::content(rules, day, ticket, turn::ahead(rules, day, ticket))
        };
        let page = slip::bytes(&content, paper);
        let page = page.inspect_err(|error| tracing::error!(%error, %slip, "a slip cannot be laid out"));
        // Whether the picture was drawn is seen there.
        drop(errands.bring(vec![page.ok()?]));
        Some(())
    }
}
