//! A house in which a simulated day is performed: the same rooms, a clock that the play moves, printers that
//! draw, and data that are thrown away.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::{Ended, Plan};
use crate::clock::{Clock, SetClock};
use crate::config::Port;
use crate::hall::Hall;
use crate::printer::{self, Errands, Healths, Printer, PrinterHealth, PrinterState};
use crate::queue::{Forecast, PrinterId, Recorded, SlipId, forecast, turn};
use crate::simulate::{self, Pace, Play, Played, Sight};
use crate::slip::{self, Paper, Slip};
use crate::store::{DataFolder, OpenError, Writer, empty_scratch};

/// What became of a simulated day.
pub struct Outcome {
    pub ended: Ended,
    pub sums: simulate::Sums,
    pub turned_away: u32,
    /// Where the journal and what people were told differ.
    pub faults: Vec<String>,
}

/// Performs a play in a house of its own, on a folder that is emptied before.
///
/// # Errors
/// The folder is not the simulation's, or its journal cannot be read afterwards.
pub fn simulate(mut plan: Plan, play: Play, pace: Pace) -> Result<Outcome, OpenError> {
    empty_scratch(&plan.data)?;
    // No slip of a day that never was comes out of a printer of the house.
    plan.config.printers.iter_mut().for_each(|printer| printer.port = Port::Preview);
    let (data, rules) = (plan.data.clone(), plan.config.rules.clone());
    let (clock, hand) = Clock::set(play.begins());
    let played = Arc::default();
    let show = Show { play, pace, clock: clock.clone(), hand, played: Arc::clone(&played) };
    let ended = super::open(plan, clock, Some(show));
    let played = played.lock().unwrap_or_else(PoisonError::into_inner).take();
    let Some(played) = played else {
        let faults = vec!["the day was not played".to_owned()];
        return Ok(Outcome { ended, sums: Default::default(), turned_away: 0, faults });
    };
    let journal = read_back(&data)?;
    Ok(Outcome {
        ended,
        sums: simulate::Sums::of(&rules, &journal),
        turned_away: played.turned_away,
        faults: simulate::faults(&journal, &played),
    })
}

/// What is on disk, once the hall has let go of it.
fn read_back(data: &Path) -> Result<Vec<Recorded>, OpenError> {
    let until = Instant::now() + LAST_COMMIT;
    loop {
        match DataFolder::open(data) {
            Err(OpenError::InUse { .. }) if Instant::now() < until => {
                std::thread::sleep(Duration::from_millis(10));
            }
            folder => return Writer::open(folder?)?.lines(),
        }
    }
}

/// How long the hall of a house that was left may still hold its files.
const LAST_COMMIT: Duration = Duration::from_secs(10);

/// A play, and what it needs to be performed.
pub(super) struct Show {
    play: Play,
    pace: Pace,
    clock: Clock,
    hand: SetClock,
    played: Arc<Mutex<Option<Played>>>,
}

/// A play that is being performed.
pub(super) struct Performance {
    leaving: Arc<AtomicBool>,
    over: watch::Receiver<bool>,
}

impl Show {
    /// A day that runs faster than anybody speaks is played in silence.
    pub(super) fn is_spoken(&self) -> bool {
        self.pace == Pace::Times(1.0)
    }

    /// Begins, on a thread of its own.
    pub(super) fn begin(
        self,
        plan: &Plan,
        hall: &Hall,
        printers: &[Printer],
        healths: watch::Sender<Healths>,
    ) -> Performance {
        let leaving = Arc::new(AtomicBool::new(false));
        let (tell, over) = watch::channel(false);
        let (asked, hall) = (leaving.clone(), hall.clone());
        let desks = plan.config.printers.iter().zip(printers);
        let mut drawer = Drawer {
            hall: hall.clone(),
            clock: self.clock,
            healths,
            // Nobody looks at a day that is over in seconds.
            draws: self.pace != Pace::Max,
            printers: desks
                .map(|(config, printer)| (config.id.clone(), config.paper.clone(), printer.errands()))
                .collect(),
        };
        crate::tasks::thread("simulation", move || {
            let show = |sight| drawer.show(sight);
            let played = simulate::perform(self.play, &hall, &self.hand, self.pace, &asked, show);
            *self.played.lock().unwrap_or_else(PoisonError::into_inner) = Some(played);
            tell.send_replace(true);
        });
        Performance { leaving, over }
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
