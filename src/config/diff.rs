//! What is different in another config, in words, and when it counts in a box that runs by the first.

use super::{Config, KioskConfig, PrinterConfig, Role, StaffConfig};
use crate::queue::rules::{Line, When, change};
use crate::queue::{Day, KioskId, Lineage, PrinterId, Seq, Text};

/// Every difference between two configs on a day of visitors; without one nobody waits.
pub fn differences(old: &Config, new: &Config, day: Option<&Day>) -> Vec<Line> {
    let quiet = Day::blank(Lineage("".into()), Seq(0));
    let (_, mut lines) = change(&old.rules, &new.rules, day.unwrap_or(&quiet));
    lines.extend(beyond_rules(old, new));
    lines
}

/// Every difference that is none of the hall's.
pub fn beyond_rules(old: &Config, new: &Config) -> Vec<Line> {
    let mut lines = Vec::new();
    printers(old, new, &mut lines);
    kiosks(old, new, &mut lines);
    staff(old, new, &mut lines);
    let lobby = |config: &Config| {
        let lobby = &config.lobby;
        let zones: Vec<_> =
            lobby.zones.iter().map(|(zone, room)| (zone.clone(), room.voice.clone())).collect();
        let folder = lobby.pictures.as_ref().map(|pictures| pictures.folder.clone());
        (lobby.building.voice.clone(), zones, lobby.reading, folder)
    };
    let sizes = |config: &Config| {
        let lobby = &config.lobby;
        let zones: Vec<_> = lobby.zones.iter().map(|(_, room)| room.diagonal_in).collect();
        (lobby.building.diagonal_in, zones, lobby.pictures.as_ref().map(|pictures| pictures.after_s))
    };
    let asked = |config: &Config| config.survey.as_ref().map(|survey| survey.survey.clone());
    let others = [
        (old.tokens != new.tokens, When::Now, "token program", "tokens of programs"),
        (old.lobby.ticker != new.lobby.ticker, When::Now, "teks berjalan", "the lobby's ticker"),
        (sizes(old) != sizes(new), When::Now, "ukuran layar lobi", "sizes of the lobby's screens"),
        (lobby(old) != lobby(new), When::Restart, "suara dan gambar lobi", "voice and pictures of the lobby"),
        (old.reports != new.reports, When::Now, "target laporan", "targets of reports"),
        (old.slip.template != new.slip.template, When::Now, "tata letak tiket", "the layout of slips"),
        (!old.slip.has_logo_of(&new.slip), When::Restart, "logo tiket", "the logo of slips"),
        (
            old.web != new.web,
            When::Restart,
            "jaringan petugas: nama, sertifikat, lama masuk, banyaknya sambungan",
            "the staff's network: names, certificate, length of a sign-in, most connections",
        ),
        (old.visitors != new.visitors, When::Restart, "jaringan pengunjung", "the visitors' network"),
        (
            asked(old) != asked(new) || old.feedback != new.feedback,
            When::Restart,
            "pertanyaan dan tenggat survei, pengaduan",
            "questions and times of the survey, complaints",
        ),
        (old.sound != new.sound, When::Restart, "pengeras suara", "the loudspeaker"),
        (old.alarms != new.alarms, When::Restart, "ke mana peringatan disampaikan", "where alarms go"),
        (
            old.backup != new.backup || old.data_keep_days != new.data_keep_days,
            When::Restart,
            "cadangan dan lama data disimpan",
            "backups, and how long data are kept",
        ),
    ];
    lines.extend(
        others.into_iter().filter(|(differs, ..)| *differs).map(|(_, when, id, en)| Line::new(when, id, en)),
    );
    lines
}

fn printers(old: &Config, new: &Config, lines: &mut Vec<Line>) {
    // The layout is the slips', not the printer's.
    let plain = |printer: &PrinterConfig| {
        let mut printer = printer.clone();
        printer.paper.template = crate::slip::Template::usual();
        printer.paper.picture = None;
        printer
    };
    let list = |config: &Config| -> Vec<(PrinterId, PrinterConfig)> {
        config.printers.iter().map(|printer| (printer.id.clone(), plain(printer))).collect()
    };
    three(&list(old), &list(new), lines, ("printer", "printer"));
}

fn kiosks(old: &Config, new: &Config, lines: &mut Vec<Line>) {
    let list = |config: &Config| -> Vec<(KioskId, KioskConfig)> {
        config.kiosks.iter().map(|kiosk| (kiosk.id.clone(), kiosk.clone())).collect()
    };
    three(&list(old), &list(new), lines, ("anjungan", "kiosk"));
}

/// What is new, gone or changed of things that are opened at a start.
fn three<I: PartialEq + std::fmt::Display, T: PartialEq>(
    old: &[(I, T)],
    new: &[(I, T)],
    lines: &mut Vec<Line>,
    (id, en): (&str, &str),
) {
    let mut say = |name: &I, said: Text| {
        lines.push(Line::new(
            When::Restart,
            format!("{id} {name} {}", said.id),
            format!("the {en} {name} {}", said.en),
        ));
    };
    for (name, was) in old {
        match new.iter().find(|(its, _)| its == name) {
            None => say(name, Text::new("tidak ada lagi", "is removed")),
            Some((_, is)) if is != was => say(name, Text::new("berubah", "is changed")),
            Some(_) => {}
        }
    }
    for (name, _) in new.iter().filter(|(name, _)| old.iter().all(|(its, _)| its != name)) {
        say(name, Text::new("baru", "is added"));
    }
}

fn staff(old: &Config, new: &Config, lines: &mut Vec<Line>) {
    // The kiosk's panel knows its technicians from the start.
    let when = |staff: &StaffConfig| if staff.role == Role::Technician { When::Restart } else { When::Now };
    for was in &old.staff {
        match new.staff.iter().find(|is| is.id == was.id) {
            None => {
                let (id, en) = (
                    format!("petugas {} dihapus dan keluar", was.id),
                    format!("the staff {} is removed and signed out", was.id),
                );
                lines.push(Line::new(When::Now, id, en));
                if was.role == Role::Technician {
                    let id = format!("panel teknisi di anjungan masih mengenal {}", was.id);
                    let en = format!("the kiosk's technician panel still knows {}", was.id);
                    lines.push(Line::new(When::Restart, id, en));
                }
            }
            Some(is) if is != was => lines.push(Line::new(
                if when(was) == when(is) { when(is) } else { When::Restart },
                format!("petugas {} berubah", was.id),
                format!("the staff {} is changed", was.id),
            )),
            Some(_) => {}
        }
    }
    for is in new.staff.iter().filter(|is| old.staff.iter().all(|was| was.id != is.id)) {
        lines.push(Line::new(
            when(is),
            format!("petugas {} baru", is.id),
            format!("the staff {} is added", is.id),
        ));
    }
}
