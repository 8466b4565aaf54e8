//! The survey, one question a page, without a script: each answer is a button that leads on.
//!
//! A visitor answers here by the ticket's token; the information desk's tablet shows the same pages by its
//! reference (`web/survey.rs`).

use askama::Template;
use axum::Form;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{AskedPath, Frame, Wish, rendered, unknown};
use crate::hall::{Channel, No, Progress, Step, SurveyTicket};
use crate::queue::Language;
use crate::survey::{About, QuestionSet, Refusal, Survey};
use crate::web::{House, Shared, error, landing};
use crate::words::msg;

/// Where a response is given.
pub struct Place {
    pub ticket: SurveyTicket,
    pub channel: Channel,
    /// `/t/…/survey`.
    pub base: String,
    /// Where it goes on afterwards.
    pub home: String,
    pub wish: Wish,
}

/// Which page of it.
#[derive(Debug, Default, Deserialize)]
pub struct Where {
    set: Option<String>,
    /// From 0: first the questions, then those about the visitor, then the end.
    q: Option<usize>,
}

/// What a button says.
#[derive(Debug, Deserialize)]
pub struct Said {
    set: String,
    question: Option<String>,
    score: Option<String>,
    about: Option<String>,
    band: Option<String>,
    finish: Option<String>,
}

/// A button of a question.
struct Choice {
    name: &'static str,
    value: String,
    /// Before the words, where it is a score.
    mark: String,
    words: String,
    chosen: bool,
}

#[derive(Template)]
#[template(path = "survey.html")]
struct Page<'a> {
    frame: Frame<'a>,
    /// "Pertanyaan 3 dari 9".
    step: String,
    at: usize,
    steps: usize,
    of: String,
    ask: String,
    hidden: Vec<(&'static str, String)>,
    choices: Vec<Choice>,
    action: String,
    previous: Option<String>,
    skip: Option<String>,
    /// The last page: what is still unanswered, and the button that sends.
    end: bool,
    left: Option<String>,
    /// Where a tablet goes back to when nobody touches it, and after how many seconds.
    idle: Option<(u32, String)>,
}

impl Page<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }

    fn row(&self) -> std::ops::Range<usize> {
        0..self.steps
    }

    fn is_behind(&self, step: &usize) -> bool {
        *step <= self.at
    }
}

#[derive(Template)]
#[template(path = "survey-done.html")]
struct Done<'a> {
    frame: Frame<'a>,
    home: String,
    /// The next set, where there is one.
    more: Option<String>,
    tablet: bool,
}

impl Done<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }
}

/// `GET /t/{token}/survey`
pub async fn page(
    State(house): State<Shared>,
    token: AskedPath,
    Query(at): Query<Where>,
    wish: Wish,
) -> Response {
    match place(&house, token, wish).await {
        Ok(place) => show(&house, &place, &at).await,
        Err(answer) => answer,
    }
}

/// `POST /t/{token}/survey`
pub async fn answer(
    State(house): State<Shared>,
    token: AskedPath,
    wish: Wish,
    Form(said): Form<Said>,
) -> Response {
    match place(&house, token, wish).await {
        Ok(place) => take(&house, &place, said).await,
        Err(answer) => answer,
    }
}

/// A ticket that is none of today's: of yesterday's one is still asked, what it complained of is answered, and
/// nothing else.
pub async fn of_another_day(house: &House, token: &str, wish: Wish) -> Response {
    let to = |page: &str| Redirect::to(&format!("/t/{token}/{page}{}", wish.query())).into_response();
    if waits_for(house, token).await {
        return to("survey");
    }
    if let Ok(Some(ticket)) = house.hall.survey_ticket(token).await
        && house.hall.complaints_of(ticket.id).await.is_ok_and(|filed| !filed.is_empty())
    {
        return to("complaint");
    }
    unknown(house, wish)
}

/// Whether this ticket may answer now, and has not.
pub async fn waits_for(house: &House, token: &str) -> bool {
    let (Some(survey), Ok(Some(ticket))) = (&house.settings.survey, house.hall.survey_ticket(token).await)
    else {
        return false;
    };
    house.hall.may_answer(survey, &ticket).is_ok()
        && matches!(next_set(house, survey, &ticket).await, Ok(Some(_)))
}

