//! From a "no" to an answer: a status, a code for programs, a sentence for people.

use axum::Json;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::hall::No;
use crate::queue::{Language, Refusal};

/// What is wrong with a request.
#[derive(Debug, Clone)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    sentence: (String, String),
}

/// A problem as the API says it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct Said {
    /// The word a program acts on.
    code: &'static str,
    /// A sentence a person can act on, in the language of `Accept-Language` (`id` or `en`).
    message: String,
}

impl Problem {
    pub fn new(status: StatusCode, code: &'static str, (id, en): (&str, &str)) -> Self {
        Self { status, code, sentence: (id.to_owned(), en.to_owned()) }
    }

    /// The body, the query or a header is not what the route takes.
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

    pub fn unknown_route() -> Self {
        let sentence = ("Alamat ini tidak ada.", "There is no such route.");
        Self::new(StatusCode::NOT_FOUND, "unknown_route", sentence)
    }

    pub fn wrong_method() -> Self {
        let sentence = ("Cara ini tidak dikenal di alamat ini.", "This method is not known here.");
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "wrong_method", sentence)
    }

    pub fn too_large() -> Self {
        let sentence = ("Isi permintaan melebihi 64 KiB.", "The body is larger than 64 KiB.");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too_large", sentence)
    }

    pub fn wrong_media_type() -> Self {
        let sentence = (
            "Kirim JSON, dengan Content-Type: application/json.",
            "Send JSON, with Content-Type: application/json.",
        );
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", sentence)
    }

    /// What was wrong is right again, or never was wrong.
    pub fn unknown_alarm() -> Self {
        let sentence = ("Peringatan ini sudah tidak berlaku.", "This alarm is over.");
        Self::new(StatusCode::NOT_FOUND, "unknown_alarm", sentence)
    }

    /// The request did not arrive whole within its time.
    pub fn too_slow() -> Self {
        let sentence = (
            "Permintaan tidak selesai pada waktunya. Kirim lagi.",
            "The request took too long. Send it again.",
        );
        Self::new(StatusCode::REQUEST_TIMEOUT, "too_slow", sentence)
    }

    /// A page elsewhere led here under its own name.
    pub fn unknown_host() -> Self {
        let sentence = (
            "Nama ini tidak dikenal. Pakai alamat angka, atau tambahkan nama di [web] names.",
            "This name is not known here. Use the address, or add the name to [web] names.",
        );
        Self::new(StatusCode::MISDIRECTED_REQUEST, "unknown_host", sentence)
    }

    pub fn cross_origin() -> Self {
        let sentence =
            ("Permintaan ini datang dari halaman lain.", "This request comes from a page of somebody else.");
        Self::new(StatusCode::FORBIDDEN, "cross_origin", sentence)
    }

    /// Whoever asks may open no further stream now.
    pub fn too_many_streams() -> Self {
        let sentence = (
            "Terlalu banyak layar yang tersambung. Coba lagi sebentar.",
            "Too many screens are connected. Try again in a moment.",
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "too_many_streams", sentence)
    }

    /// The hall took the wish and has said nothing since: it will be granted now or never.
    pub fn no_answer() -> Self {
        let sentence = (
            "Sistem belum menjawab. Ulangi dengan Idempotency-Key yang sama.",
            "The system has not answered. Repeat it with the same Idempotency-Key.",
        );
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "no_answer", sentence)
    }

    /// Something broke inside; the log says what.
    pub fn internal() -> Self {
        let sentence = (
            "Terjadi kesalahan di dalam sistem. Beri tahu teknisi.",
            "Something broke inside. Please tell the technician.",
        );
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", sentence)
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// A sentence a person can act on.
    pub fn sentence(&self, language: Language) -> &str {
        language.pick(&self.sentence.0, &self.sentence.1)
    }

    pub fn into_answer(self, language: Language) -> Response {
        let said = Said { code: self.code, message: self.sentence(language).to_owned() };
        let mut answer = (self.status, Json(said)).into_response();
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
            No::Survey(refusal) if refusal.is_unknown() => StatusCode::NOT_FOUND,
            No::Survey(refusal) if refusal.is_malformed() => StatusCode::BAD_REQUEST,
            No::Refused(_) | No::Survey(_) => StatusCode::CONFLICT,
            No::KeyReused => StatusCode::UNPROCESSABLE_ENTITY,
            No::Busy | No::Gone => StatusCode::SERVICE_UNAVAILABLE,
        };
        let sentence = (no.sentence(Language::ID), no.sentence(Language::EN));
        Self { status, code: no.code(), sentence }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        No::Refused(refusal).into()
    }
}

/// A handler need not know the caller's language: [`spoken`] does.
impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut answer = self.clone().into_answer(Language::default());
        answer.extensions_mut().insert(self);
        answer
    }
}

/// Says every problem of the API in the caller's language, and those of the framework in our words:
/// a program finds `{code, message}` whatever it did wrong.
pub async fn spoken(request: Request, next: Next) -> Response {
    let language = language(request.headers());
    let mut answer = next.run(request).await;
    if let Some(problem) = answer.extensions_mut().remove::<Problem>() {
        let allow = answer.headers_mut().remove(header::ALLOW);
        let mut answer = problem.into_answer(language);
        answer.headers_mut().extend(allow.map(|allow| (header::ALLOW, allow)));
        return answer;
    }
    match answer.status() {
        StatusCode::BAD_REQUEST => Problem::bad("URL").into_answer(language),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large().into_answer(language),
        StatusCode::INTERNAL_SERVER_ERROR => Problem::internal().into_answer(language),
        _ => answer,
    }
}

/// The language a client asks for; Indonesian where it prefers one that is not spoken here.
pub fn language(headers: &HeaderMap) -> Language {
    let wanted =
        headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let first = wanted.split([',', ';']).next().unwrap_or_default().trim();
    let code = first.split('-').next().unwrap_or_default().to_ascii_lowercase();
    Language::of(&code).unwrap_or_default()
}

/// Where nothing is: said to a program in its own way, to a person with the way back.
pub async fn no_page(uri: Uri, headers: HeaderMap) -> Response {
    if uri.path().starts_with("/api/") {
        return Problem::unknown_route().into_answer(language(&headers));
    }
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
