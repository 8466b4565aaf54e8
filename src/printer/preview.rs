//! The preview printer: each slip becomes a PNG file.

use std::fs;
use std::io;
use std::path::Path;

use crate::slip::{Width, picture};

/// Pictures kept; older ones are thrown away.
const KEPT: usize = 50;

/// Draws a slip's bytes into the folder as `name.png`, whole or not at all.
///
/// # Errors
/// The folder cannot be written.
pub fn print(folder: &Path, name: &str, bytes: &[u8], width: Width) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let png = picture::draw(bytes, width).to_png().map_err(io::Error::other)?;
    let name = format!("{name}.png");
    let draft = folder.join(format!(".{name}"));
    fs::write(&draft, png)?;
    fs::rename(draft, folder.join(name))?;
    let mut old: Vec<_> = fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|ending| ending == "png"))
        .collect();
    old.sort();
    let surplus = old.len().saturating_sub(KEPT);
    old.iter().take(surplus).try_for_each(fs::remove_file)
}
