//! The thread behind the door.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use tokio::sync::{oneshot, watch};

use super::Fate;
use super::bell::Bell;
use super::pins::Pins;
use super::present::Present;
use super::request::{Answer, Chore, Done, Key, Knock, No, Request};
use crate::clock::Clock;
use crate::queue::event::InForce;
use crate::queue::rules::{self, Line, Rules, When};
use crate::queue::{
    At, Command, CounterId, Day, Event, HouseTime, Reading, Recorded, Seq, TicketView, calendar, decide,
};
use crate::store::{Batch, Failure, Lines, Savepoints, SiteKey, Writer};
use crate::survey;
use crate::tasks::Pulse;

/// Commands that share one transaction at most.
const BATCH: usize = 64;
/// How long the hall stays at the door where somebody stood a moment ago.
const PATIENCE: Duration = Duration::from_micros(150);
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
    ring: watch::Sender<Seq>,
    bell: Arc<Bell>,
    pins: Pins,
    /// When something opens, closes or changes by itself next; none before the first tick.
    due: Option<At>,
    ticked_at: Option<At>,
    /// The last batch could not be written.
    ailing: bool,
    signs: Signs,
}

/// What a batch has made so far; nobody knows of it yet.
struct Draft {
    day: Arc<Day>,
    news: Vec<(Recorded, Arc<Day>)>,
    /// One for each who waits, in their order.
    outcomes: Vec<Outcome>,
    /// When the hall looked last at what changes by itself; none if it did not.
    ticked_at: Option<At>,
}

/// What becomes of a knock.
#[allow(clippy::large_enum_variant, reason = "nearly every outcome is a granted wish")]
enum Outcome {
    Granted(Answer),
    Done(Done),
    No(No),
    /// Nobody would ever hear of it.
    Unheard,
}

impl Outcome {
    /// The same where nothing of the batch is on disk.
    fn undone(self) -> Self {
        match self {
            Self::Granted(_) | Self::Done(_) => Self::No(No::Busy),
            refused => refused,
        }
    }

    fn tell(self, knock: Knock) {
        // Whoever has stopped waiting does not need the answer.
        match (knock, self) {
            (Knock::Wish { reply, .. }, Self::Granted(answer)) => drop(reply.send(Ok(answer))),
            (Knock::Wish { reply, .. }, Self::No(no)) => drop(reply.send(Err(no))),
            (Knock::Chore { reply, .. }, Self::Done(done)) => drop(reply.send(Ok(done))),
            (Knock::Chore { reply, .. }, Self::No(no)) => drop(reply.send(Err(no))),
            _ => {}
        }
    }
}

impl<T> From<Result<T, No>> for Outcome
where
    Self: From<T>,
{
    fn from(answered: Result<T, No>) -> Self {
        answered.map_or_else(Self::No, Self::from)
    }
}

impl From<Answer> for Outcome {
    fn from(answer: Answer) -> Self {
        Self::Granted(answer)
    }
}

impl From<Done> for Outcome {
    fn from(done: Done) -> Self {
        Self::Done(done)
    }
}

