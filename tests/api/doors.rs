//! Every act of the hall has a door, every key of the console an act, and no route is without one.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use antrean::queue::Command;

use crate::schema::{document, operations};

/// Where an act comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Door {
    /// A route of the API, with POST, below `/api/v1`.
    Route(&'static str),
    /// A form of a page, with POST.
    Page(&'static str),
    /// A page or screen that is not built yet will send it.
    Later(&'static str),
    /// The house tells itself.
    House,
}
use Door::{House, Later, Page, Route};

/// The acts of the hall, in the order in which the house speaks of them.
const ACTS: &[(&str, &[Door])] = &[
    ("issue", &[Route("/tickets")]),
    ("call next", &[Route("/counters/{id}/call-next")]),
    ("call", &[Route("/tickets/{id}/call")]),
    ("recall", &[Route("/counters/{id}/recall")]),
    ("start", &[Route("/counters/{id}/start")]),
    ("finish", &[Route("/counters/{id}/finish")]),
    ("mark no-show", &[Route("/counters/{id}/no-show")]),
    ("return", &[Route("/tickets/{id}/return")]),
    ("hold", &[Route("/counters/{id}/hold")]),
    ("resume", &[Route("/tickets/{id}/resume")]),
    ("transfer", &[Route("/counters/{id}/transfer")]),
    ("cancel", &[Route("/tickets/{id}/cancel"), Route("/tickets/by-token/{token}/cancel")]),
    ("undo", &[Route("/tickets/{id}/undo")]),
    ("reprint", &[Route("/tickets/{id}/reprint")]),
    ("set or clear priority", &[Route("/tickets/{id}/priority")]),
    ("open a counter", &[Route("/counters/{id}/open")]),
    ("pause a counter", &[Route("/counters/{id}/pause")]),
    ("close a counter", &[Route("/counters/{id}/close")]),
    ("assign a counter", &[Route("/counters/{id}/assign")]),
    ("stop numbers", &[Route("/services/{id}/stop")]),
    ("accept numbers", &[Route("/services/{id}/accept")]),
    ("settle a slip", &[Route("/slips/{id}/seen"), Route("/slips/{id}/spoiled")]),
    ("adopt", &[Route("/tickets/adopt")]),
    ("request a closure", &[Route("/counters/{id}/request-closure")]),
    (
        "decide a closure",
        &[
            Route("/counters/{id}/grant-closure"),
            Route("/counters/{id}/refuse-closure"),
            Route("/counters/{id}/withdraw-closure"),
        ],
    ),
    ("post a notice", &[Route("/notices")]),
    ("end a notice", &[Route("/notices/{id}/end")]),
    ("confirm the clock", &[Route("/clock/confirm")]),
    ("answer the survey", &[Page("/t/{token}/survey"), Page("/survey/{words}")]),
    ("file a complaint", &[Page("/t/{token}/complaint"), Page("/complaints")]),
    ("answer a complaint", &[Page("/complaints/{reference}/reply")]),
    ("close a complaint", &[Page("/complaints/{reference}/close")]),
    ("acknowledge an alarm", &[Route("/alarms/{id}/acknowledge")]),
    ("test a printer", &[Later("technician's panel")]),
    ("reset a PIN", &[Route("/staff/{id}/reset-pin")]),
    ("settle what the last run left", &[House]),
    ("know what is out", &[House]),
    ("follow the config", &[House]),
    ("go on from another journal", &[House]),
    ("follow the clock", &[House]),
];

/// The act of a command. A command without one does not compile here: give it an act above, and a door.
fn act(command: &Command) -> &'static str {
    match command {
        Command::Issue(_) => "issue",
        Command::Adopt(_) => "adopt",
        Command::RequestClosure { .. } => "request a closure",
        Command::DecideClosure { .. } => "decide a closure",
        Command::PostNotice { .. } => "post a notice",
        Command::EndNotice { .. } => "end a notice",
        Command::AcknowledgeAlarm { .. } => "acknowledge an alarm",
        Command::CallNext { .. } => "call next",
        Command::Call { .. } => "call",
        Command::Recall { .. } => "recall",
        Command::Start { .. } => "start",
        Command::Finish { .. } => "finish",
        Command::NoShow { .. } => "mark no-show",
        Command::Return { .. } => "return",
        Command::Hold { .. } => "hold",
        Command::Resume { .. } => "resume",
        Command::Transfer { .. } => "transfer",
        Command::Cancel { .. } => "cancel",
        Command::Undo { .. } => "undo",
        Command::Reprint { .. } => "reprint",
        Command::SetClass { .. } => "set or clear priority",
        Command::OpenCounter { .. } => "open a counter",
        Command::PauseCounter { .. } => "pause a counter",
        Command::CloseCounter { .. } => "close a counter",
        Command::AssignCounter { .. } => "assign a counter",
        Command::StopService { .. } => "stop numbers",
        Command::AcceptService { .. } => "accept numbers",
        Command::ReportSlip { .. } => "settle a slip",
        Command::ReportPart { .. } | Command::ReportDark { .. } => "know what is out",
        Command::ChangeRules(_) => "follow the config",
        Command::Settle => "settle what the last run left",
        Command::Recover(_) => "go on from another journal",
        Command::ConfirmClock { .. } => "confirm the clock",
        Command::Tick | Command::FollowClock { .. } => "follow the clock",
    }
}

/// The routes by which a command comes in.
pub fn routes_of(command: &Command) -> Vec<String> {
    let (_, doors) = ACTS.iter().find(|(known, _)| *known == act(command)).unwrap();
    let path = |door: &Door| match door {
        Route(path) => Some(format!("/api/v1{path}")),
        Page(_) | Later(_) | House => None,
    };
    doors.iter().filter_map(path).collect()
}

/// The console's keys, and the acts behind them.
const KEYS: &[(&str, &str, Door)] = &[
    (" ", "call-next", Route("/counters/{id}/call-next")),
    ("r", "recall", Route("/counters/{id}/recall")),
    ("m", "start", Route("/counters/{id}/start")),
    ("s", "finish", Route("/counters/{id}/finish")),
    ("t", "no-show", Route("/counters/{id}/no-show")),
    ("i", "pause", Route("/counters/{id}/pause")),
    ("p", "reprint", Route("/tickets/{id}/reprint")),
    ("d", "hold", Route("/counters/{id}/hold")),
    ("a", "transfer", Route("/counters/{id}/transfer")),
    ("z", "undo", Route("/tickets/{id}/undo")),
    ("n", "numbers", Route("/services/{id}/stop")),
    ("l", "services", Route("/counters/{id}/finish")),
    // 2 to 9, each an outcome of the config's.
    ("{{ at }}", "outcome", Route("/counters/{id}/finish")),
];

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// Every text that stands between `before` and the next quotation mark.
fn quoted<'a>(text: &'a str, before: &str) -> Vec<&'a str> {
    text.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

