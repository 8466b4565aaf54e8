//! Printers, kiosks, lobby, web.

use super::reader::Section;
use super::site::Names;
use super::{Flow, KioskConfig, Parity, Port, PrinterConfig, ProofSetting, WindowSetting};
use crate::queue::Text;

const BAUDS: [i64; 8] = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];

pub fn printers(root: &Section<'_>, names: &mut Names) -> Vec<PrinterConfig> {
    let mut printers = Vec::new();
    for section in root.tables("printer") {
        printers.extend(printer(&section, names));
        section.done();
    }
    printers
}

fn printer(section: &Section<'_>, names: &mut Names) -> Option<PrinterConfig> {
    let id = section.need_text("id", "\"printer-1\"").filter(|id| names.take(section, "printer", id));
    let name = section.words("name");
    let port = section.need_text("port", "\"preview\"").and_then(|port| match port.value.as_str() {
        "preview" => Some(Port::Preview),
        path if path.starts_with("/dev/") => Some(Port::Serial(path.into())),
        other => {
            let message = format!("{other:?} is no port");
            let hint = "write \"preview\", or a device such as \"/dev/serial/by-id/…\"; `ls /dev/serial/by-id` shows them";
            section.say(port.span.clone(), "bad_port", message, hint);
            None
        }
    });
    let baud = section.number("baud", 1200..=115_200);
    if let Some(baud) = baud.as_ref().filter(|baud| !BAUDS.contains(&baud.value)) {
        let hint = format!("printers speak {}", BAUDS.map(|baud| baud.to_string()).join(", "));
        section.say(baud.span.clone(), "bad_baud", format_args!("{} is no usual speed", baud.value), hint);
    }
    let parity =
        section.choice("parity", &[("none", Parity::None), ("even", Parity::Even), ("odd", Parity::Odd)]);
    let flow = section
        .choice("flow", &[("none", Flow::None), ("hardware", Flow::Hardware), ("software", Flow::Software)]);
    let proof = section.choice("proof", &[("status", ProofSetting::Status), ("none", ProofSetting::None)]);
    let paper = section.number("paper_mm", 58..=80);
    if let Some(paper) = paper.as_ref().filter(|paper| ![58, 80].contains(&paper.value)) {
        section.say(paper.span.clone(), "bad_paper", "paper is 58 or 80 mm wide", "write 58 or 80");
    }
    let data_bits = section.number("data_bits", 7..=8).map_or(8, |found| found.value);
    let stop_bits = section.number("stop_bits", 1..=2).map_or(1, |found| found.value);
    let cut = section.boolean("cut").unwrap_or(true);
    let logo = section.text("logo").and_then(|logo| {
        let key = <[u8; 2]>::try_from(logo.value.as_bytes())
            .ok()
            .filter(|key| key.iter().all(u8::is_ascii_graphic));
        if key.is_none() {
            section.say(
                logo.span,
                "bad_logo",
                "a logo's key is two characters",
                "write the key it was stored under, such as \"A1\"",
            );
        }
        key
    });
    let id = id?;
    Some(PrinterConfig {
        name: name.unwrap_or_else(|| Text::same(&id.value)),
        id: id.value.into(),
        port: port?,
        baud: u32::try_from(baud.map_or(9600, |baud| baud.value)).ok()?,
        data_bits: u8::try_from(data_bits).ok()?,
        parity: parity.unwrap_or(Parity::None),
        stop_bits: u8::try_from(stop_bits).ok()?,
        flow: flow.unwrap_or(Flow::None),
        proof: proof.unwrap_or(ProofSetting::Status),
        paper_mm: u8::try_from(paper.map_or(80, |paper| paper.value)).ok()?,
        cut,
        logo,
    })
}

pub fn kiosks(root: &Section<'_>, names: &mut Names) -> Vec<KioskConfig> {
    let mut kiosks = Vec::new();
    for section in root.tables("kiosk") {
        kiosks.extend(kiosk(&section, names));
        section.done();
    }
    kiosks
}

fn kiosk(section: &Section<'_>, names: &mut Names) -> Option<KioskConfig> {
    let id = section.need_text("id", "\"anjungan-1\"").filter(|id| names.take(section, "kiosk", id));
    let name = section.words("name");
    let printer = section.text("printer").filter(|printer| names.knows(section, "printer", printer));
    let zone = section.text("zone").filter(|zone| names.knows(section, "zone", zone));
    let diagonal_in = section.decimal("diagonal_in", 7.0..=100.0).unwrap_or(21.5);
    let window =
        section.choice("window", &[("full", WindowSetting::Full), ("window", WindowSetting::Window)]);
    let needs_paper = section.choice("without_paper", &[("number", false), ("see_staff", true)]);
    let id = id?;
    Some(KioskConfig {
        name: name.unwrap_or_else(|| Text::same(&id.value)),
        id: id.value.into(),
        printer: printer.map(|printer| printer.value.into()),
        zone: zone.map(|zone| zone.value.into()),
        diagonal_in,
        window: window.unwrap_or(WindowSetting::Full),
        needs_paper: needs_paper.unwrap_or(false),
    })
}

pub fn ticker(section: Section<'_>) -> Vec<Text> {
    let lines = section.words_list("ticker");
    section.done();
    lines
}

pub fn host_names(section: Section<'_>) -> Vec<String> {
    let names = section.texts("host_names").unwrap_or_default();
    let plain =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
    for name in names.iter().filter(|name| !plain(&name.value)) {
        let hint = "write the bare name, such as \"antrean.local\", without http:// and port";
        section.say(
            name.span.clone(),
            "bad_host_name",
            format_args!("{:?} is no host name", name.value),
            hint,
        );
    }
    section.done();
    names.into_iter().map(|name| name.value.to_ascii_lowercase()).collect()
}
