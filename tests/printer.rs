//! Paper over the real wire: what is proven, what is uncertain, and what is never sent twice.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::fake::{Condition, Model};
use antrean::printer::{Port, PrinterState, ProofLevel};
use antrean::queue::{SlipState, SlipTrouble};
use antrean::slip::{Logo, Width};
use support::office::{Office, serial, settings, short};
use support::paper::Paper;

/// It can be asked how it is and nothing more, and it has a knife, so that sheets are told apart.
const CHEAP: Model = Model { cutter: true, ..Model::CHEAP };

#[test]
fn a_slip_is_printed_and_proven_by_status() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let slip = office.fate(office.issue());
    assert_eq!(slip.state, SlipState::Printed);
    let slips = paper.wait_for_slips(1);
    assert!(slips[0].contains("A001\n"), "{}", slips[0]);
    assert!(slips[0].ends_with("[cut]\n"));
}

#[test]
fn every_visitor_gets_one_slip_in_order() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), Some(ProofLevel::None));
    let tickets: Vec<_> = (0..5).map(|_| office.issue()).collect();
    for ticket in tickets {
        assert_eq!(office.fate(ticket).state, SlipState::Sent);
    }
    let slips = paper.wait_for_slips(5);
    for (n, slip) in slips.iter().enumerate() {
        assert!(slip.contains(&format!("A{:03}\n", n + 1)), "{slip}");
    }
}

#[test]
fn a_slip_says_how_long_it_takes_as_the_screen_does() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), Some(ProofLevel::None));
    office.house.open_counter("loket-3");
    office.house.serve("ktp", "loket-3", 5);
    office.house.issue("ktp").unwrap();
    office.house.call("loket-3").unwrap();
    office.house.issue("ktp").unwrap();
    office.fate(office.issue());
    let slip = paper.wait_for_slips(1).remove(0);
    assert!(
        slip.contains("1 orang di depan Anda") && slip.contains("Perkiraan tunggu 10-15 menit"),
        "{slip}"
    );
}

#[test]
fn without_paper_not_one_byte_of_a_slip_is_sent() {
    let paper = Paper::new();
    paper.set(|condition| condition.paper_out = true);
    let mut office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::PaperOut)));
    assert!(paper.tape().is_empty());
    // The paper is refilled: nothing old floods out, and the next visitor gets paper.
    paper.set(|condition| condition.paper_out = false);
    office.wait_until_ready();
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    assert_eq!(paper.wait_for_slips(1).len(), 1);
}

#[test]
fn a_cover_opened_in_the_middle_leaves_the_slip_uncertain() {
    let paper = Paper::new();
    paper.set(|condition| condition.opens_after = Some(100));
    let office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::Uncertain, Some(SlipTrouble::CoverOpen)));
}

#[test]
fn a_mute_printer_that_should_answer_is_a_fault() {
    let paper = Paper::new();
    paper.set(|condition| condition.mute = true);
    let office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Mute)));
    assert!(paper.tape().is_empty());
}

#[test]
fn a_printer_that_answers_nonsense_is_named_so() {
    let paper = Paper::new();
    paper.set(|condition| condition.garbage = true);
    let office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Garbage)));
}

#[test]
fn a_port_that_does_not_exist_is_unplugged_and_heals_when_it_appears() {
    let mut paper = Paper::new();
    paper.unplug();
    let mut office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Unplugged)));
    paper.plug();
    office.wait_until_ready();
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
}

#[test]
fn a_plug_pulled_at_any_byte_never_prints_twice() {
    for after in [1, 7, 64, 200, 350] {
        let mut paper = Paper::new();
        let mut office = Office::open(serial(&paper), Some(ProofLevel::Status));
        office.wait_until_ready();
        paper.set(|condition| condition.unplugged_after = Some(after));
        let slip = office.fate(office.issue());
        assert_eq!(slip.state, SlipState::Uncertain, "after {after} bytes: {slip:?}");
        paper.wait_until_unplugged();
        paper.plug();
        office.wait_until_ready();
        assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
        let slips = paper.wait_for_slips(1);
        let first = slips.iter().filter(|slip| slip.contains("A001\n")).count();
        assert!(first <= 1, "A001 came out {first} times");
    }
}