async fn place(house: &House, token: AskedPath, wish: Wish) -> Result<Place, Response> {
    let Ok(Path(token)) = token else { return Err(unknown(house, wish)) };
    match house.hall.survey_ticket(&token).await {
        Ok(Some(ticket)) => Ok(Place {
            ticket,
            channel: Channel::Phone,
            base: format!("/t/{token}/survey"),
            home: format!("/t/{token}{}", wish.query()),
            wish,
        }),
        Ok(None) => Err(unknown(house, wish)),
        Err(no) => Err(refused(house, None, wish, no)),
    }
}

/// The first set that this ticket has not sent.
async fn next_set(house: &House, survey: &Survey, ticket: &SurveyTicket) -> Result<Option<String>, No> {
    for set in &survey.sets {
        if !house.hall.survey_progress(ticket.id, &set.key).await?.over {
            return Ok(Some(set.key.clone()));
        }
    }
    Ok(None)
}

/// The page that is due, or the one that was asked for.
pub async fn show(house: &House, place: &Place, at: &Where) -> Response {
    match page_of(house, place, at).await {
        Ok(answer) => answer,
        Err(no) => refused(house, Some(place), place.wish, no),
    }
}

async fn page_of(house: &House, place: &Place, at: &Where) -> Result<Response, No> {
    let survey = house.settings.survey.as_ref().ok_or(Refusal::NoSurvey)?;
    house.hall.may_answer(survey, &place.ticket)?;
    let next = next_set(house, survey, &place.ticket).await?;
    let Some(key) = at.set.clone().or(next.clone()) else { return Ok(done(house, place, None)) };
    let set = survey.set(&key).ok_or(Refusal::NoSurvey)?;
    let progress = house.hall.survey_progress(place.ticket.id, &set.key).await?;
    if progress.over {
        return Ok(done(house, place, next));
    }
    let first = set.questions.iter().position(|it| !progress.scores.contains_key(&it.key));
    let q = at.q.or(first).unwrap_or(set.questions.len());
    Ok(question(house, place, survey, set, &progress, q))
}

fn question(
    house: &House,
    place: &Place,
    survey: &Survey,
    set: &QuestionSet,
    progress: &Progress,
    q: usize,
) -> Response {
    let language = place.wish.language().unwrap_or(place.ticket.language);
    let present = house.hall.present();
    let (questions, steps) = (set.questions.len(), set.questions.len() + survey.about.len());
    let q = q.min(steps);
    let left = set.questions.iter().filter(|it| !progress.scores.contains_key(&it.key)).count();
    let place_of = present.rules.service(&place.ticket.service).map(|(agency, service)| {
        format!("{} · {}", agency.name.in_language(language), service.name.in_language(language))
    });
    let step = msg("Question {n} of {m}").with(language, &[("n", &(q + 1)), ("m", &questions)]);
    let frame = Frame::of(house, &present.rules, place.wish, language);
    let mut page = Page {
        step: if q < questions { step } else { frame.words.of_you.to_owned() },
        at: q,
        steps: questions,
        of: place_of.unwrap_or_default(),
        ask: String::new(),
        hidden: vec![("set", set.key.clone())],
        choices: Vec::new(),
        action: format!("{}{}", place.base, place.wish.query()),
        previous: (q > 0).then(|| link(place, set, q - 1)),
        skip: (q < steps).then(|| link(place, set, q + 1)),
        end: false,
        left: None,
        idle: (place.channel == Channel::Desk).then(|| (60, place.home.clone())),
        frame,
    };
    if let Some(question) = set.questions.get(q) {
        page.ask = question.ask.in_language(language).to_owned();
        page.hidden.push(("question", question.key.clone()));
        page.choices = (1..)
            .zip(&question.options)
            .map(|(score, words)| Choice {
                name: "score",
                value: format!("{score}"),
                mark: format!("{score}"),
                words: words.in_language(language).to_owned(),
                // What was answered on one's phone is not shown where others stand.
                chosen: place.channel == Channel::Phone && progress.scores.get(&question.key) == Some(&score),
            })
            .collect();
        page.choices.reverse();
    } else if let Some(about) = survey.about.get(q - questions) {
        page.ask = about.ask().in_language(language).to_owned();
        page.hidden.push(("about", about.key().to_owned()));
        page.choices = about
            .bands()
            .iter()
            .map(|band| Choice {
                name: "band",
                value: band.key.to_owned(),
                mark: String::new(),
                words: band.name.in_language(language).to_owned(),
                chosen: false,
            })
            .collect();
    } else {
        page.ask = page.frame.words.send_title.to_owned();
        page.step = String::new();
        page.end = true;
        page.left =
            (left > 0).then(|| msg("{n} questions are not answered yet").with(language, &[("n", &left)]));
    }
    rendered(StatusCode::OK, page.render())
}