impl Keeper {
    #[allow(clippy::too_many_arguments, reason = "each is a thing of its own that the hall hands over")]
    pub fn new(
        writer: Writer,
        clock: Clock,
        present: Arc<Present>,
        publish: watch::Sender<Arc<Present>>,
        ring: watch::Sender<Seq>,
        bell: Arc<Bell>,
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
            ring,
            bell,
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
        let written = write_batch(&mut self.writer, &self.present, &mut draft, own, waiting, now, savepoints);
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
        let present = Arc::new(self.present.after(draft.news, &self.key));
        let seq = present.day.seq();
        self.present = present.clone();
        // Published before the replies go out, so that whoever is answered finds what was done.
        self.publish.send_replace(present);
        answers.for_each(|(knock, outcome)| outcome.tell(knock));
        self.ring.send_replace(seq);
        self.bell.ring(seq);
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

/// Waits for somebody at the door and takes everybody who stands there; true when it was closed.
///
/// `company` is how many came together last time. Those who came together come again together: a
/// moment's patience lets them share one write to the disk, and costs nothing to who comes alone.
fn gather(door: &Receiver<Knock>, waiting: &mut Vec<Knock>, nap: Duration, company: usize) -> bool {
    let patience = Instant::now() + PATIENCE;
    let first = match linger(door, patience, company > 0) {
        Some(knock) => Ok(knock),
        None => door.recv_timeout(nap),
    };
    let closed = match first {
        Ok(knock) => take(knock, waiting),
        Err(RecvTimeoutError::Timeout) => return false,
        Err(RecvTimeoutError::Disconnected) => true,
    };
    if closed || door.try_iter().take(BATCH - 1).any(|knock| take(knock, waiting)) {
        return true;
    }
    while waiting.len() < company.min(BATCH) {
        let Some(knock) = linger(door, patience, true) else { break };
        if take(knock, waiting) {
            return true;
        }
    }
    false
}

/// Stays awake at the door for a moment: waking a thread that sleeps takes as long as a quick disk
/// takes to write, and who was just answered often has the next wish ready.
fn linger(door: &Receiver<Knock>, until: Instant, expecting: bool) -> Option<Knock> {
    while expecting && Instant::now() < until {
        if let Ok(knock) = door.try_recv() {
            return Some(knock);
        }
        std::thread::yield_now();
    }
    None
}

fn take(knock: Knock, waiting: &mut Vec<Knock>) -> bool {
    if matches!(knock, Knock::Close) {
        return true;
    }
    waiting.push(knock);
    false
}

fn write_batch(
    writer: &mut Writer,
    present: &Present,
    draft: &mut Draft,
    own: &[Request],
    waiting: &[Knock],
    mut now: At,
    savepoints: Savepoints,
) -> Result<(), Failure> {
    let mut begun = writer.begin_with(savepoints);
    let mut failed = None;
    for request in own {
        if let (Ok(batch), None) = (&mut begun, &failed)
            && let Err(failure) = grant(batch, present, draft, request, now)
        {
            failed = Some(failure);
        }
    }
    // Each one who waits is owed an answer, whatever happens.
    for knock in waiting {
        let usable = match (&mut begun, &failed) {
            (Ok(batch), None) => Some(batch),
            _ => None,
        };
        let known = draft.news.len();
        let outcome = match (knock, usable) {
            // Rules are changed between batches.
            (Knock::Close | Knock::Rules { .. }, _) => Ok(Outcome::Unheard),
            // No ticket for a visitor who was told that there is none.
            (Knock::Wish { reply, .. }, _) if reply.is_closed() => Ok(Outcome::Unheard),
            (Knock::Wish { .. } | Knock::Chore { .. }, None) => Ok(Outcome::No(No::Busy)),
            (Knock::Wish { request, .. }, Some(batch)) => {
                grant(batch, present, draft, request, now).map(Outcome::from)
            }
            (Knock::Chore { chore, key, .. }, Some(batch)) => {
                oblige(batch, chore, key.as_ref()).map(Outcome::from)
            }
        };
        draft.outcomes.push(outcome.unwrap_or_else(|failure| {
            failed = Some(failure);
            Outcome::No(No::Busy)
        }));
        // Whoever comes after an answer to "what time is it?" comes at that time, on the day it is then.
        let answered = draft.news[known..].iter().find_map(|(recorded, _)| match &recorded.event {
            Event::ClockConfirmed { moved, .. } => Some(recorded.at + TimeDelta::milliseconds(moved.step_ms)),
            _ => None,
        });
        if let (Some(then), Ok(batch), None) = (answered, &mut begun, &failed) {
            now = then;
            draft.ticked_at = Some(now);
            failed = grant(batch, present, draft, &Command::Tick.into(), now).err();
        }
    }
    match (begun, failed) {
        (Err(failure), _) | (_, Some(failure)) => Err(failure),
        (Ok(batch), None) => batch.commit(),
    }
}

/// One command. `Err` means that the whole batch is lost.
fn grant(
    batch: &mut Batch<'_>,
    present: &Present,
    draft: &mut Draft,
    request: &Request,
    now: At,
) -> Result<Result<Answer, No>, Failure> {
    if let Some(key) = &request.key {
        match batch.remembered(key) {
            Ok(None) => {}
            Ok(Some((body, _))) if body != key.body => return Ok(Err(No::KeyReused)),
            Ok(Some((_, answer))) => {
                let answer = serde_json::from_str::<Answer>(&answer);
                return Ok(answer.map(replayed).map_err(|_| No::Busy));
            }
            Err(error) => {
                tracing::error!(error = %error, "a remembered answer cannot be read");
                return Ok(Err(No::Busy));
            }
        }
    }
    let rules = &present.rules;
    let events = match decide(rules, &draft.day, &request.command, now) {
        Ok(events) => events,
        Err(refusal) => return Ok(Err(refusal.into())),
    };
    let mut day = draft.day.clone();
    let mut news = Vec::with_capacity(events.len());
    let written = batch.attempt(|lines| {
        for event in events {
            let date = match &event {
                Event::DayChanged { to, .. } => *to,
                _ => day.date().unwrap_or_else(|| rules.business_day(now)),
            };
            let recorded = Recorded { seq: day.seq().next(), at: now, day: date, event };
            lines.append(&recorded)?;
            let mut after = Day::clone(&day);
            after.apply(&recorded);
            day = Arc::new(after);
            news.push((recorded, day.clone()));
        }
        let answer = answer(present, &day, &request.command, &news, now);
        if let Some(key) = &request.key {
            let json = serde_json::to_string(&answer)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            lines.remember(key, &json)?;
        }
        Ok(answer)
    })?;
    Ok(match written {
        Ok(answer) => {
            draft.day = day;
            draft.news.extend(news);
            Ok(answer)
        }
        Err(error) => {
            tracing::error!(error = %error, command = ?request.command, "a command could not be written and was undone alone");
            Err(No::Busy)
        }
    })
}

/// One chore. `Err` means that the whole batch is lost.
fn oblige(batch: &mut Batch<'_>, chore: &Chore, key: Option<&Key>) -> Result<Result<Done, No>, Failure> {
    match key.map(|key| (key, batch.remembered(key))) {
        None | Some((_, Ok(None))) => {}
        Some((key, Ok(Some((body, _))))) if body != key.body => return Ok(Err(No::KeyReused)),
        Some((_, Ok(Some(_)))) => return Ok(Ok(Done::Before)),
        Some((_, Err(error))) => {
            tracing::error!(error = %error, "a remembered answer cannot be read");
            return Ok(Err(No::Busy));
        }
    }
    let done = batch.attempt(|lines| {
        let done = do_chore(lines, chore)?;
        // A refusal wrote nothing, and may be answered otherwise the next time.
        if let (Some(key), Ok(())) = (key, &done) {
            lines.remember(key, "")?;
        }
        Ok(done)
    })?;
    Ok(match done {
        Ok(Ok(())) => Ok(Done::Now),
        Ok(Err(refusal)) => Err(refusal.into()),
        Err(error) => {
            tracing::error!(error = %error, "a chore failed alone");
            Err(No::Busy)
        }
    })
}

/// Does it; inside, that the survey's rules say no and nothing was written.
fn do_chore(lines: &mut Lines<'_>, chore: &Chore) -> rusqlite::Result<Result<(), survey::Refusal>> {
    match chore {
        Chore::Answer(visit, step) => return lines.answer(visit, step),
        Chore::File(filing) => return lines.file(filing),
        Chore::Reply { reference, words, by, at } => return lines.reply(reference, words, by, *at),
        Chore::CloseComplaint { reference, by, at } => return lines.close_complaint(reference, by, *at),
        Chore::Unlink { before, ahead, marks_before } => lines.unlink_answers(*before, *ahead, *marks_before),
        Chore::KeepSession(row) => lines.keep_session(row),
        Chore::ForgetSession(id_hash) => lines.forget_session(id_hash),
        Chore::KeepDevice(row) => lines.keep_device(row),
        Chore::ForgetDayBefore(date) => lines.forget_day_before(*date),
        Chore::ChoosePin { credential, keeps } => {
            lines.keep_credential(credential)?;
            lines.expire_sessions(&credential.staff, keeps.as_ref())
        }
        Chore::ForgetPin(staff) => {
            lines.forget_credential(staff)?;
            lines.expire_sessions(staff, None)
        }
    }
    .map(Ok)
}

fn answer(present: &Present, day: &Day, command: &Command, news: &[(Recorded, Arc<Day>)], now: At) -> Answer {
    let counter: Option<&CounterId> = match command {
        Command::CallNext { counter, .. }
        | Command::Recall { counter, .. }
        | Command::Start { counter, .. }
        | Command::Finish { counter, .. }
        | Command::NoShow { counter, .. }
        | Command::Call { counter, .. }
        | Command::Hold { counter, .. }
        | Command::Resume { counter, .. }
        | Command::Transfer { counter, .. }
        | Command::AssignCounter { counter, .. }
        | Command::OpenCounter { counter, .. }
        | Command::PauseCounter { counter }
        | Command::CloseCounter { counter }
        | Command::RequestClosure { counter, .. }
        | Command::DecideClosure { counter, .. } => Some(counter),
        Command::Issue(_)
        | Command::Adopt(_)
        | Command::PostNotice { .. }
        | Command::EndNotice { .. }
        | Command::AcknowledgeAlarm { .. }
        | Command::Cancel { .. }
        | Command::Return { .. }
        | Command::SetClass { .. }
        | Command::Undo { .. }
        | Command::ReportSlip { .. }
        | Command::Reprint { .. }
        | Command::FollowClock { .. }
        | Command::ConfirmClock { .. }
        | Command::StopService { .. }
        | Command::AcceptService { .. }
        | Command::ReportPart { .. }
        | Command::ReportDark { .. }
        | Command::ChangeRules(_)
        | Command::Settle
        | Command::Recover(_)
        | Command::Tick => None,
    };
    let ticket = news.iter().rev().find_map(|(recorded, _)| match &recorded.event {
        Event::TicketIssued { ticket, .. }
        | Event::TicketCalled { ticket, .. }
        | Event::TicketRecalled { ticket, .. }
        | Event::ServiceStarted { ticket, .. }
        | Event::ServiceFinished { ticket, .. }
        | Event::TicketMissed { ticket, .. }
        | Event::TicketCancelled { ticket, .. }
        | Event::TicketHandedBack { ticket, .. }
        | Event::TicketHeld { ticket, .. }
        | Event::TicketResumed { ticket, .. }
        | Event::TicketTransferred { ticket, .. }
        | Event::TicketReturned { ticket, .. }
        | Event::ClassChanged { ticket, .. }
        | Event::TicketReopened { ticket, .. }
        | Event::TicketReprinted { ticket, .. } => Some(*ticket),
        _ => None,
    });
    let ticket = ticket.and_then(|id| day.ticket(id));
    Answer {
        seq: day.seq(),
        ticket: ticket.map(|ticket| TicketView::at(&present.rules, day, ticket, now)),
        counter: counter.cloned(),
        nonce: ticket.map(|ticket| ticket.nonce),
        replayed: false,
    }
}

/// An answer as it was given before.
fn replayed(mut answer: Answer) -> Answer {
    answer.replayed = true;
    if let (Some(ticket), Some(nonce)) = (&mut answer.ticket, answer.nonce) {
        ticket.nonce = nonce;
    }
    answer
}
