//! Pictures that were agreed on: a quarter of the size, in grey, so that the repository stays small and a
//! change of the renderer's rounding is no change.

use std::path::{Path, PathBuf};

use slint::{Rgba8Pixel, SharedPixelBuffer};

pub type Picture = SharedPixelBuffer<Rgba8Pixel>;

/// Shrunk by this in both directions.
const SHRINK: usize = 4;
/// Pictures are compared field by field, so that a word that moved is not lost in a large calm screen.
const FIELD: usize = 16;
/// How far a field's grey may be off on average, of 255: rounding stays far below, a changed word far above.
const TOLERANCE: f64 = 4.0;

struct Grey {
    width: usize,
    height: usize,
    pixels: Vec<u8>,
}

/// What differs from the agreed picture of this name; nothing where it looks as agreed.
pub fn wrong(name: &str, picture: &Picture) -> Option<String> {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/gallery/agreed").join(format!("{name}.png"));
    let now = shrink(picture);
    if std::env::var_os("GALLERY_AGREE").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, &now.pixels, now.width, now.height, png::ColorType::Grayscale);
        return None;
    }
    let Ok(file) = std::fs::File::open(&path) else {
        return Some("nobody has agreed on it yet (GALLERY_AGREE=1)".to_owned());
    };
    let agreed = read(file);
    if (agreed.width, agreed.height) != (now.width, now.height) {
        return Some("it has another size".to_owned());
    }
    let (x, y, off) = farthest(&agreed, &now);
    (off > TOLERANCE).then(|| format!("it differs around {},{} by {off:.1} of 255", x * SHRINK, y * SHRINK))
}

/// The field that differs most: its corner, and by how much.
fn farthest(agreed: &Grey, now: &Grey) -> (usize, usize, f64) {
    let corners = (0..agreed.height)
        .step_by(FIELD / 2)
        .flat_map(|y| (0..agreed.width).step_by(FIELD / 2).map(move |x| (x, y)));
    let off = |(x, y): (usize, usize)| {
        let mut sum = 0_u32;
        let (right, bottom) = ((x + FIELD).min(agreed.width), (y + FIELD).min(agreed.height));
        for row in y..bottom {
            for at in row * agreed.width + x..row * agreed.width + right {
                sum += u32::from(agreed.pixels[at].abs_diff(now.pixels[at]));
            }
        }
        (x, y, f64::from(sum) / ((right - x) * (bottom - y)) as f64)
    };
    corners.map(off).max_by(|a, b| a.2.total_cmp(&b.2)).unwrap()
}

/// Keeps a picture in full.
pub fn keep(path: &Path, picture: &Picture) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    write(path, picture.as_bytes(), width, height, png::ColorType::Rgba);
}

fn shrink(picture: &Picture) -> Grey {
    let (width, height) = (picture.width() as usize / SHRINK, picture.height() as usize / SHRINK);
    let (all, stride) = (picture.as_slice(), picture.width() as usize);
    let grey = |at: usize| {
        let (x, y) = (at % width * SHRINK, at / width * SHRINK);
        let mut sum = 0;
        for row in y..y + SHRINK {
            for pixel in &all[row * stride + x..row * stride + x + SHRINK] {
                sum += 2 * u32::from(pixel.r) + 5 * u32::from(pixel.g) + u32::from(pixel.b);
            }
        }
        u8::try_from(sum / (8 * (SHRINK * SHRINK) as u32)).unwrap()
    };
    Grey { width, height, pixels: (0..width * height).map(grey).collect() }
}

fn read(file: std::fs::File) -> Grey {
    let mut reader = png::Decoder::new(std::io::BufReader::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Grayscale);
    Grey { width: info.width as usize, height: info.height as usize, pixels }
}

fn write(path: &Path, bytes: &[u8], width: usize, height: usize, color: png::ColorType) {
    let file = std::io::BufWriter::new(std::fs::File::create(path).unwrap());
    let mut encoder = png::Encoder::new(file, width as u32, height as u32);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(bytes).unwrap();
}

#[test]
fn a_changed_word_is_a_change_and_rounding_is_none() {
    let white = Picture::new(320, 320);
    let mut rounded = white.clone();
    for pixel in rounded.make_mut_slice() {
        *pixel = Rgba8Pixel { r: 2, g: 2, b: 2, a: 255 };
    }
    assert!(farthest(&shrink(&white), &shrink(&rounded)).2 <= TOLERANCE);
    // A word of four letters, 24 pixels high, with strokes of a third of its width.
    let mut word = white.clone();
    for y in 100..124 {
        for x in (100..160).step_by(3) {
            word.make_mut_slice()[y * 320 + x] = Rgba8Pixel { r: 255, g: 255, b: 255, a: 255 };
        }
    }
    assert!(farthest(&shrink(&white), &shrink(&word)).2 > TOLERANCE);
}
