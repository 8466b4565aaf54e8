//! How many answers are needed, and which tickets are invited to give one.

use super::tally::half_up;

/// The sample that stands for so many visitors (Krejcie & Morgan 1970, as offices use their table):
/// `S = 3.841 · N · 0.25 / (0.0025 · (N − 1) + 0.96025)`, rounded to the nearest.
pub fn sample_size(visitors: u64) -> u64 {
    if visitors == 0 {
        return 0;
    }
    let n = u128::from(visitors);
    half_up(96_025 * n, 250 * (n - 1) + 96_025) as u64
}

/// Every how many tickets one is invited: so that, of the visitors expected in a period, as many are invited as
/// it takes to have the sample when `response_percent` of the invited answer. At least 1; nobody expected: 1.
///
/// Tickets are counted on from one day to the next (systematic sampling), so that no hour and no weekday is
/// left out.
pub fn invite_every(expected_visitors: u64, response_percent: u8) -> u32 {
    let percent = u64::from(response_percent.clamp(1, 100));
    let invitations = (sample_size(expected_visitors) * 100).div_ceil(percent).max(1);
    u32::try_from(expected_visitors / invitations).unwrap_or(u32::MAX).max(1)
}
