//! Pages that are no visitor's slip: the test page and the emergency numbers.

use super::{Paper, Width, plain};
use crate::queue::{Text, TicketNumber};

/// A page that shows what a printer can do with what slips use. Every line says what should be seen.
pub fn test_page(facts: &[String], paper: &Paper) -> Vec<u8> {
    let mut page = Page::new(paper);
    let columns = paper.width.columns();
    page.center();
    if let Some([a, b]) = paper.logo {
        page.raw(&[0x1d, b'(', b'L', 6, 0, 48, 69, a, b, 1, 1]);
    }
    page.line("ANTREAN", (2, 2));
    page.line("Halaman uji / Test page", (1, 2));
    page.rule();
    page.left();
    for fact in facts {
        page.line(fact, (1, 1));
    }
    page.line(
        &format!("Paper: {} mm, {columns} columns, cut: {}", millimetres(paper.width), yes(paper.cut)),
        (1, 1),
    );
    page.rule();
    page.line("Satu baris penuh / One whole line", (1, 1));
    page.line("Terpotong / It breaks: paper_mm = 58", (1, 1));
    page.line(&"1234567890".repeat(columns.div_ceil(10))[..columns], (1, 1));
    page.rule();
    page.line("Ukuran / Sizes", (1, 1));
    for times in [1, 2, 3, 4] {
        page.line(&format!("{times}x{times} A001"), (times, times));
    }
    page.center();
    page.line("A001", largest(paper.width));
    page.left();
    page.rule();
    page.line("Huruf / Characters (PC437)", (1, 1));
    let letters: String = ('!'..='~').collect();
    for start in (0..letters.len()).step_by(columns) {
        page.line(&letters[start..letters.len().min(start + columns)], (1, 1));
    }
    page.line("é “Aceh” – 1… = e \"Aceh\" - 1...", (1, 1));
    page.rule();
    page.center();
    page.bar("Putih di atas hitam / White on black");
    page.line("Kode QR / QR code:", (1, 1));
    page.qr("ANTREAN");
    page.line("Tidak ada / None: profile = \"basic\"", (1, 1));
    page.line("Kertas tidak terpotong di sini?", (1, 1));
    page.line("Paper not cut here? cut = false", (1, 1));
    page.end(paper)
}

/// One number of the band that is kept for a power failure. It bears no date: it is used on the day on
/// which the power fails.
pub fn emergency_page(
    place: &Text,
    city: &Text,
    whose: &str,
    number: &TicketNumber,
    paper: &Paper,
) -> Vec<u8> {
    let mut page = Page::new(paper);
    page.center();
    page.line(&place.id, (1, 2));
    page.line(&city.id, (1, 1));
    page.rule();
    page.bar("NOMOR DARURAT");
    page.line(whose, (2, 2));
    page.line("Nomor antrean Anda", (1, 1));
    page.line(&number.to_string(), largest(paper.width));
    page.rule();
    page.line("Tunggu, nomor ini dipanggil petugas.", (1, 1));
    page.line("Wait; staff will call this number.", (1, 1));
    page.line("Jam masuk / Time: ____ . ____", (1, 2));
    page.end(paper)
}

fn largest(width: Width) -> (u8, u8) {
    match width {
        Width::Mm80 => (8, 8),
        Width::Mm58 => (6, 6),
    }
}

fn millimetres(width: Width) -> u8 {
    match width {
        Width::Mm80 => 80,
        Width::Mm58 => 58,
    }
}

fn yes(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

struct Page {
    bytes: Vec<u8>,
    columns: usize,
}

impl Page {
    fn new(paper: &Paper) -> Self {
        // ESC @; FS . leaves Chinese mode; ESC t 0 is PC437, whose lower half is ASCII.
        Self { bytes: b"\x1b@\x1c.\x1bt\x00".to_vec(), columns: paper.width.columns() }
    }

    fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    fn left(&mut self) {
        self.raw(b"\x1ba\x00");
    }

    fn center(&mut self) {
        self.raw(b"\x1ba\x01");
    }

    /// A text in as many lines as it needs.
    fn line(&mut self, text: &str, (width, height): (u8, u8)) {
        self.raw(&[0x1d, b'!', (width - 1) << 4 | (height - 1)]);
        for line in super::wrap(&plain(text), self.columns / usize::from(width)) {
            self.raw(line.as_bytes());
            self.raw(b"\n");
        }
    }

    fn rule(&mut self) {
        self.line("----------------", (1, 1));
    }

    /// White on black, filled to the full width.
    fn bar(&mut self, text: &str) {
        self.raw(b"\x1dB\x01");
        self.line(&format!("{:^width$}", plain(text), width = self.columns), (1, 1));
        self.raw(b"\x1dB\x00");
    }

    fn qr(&mut self, text: &str) {
        let length = u8::try_from(text.len() + 3).unwrap_or(u8::MAX);
        self.raw(b"\x1d(k\x04\x00\x31\x41\x32\x00\x1d(k\x03\x00\x31\x43\x06\x1d(k\x03\x00\x31\x45\x31\x1d(k");
        self.raw(&[length, 0, 0x31, 0x50, 0x30]);
        self.raw(text.as_bytes());
        self.raw(b"\x1d(k\x03\x00\x31\x51\x30\n");
    }

    fn end(mut self, paper: &Paper) -> Vec<u8> {
        self.raw(if paper.cut { b"\x1dV\x42\x00" } else { b"\n\n\n\n" });
        self.bytes
    }
}
