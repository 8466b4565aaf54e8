//! The paper: what a person reads, what it weighs, and what never reaches the printer.
#![allow(clippy::unwrap_used)]

use antrean::queue::{At, Language};
use antrean::slip::{Paper, Qr, Slip, Width, bytes, paper, picture};
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
        priority: false,
        reprint: false,
        demo: false,
        language: Language::Id,
    }
}

const WIDE: Paper = Paper { width: Width::Mm80, cut: true, logo: None };
const NARROW: Paper = Paper { width: Width::Mm58, cut: true, logo: None };

fn qr() -> Option<Qr> {
    Some(Qr {
        url: "http://192.168.10.2:8081/t/0123456789abcdef0123456789abcdef".into(),
        wifi: "MPP-Langsa".into(),
    })
}

#[test]
fn a_visitor_reads_the_number_and_the_way() {
    insta::assert_snapshot!(paper::text(&bytes(&slip(), &WIDE).unwrap()), @r"
    Mal Pelayanan Publik
    Kota Langsa
    ----------------
    Dukcapil
    Dinas Kependudukan dan Pencatatan Sipil Kota
    Langsa
    KTP elektronik
    ----------------
    Nomor antrean Anda
    A024
    ----------------
    5 orang di depan Anda
    Perkiraan tunggu 20-30 menit
    Tunggu di Zona B
    Loket 3, 4, atau 5
    ----------------
    Senin, 23 November 2026 09.42
    Referensi 7KQ2MX
    Berlaku hari ini saja.
    Nomor terlewat? Lapor ke meja informasi.
    [cut]
    ");
}

#[test]
fn a_priority_reprint_in_english_on_narrow_paper() {
    let slip = Slip {
        priority: true,
        reprint: true,
        demo: true,
        language: Language::En,
        ahead: Some(0),
        wait_min: None,
        number: "AB1000".parse().unwrap(),
        qr: qr(),
        ..slip()
    };
    insta::assert_snapshot!(paper::text(&bytes(&slip, &NARROW).unwrap()), @r"
    MODE PERAGAAN
    Mal Pelayanan Publik
    Kota Langsa
    ----------------
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
    [QR http://192.168.10.2:8081/t/0123456789abcdef0123456789abcdef]

    Join Wi-Fi MPP-Langsa, then scan
    this code
    ----------------
    Monday, 23 November 2026 09:42
    Reference 7KQ2MX
    Valid today only.
    Missed your call? Tell the
    information desk.
    [cut]
    ");
}

#[test]
fn the_longest_slip_of_langsa_with_logo_and_qr_is_below_700_bytes() {
    let langsa =
        antrean::config::read("antrean.toml", antrean::config::DEFAULT, antrean::config::Options::default())
            .unwrap();
    let mut sizes = Vec::new();
    for agency in &langsa.rules.agencies {
        for service in &agency.services {
            let slip = Slip {
                agency: agency.name.id.to_string(),
                agency_full: agency.full_name.id.to_string(),
                service: service.name.id.to_string(),
                qr: qr(),
                ..slip()
            };
            sizes.push(bytes(&slip, &Paper { logo: Some(*b"A1"), ..WIDE }).unwrap().len());
        }
    }
    let longest = sizes.into_iter().max().unwrap();
    assert!((500..700).contains(&longest), "{longest} bytes");
}

#[test]
fn line_feeds_and_the_cut_are_those_that_every_printer_knows() {
    let bytes = bytes(&slip(), &WIDE).unwrap();
    let has = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    assert!(bytes.starts_with(b"\x1b@\x1c.\x1bt\x00"));
    assert!(bytes.ends_with(&[0x1d, b'V', 66, 0]), "partial cut with feed");
    assert!(!has(b"\x1bd"), "ESC d, about which printers disagree");
    assert!(has(b"\n"));
}

/// `SLIPS=folder cargo test --test slip` leaves pictures there to look at.
#[test]
fn slips_of_every_kind_can_be_drawn() {
    let kinds = [
        ("wide", slip(), WIDE),
        ("qr", Slip { qr: qr(), ..slip() }, Paper { logo: Some(*b"A1"), ..WIDE }),
        (
            "priority",
            Slip { priority: true, reprint: true, number: "A1000".parse().unwrap(), ..slip() },
            WIDE,
        ),
        ("narrow", Slip { demo: true, number: "AB1000".parse().unwrap(), qr: qr(), ..slip() }, NARROW),
    ];
    for (name, slip, paper) in kinds {
        let png = picture::draw(&bytes(&slip, &paper).unwrap(), paper.width).to_png().unwrap();
        if let Some(folder) = std::env::var_os("SLIPS") {
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
        }
    }
}

#[test]
fn the_picture_is_as_wide_as_the_paper_and_has_ink() {
    for paper in [WIDE, NARROW] {
        let picture = picture::draw(&bytes(&Slip { qr: qr(), ..slip() }, &paper).unwrap(), paper.width);
        assert_eq!(picture.dots.len(), picture.width * picture.height);
        assert_eq!(picture.width, paper.width.dots());
        let ink = picture.dots.iter().filter(|&&dot| dot == 0).count();
        assert!(ink > picture.dots.len() / 50, "{ink} dots");
        assert!(picture.to_png().unwrap().starts_with(b"\x89PNG"));
    }
}

proptest! {
    /// Whatever stands in a config: only our own commands reach the printer.
    #[test]
    fn a_name_never_becomes_a_command(name in any::<String>(), service in "\\PC{0,80}", priority in any::<bool>()) {
        let harmless = Slip { agency: String::new(), service: String::new(), priority, ..slip() };
        let named = Slip { agency: name, service, ..harmless.clone() };
        let commands = |slip: &Slip| {
            let bytes = bytes(slip, &WIDE).unwrap();
            // ESC, GS and the rest of the controls but LF; their count is the layout's alone.
            bytes.iter().filter(|&&byte| byte == 0x1b || byte == 0x1d || byte == 0x10 || byte == 0x1c).count()
        };
        prop_assert_eq!(commands(&named), commands(&harmless));
    }
}