fn link(place: &Place, set: &QuestionSet, q: usize) -> String {
    let language = place.wish.query().replace('?', "&");
    format!("{}?set={}&q={q}{language}", place.base, set.key)
}

fn done(house: &House, place: &Place, next: Option<String>) -> Response {
    let language = place.wish.language().unwrap_or(place.ticket.language);
    let present = house.hall.present();
    let page = Done {
        frame: Frame::of(house, &present.rules, place.wish, language),
        home: place.home.clone(),
        more: next.map(|_| format!("{}{}", place.base, place.wish.query())),
        tablet: place.channel == Channel::Desk,
    };
    rendered(StatusCode::OK, page.render())
}

/// Keeps what a button said, and leads on.
pub async fn take(house: &House, place: &Place, said: Said) -> Response {
    match keep(house, place, said).await {
        Ok(to) => Redirect::to(&to).into_response(),
        Err(no) => refused(house, Some(place), place.wish, no),
    }
}

async fn keep(house: &House, place: &Place, said: Said) -> Result<String, No> {
    let survey = house.settings.survey.as_ref().ok_or(Refusal::NoSurvey)?;
    let set = survey.set(&said.set).ok_or(Refusal::NoSurvey)?;
    let (step, next) = match said {
        Said { finish: Some(_), .. } => (Step::Finish, None),
        Said { question: Some(question), score: Some(score), .. } => {
            let at = set.questions.iter().position(|it| it.key == question);
            let at = at.ok_or(Refusal::UnknownQuestion)?;
            let score = score.parse().map_err(|_| Refusal::BadAnswer)?;
            (Step::Score { question, score }, Some(at + 1))
        }
        Said { about: Some(about), band: Some(band), .. } => {
            let about = About::of(&about).ok_or(Refusal::UnknownQuestion)?;
            let at = survey.about.iter().position(|it| *it == about).ok_or(Refusal::UnknownQuestion)?;
            let band = about.bands().into_iter().find(|it| it.key == band).ok_or(Refusal::BadAnswer)?.key;
            (Step::About { about, band }, Some(set.questions.len() + at + 1))
        }
        _ => return Err(Refusal::BadAnswer.into()),
    };
    house.hall.answer(survey, set, &place.ticket, place.channel, step).await?;
    let last = set.questions.len() + survey.about.len();
    let Some(next) = next else { return Ok(link(place, set, last)) };
    if next >= last {
        let progress = house.hall.survey_progress(place.ticket.id, &set.key).await?;
        if set.questions.iter().all(|question| progress.scores.contains_key(&question.key)) {
            house.hall.answer(survey, set, &place.ticket, place.channel, Step::Finish).await?;
        }
    }
    Ok(link(place, set, next))
}

/// A "no", in words, on a page of its own.
pub fn refused(house: &House, place: Option<&Place>, wish: Wish, no: No) -> Response {
    let home = place.map(|place| place.home.clone());
    let tablet = place.is_some_and(|place| place.channel == Channel::Desk);
    refusing(house, place, home, tablet, wish, no)
}

/// The same where there is no response to go back to, with the way on: on the desk's tablet back to the beginning, for
/// whoever comes next.
pub fn refused_with_a_way(
    house: &House,
    way: String,
    channel: Option<Channel>,
    wish: Wish,
    no: No,
) -> Response {
    refusing(house, None, Some(way), channel == Some(Channel::Desk), wish, no)
}

fn refusing(
    house: &House,
    place: Option<&Place>,
    home: Option<String>,
    tablet: bool,
    wish: Wish,
    no: No,
) -> Response {
    let of_ticket = place.map(|place| place.ticket.language);
    let language: Language = wish.language().or(of_ticket).unwrap_or_default();
    let present = house.hall.present();
    let status = error::Problem::from(no.clone()).status();
    let page = Refusing {
        frame: Frame::of(house, &present.rules, wish, language),
        said: no.sentence(language),
        code: no.code(),
        home,
        tablet,
    };
    rendered(status, page.render())
}

#[derive(Template)]
#[template(path = "survey-no.html")]
struct Refusing<'a> {
    frame: Frame<'a>,
    said: String,
    code: &'static str,
    home: Option<String>,
    tablet: bool,
}

impl Refusing<'_> {
    fn icon(&self, name: &str) -> String {
        landing::icon(name)
    }
}
