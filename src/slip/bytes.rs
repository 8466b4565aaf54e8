//! A slip as ESC/POS, in the text mode that every printer has.
//!
//! The crate `escpos` builds what it builds rightly; line feeds, the partial cut and the start are raw
//! bytes of our own (`facts`: its line feed is `ESC d`, which printers disagree about; its partial cut
//! is a full one; GS V 66 is the partial cut of Epson's manual). Layout: `design/tokens.md` §11.

use std::cell::RefCell;
use std::rc::Rc;

use chrono::{Datelike, Timelike};
use escpos::driver::Driver;
use escpos::printer::Printer;
use escpos::utils::{JustifyMode, Protocol, QRCodeCorrectionLevel, QRCodeModel, QRCodeOption};

use super::{Paper, Slip, Width, plain, wrap};
use crate::queue::Language;

/// The bytes that print a slip, from initialisation to cut.
///
/// # Errors
/// A QR code's text is too long to be one.
pub fn bytes(slip: &Slip, paper: &Paper) -> Result<Vec<u8>, escpos::errors::PrinterError> {
    let tape = Tape::default();
    let mut page = Page {
        printer: Printer::new(tape.clone(), Protocol::default(), None),
        width: paper.width,
        size: NORMAL,
    };
    page.begin(paper)?;
    page.head(slip)?;
    page.number(slip)?;
    page.way(slip)?;
    page.foot(slip)?;
    page.end(paper)?;
    Ok(tape.0.take())
}

/// Collects what the builder writes.
#[derive(Clone, Default)]
struct Tape(Rc<RefCell<Vec<u8>>>);

impl Driver for Tape {
    fn name(&self) -> String {
        "tape".to_owned()
    }
    fn write(&self, data: &[u8]) -> escpos::errors::Result<()> {
        self.0.borrow_mut().extend_from_slice(data);
        Ok(())
    }
    fn read(&self, _buf: &mut [u8]) -> escpos::errors::Result<usize> {
        Ok(0)
    }
    fn flush(&self) -> escpos::errors::Result<()> {
        Ok(())
    }
}

type Done = Result<(), escpos::errors::PrinterError>;

/// A size by multiples of font A, width × height.
type Size = (u8, u8);
const NORMAL: Size = (1, 1);
const TALL: Size = (1, 2);
const BIG: Size = (2, 2);

struct Page {
    printer: Printer<Tape>,
    width: Width,
    /// The size in force: said again only when it changes.
    size: Size,
}

impl Page {
    fn begin(&mut self, paper: &Paper) -> Done {
        // ESC @; FS . leaves Chinese mode; ESC t 0 is PC437, whose lower half is ASCII.
        self.raw(b"\x1b@\x1c.\x1bt\x00")?;
        self.printer.justify(JustifyMode::CENTER)?;
        if let Some([a, b]) = paper.logo {
            self.raw(&[0x1d, b'(', b'L', 6, 0, 48, 69, a, b, 1, 1])?;
        }
        Ok(())
    }

    fn head(&mut self, slip: &Slip) -> Done {
        if slip.demo {
            self.bar(&[("MODE PERAGAAN", BIG)])?;
        }
        self.text(&slip.place, TALL)?;
        self.text(&slip.city, NORMAL)?;
        self.rule()?;
        let language = slip.language;
        let marks = [(slip.priority, ["PRIORITAS", "PRIORITY"]), (slip.reprint, ["CETAK ULANG", "REPRINT"])];
        for (_, words) in marks.iter().filter(|(marked, _)| *marked) {
            self.bar(&[(say(language, words[0], words[1]), BIG)])?;
        }
        self.text(&slip.agency, BIG)?;
        if slip.agency_full != slip.agency {
            self.text(&slip.agency_full, NORMAL)?;
        }
        self.text(&slip.service, TALL)?;
        self.rule()
    }

    fn number(&mut self, slip: &Slip) -> Done {
        self.text(say(slip.language, "Nomor antrean Anda", "Your queue number"), NORMAL)?;
        let number = slip.number.to_string();
        // 24 mm tall on 80 mm paper; one step smaller for each character beyond four that does not fit.
        let largest: usize = match self.width {
            Width::Mm80 => 8,
            Width::Mm58 => 6,
        };
        let fits =
            (1..=largest).rev().find(|times| number.len() * times <= self.width.columns()).unwrap_or(1);
        let times = u8::try_from(fits).unwrap_or(1);
        self.text(&number, (times, times))?;
        self.rule()
    }

