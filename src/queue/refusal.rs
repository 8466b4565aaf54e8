//! Every "no" the rules can say, with a code for programs and a sentence for people.

use super::{Closed, ClosedCode, Language};
use crate::words::clock;

/// Why a wish was not granted. Nothing was written.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Recall or no-show a moment after the last call.
    TooSoon {
        wait_s: u32,
    },
    /// Recalled as often as the house says.
    CalledEnough,
    /// A no-show before the ticket was called often enough.
    CallAgainFirst,
    UnknownReason,
    UnknownOutcome,
    /// A delivery of none, of too many, or of too many kinds.
    BadQuantity,
    /// The ticket does not wait.
    NotWaiting,
    /// The ticket was not missed.
    NotMissed,
    /// The ticket is not on hold.
    NotHeld,
    /// A hold or stop into the past or into another day.
    BadTime,
    /// A date at which this house cannot be.
    BadDate,
    /// The ticket waits for another agency.
    ForeignTicket,
    /// The service belongs to another agency.
    ForeignService,
    /// A transfer to where the ticket is.
    AlreadyThere,
    /// A transfer to a counter that does not offer the service.
    NotServedThere,
    /// A transfer to a counter that is closed.
    TargetClosed,
    /// A counter without anything to serve.
    NoServices,
    /// Nothing was done with the ticket that can be taken back.
    NothingToUndo,
    /// Somebody else did it.
    NotYours,
    TooLateToUndo,
    /// Staff have stopped this service already.
    AlreadyStopped,
    /// Numbers again, where staff have stopped nothing.
    NotStopped,
    /// A number outside the band that is kept for a day without power.
    NotEmergency,
    /// The number's letter is not the service's.
    WrongPrefix,
    /// An emergency number that was adopted already.
    NumberTaken,
    /// A visitor who came on another day, or later than now.
    BadEntry,
    /// A second request to close a counter.
    ClosurePending,
    /// An answer to a request that is not there.
    NoClosure,
    /// A second answer to a request.
    ClosureDecided,
    /// Call next at a counter that closes after the visitor at it.
    CounterClosing,
    /// A notice without words, or longer than the screen is wide.
    BadNotice,
    /// More notices than anybody would read.
    TooManyNotices,
    /// The notice was taken down.
    UnknownNotice,
}

