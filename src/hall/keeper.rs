//! The thread behind the door.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::{oneshot, watch};

use super::Fate;
use super::batch::{self, Draft, Outcome};
use super::bell::Bells;
use super::door::gather;
use super::pins::Pins;
use super::present::Present;
use super::request::{Done, Knock, No, Request};
use crate::clock::Clock;
use crate::queue::event::InForce;
use crate::queue::rules::{self, Line, Rules, When};
use crate::queue::{At, Command, Event, HouseTime, Reading, calendar};
use crate::store::{Failure, Savepoints, SiteKey, Writer};
use crate::tasks::Pulse;

/// How long the hall sleeps at most: a clock that jumped is noticed by then.
const NAP: Duration = Duration::from_secs(1);
/// How long a disk may take for a transaction before the hall counts as hung: cheap flash stalls for seconds.
const WRITING: Duration = Duration::from_secs(60);

/// What the house sees of the hall's thread from outside.
pub struct Signs {
    pub pulse: Pulse,
    /// The last batch could not be written.
    pub ailing: Arc<AtomicBool>,
}

pub struct Keeper {
    writer: Writer,
    key: SiteKey,
    clock: Clock,
    time: HouseTime,
    present: Arc<Present>,
    publish: watch::Sender<Arc<Present>>,
    bells: Bells,
    pins: Pins,
    /// When something opens, closes or changes by itself next; none before the first tick.
    due: Option<At>,
    ticked_at: Option<At>,
    /// The last batch could not be written.
    ailing: bool,
    signs: Signs,
}

impl Keeper {
    pub fn new(
        writer: Writer,
        clock: Clock,
        present: Arc<Present>,
        publish: watch::Sender<Arc<Present>>,
        bells: Bells,
        pins: Pins,
        signs: Signs,
    ) -> Self {
        let key = writer.key().clone();
        let day = &present.day;
        // A journal that was put back may end long before the house did.
        let known_at = writer.recovery().and_then(|recovery| recovery.known_at);
        let time = HouseTime::start(&present.rules, day.last_at().max(known_at), day.clock(), read(&clock));
        Self {
            writer,
            key,
            clock,
            time,
            present,
            publish,
            bells,
            pins,
            due: None,
            ticked_at: None,
            ailing: false,
            signs,
        }
    }

    /// What every start begins with, before anybody can knock: the last run's slips are settled and
    /// the clock is looked at, so that no printer ever finds an old slip waiting; and what was lost is said,
    /// so that no number of today is given again.
    pub fn begin(&mut self) -> Result<(), No> {
        let (reply, settled) = oneshot::channel();
        let mut own = vec![Knock::Wish { request: Command::Settle.into(), reply }];
        let mut heard = vec![settled];
        let recovery = self.writer.recovery().cloned().map(Command::Recover);
        let hash = self.present.rules.hash.clone();
        let in_force = (!hash.is_empty()).then_some(Command::ChangeRules(InForce { hash, partly: false }));
        for command in [recovery, in_force].into_iter().flatten() {
            let (reply, done) = oneshot::channel();
            own.push(Knock::Wish { request: command.into(), reply });
            heard.push(done);
        }
        let _ = self.serve(&mut own);
        for mut done in heard {
            done.try_recv().unwrap_or(Err(No::Gone))?;
        }
        self.writer.cover(&self.present.day);
        Ok(())
    }

    /// Puts other rules in force, in a transaction of their own: whoever comes before them is served by the old
    /// ones, whoever comes after by the new.
    fn change_rules(
        &mut self,
        wanted: &Rules,
        reply: oneshot::Sender<Result<Vec<Line>, No>>,
    ) -> Result<(), Fate> {
        let (rules, lines) = rules::change(&self.present.rules, wanted, &self.present.day);
        let partly = lines.iter().any(|line| line.when != When::Now);
        let command = Command::ChangeRules(InForce { hash: wanted.hash.clone(), partly });
        let (tell, mut noted) = oneshot::channel();
        let before = self.present.clone();
        // The line is told of with the board of the new rules, so they are the rules of its transaction.
        self.present = Arc::new(before.under(Arc::new(rules)));
        if let Err(fate) = self.serve(&mut vec![Knock::Wish { request: command.into(), reply: tell }]) {
            if fate == Fate::UnknownCommit {
                // Which rules the next start finds nobody knows: a dropped reply would be an answer too.
                std::mem::forget(reply);
            }
            return Err(fate);
        }
        let answer = match noted.try_recv().unwrap_or(Err(No::Gone)) {
            Ok(_) => {
                self.publish.send_replace(self.present.clone());
                // What is open, and until when, is another question now.
                self.due = None;
                Ok(lines)
            }
            Err(no) => {
                // What the clock made of the day meanwhile is on disk all the same.
                self.present = Arc::new(self.present.under(before.rules.clone()));
                self.publish.send_replace(self.present.clone());
                Err(no)
            }
        };
        let _ = reply.send(answer);
        Ok(())
    }

