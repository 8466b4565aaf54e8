//! House rules of calling, absence, holding and referral: what `[queue]` of the config says beyond turn.

use super::{OutcomeId, ReasonId, Text};

/// How staff proceed with a ticket.
#[derive(Debug, Clone, PartialEq)]
pub struct Conduct {
    /// How often a called ticket may be called again.
    pub recalls: u32,
    /// Seconds between two calls of a ticket, and between the last one and a no-show: the time an old
    /// visitor needs to stand up and come.
    pub call_gap_s: u32,
    /// Calls, the first included, before a ticket may be marked as a no-show.
    pub calls_before_no_show: u32,
    /// Who comes back this soon after a no-show is ranked behind the next [`return_behind`](Self::return_behind).
    pub return_within_min: u32,
    pub return_behind: u32,
    /// A referral after service is ranked behind so many who wait there; none: behind all of them.
    pub referral_behind: Option<u32>,
    /// Seconds in which one's own act can be undone.
    pub undo_within_s: u32,
    /// How a service can end. The first is meant where nobody says.
    pub outcomes: Vec<Outcome>,
    /// Why a particular ticket may be called out of turn.
    pub call_reasons: Vec<Reason>,
    /// Why a ticket may be put on hold.
    pub hold_reasons: Vec<Reason>,
    /// Why a service may give no numbers for now: visitors are told.
    pub stop_reasons: Vec<Reason>,
    /// Why a clerk may ask to close a counter: the supervisor is told.
    pub closure_reasons: Vec<Reason>,
}

/// A way for a service to end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    pub id: OutcomeId,
    pub name: Text,
    /// The visitor got what they came for, so that the service counts as delivered.
    pub delivered: bool,
}

/// A reason that staff choose from a list: free words would invite names and illnesses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    pub id: ReasonId,
    pub name: Text,
}

impl Conduct {
    /// The outcome of a name; of none, the usual one.
    pub fn outcome(&self, id: Option<&OutcomeId>) -> Option<&Outcome> {
        match id {
            None => self.outcomes.first(),
            Some(id) => self.outcomes.iter().find(|outcome| outcome.id == *id),
        }
    }
}

/// The usual outcomes of a public counter.
pub fn usual_outcomes() -> Vec<Outcome> {
    let outcome = |id: &str, (name_id, name_en), delivered| Outcome {
        id: id.into(),
        name: Text::new(name_id, name_en),
        delivered,
    };
    vec![
        outcome("completed", ("Selesai", "Done"), true),
        outcome("papers-missing", ("Berkas kurang", "Papers missing"), false),
        outcome("referred", ("Dirujuk", "Referred"), false),
        outcome("collected-later", ("Diambil kemudian", "To be collected"), true),
        outcome("abandoned", ("Batal", "Given up"), false),
    ]
}

/// The usual reasons to call somebody out of turn.
pub fn usual_call_reasons() -> Vec<Reason> {
    reasons(&[
        ("called-back", "Kembali setelah melengkapi berkas", "Back with the missing papers"),
        ("appointment", "Sudah dijanjikan", "Promised before"),
        ("urgent", "Keadaan mendesak", "Urgent"),
        ("missed", "Terlewat karena kesalahan petugas", "Missed by a mistake of staff"),
    ])
}

/// The usual reasons to put somebody on hold.
pub fn usual_hold_reasons() -> Vec<Reason> {
    reasons(&[
        ("papers", "Melengkapi berkas", "Fetching papers"),
        ("copy", "Fotokopi atau foto", "Copies or photo"),
        ("payment", "Membayar", "Paying"),
        ("system", "Menunggu sistem", "Waiting for a system"),
    ])
}

/// The usual reasons to give no numbers for now.
pub fn usual_stop_reasons() -> Vec<Reason> {
    reasons(&[
        ("system", "Gangguan sistem", "The system is down"),
        ("material", "Bahan atau blangko habis", "Out of materials or forms"),
        ("staff", "Petugas tidak di tempat", "No staff for now"),
        ("event", "Ada kegiatan dinas", "An official event"),
    ])
}

/// The usual reasons to ask for a counter to be closed.
pub fn usual_closure_reasons() -> Vec<Reason> {
    reasons(&[
        ("system", "Jaringan atau sistem pusat terputus", "The network or a central system is down"),
        ("material", "Bahan atau blangko habis", "Out of materials or forms"),
        ("unwell", "Petugas sakit", "The clerk is unwell"),
        ("duty", "Tugas dinas di luar loket", "Official duty elsewhere"),
        ("quiet", "Tidak ada lagi yang menunggu", "Nobody waits any more"),
    ])
}

fn reasons(list: &[(&str, &str, &str)]) -> Vec<Reason> {
    list.iter().map(|(id, name_id, en)| Reason { id: (*id).into(), name: Text::new(name_id, en) }).collect()
}

impl Default for Conduct {
    /// As in the commented config.
    fn default() -> Self {
        Self {
            recalls: 3,
            call_gap_s: 15,
            calls_before_no_show: 2,
            return_within_min: 15,
            return_behind: 2,
            referral_behind: None,
            undo_within_s: 15,
            outcomes: usual_outcomes(),
            call_reasons: usual_call_reasons(),
            hold_reasons: usual_hold_reasons(),
            stop_reasons: usual_stop_reasons(),
            closure_reasons: usual_closure_reasons(),
        }
    }
}
