//! Pictures in dots, and the commands that print or store them.
//!
//! **Invariant:** no picture contains a real-time command. A printer acts on DLE EOT, DLE ENQ and DLE
//! DC4 the moment they arrive, even in the middle of a picture (Epson, DLE EOT, note on bit images), and
//! one random 6 kB picture in two hundred has one by chance.

const DLE: u8 = 0x10;
/// EOT, ENQ and DC4, which make a real-time command of a DLE before them.
const REAL_TIME: [u8; 3] = [0x04, 0x05, 0x14];
/// Rows of a picture in one command: few enough for the smallest buffer to print as it listens.
const BAND: usize = 24;

/// Black and white dots, eight to a byte, whole bytes a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bits {
    /// Bytes of a row.
    across: usize,
    rows: Vec<u8>,
}

/// How large the printer draws.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    /// A dot a dot.
    Single,
    /// Twice as wide and as high.
    Double,
}

impl Bits {
    /// Draws what `is_black` says of each dot, with white to the next whole byte on both sides.
    pub fn draw(width: usize, height: usize, is_black: impl Fn(usize, usize) -> bool) -> Self {
        let across = width.div_ceil(8).max(1);
        let left = (across * 8 - width) / 2;
        let mut rows = vec![0; across * height];
        for y in 0..height {
            for x in (0..width).filter(|x| is_black(*x, y)) {
                rows[y * across + (left + x) / 8] |= 0x80 >> ((left + x) % 8);
            }
        }
        tame(&mut rows);
        Self { across, rows }
    }

    pub fn height(&self) -> usize {
        self.rows.len() / self.across
    }

    pub fn is_blank(&self) -> bool {
        self.rows.iter().all(|byte| *byte == 0)
    }
}

/// Thickens by one dot what would be a real-time command. The dot beside is black already, so nobody sees
/// it; and what comes of it (0C, 0D, 1C) makes no new command with either neighbour.
fn tame(rows: &mut [u8]) {
    for at in 1..rows.len() {
        if rows[at - 1] == DLE && REAL_TIME.contains(&rows[at]) {
            rows[at] |= 0x08;
        }
    }
}

/// The commands that print a picture where the paper is: GS v 0, a band each.
pub(super) fn bands(bits: &Bits, scale: Scale) -> Vec<u8> {
    let mode = match scale {
        Scale::Single => 0,
        Scale::Double => 3,
    };
    let mut bytes = Vec::with_capacity(bits.rows.len() + 8 * bits.height().div_ceil(BAND));
    for band in bits.rows.chunks(bits.across * BAND) {
        // No header makes a real-time command: what follows a count's low byte is 0 up to 255.
        bytes.extend([0x1d, b'v', b'0', mode]);
        bytes.extend(word(bits.across));
        bytes.extend(word(band.len() / bits.across));
        bytes.extend(band);
    }
    bytes
}

/// The command that stores a picture in the printer under a key: GS ( L, function 67. What was there
/// under this key is replaced.
pub(super) fn store(bits: &Bits, key: [u8; 2]) -> Vec<u8> {
    const AROUND: usize = 11;
    let mut rows = bits.rows.clone();
    // The length itself may be a real-time command: a white row more, and it is another.
    while let [DLE, high] = word(AROUND + rows.len())
        && REAL_TIME.contains(&high)
    {
        rows.extend(std::iter::repeat_n(0, bits.across));
    }
    let mut bytes = vec![0x1d, b'(', b'L'];
    bytes.extend(word(AROUND + rows.len()));
    bytes.extend([48, 67, 48, key[0], key[1], 1]);
    bytes.extend(word(bits.across * 8));
    bytes.extend(word(rows.len() / bits.across));
    bytes.push(49);
    bytes.extend(rows);
    bytes
}

/// Low byte, high byte. Pictures are small: 576 dots by [`super::logo::MOST_ROWS`] is 6,912 bytes.
fn word(number: usize) -> [u8; 2] {
    u16::try_from(number).unwrap_or(u16::MAX).to_le_bytes()
}
