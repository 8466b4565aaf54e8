//! `[alarms]`: who besides supervisor and desk is told when something is wrong.

use super::reader::{Table, Value};

/// Where alarms go besides the screens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AlarmsConfig {
    /// A program and its arguments; it reads the alarm as JSON.
    pub command: Vec<String>,
    /// An address on this network that takes the alarm as JSON, by POST.
    pub webhook: Option<String>,
}

pub(super) fn alarms(root: &mut Table<'_>) -> Option<AlarmsConfig> {
    let mut table = root.optional_section("alarms")?;
    let command = table.optional("command", Vec::new(), |value| {
        let words: Vec<String> = value.each(|word| word.str().map(str::to_owned))?;
        match words.first() {
            Some(program) if program.starts_with('/') => Some(words),
            Some(program) => value.refuse(
                "bad_command",
                format!("`{program}` is not the whole path of a program"),
                "write it with its folder, such as [\"/usr/local/bin/tell\"]".to_owned(),
            ),
            None => Some(words),
        }
    });
    let webhook = table.maybe("webhook", webhook);
    Some(AlarmsConfig { command: command?, webhook: webhook? })
}

/// On the building's own network nobody listens in but those who may; elsewhere a command can do it.
fn webhook(value: &Value<'_>) -> Option<String> {
    let url = value.str()?;
    let host = url.strip_prefix("http://").map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    match host {
        Some(host) if !host.is_empty() && !url.contains(char::is_whitespace) => Some(url.to_owned()),
        _ if url.starts_with("https://") => value.refuse(
            "bad_webhook",
            "an address with https is not spoken to".to_owned(),
            "take one of this network with http://, or let `command` do it: [\"/usr/bin/curl\", …]"
                .to_owned(),
        ),
        _ => value.refuse(
            "bad_webhook",
            format!("`{url}` is not an address"),
            "write it whole, such as \"http://192.168.1.5:9000/antrean\"".to_owned(),
        ),
    }
}
