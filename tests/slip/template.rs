//! The template: what a technician may write, and how it is told what will not do.

use std::sync::Arc;

use antrean::queue::Language;
use antrean::slip::{Mistake, Paper, Slip, Template, paper};
use proptest::prelude::*;

use super::{narrow, qr, reads, slip, wide};

fn with(template: &str) -> Paper {
    Paper { template: Arc::new(Template::read(template).unwrap()), ..wide() }
}

/// `code "what is marked"` of every mistake, and its hint.
fn told(template: &str) -> Vec<String> {
    let mistakes = Template::read(template).err().unwrap_or_default();
    mistakes.iter().map(|Mistake { span, code, .. }| format!("{code} {}", &template[span.clone()])).collect()
}

fn hint(template: &str) -> String {
    let mistakes = Template::read(template).unwrap_err();
    mistakes.into_iter().find_map(|mistake| mistake.hint).unwrap_or_default()
}

const NUMBER: &str = "number | {number}\n";

#[test]
fn a_technician_writes_lines_of_his_own() {
    let paper = with(
        "# a note\n\n[logo]\nleft | Loket: {counters}\nbig | {number}\n[feed 2]\n[rule]\n| [1] {time} {wifi}\n\
         Simpan tiket ini. // Keep this slip.\nright bar | {zone}\nHanya Indonesia //\n// English only\nhttp://mpp.example\n",
    );
    insta::assert_snapshot!(reads(&slip(), &paper), @r"
    Loket: Loket 3, 4, atau 5
    A024


    ----------------
    Simpan tiket ini.
    B
    Hanya Indonesia
    http://mpp.example
    [cut]
    ");
    insta::assert_snapshot!(reads(&Slip { language: Language::EN, qr: qr(), zone: None, ..slip() }, &paper), @r"
    Loket: Counter 3, 4, or 5
    A024


    ----------------
    [1] 09:42 MPP-Langsa
    Keep this slip.
    English only
    http://mpp.example
    [cut]
    ");
}

/// A reprint must never look like an original, nor a demonstration like the day's work.
#[test]
fn a_template_cannot_hide_what_a_slip_is() {
    let marked = Slip { demo: true, priority: true, reprint: true, ..slip() };
    assert_eq!(reads(&marked, &with(NUMBER)), "MODE PERAGAAN\nPRIORITAS\nCETAK ULANG\nA024\n[cut]\n");
    assert_eq!(reads(&slip(), &with(NUMBER)), "A024\n[cut]\n");
    // A line that is left out has told nothing.
    let beside = with("number | {number}\n{reprint} {wifi}\n{priority}");
    assert_eq!(reads(&marked, &beside), "MODE PERAGAAN\nCETAK ULANG\nA024\nPRIORITAS\n[cut]\n");
    // Told in one language only.
    let paper = with("number | {number}\n{reprint} //");
    let english = Slip { reprint: true, language: Language::EN, ..slip() };
    assert_eq!(reads(&english, &paper), "REPRINT\nA024\n[cut]\n");
}

#[test]
fn every_slip_bears_its_number() {
    for (template, mistake) in [
        ("", "no_number "),
        ("# nothing but a note", "no_number "),
        ("{reference}", "no_number "),
        ("number | {number} //", "no_number "),
        ("// {number}", "no_number "),
        ("{number} {wifi}", "no_number "),
        ("{number} {zone} // {number}", "no_number "),
        ("{number} {time} {reference}", ""),
        ("{number} // No. {number}", ""),
    ] {
        let expected: &[&str] = if mistake.is_empty() { &[] } else { &[mistake] };
        assert_eq!(told(template), expected, "{template:?}");
    }
}

#[test]
fn every_mistake_is_told_at_its_place_with_a_remedy() {
    let cases: &[(&str, &[&str], &str)] = &[
        ("{numbr}", &["unknown_placeholder {numbr}"], "did you mean `number`?"),
        ("{ zona }", &["unknown_placeholder { zona }"], "did you mean `zone`?"),
        ("{}", &["unknown_placeholder {}"], "possible are `place`"),
        ("{number", &["lone_brace {"], "such as {number}"),
        ("number}", &["lone_brace }"], "such as {number}"),
        ("{num{ber}", &["lone_brace {"], "braces are not printed"),
        ("tal | x", &["unknown_mark tal"], "did you mean `tall`?"),
        ("A | B", &["unknown_mark A"], "possible are `tall`"),
        ("bold tall | x", &["unknown_mark bold"], "possible are"),
        ("big tall | x", &["marks_clash tall"], "leave `big` or `tall` out"),
        ("left bar right | x", &["marks_clash right"], "leave `left` or `right` out"),
        ("big big | x", &["marks_clash big"], "leave"),
        ("big |", &["no_words big |"], "delete the line"),
        ("big | //", &["no_words big | //"], "delete the line"),
        ("a // b // c", &["too_many_languages //"], "Indonesian // English"),
        ("[lgo]", &["unknown_block [lgo]"], "did you mean `logo`?"),
        ("[]", &["unknown_block []"], "possible are `logo`"),
        ("[logo", &["bad_block [logo"], "begin the line with `|`"),
        ("[qr] x", &["bad_block [qr] x"], "alone on its line"),
        ("[qr 5]", &["bad_block [qr 5]"], "write [qr]"),
        ("[feed 0]", &["bad_feed [feed 0]"], "[feed 2]"),
        ("[feed 21]", &["bad_feed [feed 21]"], "[feed 2]"),
        ("[feed two]", &["bad_feed [feed two]"], "[feed 2]"),
        ("[feed 1 2]", &["bad_block [feed 1 2]"], "[feed 2]"),
        ("x\u{202e}y", &["control_character \u{202e}"], "delete it"),
        ("x\u{1b}@", &["control_character \u{1b}"], "delete it"),
        ("x\u{0}", &["control_character \u{0}"], "delete it"),
        ("x\u{200b}", &["control_character \u{200b}"], "delete it"),
    ];
    for (line, expected, remedy) in cases {
        let template = format!("{NUMBER}{line}\n");
        assert_eq!(told(&template), *expected, "{line:?}");
        assert!(hint(&template).contains(remedy), "{line:?}: {}", hint(&template));
    }
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_file() {
    let text = "tal | {plac}\n[lgo]\n{a} {b} // {c}\n";
    assert_eq!(
        told(text),
        [
            "unknown_mark tal",
            "unknown_placeholder {plac}",
            "unknown_block [lgo]",
            "unknown_placeholder {a}",
            "unknown_placeholder {b}",
            "unknown_placeholder {c}",
        ]
    );
}

#[test]
fn what_editors_leave_in_a_file_is_no_mistake() {
    let text = "\u{feff}# Windows\r\n\tbig\t|\t{number}\r\n\r\n  [ rule ]\r\n  Halo\tLangsa\r\n";
    assert_eq!(reads(&slip(), &with(text)), "A024\n----------------\nHalo Langsa\n[cut]\n");
}

#[test]
fn a_template_is_a_page_and_not_a_book() {
    let long = format!("{NUMBER}{}", "x\n".repeat(60));
    assert_eq!(told(&long), ["template_too_long x"]);
    assert_eq!(told(&format!("{NUMBER}{}", "x\n".repeat(59))), [""; 0]);
    let wide = "é".repeat(241);
    assert_eq!(told(&format!("{NUMBER}{wide}")), [format!("line_too_long {wide}")]);
    assert_eq!(told(&format!("{NUMBER}{}", "é".repeat(240))), [""; 0]);
}

#[test]
fn the_number_is_as_big_as_fits() {
    for (paper, number, times) in [
        (wide(), "A024", 8),
        (wide(), "AB1000", 8),
        (wide(), "AB10000", 6),
        (narrow(), "A024", 6),
        (narrow(), "A1000", 6),
        (narrow(), "AB1000", 5),
    ] {
        let slip = Slip { number: number.parse().unwrap(), ..slip() };
        let marks = paper::read(&antrean::slip::bytes(&slip, &paper).unwrap());
        let largest = marks.iter().filter_map(|mark| match mark {
            paper::Mark::Line { letters, .. } => letters.iter().map(|(_, style)| style.width).max(),
            _ => None,
        });
        assert_eq!(largest.max(), Some(times), "{number}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_its_mistakes_are_told(text in "([a-z {}|/\\[\\]#\n\u{feff}é\u{1b}]|number|//|\\{number\\}|\\[feed 2\\]){0,60}") {
        match Template::read(&text) {
            Ok(template) => {
                let paper = Paper { template: Arc::new(template), ..narrow() };
                prop_assert!(reads(&slip(), &paper).contains("A024"));
            }
            Err(mistakes) => {
                prop_assert!(!mistakes.is_empty());
                for mistake in mistakes {
                    prop_assert!(text.get(mistake.span).is_some());
                }
            }
        }
    }
}

#[test]
fn an_invited_visitor_reads_of_the_survey_in_the_place_of_the_day() {
    let said = |invited| reads(&Slip { invited, ..slip() }, &wide());
    let (asked, ordinary) = (said(true), said(false));
    assert!(asked.contains("terpilih survei") && !asked.contains("Berlaku hari ini"), "{asked}");
    assert!(!ordinary.contains("survei") && ordinary.contains("Berlaku hari ini"), "{ordinary}");
}
