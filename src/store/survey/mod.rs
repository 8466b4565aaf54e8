//! Answers to the survey, suggestions and complaints: primary tables, written in the hall's transaction and never
//! in the journal, read from connections of their own.
//!
//! **Invariant:** whoever answers is known to this file only while the answer can still be changed or its link
//! has not been removed; afterwards a row has a random name, a date, an agency and a service, and no time.

mod answer;
mod complaint;
mod figures;
mod read;

pub use answer::{AnswerId, Channel, Step, Visit};
pub(super) use answer::{answer, forget_day, unlink};
pub use complaint::{ComplaintRow, Filing, Kind, Matter, State};
pub(super) use complaint::{close, file, reply};
pub use figures::{ComplaintCount, Figures, Group, Response};
pub use read::{Progress, Reader, SurveyTicket};