#[test]
fn a_line_that_takes_no_bytes_is_given_up() {
    let paper = Paper::new();
    let office = Office::open(serial(&paper), Some(ProofLevel::None));
    paper.set(|condition| condition.stalled = true);
    // The system's own buffer takes some slips; when it is full the line has stalled.
    let mut last = office.fate(office.issue());
    for _ in 0..80 {
        if last.state != SlipState::Sent {
            break;
        }
        last = office.fate(office.issue());
    }
    assert!(matches!(last.state, SlipState::Uncertain | SlipState::NotSent), "{last:?}");
    assert_eq!(last.trouble, Some(SlipTrouble::Offline));
}

#[test]
fn a_box_that_leaves_in_the_middle_of_a_slip_prints_it_once_and_tells_its_fate() {
    let paper = Paper::new();
    let mut office = Office::open(serial(&paper), Some(ProofLevel::Status));
    let ticket = office.issue();
    paper.wait_for_slips(1);
    office.printer.take().unwrap().leave();
    assert_eq!(office.fate(ticket).state, SlipState::Printed);
    assert_eq!(paper.slips().len(), 1);
}

#[test]
fn a_hall_that_ends_in_the_middle_of_a_slip_does_not_have_it_printed_again() {
    let paper = Paper::new();
    let mut office = Office::open(serial(&paper), Some(ProofLevel::Status));
    office.issue();
    paper.wait_for_slips(1);
    office.house.hall.close();
    office.wait_for_the_printer_to_end();
    assert_eq!(paper.slips().len(), 1);
}

#[test]
fn the_preview_draws_a_picture_for_each_slip() {
    let folder = tempfile::tempdir().unwrap();
    let office = Office::open(Port::Preview(folder.path().join("slips")), Some(ProofLevel::Status));
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    let pictures: Vec<_> = std::fs::read_dir(folder.path().join("slips")).unwrap().collect();
    assert_eq!(pictures.len(), 1);
}

#[test]
fn a_printer_is_asked_what_it_can_prove() {
    let levels = [
        (Model::EPSON, ProofLevel::ProcessId),
        (Model::GENERIC, ProofLevel::Fence),
        (CHEAP, ProofLevel::Status),
    ];
    for (model, level) in levels {
        let paper = Paper::of(model);
        let mut office = Office::open(serial(&paper), None);
        assert_eq!(office.wait_until_ready().proof, Some(level));
        for _ in 0..3 {
            assert_eq!(office.fate(office.issue()).state, SlipState::Printed, "{level:?}");
        }
        assert_eq!(paper.wait_for_slips(3).len(), 3, "questions print nothing");
    }
}

#[test]
fn a_printer_that_says_nothing_is_at_fault_until_somebody_says_it_never_does() {
    let paper = Paper::of(Model::SILENT);
    let mut office = Office::open(serial(&paper), None);
    let health = office.wait_for_health(|health| health.fault.is_some());
    assert_eq!((health.fault, health.proof), (Some(SlipTrouble::Mute), None));
    let slip = office.fate(office.issue());
    assert_eq!((slip.state, slip.trouble), (SlipState::NotSent, Some(SlipTrouble::Mute)));
    drop(office);
    let mut office = Office::open(serial(&paper), Some(ProofLevel::None));
    office.wait_for_health(|health| health.state == PrinterState::Unproven);
    assert_eq!(office.fate(office.issue()).state, SlipState::Sent);
}

#[test]
fn a_slip_in_trouble_is_thrown_away_where_the_printer_can() {
    let paper = Paper::of(Model::EPSON);
    let mut office = Office::open(serial(&paper), None);
    office.wait_until_ready();
    paper.machine(|machine| machine.after_bytes(300, Condition::PaperOut));
    let ticket = office.issue();
    let slip = office.fate(ticket);
    assert_eq!((slip.state, slip.trouble), (SlipState::Uncertain, Some(SlipTrouble::PaperOut)));
    assert!(slip.needs_attention());
    // The visitor's screen comes first, so this is told before the rest is thrown away.
    paper.wait_until_emptied();
    paper.end(Condition::PaperOut);
    office.wait_until_ready();
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    let slips = paper.wait_for_slips(2);
    assert!(!slips[0].contains("Berlaku"), "the rest of it does not flood out: {}", slips[0]);
    assert!(slips[1].contains("A002\n") && !slips[1].contains("A001"), "{}", slips[1]);
}

