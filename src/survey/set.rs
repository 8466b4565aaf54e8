//! What is asked: a set of questions, read from a file.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::BEST;
use crate::words::Text;

/// The nine elements of Permen PANRB 14/2017.
const SKM: &str = include_str!("../../assets/surveys/skm.toml");
/// Ten points about corruption; the wording is nobody's official one.
const IPAK: &str = include_str!("../../assets/surveys/ipak.toml");

/// One question.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// By which its answers are kept for ever: never its place in a list.
    pub key: String,
    /// What reports call the element.
    pub name: Text,
    /// What is asked; official where the Indonesian is.
    pub ask: Text,
    /// In words, from score 1 (worst) to 4 (best).
    pub options: Vec<Text>,
}

impl Question {
    /// The words of a score.
    pub fn option(&self, score: u8) -> Option<&Text> {
        self.options.get(usize::from(score).checked_sub(1)?)
    }
}

/// A questionnaire.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionSet {
    pub key: String,
    pub name: Text,
    #[serde(default)]
    orders: Orders,
    /// In the order in which they are asked.
    #[serde(rename = "question")]
    pub questions: Vec<Question>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
struct Orders {
    #[serde(default)]
    regulation: Vec<String>,
    #[serde(default)]
    questionnaire: Vec<String>,
}

/// In which order a report tells the elements. The regulation's text and its annex disagree about the last two.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// As the text of the regulation counts them: U8 complaints, U9 facilities.
    #[default]
    Regulation,
    /// As the annex asks them: 8 facilities, 9 complaints.
    Questionnaire,
}

/// Why a text is no set of questions.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SetError {
    #[error("it cannot be read as a set of questions: {0}")]
    Unreadable(String),
    #[error("it asks nothing")]
    Empty,
    #[error("`{0}` is no key: small letters, digits and underscores, at most 32")]
    BadKey(String),
    #[error("two questions have the key `{0}`")]
    Twice(String),
    #[error("question `{0}` needs four options, from worst to best")]
    Options(String),
    #[error("question `{0}` has an empty text")]
    Wordless(String),
    #[error("the order `{0}` does not name every question once")]
    Order(&'static str),
}

/// More questions than anybody answers on a phone.
const MOST: usize = 30;

impl QuestionSet {
    /// The sets of the house: `skm` and `ipak`.
    pub fn bundled(key: &str) -> Option<Self> {
        let text = match key {
            "skm" => SKM,
            "ipak" => IPAK,
            _ => return None,
        };
        Some(Self::parse(text).expect("a test reads every set of the house"))
    }

    /// Reads a set from the text of its file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, SetError> {
        let set: Self = toml::from_str(text).map_err(|error| SetError::Unreadable(error.to_string()))?;
        set.check()?;
        Ok(set)
    }

    pub fn question(&self, key: &str) -> Option<&Question> {
        self.questions.iter().find(|question| question.key == key)
    }

    /// The questions as a report tells them.
    pub fn in_order(&self, order: Order) -> Vec<&Question> {
        let keys = match order {
            Order::Regulation => &self.orders.regulation,
            Order::Questionnaire => &self.orders.questionnaire,
        };
        match keys.is_empty() {
            true => self.questions.iter().collect(),
            false => keys.iter().filter_map(|key| self.question(key)).collect(),
        }
    }

    fn check(&self) -> Result<(), SetError> {
        if self.questions.is_empty() || self.questions.len() > MOST {
            return Err(SetError::Empty);
        }
        let mut keys = BTreeSet::new();
        for key in self.questions.iter().map(|question| &question.key).chain([&self.key]) {
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            if key.is_empty() || key.len() > 32 || !key.chars().all(fits) {
                return Err(SetError::BadKey(key.clone()));
            }
        }
        for question in &self.questions {
            if !keys.insert(&question.key) {
                return Err(SetError::Twice(question.key.clone()));
            }
            if question.options.len() != usize::from(BEST) {
                return Err(SetError::Options(question.key.clone()));
            }
            let mut texts = question.options.iter().chain([&question.name, &question.ask]);
            if texts.any(|text| text.id.trim().is_empty() || text.en.trim().is_empty()) {
                return Err(SetError::Wordless(question.key.clone()));
            }
        }
        for (name, order) in
            [("regulation", &self.orders.regulation), ("questionnaire", &self.orders.questionnaire)]
        {
            let named: BTreeSet<&String> = order.iter().collect();
            if !order.is_empty() && (named != keys || order.len() != keys.len()) {
                return Err(SetError::Order(name));
            }
        }
        Ok(())
    }
}
