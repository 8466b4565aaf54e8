//! The kiosk's pace: frames while a screen moves, memory over 10,000 journeys, and the whole appliance beside
//! a Chromium in kiosk mode with an equal page.
//!
//! `cargo bench --bench kiosk` with Xvfb, openbox and Chromium there; without them the last part says so. The window is
//! 1080 × 1920 and drawn in software.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

#[path = "support/rows.rs"]
mod rows;
#[path = "../tests/support/mod.rs"]
mod support;

use std::cell::Cell;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::rc::Rc;
use std::time::{Duration, Instant};

use antrean::clock::Clock;
use antrean::kiosk::{News, Stage};
use antrean::queue::{self, Proof, SlipOutcome};
use antrean_ui as ui;
use rows::{keep, median};
use slint::ComponentHandle;
use slint::platform::software_renderer::{MinimalSoftwareWindow, PremultipliedRgbaColor, RepaintBufferType};
use slint::platform::{Platform, PlatformError, WindowAdapter, WindowEvent};
use support::house::House;
use support::kiosk::{Kiosk, settings};
use support::malls::langsa;
use support::rules::at;
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{ConnectionExt, ImageFormat};

const SIZE: (u32, u32) = (1080, 1920);
const JOURNEYS: usize = 10_000;
const ROUNDS: usize = 5;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    std::thread::scope(|scope| {
        scope.spawn(frames).join().unwrap();
        scope.spawn(journeys).join().unwrap();
    });
    beside_a_browser();
}

/// The window's renderer in a buffer of its own: it draws what changed, as on a display.
struct Drawn {
    window: Rc<MinimalSoftwareWindow>,
    ms: Rc<Cell<u64>>,
}

impl Platform for Drawn {
    fn create_window_adapter(&self) -> Result<Rc<dyn WindowAdapter>, PlatformError> {
        Ok(self.window.clone())
    }

    fn duration_since_start(&self) -> Duration {
        Duration::from_millis(self.ms.get())
    }
}

/// A visitor who goes from home to the services and back, with a finger; every frame that is drawn on the way.
fn frames() {
    let window = MinimalSoftwareWindow::new(RepaintBufferType::ReusedBuffer);
    let ms = Rc::new(Cell::new(0));
    slint::platform::set_platform(Box::new(Drawn { window: window.clone(), ms: ms.clone() })).unwrap();
    let house = House::with(langsa(antrean::config::Options { always_open: true, ..Default::default() }));
    let (clock, _) = Clock::set(at("2026-11-23 09:00"));
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let (outbox, _inbox) = tokio::sync::mpsc::unbounded_channel();
    let time = ms.clone();
    let app = ui::App::new().unwrap();
    let stage = Stage::new(app, settings(), clock, move || time.get(), runtime.handle().clone(), outbox);
    window.set_size(slint::PhysicalSize::new(SIZE.0, SIZE.1));
    stage.app().show().unwrap();
    stage.hear(News::Opened(house.hall.clone()));
    let mut pixels = vec![PremultipliedRgbaColor::default(); (SIZE.0 * SIZE.1) as usize];
    let mut took = Vec::new();
    let mut move_on = |frames: usize, took: &mut Vec<(Duration, bool)>| {
        for frame in 0..frames {
            ms.set(ms.get() + 16);
            if frame % 12 == 0 {
                stage.pulse();
            }
            slint::platform::update_timers_and_animations();
            let began = Instant::now();
            let drawn = window.draw_if_needed(|renderer| {
                renderer.render(&mut pixels, SIZE.0 as usize);
            });
            if drawn {
                took.push((began.elapsed(), frame == 0));
            }
        }
    };
    move_on(64, &mut Vec::new());
    for round in 0..20 {
        // What is drawn for the first time, letters above all, is drawn once and kept: the first round is apart.
        let took = if round == 0 { &mut Vec::new() } else { &mut took };
        let finger = |press: bool| {
            let position = slint::LogicalPosition::new(270.0, 470.0);
            let button = slint::platform::PointerEventButton::Left;
            window.dispatch_event(if press {
                WindowEvent::PointerPressed { position, button }
            } else {
                WindowEvent::PointerReleased { position, button }
            });
        };
        finger(true);
        move_on(8, took);
        finger(false);
        move_on(64, took);
        assert_eq!(stage.app().global::<ui::Stage>().get_screen(), ui::Screen::Services);
        stage.app().global::<ui::Services>().invoke_back();
        move_on(64, took);
    }
    let whole: Vec<Duration> = took.iter().filter(|(_, first)| *first).map(|(took, _)| *took).collect();
    let all: Vec<Duration> = took.into_iter().map(|(took, _)| took).collect();
    for (what, mut took) in
        [("frames while a finger moves between screens", all), ("of these the first of an act", whole)]
    {
        took.sort_unstable();
        let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1000.0;
        println!(
            "{what} ({}): median {:.1} ms, p99 {:.1} ms, longest {:.1} ms",
            took.len(),
            at(0.5),
            at(0.99),
            at(1.0)
        );
    }
}

