//! The config of a running box is changed: by a hand with an editor, on a real file.
#![allow(clippy::unwrap_used)]

mod support;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use antrean::queue::Text;
use antrean::queue::rules::Parts;
use antrean::web::Renewed;
use serde_json::Value;
use support::chromium::Chromium;
use support::house::House;
use support::program::{Desk, Running, antrean, run, stderr, stdout};
use support::rules::parts;
use support::web::{PIN, Web};
use tokio::sync::watch;

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Saves the file as an editor does, with something replaced.
fn edit(desk: &Desk, from: &str, to: &str) {
    let text = fs::read_to_string(desk.config()).unwrap();
    assert!(text.contains(from), "{from}");
    let new = desk.folder.path().join("antrean.toml.new");
    fs::write(&new, text.replacen(from, to, 1)).unwrap();
    fs::rename(new, desk.config()).unwrap();
}

fn board(running: &Running) -> Value {
    let mut answer = ureq::get(format!("http://{}/api/v1/board", running.address)).call().unwrap();
    serde_json::from_str(&answer.body_mut().read_to_string().unwrap()).unwrap()
}

fn name(running: &Running, agency: &str) -> String {
    let board = board(running);
    let row = board["agencies"].as_array().unwrap().iter().find(|row| row["id"] == agency);
    row.map_or(String::new(), |row| row["name"]["id"].as_str().unwrap_or(&row["name"].to_string()).to_owned())
}

/// `antrean config …` beside a desk's box.
fn config(desk: &Desk, args: &[&str]) -> (String, Option<i32>) {
    let data = desk.data().display().to_string();
    let all: Vec<&str> =
        ["config"].iter().chain(args).chain(&["--data", &data, "--config"]).copied().collect();
    let output = run(&[&all[..], &[&desk.config()]].concat());
    (stdout(&output) + &stderr(&output), output.status.code())
}

