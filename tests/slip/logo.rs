//! The logo: what files become one, and what of it reaches the printer.

use std::sync::Arc;

use antrean::slip::{Logo, NotALogo, Paper, Width, bytes, paper, picture};
use png::{BitDepth, ColorType};
use proptest::prelude::*;

use super::{slip, wide};

/// A PNG file.
fn png(width: u32, height: u32, color: ColorType, depth: BitDepth, data: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        encoder.set_palette(vec![255, 255, 255, 0, 0, 0]);
    }
    encoder.write_header().unwrap().write_image_data(data).unwrap();
    file
}

/// A door with a triangle in it, black on white.
fn door() -> Vec<u8> {
    let mut dots = Vec::new();
    for y in 0..96_i32 {
        for x in 0..88_i32 {
            let roof = y < 30 && (x - 44).abs() > y * 3 / 2;
            let inside = (40..80).contains(&y) && (x - 44).abs() < (y - 36) / 2;
            dots.push(if roof || inside { 255 } else { 0 });
        }
    }
    png(88, 96, ColorType::Grayscale, BitDepth::Eight, &dots)
}

fn read(file: &[u8]) -> Result<Logo, NotALogo> {
    Logo::read(file, Width::Mm80)
}

/// Paper whose printer keeps no logo: slips carry it.
pub fn carried(paper: Paper) -> Paper {
    Paper { picture: Some(Arc::new(Logo::read(&door(), paper.width).unwrap())), ..paper }
}

/// Whether a printer would act in the middle of these bytes.
pub fn acts(bytes: &[u8]) -> bool {
    bytes.windows(2).any(|pair| pair[0] == 0x10 && [0x04, 0x05, 0x14].contains(&pair[1]))
}

#[test]
fn a_logo_that_is_not_stored_stands_on_the_slip_itself() {
    let slip = bytes(&slip(), &carried(wide())).unwrap();
    assert!(paper::text(&slip).starts_with("[picture]\nMal Pelayanan Publik\n"));
    assert!(!acts(&slip));
}

#[test]
fn a_logo_is_stored_once_and_then_named() {
    let paper = Paper { keep_at: Some(*b"A1"), ..carried(wide()) };
    let logo = paper.picture.clone().unwrap();
    let stored = paper.with_logo_stored();
    assert_eq!(stored.logo, Some(*b"A1"));
    let slip = bytes(&slip(), &stored).unwrap();
    assert!(paper::text(&slip).starts_with("[logo]\n"));
    // The slip behind the definition: the preview knows what stands there.
    let both = [logo.store(*b"A1"), slip.clone()].concat();
    assert!(paper::text(&both).starts_with("[picture]\n"));
    let carried = bytes(&super::slip(), &carried(wide())).unwrap();
    assert!(slip.len() < 600 && carried.len() > 1_500, "{} and {} bytes", slip.len(), carried.len());
    assert_eq!(picture::draw(&both, Width::Mm80), picture::draw(&carried, Width::Mm80));
    // A printer that keeps none still carries it; without a picture nothing is claimed to be stored.
    assert_eq!(carried_nowhere().with_logo_stored().logo, None);
    assert_eq!(Paper { keep_at: Some(*b"A1"), ..wide() }.with_logo_stored().logo, None);
}

fn carried_nowhere() -> Paper {
    carried(wide())
}

#[test]
fn the_hash_is_another_for_another_picture_and_another_place() {
    let black = png(8, 8, ColorType::Grayscale, BitDepth::Eight, &[0; 64]);
    let (one, other) = (read(&door()).unwrap(), read(&black).unwrap());
    assert_eq!(one.hash(*b"A1"), read(&door()).unwrap().hash(*b"A1"));
    assert_ne!(one.hash(*b"A1"), other.hash(*b"A1"));
    assert_ne!(one.hash(*b"A1"), one.hash(*b"A2"));
    assert_eq!(one.hash(*b"A1").len(), 64);
}

/// GS ( L function 67, as the manual has it: length, key, one colour, width and height in dots.
#[test]
fn what_is_stored_is_told_as_the_manual_wants_it() {
    let dots: Vec<u8> = (0..16 * 2).map(|dot| if dot % 2 == 0 { 0 } else { 255 }).collect();
    let logo = read(&png(16, 2, ColorType::Grayscale, BitDepth::Eight, &dots)).unwrap();
    assert_eq!(logo.store(*b"A1"), b"\x1d(L\x0f\x00\x30\x43\x30A1\x01\x10\x00\x02\x00\x31\xaa\xaa\xaa\xaa");
    assert_eq!(logo.inline(), b"\x1dv0\x00\x02\x00\x02\x00\xaa\xaa\xaa\xaa");
}

