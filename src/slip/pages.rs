//! Pages that are no visitor's slip: the test page and the emergency numbers. They are made as slips are,
//! so that they show what slips will look like.

use escpos::errors::PrinterError;

use super::Paper;
use super::sheet::{Look, Sheet, Side, Size};
use crate::queue::{Agency, At, Language, Service, Text, TicketNumber};
use crate::words::{Message, msg};

const NORMAL: Look = Look { size: Size::Normal, bar: false, side: Side::Centre };
const LEFT: Look = Look { side: Side::Left, ..NORMAL };
const TALL: Look = Look { size: Size::Tall, ..NORMAL };
const BIG: Look = Look { size: Size::Big, ..NORMAL };
const NUMBER: Look = Look { size: Size::Number, ..NORMAL };
const BAR: Look = Look { size: Size::Tall, bar: true, side: Side::Centre };

/// A page that shows what a printer can do with what slips use. Every line says what should be seen.
///
/// # Errors
/// Never, unless the builder refuses what it has always taken.
pub fn test_page(facts: &[String], paper: &Paper) -> Result<Vec<u8>, PrinterError> {
    let mut page = Sheet::begin(paper)?;
    let columns = paper.width.columns();
    page.logo()?;
    page.text("ANTREAN", BIG)?;
    page.text("Halaman uji / Test page", TALL)?;
    page.rule();
    for fact in facts {
        page.text(fact, LEFT)?;
    }
    let (width_mm, cut) = (paper.width.mm(), if paper.cut { "yes" } else { "no" });
    page.text(&format!("Paper: {width_mm} mm, {columns} columns, cut: {cut}"), LEFT)?;
    page.rule();
    page.text("Satu baris penuh / One whole line", LEFT)?;
    page.text("Terpotong / It breaks: paper_mm = 58", LEFT)?;
    page.text(&"1234567890".repeat(columns.div_ceil(10))[..columns], LEFT)?;
    page.rule();
    page.text("Ukuran / Sizes", LEFT)?;
    for times in [1, 2, 3, 4] {
        page.text(&format!("{times}x{times} A001"), Look { size: Size::Times(times), ..LEFT })?;
    }
    page.text("A001", NUMBER)?;
    page.rule();
    page.text("Huruf / Characters (PC437)", LEFT)?;
    let letters: String = ('!'..='~').collect();
    for start in (0..letters.len()).step_by(columns) {
        page.text(&letters[start..letters.len().min(start + columns)], LEFT)?;
    }
    page.text("é “Aceh” – 1… = e \"Aceh\" - 1...", LEFT)?;
    page.rule();
    page.text("Putih di atas hitam", BAR)?;
    page.text("White on black, no stripes", BAR)?;
    page.text("Kode QR / QR code:", NORMAL)?;
    page.qr("ANTREAN")?;
    if paper.native_qr {
        page.text("Tidak ada / None: profile = \"basic\"", NORMAL)?;
    }
    if paper.cut {
        page.text("Kertas tidak terpotong di sini?", NORMAL)?;
        page.text("Paper not cut here? cut = false", NORMAL)?;
    }
    page.end()
}

/// One number of the band that is kept for a power failure. It bears no date: it is used on the day on
/// which the power fails.
///
/// # Errors
/// Never, unless the builder refuses what it has always taken.
pub fn emergency_page(
    place: &Text,
    city: &Text,
    whose: &str,
    number: &TicketNumber,
    paper: &Paper,
) -> Result<Vec<u8>, PrinterError> {
    let mut page = Sheet::begin(paper)?;
    page.logo()?;
    page.text(&place.id, TALL)?;
    page.text(&city.id, NORMAL)?;
    page.rule();
    page.text("NOMOR DARURAT", Look { size: Size::Big, ..BAR })?;
    page.text(whose, BIG)?;
    page.rule();
    page.text("Nomor antrean Anda", NORMAL)?;
    page.text(&number.to_string(), NUMBER)?;
    page.rule();
    page.text("Tunggu, nomor ini dipanggil petugas.", NORMAL)?;
    page.text("Wait; staff will call this number.", NORMAL)?;
    page.text("Jam masuk / Time: ____ . ____", TALL)?;
    page.end()
}

/// The card of a service, to take along. It says that it is no number.
///
/// # Errors
/// Never, unless the builder refuses what it has always taken.
pub fn card_page(
    place: &Text,
    agency: &Agency,
    service: &Service,
    printed_at: At,
    language: Language,
    paper: &Paper,
) -> Result<Vec<u8>, PrinterError> {
    let word = |text: Message| text.say(language);
    let mut page = Sheet::begin(paper)?;
    page.logo()?;
    page.text(place.in_language(language), TALL)?;
    page.text(agency.full_name.in_language(language), NORMAL)?;
    page.rule();
    page.text(service.name.in_language(language), BIG)?;
    page.rule();
    let card = &service.card;
    if !card.requirements.is_empty() {
        page.text(word(msg("Requirements")), Look { size: Size::Tall, ..LEFT })?;
        for requirement in &card.requirements {
            page.text(&format!("- {}", requirement.in_language(language)), LEFT)?;
        }
    }
    for (title, text) in [(word(msg("Ready")), &card.time), (word(msg("Fee")), &card.fee)] {
        if *text != Text::default() {
            page.text(&format!("{title}: {}", text.in_language(language)), LEFT)?;
        }
    }
    page.rule();
    page.text(word(msg("This is not a queue number.")), NORMAL)?;
    page.text(&printed_at.format("%d-%m-%Y %H:%M").to_string(), NORMAL)?;
    page.end()
}