    /// Serves the door until it is closed or the disk's answer is unknown.
    pub fn run(mut self, door: &Receiver<Knock>) -> Fate {
        let mut waiting = Vec::new();
        let mut open = true;
        let mut company = 0;
        loop {
            self.signs.pulse.beat();
            open &= !gather(door, &mut waiting, self.nap(), company);
            company = waiting.len();
            let now = self.look_at_the_clock();
            let nothing = waiting.is_empty() && !self.is_due(now) && self.about_the_clock().is_none();
            self.signs.pulse.within(WRITING);
            if nothing {
                self.writer.cover_ahead(now);
            } else if let Err(fate) = self.serve(&mut waiting) {
                return fate;
            }
            if !open {
                self.signs.pulse.rest();
                return Fate::Closed;
            }
        }
    }

    /// Grants or refuses what waits, in one transaction.
    fn serve(&mut self, waiting: &mut Vec<Knock>) -> Result<(), Fate> {
        while let Some(at) = waiting.iter().position(|knock| matches!(knock, Knock::Rules { .. })) {
            let mut before: Vec<Knock> = waiting.drain(..=at).collect();
            let Some(Knock::Rules { wanted, reply }) = before.pop() else { continue };
            self.serve(&mut before)?;
            self.change_rules(&wanted, reply)?;
        }
        let now = self.look_at_the_clock();
        let about_the_clock = self.about_the_clock();
        // A clock that is believed again moves the stops and holds of the time in doubt.
        let due = about_the_clock.is_some() || self.is_due(now);
        let own: Vec<Request> =
            about_the_clock.into_iter().chain(due.then_some(Command::Tick)).map(Request::from).collect();
        let ticked_at = due.then_some(now);
        let mut written = self.write(&own, waiting, now, ticked_at, Savepoints::None);
        if let (_, Err(Failure::Mixed(_))) = written {
            written = self.write(&own, waiting, now, ticked_at, Savepoints::Each);
        }
        self.ailing = written.1.is_err();
        self.signs.ailing.store(self.ailing, Ordering::Relaxed);
        let (draft, failure) = match written {
            (draft, Ok(())) => {
                let news = draft.news.iter().map(|(recorded, _)| &recorded.event);
                let ticked_at = draft.ticked_at;
                let shifts = ticked_at.is_some() || calendar::shifts(&self.present.rules, news);
                self.announce(draft, waiting);
                self.ticked_at = ticked_at.or(self.ticked_at);
                if shifts {
                    let Present { rules, day, .. } = &*self.present;
                    self.due = Some(calendar::next_crossing(rules, day, ticked_at.unwrap_or(now)));
                }
                return Ok(());
            }
            (draft, Err(failure)) => (draft, failure),
        };
        let undone = |waiting: &mut Vec<Knock>| {
            let outcomes = draft.outcomes.into_iter().map(Outcome::undone);
            waiting.drain(..).zip(outcomes).for_each(|(knock, outcome)| outcome.tell(knock));
        };
        match failure {
            Failure::RolledBack(error) | Failure::Mixed(error) => {
                tracing::error!(error = %error, commands = waiting.len(), "a batch was rolled back, nothing of it was written");
                undone(waiting);
                Ok(())
            }
            Failure::Damaged(error) => {
                tracing::error!(error = %error, "the database is damaged; nothing of this batch was written, and the next start mends it");
                self.writer.suspect();
                undone(waiting);
                Err(Fate::Damaged)
            }
            Failure::Unknown(error) => {
                tracing::error!(error = %error, "the disk failed in the act of committing; only a new start can tell what is on it");
                // A dropped reply would be an answer too. The process ends without giving one.
                std::mem::forget(std::mem::take(waiting));
                Err(Fate::UnknownCommit)
            }
        }
    }

