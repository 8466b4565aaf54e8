//! `[lobby]`: the screens everyone sees.

use super::reader::{Table, Value};
use super::words::text;
use crate::queue::Text;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LobbyConfig {
    /// The lines at the foot of the screen, one after the other.
    pub ticker: Vec<Text>,
}

/// Two lines of the screen: no ticker line is ever cut off.
const LONGEST_LINE: usize = 150;

pub(super) fn lobby(root: &mut Table<'_>) -> Option<LobbyConfig> {
    let mut table = root.optional_section("lobby")?;
    let ticker = table.optional("ticker", Vec::new(), |value| value.each(line));
    Some(LobbyConfig { ticker: ticker? })
}

fn line(value: &Value<'_>) -> Option<Text> {
    let line = text(value)?;
    let length = line.id.chars().count().max(line.en.chars().count());
    if length > LONGEST_LINE {
        let message = format!("this line has {length} characters, the screen has room for {LONGEST_LINE}");
        return value.refuse("too_long", message, "say it shorter, or in two lines".to_owned());
    }
    Some(line)
}
