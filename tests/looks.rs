//! What the technician's panel looks like, drawn by the renderer of the product; the visitors' screens are in
//! the gallery.
//!
//! `LOOKS=folder cargo test --test looks` leaves a picture of each screen there, in every size and mode
//! (`LOOKS_OF=1024x600-en` in those alone whose name has this in it); without it one size is drawn, and that
//! every screen has something to show is all that is asked.
#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;
use std::sync::Arc;

use antrean::config;
use antrean::hall::No;
use antrean::health::{PrinterNow, Proof, Surroundings};
use antrean::kiosk::{News, Settings, technician};
use antrean::queue::{Refusal, SlipTrouble, Text};
use antrean_ui as ui;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::{ComponentHandle, Rgba8Pixel, SharedPixelBuffer};
use support::house::House;
use support::kiosk::{Kiosk, settings};
use support::malls::langsa;
use support::mode::{Mode, SIZES};

/// English, large text, high contrast, lower layout.
const MODES: [(bool, bool, bool, bool); 5] = [
    (false, false, false, false),
    (true, false, false, false),
    (false, true, false, false),
    (true, true, true, false),
    (false, false, false, true),
];

/// A box on which everything is as long to say as it can be.
fn technician() -> technician::Settings {
    let printer = PrinterNow {
        port: "/dev/serial/by-id/usb-FTDI_FT232R_USB_UART_A10K3Z7B-if00-port0".to_owned(),
        proof: Proof::None,
        ..PrinterNow::well(
            "printer-1".into(),
            Text::new("Printer Anjungan 1", "Printer of kiosk 1"),
            support::rules::at("2026-11-23 09:00"),
        )
    }
    .in_trouble(SlipTrouble::Offline);
    let surroundings = Surroundings {
        addresses: ["192.168.100.120", "10.20.130.240"].map(|ip| ip.parse().unwrap()).to_vec(),
        listen: ([0, 0, 0, 0], 8080).into(),
        listening: Some(([0, 0, 0, 0], 8080).into()),
        https: false,
        data: "/var/lib/antrean".into(),
        free: Some(12 << 30),
    };
    technician::Settings {
        holders: vec![technician::Holder {
            id: "tek-1".into(),
            name: "Teknisi Mal".to_owned(),
            pin_hash: String::new(),
        }],
        demo_pin: Some("246810".to_owned()),
        workshop: technician::Workshop {
            printer: Arc::new(move || Some(printer.clone())),
            surroundings: Arc::new(move || Some(surroundings.clone())),
            ..technician::Workshop::default()
        },
    }
}

/// Signs in without a PIN's slow check, and hears how the box is.
fn sign_in(kiosk: &Kiosk) {
    let door = kiosk.stage.app().global::<ui::Technician>();
    door.invoke_called();
    kiosk.later(500);
    ["2", "4", "6", "8", "1", "0"].into_iter().for_each(|digit| door.invoke_digit(digit.into()));
    kiosk.stage.hear(News::Technician(technician::Heard::Checked(Some("tek-1".into()))));
    let seen = (technician().workshop.surroundings)();
    kiosk.stage.hear(News::Technician(technician::Heard::Seen(seen)));
    kiosk.later(500);
}

/// The first screen where nobody has a PIN.
fn draw_nobody(mode: Mode, keep: &dyn Fn(&str, &SharedPixelBuffer<Rgba8Pixel>)) {
    let kiosk = Kiosk::drawn(settings(), mode.size);
    mode.set(&kiosk);
    kiosk.stage.app().global::<ui::Technician>().invoke_called();
    keep("technician-nobody", &kiosk.picture());
}

