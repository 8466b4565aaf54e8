//! Threads of another process, held by the debugger's door of the kernel: nothing in the program helps.

use std::fs;

use nix::sys::ptrace;
use nix::sys::wait::{WaitPidFlag, waitpid};
use nix::unistd::Pid;

/// They stand still until this is dropped, on the thread that holds them.
pub struct Held(Vec<Pid>);

impl Held {
    /// Every thread of a child process whose name begins so; none where tracing is not allowed.
    pub fn hold(process: u32, name: &str) -> Option<Self> {
        let mut held = Self(Vec::new());
        for thread in threads(process, name) {
            match ptrace::seize(thread, ptrace::Options::empty()) {
                Ok(()) => {}
                Err(error @ (nix::Error::EPERM | nix::Error::ENOSYS | nix::Error::EACCES)) => {
                    println!("ptrace({thread}, {name}): {error}");
                    return None;
                }
                // It has ended meanwhile: one that was only lent.
                Err(nix::Error::ESRCH) => continue,
                Err(error) => panic!("{name} cannot be traced: {error}"),
            }
            ptrace::interrupt(thread).unwrap();
            let stopped = waitpid(thread, Some(WaitPidFlag::__WALL)).unwrap();
            assert_eq!(stopped.pid(), Some(thread), "{stopped:?}");
            held.0.push(thread);
        }
        assert!(!held.0.is_empty(), "no thread of {process} is called {name}");
        Some(held)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        for thread in &self.0 {
            // One whose process was ended meanwhile needs nothing more.
            let _ = ptrace::detach(*thread, None);
        }
    }
}

fn threads(process: u32, name: &str) -> Vec<Pid> {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).unwrap().flatten();
    let called = |task: &fs::DirEntry| {
        fs::read_to_string(task.path().join("comm")).is_ok_and(|comm| comm.starts_with(name))
    };
    let id = |task: fs::DirEntry| Pid::from_raw(task.file_name().to_str().unwrap().parse().unwrap());
    tasks.filter(called).map(id).collect()
}
