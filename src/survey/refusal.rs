//! A named "no" about an answer or a complaint.

use serde::Serialize;

use crate::words::Text;

/// Why nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub enum Refusal {
    /// There is no survey at this site, or no such set of questions.
    NoSurvey,
    UnknownTicket,
    /// Not every ticket is asked.
    NotInvited,
    /// Its service has not ended.
    NotServed,
    /// Its service ended too long ago.
    Closed,
    /// It has answered, here or in another browser.
    AlreadyAnswered,
    UnknownQuestion,
    /// No score from 1 to 4, or no band of the list.
    BadAnswer,
    /// Nothing was answered yet that could be sent.
    NothingAnswered,
    UnknownTopic,
    /// Without words, or with more than there is room for.
    BadWords,
    /// As many as one ticket may file.
    TooMany,
    UnknownComplaint,
    /// It has been answered before.
    AlreadyReplied,
    /// It cannot be closed before it is answered.
    NotReplied,
    AlreadyClosed,
}

impl Refusal {
    pub const ALL: [Self; 16] = [
        Self::NoSurvey,
        Self::UnknownTicket,
        Self::NotInvited,
        Self::NotServed,
        Self::Closed,
        Self::AlreadyAnswered,
        Self::UnknownQuestion,
        Self::BadAnswer,
        Self::NothingAnswered,
        Self::UnknownTopic,
        Self::BadWords,
        Self::TooMany,
        Self::UnknownComplaint,
        Self::AlreadyReplied,
        Self::NotReplied,
        Self::AlreadyClosed,
    ];

    /// The word a program acts on.
    pub fn code(self) -> &'static str {
        match self {
            Self::NoSurvey => "no_survey",
            Self::UnknownTicket => "unknown_ticket",
            Self::NotInvited => "not_invited",
            Self::NotServed => "not_served",
            Self::Closed => "survey_closed",
            Self::AlreadyAnswered => "already_answered",
            Self::UnknownQuestion => "unknown_question",
            Self::BadAnswer => "bad_answer",
            Self::NothingAnswered => "nothing_answered",
            Self::UnknownTopic => "unknown_topic",
            Self::BadWords => "bad_words",
            Self::TooMany => "too_many_complaints",
            Self::UnknownComplaint => "unknown_complaint",
            Self::AlreadyReplied => "already_replied",
            Self::NotReplied => "not_replied",
            Self::AlreadyClosed => "already_closed",
        }
    }

    /// Whether what was named is not there at all.
    pub fn is_unknown(self) -> bool {
        matches!(self, Self::NoSurvey | Self::UnknownTicket | Self::UnknownComplaint)
    }

    /// Whether the wish itself was wrong, whatever the state of things.
    pub fn is_malformed(self) -> bool {
        matches!(self, Self::UnknownQuestion | Self::BadAnswer | Self::UnknownTopic | Self::BadWords)
    }

    /// A sentence a person can act on.
    pub fn sentence(self) -> Text {
        let (id, en) = match self {
            Self::NoSurvey => ("Survei ini tidak ada di sini.", "There is no such survey here."),
            Self::UnknownTicket => (
                "Nomor atau referensi ini tidak ditemukan. Periksa tiket Anda.",
                "This number or reference is not known. Look at your ticket.",
            ),
            Self::NotInvited => (
                "Tiket ini tidak terpilih untuk survei. Saran selalu boleh disampaikan.",
                "This ticket was not chosen for the survey. Suggestions are always welcome.",
            ),
            Self::NotServed => (
                "Survei dibuka setelah layanan Anda selesai.",
                "The survey opens once your service has ended.",
            ),
            Self::Closed => {
                ("Waktu untuk menjawab survei ini sudah lewat.", "The time for answering is over.")
            }
            Self::AlreadyAnswered => {
                ("Tiket ini sudah menjawab survei. Terima kasih.", "This ticket has answered. Thank you.")
            }
            Self::UnknownQuestion => ("Pertanyaan ini tidak ada.", "There is no such question."),
            Self::BadAnswer => (
                "Jawaban ini tidak ada dalam pilihan. Pilih salah satu.",
                "That is not one of the answers. Choose one of them.",
            ),
            Self::NothingAnswered => (
                "Belum ada yang dijawab. Jawab sedikitnya satu pertanyaan.",
                "Nothing is answered yet. Answer one question at least.",
            ),
            Self::UnknownTopic => {
                ("Topik ini tidak ada. Pilih dari daftar.", "Choose a topic from the list.")
            }
            Self::BadWords => {
                ("Tulis pesan Anda, paling banyak 500 huruf.", "Write your message, at most 500 characters.")
            }
            Self::TooMany => (
                "Batas pesan untuk satu tiket sudah tercapai. Temui meja informasi.",
                "This ticket has filed as many as it may. Please see the information desk.",
            ),
            Self::UnknownComplaint => {
                ("Referensi pengaduan ini tidak ditemukan.", "No message has this reference.")
            }
            Self::AlreadyReplied => ("Pesan ini sudah dijawab.", "This message has been answered."),
            Self::NotReplied => ("Jawab dahulu, lalu tutup.", "Answer it first; then it can be closed."),
            Self::AlreadyClosed => ("Pesan ini sudah ditutup.", "This message is closed."),
        };
        Text::new(id, en)
    }
}
