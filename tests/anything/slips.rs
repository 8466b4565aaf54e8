//! Slips and cards of names that anybody may have written.

use antrean::fake::{Machine, Model, Speed};
use antrean::queue::{At, Language, Rules, Text};
use antrean::slip::{self, Paper, Qr, Slip, Template, Width};
use proptest::prelude::*;

use crate::escpos::letters;
use crate::mangled::{harms, mangled};
use crate::support::chance::cases;

/// Names with everything in them: other alphabets, controls, and whole commands of a printer.
fn name() -> impl Strategy<Value = String> {
    let command = prop::sample::select(vec![
        "\u{1b}@",
        "\u{1d}V\u{0}",
        "\u{10}\u{4}\u{1}",
        "\u{1b}p\u{0}\u{19}\u{7f}",
        "\u{1c}.",
        "\u{1d}(k\u{3}\u{0}1Q0",
        "\u{1b}=\u{2}",
        "\r\n",
        "\u{0}",
        "\u{9b}",
        "\u{85}\u{2028}",
    ]);
    let piece = prop_oneof![
        3 => "[A-Za-z .,/()-]{0,20}",
        2 => "\\PC{0,12}",
        1 => any::<String>(),
        2 => command.prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

fn at() -> At {
    "2026-11-23T09:42:00+07:00".parse().unwrap()
}

prop_compose! {
    fn any_slip()(
        names in prop::array::uniform7(name()),
        url in prop::option::of("[ -~]{1,120}"),
        number in "[A-HJ-NP-Z]{1,2}(00[1-9]|[1-9][0-9]{2,3})",
        ahead in prop::option::of(any::<u32>()),
        wait_min in prop::option::of((any::<u32>(), any::<u32>())),
        counters in prop::collection::vec(any::<u16>(), 0..12),
        flags in prop::array::uniform5(any::<bool>()),
        zone in prop::option::of(name()),
    ) -> Slip {
        let [place, city, agency, agency_full, service, reference, wifi] = names;
        let [priority, invited, reprint, demo, english] = flags;
        Slip {
            place, city, agency, agency_full, service, reference, zone, ahead, wait_min, counters,
            priority, invited, reprint, demo,
            number: number.parse().unwrap(),
            qr: url.map(|url| Qr { url, wifi }),
            printed_at: at(),
            language: if english { Language::EN } else { Language::ID },
        }
    }
}

fn papers(native_qr: bool, cut: bool) -> [Paper; 2] {
    [Width::Mm58, Width::Mm80].map(|width| Paper { native_qr, cut, ..Paper::usual(width) })
}

/// A page consists of letters and of our own commands, and a printer takes it as one sheet.
fn is_harmless(page: &[u8], cut: bool) -> Result<String, TestCaseError> {
    let read = letters(page).map_err(TestCaseError::fail)?;
    let mut machine = Machine::new(Model::GENERIC, Speed::INSTANT);
    let mut now = std::time::Duration::ZERO;
    let mut rest = page;
    while !rest.is_empty() {
        let taken = machine.receive(now, rest);
        rest = &rest[taken..];
        now += std::time::Duration::from_secs(10);
        machine.advance(now);
    }
    machine.advance(now + std::time::Duration::from_secs(60));
    prop_assert_eq!(machine.unknown(), 0);
    prop_assert_eq!(machine.take_answers(), Vec::<u8>::new());
    prop_assert_eq!(machine.sheets().len(), usize::from(cut));
    Ok(read)
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn no_name_on_a_slip_becomes_a_command(slip in any_slip(), native_qr in any::<bool>(), cut in any::<bool>()) {
        for paper in papers(native_qr, cut) {
            let page = slip::bytes(&slip, &paper).unwrap();
            let read = is_harmless(&page, cut)?;
            prop_assert!(read.contains(&slip.number.to_string()), "the number is missing: {read}");
        }
    }

    #[test]
    fn no_name_on_a_card_becomes_a_command(names in prop::array::uniform7(name()), english in any::<bool>()) {
        let rules = antrean::config::read("antrean.toml", antrean::config::DEFAULT, Default::default());
        let rules: Rules = rules.unwrap().rules;
        let (agency, service) = rules.service(&"ktp".into()).unwrap();
        let [place, name, full, of_service, ..] = names.each_ref().map(|name| Text::same(name.as_str()));
        let agency = antrean::queue::Agency { name, full_name: full, ..agency.clone() };
        let service = antrean::queue::Service { name: of_service, ..service.clone() };
        let language = if english { Language::EN } else { Language::ID };
        for paper in papers(true, true) {
            is_harmless(&slip::card_page(&place, &agency, &service, at(), language, &paper).unwrap(), true)?;
        }
    }

    #[test]
    fn a_template_made_worse_is_refused_with_reasons_or_prints_a_slip(harms in harms(), slip in any_slip()) {
        let bytes = mangled(Template::DEFAULT, &harms);
        prints(&String::from_utf8_lossy(&bytes), &slip)?;
    }

    #[test]
    fn any_template_is_refused_with_reasons_or_prints_a_slip(
        text in "((bar |big |tall |left |right |number |x[0-9] )*\\| ?([A-Za-z]{0,9}|\\{[a-z_]{0,9}\\}|//|[\u{1b}\u{1d}\u{0}@é])*\n|\\[[a-z0-9 ]{0,8}\\]\n|#.{0,9}\n|\\PC{0,9}\n){0,12}",
        slip in any_slip(),
    ) {
        prints(&text, &slip)?;
    }
}

fn prints(text: &str, slip: &Slip) -> Result<(), TestCaseError> {
    match Template::read(text) {
        Ok(template) => {
            let template = std::sync::Arc::new(template);
            for paper in papers(true, true) {
                let page = slip::bytes(slip, &Paper { template: template.clone(), ..paper }).unwrap();
                let read = is_harmless(&page, true)?;
                prop_assert!(read.contains(&slip.number.to_string()), "the number is missing: {read}");
            }
        }
        Err(mistakes) => {
            prop_assert!(!mistakes.is_empty());
            for mistake in mistakes {
                prop_assert!(mistake.span.start <= mistake.span.end && mistake.span.end <= text.len());
                prop_assert!(text.is_char_boundary(mistake.span.start), "{mistake:?}");
                prop_assert!(!mistake.message.is_empty() && !mistake.code.is_empty());
            }
        }
    }
    Ok(())
}
