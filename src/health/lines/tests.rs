#![allow(clippy::unwrap_used)]

use chrono::TimeDelta;

use super::*;
use crate::health::{
    Backup, ConfigNow, Database, Display, HallNow, PrinterNow, Proof, Sight, Sound, Surroundings,
};
use crate::queue::At;
use crate::queue::recovery::{Cause, Recovered};
use crate::queue::{Doubt, SlipTrouble, Text};

fn at(text: &str) -> At {
    At::parse_from_str(&format!("{text} +0700"), "%Y-%m-%d %H:%M %z").unwrap()
}

fn facts() -> Facts {
    Facts {
        hall: HallNow::Open,
        printers: vec![PrinterNow {
            port: "/dev/ttyS0".to_owned(),
            ..PrinterNow::well("p1".into(), Text::same("Printer 1"), at("2026-11-26 09:00"))
        }],
        now: at("2026-11-26 09:42"),
        system: at("2026-11-26 09:42"),
        doubt: None,
        recovered: None,
        waiting: 12,
        issued: 45,
        sight: Sight {
            surroundings: Some(Surroundings {
                addresses: vec!["fd00::7".parse().unwrap(), "192.168.1.20".parse().unwrap()],
                listen: "0.0.0.0:8080".parse().unwrap(),
                listening: Some("0.0.0.0:8080".parse().unwrap()),
                https: false,
                data: "/var/lib/antrean".into(),
                free: Some(12 << 30),
            }),
            ..Sight::default()
        },
        up_s: 3 * 3600 + 120,
        machine_up_s: 2 * 86_400,
    }
}

fn value(facts: &Facts, icon: &str) -> (Health, String) {
    let line = lines(facts, Language::ID).into_iter().find(|line| line.icon == icon).unwrap();
    (line.health, line.value)
}

fn seen(change: impl Fn(&mut Surroundings)) -> Facts {
    let mut facts = facts();
    change(facts.sight.surroundings.as_mut().unwrap());
    facts
}

fn printing(change: impl Fn(&mut PrinterNow)) -> Facts {
    let mut facts = facts();
    change(&mut facts.printers[0]);
    facts
}

#[test]
fn a_box_that_is_well_says_so_in_every_line() {
    for language in [Language::ID, Language::EN] {
        let lines = lines(&facts(), language);
        assert_eq!(lines.len(), 8);
        for line in lines {
            assert_eq!(line.health, Health::Fine, "{line:?}");
            assert!(!line.label.is_empty() && !line.value.is_empty(), "{line:?}");
        }
    }
}

#[test]
fn a_hall_that_is_not_open_is_told_from_one_that_has_ended() {
    let health = |hall| value(&Facts { hall, ..facts() }, "list").0;
    assert_eq!((health(HallNow::Opening), health(HallNow::Gone)), (Health::Warning, Health::Fault));
}

#[test]
fn a_printer_says_its_fault_as_the_console_does_and_where_it_is_plugged_in() {
    let out = printing(|printer| printer.fault = Some(SlipTrouble::PaperOut));
    let said = "Printer 1 (/dev/ttyS0): Kertas habis. Pasang gulungan baru.";
    assert_eq!(value(&out, "printer"), (Health::Fault, said.to_owned()));
    let low = printing(|printer| (printer.near_end, printer.slips_left) = (true, Some(40)));
    let said = "Printer 1 (/dev/ttyS0): Kertas hampir habis, kira-kira 40 tiket lagi.";
    assert_eq!(value(&low, "printer"), (Health::Warning, said.to_owned()));
    assert_eq!(value(&printing(|printer| printer.state = "unknown"), "printer").0, Health::Warning);
    assert_eq!(value(&Facts { printers: vec![], ..facts() }, "printer").0, Health::Warning);
}

#[test]
fn paper_that_cannot_be_proved_is_a_warning() {
    let health = |proof| value(&printing(|printer| printer.proof = proof), "receipt").0;
    assert_eq!(
        [Proof::NotKnown, Proof::None, Proof::Asked, Proof::Answered].map(health),
        [Health::Warning, Health::Warning, Health::Fine, Health::Fine]
    );
}