    /// Writes and commits a batch: what was drafted, and whether it is on disk.
    fn write(
        &mut self,
        own: &[Request],
        waiting: &[Knock],
        now: At,
        ticked_at: Option<At>,
        savepoints: Savepoints,
    ) -> (Draft, Result<(), Failure>) {
        let day = self.present.day.clone();
        let mut draft = Draft { day, news: Vec::new(), outcomes: Vec::new(), ticked_at };
        let written =
            batch::write(&mut self.writer, &self.present, &mut draft, own, waiting, now, savepoints);
        (draft, written)
    }

    /// Has the time of the house follow the system's clock as far as that is believed.
    fn look_at_the_clock(&mut self) -> At {
        let reading = read(&self.clock);
        let now = self.time.read(reading);
        self.clock.keep(now, reading.boot_ms);
        now
    }

    /// What the day does not know yet of the system's clock.
    fn about_the_clock(&self) -> Option<Command> {
        let known = self.present.day.clock();
        let (doubt, offset_ms) = (self.time.doubt(), self.time.offset().num_milliseconds());
        (known.doubt != doubt || (doubt.is_none() && known.offset_ms != offset_ms)).then(|| {
            Command::FollowClock {
                offset_ms,
                doubt,
                step_ms: self.time.step().num_milliseconds(),
                system: read(&self.clock).wall,
            }
        })
    }

    fn announce(&mut self, draft: Draft, waiting: &mut Vec<Knock>) {
        for (recorded, _) in &draft.news {
            let (seq, event) = (recorded.seq.0, recorded.event.name());
            match recorded.event.ticket() {
                Some(ticket) => tracing::info!(seq, event, ticket = ticket.0.0, "{event}, ticket {ticket}"),
                None => tracing::debug!(seq, event, "{event}"),
            }
            if let Event::ClockConfirmed { offset_ms, .. } = &recorded.event {
                self.time.confirm(TimeDelta::milliseconds(*offset_ms), read(&self.clock));
                self.look_at_the_clock();
            }
        }
        for (knock, outcome) in waiting.iter().zip(&draft.outcomes) {
            if let (Knock::Chore { chore, .. }, Outcome::Done(Done::Now)) = (knock, outcome) {
                self.pins.follow(chore);
            }
        }
        let answers = waiting.drain(..).zip(draft.outcomes);
        if draft.news.is_empty() {
            answers.for_each(|(knock, outcome)| outcome.tell(knock));
            return;
        }
        let urgent = draft.news.iter().any(|(recorded, _)| recorded.event.is_urgent());
        let present = Arc::new(self.present.after(draft.news, &self.key));
        let seq = present.day.seq();
        self.present = present.clone();
        // Published before the replies go out, so that whoever is answered finds what was done.
        self.publish.send_replace(present);
        answers.for_each(|(knock, outcome)| outcome.tell(knock));
        self.bells.ring(seq, urgent);
    }

    fn is_due(&self, now: At) -> bool {
        let passed = self.next_due().is_none_or(|due| now >= due);
        passed || self.ticked_at.is_some_and(|ticked| now < ticked)
    }

    /// When something happens by itself next.
    fn next_due(&self) -> Option<At> {
        let returns = self.present.day.next_return();
        self.due.map(|due| returns.map_or(due, |returns| due.min(returns)))
    }

    /// How long nothing will be due.
    fn nap(&self) -> Duration {
        if self.ailing {
            return NAP;
        }
        let Some(due) = self.next_due() else { return Duration::ZERO };
        let until = (due - self.clock.now()).to_std().unwrap_or(Duration::ZERO);
        until.clamp(Duration::from_millis(1), NAP)
    }
}

fn read(clock: &Clock) -> Reading {
    let (wall, boot_ms) = clock.read();
    Reading { wall, boot_ms }
}
