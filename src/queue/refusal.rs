//! Every "no" the rules can say, with a code for programs and a sentence for people.

use chrono::Timelike;

use super::{At, Closed, ClosedCode, Language};

/// Why a wish was not granted. Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    UnknownService,
    ServiceClosed(Closed),
    UnknownPrinter,
    UnknownCounter,
    UnknownTicket,
    UnknownSlip,
    /// The counter is closed or on a break.
    CounterNotOpen,
    NobodyWaiting,
    /// Call next, while a called ticket has neither come nor been marked absent.
    TicketCalled,
    /// Recall, start or no-show without a called ticket.
    NothingCalled,
    /// Finish without a ticket in service.
    NothingServing,
    /// A break while a ticket is at the counter.
    TicketActive,
    /// The ticket is past the point where it can be cancelled.
    NotCancellable,
    /// The screen showed something that has changed since.
    Changed,
    /// The slip has its final state already.
    SlipSettled,
    /// A slip of this ticket is on its way to the printer.
    SlipOnItsWay,
    /// The ticket was made without paper, and no printer was named.
    NoPrinter,
    /// The ticket's way has ended: served, cancelled, or of another day.
    TicketOver,
}

impl Refusal {
    /// Every refusal once, for documents and tests.
    pub const ALL: [Refusal; 18] = [
        Self::UnknownService,
        Self::ServiceClosed(Closed { code: ClosedCode::DayOver, until: None }),
        Self::UnknownPrinter,
        Self::UnknownCounter,
        Self::UnknownTicket,
        Self::UnknownSlip,
        Self::CounterNotOpen,
        Self::NobodyWaiting,
        Self::TicketCalled,
        Self::NothingCalled,
        Self::NothingServing,
        Self::TicketActive,
        Self::NotCancellable,
        Self::Changed,
        Self::SlipSettled,
        Self::SlipOnItsWay,
        Self::NoPrinter,
        Self::TicketOver,
    ];

    /// The word a program acts on.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownService => "unknown_service",
            Self::ServiceClosed(_) => "service_closed",
            Self::UnknownPrinter => "unknown_printer",
            Self::UnknownCounter => "unknown_counter",
            Self::UnknownTicket => "unknown_ticket",
            Self::UnknownSlip => "unknown_slip",
            Self::CounterNotOpen => "counter_not_open",
            Self::NobodyWaiting => "nobody_waiting",
            Self::TicketCalled => "ticket_called",
            Self::NothingCalled => "nothing_called",
            Self::NothingServing => "nothing_serving",
            Self::TicketActive => "ticket_active",
            Self::NotCancellable => "not_cancellable",
            Self::Changed => "changed",
            Self::SlipSettled => "slip_settled",
            Self::SlipOnItsWay => "slip_on_its_way",
            Self::NoPrinter => "no_printer",
            Self::TicketOver => "ticket_over",
        }
    }

    /// A sentence a person can act on.
    pub fn sentence(&self, language: Language) -> String {
        let (id, en) = match self {
            Self::UnknownService => (
                "Layanan ini tidak dikenal. Periksa namanya di konfigurasi.",
                "There is no such service. Check its name in the config.",
            ),
            Self::ServiceClosed(closed) => return closed_sentence(closed, language),
            Self::UnknownPrinter => ("Printer ini tidak dikenal.", "There is no such printer."),
            Self::UnknownCounter => ("Loket ini tidak dikenal.", "There is no such counter."),
            Self::UnknownTicket => {
                ("Nomor ini tidak ditemukan hari ini.", "This ticket was not found today.")
            }
            Self::UnknownSlip => ("Tiket kertas ini tidak ditemukan.", "This slip was not found."),
            Self::CounterNotOpen => {
                ("Loket belum dibuka. Buka loket dulu.", "The counter is not open. Open it first.")
            }
            Self::NobodyWaiting => ("Tidak ada yang menunggu.", "No one is waiting."),
            Self::TicketCalled => (
                "Nomor ini masih dipanggil. Mulai layani, atau tandai tidak hadir.",
                "This ticket is still being called. Start serving it, or mark it as a no-show.",
            ),
            Self::NothingCalled => ("Tidak ada nomor yang sedang dipanggil.", "No ticket is being called."),
            Self::NothingServing => ("Tidak ada nomor yang sedang dilayani.", "No ticket is being served."),
            Self::TicketActive => {
                ("Selesaikan dulu nomor yang ada di loket.", "Finish the ticket at the counter first.")
            }
            Self::NotCancellable => {
                ("Nomor ini tidak bisa dibatalkan lagi.", "This ticket can no longer be cancelled.")
            }
            Self::Changed => (
                "Keadaan loket sudah berubah. Lihat layar, lalu ulangi bila perlu.",
                "The counter has changed meanwhile. Look at the screen, then repeat if needed.",
            ),
            Self::SlipSettled => {
                ("Tiket kertas ini sudah selesai diperiksa.", "This slip has been settled already.")
            }
            Self::SlipOnItsWay => (
                "Tiket untuk nomor ini sedang dicetak. Tunggu sebentar.",
                "A slip of this ticket is being printed. Wait a moment.",
            ),
            Self::NoPrinter => (
                "Nomor ini diambil tanpa tiket. Pilih printer untuk mencetaknya.",
                "This ticket was taken without paper. Name a printer to print it.",
            ),
            Self::TicketOver => (
                "Nomor ini sudah selesai. Ambil nomor baru bila perlu.",
                "This ticket is over. Take a new one if needed.",
            ),
        };
        match language {
            Language::Id => id,
            Language::En => en,
        }
        .to_owned()
    }
}

fn closed_sentence(closed: &Closed, language: Language) -> String {
    let (id, en) = match closed.code {
        ClosedCode::NotYetOpen => ("Layanan belum dibuka.", "The service is not open yet."),
        ClosedCode::Break => ("Layanan sedang istirahat.", "The service is on a break."),
        ClosedCode::DayOver => ("Layanan hari ini sudah selesai.", "The service is over for today."),
        ClosedCode::DayOff => ("Layanan tutup hari ini.", "The service is closed today."),
    };
    let opens = closed.until.map(|at| (at.format("%d-%m"), clock(at, language)));
    match (language, opens) {
        (Language::Id, Some((day, time))) => format!("{id} Buka lagi {day} pukul {time}."),
        (Language::En, Some((day, time))) => format!("{en} It opens again on {day} at {time}."),
        (Language::Id, None) => id.to_owned(),
        (Language::En, None) => en.to_owned(),
    }
}

/// The time of day as people write it: 09.42 in Indonesian, 09:42 in English.
pub fn clock(at: At, language: Language) -> String {
    let mark = match language {
        Language::Id => '.',
        Language::En => ':',
    };
    format!("{:02}{mark}{:02}", at.hour(), at.minute())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_code_and_a_sentence_of_its_own() {
        for language in [Language::Id, Language::En] {
            let mut seen = std::collections::HashSet::new();
            for refusal in Refusal::ALL {
                assert!(seen.insert(refusal.code()), "{} twice", refusal.code());
                assert!(refusal.sentence(language).ends_with('.'), "{refusal:?}");
            }
        }
    }
}
