//! The pictograms there are.

use super::reader::Value;
use crate::nearest::did_you_mean;

/// Every file of `assets/icons`, without ending.
#[rustfmt::skip]
pub const ICONS: &[&str] = &[
    "baby", "back", "backspace", "banknote", "box", "briefcase", "calendar", "chart", "check",
    "chevron", "clock", "close", "contrast", "cup", "document", "down", "download", "elder", "family",
    "gear", "globe", "heart", "helmet", "hold", "id-card", "info", "list", "lock", "logout",
    "megaphone", "move", "next", "no-show", "passport", "people", "person", "phone", "pin", "play",
    "power", "pregnant", "printer", "reach", "recall", "receipt", "search", "smile", "sound", "star", "store",
    "tap", "text-size", "ticket", "transfer", "wheelchair",
];

/// The name of a pictogram.
pub(super) fn icon(value: &Value<'_>) -> Option<String> {
    let name = value.str()?;
    if ICONS.contains(&name) {
        return Some(name.to_owned());
    }
    let hint =
        did_you_mean(name, ICONS).unwrap_or_else(|| "the names are the files of assets/icons".to_owned());
    value.refuse("unknown_icon", format!("there is no icon `{name}`"), hint)
}
