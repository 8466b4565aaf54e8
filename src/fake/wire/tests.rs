//! The machine as the other end of the line finds it.

use super::*;
use crate::fake::{Model, Roll, Speed};

const PATIENCE: Duration = Duration::from_secs(20);

struct Desk {
    wire: Wire,
    folder: PathBuf,
}

impl Desk {
    fn new(name: &str, machine: Machine, baud: Option<u32>) -> Self {
        let folder = std::env::temp_dir().join(format!("antrean-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self { wire: Wire::plug(machine, baud, &folder.join("port")).unwrap(), folder }
    }

    /// Another end of the line, which never waits.
    fn open(&self) -> OwnedFd {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        rustix::fs::open(self.wire.port(), flags, Mode::empty()).unwrap()
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        self.wire.unplug();
        std::fs::remove_dir_all(&self.folder).unwrap();
    }
}

fn instant() -> Machine {
    Machine::new(Model::GENERIC, Speed::INSTANT)
}

#[test]
fn what_has_no_room_waits_in_the_system_and_is_not_lost() {
    let desk = Desk::new("room", instant().with_buffer(100), None);
    desk.wire.change(|machine| machine.load(Roll::Mm(0)));
    let line = desk.open();
    let sent = rustix::io::write(&line, &b"a\n".repeat(500)).unwrap();
    assert!(desk.wire.wait_until(|machine| machine.room() == 0, PATIENCE));
    assert_eq!(desk.wire.change(|machine| machine.tape().len()), 100);
    desk.wire.change(|machine| machine.load(Roll::Endless));
    assert!(desk.wire.wait_until(|machine| machine.unfinished().text.len() == sent, PATIENCE));
    assert_eq!(desk.wire.change(|machine| machine.dropped()), 0);
}

#[test]
fn a_question_is_answered_on_the_line() {
    let desk = Desk::new("answer", instant(), None);
    let line = File::from(desk.open());
    rustix::io::write(&line, b"\x10\x04\x01").unwrap();
    assert!(wait_long(&line));
    let mut answer = [0; 8];
    assert_eq!(rustix::io::read(&line, &mut answer), Ok(1));
    assert_eq!(answer[0], 0x12);
}

fn wait_long(line: &File) -> bool {
    let until = Instant::now() + PATIENCE;
    while Instant::now() < until {
        if wait(line, 1, TICK) {
            return true;
        }
    }
    false
}

#[test]
fn a_slow_line_takes_its_time() {
    let desk = Desk::new("baud", instant(), Some(9600));
    let line = desk.open();
    let began = Instant::now();
    rustix::io::write(&line, &[b'a'; 192]).unwrap();
    assert!(desk.wire.wait_until(|machine| machine.tape().len() == 192, PATIENCE));
    // 192 bytes of ten bits are 200 ms; the last piece is not waited for.
    assert!(began.elapsed() >= Duration::from_millis(180), "{:?}", began.elapsed());
}

#[test]
fn the_name_goes_and_comes_with_the_plug() {
    let mut desk = Desk::new("plug", instant(), None);
    desk.wire.change(|machine| machine.after_bytes(2, Condition::Unplugged));
    rustix::io::write(desk.open(), b"abc").unwrap();
    assert!(desk.wire.wait_until_unplugged(PATIENCE));
    assert!(desk.wire.port().symlink_metadata().is_err());
    desk.wire.replug().unwrap();
    rustix::io::write(desk.open(), b"\n").unwrap();
    assert!(desk.wire.wait_until(|machine| machine.unfinished().text == "ab\n", PATIENCE));
}

#[test]
fn a_name_that_is_not_ours_is_left_alone() {
    let desk = Desk::new("name", instant(), None);
    let other = desk.folder.join("other");
    std::os::unix::fs::symlink("/dev/null", &other).unwrap();
    assert!(Wire::plug(instant(), None, &other).is_err());
    assert_eq!(std::fs::read_link(&other).unwrap(), Path::new("/dev/null"));
}
