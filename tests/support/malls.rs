//! Malls of every size, written as a technician would write them.

use antrean::config::{self, Options};
use antrean::queue::Rules;

/// The mall of Langsa: ten agencies.
pub fn langsa(options: Options) -> Rules {
    config::read("antrean.toml", config::DEFAULT, options).unwrap().rules
}

/// An office on its own.
pub fn one_agency() -> Rules {
    let text = include_str!("../../config/samples/one-agency.toml");
    config::read("one-agency.toml", text, always()).unwrap().rules
}

/// Twenty-five agencies; fifteen of them with two letters and without an everyday name, one of these with
/// forty services.
pub fn large() -> Rules {
    let mut text = config::DEFAULT.to_owned();
    for i in 0..15 {
        let letters = format!("A{}", char::from(b"ABCDEFGHJKLMNPQ"[i]));
        let name = FULL_NAMES[i % FULL_NAMES.len()];
        text += &format!(
            "\n[[agency]]\nid = \"lain-{i}\"\nprefix = \"{letters}\"\nname = \"{name}\"\nicon = \"document\"\naccent = \"#2A57C1\"\n"
        );
        for k in 0..if i == 0 { 40 } else { 1 + i % 3 } {
            let service = SERVICES[k % SERVICES.len()];
            text += &format!("[[agency.service]]\nid = \"lain-{i}-{k}\"\nname = \"{service}\"\n");
        }
        text +=
            &format!("[[counter]]\nid = \"loket-lain-{i}\"\nnumber = {}\nagency = \"lain-{i}\"\n", 60 + i);
    }
    config::read("antrean.toml", &text, always()).unwrap().rules
}

fn always() -> Options {
    Options { always_open: true, ..Options::default() }
}

/// Official names of kinds of offices that share a mall; the longest has seventy letters.
const FULL_NAMES: [&str; 5] = [
    "Dinas Pemberdayaan Masyarakat dan Pemerintahan Gampong Kota Langsa",
    "Dinas Perumahan Rakyat, Kawasan Permukiman dan Pertanahan Kota Langsa",
    "Badan Penyelenggara Jaminan Sosial Ketenagakerjaan Kantor Cabang Langsa",
    "Kantor Pertanahan Kota Langsa",
    "Kejaksaan Negeri Langsa",
];

const SERVICES: [&str; 6] = [
    "Surat keterangan tidak dipersengketakan untuk tanah di atas dua hektare",
    "Rekomendasi",
    "Pengaduan masyarakat dan permohonan informasi publik",
    "Legalisasi dokumen",
    "Pertanggungjawaban laporan keuangan gampong",
    "Konsultasi",
];
