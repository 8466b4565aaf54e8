//! Contrast of every text and its ground, in both themes (WCAG 2.2: 1.4.6, 1.4.11).
#![allow(clippy::unwrap_used)]

use std::collections::{BTreeMap, BTreeSet};

/// Text on ground: 7 : 1.
const TEXT: &[(&str, &str)] = &[
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "sunken"),
    ("ink", "brand-tint"),
    ("ink-soft", "ground"),
    ("ink-soft", "surface"),
    ("ink-soft", "sunken"),
    ("on-brand", "brand"),
    ("on-brand-soft", "brand"),
    ("your-turn", "brand"),
    ("paper-ink", "paper"),
    ("paper-ink-soft", "paper"),
    ("on-call-to-act", "call-to-act"),
    ("on-priority", "priority"),
    ("on-priority-tint", "priority-tint"),
    ("on-quota", "quota"),
    ("on-walk-in", "walk-in"),
    ("on-shut-pill", "shut-pill"),
    ("on-letter-tab", "letter-tab"),
    ("on-chosen", "chosen"),
    ("walk-in-mark", "surface"),
];
/// Outlines of what can be touched, the keyboard's ring, marks that carry meaning: 3 : 1.
const MARKS: &[(&str, &str)] =
    &[("outline", "ground"), ("outline", "surface"), ("focus", "ground"), ("focus", "surface")];
/// Drawn where it tells nothing that words do not tell.
const ORNAMENT: &[&str] = &["line", "brand-line", "slot", "priority-lip", "shut-emblem", "shut-outline"];

type Theme = BTreeMap<String, u32>;

/// The themes of the palette, as it is written.
fn themes() -> Vec<(String, Theme)> {
    let source = include_str!("../ui/theme/palette.slint");
    let blocks = source.split("out property <Palette>").skip(1);
    let theme = |block: &str| {
        let (name, rest) = block.split_once(':').unwrap();
        let body = rest.split_once('{').unwrap().1.split_once('}').unwrap().0;
        let colours = body.split(',').filter_map(|entry| {
            let (name, value) = entry.split_once(':')?;
            let value = u32::from_str_radix(value.trim().strip_prefix('#')?, 16).ok()?;
            Some((name.trim().to_owned(), value))
        });
        (name.trim().to_owned(), colours.collect())
    };
    blocks.map(theme).collect()
}

/// Relative luminance of an sRGB colour.
fn luminance(colour: u32) -> f64 {
    let channel = |shift: u32| {
        let value = f64::from(colour >> shift & 0xff) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(16) + 0.7152 * channel(8) + 0.0722 * channel(0)
}

fn contrast(one: u32, other: u32) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

#[test]
fn every_text_is_seven_times_as_bright_or_dark_as_its_ground() {
    let themes = themes();
    let names: Vec<_> = themes.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["light", "contrast"]);
    let mut weak = Vec::new();
    for (theme, colours) in &themes {
        for (pairs, least) in [(TEXT, 7.0), (MARKS, 3.0)] {
            for (over, ground) in pairs {
                let ratio = contrast(colours[*over], colours[*ground]);
                if ratio < least {
                    weak.push(format!("{theme}: {over} on {ground} is {ratio:.2} : 1, not {least} : 1"));
                }
            }
        }
    }
    assert!(weak.is_empty(), "{}", weak.join("\n"));
}

#[test]
fn every_colour_of_the_palette_has_been_looked_at() {
    let looked: BTreeSet<&str> = TEXT
        .iter()
        .chain(MARKS)
        .flat_map(|(over, ground)| [*over, *ground])
        .chain(ORNAMENT.iter().copied())
        .collect();
    for (theme, colours) in themes() {
        let known: BTreeSet<&str> = colours.keys().map(String::as_str).collect();
        assert_eq!(known, looked, "{theme}");
    }
}

#[test]
fn the_ratios_are_those_of_the_standard() {
    assert_eq!(contrast(0x00_0000, 0xff_ffff), 21.0);
    assert!((contrast(0x77_7777, 0xff_ffff) - 4.48).abs() < 0.01);
}
