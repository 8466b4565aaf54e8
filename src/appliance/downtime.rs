//! Has the journal know when a printer, the kiosk or the box itself was out.
//!
//! What lasts less than a round is not written down: a cover that is opened and closed is no downtime, and a
//! cable with a loose contact must not fill the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::hall::Hall;
use crate::health::{PrinterNow, Starts, lives};
use crate::queue::{At, BoxTrouble, Command, KioskId, KioskTrouble, Part, PartTrouble};
use crate::tasks::Pulse;

/// Between two rounds.
const EVERY: Duration = Duration::from_secs(5);
/// A box that wrote nothing into its journal for so long notes that it lives. Every line of the journal says so
/// too, and busy hours cost nothing.
const QUIET: TimeDelta = TimeDelta::minutes(1);

/// Time without the box, before it started.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dark {
    trouble: BoxTrouble,
    from: At,
    /// Milliseconds since the machine was switched on, when it was over.
    until_boot_ms: i64,
}

impl Dark {
    /// What is known of it now that the hall is open. Nothing where the box runs for the first time, or the last
    /// run ended at a time that nobody believed.
    pub fn before(data: &Path, starts: &Starts, hall: &Hall, clock: &Clock) -> Option<Self> {
        let lived = lives::read(data)?;
        let (_, until_boot_ms) = clock.read();
        Some(Self {
            trouble: starts.was?,
            from: hall.left_at().map_or(lived, |left| left.max(lived)),
            until_boot_ms,
        })
    }

    /// The wish to write it down, at the time of the house as it is believed to be now.
    fn report(&self, clock: &Clock) -> Command {
        let (_, boot_ms) = clock.read();
        let to = clock.now() - TimeDelta::milliseconds(boot_ms - self.until_boot_ms);
        Command::ReportDark { trouble: self.trouble, from: self.from, to }
    }
}

/// The kiosk of this box.
#[derive(Debug)]
pub enum Window {
    /// It shall be shown, and gives signs of life; none where there is no display to show it on.
    Wanted(Option<Pulse>),
    /// The box runs without it on purpose.
    NotWanted,
}

impl Window {
    fn trouble(&self) -> Option<KioskTrouble> {
        match self {
            Self::NotWanted => None,
            Self::Wanted(None) => Some(KioskTrouble::NoWindow),
            Self::Wanted(Some(pulse)) => (!pulse.is_alive(Instant::now())).then_some(KioskTrouble::Hung),
        }
    }
}

/// Whoever goes round.
#[derive(Debug)]
pub struct Rounds {
    data: PathBuf,
    hall: Hall,
    clock: Clock,
    printers: watch::Receiver<Vec<PrinterNow>>,
    kiosk: Option<(KioskId, Window)>,
    dark: Option<Dark>,
    /// What was found in the round before: only what is so twice is told.
    found: BTreeMap<Part, Option<PartTrouble>>,
    /// What was noted last as the sign of life.
    noted: Option<Option<At>>,
}

impl Rounds {
    /// Of a box with its data in a folder; `kiosk` is the one that it shows, `dark` what went before its start.
    pub fn new(
        data: PathBuf,
        (hall, clock): (Hall, Clock),
        printers: watch::Receiver<Vec<PrinterNow>>,
        kiosk: Option<(KioskId, Window)>,
        dark: Option<Dark>,
    ) -> Self {
        Self { data, hall, clock, printers, kiosk, dark, found: BTreeMap::new(), noted: None }
    }

    /// Goes round until the hall has ended.
    pub async fn keep(mut self) {
        while !self.hall.is_over() {
            self.go().await;
            tokio::time::sleep(EVERY).await;
        }
    }

    /// One round.
    pub async fn go(&mut self) {
        for command in self.reports() {
            // A hall that is busy is told in the next round.
            let _ = self.hall.execute(command).await;
        }
        self.tell_of_the_dark().await;
        self.note_life().await;
    }

    /// What the journal does not know yet, of what was so in the round before too: a cover that is opened for a
    /// second is no outage, and a loose contact does not fill the journal.
    fn reports(&mut self) -> Vec<Command> {
        let found = self.look();
        let before = std::mem::replace(&mut self.found, found);
        let day = &self.hall.present().day;
        let lasts = self.found.iter().filter(|(part, trouble)| before.get(part) == Some(trouble));
        lasts
            .filter(|(part, trouble)| day.failed(part).map(|failure| failure.trouble) != **trouble)
            .map(|(part, trouble)| Command::ReportPart { part: part.clone(), trouble: *trouble, since: None })
            .collect()
    }

    /// How each part is.
    fn look(&self) -> BTreeMap<Part, Option<PartTrouble>> {
        let printers = self.printers.borrow();
        let heard = printers.iter().filter(|printer| printer.is_known());
        let of_printers =
            heard.map(|now| (Part::Printer(now.id.clone()), now.fault.map(PartTrouble::Printer)));
        let of_kiosk = self
            .kiosk
            .iter()
            .map(|(id, window)| (Part::Kiosk(id.clone()), window.trouble().map(PartTrouble::Kiosk)));
        of_printers.chain(of_kiosk).collect()
    }

    /// As soon as the time is believed: before that nobody knows how long it was.
    async fn tell_of_the_dark(&mut self) {
        if self.hall.present().day.clock().doubt.is_none()
            && let Some(dark) = self.dark.take()
            && self.hall.execute(dark.report(&self.clock)).await.is_err()
        {
            self.dark = Some(dark);
        }
    }

    async fn note_life(&mut self) {
        let (now, present) = (self.clock.now(), self.hall.present());
        let believed = present.day.clock().doubt.is_none();
        let told = present.day.last_at().filter(|_| believed).max(self.noted.flatten());
        let is_quiet = told.is_none_or(|told| now - told >= QUIET || now < told);
        let life = believed.then_some(now);
        if self.noted.is_none_or(|noted| noted.is_some() != believed || (believed && is_quiet)) {
            self.noted = Some(life);
            let data = self.data.clone();
            // A disk that hangs is waited for by nobody else.
            let written = tokio::task::spawn_blocking(move || lives::note(&data, life)).await;
            if let Ok(Err(error)) = written {
                tracing::warn!(code = "lives", %error, "the sign of life cannot be noted");
            }
        }
    }
}

/// The last sign of life of a box that ends in order.
///
/// # Errors
/// The folder cannot be written.
pub fn leave(data: &Path, hall: &Hall, clock: &Clock) -> std::io::Result<()> {
    let believed = hall.present().day.clock().doubt.is_none();
    lives::note(data, believed.then(|| clock.now()))
}