    fn way(&mut self, slip: &Slip) -> Done {
        let language = slip.language;
        match slip.ahead {
            Some(0) => self.text(say(language, "Anda berikutnya", "You are next"), TALL)?,
            Some(n) => {
                let people = say(language, "orang di depan Anda", "people ahead of you");
                self.text(&format!("{n} {people}"), TALL)?;
            }
            None => {}
        }
        if let Some((low, high)) = slip.wait_min {
            let line = match language {
                Language::Id => format!("Perkiraan tunggu {low}-{high} menit"),
                Language::En => format!("About {low}-{high} min"),
            };
            self.text(&line, TALL)?;
        }
        let zone = slip.zone.as_ref().map(|zone| match language {
            Language::Id => format!("Tunggu di Zona {zone}"),
            Language::En => format!("Wait in Zone {zone}"),
        });
        let counters = counters(&slip.counters, language);
        let mut lines: Vec<(&str, Size)> = Vec::new();
        lines.extend(zone.as_deref().map(|zone| (zone, BIG)));
        lines.extend((!counters.is_empty()).then_some((counters.as_str(), TALL)));
        if !lines.is_empty() {
            self.bar(&lines)?;
        }
        if let Some(qr) = &slip.qr {
            let modules = match self.width {
                Width::Mm80 => 6,
                Width::Mm58 => 5,
            };
            let option = QRCodeOption::new(QRCodeModel::Model2, modules, QRCodeCorrectionLevel::M);
            self.printer.qrcode_option(&plain(&qr.url), option)?;
            self.raw(b"\n")?;
            let scan = match language {
                Language::Id => format!("Wi-Fi {}, lalu pindai kode ini", qr.wifi),
                Language::En => format!("Join Wi-Fi {}, then scan this code", qr.wifi),
            };
            self.text(&scan, NORMAL)?;
        }
        Ok(())
    }

    fn foot(&mut self, slip: &Slip) -> Done {
        let language = slip.language;
        self.rule()?;
        self.text(&moment(slip), NORMAL)?;
        self.text(&format!("{} {}", say(language, "Referensi", "Reference"), slip.reference), TALL)?;
        self.text(say(language, "Berlaku hari ini saja.", "Valid today only."), NORMAL)?;
        let missed =
            ["Nomor terlewat? Lapor ke meja informasi.", "Missed your call? Tell the information desk."];
        self.text(say(language, missed[0], missed[1]), NORMAL)
    }

    fn end(&mut self, paper: &Paper) -> Done {
        if paper.cut {
            // Feeds to the cutter, then cuts all but a point.
            self.raw(&[0x1d, b'V', 66, 0])?;
        } else {
            self.raw(b"\n\n\n\n")?;
        }
        self.printer.print().map(|_| ())
    }

    fn rule(&mut self) -> Done {
        self.text("----------------", NORMAL)
    }

    /// A text in as many lines as it needs, broken between words.
    fn text(&mut self, text: &str, size: Size) -> Done {
        self.size(size)?;
        for line in wrap(&plain(text), self.width.columns() / usize::from(size.0)) {
            self.printer.write(&line)?;
            self.raw(b"\n")?;
        }
        Ok(())
    }

    /// White on black, filled to the full width; the lines stand without a gap between them.
    fn bar(&mut self, lines: &[(&str, Size)]) -> Done {
        self.printer.reverse(true)?;
        self.printer.line_spacing(48)?;
        for (text, size) in lines {
            self.size(*size)?;
            let columns = self.width.columns() / usize::from(size.0);
            for line in wrap(&plain(text), columns) {
                self.printer.write(&format!("{line:^columns$}"))?;
                self.raw(b"\n")?;
            }
        }
        self.printer.reverse(false)?;
        self.printer.reset_line_spacing()?;
        Ok(())
    }

    fn size(&mut self, size: Size) -> Done {
        if size != self.size {
            self.printer.size(size.0, size.1)?;
            self.size = size;
        }
        Ok(())
    }

    fn raw(&mut self, bytes: &[u8]) -> Done {
        self.printer.custom(bytes).map(|_| ())
    }
}

fn say<'a>(language: Language, id: &'a str, en: &'a str) -> &'a str {
    match language {
        Language::Id => id,
        Language::En => en,
    }
}

fn counters(numbers: &[u16], language: Language) -> String {
    let (word, or) = (say(language, "Loket", "Counter"), say(language, "atau", "or"));
    match numbers {
        [] => String::new(),
        [only] => format!("{word} {only}"),
        [first, last] => format!("{word} {first} {or} {last}"),
        [rest @ .., last] => {
            let rest: Vec<String> = rest.iter().map(u16::to_string).collect();
            format!("{word} {}, {or} {last}", rest.join(", "))
        }
    }
}

fn moment(slip: &Slip) -> String {
    let at = slip.printed_at;
    let day = at.weekday().num_days_from_monday() as usize;
    let (days, months, mark) = match slip.language {
        Language::Id => (DAYS_ID, MONTHS_ID, '.'),
        Language::En => (DAYS_EN, MONTHS_EN, ':'),
    };
    let month = months[at.month0() as usize];
    format!("{}, {} {month} {}  {:02}{mark}{:02}", days[day], at.day(), at.year(), at.hour(), at.minute())
}

const DAYS_ID: [&str; 7] = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"];
const DAYS_EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const MONTHS_ID: [&str; 12] = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
