//! Visitors and clerks who never rest, until nobody answers any more.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::json;

use crate::audit::Told;
use crate::support::program::Desk;

/// No key is used twice.
static KEYS: AtomicU64 = AtomicU64::new(1);

/// Who asks: visitors with paper and without, and clerks at counters of the same agency.
const VISITORS: [bool; 3] = [true, false, false];
const COUNTERS: [&str; 2] = ["loket-3", "loket-4"];

/// Asks until the box is gone, while `meanwhile` runs, and says what was told.
pub fn under_load(desk: &Desk, address: &str, paper: bool, meanwhile: impl FnOnce()) -> Told {
    let told = Mutex::new(Told::default());
    std::thread::scope(|scope| {
        for on_paper in VISITORS {
            let told = &told;
            scope.spawn(move || visitor(desk, address, on_paper && paper, told));
        }
        for counter in COUNTERS {
            let told = &told;
            scope.spawn(move || clerk(desk, address, counter, told));
        }
        meanwhile();
    });
    told.into_inner().unwrap()
}

fn visitor(desk: &Desk, address: &str, on_paper: bool, told: &Mutex<Told>) {
    let wish = if on_paper {
        json!({ "service": "ktp", "printer": "printer-1" })
    } else {
        json!({ "service": "kk" })
    };
    while let Some((status, answer)) = ask(desk, address, "tickets", &wish) {
        if status == 201 {
            told.lock().unwrap().ticket(&answer);
        }
    }
}

fn clerk(desk: &Desk, address: &str, counter: &str, told: &Mutex<Told>) {
    for act in std::iter::once("open").chain(["call-next", "start", "finish"].into_iter().cycle()) {
        let Some((status, answer)) = ask(desk, address, &format!("counters/{counter}/{act}"), &json!({}))
        else {
            break;
        };
        if act == "call-next" && status == 200 && answer["ticket"].is_object() {
            told.lock().unwrap().call(counter, &answer["ticket"]);
        }
    }
}

fn ask(
    desk: &Desk,
    address: &str,
    route: &str,
    wish: &serde_json::Value,
) -> Option<(u16, serde_json::Value)> {
    let key = format!("load-{}", KEYS.fetch_add(1, Ordering::Relaxed));
    desk.ask(address, &format!("/api/v1/{route}"), wish, Some(&key))
}