/// The same 8 × 2 dots, the left half black, in every way a PNG file can say so.
#[test]
fn every_kind_of_png_is_understood() {
    let grey = [0, 0, 0, 0, 255, 255, 255, 255].repeat(2);
    let each = |dot: fn(u8) -> Vec<u8>| grey.iter().flat_map(|shade| dot(*shade)).collect::<Vec<u8>>();
    let kinds = [
        ("grey", ColorType::Grayscale, BitDepth::Eight, grey.clone()),
        ("grey, 16 bits", ColorType::Grayscale, BitDepth::Sixteen, each(|shade| vec![shade, shade])),
        ("one bit", ColorType::Grayscale, BitDepth::One, vec![0x0f, 0x0f]),
        ("palette of two", ColorType::Indexed, BitDepth::One, vec![0xf0, 0xf0]),
        (
            "colours",
            ColorType::Rgb,
            BitDepth::Eight,
            each(|shade| {
                vec![shade / 4; 2]
                    .into_iter()
                    .chain([shade])
                    .map(|v| if shade == 0 { v } else { 255 })
                    .collect()
            }),
        ),
        (
            "black, partly transparent",
            ColorType::GrayscaleAlpha,
            BitDepth::Eight,
            each(|shade| vec![0, 255 - shade]),
        ),
        (
            "colours, partly transparent",
            ColorType::Rgba,
            BitDepth::Eight,
            each(|shade| vec![0, 0, 60, 255 - shade]),
        ),
        (
            "16 bits a colour",
            ColorType::Rgba,
            BitDepth::Sixteen,
            each(|shade| [[shade; 6].as_slice(), &[255, 255]].concat()),
        ),
    ];
    for (name, color, depth, data) in kinds {
        let logo = read(&png(8, 2, color, depth, &data)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(logo.inline(), b"\x1dv0\x00\x01\x00\x02\x00\xf0\xf0", "{name}");
    }
}

#[test]
fn a_logo_is_brought_down_to_the_paper_and_never_up() {
    let black = |width: u32, height: u32| {
        let dots = vec![0; (width * height) as usize];
        png(width, height, ColorType::Grayscale, BitDepth::Eight, &dots)
    };
    let size = |file: &[u8], width: Width| {
        let logo = Logo::read(file, width).unwrap();
        let marks = paper::read(&logo.inline());
        let [paper::Mark::Picture { picture, .. }] = marks.as_slice() else { panic!("{marks:?}") };
        (picture.across * 8, picture.rows.len() / picture.across)
    };
    assert_eq!(size(&black(8, 8), Width::Mm80), (8, 8));
    assert_eq!(size(&black(1152, 96), Width::Mm80), (576, 48));
    assert_eq!(size(&black(1152, 96), Width::Mm58), (384, 32));
    assert_eq!(size(&black(192, 192), Width::Mm58), (96, 96));
    assert_eq!(size(&black(2000, 1), Width::Mm58), (384, 1));
    assert_eq!(size(&black(1, 2000), Width::Mm58), (8, 96));
}

/// A photograph keeps its shades as dots of varying density; line art keeps its edges.
#[test]
fn shades_become_dots_of_varying_density() {
    let ink = |shade: u8| {
        let logo = read(&png(64, 64, ColorType::Grayscale, BitDepth::Eight, &[shade; 64 * 64])).unwrap();
        let marks = paper::read(&logo.inline());
        let [paper::Mark::Picture { picture, .. }] = marks.as_slice() else { panic!("{marks:?}") };
        picture.rows.iter().map(|byte| byte.count_ones()).sum::<u32>()
    };
    let all = 64 * 64;
    assert_eq!(ink(10), all, "nearly black is black");
    assert!((all * 45 / 100..all * 55 / 100).contains(&ink(127)), "{} dots of {all}", ink(127));
    assert!(ink(100) > ink(127) && ink(127) > ink(160));
}

#[test]
fn what_is_no_logo_is_said_to_be_none() {
    let white = png(8, 8, ColorType::Grayscale, BitDepth::Eight, &[255; 64]);
    let clear = png(8, 8, ColorType::Rgba, BitDepth::Eight, &[0; 256]);
    assert!(matches!(read(&white), Err(NotALogo::Blank)));
    assert!(matches!(read(&clear), Err(NotALogo::Blank)));
    assert!(matches!(read(b""), Err(NotALogo::Unreadable(_))));
    assert!(matches!(read(b"GIF89a"), Err(NotALogo::Unreadable(_))));
    let door = door();
    for end in [8, 20, 33, door.len() / 2] {
        assert!(matches!(read(&door[..end]), Err(NotALogo::Unreadable(_))), "cut after {end} bytes");
    }
}

/// Sizes written over the header of a good file; its checksum is set right.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut file = door();
    file[16..20].copy_from_slice(&width.to_be_bytes());
    file[20..24].copy_from_slice(&height.to_be_bytes());
    let mut crc = u32::MAX;
    for byte in &file[12..29] {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = crc >> 1 ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 };
        }
    }
    file[29..33].copy_from_slice(&(!crc).to_be_bytes());
    file
}

