//! Accent colours, and whether a pictogram can be seen on them.

use super::reader::Value;
use crate::queue::Accent;

/// `#RRGGBB` on which white or ink can be read.
pub(super) fn accent(value: &Value<'_>) -> Option<Accent> {
    let text = value.str()?;
    let Ok(accent) = text.parse::<Accent>() else {
        let form = "write # and six digits 0–9 or A–F, such as \"#2A57C1\"".to_owned();
        return value.refuse("bad_colour", format!("`{text}` is not a colour"), form);
    };
    let (best, least) = (accent.contrast(accent.pictogram()), Accent::LEAST_CONTRAST);
    if best < least {
        return value.refuse(
            "weak_colour",
            format!("nothing can be read on {accent}: the best contrast is {best:.1}, {least} is needed"),
            "choose a darker or a lighter tone".to_owned(),
        );
    }
    Some(accent)
}
