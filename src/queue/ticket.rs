//! A ticket: what the visitor holds, and where it stands.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Actor, At, CounterId, Forecast, Language, Origin, PrinterId, ReasonId, Seq, ServiceId, SlipId, Undone,
};

/// One or two capital letters, never I or O: they look like 1 and 0 on thermal paper.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(try_from = "String", into = "String")]
#[schema(value_type = String, pattern = "^[A-HJ-NP-Z]{1,2}$", examples("A"))]
pub struct Prefix(Arc<str>);

impl Prefix {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no prefix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a prefix is one or two letters A to Z without I and O, not {0:?}")]
pub struct NotAPrefix(pub String);

impl FromStr for Prefix {
    type Err = NotAPrefix;
    fn from_str(text: &str) -> Result<Self, NotAPrefix> {
        let letters = text.chars().all(|c| c.is_ascii_uppercase() && c != 'I' && c != 'O');
        if letters && (1..=2).contains(&text.len()) {
            Ok(Self(text.into()))
        } else {
            Err(NotAPrefix(text.to_owned()))
        }
    }
}
impl TryFrom<String> for Prefix {
    type Error = NotAPrefix;
    fn try_from(text: String) -> Result<Self, NotAPrefix> {
        text.parse()
    }
}
impl From<Prefix> for String {
    fn from(prefix: Prefix) -> String {
        prefix.0.as_ref().to_owned()
    }
}
impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl fmt::Debug for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `A012`: a prefix and a number counted per prefix and day, at least three digits, never wrapping.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TicketNumber {
    pub prefix: Prefix,
    /// Counted from 1.
    pub n: u32,
}

impl TicketNumber {
    /// The digits alone, `012`.
    pub fn digits(&self) -> String {
        format!("{:03}", self.n)
    }
}
impl fmt::Display for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{:03}", self.prefix, self.n)
    }
}
impl fmt::Debug for TicketNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Why a text is no ticket number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a ticket number is a prefix and at least three digits, such as A012, not {0:?}")]
pub struct NotATicketNumber(pub String);

impl FromStr for TicketNumber {
    type Err = NotATicketNumber;
    fn from_str(text: &str) -> Result<Self, NotATicketNumber> {
        let no = || NotATicketNumber(text.to_owned());
        let at = text.find(|c: char| c.is_ascii_digit()).ok_or_else(no)?;
        let (prefix, digits) = text.split_at(at);
        let n: u32 = digits.parse().map_err(|_| no())?;
        let number = Self { prefix: prefix.parse().map_err(|_| no())?, n };
        if n > 0 && number.to_string() == text { Ok(number) } else { Err(no()) }
    }
}
impl Serialize for TicketNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
impl<'de> Deserialize<'de> for TicketNumber {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}
impl utoipa::PartialSchema for TicketNumber {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        utoipa::openapi::ObjectBuilder::new()
            .schema_type(utoipa::openapi::Type::String)
            .description(Some("A prefix and a number counted per prefix and day, at least three digits."))
            .pattern(Some("^[A-HJ-NP-Z]{1,2}[0-9]{3,}$"))
            .examples(["A012"])
            .into()
    }
}
impl ToSchema for TicketNumber {}

/// A ticket is named by the journal line that issued it, so a name is never given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct TicketId(pub Seq);

impl fmt::Display for TicketId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Regular, or priority (elderly, disabled, pregnant, with infant). No reason is asked or kept.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    #[default]
    Regular,
    Priority,
}

/// Chance drawn by the hall for one ticket; with the site key it makes the ticket's token.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Nonce(pub [u8; 16]);

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Nonce(..)")
    }
}
impl Serialize for Nonce {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:032x}", u128::from_be_bytes(self.0)))
    }
}
impl<'de> Deserialize<'de> for Nonce {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bits = u128::from_str_radix(&text, 16).map_err(serde::de::Error::custom)?;
        Ok(Self(bits.to_be_bytes()))
    }
}

/// Six characters on every slip by which the desk finds a ticket: no vowels but A and E, nothing
/// that looks like something else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, pattern = "^[2-9A-HJ-NP-Z]{6}$", examples("K7M2QX"))]
pub struct Reference(Arc<str>);

impl Reference {
    const LETTERS: &'static [u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