#[test]
fn a_clock_in_doubt_shows_both_times_and_what_to_press() {
    let behind = Facts { system: at("2026-01-01 07:00"), doubt: Some(Doubt::Behind), ..facts() };
    let said =
        "Kamis, 26 November 2026, 09.42? Jam sistem: Kamis, 1 Januari 2026, 07.00. Tekan Tanggal dan jam.";
    assert_eq!(value(&behind, "clock"), (Health::Warning, said.to_owned()));
    let confirmed = Facts { doubt: None, ..behind };
    assert!(value(&confirmed, "clock").1.contains("Jam sistem salah"));
}

#[test]
fn console_and_lobby_are_named_where_others_reach_them() {
    let said = "Meja loket dan layar tunggu: http://192.168.1.20:8080, http://[fd00::7]:8080";
    assert_eq!(value(&facts(), "globe"), (Health::Fine, said.to_owned()));
    let alone = seen(|seen| seen.listening = Some("127.0.0.1:8080".parse().unwrap()));
    let said = "Meja loket dan layar tunggu: http://127.0.0.1:8080 (hanya dari mesin ini)";
    assert_eq!(value(&alone, "globe"), (Health::Warning, said.to_owned()));
    assert_eq!(value(&seen(|seen| seen.addresses.clear()), "globe").0, Health::Fault);
    assert_eq!(value(&seen(|seen| seen.listening = None), "globe").0, Health::Fault);
    assert_eq!(value(&Facts { sight: Sight::default(), ..facts() }, "globe").0, Health::Warning);
}

#[test]
fn a_disk_that_fills_up_is_a_warning_and_then_a_fault() {
    let health = |free| value(&seen(|seen| seen.free = free), "box").0;
    assert_eq!(
        [Some(2 << 30), Some(600 << 20), Some(10 << 20), None].map(health),
        [Health::Fine, Health::Warning, Health::Fault, Health::Fault]
    );
    let said = "Tinggal 600 MB di /var/lib/antrean. Kosongkan disk.";
    assert_eq!(value(&seen(|seen| seen.free = Some(600 << 20)), "box").1, said);
}

/// The line of a part that is looked at besides.
fn seeing(part: Part, change: impl Fn(&mut Facts)) -> Line {
    let mut facts = facts();
    change(&mut facts);
    lines(&facts, Language::EN).into_iter().find(|line| line.part == part).unwrap()
}

fn backed_up(hours_ago: i64, trouble_hours_ago: Option<i64>) -> Line {
    let ago = |hours| facts().now - TimeDelta::hours(hours);
    seeing(Part::Backup, |facts| {
        facts.sight.backup = Some(Backup {
            last_good: Some((ago(hours_ago), "/srv/antrean-20261125-013000".into())),
            trouble: trouble_hours_ago.map(|hours| (ago(hours), "the disk is not there".to_owned())),
            begun: None,
        });
    })
}

#[test]
fn a_backup_that_failed_or_is_late_wants_a_hand_and_a_week_without_one_is_a_fault() {
    let health = |hours, trouble| backed_up(hours, trouble).health;
    assert_eq!(health(9, None), Health::Fine);
    assert_eq!(health(9, Some(30)), Health::Fine, "what failed before it is over");
    assert_eq!(health(9, Some(1)), Health::Warning);
    assert_eq!(health(37, None), Health::Warning);
    assert_eq!(health(24 * 8, None), Health::Fault);
    let said = backed_up(9, Some(1));
    assert!(
        said.value.contains("the disk is not there") && said.value.contains("/srv/antrean-20261125-013000")
    );
    assert!(said.remedy.unwrap().contains("antrean backup"));
    let begun = |days| {
        seeing(Part::Backup, |facts| {
            let begun = Some(facts.now - TimeDelta::days(days));
            facts.sight.backup = Some(Backup { last_good: None, trouble: None, begun });
        })
    };
    assert_eq!(
        (begun(0).health, begun(2).health),
        (Health::Fine, Health::Warning),
        "a new box missed no night"
    );
}