#[test]
fn a_saved_change_counts_without_a_restart_and_a_bad_one_changes_nothing() {
    let desk = Desk::new();
    let mut running = desk.serve();
    assert_eq!(desk.issue(&running.address), Some(1));
    edit(&desk, "name = \"Dukcapil\"", "name = \"Disdukcapil\"");
    let said = running.wait_for_line("config_applied");
    assert!(said.contains("the agency Dukcapil is renamed to Disdukcapil"), "{said}");
    assert_eq!(name(&running, "dukcapil"), "Disdukcapil");
    assert_eq!(desk.issue(&running.address), Some(2));
    assert_eq!(desk.rows("SELECT count(*) FROM journal WHERE event = 'rules_changed'"), 2);

    edit(&desk, "accent = \"#2A57C1\"", "accent = \"biru\"");
    running.wait_for_line("config_rejected");
    let said = running.log.join("\n");
    assert!(said.contains("error[bad_colour]: `biru` is not a colour"), "{said}");
    assert_eq!(name(&running, "dukcapil"), "Disdukcapil");
    assert_eq!(desk.issue(&running.address), Some(3));
    let (shown, _) = config(&desk, &["show"]);
    assert!(shown.contains("NOT in force") && shown.contains("Disdukcapil"), "{shown}");

    edit(&desk, "accent = \"biru\"", "accent = \"#2A57C1\"");
    running.wait_for_line("the config file is as the box runs by");
    let (shown, _) = config(&desk, &["show"]);
    assert!(!shown.contains("NOT in force"), "{shown}");
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn what_has_to_wait_is_said_and_for_what() {
    let desk = Desk::new();
    let mut running = desk.serve();
    desk.issue(&running.address);
    let text = fs::read_to_string(desk.config()).unwrap();
    let at = text.find("[[agency]]\nid = \"bea-cukai\"").unwrap();
    assert!(at > 0);
    let changed = text.replacen("prefix = \"A\"", "prefix = \"DK\"", 1).replacen(
        "timezone = \"WIB\"",
        "timezone = \"WIT\"",
        1,
    );
    let other = desk.folder.path().join("other.toml");
    fs::write(&other, &changed).unwrap();
    let (told, code) = config(&desk, &["diff", other.to_str().unwrap()]);
    assert_eq!(code, Some(1), "{told}");
    let day_end = told.find("when the day ends:").unwrap();
    let restart = told.find("after a restart:").unwrap();
    let prefix = told.find("the prefix A of Dukcapil becomes DK").unwrap();
    let zone = told.find("the time zone").unwrap();
    assert!(day_end < prefix && prefix < restart && restart < zone, "{told}");

    fs::rename(&other, desk.config()).unwrap();
    running.wait_for_line("config_applied");
    running.wait_for_line("the time zone waits for a restart");
    running.wait_for_line("the prefix A of Dukcapil becomes DK waits for the end of the day");
    let (shown, _) = config(&desk, &["show", "--json"]);
    let shown: Value = serde_json::from_str(&shown).unwrap();
    let waiting = shown["state"]["waiting"].as_array().unwrap();
    assert!(waiting.iter().any(|line| line["when"] == "restart"), "{waiting:?}");
    assert!(waiting.iter().any(|line| line["when"] == "day_end"), "{waiting:?}");
    assert_eq!(desk.issue(&running.address), Some(2), "the numbers of today go on under their letter");
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn a_file_that_the_config_names_is_followed_too() {
    let desk = Desk::new();
    fs::write(desk.folder.path().join("slip.txt"), antrean::slip::Template::DEFAULT).unwrap();
    edit(&desk, "# template = \"slip.txt\"", "template = \"slip.txt\"");
    let mut running = desk.serve();
    let template = format!("{}\nSelamat datang\n", antrean::slip::Template::DEFAULT.trim_end());
    fs::write(desk.folder.path().join("slip.txt"), template).unwrap();
    let said = running.wait_for_line("config_applied");
    assert!(said.contains("the layout of slips"), "{said}");
    assert_eq!(running.terminate(), Some(0));
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// Starts the box as the system does.
fn service(desk: &Desk) -> Running {
    let data = desk.data().display().to_string();
    let args = ["serve", "--service", "--listen", "127.0.0.1:0", "--data", &data, "--config"];
    Running::start(antrean(&[&args[..], &[&desk.config()]].concat()))
}

#[test]
fn a_service_starts_on_the_last_good_copy_and_goes_back_to_the_file_when_it_is_mended() {
    let desk = Desk::new();
    fs::write(desk.folder.path().join("slip.txt"), antrean::slip::Template::DEFAULT).unwrap();
    edit(&desk, "# template = \"slip.txt\"", "template = \"slip.txt\"");
    edit(&desk, "name = \"Dukcapil\"", "name = \"Disdukcapil\"");
    assert_eq!(service(&desk).terminate(), Some(0));
    let copy = desk.data().join("config-good");
    assert_eq!(mode(&copy), 0o700);
    for entry in fs::read_dir(&copy).unwrap() {
        assert_eq!(mode(&entry.unwrap().path()), 0o600);
    }

    // Both the file and what it names are gone.
    edit(&desk, "[hours]", "[hours");
    fs::remove_file(desk.folder.path().join("slip.txt")).unwrap();
    let by_hand = run(&["serve", "--data", desk.data().to_str().unwrap(), "--config", &desk.config()]);
    assert_eq!(by_hand.status.code(), Some(1));
    assert!(stderr(&by_hand).contains("write [hours]"), "{}", stderr(&by_hand));

    let mut running = service(&desk);
    assert!(running.log.iter().any(|line| line.contains("config_last_good")), "{:?}", running.log);
    assert_eq!(name(&running, "dukcapil"), "Disdukcapil");
    let (shown, _) = config(&desk, &["show"]);
    assert!(shown.contains("LAST GOOD COPY"), "{shown}");

    fs::write(desk.folder.path().join("slip.txt"), antrean::slip::Template::DEFAULT).unwrap();
    edit(&desk, "[hours\n", "[hours]\n");
    running.wait_for_line("the config file is as the box runs by");
    let (shown, _) = config(&desk, &["show"]);
    assert!(!shown.contains("LAST GOOD COPY"), "{shown}");
    assert_eq!(running.terminate(), Some(0));
}

#[test]
fn without_a_copy_a_service_refuses_like_anybody_else() {
    let desk = Desk::new();
    edit(&desk, "[hours]", "[hours");
    let refused =
        run(&["serve", "--service", "--data", desk.data().to_str().unwrap(), "--config", &desk.config()]);
    assert_eq!(refused.status.code(), Some(1));
    let said = stderr(&refused);
    assert!(said.contains("config_no_copy") && said.contains("write [hours]"), "{said}");
}

#[test]
fn while_no_box_runs_a_change_is_compared_with_the_last_good_copy() {
    let desk = Desk::new();
    let (told, code) = config(&desk, &["diff"]);
    assert_eq!(code, Some(2), "{told}");
    assert!(told.contains("[no_copy]"), "{told}");
    assert_eq!(desk.serve().terminate(), Some(0));
    let (told, code) = config(&desk, &["diff"]);
    assert_eq!(code, Some(0), "{told}");
    edit(&desk, "name = \"Dukcapil\"", "name = \"Disdukcapil\"");
    let (told, code) = config(&desk, &["diff", "--json"]);
    assert_eq!(code, Some(1), "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(told[0]["what"]["en"], "the agency Dukcapil is renamed to Disdukcapil");
    assert_eq!(told[0]["when"], "now");
}

#[test]
fn a_box_of_this_data_folder_does_not_stand_in_its_own_way() {
    let desk = Desk::new();
    let running = desk.serve();
    let check = |data: &str| {
        let args = ["check", &desk.config(), "--data", data, "--listen", &running.address].map(str::to_owned);
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        run(&args).status.code()
    };
    assert_eq!(check(desk.data().to_str().unwrap()), Some(0));
    assert_eq!(check("no-box"), Some(1));
    assert_eq!(running.terminate(), Some(0));
}

/// A house whose staff and ticker may be changed.
fn renewable() -> (House, Web, watch::Sender<Option<Arc<Renewed>>>, Renewed) {
    let mut rules: antrean::queue::Rules = Parts { always_open: true, ..parts() }.into();
    rules.hash = "one".to_owned();
    let house = House::with(rules);
    let (renew, renewed) = watch::channel(None);
    let mut first = None;
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        settings.renewed = renewed;
        first = Some(Renewed {
            staff: settings.staff.clone(),
            tokens: settings.tokens.clone(),
            targets: settings.targets,
            lobby: settings.lobby.clone(),
        });
    });
    (house, web, renew, first.unwrap())
}

#[test]
fn whoever_is_taken_from_the_staff_is_signed_out_and_leaves_no_visitor_behind() {
    let (house, web, renew, first) = renewable();
    let console = web.console("ani", "loket-3");
    house.issue("ktp").unwrap();
    console.press("call-next");
    let stays: Vec<_> = first.staff.iter().filter(|staff| staff.id.as_str() != "ani").cloned().collect();
    renew.send_replace(Some(Renewed { staff: stays, ..first }.into()));
    let until = Instant::now() + PATIENCE;
    while house.hall.present().day.active(&"loket-3".into()).is_some() {
        assert!(Instant::now() < until, "the visitor still stands at a counter where nobody is");
        std::thread::yield_now();
    }
    let browser = web.browser();
    assert_ne!(browser.sign_in("ani", "loket-3", PIN).status, 303);
}

#[test]
fn an_open_page_shows_the_new_names_without_anybody_touching_it() {
    let (house, web, renew, first) = renewable();
    let tv = Chromium::open(1280, 800);
    tv.go(&format!("http://{}/lobby", web.address));
    tv.until("document.body.textContent.includes('Mal Pelayanan Publik')");
    tv.until("typeof rules === 'string'");
    let mut wanted = Parts { always_open: true, ..parts() };
    wanted.agencies[0].name = Text::same("Disdukcapil");
    let mut wanted = antrean::queue::Rules::from(wanted);
    wanted.hash = "two".to_owned();
    let lobby =
        antrean::web::LobbySettings { ticker: vec![Text::same("Kantor pindah")], ..first.lobby.clone() };
    renew.send_replace(Some(Renewed { lobby, ..first }.into()));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(house.hall.change_rules(Arc::new(wanted))).unwrap();
    tv.until("document.documentElement.outerHTML.includes('Disdukcapil')");
    tv.until("document.body.textContent.includes('Kantor pindah')");
}
