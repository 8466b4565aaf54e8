//! Whose PIN it is.

use argon2::Argon2;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;

use crate::queue::StaffId;

/// Digits of a PIN, as `antrean pin` asks for them.
pub const LENGTH: usize = 6;

/// Somebody whose PIN opens the panel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    pub id: StaffId,
    pub name: String,
    /// Argon2 in PHC form: the first PIN, of the config, until a PIN of their own counts.
    pub pin_hash: String,
}

/// Digits as they were typed; never shown, in no log either.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Pin(String);

impl Pin {
    /// Takes one more digit; whatever is none, or one too many, is not taken.
    pub fn push(&mut self, digit: char) {
        if digit.is_ascii_digit() && !self.is_whole() {
            self.0.push(digit);
        }
    }

    pub fn pop(&mut self) {
        self.0.pop();
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_whole(&self) -> bool {
        self.len() == LENGTH
    }
}

impl std::fmt::Debug for Pin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Pin({} digits)", self.len())
    }
}

/// Whose PIN this is. It takes as long as it takes to try everybody's: never call it on the window's loop.
pub fn whose(pin: &Pin, holders: &[Holder]) -> Option<StaffId> {
    let fits = |holder: &&Holder| {
        PasswordHash::new(&holder.pin_hash)
            .is_ok_and(|hash| Argon2::default().verify_password(pin.0.as_bytes(), &hash).is_ok())
    };
    holders.iter().find(fits).map(|holder| holder.id.clone())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use argon2::password_hash::PasswordHasher;

    fn pin(digits: &str) -> Pin {
        let mut pin = Pin::default();
        digits.chars().for_each(|digit| pin.push(digit));
        pin
    }

    #[test]
    fn a_pin_is_six_digits_and_keeps_them_to_itself() {
        assert_eq!(pin("12a34"), pin("1234"));
        assert_eq!(pin("1234567"), pin("123456"));
        assert_eq!(format!("{:?}", pin("246810")), "Pin(6 digits)");
    }

    #[test]
    fn everybody_is_known_by_their_own_pin_and_nobody_by_another() {
        let holder = |id: &str, pin: &str| Holder {
            id: id.into(),
            name: id.to_owned(),
            pin_hash: Argon2::default().hash_password(pin.as_bytes()).unwrap().to_string(),
        };
        let holders = [holder("tek-1", "246810"), holder("tek-2", "135791")];
        assert_eq!(whose(&pin("246810"), &holders), Some("tek-1".into()));
        assert_eq!(whose(&pin("135791"), &holders), Some("tek-2".into()));
        assert_eq!(whose(&pin("000000"), &holders), None);
        assert_eq!(whose(&pin("246810"), &[]), None);
    }
}
