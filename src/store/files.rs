//! Files that are there whole or not at all.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use sha2::{Digest, Sha256};

/// Puts `bytes` in the place of a file, closed to others; after a power cut it is the old or the new one.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let draft = path.with_added_extension("new");
    write(&draft, bytes)?;
    std::fs::rename(&draft, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// Writes a file that only its owner reads, down to the disk.
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes what was made, renamed or removed in a folder last.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    // A relative file's folder is called nothing.
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

/// A folder that only its owner opens; one that is there already will do.
pub fn make_folder(path: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Copies a file down to the disk, and says its length and SHA-256.
pub fn copy(from: &Path, to: &Path) -> io::Result<(u64, String)> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(to)?;
    let sum = pass(from, &mut file)?;
    file.sync_all()?;
    Ok(sum)
}

/// A file's length and SHA-256.
pub fn sum(path: &Path) -> io::Result<(u64, String)> {
    pass(path, &mut io::sink())
}

fn pass(from: &Path, to: &mut impl Write) -> io::Result<(u64, String)> {
    let mut from = File::open(from)?;
    let (mut hash, mut length, mut part) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let n = from.read(&mut part)?;
        if n == 0 {
            break;
        }
        to.write_all(&part[..n])?;
        hash.update(&part[..n]);
        length += n as u64;
    }
    Ok((length, hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()))
}

/// Bytes that whoever runs this may still write there.
pub fn free(folder: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}
