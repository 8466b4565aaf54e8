//! The paper: what a person reads, what it weighs, and what never reaches the printer.
#![allow(clippy::unwrap_used)]

mod logo;
mod template;

use antrean::queue::{At, Language};
use antrean::slip::{self, Paper, Qr, Slip, Width, bytes, paper, picture, plain};
use proptest::prelude::*;

fn at() -> At {
    At::parse_from_rfc3339("2026-11-23T09:42:00+07:00").unwrap()
}

fn slip() -> Slip {
    Slip {
        place: "Mal Pelayanan Publik".into(),
        city: "Kota Langsa".into(),
        agency: "Dukcapil".into(),
        agency_full: "Dinas Kependudukan dan Pencatatan Sipil Kota Langsa".into(),
        service: "KTP elektronik".into(),
        number: "A024".parse().unwrap(),
        ahead: Some(5),
        wait_min: Some((20, 30)),
        zone: Some("B".into()),
        counters: vec![3, 4, 5],
        qr: None,
        printed_at: at(),
        reference: "7KQ2MX".into(),
        invited: false,
        priority: false,
        reprint: false,
        demo: false,
        language: Language::ID,
    }
}

fn wide() -> Paper {
    Paper::usual(Width::Mm80)
}

fn narrow() -> Paper {
    Paper::usual(Width::Mm58)
}

fn with_logo() -> Paper {
    Paper { logo: Some(*b"A1"), ..wide() }
}

fn qr() -> Option<Qr> {
    Some(Qr {
        url: "http://192.168.10.2:8081/t/0123456789abcdef0123456789abcdef".into(),
        wifi: "MPP-Langsa".into(),
    })
}

fn reads(slip: &Slip, paper: &Paper) -> String {
    paper::text(&bytes(slip, paper).unwrap())
}