fn posts() -> BTreeSet<String> {
    let posts = operations(&document()).into_iter().filter(|(method, _)| method == "POST");
    posts.map(|(_, path)| path.strip_prefix("/api/v1").unwrap().to_owned()).collect()
}

#[test]
fn every_act_has_a_door_and_every_door_that_is_built_is_there() {
    let posts = posts();
    let mut led_to = BTreeSet::new();
    for (act, doors) in ACTS {
        assert!(!doors.is_empty(), "`{act}` has no door");
        for door in *doors {
            if let Page(path) = door {
                let table = file("src/web/router.rs");
                let line = table.lines().find(|line| line.contains(&format!(".route(\"{path}\"")));
                assert!(
                    line.is_some_and(|line| line.contains("post(")),
                    "`{act}` should come in by POST {path}"
                );
            }
            if let Route(path) = door {
                assert!(posts.contains(*path), "`{act}` should come in by POST {path}, which is not there");
                led_to.insert((*path).to_owned());
            }
        }
    }
    assert_eq!(led_to, posts, "a route without an act: give it one in ACTS");
}

#[test]
fn every_command_is_an_act_of_the_house() {
    let known: BTreeSet<&str> = ACTS.iter().map(|(act, _)| *act).collect();
    assert_eq!(known.len(), ACTS.len(), "an act stands there twice");
    // A sample is enough: `act` is complete, or it does not compile.
    assert!([Command::Tick, Command::Settle].iter().all(|command| known.contains(act(command))));
    let source = file("tests/api/doors.rs");
    let arms =
        source.lines().filter(|line| line.trim_start().starts_with("Command::") && line.contains("=>"));
    for arm in arms {
        let act = quoted(arm, "=> \"");
        assert!(known.contains(act[0]), "ACTS does not know `{}`", act[0]);
    }
}

