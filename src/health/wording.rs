//! Moments, amounts and durations, as people say them.

use crate::queue::{At, Language};
use crate::words::{clock, long_date, msg};

/// "Kamis, 26 November 2026, 09.42".
pub fn moment(at: At, language: Language) -> String {
    format!("{}, {}", long_date(at, language), clock(at, language))
}

/// "12,4 GB", "600 MB".
pub fn bytes(count: u64, language: Language) -> String {
    let mega = count >> 20;
    if mega == 0 {
        return format!("{} kB", count.div_ceil(1024));
    }
    if mega < 1024 {
        return format!("{mega} MB");
    }
    let tenths = mega * 10 / 1024;
    msg("{whole}.{tenths} GB").with(language, &[("whole", &(tenths / 10)), ("tenths", &(tenths % 10))])
}

/// "3 hari 2 jam", "2 jam 5 menit", "5 menit".
pub fn lasted(seconds: u64, language: Language) -> String {
    let (days, hours, minutes) = (seconds / 86_400, seconds / 3600 % 24, seconds / 60 % 60);
    match (days, hours) {
        (0, 0) => msg("{minutes} min"),
        (0, _) => msg("{hours} h {minutes} min"),
        _ => msg("{days} d {hours} h"),
    }
    .with(language, &[("days", &days), ("hours", &hours), ("minutes", &minutes)])
}

pub fn near_end(slips_left: Option<u32>, language: Language) -> String {
    match slips_left {
        None => msg("The paper is near its end.").say(language).to_owned(),
        Some(left) => {
            msg("The paper is near its end, about {left} slips left.").with(language, &[("left", &left)])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_read_as_people_say_them() {
        assert_eq!(bytes(72_000, Language::ID), "71 kB");
        assert_eq!(bytes(600 << 20, Language::ID), "600 MB");
        assert_eq!(bytes(12_698 << 20, Language::ID), "12,4 GB");
        assert_eq!(bytes(12_698 << 20, Language::EN), "12.4 GB");
        assert_eq!(lasted(59, Language::ID), "0 menit");
        assert_eq!(lasted(7_500, Language::ID), "2 jam 5 menit");
        assert_eq!(lasted(3 * 86_400 + 7_200, Language::EN), "3 d 2 h");
    }
}
