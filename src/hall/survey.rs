//! What the hall keeps and reads of the survey and of complaints.

use chrono::{NaiveDate, TimeDelta};

use super::request::{
    AnswerId, Channel, Chore, ComplaintRow, ComplaintState, Filing, Matter, Progress, Step, SurveyTicket,
    Visit,
};
use super::{Hall, No, Token};
use crate::queue::{AgencyId, At, StaffId, TicketId};
use crate::store::survey::Reader;
use crate::survey::{Feedback, QuestionSet, Refusal, Survey};

/// Marks of tickets are kept longer than any ticket may answer, whatever the config says by then.
const MARKS: TimeDelta = TimeDelta::days(9);
/// Letters that nobody mistakes for each other.
const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

impl Hall {
    /// The ticket of a token, of whatever day is kept.
    ///
    /// # Errors
    /// [`No::Busy`]: it cannot be read now.
    pub async fn survey_ticket(&self, token: &str) -> Result<Option<SurveyTicket>, No> {
        let Some(token) = Token::parse(token) else { return Ok(None) };
        self.read(move |answers| answers.by_token(token.hash())).await
    }

    /// The ticket of a reference, or of today's number, as it is typed.
    ///
    /// # Errors
    /// [`No::Busy`]: it cannot be read now.
    pub async fn survey_ticket_called(&self, words: &str) -> Result<Option<SurveyTicket>, No> {
        let (words, now) = (words.to_owned(), self.clock.now());
        let day = self.present().day.date().unwrap_or_else(|| self.present().rules.business_day(now));
        self.read(move |answers| answers.by_words(&words, day)).await
    }

    /// What a ticket has answered of a set.
    ///
    /// # Errors
    /// [`No::Busy`]: it cannot be read now.
    pub async fn survey_progress(&self, ticket: TicketId, asked: &str) -> Result<Progress, No> {
        let asked = asked.to_owned();
        self.read(move |answers| answers.progress(ticket, &asked)).await
    }

    /// Whether a ticket may answer now: it was invited, has been served, and not too long ago.
    ///
    /// # Errors
    /// Why it may not.
    pub fn may_answer(&self, survey: &Survey, ticket: &SurveyTicket) -> Result<(), Refusal> {
        if !ticket.invited {
            return Err(Refusal::NotInvited);
        }
        let done = ticket.done_at.ok_or(Refusal::NotServed)?;
        let open_for = TimeDelta::hours(survey.open_for_h.into());
        if self.clock.now() > done + open_for { Err(Refusal::Closed) } else { Ok(()) }
    }

    /// Keeps one step of a response.
    ///
    /// # Errors
    /// [`No::Survey`] names what is wrong with it; nothing was written then.
    pub async fn answer(
        &self,
        survey: &Survey,
        set: &QuestionSet,
        ticket: &SurveyTicket,
        channel: Channel,
        step: Step,
    ) -> Result<(), No> {
        self.may_answer(survey, ticket)?;
        match &step {
            Step::Score { question, score } => {
                let question = set.question(question).ok_or(Refusal::UnknownQuestion)?;
                question.option(*score).ok_or(Refusal::BadAnswer)?;
            }
            Step::About { about, band } => {
                let known = about.bands().iter().any(|it| it.key == *band);
                if !known || !survey.about.contains(about) {
                    return Err(Refusal::BadAnswer.into());
                }
            }
            Step::Finish => {}
        }
        let visit = Visit {
            ticket: ticket.id,
            asked: set.key.clone(),
            questions: set.questions.iter().map(|question| question.key.clone()).collect(),
            day: ticket.day,
            agency: ticket.agency.clone(),
            service: ticket.service.clone(),
            channel,
            id: AnswerId((u64::from_be_bytes(chance()) >> 1) as i64),
            at: self.clock.now(),
        };
        self.chore(Chore::Answer(visit, step)).await
    }