#[test]
fn every_key_of_the_console_has_an_act_and_a_route() {
    let (page, script) = (file("templates/console.html"), file("assets/web/console.js"));
    let mut on_page: BTreeSet<(&str, &str)> = page
        .split("<button ")
        .filter(|button| button.contains("data-key=\""))
        .map(|button| {
            let act = quoted(button, "data-act=\"").first().copied();
            let act = act.or(button.contains("data-outcome").then_some("outcome"));
            (quoted(button, "data-key=\"")[0], act.expect("a key does something"))
        })
        .collect();
    let by_script = quoted(&script, "event.key.toLowerCase() === \"");
    on_page.extend(
        by_script
            .iter()
            .map(|key| (*key, KEYS.iter().find(|(known, ..)| known == key).map_or("?", |it| it.1))),
    );
    let planned: BTreeSet<(&str, &str)> = KEYS.iter().map(|(key, act, _)| (*key, *act)).collect();
    assert_eq!(on_page, planned, "the console's keys, and what they do");
    let posts = posts();
    for (key, _, door) in KEYS {
        if let Route(path) = door {
            assert!(posts.contains(*path), "the key {key:?} needs POST {path}");
            assert!(ACTS.iter().any(|(_, doors)| doors.contains(door)), "the key {key:?} needs an act");
        }
    }
}

#[test]
fn every_address_in_a_page_s_script_is_a_route() {
    let document = document();
    let paths: Vec<String> = operations(&document).into_iter().map(|(_, path)| path).collect();
    for name in ["console.js", "counter.js", "desk.js", "lobby.js", "phone.js", "preview.js", "supervisor.js"]
    {
        let script = file(&format!("assets/web/{name}"));
        for end in quoted(&script, "\"/api/v1") {
            let begins = format!("/api/v1{}", end.split('?').next().unwrap());
            assert!(paths.iter().any(|path| path.starts_with(&begins)), "{name} asks {begins}");
        }
    }
    let script = file("assets/web/console.js");
    for act in quoted(&file("templates/console.html"), "data-slip=\"") {
        let known = paths.iter().any(|path| path.ends_with(&format!("/{act}")));
        assert!(known && script.contains("data-slip"), "the button {act}");
    }
}

#[test]
fn every_address_in_the_guide_is_a_route() {
    let document = document();
    let paths: BTreeSet<String> = operations(&document).into_iter().map(|(_, path)| path).collect();
    let guide = file("docs/api.md");
    let asked: Vec<String> = guide
        .split("$BOX")
        .skip(1)
        .map(|rest| rest.split_whitespace().next().unwrap())
        .filter(|path| path.starts_with("/api/v1"))
        .map(|path| path.replace("$TOKEN", "{token}").replace("loket-3", "{id}"))
        .collect();
    assert!(asked.len() > 8, "the guide's addresses were not found");
    for path in asked {
        assert!(paths.contains(&path), "docs/api.md asks {path}");
    }
}
