//! `antrean simulate`, which waits every evening.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::sample::Sample;

/// Only a broken house needs so long for a day.
const PATIENCE: Duration = Duration::from_secs(600);

pub struct Program {
    child: Child,
    enter: Option<ChildStdin>,
    said: Receiver<String>,
    log: Arc<Mutex<Vec<String>>>,
    data: PathBuf,
    pub address: String,
}

impl Program {
    pub fn simulate(data: &Path, config: &str, days: usize) -> Self {
        let data = data.join("scratch");
        let mut command = Command::new(env!("CARGO_BIN_EXE_antrean"));
        command.args(["simulate", "--config", config, "--date", "2026-11-02", "--speed", "max", "--pause"]);
        command.args(["--listen", "127.0.0.1:0", "--days", &days.to_string(), "--data"]).arg(&data);
        command.current_dir(env!("CARGO_MANIFEST_DIR")).env("ANTREAN_LOG", "warn,antrean::appliance=info");
        for name in ["DISPLAY", "WAYLAND_DISPLAY", "STATE_DIRECTORY"] {
            command.env_remove(name);
        }
        let piped = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = piped.spawn().unwrap();
        let (tell, said) = channel();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (noted, (found, address)) = (log.clone(), channel());
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("console and lobby: http://") {
                    let _ = found.send(address.trim_end_matches('/').to_owned());
                }
                noted.lock().unwrap().push(line);
            }
        });
        let address = address.recv_timeout(PATIENCE).expect("it serves");
        Self { enter: child.stdin.take(), child, said, log, data, address }
    }

    /// Waits for the evening, and says what is told of the day.
    pub fn evening(&mut self) -> String {
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(" issued, ") => return line,
                Ok(_) => {}
                Err(error) => panic!("no evening came ({error}):\n{}", self.log()),
            }
        }
    }

    /// Enter is pressed.
    pub fn go_on(&mut self) {
        self.enter.as_mut().unwrap().write_all(b"\n").unwrap();
    }

    /// What it holds now; where there is an earlier evening to compare with, it is given time to let go of what
    /// it only just needed.
    pub fn sample(&self, told: &str, earlier: Option<&Sample>) -> Sample {
        let take = || Sample::of(told, self.child.id(), &self.data);
        let mut sample = take();
        let mut same = 0;
        for _ in 0..300 {
            let done = match earlier {
                Some(earlier) => sample.handles == earlier.handles && sample.threads == earlier.threads,
                None => same >= 5,
            };
            if done {
                break;
            }
            std::thread::sleep(Duration::from_millis(50));
            let next = take();
            same = if next.handles == sample.handles { same + 1 } else { 0 };
            sample = next;
        }
        sample
    }

    /// Everything it says after the last evening; it must have ended well.
    pub fn end(&mut self) -> String {
        let mut said = Vec::new();
        loop {
            match self.said.recv_timeout(PATIENCE) {
                Ok(line) => said.push(line),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.log()),
            }
        }
        let ended = self.child.wait().unwrap();
        assert!(ended.success(), "{ended}: {}\n{}", said.join("\n"), self.log());
        said.join("\n")
    }

    pub fn log(&self) -> String {
        self.log.lock().unwrap().join("\n")
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
