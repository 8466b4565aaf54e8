//! The language in which a phone wants its page.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;

use crate::queue::Language;

/// What was chosen, and what the phone speaks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wish {
    /// On the page, `?lang=en`.
    chosen: Option<Language>,
    /// The first of the phone's languages that is spoken here.
    spoken: Option<Language>,
}

impl Wish {
    pub fn language(self) -> Option<Language> {
        self.chosen.or(self.spoken)
    }

    /// What keeps a language that was chosen in the page's links.
    pub fn query(self) -> String {
        self.chosen.map(|language| format!("?lang={}", language.code())).unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Wish {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let query = parts.uri.query().unwrap_or_default();
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self {
            chosen: query.split('&').find_map(|pair| Language::of(pair.strip_prefix("lang=")?)),
            spoken: accepted.unwrap_or_default().split(',').find_map(spoken),
        })
    }
}

/// `en-GB;q=0.8` is English.
fn spoken(one: &str) -> Option<Language> {
    let tag = one.split(';').next().unwrap_or_default().trim();
    Language::of(&tag.split('-').next().unwrap_or_default().to_ascii_lowercase())
}