#[test]
fn late_paper_settles_an_uncertain_slip() {
    for (model, after) in [(Model::GENERIC, 0), (Model::GENERIC, 1), (Model::EPSON, 1)] {
        let paper = Paper::of(Model { clear: false, ..model });
        let mut office = Office::open(serial(&paper), None);
        office.wait_until_ready();
        // A first slip tells how long one is: the cover opens at its end.
        let before = paper.tape().len();
        assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
        let length = (paper.tape().len() - before) as u64;
        paper.machine(|machine| machine.after_bytes(length - after, Condition::CoverOpen));
        let ticket = office.issue();
        let slip = office.fate(ticket);
        assert_eq!((slip.state, slip.trouble), (SlipState::Uncertain, Some(SlipTrouble::CoverOpen)));
        paper.end(Condition::CoverOpen);
        let slip = office.late_fate(ticket, SlipState::Printed);
        assert_eq!((slip.trouble, slip.settled_by), (None, None));
        assert_eq!(paper.sheets_of("A002"), 1);
    }
}

#[test]
fn a_torn_slip_is_cut_off_by_itself() {
    for after in [100, 250] {
        let mut paper = Paper::of(CHEAP);
        let mut office = Office::open(serial(&paper), None);
        office.wait_until_ready();
        paper.machine(|machine| machine.after_bytes(after, Condition::Unplugged));
        assert_eq!(office.fate(office.issue()).state, SlipState::Uncertain);
        paper.wait_until_unplugged();
        paper.plug();
        office.wait_until_ready();
        assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
        let slips = paper.wait_for_slips(2);
        assert!(!slips[0].contains("Berlaku") && slips[0].ends_with("[cut]\n"), "{}", slips[0]);
        assert!(slips[1].contains("A002\n") && !slips[1].contains("A001"), "{}", slips[1]);
    }
}

#[test]
fn the_end_of_a_roll_is_announced_with_the_slips_that_still_fit() {
    let paper = Paper::of(Model::EPSON);
    let mut office = Office::open(serial(&paper), None);
    office.wait_until_ready();
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    paper.machine(|machine| machine.load(antrean::fake::Roll::Mm(2900)));
    let health = office.wait_for_health(|health| health.near_end);
    let fits = health.slips_left.unwrap();
    let real_mm = paper.machine(|machine| machine.sheets()[0].mm());
    let truth = 3000 / u32::try_from(real_mm).unwrap();
    assert!(fits.abs_diff(truth) <= truth / 5, "{fits} slips of {real_mm} mm, in truth {truth}");
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    office.wait_for_health(|health| health.slips_left == Some(fits - 1));
    paper.machine(|machine| machine.load(antrean::fake::Roll::Endless));
    let health = office.wait_for_health(|health| !health.near_end);
    assert_eq!(health.slips_left, None);
}

#[test]
fn pages_come_after_visitors_and_their_fate_is_told() {
    let paper = Paper::of(Model::EPSON);
    let mut office = Office::open(serial(&paper), None);
    office.wait_until_ready();
    let errands = office.printer.as_ref().unwrap().errands();
    let page = |text: &str| [b"\x1b@", text.as_bytes(), b"\n\x1dV\x42\x00"].concat();
    let ran = errands.bring(vec![page("one"), page("two")]).recv().unwrap();
    assert_eq!((ran.printed, ran.trouble), (2, None));
    assert_eq!(paper.slips(), ["one\n[cut]\n", "two\n[cut]\n"]);
    paper.begin(Condition::CoverOpen);
    let ran = errands.bring(vec![page("three"), page("four")]).recv().unwrap();
    assert_eq!((ran.printed, ran.trouble), (0, Some(SlipTrouble::CoverOpen)));
}

