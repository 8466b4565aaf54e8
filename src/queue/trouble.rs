//! What can be wrong with a printer or a slip, and what each person needs to hear of it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Language;
use crate::words::msg;

/// Why a slip did not come out, or may not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum SlipTrouble {
    PaperOut,
    CoverOpen,
    Cutter,
    /// The head is too hot; it cools by itself.
    HeadHot,
    /// Another error that the printer recovers from by itself or by a feed.
    Waiting,
    Unrecoverable,
    Offline,
    Unplugged,
    Mute,
    Garbage,
    /// Not begun within the time a visitor waits.
    TooLate,
    /// The box started again while the slip was on its way.
    Restarted,
}

impl SlipTrouble {
    /// Every trouble once, for documents and tests.
    pub const ALL: [Self; 12] = [
        Self::PaperOut,
        Self::CoverOpen,
        Self::Cutter,
        Self::HeadHot,
        Self::Waiting,
        Self::Unrecoverable,
        Self::Offline,
        Self::Unplugged,
        Self::Mute,
        Self::Garbage,
        Self::TooLate,
        Self::Restarted,
    ];

    /// The word used in SQL and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PaperOut => "paper_out",
            Self::CoverOpen => "cover_open",
            Self::Cutter => "cutter",
            Self::HeadHot => "head_hot",
            Self::Waiting => "waiting",
            Self::Unrecoverable => "unrecoverable",
            Self::Offline => "offline",
            Self::Unplugged => "unplugged",
            Self::Mute => "mute",
            Self::Garbage => "garbage",
            Self::TooLate => "too_late",
            Self::Restarted => "restarted",
        }
    }

    /// For the visitor: calm, without blame and without anything to do about it.
    pub fn for_visitor(self, language: Language) -> &'static str {
        match self {
            Self::PaperOut => msg("We are out of ticket paper. Staff have been told."),
            _ => msg("The ticket cannot be printed. Staff have been told."),
        }
        .say(language)
    }

    /// For whoever stands nearest: what is wrong, and what anybody can do about it.
    pub fn for_staff(self, language: Language) -> &'static str {
        let (id, en) = match self {
            Self::PaperOut => ("Kertas habis. Pasang gulungan baru.", "The paper is out. Put in a new roll."),
            Self::CoverOpen => (
                "Tutup printer terbuka. Tutup sampai berbunyi klik.",
                "The printer's cover is open. Close it until it clicks.",
            ),
            Self::Cutter => (
                "Pemotong kertas macet. Buka tutup, ambil sisa kertas, tutup lagi.",
                "The cutter is jammed. Open the cover, take out the paper, close it again.",
            ),
            Self::HeadHot => (
                "Printer terlalu panas. Tunggu beberapa menit; ia mulai lagi sendiri.",
                "The printer is too hot. Wait a few minutes; it goes on by itself.",
            ),
            Self::Waiting => (
                "Printer sedang berhenti. Tekan tombol FEED sekali.",
                "The printer has paused. Press its FEED button once.",
            ),
            Self::Unrecoverable => (
                "Printer rusak. Matikan lalu hidupkan lagi; bila tetap, panggil teknisi.",
                "The printer has failed. Switch it off and on; if that does not help, call the technician.",
            ),
            Self::Offline => (
                "Printer tidak menerima data. Tekan tombol FEED sekali; bila tetap, panggil teknisi.",
                "The printer takes no data. Press its FEED button once; if that does not help, call the technician.",
            ),
            Self::Unplugged => (
                "Kabel printer lepas. Pasang lagi kabelnya.",
                "The printer's cable is off. Plug it in again.",
            ),
            Self::Mute => (
                "Printer tidak menjawab. Periksa apakah ia menyala dan kabelnya terpasang.",
                "The printer does not answer. See whether it is switched on and its cable is in.",
            ),
            Self::Garbage => (
                "Jawaban printer tidak terbaca. Panggil teknisi.",
                "The printer's answers cannot be read. Call the technician.",
            ),
            Self::TooLate => (
                "Tiket tidak dicetak karena terlalu lama menunggu printer.",
                "The ticket was not printed because the printer took too long.",
            ),
            Self::Restarted => (
                "Sistem mulai ulang saat tiket dicetak.",
                "The box started again while the ticket was printing.",
            ),
        };
        language.pick(id, en)
    }

    /// For the technician: where to look beyond what staff can do.
    pub fn for_technician(self, language: Language) -> &'static str {
        let (id, en) = match self {
            Self::PaperOut | Self::CoverOpen | Self::Waiting => return self.for_staff(language),
            Self::Cutter => (
                "Pemotong macet (DLE EOT 3 bit 3). Bersihkan pisau; bila berulang, ganti pemotong atau pakai cut = false.",
                "The cutter is jammed (DLE EOT 3 bit 3). Clean the blade; if it returns, replace the cutter or set cut = false.",
            ),
            Self::HeadHot => (
                "Kepala cetak panas (DLE EOT 3 bit 6). Beri jalan udara; kurangi slip gelap.",
                "The head is hot (DLE EOT 3 bit 6). Give it air; print less black.",
            ),
            Self::Unrecoverable => (
                "Galat yang tidak pulih (DLE EOT 3 bit 5). Matikan, tunggu 10 detik, hidupkan; bila tetap, servis.",
                "Unrecoverable error (DLE EOT 3 bit 5). Switch off, wait 10 s, switch on; if it stays, have it serviced.",
            ),
            Self::Offline => (
                "Jalur terhenti. Periksa flow di konfigurasi, kabel DTR ke CTS, dan DIP BUSY = buffer full only.",
                "The line has stalled. Check flow in the config, the cable DTR to CTS, and the DIP switch BUSY = buffer full only.",
            ),
            Self::Unplugged => (
                "Port tidak ada atau tidak bisa dibuka. Jalankan antrean printer ports; pakai nama dari sana.",
                "The port is gone or cannot be opened. Run antrean printer ports; use a name from there.",
            ),
            Self::Mute => (
                "Tidak ada jawaban atas DLE EOT. Periksa baud, TX/RX, dan daya; printer tanpa status butuh proof = \"none\".",
                "No answer to DLE EOT. Check baud, TX/RX and power; a printer without status needs proof = \"none\".",
            ),
            Self::Garbage => (
                "Jawaban bukan ESC/POS. Baud atau parity salah, atau perangkat lain di port ini.",
                "The answers are no ESC/POS. Baud or parity is wrong, or something else is on this port.",
            ),
            Self::TooLate => (
                "Slip tidak dimulai dalam 8 detik. Lihat log: slip di depannya, atau port yang lambat.",
                "The slip was not begun within 8 s. See the log: a slip before it, or a slow port.",
            ),
            Self::Restarted => (
                "Box mulai ulang di tengah slip. Lihat log dan listrik.",
                "The box started again in the middle of a slip. See the log and the power supply.",
            ),
        };
        language.pick(id, en)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trouble_has_a_word_and_something_to_say_to_everybody() {
        let mut words = std::collections::HashSet::new();
        for trouble in SlipTrouble::ALL {
            assert!(words.insert(trouble.as_str()), "{} twice", trouble.as_str());
            assert_eq!(serde_json::to_string(&trouble).unwrap(), format!("\"{}\"", trouble.as_str()));
            for language in Language::all() {
                for said in [
                    trouble.for_visitor(language),
                    trouble.for_staff(language),
                    trouble.for_technician(language),
                ] {
                    assert!(said.ends_with(['.', '"']), "{said}");
                }
                let calm = trouble.for_visitor(language);
                assert!(!calm.contains('!') && !calm.contains("printer"), "{calm}");
            }
        }
    }
}
