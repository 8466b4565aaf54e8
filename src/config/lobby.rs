//! `[lobby]`: the screens everyone sees.

use super::reader::Table;
use super::words::text;
use crate::queue::Text;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LobbyConfig {
    /// The lines at the foot of the screen, one after the other.
    pub ticker: Vec<Text>,
}

pub(super) fn lobby(root: &mut Table<'_>) -> Option<LobbyConfig> {
    let mut table = root.optional_section("lobby")?;
    let ticker = table.optional("ticker", Vec::new(), |value| value.each(text));
    Some(LobbyConfig { ticker: ticker? })
}
