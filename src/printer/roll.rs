//! How much paper is left, once the sensor has seen the roll's end coming.

/// Feed to the knife, which the slip's picture does not show.
const TO_KNIFE_MM: u32 = 15;

/// Dots a millimetre.
const DOTS: usize = 8;

/// A roll, from the moment its near-end sensor spoke. A roll that was found so is not estimated:
/// nobody saw how long ago that was.
#[derive(Debug, Clone, Copy, Default)]
pub struct Roll {
    seen_plenty: bool,
    left_mm: Option<u32>,
    slip_mm: u32,
}

impl Roll {
    /// The sensor has been looked at; `near_end_mm` are left when it first speaks.
    pub fn look(&mut self, near_end: bool, near_end_mm: u32) {
        if !near_end {
            (self.seen_plenty, self.left_mm) = (true, None);
        } else if self.seen_plenty && self.left_mm.is_none() {
            self.left_mm = Some(near_end_mm);
        }
    }

    /// A slip so many dots long has come out.
    pub fn used(&mut self, dots: usize) {
        self.slip_mm = u32::try_from(dots / DOTS).unwrap_or(u32::MAX).saturating_add(TO_KNIFE_MM);
        self.left_mm = self.left_mm.map(|left| left.saturating_sub(self.slip_mm));
    }

    /// Slips like the last one that still fit.
    pub fn slips_left(&self) -> Option<u32> {
        self.left_mm.filter(|_| self.slip_mm > 0).map(|left| left / self.slip_mm)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_down_from_the_moment_the_sensor_speaks() {
        let mut roll = Roll::default();
        roll.look(false, 2000);
        roll.used(85 * DOTS);
        assert_eq!(roll.slips_left(), None);
        roll.look(true, 2000);
        assert_eq!(roll.slips_left(), Some(20));
        roll.used(85 * DOTS);
        roll.look(true, 2000);
        assert_eq!(roll.slips_left(), Some(19));
        roll.look(false, 2000);
        assert_eq!(roll.slips_left(), None);
    }

    #[test]
    fn a_roll_found_near_its_end_is_not_estimated() {
        let mut roll = Roll::default();
        roll.look(true, 2000);
        roll.used(85 * DOTS);
        assert_eq!(roll.slips_left(), None);
    }
}
