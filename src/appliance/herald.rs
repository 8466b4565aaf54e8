//! Carries an alarm to whoever the config names: a program, or an address on the building's network.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::config::AlarmsConfig;
use crate::health::Turn;

/// How long a program or an address may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often an address is tried, with growing pauses: the network may be what is wrong.
const TRIES: u32 = 5;

/// Tells one alarm after the other in the background: whoever watches the machine does not wait.
pub struct Herald(Vec<Sender<Value>>);

impl Herald {
    /// With a thread for each way that the config names.
    pub fn new(to: &AlarmsConfig) -> Self {
        let mut ways = Vec::new();
        if !to.command.is_empty() {
            let command = to.command.clone();
            ways.push(way("alarm command", move |alarm| run(&command, &alarm.to_string())));
        }
        if let Some(address) = to.webhook.clone() {
            ways.push(way("alarm webhook", move |alarm| post(&address, &alarm)));
        }
        Self(ways)
    }

    pub fn tell(&self, turn: &Turn) {
        for way in &self.0 {
            // A thread that is gone has told what it could.
            let _ = way.send(message(turn));
        }
    }
}

/// A thread that takes alarms one after the other, for as long as there may be more.
fn way(name: &str, tell: impl Fn(Value) + Send + 'static) -> Sender<Value> {
    let (door, alarms) = channel::<Value>();
    crate::tasks::thread(name, move || alarms.iter().for_each(tell));
    door
}

/// What is told, as JSON.
fn message(turn: &Turn) -> Value {
    match turn {
        Turn::Raised(alarm) => json!({
            "state": "raised",
            "id": alarm.id,
            "weight": alarm.weight,
            "about": alarm.about,
            "says": alarm.says,
            "remedy": alarm.remedy,
            "since": alarm.since,
        }),
        Turn::Ended { id, about } => json!({ "state": "ended", "id": id, "about": about }),
    }
}

fn run(command: &[String], message: &str) {
    let Some((program, words)) = command.split_first() else { return };
    let child = Command::new(program)
        .args(words)
        .env("ANTREAN_ALARM", message)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn();
    let mut child = match child {
        Ok(child) => child,
        Err(error) => {
            tracing::error!(code = "alarm_command", program, %error, "the program cannot be started; see [alarms] command");
            return;
        }
    };
    if let Some(mut input) = child.stdin.take() {
        // A program may leave without having read it.
        let _ = input.write_all(message.as_bytes());
    }
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(ended)) if ended.success() => return,
            Ok(Some(ended)) => {
                tracing::error!(code = "alarm_command", program, %ended, "the program did not tell the alarm");
                return;
            }
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(50)),
            Ok(None) | Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                tracing::error!(
                    code = "alarm_command",
                    program,
                    "the program took longer than 10 s and was ended"
                );
                return;
            }
        }
    }
}

fn post(address: &str, message: &Value) {
    let agent: ureq::Agent = ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().into();
    for tried in 1..=TRIES {
        match agent.post(address).content_type("application/json").send(message.to_string()) {
            Ok(_) => return,
            Err(error) if tried == TRIES => {
                tracing::error!(code = "alarm_webhook", address, %error, "the alarm was not taken; see [alarms] webhook");
            }
            Err(error) => {
                tracing::debug!(address, %error, "the alarm was not taken yet");
                std::thread::sleep(Duration::from_secs(1 << tried));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::queue::Text;
    use std::io::Read;

    fn over() -> Turn {
        Turn::Ended { id: "disk:full:1".into(), about: Text::new("Disk", "Disk") }
    }

    #[test]
    fn a_program_reads_the_alarm_and_one_that_is_not_there_harms_nobody() {
        let folder = tempfile::tempdir().unwrap();
        let (heard, seen) = (folder.path().join("heard"), folder.path().join("seen"));
        let script = format!("cat > {}; printf %s \"$ANTREAN_ALARM\" > {}", heard.display(), seen.display());
        let message = message(&over()).to_string();
        run(&["/bin/sh".to_owned(), "-c".to_owned(), script], &message);
        assert_eq!(std::fs::read_to_string(heard).unwrap(), message);
        assert_eq!(std::fs::read_to_string(seen).unwrap(), message);
        run(&["/no/such/program".to_owned()], &message);
    }

    #[test]
    fn an_address_gets_the_alarm_as_json() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/antrean", listener.local_addr().unwrap());
        let posted = std::thread::spawn(move || post(&address, &message(&over())));
        let (mut stream, _) = listener.accept().unwrap();
        let mut said = String::new();
        let mut some = [0; 4096];
        while !said.contains("\"state\":\"ended\"") {
            let read = stream.read(&mut some).unwrap();
            assert!(read > 0, "{said}");
            said += std::str::from_utf8(&some[..read]).unwrap();
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").unwrap();
        posted.join().unwrap();
        assert!(said.starts_with("POST /antrean HTTP/1.1\r\n"), "{said}");
        assert!(said.contains("application/json") && said.contains("disk:full:1"), "{said}");
    }
}
