//! Power cuts on a real file system: ext4 on a loop device, shut down under the box. Needs root.
//!
//! The box is stopped first (SIGSTOP): an answer that leaves in the very act of the shutdown would be blamed
//! on the disk. The control, whose syncs of the WAL are not done, must lose: else the cuts prove nothing.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::audit::{self, Told};
use crate::faulty::{Deed, Disk};
use crate::load::under_load;
use crate::support::program::{Desk, Running};
use crate::{long, serve};

/// An ext4 file system in a file, mounted as the data folder of a desk.
struct Loop {
    image: PathBuf,
    mount: PathBuf,
}

impl Loop {
    fn at(desk: &Desk) -> Self {
        let made = Self { image: desk.folder.path().join("disk"), mount: desk.data() };
        std::fs::create_dir(&made.mount).unwrap();
        std::fs::File::create(&made.image).unwrap().set_len(96 << 20).unwrap();
        does("mkfs.ext4", &[Path::new("-q"), &made.image]);
        made.mount();
        made
    }

    /// A disk that was shut down stays so as long as any other mount namespace of the system still holds it.
    fn mount(&self) {
        for _ in 0..100 {
            does("mount", &[Path::new("-o"), Path::new("loop"), &self.image, &self.mount]);
            let works = std::fs::write(self.mount.join("works"), "").is_ok();
            if works {
                std::fs::remove_file(self.mount.join("works")).unwrap();
                return;
            }
            self.unmount();
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the disk stays shut down: who holds it?");
    }

    /// From here on nothing reaches the disk, not even what the system holds in memory.
    fn shut_down(&self) {
        does("xfs_io", &[Path::new("-x"), Path::new("-c"), Path::new("shutdown"), &self.mount]);
    }

    fn unmount(&self) {
        does("umount", &[self.mount.as_path()]);
    }

    /// Sectors written to the disk so far.
    fn sectors(&self) -> u64 {
        let found = Command::new("findmnt").args(["-no", "SOURCE"]).arg(&self.mount).output().unwrap();
        let device = String::from_utf8(found.stdout).unwrap();
        let name = device.trim().strip_prefix("/dev/").unwrap();
        let stat = std::fs::read_to_string(format!("/sys/block/{name}/stat")).unwrap();
        stat.split_whitespace().nth(6).unwrap().parse().unwrap()
    }
}

impl Drop for Loop {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.mount).status();
    }
}

fn does(program: &str, args: &[&Path]) {
    let done = Command::new(program).args(args).output();
    let done =
        done.unwrap_or_else(|error| panic!("{program}: {error} (packages e2fsprogs, xfsprogs, util-linux)"));
    assert!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
}

fn is_stopped(pid: u32) -> bool {
    let tasks = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    tasks.flatten().all(|task| {
        std::fs::read_to_string(task.path().join("stat"))
            .is_ok_and(|stat| stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T')))
    })
}

/// So many cuts on one disk, before another begins: whatever is on it is looked at as a whole after each.
const A_LIFE: usize = 25;

/// Cuts the power so often; how many cuts lost something, how many numbers, and of how many in all.
fn cut(cuts: u32, lying: bool) -> (u32, usize, usize) {
    let (mut bad, mut lost, mut given) = (0, 0, 0);
    for first in (1..=cuts).step_by(A_LIFE) {
        let life = cut_on_a_disk(first..=cuts.min(first + A_LIFE as u32 - 1), lying);
        (bad, lost, given) = (bad + life.0, lost + life.1, given + life.2);
    }
    (bad, lost, given)
}

fn cut_on_a_disk(cuts: RangeInclusive<u32>, lying: bool) -> (u32, usize, usize) {
    let desk = Desk::without_printer().far_from_midnight();
    let disk = Loop::at(&desk);
    let faulty = Disk::below(&desk.data());
    let mut told = Told::default();
    let (mut bad, mut lost, mut sectors, mut given) = (0, 0, 0, 0);
    for nth in cuts.clone() {
        let mut command = serve(&desk);
        if lying {
            faulty.will(Deed::LieAboutTheWal, 0, false);
            faulty.under(&mut command);
        }
        let running = Running::start(command);
        let (address, before) = (running.address.clone(), disk.sectors());
        let heard = under_load(&desk, &address, false, || {
            std::thread::sleep(Duration::from_millis(u64::from(100 + nth * 7919 % 401)));
            let pid = Pid::from_raw(running.pid().cast_signed()).unwrap();
            kill_process(pid, Signal::STOP).unwrap();
            while !is_stopped(running.pid()) {
                std::thread::sleep(Duration::from_millis(1));
            }
            sectors += disk.sectors() - before;
            disk.shut_down();
            running.kill();
        });
        given += heard.tickets();
        disk.unmount();
        disk.mount();
        // What is back after the cut, before anything is written.
        let back = Running::start(serve(&desk));
        assert!(desk.issue(&back.address).is_some(), "cut {nth}");
        back.kill();
        let missing = audit::lost(&desk.data(), &heard);
        (bad, lost) = (bad + u32::from(missing > 0), lost + missing);
        if !lying {
            told.add(heard);
            audit::check(&desk.data(), &told, &format!("cut {nth}"));
        }
    }
    let bytes = sectors * 512 / given.max(1) as u64;
    println!("cuts {} to {}: {given} numbers, {bytes} bytes to the disk each", cuts.start(), cuts.end());
    (bad, lost, given)
}

#[test]
#[ignore = "needs root and a loop device: make chaos"]
fn power_cuts_lose_nothing_that_was_told() {
    let cuts = long("ANTREAN_CUTS", 5);
    let (bad, lost, given) = cut(cuts, false);
    println!("{cuts} power cuts, {given} numbers told: {bad} cuts lost something, {lost} numbers");
    assert_eq!((bad, lost), (0, 0));
}

#[test]
#[ignore = "needs root and a loop device: make chaos"]
fn the_control_loses_or_the_cuts_prove_nothing() {
    let cuts = long("ANTREAN_CONTROL_CUTS", 5);
    let (bad, lost, given) = cut(cuts, true);
    println!("control: {cuts} power cuts, {given} numbers told: {bad} cuts lost something, {lost} numbers");
    assert!(bad > 0 && lost > 0, "nothing is lost although nothing was synced");
}
