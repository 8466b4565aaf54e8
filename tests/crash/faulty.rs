//! A disk that fails on command: `faulty.c` between the program and its system, and the page on which it is
//! told what to do.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// What becomes of a call. The numbers are those of `faulty.c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    Nothing = 0,
    /// The program is killed before the call is done.
    Kill = 1,
    /// Half of the bytes are written, then the program is killed.
    Tear = 2,
    Eio = 3,
    Enospc = 4,
    /// Every sync takes a while, as on a worn-out card.
    SlowSyncs = 5,
    /// Syncs of the WAL are answered and not done: what `synchronous = NORMAL` would be at a power cut.
    LieAboutTheWal = 6,
    /// As on a file system that the kernel has made read-only after an error.
    Erofs = 7,
    /// A read fails; reads are counted apart from the calls that change something.
    EioReads = 8,
}

/// The words of the page, eight bytes each.
#[derive(Debug, Clone, Copy)]
enum Word {
    Calls,
    Bytes,
    Syncs,
    Deed,
    At,
    ForEver,
    SlowMs,
    Reads,
    Befell,
}

pub struct Disk {
    folder: TempDir,
    page: File,
    data: PathBuf,
}

impl Disk {
    /// Below a folder that may not be there yet.
    pub fn below(data: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("page"), [0; 128]).unwrap();
        std::fs::write(folder.path().join("tape"), "").unwrap();
        let page = File::options().read(true).write(true).open(folder.path().join("page")).unwrap();
        Self { folder, page, data: data.to_owned() }
    }

    /// Puts it between a program and its system.
    pub fn under(&self, command: &mut Command) {
        command
            .env("LD_PRELOAD", library())
            .env("FAULTY_FOLDER", &self.data)
            .env("FAULTY_PAGE", self.folder.path().join("page"));
    }

    /// The same, and everything that reaches the files is put down.
    pub fn taped(&self, command: &mut Command) {
        self.under(command);
        command.env("FAULTY_TAPE", self.tape());
    }

    pub fn tape(&self) -> PathBuf {
        self.folder.path().join("tape")
    }

    /// What happens at the call of this number, counted from the start of the program, or from there on.
    pub fn will(&self, deed: Deed, at: u64, for_ever: bool) {
        self.put(Word::At, at);
        self.put(Word::ForEver, for_ever.into());
        self.put(Word::Deed, deed as u64);
    }

    /// From now on every sync takes so long.
    pub fn slow(&self, ms: u64) {
        self.put(Word::SlowMs, ms);
        self.will(Deed::SlowSyncs, 0, false);
    }

    /// Calls that changed, or would have changed, a file.
    pub fn calls(&self) -> u64 {
        self.get(Word::Calls)
    }

    /// Calls that read a file.
    pub fn reads(&self) -> u64 {
        self.get(Word::Reads)
    }

    /// How often something did not go well.
    pub fn befell(&self) -> u64 {
        self.get(Word::Befell)
    }

    /// Bytes written.
    pub fn bytes(&self) -> u64 {
        self.get(Word::Bytes)
    }

    pub fn syncs(&self) -> u64 {
        self.get(Word::Syncs)
    }

    fn put(&self, word: Word, value: u64) {
        self.page.write_all_at(&value.to_ne_bytes(), word as u64 * 8).unwrap();
    }

    fn get(&self, word: Word) -> u64 {
        let mut bytes = [0; 8];
        self.page.read_exact_at(&mut bytes, word as u64 * 8).unwrap();
        u64::from_ne_bytes(bytes)
    }
}

/// Compiled once for all tests.
fn library() -> &'static Path {
    static LIBRARY: OnceLock<PathBuf> = OnceLock::new();
    LIBRARY.get_or_init(|| {
        // Compiled beside its place and put there whole: another test program may be using it.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let (made, draft) = (folder.join("faulty.so"), folder.join(format!("faulty-{}", std::process::id())));
        let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/crash/faulty.c");
        let status = Command::new(compiler)
            .args(["-shared", "-fPIC", "-O1", "-o"])
            .args([&draft, &source])
            .args(["-ldl", "-lpthread"])
            .status();
        assert!(status.unwrap().success(), "the faulty disk cannot be compiled");
        std::fs::rename(draft, &made).unwrap();
        made
    })
}
