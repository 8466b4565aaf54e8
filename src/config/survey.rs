//! `[survey]`, `[complaints]` and `[[complaint_topic]]`: what visitors are asked, and what they may say unasked.

use std::sync::Arc;

use super::beside::{Beside, why};
use super::names::Names;
use super::reader::{Table, Value};
use super::words::{line, text};
use crate::queue::Text;
use crate::survey::{About, Feedback, QuestionSet, Survey, Topic, Weight, invite_every};

/// The survey of a site, and how often somebody is asked.
#[derive(Debug, Clone, PartialEq)]
pub struct SurveyConfig {
    pub survey: Arc<Survey>,
    /// Every how many tickets one is invited.
    pub invite_every: u32,
}

/// No set of questions is larger.
const MOST_OF_A_SET: u64 = 64 << 10;
/// The usual expectation, for a period of half a year.
const VISITORS: u64 = 20_000;
const RESPONSE_PERCENT: u8 = 40;

pub(super) fn survey(root: &mut Table<'_>, beside: Beside<'_>) -> Option<Option<SurveyConfig>> {
    let Some(mut table) = root.maybe("survey", |value| value.table("[survey]"))? else { return Some(None) };
    let sets = table.required("sets", |value| sets(value, beside));
    let weight = table.optional("weight", Weight::Exact, |value| value.choice(&Weight::WORDS));
    let visitors = table.optional("expected_visitors", VISITORS, |value| value.integer(1..=100_000_000));
    let percent =
        table.optional("expected_response_percent", RESPONSE_PERCENT, |value| value.integer(1..=100));
    let about = table.optional("ask_about", About::ALL.to_vec(), |value| value.each(about));
    let open_for_h = table.optional("open_for_h", 48, |value| value.integer(1..=168));
    let unlink_after_h = table.optional("unlink_after_h", 24, |value| value.integer(1..=168));
    let survey = Survey {
        sets: sets?,
        weight: weight?,
        about: about?,
        open_for_h: open_for_h?,
        unlink_after_h: unlink_after_h?,
    };
    Some(Some(SurveyConfig { survey: survey.into(), invite_every: invite_every(visitors?, percent?) }))
}

pub(super) fn feedback(root: &mut Table<'_>) -> Option<Arc<Feedback>> {
    let mut names = Names::new("topic");
    let topics = root.each("complaint_topic", |mut table| {
        let id = table.required("id", |value| names.declare(value));
        let name = table.required("name", text);
        Some(Topic { id: id?, name: name? })
    });
    let mut table = root.optional_section("complaints")?;
    let per_ticket = table.optional("per_ticket", 3, |value| value.integer(1..=20));
    let topics = topics?;
    let topics = if topics.is_empty() { usual_topics() } else { topics };
    Some(Feedback { topics, per_ticket: per_ticket? }.into())
}

fn sets(value: &Value<'_>, beside: Beside<'_>) -> Option<Vec<Arc<QuestionSet>>> {
    let sets = value.each(|value| set(value, beside))?;
    if sets.is_empty() {
        let hint = "write sets = [\"skm\"], or leave the whole section out".to_owned();
        return value.refuse("no_questions", "nothing is asked", hint);
    }
    let twice = sets.iter().enumerate().find(|(at, set)| sets[..*at].iter().any(|it| it.key == set.key));
    if let Some((_, set)) = twice {
        let hint = "answers are kept by this key: give each set its own".to_owned();
        return value.refuse("duplicate", format!("two sets have the key `{}`", set.key), hint);
    }
    Some(sets)
}

/// `skm`, `ipak`, or a file beside the config.
fn set(value: &Value<'_>, beside: Beside<'_>) -> Option<Arc<QuestionSet>> {
    let word = line(value)?;
    if let Some(set) = QuestionSet::bundled(word) {
        return Some(set.into());
    }
    let hint = "name \"skm\", \"ipak\", or a file in the folder of this config".to_owned();
    let file = match beside.read(word, MOST_OF_A_SET) {
        Ok(file) => file,
        Err(error) => {
            return value.refuse(
                "unreadable_file",
                format!("`{word}` cannot be read: {}", why(&error)),
                hint,
            );
        }
    };
    let Ok(text) = String::from_utf8(file.bytes) else {
        let hint = "save it as UTF-8".to_owned();
        return value.refuse("bad_questions", format!("{} is no text", file.name), hint);
    };
    match QuestionSet::parse(&text) {
        Ok(set) => Some(set.into()),
        Err(error) => {
            let hint = "docs/survey.md shows how a set is written".to_owned();
            value.refuse("bad_questions", format!("{}: {error}", file.name), hint)
        }
    }
}

fn about(value: &Value<'_>) -> Option<About> {
    value.choice(&About::ALL.map(|about| (about.key(), about)))
}

fn usual_topics() -> Vec<Topic> {
    let topic = |id: &str, indonesian: &str, english: &str| Topic {
        id: id.to_owned(),
        name: Text::new(indonesian, english),
    };
    vec![
        topic("waktu", "Waktu tunggu", "Waiting time"),
        topic("petugas", "Sikap petugas", "Conduct of officers"),
        topic("syarat", "Persyaratan dan prosedur", "Requirements and procedure"),
        topic("biaya", "Biaya", "Cost"),
        topic("fasilitas", "Fasilitas gedung", "Facilities of the building"),
        topic("lainnya", "Lainnya", "Something else"),
    ]
}
