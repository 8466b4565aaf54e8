//! What wrong PINs cost: three tries are free, then each costs twice the pause of the one before.

use super::super::visit::Ms;

/// Wrong PINs until the first pause.
const FREE: u32 = 3;
const FIRST_PAUSE: Ms = 30_000;
const LONGEST_PAUSE: Ms = 600_000;

/// Wrong PINs at this kiosk since the last right one. Leaving the screen forgets none of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tries {
    wrong: u32,
    until: Ms,
}

impl Tries {
    pub fn wrong(&mut self, now: Ms) {
        self.wrong = self.wrong.saturating_add(1);
        if let Some(doublings) = self.wrong.checked_sub(FREE) {
            let pause = FIRST_PAUSE.checked_shl(doublings.min(16)).unwrap_or(LONGEST_PAUSE);
            self.until = now + pause.min(LONGEST_PAUSE);
        }
    }

    pub fn right(&mut self) {
        *self = Self::default();
    }

    /// Seconds until the next try may be made; 0 when it may be made now.
    pub fn pause_s(&self, now: Ms) -> u64 {
        self.until.saturating_sub(now).div_ceil(1000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wrong_pins_are_free_and_then_each_pause_is_twice_the_last_up_to_ten_minutes() {
        let mut tries = Tries::default();
        let mut now = 0;
        let mut pauses = Vec::new();
        for _ in 0..10 {
            tries.wrong(now);
            pauses.push(tries.pause_s(now));
            now += tries.pause_s(now) * 1000;
            assert_eq!(tries.pause_s(now), 0);
        }
        assert_eq!(pauses, [0, 0, 30, 60, 120, 240, 480, 600, 600, 600]);
        tries.right();
        tries.wrong(now);
        assert_eq!(tries.pause_s(now), 0, "a right PIN makes the next three free again");
    }

    #[test]
    fn a_pause_counts_down_to_its_last_second() {
        let mut tries = Tries::default();
        (0..3).for_each(|_| tries.wrong(1_000));
        assert_eq!((tries.pause_s(1_000), tries.pause_s(30_001), tries.pause_s(31_000)), (30, 1, 0));
    }
}
