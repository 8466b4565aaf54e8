//! Whether a WAL that was left behind can still be read to its end.
//!
//! SQLite takes in what is whole and passes over everything behind the first frame that is not, without a word:
//! right after a power cut in the middle of a commit, and the loss of committed lines where a bit has rotted.
//! From here the two look alike, so that both count as a loss. The format: sqlite.org/fileformat2.html, section 4.

use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

const HEADER: usize = 32;
const FRAME: usize = 24;

/// Why the end of a WAL may be missing; none where all of it is whole, or where there is none.
pub fn loss(path: &Path) -> io::Result<Option<&'static str>> {
    let mut file = match File::open(path) {
        Ok(file) => BufReader::with_capacity(1 << 20, file),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut header = [0; HEADER];
    if !fill(&mut file, &mut header)? {
        return Ok(Some("the WAL beside the database is cut off"));
    }
    let big = word(&header, 0) == 0x377f_0683;
    if !big && word(&header, 0) != 0x377f_0682 {
        return Ok(Some("the WAL beside the database is damaged at its head"));
    }
    let mut sum = checksum((0, 0), &header[..24], big);
    if sum != (word(&header, 24), word(&header, 28)) {
        return Ok(Some("the WAL beside the database is damaged at its head"));
    }
    let salts = (word(&header, 16), word(&header, 20));
    let mut frame = vec![0; FRAME + word(&header, 8) as usize];
    let mut whole = true;
    while fill(&mut file, &mut frame)? {
        let own = (word(&frame, 8), word(&frame, 12));
        if whole {
            let next = checksum(checksum(sum, &frame[..8], big), &frame[FRAME..], big);
            whole = own == salts && next == (word(&frame, 16), word(&frame, 20));
            sum = next;
        }
        // Frames of an earlier round bear other salts, both of them.
        if !whole && (own.0 == salts.0 || own.1 == salts.1) {
            return Ok(Some("the WAL beside the database is damaged, and with it its newest lines"));
        }
    }
    Ok(None)
}

/// Reads all of `part`, or says that there is not so much any more.
fn fill(file: &mut impl Read, part: &mut [u8]) -> io::Result<bool> {
    match file.read_exact(part) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Numbers of the format are written with the highest byte first.
fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

fn checksum((mut first, mut second): (u32, u32), bytes: &[u8], big: bool) -> (u32, u32) {
    let number = |bytes: &[u8]| if big { word(bytes, 0) } else { word(bytes, 0).swap_bytes() };
    for pair in bytes.chunks_exact(8) {
        first = first.wrapping_add(number(&pair[..4])).wrapping_add(second);
        second = second.wrapping_add(number(&pair[4..])).wrapping_add(first);
    }
    (first, second)
}
