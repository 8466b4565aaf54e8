//! What each room needs of the config, and no more.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::watch;

use super::technician::{Known, Technician};
use super::workshop::{self, Rooms};
use super::{Plan, demo};
use crate::clock::Clock;
use crate::config::{
    self, Config, KioskConfig, PrinterConfig, ProofSetting, ReadingSetting, Role, Scope, SoundConfig,
    SoundDevice, VoiceSetting, WindowSetting, WithoutPaper,
};
use crate::hall::Hall;
use crate::health::{self, Facts, PrinterNow, Sight};
use crate::printer::{self, Healths, Printer};
use crate::queue::{At, CounterId, PrinterId, Visitors};
use crate::report::Targets;
use crate::slip::Template;
use crate::tasks::Pulse;
use crate::{kiosk, voice, web};

/// The kiosk of this box: the first of the config; `rooms` open behind its technician's tools.
pub fn kiosk(
    plan: &Plan,
    rooms: &Arc<Rooms>,
    speaker: &voice::Speaker,
    clock: &Clock,
) -> Option<kiosk::Settings> {
    let kiosk = plan.config.kiosks.first()?;
    // A demonstration stands on somebody's desk.
    let full_screen = match kiosk.window {
        WindowSetting::Full => true,
        WindowSetting::Window => false,
        WindowSetting::Auto => !plan.demo,
    };
    Some(kiosk::Settings {
        id: kiosk.id.clone(),
        printer: kiosk.printer.clone(),
        custom: kiosk::visit::Custom {
            needs_paper: kiosk.without_paper == WithoutPaper::SeeStaff,
            ask_over_min: Some(kiosk.ask_over_min).filter(|min| *min > 0),
            dark_after_min: Some(kiosk.dark_after_min).filter(|min| *min > 0),
        },
        full_screen,
        diagonal_in: full_screen.then_some(kiosk.diagonal_in),
        demo: plan.demo,
        place: plan.config.rules.place.clone(),
        city: plan.config.rules.city.clone(),
        technician: kiosk_technician(plan, rooms, clock),
        card_printer: kiosk_printer(plan).map(|_| workshop::card_printer(plan, rooms)),
        speaker: speaker.clone(),
        visitors: visitors(plan),
    })
}

fn kiosk_technician(plan: &Plan, rooms: &Arc<Rooms>, clock: &Clock) -> kiosk::technician::Settings {
    let technicians = plan.config.staff.iter().filter(|staff| staff.role == Role::Technician);
    kiosk::technician::Settings {
        holders: technicians
            .map(|staff| kiosk::technician::Holder {
                id: staff.id.clone(),
                name: staff.name.clone(),
                pin_hash: staff.pin_hash.clone(),
            })
            .collect(),
        demo_pin: plan.demo.then(|| demo::PIN.to_owned()),
        workshop: workshop::workshop(plan, rooms, clock),
    }
}

/// Where visitors follow their ticket, where they have a network.
fn visitors(plan: &Plan) -> Option<Visitors> {
    plan.config.visitors.as_ref().map(|visitors| visitors.site.clone())
}

/// The printer beneath the kiosk of this box.
pub fn kiosk_printer(plan: &Plan) -> Option<PrinterId> {
    plan.config.kiosks.first()?.printer.clone()
}

/// The loudspeaker of a config.
pub fn voice(sound: &SoundConfig) -> voice::Settings {
    voice::Settings {
        device: match &sound.device {
            SoundDevice::Default => voice::Device::Default,
            SoundDevice::None => voice::Device::None,
            SoundDevice::Named(name) => voice::Device::Named(name.clone()),
        },
        volume: sound.volume,
        prompts: sound.kiosk_prompts,
        clips: sound.clips.clone(),
    }
}

/// The counters whose calls are heard from the box, and how their numbers are said.
pub fn crier(config: &Config) -> (HashSet<CounterId>, voice::Reading) {
    let spoken = speakers(config).filter(|(_, voice)| **voice == VoiceSetting::Box);
    (spoken.map(|(counter, _)| counter).collect(), reading(config))
}

/// Each counter, and who speaks its calls.
pub fn speakers(config: &Config) -> impl Iterator<Item = (CounterId, &VoiceSetting)> {
    let counters = config.rules.counters.iter();
    counters.map(|counter| (counter.id.clone(), &config.lobby.room(counter.zone.as_ref()).voice))
}

fn reading(config: &Config) -> voice::Reading {
    match config.lobby.reading {
        ReadingSetting::Digits => voice::Reading::Digits,
        ReadingSetting::Terbilang => voice::Reading::Terbilang,
    }
}