    /// Forgets whose the answers are that were given so many hours ago, and of those that would be given in as many
    /// hours: they were noted while the clock was wrong.
    ///
    /// # Errors
    /// [`No::Busy`] or [`No::Gone`]: it is to be tried again.
    pub async fn unlink_answers(&self, after_h: u32) -> Result<(), No> {
        let now = self.clock.now();
        let hours = TimeDelta::hours(after_h.into());
        let marks_before = self.present().rules.business_day(now - MARKS);
        // A moment ahead is a clock that was put right by seconds.
        let ahead = now + hours.max(TimeDelta::hours(1));
        self.chore(Chore::Unlink { before: now - hours, ahead, marks_before }).await
    }

    /// Files a suggestion or complaint; its reference is what comes back.
    ///
    /// # Errors
    /// [`No::Survey`] names what is wrong with it; nothing was written then.
    pub async fn file_complaint(
        &self,
        feedback: &Feedback,
        ticket: Option<TicketId>,
        matter: Matter,
        channel: Channel,
    ) -> Result<String, No> {
        feedback.topic(&matter.topic).ok_or(Refusal::UnknownTopic)?;
        let words = clean(&matter.words)?;
        let rules = &self.present().rules;
        if matter.agency.as_ref().is_some_and(|agency| rules.agency(agency).is_none()) {
            return Err(Refusal::UnknownTopic.into());
        }
        let at = self.clock.now();
        let reference: String =
            chance::<8>().map(|byte| char::from(LETTERS[usize::from(byte % 32)])).iter().collect();
        let filing = Filing {
            reference: reference.clone(),
            ticket,
            per_ticket: feedback.per_ticket,
            matter: Matter { words, ..matter },
            channel,
            day: self.day_of(at),
            at,
        };
        self.chore(Chore::File(filing)).await?;
        Ok(reference)
    }

    /// Replies to one, once.
    ///
    /// # Errors
    /// [`No::Survey`] names what is wrong with it; nothing was written then.
    pub async fn reply_to_complaint(&self, reference: &str, words: &str, by: StaffId) -> Result<(), No> {
        let (words, at) = (clean(words)?, self.clock.now());
        self.chore(Chore::Reply { reference: reference.to_owned(), words, by, at }).await
    }

    /// Closes one that has a reply.
    ///
    /// # Errors
    /// [`No::Survey`] names what is wrong with it; nothing was written then.
    pub async fn close_complaint(&self, reference: &str, by: StaffId) -> Result<(), No> {
        let at = self.clock.now();
        self.chore(Chore::CloseComplaint { reference: reference.to_owned(), by, at }).await
    }

    /// What was filed with a ticket.
    ///
    /// # Errors
    /// [`No::Busy`]: it cannot be read now.
    pub async fn complaints_of(&self, ticket: TicketId) -> Result<Vec<ComplaintRow>, No> {
        self.read(move |answers| answers.complaints_of(ticket)).await
    }

    /// The one with this reference.
    ///
    /// # Errors
    /// [`No::Busy`]: it cannot be read now.
    pub async fn complaint(&self, reference: &str) -> Result<Option<ComplaintRow>, No> {
        let reference = reference.to_owned();
        self.read(move |answers| answers.complaint(&reference)).await
    }

    /// Those of an agency, or of the whole house; newest first.
    ///
    /// # Errors
    /// [`No::Busy`]: they cannot be read now.
    pub async fn complaints(
        &self,
        agency: Option<AgencyId>,
        state: Option<ComplaintState>,
    ) -> Result<Vec<ComplaintRow>, No> {
        self.read(move |answers| answers.complaints(agency.as_ref(), state)).await
    }

    fn day_of(&self, at: At) -> NaiveDate {
        let present = self.present();
        present.day.date().unwrap_or_else(|| present.rules.business_day(at))
    }

    /// Off the runtime: a disk may take its time.
    async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, No> {
        let answers = self.answers.clone();
        let read = tokio::task::spawn_blocking(move || read(&answers)).await;
        match read {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => {
                tracing::error!(%error, "answers and complaints cannot be read");
                Err(No::Busy)
            }
            Err(_) => Err(No::Gone),
        }
    }
}

fn clean(words: &str) -> Result<String, Refusal> {
    Feedback::clean(words).filter(|words| !words.is_empty()).ok_or(Refusal::BadWords)
}

fn chance<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the kernel gives random numbers");
    bytes
}
