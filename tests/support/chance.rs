//! How chance is drawn in the tests: the same for everybody, so that what failed once fails again.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// So many random cases, the same ones in every run. `ANTREAN_CASES` says how many instead, `ANTREAN_SEED` begins
/// elsewhere.
///
/// # Panics
/// Where one of them is no number.
pub fn cases(short: u32) -> ProptestConfig {
    let number = |name| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let cases = number("ANTREAN_CASES").map_or(short, |cases| cases.try_into().expect("fewer cases"));
    let rng_seed = RngSeed::Fixed(number("ANTREAN_SEED").unwrap_or(20_261_123));
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}