#[test]
fn a_visitor_reads_the_number_and_the_way() {
    insta::assert_snapshot!(reads(&slip(), &wide()), @r"
    Mal Pelayanan Publik
    Kota Langsa
    ----------------
    Dukcapil
    Dinas Kependudukan dan
    Pencatatan Sipil Kota Langsa
    KTP elektronik
    ----------------
    Nomor antrean Anda
    A024
    ----------------
    5 orang di depan Anda
    Perkiraan tunggu 20-30 menit
    Tunggu di Zona B
    Loket 3, 4, atau 5
    Senin, 23 November 2026  09.42
    Referensi 7KQ2MX
    Berlaku hari ini saja.
    Nomor terlewat? Lapor ke meja informasi.
    [cut]
    ");
}

#[test]
fn a_visitor_reads_it_in_english_with_a_way_to_follow_it_on_the_phone() {
    let slip = Slip { language: Language::EN, ahead: Some(1), qr: qr(), ..slip() };
    insta::assert_snapshot!(reads(&slip, &with_logo()), @r"
    [logo]
    Mal Pelayanan Publik
    Kota Langsa
    ----------------
    Dukcapil
    Dinas Kependudukan dan
    Pencatatan Sipil Kota Langsa
    KTP elektronik
    ----------------
    Your queue number
    A024
    ----------------
    1 person ahead of you
    About 20-30 min
    Wait in Zone B
    Counter 3, 4, or 5

    [QR http://192.168.10.2:8081/t/0123456789abcdef0123456789abcdef]

    Join Wi-Fi MPP-Langsa, then scan this code
    ----------------
    Monday, 23 November 2026  09:42
    Reference 7KQ2MX
    Valid today only.
    Missed your call? Tell the information desk.
    [cut]
    ");
}

#[test]
fn on_narrow_paper_lines_break_evenly() {
    insta::assert_snapshot!(reads(&Slip { qr: qr(), ..slip() }, &narrow()), @r"
    Mal Pelayanan Publik
    Kota Langsa
    ----------------
    Dukcapil
    Dinas Kependudukan dan
    Pencatatan Sipil Kota Langsa
    KTP elektronik
    ----------------
    Nomor antrean Anda
    A024
    ----------------
    5 orang di depan Anda
    Perkiraan tunggu 20-30 menit
    Tunggu di Zona B
    Loket 3, 4, atau 5

    [QR http://192.168.10.2:8081/t/0123456789abcdef0123456789abcdef]

    Wi-Fi MPP-Langsa,
    lalu pindai kode ini
    ----------------
    Senin, 23 November 2026  09.42
    Referensi 7KQ2MX
    Berlaku hari ini saja.
    Nomor terlewat? Lapor
    ke meja informasi.
    [cut]
    ");
}

#[test]
fn a_priority_reprint_in_english_on_narrow_paper() {
    let slip = Slip {
        priority: true,
        reprint: true,
        demo: true,
        language: Language::EN,
        ahead: Some(0),
        wait_min: None,
        number: "AB1000".parse().unwrap(),
        ..slip()
    };
    insta::assert_snapshot!(reads(&slip, &narrow()), @r"
    MODE PERAGAAN
    Mal Pelayanan Publik
    Kota Langsa
    PRIORITY
    REPRINT
    Dukcapil
    Dinas Kependudukan dan
    Pencatatan Sipil Kota Langsa
    KTP elektronik
    ----------------
    Your queue number
    AB1000
    ----------------
    You are next
    Wait in Zone B
    Counter 3, 4, or 5
    Monday, 23 November 2026  09:42
    Reference 7KQ2MX
    Valid today only.
    Missed your call? Tell
    the information desk.
    [cut]
    ");
}

#[test]
fn what_is_not_known_is_not_said() {
    let slip = Slip {
        ahead: None,
        wait_min: None,
        zone: None,
        counters: Vec::new(),
        agency_full: "Dukcapil".into(),
        ..slip()
    };
    insta::assert_snapshot!(reads(&slip, &wide()), @r"
    Mal Pelayanan Publik
    Kota Langsa
    ----------------
    Dukcapil
    KTP elektronik
    ----------------
    Nomor antrean Anda
    A024
    ----------------
    Senin, 23 November 2026  09.42
    Referensi 7KQ2MX
    Berlaku hari ini saja.
    Nomor terlewat? Lapor ke meja informasi.
    [cut]
    ");
}

/// A printer that draws no codes gets them as a picture, one without a knife white paper to tear.
#[test]
fn a_basic_printer_gets_the_code_as_a_picture_and_room_to_tear() {
    let basic = Paper { native_qr: false, cut: false, ..narrow() };
    let bytes = bytes(&Slip { qr: qr(), ..slip() }, &basic).unwrap();
    let text = paper::text(&bytes);
    assert!(text.contains("\n\n[picture]\n\nWi-Fi MPP-Langsa,\n"), "{text}");
    assert!(!text.contains("[QR") && !text.contains("[cut]"), "{text}");
    assert!(bytes.ends_with(b"\n\n\n\n"));
    assert!(bytes.len() < 1_300, "{} bytes", bytes.len());
}

/// What a phone would scan is what the URL says, dot by dot.
#[test]
fn the_code_drawn_for_a_basic_printer_is_the_one_a_printer_would_draw() {
    let url = qr().unwrap().url;
    let basic = Paper { native_qr: false, ..narrow() };
    let bytes = bytes(&Slip { qr: qr(), ..slip() }, &basic).unwrap();
    let drawn = paper::read(&bytes).into_iter().find_map(|mark| match mark {
        paper::Mark::Picture { picture, .. } => Some(picture),
        _ => None,
    });
    let drawn = drawn.unwrap();
    let code = qrcode::QrCode::with_error_correction_level(url, qrcode::EcLevel::M).unwrap();
    assert_eq!(drawn.scale, (2, 2));
    assert_eq!(drawn.rows.len() / drawn.across, code.width() * 2);
    let left = (drawn.across * 8 - code.width() * 2) / 2;
    let mut changed = 0;
    for y in 0..code.width() * 2 {
        for x in 0..code.width() * 2 {
            let dot = drawn.rows[y * drawn.across + (left + x) / 8] << ((left + x) % 8) & 0x80 != 0;
            changed += usize::from(dot != (code[(x / 2, y / 2)] == qrcode::Color::Dark));
        }
    }
    assert!(changed <= 3, "{changed} dots were thickened");
}

/// Each line of a bar is as wide as the paper, and its words stand in the middle.
#[test]
fn bars_reach_from_edge_to_edge_with_their_words_in_the_middle() {
    for paper in [wide(), narrow()] {
        let slip = Slip { priority: true, reprint: true, demo: true, ..slip() };
        let mut bars = 0;
        for mark in paper::read(&bytes(&slip, &paper).unwrap()) {
            let paper::Mark::Line { letters, spacing, .. } = mark else { continue };
            if !letters.iter().any(|(_, style)| style.reverse) {
                continue;
            }
            bars += 1;
            let width = |letters: &[(char, paper::Style)]| -> usize {
                letters.iter().map(|(_, style)| 12 * usize::from(style.width)).sum()
            };
            assert_eq!(width(&letters), paper.width.dots());
            let first = letters.iter().position(|(letter, _)| *letter != ' ').unwrap();
            let last = letters.iter().rposition(|(letter, _)| *letter != ' ').unwrap();
            let (left, right) = (width(&letters[..first]), width(&letters[last + 1..]));
            assert!(left.abs_diff(right) <= 12, "{left} and {right} dots beside the words");
            assert!(
                letters
                    .iter()
                    .all(|(_, style)| style.reverse && usize::from(style.height) * 24 == usize::from(spacing))
            );
        }
        assert_eq!(bars, 5);
    }
}

/// Every slip of Langsa, in both languages, with all that may be on it.
fn langsa() -> Vec<Slip> {
    let langsa =
        antrean::config::read("antrean.toml", antrean::config::DEFAULT, antrean::config::Options::default())
            .unwrap();
    let rules = langsa.rules;
    let mut slips = Vec::new();
    for agency in &rules.agencies {
        for service in &agency.services {
            for language in [Language::ID, Language::EN] {
                slips.push(Slip {
                    place: rules.place.in_language(language).to_owned(),
                    city: rules.city.in_language(language).to_owned(),
                    agency: agency.name.in_language(language).to_owned(),
                    agency_full: agency.full_name.in_language(language).to_owned(),
                    service: service.name.in_language(language).to_owned(),
                    qr: qr(),
                    printed_at: At::parse_from_rfc3339("2026-09-30T09:42:00+07:00").unwrap(),
                    language,
                    ..slip()
                });
            }
        }
    }
    slips
}

#[test]
fn the_longest_slip_of_langsa_with_logo_and_qr_is_below_700_bytes() {
    for paper in [with_logo(), Paper { logo: Some(*b"A1"), ..narrow() }] {
        let longest = langsa().iter().map(|slip| bytes(slip, &paper).unwrap().len()).max().unwrap();
        assert!((500..700).contains(&longest), "{longest} bytes");
    }
}

#[test]
fn line_feeds_and_the_cut_are_those_that_every_printer_knows() {
    let bytes = bytes(&slip(), &wide()).unwrap();
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(bytes.starts_with(b"\x1b@\x1c.\x1bt\x00"));
    assert!(bytes.ends_with(&[0x1d, b'V', 66, 0]), "partial cut with feed");
    assert!(!has(b"\x1bd"), "ESC d, about which printers disagree");
    assert!(has(b"\n"));
}

/// `SLIPS=folder cargo test --test slip` leaves pictures there to look at.
#[test]
fn slips_of_every_kind_can_be_drawn() {
    let english = |slip: &Slip| slip.language == Language::EN;
    let longest = |wanted: fn(&Slip) -> bool| {
        let slips = langsa().into_iter().filter(wanted);
        slips.max_by_key(|slip| slip.agency_full.len() + slip.service.len()).unwrap()
    };
    let (id, en) =
        (longest(|slip| slip.language == Language::ID), longest(|slip| slip.language == Language::EN));
    let marked = Slip { priority: true, reprint: true, number: "A1000".parse().unwrap(), ..slip() };
    let bpjs = langsa().into_iter().find(|slip| english(slip) && slip.agency == "BPJS Ketenagakerjaan");
    let kinds = [
        ("wide", slip(), wide()),
        ("wide-qr", Slip { qr: qr(), ..slip() }, logo::carried(wide())),
        ("wide-marked", marked.clone(), wide()),
        ("wide-longest-id", id.clone(), with_logo()),
        ("wide-longest-en", en.clone(), with_logo()),
        ("narrow-qr", Slip { qr: qr(), demo: true, number: "AB1000".parse().unwrap(), ..slip() }, narrow()),
        ("narrow-marked", marked, logo::carried(narrow())),
        ("narrow-longest-id", id, narrow()),
        ("narrow-longest-en", en, narrow()),
        ("narrow-bpjs-en", bpjs.unwrap(), Paper { native_qr: false, cut: false, ..narrow() }),
    ];
    for (name, slip, paper) in kinds {
        leave_picture(name, &bytes(&slip, &paper).unwrap(), &paper);
    }
}

fn leave_picture(name: &str, bytes: &[u8], paper: &Paper) {
    let picture = picture::draw(bytes, paper.width);
    assert_eq!(picture.width, paper.width.dots());
    let png = picture.to_png().unwrap();
    if let Some(folder) = std::env::var_os("SLIPS") {
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
    }
}

#[test]
fn the_picture_is_as_wide_as_the_paper_and_has_ink() {
    for paper in [wide(), narrow()] {
        let picture = picture::draw(&bytes(&Slip { qr: qr(), ..slip() }, &paper).unwrap(), paper.width);
        assert_eq!(picture.dots.len(), picture.width * picture.height);
        assert_eq!(picture.width, paper.width.dots());
        let ink = picture.dots.iter().filter(|&&dot| dot == 0).count();
        assert!(ink > picture.dots.len() / 50, "{ink} dots");
        assert!(picture.to_png().unwrap().starts_with(b"\x89PNG"));
    }
}

/// What a technician and the desk hold in their hands is made as slips are.
#[test]
fn the_test_page_and_emergency_numbers_look_like_slips() {
    let langsa = antrean::queue::Text::new("Kota Langsa", "Langsa City");
    let place = antrean::queue::Text::new("Mal Pelayanan Publik", "Public Service Mall");
    let facts = ["Printer: Anjungan 1 (printer-1)".to_owned(), "Profile: basic".to_owned()];
    for (name, paper) in
        [("wide", logo::carried(wide())), ("narrow", Paper { native_qr: false, cut: false, ..narrow() })]
    {
        let test = slip::test_page(&facts, &paper).unwrap();
        let number = "A901".parse().unwrap();
        let emergency = slip::emergency_page(&place, &langsa, "Dukcapil", &number, &paper).unwrap();
        leave_picture(&format!("{name}-test"), &test, &paper);
        leave_picture(&format!("{name}-emergency"), &emergency, &paper);
        let text = paper::text(&test);
        let ruler = "1234567890".repeat(5)[..paper.width.columns()].to_owned();
        assert!(text.contains(&format!("\n{ruler}\n")), "one line holds the whole ruler:\n{text}");
        assert!(
            text.contains("Profile: basic\n") && text.contains(&format!("Paper: {} mm", paper.width.mm()))
        );
        assert_eq!(text.contains("[QR ANTREAN]"), paper.native_qr);
        assert_eq!(text.contains("cut = false"), paper.cut, "{text}");
        assert!(paper::text(&emergency).contains("NOMOR DARURAT\nDukcapil\n"));
        assert!(paper::text(&emergency).contains("Nomor antrean Anda\nA901\n"));
    }
}

proptest! {
    /// Whatever is drawn: a printer acts only where a slip says so.
    #[test]
    fn no_slip_contains_a_real_time_command(url in "[ -~]{1,300}", native_qr in any::<bool>()) {
        let slip = Slip { qr: Some(Qr { url, wifi: "MPP".into() }), ..slip() };
        let paper = Paper { native_qr, ..logo::carried(narrow()) };
        prop_assert!(!logo::acts(&bytes(&slip, &paper).unwrap()));
    }

    /// Whatever stands in a config: only our own commands reach the printer.
    #[test]
    fn a_name_never_becomes_a_command(name in any::<String>(), service in "\\PC{0,80}", priority in any::<bool>()) {
        // A line that says nothing is left out, and its size with it.
        let harmless = |text: &str| if plain(text).trim().is_empty() { "" } else { "x" }.to_owned();
        let named = Slip { agency: name.clone(), service: service.clone(), priority, ..slip() };
        let plain = Slip { agency: harmless(&name), service: harmless(&service), ..named.clone() };
        let commands = |slip: &Slip| {
            let bytes = bytes(slip, &wide()).unwrap();
            // ESC, GS and the rest of the controls but LF; their count is the layout's alone.
            bytes.iter().filter(|&&byte| byte == 0x1b || byte == 0x1d || byte == 0x10 || byte == 0x1c).count()
        };
        prop_assert_eq!(commands(&named), commands(&plain));
    }
}

#[test]
fn the_card_of_a_service_says_what_is_needed_and_that_it_is_no_number() {
    let rules =
        antrean::config::read("antrean.toml", antrean::config::DEFAULT, Default::default()).unwrap().rules;
    let (agency, service) = rules.service(&"ktp".into()).unwrap();
    let at = chrono::DateTime::parse_from_rfc3339("2026-11-23T09:42:00+07:00").unwrap();
    for width in [Width::Mm58, Width::Mm80] {
        let paper = Paper::usual(width);
        for (language, words) in [
            (Language::ID, ["Kartu Keluarga (asli)", "Biaya: Gratis", "Ini bukan nomor antrean."]),
            (Language::EN, ["Family card (original)", "Fee: Free of charge", "This is not a queue number."]),
        ] {
            let page = slip::card_page(&rules.place, agency, service, at, language, &paper).unwrap();
            let text = String::from_utf8_lossy(&page);
            for word in words {
                assert!(text.contains(word), "{width:?} {language:?}: {word}");
            }
            assert!(page.len() < 700, "{} bytes", page.len());
        }
    }
}