    /// The reference that belongs to a nonce.
    pub fn of(nonce: Nonce) -> Self {
        let mut bits = u128::from_be_bytes(nonce.0);
        let text: String = std::iter::repeat_with(|| {
            let letter = Self::LETTERS[(bits % 32) as usize];
            bits /= 32;
            char::from(letter)
        })
        .take(6)
        .collect();
        Self(text.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a ticket stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    Waiting,
    Called,
    Serving,
    /// The visitor fetches something and comes back.
    OnHold,
    Done,
    NoShow,
    Cancelled,
    Expired,
}

impl TicketState {
    /// At a counter now: called or being served.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Called | Self::Serving)
    }

    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Serving => "serving",
            Self::OnHold => "on_hold",
            Self::Done => "done",
            Self::NoShow => "no_show",
            Self::Cancelled => "cancelled",
            Self::Expired => "expired",
        }
    }
}

/// One ticket of the day, as the events made it.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    pub id: TicketId,
    pub number: TicketNumber,
    /// What it waits for or is served with: the service of its present stop.
    pub service: ServiceId,
    /// What it was issued for: the place it took of that service's quota.
    pub issued_for: ServiceId,
    /// The one counter that may call it, after a transfer to that counter.
    pub only_at: Option<CounterId>,
    pub class: Class,
    pub language: Language,
    pub origin: Origin,
    pub printer: Option<PrinterId>,
    pub nonce: Nonce,
    /// How long it was told to wait when it was issued.
    pub forecast: Option<Forecast>,
    /// Asked to answer the survey once it has been served.
    pub invited: bool,
    pub state: TicketState,
    /// The last line of the journal that changed this ticket; a stale act names an older one.
    pub seq: Seq,
    /// Its place in the queue: the instant it counts from, then the journal line.
    pub rank_at: At,
    pub issued_at: At,
    /// Its visits to services so far, from 1: a transfer begins the next.
    pub stop: u32,
    /// When it came to this stop; the rank may be older.
    pub entered_at: At,
    /// The counter that called it last at this stop.
    pub counter: Option<CounterId>,
    /// How often it was called to that counter, recalls included.
    pub calls: u32,
    /// The first call by that counter.
    pub called_at: Option<At>,
    /// The latest recall since.
    pub recalled_at: Option<At>,
    pub started_at: Option<At>,
    pub ended_at: Option<At>,
    /// Why it is on hold, and since when; kept until its service goes on.
    pub hold: Option<Hold>,
    /// Seconds of this stop's service in which the visitor was away.
    pub away_s: i64,
    /// The last act, where it can be taken back.
    pub undo: Option<Undo>,
    /// Its newest slip, if a printer was asked for one.
    pub slip: Option<SlipId>,
}

/// A visitor who was sent to fetch something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    pub reason: ReasonId,
    pub since: At,
    /// When it waits again by itself.
    pub until: At,
}

/// What an act changed, and whose it was.
#[derive(Debug, Clone, PartialEq)]
pub struct Undo {
    pub undone: Undone,
    pub before: Arc<Ticket>,
    pub at: At,
    /// The counter at which it was done.
    pub counter: Option<CounterId>,
    /// Who did it, where that was not a counter.
    pub by: Option<Actor>,
}

impl Ticket {
    pub fn reference(&self) -> Reference {
        Reference::of(self.nonce)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_least_three_digits_and_never_wrap() {
        let number = |n| TicketNumber { prefix: "A".parse().unwrap(), n }.to_string();
        assert_eq!([number(1), number(999), number(1000)], ["A001", "A999", "A1000"]);
    }

    #[test]
    fn letters_that_look_like_digits_are_no_prefix() {
        for bad in ["I", "O", "AO", "", "ABC", "a", "1"] {
            assert!(bad.parse::<Prefix>().is_err(), "{bad:?} was taken");
        }
        assert!("AB".parse::<Prefix>().is_ok());
    }

    #[test]
    fn a_ticket_number_reads_back_as_written() {
        for text in ["A001", "AB012", "A1000"] {
            assert_eq!(text.parse::<TicketNumber>().unwrap().to_string(), text);
        }
        for bad in ["A1", "A0001", "012", "A000", "A", "A-12", "A99999999999"] {
            assert!(bad.parse::<TicketNumber>().is_err(), "{bad:?} was taken");
        }
    }

    #[test]
    fn references_are_six_plain_characters() {
        let reference = Reference::of(Nonce([0xA7; 16]));
        assert_eq!(reference.as_str().len(), 6);
        assert!(!reference.as_str().contains(['0', '1', 'I', 'O']));
    }
}
