//! The program itself, started as a technician starts it.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// `antrean` with these arguments, and without a display.
pub fn antrean(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_antrean"));
    command.args(args).stdin(Stdio::null()).current_dir(env!("CARGO_MANIFEST_DIR"));
    for name in ["DISPLAY", "WAYLAND_DISPLAY", "STATE_DIRECTORY", "ANTREAN_LOG"] {
        command.env_remove(name);
    }
    command
}

/// Runs it to its end.
pub fn run(args: &[&str]) -> Output {
    antrean(args).output().unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// A running box.
pub struct Running {
    child: Child,
    said: Receiver<String>,
    pub log: Vec<String>,
    pub address: String,
}

impl Running {
    /// Starts `antrean serve` on a free port and waits until it serves.
    pub fn serve(data: &Path, args: &[&str]) -> Self {
        let mut command = antrean(&["serve", "--listen", "127.0.0.1:0", "--data"]);
        command.arg(data).args(args);
        Self::start(command)
    }

    pub fn start(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, said) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let mut running = Self { child, said, log: Vec::new(), address: String::new() };
        let line = running.wait_for_line("console and lobby: http://");
        let (_, address) = line.split_once("http://").unwrap();
        running.address = address.trim_end_matches('/').to_owned();
        running
    }

    pub fn wait_for_line(&mut self, part: &str) -> String {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.said.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.log.push(line.clone());
                    if line.contains(part) {
                        return line;
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => {
                    panic!("it never said {part:?}:\n{}", self.log.join("\n"))
                }
            }
        }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Pulls the plug.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to leave, and waits for its exit code.
    pub fn terminate(mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.exit_code()
    }

    /// Waits until it ends by itself.
    pub fn exit_code(&mut self) -> Option<i32> {
        // Its end of the pipe closes when it ends.
        while let Ok(line) = self.said.recv_timeout(PATIENCE) {
            self.log.push(line);
        }
        self.child.wait().unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