/// What the screens of the lobby need.
fn lobby(config: &Config) -> web::LobbySettings {
    let lobby = &config.lobby;
    let screens = speakers(config).filter_map(|(counter, voice)| match voice {
        VoiceSetting::Screen(screen) => Some((counter, screen.clone())),
        VoiceSetting::Box | VoiceSetting::None => None,
    });
    let usual = web::LobbySettings::default();
    web::LobbySettings {
        ticker: lobby.ticker.clone(),
        speakers: screens.collect(),
        reading: reading(config),
        clips: voice::Clips::new(config.sound.clips.clone()),
        diagonal_in: lobby.building.diagonal_in,
        zone_diagonals_in: lobby.zones.iter().map(|(zone, room)| (zone.clone(), room.diagonal_in)).collect(),
        pictures: lobby.pictures.as_ref().map(|pictures| pictures.folder.clone()),
        pictures_after_s: lobby.pictures.as_ref().map_or(usual.pictures_after_s, |pictures| pictures.after_s),
    }
}

/// The printers at work; `template` is the layout in force while the box runs.
pub fn printers(plan: &Plan, template: Option<&watch::Receiver<Arc<Template>>>) -> Vec<printer::Settings> {
    let settings = |printer: &PrinterConfig| printer::Settings {
        id: printer.id.clone(),
        port: port(plan, printer),
        proof: match printer.proof {
            ProofSetting::Auto => None,
            ProofSetting::ProcessId => Some(printer::ProofLevel::ProcessId),
            ProofSetting::Fence => Some(printer::ProofLevel::Fence),
            ProofSetting::Status => Some(printer::ProofLevel::Status),
            ProofSetting::None => Some(printer::ProofLevel::None),
        },
        paper: printer.paper.clone(),
        template: template.cloned(),
        note: Some(plan.data.join("printer").join(format!("{}.logo", printer.id))),
        near_end_mm: printer.near_end_mm,
        deadlines: printer::Deadlines::default(),
        visitors: visitors(plan),
        demo: plan.demo,
    };
    plan.config.printers.iter().map(settings).collect()
}

/// What a technician may ask; `printers` are at work in the order of the config.
pub fn technician(
    plan: &Plan,
    printers: &[Printer],
    healths: watch::Receiver<Healths>,
    hall: Option<Hall>,
    facts: Box<dyn Fn() -> Facts + Send + Sync>,
) -> Technician {
    let settings = self::printers(plan, None);
    let known = plan.config.printers.iter().zip(settings).zip(printers);
    Technician {
        printers: known
            .map(|((config, settings), printer)| Known {
                config: config.clone(),
                paper: settings.paper,
                errands: printer.errands(),
            })
            .collect(),
        healths,
        rules: Arc::new(plan.config.rules.clone()),
        config: None,
        hall,
        facts,
        archive: None,
    }
}

fn port(plan: &Plan, printer: &PrinterConfig) -> printer::Port {
    match &printer.port {
        config::Port::Preview => printer::Port::Preview(preview(plan, printer)),
        config::Port::Serial(path) => printer::Port::Serial(printer::Serial {
            path: path.clone(),
            baud: printer.baud,
            data_bits: match printer.data_bits {
                config::DataBits::Seven => 7,
                config::DataBits::Eight => 8,
            },
            parity: match printer.parity {
                config::Parity::None => printer::Parity::None,
                config::Parity::Even => printer::Parity::Even,
                config::Parity::Odd => printer::Parity::Odd,
            },
            stop_bits: match printer.stop_bits {
                config::StopBits::One => 1,
                config::StopBits::Two => 2,
            },
            flow: match printer.flow {
                config::Flow::None => printer::Flow::None,
                config::Flow::Hardware => printer::Flow::Hardware,
                config::Flow::Software => printer::Flow::Software,
            },
        }),
    }
}

fn preview(plan: &Plan, printer: &PrinterConfig) -> PathBuf {
    plan.data.join("preview").join(printer.id.as_str())
}

/// What the web room needs; `seen` is what is known of the printers, `sight` of the machine.
pub fn web(
    plan: &Plan,
    clock: Clock,
    seen: watch::Receiver<Vec<PrinterNow>>,
    sight: watch::Receiver<Sight>,
    window: bool,
) -> web::Settings {
    let config = &plan.config;
    let previews = config.printers.iter().filter(|printer| printer.port == config::Port::Preview);
    web::Settings {
        host_names: config.web.names.clone(),
        tls: None,
        staff: staff(config),
        tokens: tokens(config),
        demo_pin: plan.demo.then(|| demo::PIN.to_owned()),
        previews: previews.map(|printer| (printer.id.clone(), preview(plan, printer))).collect(),
        lobby: lobby(config),
        renewed: watch::channel(None).1,
        printers: seen,
        sight,
        pulse: Pulse::new("web"),
        kiosks: kiosks(&config.kiosks, window),
        survey: config.survey.as_ref().map(|survey| survey.survey.clone()),
        feedback: config.feedback.clone(),
        clock,
        shift: chrono::TimeDelta::hours(config.web.shift_hours.into()),
        data: plan.data.clone(),
        targets: targets(config),
        answer_within: web::ANSWER,
        limits: web::Limits {
            connections: config.web.connections as usize,
            streams: config.web.streams as usize,
            ..web::Limits::default()
        },
    }
}

