//! Numbers as they are said.

use super::clip::Clip;

/// How a ticket's number is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Reading {
    /// One by one as they are written, `nol satu dua`: what is heard is what is on the paper.
    #[default]
    Digits,
    /// As a number, *terbilang*: `dua belas`.
    Terbilang,
}

/// The greatest number that is said as one; greater ones are said digit by digit.
pub const GREATEST: u32 = 9999;

/// Every sign of `digits`, one by one.
pub(super) fn digits(digits: &str) -> Vec<Clip> {
    digits.chars().filter_map(|c| c.to_digit(10)).map(Clip::digit).collect()
}

/// The number in words. One ten, hundred and thousand have words of their own (*se-*), and the numbers
/// from 11 to 19 end in *belas*.
pub(super) fn terbilang(n: u32) -> Vec<Clip> {
    match n {
        0..10 => vec![Clip::digit(n)],
        10 => vec![Clip::named("sepuluh")],
        11 => vec![Clip::named("sebelas")],
        12..20 => vec![Clip::digit(n % 10), Clip::named("belas")],
        20..100 => some_of(n, 10, Clip::named("puluh"), None),
        100..1000 => some_of(n, 100, Clip::named("ratus"), Some(Clip::named("seratus"))),
        1000..=GREATEST => some_of(n, 1000, Clip::named("ribu"), Some(Clip::named("seribu"))),
        _ => digits(&n.to_string()),
    }
}

/// So many of a unit, and what is left.
fn some_of(n: u32, unit: u32, word: Clip, one: Option<Clip>) -> Vec<Clip> {
    let mut said = match one {
        Some(one) if n / unit == 1 => vec![one],
        _ => vec![Clip::digit(n / unit), word],
    };
    let left = n % unit;
    if left > 0 {
        said.extend(terbilang(left));
    }
    said
}