/// A logo of one black square, so many dots a side.
fn logo(side: u32) -> std::sync::Arc<Logo> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, side, side);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&vec![0; (side * side) as usize]).unwrap();
    writer.finish().unwrap();
    std::sync::Arc::new(Logo::read(&file, Width::Mm80).unwrap())
}

fn count(tape: &[u8], piece: &[u8]) -> usize {
    tape.windows(piece.len()).filter(|at| *at == piece).count()
}

#[test]
fn a_logo_is_sent_once_and_again_only_when_it_is_another() {
    const KEY: [u8; 2] = *b"L1";
    let folder = tempfile::tempdir().unwrap();
    for (model, proof) in [(Model::EPSON, ProofLevel::ProcessId), (CHEAP, ProofLevel::Status)] {
        let paper = Paper::of(model);
        let note = folder.path().join(format!("{proof:?}.logo"));
        let sent = |logo: &Logo| count(&paper.tape(), &logo.store(KEY));
        let printed = || count(&paper.tape(), &[0x1d, b'(', b'L', 6, 0, 48, 69, KEY[0], KEY[1], 1, 1]);
        let office = |logo: &std::sync::Arc<Logo>| {
            let mut settings = settings("printer-1", serial(&paper), None, short());
            (settings.paper.picture, settings.paper.keep_at) = (Some(logo.clone()), Some(KEY));
            settings.note = Some(note.clone());
            Office::with(settings)
        };
        let first = logo(64);
        for day in 1..=3 {
            let mut office = office(&first);
            office.wait_until_ready();
            paper.wait_for_tape(|tape| count(tape, &first.store(KEY)) == 1);
            assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
            assert_eq!((sent(&first), printed()), (1, day), "{proof:?}");
        }
        let second = logo(48);
        let office = office(&second);
        paper.wait_for_tape(|tape| count(tape, &second.store(KEY)) == 1);
        assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
        assert_eq!((sent(&first), sent(&second), printed()), (1, 1, 4));
    }
}

#[test]
fn a_printer_that_keeps_no_logo_gets_it_as_dots_on_every_slip() {
    let paper = Paper::of(Model::SILENT);
    let mut settings = settings("printer-1", serial(&paper), Some(ProofLevel::None), short());
    (settings.paper.picture, settings.paper.keep_at) = (Some(logo(64)), Some(*b"L1"));
    let office = Office::with(settings);
    for _ in 0..2 {
        assert_eq!(office.fate(office.issue()).state, SlipState::Sent);
    }
    paper.wait_for_slips(2);
    assert_eq!(count(&paper.tape(), &logo(64).inline()), 2);
    assert_eq!(count(&paper.tape(), &logo(64).store(*b"L1")), 0);
}

#[test]
fn a_box_stopped_while_it_sent_the_logo_ends_that_and_sends_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let note = folder.path().join("printer-1.logo");
    let mut paper = Paper::of(Model::EPSON);
    let office = || {
        let mut settings = settings("printer-1", serial(&paper), None, short());
        (settings.paper.picture, settings.paper.keep_at) = (Some(logo(64)), Some(*b"L1"));
        settings.note = Some(note.clone());
        Office::with(settings)
    };
    // The plug is pulled in the middle: what the printer says of the rest is heard by nobody.
    paper.machine(|machine| machine.after_bytes(200, Condition::Unplugged));
    let stopped = office();
    paper.wait_until_unplugged();
    drop(stopped);
    assert_eq!(std::fs::read_to_string(&note).unwrap(), "begun");
    paper.plug();
    let paper = paper;
    let mut settings = settings("printer-1", serial(&paper), None, short());
    (settings.paper.picture, settings.paper.keep_at) = (Some(logo(64)), Some(*b"L1"));
    settings.note = Some(note.clone());
    let mut office = Office::with(settings);
    office.wait_until_ready();
    paper.wait_for_tape(|tape| count(tape, &logo(64).store(*b"L1")) == 1);
    assert_eq!(office.fate(office.issue()).state, SlipState::Printed);
    let slips = paper.wait_for_slips(1);
    let last = slips.last().unwrap();
    assert!(last.starts_with("[logo]\n") && last.contains("A001\n"), "{slips:#?}");
}