fn draw_technician(mode: Mode, keep: &dyn Fn(&str, &SharedPixelBuffer<Rgba8Pixel>)) {
    let snap = |kiosk: &Kiosk, name: &str| keep(name, &kiosk.picture());
    let house = House::with(langsa(config::Options { always_open: true, ..config::Options::default() }));
    house.issue("ktp").unwrap();
    let house = house.restart("2026-01-01 07:00");
    let kiosk = Kiosk::drawn(Settings { technician: technician(), ..settings() }, mode.size);
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    mode.set(&kiosk);
    let door = kiosk.stage.app().global::<ui::Technician>();
    let heard = |heard| {
        kiosk.stage.hear(News::Technician(heard));
        kiosk.later(500);
    };
    door.invoke_called();
    kiosk.later(500);
    ["1", "2", "3"].into_iter().for_each(|digit| door.invoke_digit(digit.into()));
    snap(&kiosk, "technician-pin");
    ["4", "5", "6"].into_iter().for_each(|digit| door.invoke_digit(digit.into()));
    heard(technician::Heard::Checked(None));
    for _ in 0..2 {
        (0..6).for_each(|_| door.invoke_digit("0".into()));
        heard(technician::Heard::Checked(None));
    }
    snap(&kiosk, "technician-pin-wrong");
    kiosk.later(31_000);
    sign_in(&kiosk);
    snap(&kiosk, "technician-panel");
    door.invoke_ask_clock();
    kiosk.later(500);
    snap(&kiosk, "technician-clock");
    door.invoke_turn(ui::DialHand::Year, true);
    door.invoke_confirm_clock();
    kiosk.later(500);
    snap(&kiosk, "technician-sure");
    door.invoke_confirm_clock();
    heard(technician::Heard::ClockAnswered(Err(No::Refused(Refusal::BadDate))));
    snap(&kiosk, "technician-clock-refused");
    door.invoke_confirm_clock();
    kiosk.later(500);
    door.invoke_confirm_clock();
    heard(technician::Heard::ClockAnswered(Ok(())));
    snap(&kiosk, "technician-clock-set");
    door.invoke_print_test();
    snap(&kiosk, "technician-printing");
    heard(technician::Heard::Tested(technician::Tested::Trouble(SlipTrouble::Mute)));
    snap(&kiosk, "technician-not-printed");
    door.invoke_back();
    kiosk.later(500);
    door.invoke_ask_shut_down();
    kiosk.later(500);
    snap(&kiosk, "technician-shut-down");
    door.invoke_agree();
    let said = "Call to PowerOff failed: Interactive authentication required";
    heard(technician::Heard::Unable(technician::Unable::Refused(said.to_owned())));
    snap(&kiosk, "technician-failed");
    door.invoke_back();
    kiosk.later(500);
    door.invoke_clean();
    snap(&kiosk, "technician-cleaning");
}

fn has_something_to_show(picture: &SharedPixelBuffer<Rgba8Pixel>) -> bool {
    let first = picture.as_slice()[0];
    let other = picture.as_slice().iter().filter(|pixel| **pixel != first).count();
    other > picture.as_slice().len() / 50
}

/// How pictures of a mode are drawn and handed on.
type Draw = dyn Fn(Mode, &(dyn Fn(&str, &SharedPixelBuffer<Rgba8Pixel>) + Sync));

/// Asks one size whether there is something to show, and leaves pictures of what was asked for.
fn look_at(draw: &Draw) {
    let keep = |name: &str, picture: &SharedPixelBuffer<Rgba8Pixel>| {
        assert!(has_something_to_show(picture), "{name} is empty");
    };
    draw(Mode { size: (1024, 600), english: false, large: false, contrast: false, low: false }, &keep);
    let Some(folder) = std::env::var_os("LOOKS") else { return };
    for size in SIZES {
        for (english, large, contrast, low) in MODES {
            let mode = Mode { size, english, large, contrast, low };
            if std::env::var("LOOKS_OF").is_ok_and(|part| !mode.name().contains(&part)) {
                continue;
            }
            draw(mode, &|name, picture| {
                write(Path::new(&folder), &format!("{}-{name}", mode.name()), picture)
            });
        }
    }
}

#[test]
fn every_screen_of_the_technician_has_something_to_show() {
    look_at(&|mode, keep| {
        std::thread::scope(|scope| scope.spawn(|| draw_technician(mode, keep)).join().unwrap());
        std::thread::scope(|scope| scope.spawn(|| draw_nobody(mode, keep)).join().unwrap());
    });
}

/// A label, and its place: left, top, right, bottom.
type Placed = (String, [f32; 4]);

