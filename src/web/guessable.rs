//! PINs that somebody who knows nothing tries first. A date is none of them: its owner remembers it, and
//! there are tens of thousands.

/// Patterns on the keypad that no rule below finds.
const KNOWN: &[&str] = &["147258", "159753", "258147", "357159", "741852", "789456", "147369", "963741"];

/// Whether six digits are among the first that are tried: one digit or a group of two or three again and
/// again, the same backwards, doubles in a row, or counted up or down.
pub fn is_guessable(pin: &str) -> bool {
    let digits: Vec<u8> = pin.bytes().map(|byte| byte.wrapping_sub(b'0')).collect();
    let steps = |by: u8| digits.windows(2).all(|pair| (pair[0] + by) % 10 == pair[1]);
    let repeats = |every: usize| digits.iter().zip(digits.iter().skip(every)).all(|(a, b)| a == b);
    let mirrored = digits.iter().eq(digits.iter().rev());
    let halves: Vec<u8> =
        digits.chunks(2).filter(|pair| pair.first() == pair.last()).map(|pair| pair[0]).collect();
    let counted_doubles = halves.len() * 2 == digits.len()
        && [1, 9].iter().any(|by| halves.windows(2).all(|pair| (pair[0] + by) % 10 == pair[1]));
    (1..=3).any(repeats)
        || [1, 9].into_iter().any(steps)
        || mirrored && steps_to_the_middle(&digits)
        || counted_doubles
        || KNOWN.contains(&pin)
}

/// 123321, 456654, 321123.
fn steps_to_the_middle(digits: &[u8]) -> bool {
    let half = &digits[..digits.len() / 2];
    [1, 9].iter().any(|by| half.windows(2).all(|pair| (pair[0] + by) % 10 == pair[1]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_tried_first_is_no_pin() {
        for pin in [
            "123456", "654321", "012345", "890123", "098765", "111111", "000000", "121212", "123123",
            "112233", "332211", "123321", "789987", "147258", "159753",
        ] {
            assert!(is_guessable(pin), "{pin}");
        }
    }

    #[test]
    fn a_date_and_anything_else_is_one() {
        for pin in ["170845", "311299", "010190", "240612", "135790", "246810", "908070", "112358", "771177"]
        {
            assert!(!is_guessable(pin), "{pin}");
        }
    }
}
