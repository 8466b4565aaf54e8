//! A reader of slips that knows the commands of the house's own pages and no other.

/// Takes a page apart: the letters on it, or the first byte that is neither a letter nor one of the commands
/// that the house sends (Epson's manual, by name).
pub fn letters(mut page: &[u8]) -> Result<String, String> {
    let mut read = String::new();
    let whole = page.len();
    while let Some(first) = page.first() {
        let length = match page {
            [b'\n', ..] => {
                read.push('\n');
                1
            }
            [letter @ 0x20..=0x7e, ..] => {
                read.push(char::from(*letter));
                1
            }
            // ESC @, FS . and ESC t 0: at the beginning alone.
            [0x1b, b'@', 0x1c, b'.', 0x1b, b't', 0, ..] if page.len() == whole => 7,
            // ESC a n, ESC 3 n, ESC J n; ESC 2.
            [0x1b, b'a', 0..=2, ..] | [0x1b, b'3' | b'J', _, ..] => 3,
            [0x1b, b'2', ..] => 2,
            // GS ! n, GS B n.
            [0x1d, b'!', n, ..] if n & 0x88 == 0 => 3,
            [0x1d, b'B', 0 | 1, ..] => 3,
            // GS V 66 0: at the end alone.
            [0x1d, b'V', 66, 0] => 4,
            // GS ( k, GS ( L: pL pH and so many bytes.
            [0x1d, b'(', b'k', low, high, 49, ..] | [0x1d, b'(', b'L', low, high, 48, ..] => {
                5 + usize::from(*low) + 256 * usize::from(*high)
            }
            // GS v 0 m xL xH yL yH and the dots.
            [0x1d, b'v', b'0', 0..=3, x, xh, y, yh, ..] => {
                let word = |low: &u8, high: &u8| usize::from(*low) + 256 * usize::from(*high);
                8 + word(x, xh) * word(y, yh)
            }
            _ => {
                let at = whole - page.len();
                return Err(format!("{first:#04x} at {at} is no letter, and begins no command of ours"));
            }
        };
        page = page.get(length..).ok_or("the last command is not whole")?;
    }
    Ok(read)
}

#[test]
fn what_is_none_of_ours_is_found() {
    for bad in [
        b"\x1b@".as_slice(),
        b"A\x1b@\x1c.\x1bt\x00",
        b"\x1dV\x42\x00A",
        b"\x10\x04\x01",
        b"\x1bp\x00\x19\xfa",
        b"\xc3\xa9",
        b"\r",
        b"\x7f",
        b"\x1d(k\x09\x00\x31P",
    ] {
        assert!(letters(bad).is_err(), "{bad:02x?}");
    }
    assert_eq!(letters(b"\x1b@\x1c.\x1bt\x00\x1ba\x01A1\n\x1dV\x42\x00").as_deref(), Ok("A1\n"));
}
