//! The program itself, started as a technician starts it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

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

    pub fn start(command: Command) -> Self {
        match Self::try_start(command) {
            Ok(running) => running,
            Err((code, log)) => panic!("it ended with {code:?} before it served:\n{}", log.join("\n")),
        }
    }

    /// The same; where it ends before it serves, its exit code and what it said.
    pub fn try_start(command: Command) -> Result<Self, (Option<i32>, Vec<String>)> {
        let mut running = Self::begin(command);
        let Some(line) = running.look_for_line("console and lobby: http") else {
            let code = running.exit_code();
            return Err((code, std::mem::take(&mut running.log)));
        };
        let (_, address) = line.split_once("://").unwrap();
        running.address = address.trim_end_matches('/').to_owned();
        Ok(running)
    }

    /// Only begins it, and waits for nothing.
    pub fn begin(mut command: Command) -> Self {
        let mut child = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (tell, said) = channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        Self { child, said, log: Vec::new(), address: String::new() }
    }

    pub fn wait_for_line(&mut self, part: &str) -> String {
        let line = self.look_for_line(part);
        line.unwrap_or_else(|| panic!("it never said {part:?}:\n{}", self.log.join("\n")))
    }

    /// Nothing where it ends, or says it too late.
    fn look_for_line(&mut self, part: &str) -> Option<String> {
        let until = Instant::now() + PATIENCE;
        loop {
            match self.said.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => {
                    self.log.push(line.clone());
                    if line.contains(part) {
                        return Some(line);
                    }
                }
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return None,
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
        self.leave()
    }

    /// The same; what it said last is in its log then.
    pub fn leave(&mut self) -> Option<i32> {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.exit_code()
    }

    /// Whether it ends by itself soon, and how: one that goes on is killed. What it said is in its log then.
    pub fn ends_soon(&mut self) -> Option<Option<i32>> {
        let until = Instant::now() + Duration::from_secs(2);
        loop {
            match self.said.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) => self.log.push(line),
                Err(RecvTimeoutError::Timeout) => {
                    self.kill_and_hear();
                    return None;
                }
                Err(RecvTimeoutError::Disconnected) => return Some(self.child.wait().unwrap().code()),
            }
        }
    }

    /// Pulls the plug, and hears what it said until then.
    pub fn kill_and_hear(&mut self) {
        self.child.kill().unwrap();
        let _ = self.exit_code();
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

/// A folder with the config of the reference site, and a token that may issue and call.
pub struct Desk {
    pub folder: tempfile::TempDir,
    token: String,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = run(&["token", "--name", "portal", "--scope", "issue,call", "--json"]);
        let made: Value = serde_json::from_str(&stdout(&made)).unwrap();
        let config = format!("{}\n{}", antrean::config::DEFAULT, made["toml"].as_str().unwrap());
        std::fs::write(folder.path().join("antrean.toml"), config).unwrap();
        Self { folder, token: made["token"].as_str().unwrap().to_owned() }
    }

    /// The same with no printer at all: nothing but what counts is written to the disk.
    pub fn without_printer() -> Self {
        Self::with_printer(Path::new("/dev/no-printer"))
    }

    /// The same with a printer at a port instead of the preview.
    pub fn with_printer(port: &Path) -> Self {
        let desk = Self::new();
        let path = desk.folder.path().join("antrean.toml");
        let config = std::fs::read_to_string(&path).unwrap();
        let here = format!("port = {}\nbaud = 115200", toml::Value::from(port.to_str().unwrap()));
        std::fs::write(path, config.replacen("port = \"preview\"", &here, 1)).unwrap();
        desk
    }

    /// The same in a time zone where no business day ends within the next hour, whenever that is.
    pub fn far_from_midnight(self) -> Self {
        // Midnight is at 15 UTC in WIT, at 17 UTC in WIB.
        if chrono::Timelike::hour(&chrono::Utc::now()) == 16 {
            let path = self.folder.path().join("antrean.toml");
            let config = std::fs::read_to_string(&path).unwrap();
            std::fs::write(path, config.replacen("timezone = \"WIB\"", "timezone = \"WIT\"", 1)).unwrap();
        }
        self
    }

    pub fn config(&self) -> String {
        self.folder.path().join("antrean.toml").display().to_string()
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Serves whatever the time of day.
    pub fn serve(&self) -> Running {
        Running::serve(&self.data(), &["--demo", "--config", &self.config()])
    }

    pub fn post(&self, address: &str, path: &str, body: &Value) -> Option<Value> {
        self.ask(address, path, body, None).map(|(_, answer)| answer)
    }

    /// The status and the answer, if there is one; a key makes it safe to ask again.
    pub fn ask(&self, address: &str, path: &str, body: &Value, key: Option<&str>) -> Option<(u16, Value)> {
        let mut asked = ureq::post(format!("http://{address}{path}"))
            .config()
            .http_status_as_error(false)
            .timeout_global(Some(PATIENCE))
            .build()
            .header("Authorization", format!("Bearer {}", self.token))
            .header("Content-Type", "application/json");
        if let Some(key) = key {
            asked = asked.header("Idempotency-Key", key);
        }
        let mut answer = asked.send(body.to_string()).ok()?;
        let text = answer.body_mut().read_to_string().ok()?;
        Some((answer.status().as_u16(), serde_json::from_str(&text).ok()?))
    }

    pub fn issue(&self, address: &str) -> Option<u64> {
        self.issue_with(address, &json!({ "service": "ktp" }))
    }

    /// The same, with a slip from the printer.
    pub fn issue_on_paper(&self, address: &str) -> Option<u64> {
        self.issue_with(address, &json!({ "service": "ktp", "printer": "printer-1" }))
    }

    fn issue_with(&self, address: &str, wish: &Value) -> Option<u64> {
        let ticket = self.post(address, "/api/v1/tickets", wish)?;
        ticket["number"].as_str()?[1..].parse().ok()
    }

    pub fn rows(&self, question: &str) -> i64 {
        let conn = rusqlite::Connection::open(self.data().join("antrean.db")).unwrap();
        conn.query_row(question, [], |row| row.get(0)).unwrap()
    }
}