#[test]
fn a_config_that_is_not_what_its_file_says_is_told() {
    let with = |change: fn(&mut ConfigNow)| {
        seeing(Part::Config, |facts| {
            let mut config =
                ConfigNow { applied: facts.now, last_good: false, rejected: None, waiting: vec![] };
            change(&mut config);
            facts.sight.config = Some(config);
        })
    };
    assert_eq!(with(|_| ()).key, "config:fine");
    let rejected = with(|config| config.rejected = Some("2 problems in antrean.toml".to_owned()));
    assert_eq!((rejected.key.as_str(), rejected.health), ("config:rejected", Health::Warning));
    assert!(rejected.value.contains("2 problems") && rejected.remedy.unwrap().contains("antrean check"));
    let last_good = with(|config| (config.last_good, config.rejected) = (true, Some("bad".to_owned())));
    assert_eq!((last_good.key.as_str(), last_good.health), ("config:last_good", Health::Fault));
    let waits = with(|config| config.waiting = vec![Text::new("printer", "printers")]);
    assert_eq!(waits.health, Health::Fine);
    assert!(waits.value.ends_with("Still to come: printers."), "{}", waits.value);
}

#[test]
fn a_database_that_was_mended_is_a_fault_for_the_day_and_one_that_was_restored_is_not() {
    let with = |cause| {
        seeing(Part::Database, |facts| {
            facts.sight.database = Some(Database { bytes: Some(1 << 20) });
            facts.recovered = Some(Recovered {
                cause,
                backup_at: None,
                saved: 0,
                whole: false,
                guessed: true,
                passed: [].into(),
            });
        })
    };
    for (cause, word) in [(Cause::Damaged, "damaged"), (Cause::Missing, "may be lost")] {
        let mended = with(cause);
        assert!(mended.value.contains(word), "{}", mended.value);
        assert_eq!((mended.key.as_str(), mended.health), ("database:recovered", Health::Fault));
        assert!(mended.value.contains("skip ahead") && mended.remedy.unwrap().contains("antrean verify"));
    }
    assert_eq!(with(Cause::Restored).health, Health::Fine);
    let gone = seeing(Part::Database, |facts| facts.sight.database = Some(Database { bytes: None }));
    assert_eq!(gone.key, "database:unreadable");
}

#[test]
fn a_program_that_fell_is_worth_a_look_for_a_day_and_power_cuts_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let began = |at| crate::health::starts::began(folder.path(), "boot-1", at).unwrap();
    let fell_at = facts().now - TimeDelta::hours(2);
    began(fell_at - TimeDelta::hours(1));
    let starts = began(fell_at);
    let line =
        |now: At| seeing(Part::Starts, |facts| (facts.now, facts.sight.starts) = (now, Some(starts.clone())));
    let soon = line(facts().now);
    assert_eq!((soon.key.as_str(), soon.health), ("starts:fell", Health::Warning));
    assert!(soon.remedy.unwrap().contains("journalctl"));
    assert_eq!(line(facts().now + TimeDelta::days(2)).health, Health::Fine);
}

#[test]
fn whatever_presses_says_what_to_do() {
    let mut facts = facts();
    facts.sight = Sight {
        surroundings: Some(Surroundings {
            free: Some(1),
            listening: None,
            ..facts.sight.surroundings.unwrap()
        }),
        display: Some(Display::Missing),
        sound: Some(Sound::Silent),
        ..Sight::default()
    };
    for (hall, language) in [HallNow::Ailing, HallNow::NotRunning]
        .into_iter()
        .flat_map(|hall| [Language::ID, Language::EN].map(|language| (hall, language)))
    {
        let lines = lines(&Facts { hall, ..facts.clone() }, language);
        let wrong: Vec<&Line> = lines.iter().filter(|line| line.health != Health::Fine).collect();
        assert_eq!(wrong.len(), 5, "{wrong:#?}");
        for line in wrong {
            assert!(line.remedy.as_ref().is_some_and(|remedy| remedy.len() > 20), "{line:?}");
        }
    }
}
