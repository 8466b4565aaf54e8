//! A batch: what several wish in one transaction, each granted or refused by the rules, and what each is told once
//! it is on disk.

use std::sync::Arc;

use chrono::TimeDelta;

use super::answer::{answer, replayed};
use super::present::Present;
use super::request::{Answer, Chore, Done, Key, Knock, No, Request};
use crate::queue::{At, Command, Day, Event, Recorded, decide};
use crate::store::{Batch, Failure, Lines, Savepoints, Writer};
use crate::survey;

/// What a batch has made so far; nobody knows of it yet.
pub struct Draft {
    pub day: Arc<Day>,
    pub news: Vec<(Recorded, Arc<Day>)>,
    /// One for each who waits, in their order.
    pub outcomes: Vec<Outcome>,
    /// When the hall looked last at what changes by itself; none if it did not.
    pub ticked_at: Option<At>,
}

/// What becomes of a knock.
#[allow(clippy::large_enum_variant, reason = "nearly every outcome is a granted wish")]
pub enum Outcome {
    Granted(Answer),
    Done(Done),
    No(No),
    /// Nobody would ever hear of it.
    Unheard,
}

impl Outcome {
    /// The same where nothing of the batch is on disk. A refusal falls with it: it may rest on what was granted
    /// before it, such as the last number of a quota.
    pub fn undone(self) -> Self {
        match self {
            Self::Granted(_) | Self::Done(_) | Self::No(_) => Self::No(No::Busy),
            Self::Unheard => Self::Unheard,
        }
    }

    pub fn tell(self, knock: Knock) {
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

pub fn write(
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::Refusal;

    #[test]
    fn nobody_is_refused_for_what_never_came_to_be() {
        for outcome in [Outcome::Done(Done::Now), Outcome::No(Refusal::UnknownService.into())] {
            assert!(matches!(outcome.undone(), Outcome::No(No::Busy)));
        }
        assert!(matches!(Outcome::Unheard.undone(), Outcome::Unheard));
    }
}