impl Refusal {
    /// Every refusal once, for documents and tests.
    pub const ALL: [Refusal; 51] = [
        Self::UnknownService,
        Self::ServiceClosed(Closed { code: ClosedCode::DayOver, until: None, opens: None, name: None }),
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
        Self::TooSoon { wait_s: 7 },
        Self::CalledEnough,
        Self::CallAgainFirst,
        Self::UnknownReason,
        Self::UnknownOutcome,
        Self::BadQuantity,
        Self::NotWaiting,
        Self::NotMissed,
        Self::NotHeld,
        Self::BadTime,
        Self::BadDate,
        Self::ForeignTicket,
        Self::ForeignService,
        Self::AlreadyThere,
        Self::NotServedThere,
        Self::TargetClosed,
        Self::NoServices,
        Self::NothingToUndo,
        Self::NotYours,
        Self::TooLateToUndo,
        Self::AlreadyStopped,
        Self::NotStopped,
        Self::NotEmergency,
        Self::WrongPrefix,
        Self::NumberTaken,
        Self::BadEntry,
        Self::ClosurePending,
        Self::NoClosure,
        Self::ClosureDecided,
        Self::CounterClosing,
        Self::BadNotice,
        Self::TooManyNotices,
        Self::UnknownNotice,
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
            Self::TooSoon { .. } => "too_soon",
            Self::CalledEnough => "called_enough",
            Self::CallAgainFirst => "call_again_first",
            Self::UnknownReason => "unknown_reason",
            Self::UnknownOutcome => "unknown_outcome",
            Self::BadQuantity => "bad_quantity",
            Self::NotWaiting => "not_waiting",
            Self::NotMissed => "not_missed",
            Self::NotHeld => "not_held",
            Self::BadTime => "bad_time",
            Self::BadDate => "bad_date",
            Self::ForeignTicket => "foreign_ticket",
            Self::ForeignService => "foreign_service",
            Self::AlreadyThere => "already_there",
            Self::NotServedThere => "not_served_there",
            Self::TargetClosed => "target_closed",
            Self::NoServices => "no_services",
            Self::NothingToUndo => "nothing_to_undo",
            Self::NotYours => "not_yours",
            Self::TooLateToUndo => "too_late_to_undo",
            Self::AlreadyStopped => "already_stopped",
            Self::NotStopped => "not_stopped",
            Self::NotEmergency => "not_emergency",
            Self::WrongPrefix => "wrong_prefix",
            Self::NumberTaken => "number_taken",
            Self::BadEntry => "bad_entry",
            Self::ClosurePending => "closure_pending",
            Self::NoClosure => "no_closure",
            Self::ClosureDecided => "closure_decided",
            Self::CounterClosing => "counter_closing",
            Self::BadNotice => "bad_notice",
            Self::TooManyNotices => "too_many_notices",
            Self::UnknownNotice => "unknown_notice",
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
            Self::TooSoon { wait_s } => return too_soon(*wait_s, language),
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
            Self::CalledEnough => (
                "Nomor ini sudah cukup sering dipanggil. Tandai tidak hadir, atau mulai layani.",
                "This ticket has been called often enough. Mark it as a no-show, or start serving it.",
            ),
            Self::CallAgainFirst => (
                "Panggil sekali lagi dulu. Mungkin belum terdengar.",
                "Call once more first. It may not have been heard.",
            ),
            Self::UnknownReason => ("Pilih alasan dari daftar.", "Choose a reason from the list."),
            Self::UnknownOutcome => ("Pilih hasil dari daftar.", "Choose an outcome from the list."),
            Self::BadQuantity => (
                "Jumlah layanan 1 sampai 99, paling banyak 10 macam.",
                "A quantity is 1 to 99, of at most 10 services.",
            ),
            Self::NotWaiting => ("Nomor ini tidak sedang menunggu.", "This ticket is not waiting."),
            Self::NotMissed => {
                ("Nomor ini tidak ditandai tidak hadir.", "This ticket was not marked as a no-show.")
            }
            Self::NotHeld => ("Nomor ini tidak sedang ditunda.", "This ticket is not on hold."),
            Self::BadDate => (
                "Tanggal ini tidak mungkin. Periksa tahun, bulan dan tanggalnya.",
                "This cannot be the date. Check year, month and day.",
            ),
            Self::BadTime => ("Pilih waktu nanti, hari ini juga.", "Choose a time later today."),
            Self::ForeignTicket => {
                ("Nomor ini menunggu instansi lain.", "This ticket waits for another agency.")
            }
            Self::ForeignService => {
                ("Layanan ini milik instansi lain.", "This service belongs to another agency.")
            }
            Self::AlreadyThere => (
                "Nomor ini sudah di sana. Pilih tujuan lain.",
                "The ticket is there already. Choose another place.",
            ),
            Self::NotServedThere => {
                ("Loket tujuan tidak melayani ini.", "That counter does not offer this service.")
            }
            Self::TargetClosed => (
                "Loket tujuan sedang tutup. Alihkan ke layanannya saja.",
                "That counter is closed. Transfer to its service instead.",
            ),
            Self::NoServices => (
                "Loket harus melayani sedikitnya satu layanan.",
                "A counter must serve at least one service.",
            ),
            Self::NothingToUndo => ("Tidak ada yang bisa diurungkan.", "There is nothing to undo."),
            Self::NotYours => {
                ("Hanya petugas yang melakukannya bisa mengurungkan.", "Only who did it can undo it.")
            }
            Self::AlreadyStopped => (
                "Layanan ini sudah berhenti menerima nomor baru.",
                "This service has stopped taking new numbers already.",
            ),
            Self::NotStopped => {
                ("Layanan ini tidak sedang dihentikan petugas.", "This service was not stopped by staff.")
            }
            Self::NotEmergency => (
                "Nomor ini bukan nomor darurat. Periksa angka pada lembarnya.",
                "This is not an emergency number. Check the figures on the strip.",
            ),
            Self::WrongPrefix => (
                "Huruf nomor ini milik layanan lain.",
                "The letter of this number belongs to another service.",
            ),
            Self::NumberTaken => {
                ("Nomor ini sudah dicatat hari ini.", "This number has been taken today already.")
            }
            Self::BadEntry => (
                "Jam datang harus hari ini dan sudah lewat. Periksa juga jam sistem.",
                "The visitor must have come earlier today. Check the system's clock too.",
            ),
            Self::ClosurePending => (
                "Permintaan tutup untuk loket ini sudah ada.",
                "A request to close this counter is there already.",
            ),
            Self::NoClosure => {
                ("Tidak ada permintaan tutup untuk loket ini.", "Nobody has asked to close this counter.")
            }
            Self::ClosureDecided => {
                ("Permintaan ini sudah dijawab.", "This request has been answered already.")
            }
            Self::CounterClosing => (
                "Loket ditutup setelah nomor ini. Selesaikan dengan S.",
                "The counter closes after this ticket. Finish it with S.",
            ),
            Self::BadNotice => (
                "Isi pengumuman dengan 1 sampai 150 huruf, satu baris.",
                "A notice is one line of 1 to 150 characters.",
            ),
            Self::TooManyNotices => (
                "Sudah ada lima pengumuman. Hapus salah satu dulu.",
                "There are five notices already. Take one down first.",
            ),
            Self::UnknownNotice => {
                ("Pengumuman ini sudah tidak tampil.", "This notice is not shown any more.")
            }
            Self::TooLateToUndo => ("Sudah terlambat untuk mengurungkan.", "It is too late to undo this."),
        };
        language.pick(id, en).to_owned()
    }
}