/// Home, agency, service, paper, home; with what the house keeps of each ticket.
fn journeys() {
    let house = House::with(langsa(antrean::config::Options { always_open: true, ..Default::default() }));
    let mut kiosk = Kiosk::preparing(settings());
    kiosk.stage.hear(News::Opened(house.hall.clone()));
    let mut memory = Vec::new();
    for journey in 1..=JOURNEYS {
        kiosk.later(500);
        kiosk.stage.app().global::<ui::Home>().invoke_agency_chosen("dukcapil".into());
        kiosk.later(500);
        kiosk.stage.app().global::<ui::Services>().invoke_service_chosen("ktp".into());
        kiosk.hear_answer();
        let slip = house.hall.present().day.queued_slips().last().unwrap().id;
        let outcome = SlipOutcome::Printed { proof: Proof::Status };
        house.wish(queue::Command::ReportSlip { slip, outcome, by: None }).unwrap();
        kiosk.stage.hear(News::Bell);
        kiosk.later(500);
        kiosk.stage.app().global::<ui::Ticket>().invoke_done();
        if [1, JOURNEYS / 10, JOURNEYS / 2, JOURNEYS].contains(&journey) {
            memory.push((journey, resident_kib("self")));
        }
    }
    let tickets = house.hall.present().day.tickets().count();
    println!("{tickets} tickets in {JOURNEYS} journeys; resident after so many:");
    for (journey, kib) in memory {
        println!("  {journey:>6}: {:.1} MiB", kib as f64 / 1024.0);
    }
}

fn resident_kib(pid: &str) -> u64 {
    field(&format!("/proc/{pid}/smaps_rollup"), "Rss:")
}

fn field(path: &str, name: &str) -> u64 {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    line.and_then(|line| line.split_whitespace().nth(1)?.parse().ok()).unwrap_or(0)
}

/// What one program showed and took.
struct Measured {
    first_frame: Duration,
    pss_kib: u64,
    idle: f64,
}

fn beside_a_browser() {
    let there = |program: &str| {
        Command::new("which").arg(program).stdout(Stdio::null()).status().is_ok_and(|it| it.success())
    };
    if !["Xvfb", "openbox", "chromium"].into_iter().all(there) {
        println!("Xvfb, openbox or chromium is not there: the appliance is not held against a browser");
        return;
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // The first start of each warms the disk's cache and does not count.
    for round in 0..=ROUNDS {
        let (one, other) = (appliance(), browser());
        if round > 0 {
            ours.push(one);
            theirs.push(other);
        }
    }
    println!(
        "{:<42} {:>10} {:>10} {:>7}",
        "median of 5, 1080 x 1920, software", "Antrean", "Chromium", "ratio"
    );
    let row = |what: &str, unit: &str, of: &dyn Fn(&Measured) -> f64| -> [Vec<f64>; 2] {
        let [each, others] = [&ours, &theirs].map(|side| side.iter().map(of).collect::<Vec<_>>());
        let (one, other) = (median(&each), median(&others));
        println!("{:<42} {one:>10.2} {other:>10.2} {:>7.2}", format!("{what}, {unit}"), one / other);
        let ratios = each.iter().zip(&others).map(|(one, other)| one / other).collect();
        [each, ratios]
    };
    let [frame, ratio] = row("start to the first usable frame", "s", &|it| it.first_frame.as_secs_f64());
    keep("kiosk-frame", &frame);
    keep("kiosk-frame-ratio", &ratio);
    let [memory, ratio] = row("memory (PSS of all processes)", "MiB", &|it| it.pss_kib as f64 / 1024.0);
    keep("kiosk-memory", &memory);
    keep("kiosk-memory-ratio", &ratio);
    let [idle, _] = row("idle", "% of a core", &|it| it.idle * 100.0);
    keep("kiosk-idle", &idle);
}

fn appliance() -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("antrean.toml");
    let text = antrean::config::DEFAULT.replace("window = \"auto\"", "window = \"full\"");
    std::fs::write(&config, text).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_antrean"));
    command.args(["run", "--demo", "--listen", "127.0.0.1:0", "--config"]).arg(&config);
    command.arg("--data").arg(folder.path().join("data"));
    measure(command)
}