/// What of a changed config counts at once: the lobby's voice and pictures stay as they were opened.
pub fn renewed(opened: &Config, config: &Config) -> web::Renewed {
    let (before, after) = (lobby(opened), lobby(config));
    web::Renewed {
        staff: staff(config),
        tokens: tokens(config),
        lobby: web::LobbySettings {
            ticker: after.ticker,
            diagonal_in: after.diagonal_in,
            zone_diagonals_in: after.zone_diagonals_in,
            pictures_after_s: after.pictures_after_s,
            ..before
        },
        targets: targets(config),
    }
}

/// What reports hold against the figures.
pub fn targets(config: &Config) -> Targets {
    let wanted = &config.reports;
    Targets {
        wait_min: wanted.wait_target_min,
        within_percent: wanted.within_percent,
        late_after_min: wanted.late_after_min,
    }
}

/// Who may sign in.
fn staff(config: &Config) -> Vec<web::Staff> {
    let staff = config.staff.iter().map(|staff| web::Staff {
        id: staff.id.clone(),
        name: staff.name.clone(),
        role: web_role(staff.role),
        at_counter: staff.role == Role::Clerk,
        may_issue: matches!(staff.role, Role::Desk | Role::Supervisor | Role::Technician),
        may_supervise: staff.role == Role::Supervisor,
        may_watch: matches!(staff.role, Role::Supervisor | Role::Manager | Role::Technician),
        may_set_the_clock: matches!(staff.role, Role::Supervisor | Role::Technician),
        agency: staff.agency.clone(),
        pin_hash: staff.pin_hash.clone(),
    });
    staff.collect()
}

/// Which programs may act.
fn tokens(config: &Config) -> Vec<web::ApiToken> {
    let tokens = config.tokens.iter().map(|token| web::ApiToken {
        name: token.name.clone(),
        may_issue: token.scopes.contains(&Scope::Issue),
        may_call: token.scopes.contains(&Scope::Call),
        may_supervise: token.scopes.contains(&Scope::Supervise),
        hash: token.hash,
    });
    tokens.collect()
}

fn web_role(role: Role) -> web::Role {
    match role {
        Role::Clerk => web::Role::Clerk,
        Role::Desk => web::Role::Desk,
        Role::Supervisor => web::Role::Supervisor,
        Role::Manager => web::Role::Manager,
        Role::Technician => web::Role::Technician,
    }
}

/// The kiosks of a config. The first is this box's own, if it has a `window`.
fn kiosks(known: &[KioskConfig], window: bool) -> Vec<web::KioskRow> {
    let row = |(at, kiosk): (usize, &KioskConfig)| web::KioskRow {
        name: kiosk.name.clone(),
        shown: window && at == 0,
        printer: kiosk.printer.clone(),
    };
    known.iter().enumerate().map(row).collect()
}

/// Printers in the words of the house: rooms that never meet share no types.
pub fn printers_now(
    known: &[PrinterConfig],
    mut seen: watch::Receiver<Healths>,
    clock: Clock,
) -> watch::Receiver<Vec<PrinterNow>> {
    let known = known.to_vec();
    let rows = move |healths: &Healths, before: &[PrinterNow]| -> Vec<PrinterNow> {
        let row = |(id, health): &(PrinterId, printer::PrinterHealth)| {
            let config = known.iter().find(|config| config.id == *id)?;
            let now = printer_now(config, health, clock.now());
            let same =
                |row: &&PrinterNow| row.id == *id && row.fault == now.fault && row.near_end == now.near_end;
            let since = before.iter().find(same).map_or(now.since, |row| row.since);
            Some(PrinterNow { since, ..now })
        };
        healths.iter().filter_map(row).collect()
    };
    let (tell, told) = watch::channel(rows(&seen.borrow(), &[]));
    tokio::spawn(async move {
        while seen.changed().await.is_ok() {
            let now = rows(&seen.borrow_and_update(), &tell.borrow());
            tell.send_replace(now);
        }
    });
    told
}

/// A printer as it is now.
pub fn printer_now(config: &PrinterConfig, health: &printer::PrinterHealth, now: At) -> PrinterNow {
    PrinterNow {
        id: config.id.clone(),
        name: config.name.clone(),
        port: match &config.port {
            config::Port::Preview => "preview".to_owned(),
            config::Port::Serial(path) => path.display().to_string(),
        },
        state: health.state.as_str(),
        fault: health.fault,
        near_end: health.near_end,
        slips_left: health.slips_left,
        proof: match health.proof {
            None => health::Proof::NotKnown,
            Some(printer::ProofLevel::None) => health::Proof::None,
            Some(printer::ProofLevel::Status) => health::Proof::Asked,
            Some(printer::ProofLevel::Fence | printer::ProofLevel::ProcessId) => health::Proof::Answered,
        },
        since: now,
    }
}