fn closed_sentence(closed: &Closed, language: Language) -> String {
    let (id, en) = match closed.code {
        ClosedCode::Stopped => {
            ("Layanan berhenti menerima nomor baru", "The service takes no new numbers for now")
        }
        ClosedCode::Holiday => ("Layanan libur hari ini", "The service is closed for the holiday"),
        ClosedCode::NotYetOpen => ("Layanan belum dibuka", "The service is not open yet"),
        ClosedCode::Break => ("Layanan sedang istirahat", "The service is on a break"),
        ClosedCode::CutOff => {
            ("Nomor terakhir sebelum tutup sudah diberikan", "The last number before closing has been given")
        }
        ClosedCode::DayOver => ("Layanan hari ini sudah selesai", "The service is over for today"),
        ClosedCode::DayOff => ("Layanan tutup hari ini", "The service is closed today"),
        ClosedCode::QuotaFull => ("Kuota hari ini sudah habis", "There are no more numbers today"),
        ClosedCode::Unstaffed => (
            "Belum ada petugas di loket. Coba lagi sebentar, atau tanya meja informasi",
            "Nobody is at the counter yet. Try again in a moment, or ask the information desk",
        ),
        ClosedCode::PastClosing => (
            "Antrean sudah cukup sampai jam tutup. Datanglah lebih awal di hari lain",
            "Those who wait will take until closing. Come earlier on another day",
        ),
    };
    let mut sentence = language.pick(id, en).to_owned();
    if let Some(name) = &closed.name {
        sentence += &format!(": {}", name.in_language(language));
    }
    sentence.push('.');
    if let Some(at) = closed.opens {
        let (day, time) = (at.format("%d-%m"), clock(at, language));
        sentence += &language
            .pick(format!(" Buka lagi {day} pukul {time}."), format!(" It opens again on {day} at {time}."));
    }
    sentence
}

fn too_soon(wait_s: u32, language: Language) -> String {
    language.pick(
        format!("Tunggu {wait_s} detik lagi. Pengunjung mungkin sedang berjalan."),
        format!("Wait {wait_s} more seconds. The visitor may be on the way."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_code_and_a_sentence_of_its_own() {
        for language in Language::all() {
            let mut seen = std::collections::HashSet::new();
            for refusal in Refusal::ALL {
                assert!(seen.insert(refusal.code()), "{} twice", refusal.code());
                assert!(refusal.sentence(language).ends_with('.'), "{refusal:?}");
            }
            let sentences: std::collections::HashSet<String> = ClosedCode::ALL
                .map(|code| closed_sentence(&Closed { code, until: None, opens: None, name: None }, language))
                .into();
            assert_eq!(sentences.len(), ClosedCode::ALL.len());
        }
    }
}
