//! From a "no" to an answer: a status, a code for programs, a sentence for people.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};

use crate::hall::No;
use crate::queue::{Language, Refusal};

/// What is wrong with a request.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    sentence: (String, String),
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, (id, en): (&str, &str)) -> Self {
        Self { status, code, sentence: (id.to_owned(), en.to_owned()) }
    }

    /// The body or query is not what the route takes.
    pub fn bad(reason: &str) -> Self {
        let sentence = (
            format!("Permintaan tidak dapat dibaca: {reason}"),
            format!("The request cannot be read: {reason}"),
        );
        Self { status: StatusCode::BAD_REQUEST, code: "bad_request", sentence }
    }

    pub fn no_credential() -> Self {
        let sentence = ("Masuk dulu, atau pakai token.", "Sign in first, or use a token.");
        Self::new(StatusCode::UNAUTHORIZED, "no_credential", sentence)
    }

    pub fn not_allowed() -> Self {
        let sentence = ("Anda tidak berhak melakukan ini.", "You may not do this.");
        Self::new(StatusCode::FORBIDDEN, "not_allowed", sentence)
    }

    pub fn into_answer(self, language: Language) -> Response {
        let message = match language {
            Language::Id => self.sentence.0,
            Language::En => self.sentence.1,
        };
        let mut answer =
            (self.status, Json(serde_json::json!({ "code": self.code, "message": message }))).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        answer
    }
}

impl From<No> for Problem {
    fn from(no: No) -> Self {
        let status = match no {
            No::Refused(
                Refusal::UnknownService
                | Refusal::UnknownPrinter
                | Refusal::UnknownCounter
                | Refusal::UnknownTicket
                | Refusal::UnknownSlip,
            ) => StatusCode::NOT_FOUND,
            No::Refused(_) => StatusCode::CONFLICT,
            No::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            No::Busy | No::Gone => StatusCode::SERVICE_UNAVAILABLE,
        };
        let sentence = (no.sentence(Language::Id), no.sentence(Language::En));
        Self { status, code: no.code(), sentence }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        No::Refused(refusal).into()
    }
}

/// The language a client asks for; Indonesian unless it prefers English.
pub fn language(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = wanted.split([',', ';']).next().unwrap_or_default().trim();
    if first.eq_ignore_ascii_case("en") || first.to_ascii_lowercase().starts_with("en-") {
        Language::En
    } else {
        Language::Id
    }
}

pub async fn unknown_route(headers: HeaderMap) -> Response {
    let sentence = ("Alamat ini tidak ada.", "There is no such route.");
    Problem::new(StatusCode::NOT_FOUND, "unknown_route", sentence).into_answer(language(&headers))
}

pub async fn wrong_method(headers: HeaderMap) -> Response {
    let sentence = ("Cara ini tidak dikenal di alamat ini.", "This method is not known here.");
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", sentence).into_answer(language(&headers))
}

pub async fn no_page() -> Response {
    (
        StatusCode::NOT_FOUND,
        Html("<!doctype html><title>404</title><p>Halaman tidak ditemukan. <a href=\"/\">Antrean</a>"),
    )
        .into_response()
}

/// A page that could not be made: logged once, said plainly.
pub fn broken(error: &dyn std::fmt::Display) -> Response {
    tracing::error!(%error, "internal error");
    (StatusCode::INTERNAL_SERVER_ERROR, "internal error\n").into_response()
}