#[test]
fn a_small_file_that_claims_to_be_huge_is_refused_before_it_is_unpacked() {
    assert!(read(&claims(88, 96)).is_ok(), "the checksum is right");
    for (width, height) in [(2001, 1), (1, 2001), (60_000, 60_000), (u32::MAX >> 1, u32::MAX >> 1)] {
        let refused = read(&claims(width, height)).unwrap_err();
        assert!(matches!(refused, NotALogo::TooLarge { .. } | NotALogo::Unreadable(_)), "{width} × {height}");
    }
    assert!(matches!(read(&claims(0, 96)), Err(NotALogo::Unreadable(_))));
    assert!(matches!(read(&claims(88, 0)), Err(NotALogo::Unreadable(_))));
}

/// 200 dots a row and 42 rows: the length of the command itself would be DLE EOT.
#[test]
fn not_even_the_length_of_a_logo_is_a_command() {
    let mut met = 0;
    for across in 1..=72_u32 {
        for height in 1..=96_u32 {
            let length = 11 + across * height;
            if ![0x0410, 0x0510, 0x1410].contains(&length) {
                continue;
            }
            met += 1;
            let dots = vec![0; (across * 8 * height) as usize];
            let file = png(across * 8, height, ColorType::Grayscale, BitDepth::Eight, &dots);
            let stored = read(&file).unwrap().store(*b"A1");
            assert!(!acts(&stored), "{across} × {height}");
            let told = usize::from(stored[3]) | usize::from(stored[4]) << 8;
            assert_eq!(told, stored.len() - 5);
        }
    }
    assert!(met > 0, "no size makes such a length");
}

proptest! {
    /// Half of all dots drawn from the bytes that make real-time commands.
    #[test]
    fn no_picture_contains_a_command(
        across in 1..20_u32,
        bytes in prop::collection::vec(prop_oneof![any::<u8>(), prop::sample::select(vec![0x10, 0x04, 0x05, 0x14])], 20 * 96),
        height in 1..96_u32,
    ) {
        // One bit a dot, inverted: in a PNG file a one is white.
        let data: Vec<u8> = bytes.iter().take((across * height) as usize).map(|byte| !byte).collect();
        let file = png(across * 8, height, ColorType::Grayscale, BitDepth::One, &data);
        let Ok(logo) = read(&file) else { return Ok(()) };
        prop_assert!(!acts(&logo.inline()));
        prop_assert!(!acts(&logo.store(*b"A1")));
        // Nothing is lost but a dot here and there, and all of it is read back.
        let marks = paper::read(&logo.inline());
        let [paper::Mark::Picture { picture, .. }] = marks.as_slice() else { panic!("{marks:?}") };
        for (drawn, wanted) in picture.rows.iter().zip(data.iter().map(|byte| !byte)) {
            prop_assert!(*drawn == wanted || *drawn == wanted | 0x08);
        }
    }

    #[test]
    fn no_damaged_file_brings_reading_down(
        at in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..20),
        end in any::<prop::sample::Index>(),
    ) {
        let mut file = door();
        for (at, byte) in at {
            let at = at.index(file.len());
            file[at] = byte;
        }
        file.truncate(end.index(file.len() + 1));
        let _ = read(&file);
    }
}