/// Everything on the screen that has this role.
fn placed(kiosk: &Kiosk, role: AccessibleRole) -> Vec<Placed> {
    let alike = move |element: &ElementHandle| element.accessible_role() == Some(role);
    let elements = ElementQuery::from_root(kiosk.stage.app()).match_descendants().match_predicate(alike);
    let placed = |element: ElementHandle| {
        let (at, size) = (element.absolute_position(), element.size());
        let label = element.accessible_label().unwrap_or_default().to_string();
        (label, [at.x, at.y, at.x + size.width, at.y + size.height])
    };
    let mut words = Vec::new();
    for word in elements.find_all().into_iter().map(placed) {
        // A text is met once for each component that it is the whole of.
        if !word.0.is_empty() && !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// By how much two places cover each other, in the direction in which it is less.
fn overlap(one: [f32; 4], other: [f32; 4]) -> f32 {
    let across = one[2].min(other[2]) - one[0].max(other[0]);
    let down = one[3].min(other[3]) - one[1].max(other[1]);
    across.min(down)
}

#[test]
fn what_is_said_to_a_technician_has_room_in_every_size() {
    for size in SIZES {
        for (english, large, contrast, low) in MODES {
            let mode = Mode { size, english, large, contrast, low };
            std::thread::scope(|scope| {
                scope.spawn(|| told_in(mode)).join().unwrap();
            });
        }
    }
}

fn told_in(mode: Mode) {
    let house = House::open();
    house.issue("ktp").unwrap();
    // The battery is empty: there is more to say of the clock.
    let house = house.restart("2026-01-01 07:00");
    let kiosk = Kiosk::drawn(Settings { technician: technician(), ..settings() }, mode.size);
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    mode.set(&kiosk);
    let look = || {
        let _ = placed(&kiosk, AccessibleRole::Button);
        kiosk.later(1_000);
        (placed(&kiosk, AccessibleRole::Text), placed(&kiosk, AccessibleRole::Button))
    };
    let beneath = look();
    sign_in(&kiosk);
    let door = kiosk.stage.app().global::<ui::Technician>();
    let sheets: [(&str, &dyn Fn()); 4] = [
        ("panel", &|| ()),
        ("clock", &|| door.invoke_ask_clock()),
        ("sure", &|| {
            // So far that the hall does not take it, and nothing changes beneath.
            (0..2).for_each(|_| door.invoke_turn(ui::DialHand::Year, true));
            door.invoke_confirm_clock();
        }),
        ("clock refused", &|| {
            door.invoke_confirm_clock();
            let no = No::Refused(Refusal::BadDate);
            kiosk.stage.hear(News::Technician(technician::Heard::ClockAnswered(Err(no))));
        }),
    ];
    for (name, reach) in sheets {
        reach();
        let (mut said, mut buttons) = look();
        said.retain(|word| !beneath.0.contains(word));
        buttons.retain(|button| !beneath.1.contains(button));
        assert!(said.len() > 2 && buttons.len() > 2, "{} {name}: {said:?} {buttons:?}", mode.name());
        for all in [said, buttons] {
            has_room(&all, mode, name);
        }
    }
}

/// All of it is on the screen, and nothing covers anything else.
fn has_room(all: &[Placed], mode: Mode, name: &str) {
    let (width, height) = (mode.size.0 as f32, mode.size.1 as f32);
    for (at, (label, place)) in all.iter().enumerate() {
        let here = format!("{} {name}: {label:?} {place:?}", mode.name());
        let inside =
            place[0] >= -1.0 && place[1] >= -1.0 && place[2] <= width + 1.0 && place[3] <= height + 1.0;
        assert!(inside, "{here} leaves the screen");
        for (other, elsewhere) in &all[at + 1..] {
            assert!(overlap(*place, *elsewhere) < 2.0, "{here} covers {other:?} {elsewhere:?}");
        }
    }
}

fn write(folder: &Path, name: &str, picture: &SharedPixelBuffer<Rgba8Pixel>) {
    let file = std::fs::File::create(folder.join(format!("{name}.png"))).unwrap();
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), picture.width(), picture.height());
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.write_header().unwrap().write_image_data(picture.as_bytes()).unwrap();
}