fn browser() -> Measured {
    let folder = tempfile::tempdir().unwrap();
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/kiosk/page.html");
    let mut command = Command::new("chromium");
    command.args(["--kiosk", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-sync"]);
    command.args(["--disable-background-networking", "--window-position=0,0", "--window-size=1080,1920"]);
    command.arg(format!("--user-data-dir={}", folder.path().display())).arg(page);
    measure(command)
}

/// Starts it on a display of its own and waits until a tile stands where the first agency is.
fn measure(mut command: Command) -> Measured {
    const DISPLAY: &str = ":83";
    let quiet = |command: &mut Command| -> Child {
        command.stdout(Stdio::null()).stderr(Stdio::null()).env("DISPLAY", DISPLAY).spawn().unwrap()
    };
    let mut server = quiet(Command::new("Xvfb").args([DISPLAY, "-screen", "0", "1080x1920x24"]));
    let (conn, screen) = loop {
        match x11rb::connect(Some(DISPLAY)) {
            Ok(connected) => break connected,
            Err(_) => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let root = conn.setup().roots[screen].root;
    let pixel = |x: i16, y: i16| {
        let image = conn.get_image(ImageFormat::Z_PIXMAP, root, x, y, 1, 1, u32::MAX).unwrap().reply();
        image.map(|image| [image.data[2], image.data[1], image.data[0]]).unwrap_or_default()
    };
    // The window manager of the kiosk's session: without one nothing fills the display.
    let mut manager = quiet(&mut Command::new("openbox"));
    std::thread::sleep(Duration::from_millis(500));
    let began = Instant::now();
    let mut program = quiet(&mut command);
    // The head in the brand's colour, and the face of the first tile.
    while pixel(20, 60) != [0x0c, 0x3b, 0x38] || pixel(400, 480) != [0xff, 0xff, 0xff] {
        assert!(began.elapsed() < Duration::from_secs(60), "no frame came");
        std::thread::sleep(Duration::from_millis(2));
    }
    let first_frame = began.elapsed();
    std::thread::sleep(Duration::from_secs(3));
    let family = family(program.id());
    let pss_kib = family.iter().map(|pid| field(&format!("/proc/{pid}/smaps_rollup"), "Pss:")).sum();
    let (before, from) = (ticks(&family), Instant::now());
    std::thread::sleep(Duration::from_secs(8));
    let idle = (ticks(&family) - before) as f64 / 100.0 / from.elapsed().as_secs_f64();
    for pid in &family {
        let _ = Command::new("kill").arg(pid.to_string()).stderr(Stdio::null()).status();
    }
    let _ = program.wait();
    let _ = manager.kill();
    let _ = manager.wait();
    let _ = server.kill();
    let _ = server.wait();
    Measured { first_frame, pss_kib, idle }
}

/// A process and all that came from it.
fn family(pid: u32) -> Vec<u32> {
    let mut all = vec![pid];
    let mut at = 0;
    while at < all.len() {
        let tasks = std::fs::read_dir(format!("/proc/{}/task", all[at])).into_iter().flatten().flatten();
        for task in tasks {
            let children = std::fs::read_to_string(task.path().join("children")).unwrap_or_default();
            all.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        }
        at += 1;
    }
    all
}

/// Clock ticks (a hundredth of a second) that these processes have taken.
fn ticks(family: &[u32]) -> u64 {
    let of = |pid: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let after = stat.rsplit_once(')').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        after.split_whitespace().skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum::<u64>()
    };
    family.iter().map(of).sum()
}
