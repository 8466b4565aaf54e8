//! What a printer does, as rules.

use proptest::prelude::*;

use super::*;

const CLEAR: &[u8] = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08";
const CUT: &[u8] = b"\x1dV\x42\x00";
const EVER: Duration = Duration::from_secs(100_000);

fn instant(model: Model) -> Machine {
    Machine::new(model, Speed::INSTANT)
}

fn s(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

fn say(machine: &mut Machine, bytes: &[u8]) -> Vec<u8> {
    machine.receive(machine.now, bytes);
    machine.take_answers()
}

fn texts(machine: &Machine) -> Vec<&str> {
    machine.sheets().iter().map(|sheet| sheet.text.as_str()).collect()
}

#[test]
fn a_sheet_reads_as_it_was_written_and_ends_with_the_cut() {
    let mut machine = instant(Model::EPSON);
    let sheet = b"\x1b@\x1c.\x1bt\x00\x1ba\x01\x1d(L\x06\x000E01\x01\x01\x1d!\x77 A001\n\x1d!\x00\x1d(k\x03\x001C\x06\
        \x1d(k\x07\x001P0http\x1d(k\x03\x001Q0\n";
    say(&mut machine, sheet);
    assert_eq!(machine.unfinished().text, "[logo]\nA001\n[QR http]\n\n");
    say(&mut machine, CUT);
    assert_eq!(texts(&machine), ["[logo]\nA001\n[QR http]\n\n[cut]\n"]);
    // 128 + 192 + 126 + 30 + 120 dots.
    assert_eq!(machine.sheets()[0].mm(), 75);
    assert_eq!(machine.unknown(), 0);
}

#[test]
fn a_full_line_goes_on_in_the_next_one() {
    let mut machine = instant(Model::EPSON);
    let line = [b'x'; 48];
    say(&mut machine, &[&line[..], b"\n", &line, b"y\n"].concat());
    let full = "x".repeat(48);
    assert_eq!(machine.unfinished().text, format!("{full}\n{full}\ny\n"));
}

#[test]
fn who_is_switched_off_forgets_what_waited_and_leaves_the_paper_as_it_is() {
    let mut machine = instant(Model::EPSON);
    say(&mut machine, b"A001\nA0");
    machine.begin(Condition::PowerOff);
    assert_eq!(say(&mut machine, b"02\n\x10\x04\x01"), b"", "nobody answers");
    machine.end(Condition::PowerOff);
    say(&mut machine, &[b"B001\n", CUT].concat());
    assert_eq!(texts(&machine), ["A001\nB001\n[cut]\n"]);
}

#[test]
fn without_a_knife_four_empty_lines_end_a_sheet() {
    let mut machine = instant(Model::CHEAP);
    say(&mut machine, b"\n\nA001\n\n\n\n");
    assert!(machine.sheets().is_empty());
    say(&mut machine, b"\n\nA002\n\x1dV\x42\x00\x1bd\x04");
    assert_eq!(texts(&machine), ["A001\n\n\n\n\n", "A002\n\n\n\n\n"]);
    assert_eq!(machine.unknown(), 1);
}

#[test]
fn received_taken_in_and_printed_are_three_moments() {
    let mut machine = Machine::new(Model::EPSON, Speed { drain: Some(1000), paper: Some(100) });
    // 10 lines of 30 dots are 37.5 mm; the cut feeds 15 mm.
    let bytes = [&b"a\n".repeat(10)[..], CUT, b"\x1dr\x01\x1d(H\x06\x0000A001"].concat();
    machine.receive(Duration::ZERO, &bytes);
    machine.advance(s(0.2));
    assert_eq!(machine.take_answers(), b"", "the parser waits for the paper");
    machine.advance(s(0.40));
    assert_eq!((machine.take_answers().as_slice(), machine.sheets().len()), (&b"\x00"[..], 0));
    machine.advance(s(0.60));
    assert_eq!((machine.take_answers().as_slice(), machine.sheets().len()), (&b"\x37\x22A001\x00"[..], 1));
}

#[test]
fn a_full_buffer_loses_bytes_and_still_answers() {
    let mut machine = Machine::new(Model::EPSON, Speed::USUAL).with_buffer(8);
    machine.begin(Condition::CoverOpen);
    machine.receive(s(1.0), b"12345678");
    assert_eq!(machine.room(), 0);
    machine.receive(s(1.0), b"9\n\x10\x04\x02");
    assert_eq!((machine.take_answers().as_slice(), machine.dropped()), (&b"\x16"[..], 5));
    machine.end(Condition::CoverOpen);
    machine.receive(s(2.0), b"\n");
    machine.advance(s(3.0));
    assert_eq!(machine.unfinished().text, "12345678\n");
}

#[test]
fn a_request_is_answered_in_the_middle_of_other_data() {
    let mut machine = instant(Model::GENERIC);
    assert_eq!(say(&mut machine, b"A0\x10\x04\x0101\n"), b"\x12");
    assert_eq!(machine.unfinished().text, "A001\n");
    assert_eq!(machine.tape(), b"A001\n");
}

#[test]
fn after_a_fault_the_rest_is_printed() {
    for fault in [
        Condition::PaperOut,
        Condition::CoverOpen,
        Condition::CutterJam,
        Condition::HeadHot,
        Condition::Unrecoverable,
    ] {
        let mut machine = instant(Model::EPSON);
        machine.after_bytes(3, fault);
        say(&mut machine, b"A001\n");
        assert_eq!(say(&mut machine, &[CUT, b"\x1dr\x01"].concat()), b"", "{fault:?}");
        assert_eq!((texts(&machine).len(), say(&mut machine, b"\x10\x04\x01")), (0, vec![0x1a]));
        machine.end(fault);
        assert_eq!(texts(&machine), ["A001\n[cut]\n"], "{fault:?}");
        assert_eq!(machine.take_answers(), b"\x00");
    }
}

#[test]
fn paper_ends_in_the_middle_of_a_sheet() {
    let mut machine = Machine::new(Model::EPSON, Speed::USUAL);
    machine.load(Roll::Mm(10));
    machine.receive(
        Duration::ZERO,
        &[b"\x1da\xff", &b"a\n".repeat(5)[..], CUT, b"\x1d(H\x06\x0000A001"].concat(),
    );
    machine.advance(s(10.0));
    assert_eq!(machine.take_answers(), [0x10, 0, 0x03, 0, 0x18, 0, 0x0f, 0]);
    assert_eq!((machine.unfinished().text.as_str(), machine.unfinished().mm()), ("a\na\n", 10));
    machine.load(Roll::Endless);
    machine.advance(s(20.0));
    assert_eq!((texts(&machine)[0], machine.sheets()[0].mm()), ("a\na\na\na\na\n[cut]\n", 34));
    assert_eq!(machine.take_answers(), [&[0x10, 0, 0, 0][..], b"\x37\x22A001\x00"].concat());
}

#[test]
fn a_clear_forgets_the_buffer_and_the_begun_sheet() {
    let mut machine = instant(Model::EPSON);
    machine.after_bytes(6, Condition::PaperOut);
    say(&mut machine, b"A001\nmore\n\x1d(H\x06\x0000A001");
    assert_eq!(say(&mut machine, CLEAR), b"\x37\x25\x00");
    machine.end(Condition::PaperOut);
    assert_eq!(say(&mut machine, &[b"A002\n", CUT].concat()), b"");
    assert_eq!(texts(&machine), ["A002\n[cut]\n"]);
    let mut other = instant(Model::GENERIC);
    assert_eq!(say(&mut other, &[b"A001\n", CLEAR, CUT].concat()), b"");
    assert_eq!((texts(&other), other.unknown()), (vec!["A001\n[cut]\n"], 1));
}

#[test]
fn a_jammed_knife_recovers_with_or_without_the_rest() {
    for (enquiry, sheets) in [(b"\x10\x05\x01", 1), (b"\x10\x05\x02", 0)] {
        let mut machine = instant(Model::EPSON);
        machine.begin(Condition::CutterJam);
        say(&mut machine, &[b"A001\n", CUT, enquiry].concat());
        assert!(!machine.offline());
        assert_eq!(machine.sheets().len(), sheets);
    }
}

#[test]
fn what_a_model_lacks_is_passed_over_and_counted() {
    let asks = b"\x1dr\x01\x1dI\x01\x1da\xff\x1d(H\x06\x0000A001\x1d(k\x03\x001Q0A\n";
    let cases = [
        (Model::EPSON, &b"\x00\x20\x10\x00\x00\x00\x37\x22A001\x00\x12"[..], 0),
        (Model::GENERIC, b"\x00\x20\x12", 2),
        (Model::CHEAP, b"\x12", 5),
        (Model::SILENT, b"", 5),
    ];
    for (model, answers, unknown) in cases {
        let mut machine = instant(model);
        assert_eq!(say(&mut machine, &[&asks[..], b"\x10\x04\x01"].concat()), answers, "{model:?}");
        assert_eq!(machine.unknown(), unknown, "{model:?}");
        assert!(machine.unfinished().text.ends_with("A\n"));
    }
}

#[test]
fn automatic_status_tells_each_change_once() {
    let mut machine = instant(Model::EPSON);
    assert_eq!(say(&mut machine, b"\x1da\x0f"), [0x10, 0, 0, 0]);
    machine.begin(Condition::CoverOpen);
    machine.begin(Condition::CoverOpen);
    assert_eq!(machine.take_answers(), [0x38, 0, 0, 0]);
    machine.end(Condition::CoverOpen);
    assert_eq!(machine.take_answers(), [0x10, 0, 0, 0]);
}

#[test]
fn a_hanging_ticket_is_told_until_it_is_torn_off() {
    let mut machine = instant(Model { tears: true, ..Model::CHEAP });
    assert_eq!(say(&mut machine, b"A001\n\n\n\n\n\x10\x04\x01"), [0x92]);
    machine.tear();
    assert_eq!(say(&mut machine, b"\x10\x04\x01"), [0x12]);
}

#[test]
fn mute_babbling_and_forgetful_printers() {
    let ask = b"\x10\x04\x01".repeat(4);
    let cases = [
        (Condition::Mute, &b""[..]),
        (Condition::Babble, b"\xd1\xb3\xf5\xff"),
        (Condition::HalfAnswers, b"\x12\x12"),
        (Condition::Stalled, b""),
        (Condition::XoffStuck, b"\x13"),
    ];
    for (condition, answers) in cases {
        let mut machine = instant(Model::GENERIC);
        machine.begin(condition);
        assert_eq!(say(&mut machine, &ask), answers, "{condition:?}");
    }
    let mut machine = instant(Model::GENERIC);
    machine.begin(Condition::XoffStuck);
    assert_eq!(machine.room(), 0);
    machine.end(Condition::XoffStuck);
    assert_eq!((machine.take_answers().as_slice(), machine.room()), (&b"\x13\x11"[..], BUFFER));
}

#[test]
fn a_machine_that_stops_listening_leaves_the_rest_on_the_line() {
    for (condition, taken) in [(Condition::Stalled, 2), (Condition::XoffStuck, 2), (Condition::Unplugged, 5)]
    {
        let mut machine = instant(Model::GENERIC);
        machine.after_bytes(2, condition);
        assert_eq!(machine.receive(Duration::ZERO, b"abcde"), taken, "{condition:?}");
        assert_eq!((machine.tape(), machine.dropped()), (&b"ab"[..], taken as u64 - 2), "{condition:?}");
    }
}

#[test]
fn a_fuse_counts_no_status_requests() {
    let mut machine = instant(Model::GENERIC);
    machine.after_bytes(3, Condition::Unplugged);
    say(&mut machine, b"\x10\x04\x01\x10\x04\x02ab\x10\x04\x03");
    assert!(!machine.has(Condition::Unplugged));
    say(&mut machine, b"cd");
    assert!(machine.has(Condition::Unplugged));
    assert_eq!((machine.tape(), machine.dropped()), (&b"abc"[..], 1));
}

#[test]
fn a_picture_larger_than_the_buffer_passes_through() {
    let mut machine = instant(Model::GENERIC);
    let picture = [b"\x1dv0\x00\x48\x00\x64\x00", &[0xaa; 7200][..], b"A\n"].concat();
    say(&mut machine, &picture);
    assert_eq!((machine.unfinished().text.as_str(), machine.dropped()), ("[picture]\nA\n", 0));
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        "[A-Z0-9 ]{1,60}\n".prop_map(String::into_bytes),
        Just(CUT.to_vec()),
        Just(b"\x1d!\x11".to_vec()),
        Just(b"\x1b@".to_vec()),
        Just(b"\x1bd\x05".to_vec()),
        Just(b"\x10\x04\x01".to_vec()),
        Just(b"\x1dr\x01\x1d(H\x06\x0000A001".to_vec()),
        Just(b"\x1d(k\x07\x001P0http\x1d(k\x03\x001Q0".to_vec()),
        prop::collection::vec(any::<u8>(), 0..5),
    ];
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

fn model() -> impl Strategy<Value = Model> {
    prop::sample::select(vec![Model::EPSON, Model::GENERIC, Model::CHEAP, Model::SILENT])
}

proptest! {
    #[test]
    fn in_whatever_pieces_and_moments_the_paper_is_the_same(
        bytes in bytes(),
        model in model(),
        cuts in prop::collection::vec((1usize..80, 0u64..300), 0..40),
        drain in prop::option::of(100u32..100_000),
        paper in prop::option::of(10u32..300),
    ) {
        let mut whole = instant(model).with_buffer(1 << 20);
        whole.receive(Duration::ZERO, &bytes);
        let mut pieces = Machine::new(model, Speed { drain, paper }).with_buffer(1 << 20);
        let (mut rest, mut now) = (bytes.as_slice(), Duration::ZERO);
        for (length, wait_ms) in cuts {
            let (piece, after) = rest.split_at(length.min(rest.len()));
            pieces.receive(now, piece);
            now += Duration::from_millis(wait_ms);
            rest = after;
        }
        pieces.receive(now, rest);
        pieces.advance(EVER);
        prop_assert_eq!(whole.sheets(), pieces.sheets());
        prop_assert_eq!(whole.unfinished(), pieces.unfinished());
        prop_assert_eq!(whole.tape(), pieces.tape());
    }

    #[test]
    fn noise_never_hurts(
        noise in prop::collection::vec((any::<u8>(), 0u64..20), 0..600),
        model in model(),
        fault in prop::sample::select(vec![Condition::PaperOut, Condition::Babble, Condition::CutterJam]),
    ) {
        let mut machine = Machine::new(model, Speed::USUAL).with_buffer(64);
        machine.load(Roll::Mm(40));
        machine.after_bytes(200, fault);
        let mut now = Duration::ZERO;
        for (byte, wait_ms) in noise {
            now += Duration::from_millis(wait_ms);
            machine.receive(now, &[byte]);
            machine.end(fault);
        }
        machine.advance(EVER);
    }
}
