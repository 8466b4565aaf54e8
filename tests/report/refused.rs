//! What nobody can be told is refused with a word, and nothing is said of nothing.

use antrean::web::{Role, Staff};

use crate::support::house::House;
use crate::support::program::{run, stderr, stdout};
use crate::support::web::{Browser, PIN, Web};
use crate::ways::{on_the_terminal, supervised};
use crate::{EVENING, last_rules, november};

const BAD: [(&str, &str); 10] = [
    ("from=2026-11-20&to=2026-11-16", "range_reversed"),
    ("from=2006-11-01&to=2026-10-31", "range_too_long"),
    ("from=0001-01-01&to=0001-01-02", "range_absurd"),
    ("from=2026-11-01&to=9999-12-31", "range_absurd"),
    ("from=abc", "bad_date"),
    ("from=2026-11-31&to=2026-12-01", "bad_date"),
    ("to=2026-11-1%27%3Cb%3E", "bad_date"),
    ("agency=kantor-pos", "unknown_agency"),
    ("by=star_sign", "unknown_cut"),
    ("from=2026-11-01&from=2026-11-02", "bad_request"),
];

#[test]
fn what_cannot_be_asked_is_refused_with_a_word_on_the_page_and_for_files() {
    let (_house, _web, browser) = supervised();
    for (query, code) in BAD {
        let page = browser.get(&format!("/reports?{query}"));
        assert_eq!(page.status, 400, "{query}: {}", page.body);
        assert!(page.body.contains(&format!("[{code}]")), "{query}: {}", page.body);
        assert!(page.body.contains("<form class=\"ask\""), "{query}: what was asked can be put right");
        assert!(!page.body.contains("'<b>"), "{query}: what was typed is text");
        for file in ["figures.csv", "report.xlsx"] {
            let refused = browser.get(&format!("/reports/{file}?{query}"));
            assert_eq!((refused.status, refused.code()), (400, code.to_owned()), "{query}");
        }
    }
}

#[test]
fn a_file_that_is_none_is_not_found() {
    let (_house, _web, browser) = supervised();
    for file in ["stars.csv", "figures.xlsx", "figures", ".csv", "report.xlsx.csv", "..%2Fantrean.db"] {
        let answer = browser.get(&format!("/reports/{file}"));
        assert_eq!((answer.status, answer.code()), (404, "unknown_route".to_owned()), "{file}");
    }
}

/// Somebody who watches one agency only.
fn head_of_imigrasi(settings: &mut antrean::web::Settings) {
    settings.data = november().folder.path().to_owned();
    let siti = settings.staff.iter().find(|staff| staff.id.as_str() == "siti").unwrap().clone();
    let agency = Some("imigrasi".into());
    let head = Staff {
        id: "cut".into(),
        role: Role::Manager,
        agency,
        may_issue: false,
        may_supervise: false,
        may_set_the_clock: false,
        ..siti
    };
    settings.staff.push(head);
}

fn signed_in(web: &Web, staff: &str, counter: &str) -> Browser {
    let browser = web.browser();
    assert_eq!(browser.sign_in(staff, counter, PIN).status, 200);
    browser
}

#[test]
fn whoever_belongs_to_an_agency_sees_that_agencys_figures_and_no_others() {
    let house = House::at(last_rules().clone(), EVENING);
    let web = Web::serve_with(&house.hall, house.time.clone(), head_of_imigrasi);
    let (head, all) = (signed_in(&web, "cut", ""), signed_in(&web, "siti", ""));
    let days = "from=2026-11-02&to=2026-11-20";
    for other in ["dukcapil", "pdam", "kantor-pos"] {
        let page = head.get(&format!("/reports?{days}&agency={other}"));
        assert_eq!(page.status, 400);
        assert!(page.body.contains("[not_yours]"), "{}", page.body);
        let file = head.get(&format!("/reports/figures.csv?{days}&agency={other}"));
        assert_eq!((file.status, file.code()), (400, "not_yours".to_owned()));
    }
    for table in ["figures", "summary", "heat", "presence_counters", "delivered", "forecast"] {
        let own = head.get(&format!("/reports/{table}.csv?{days}"));
        let asked = head.get(&format!("/reports/{table}.csv?{days}&agency=imigrasi"));
        let supervised = all.get(&format!("/reports/{table}.csv?{days}&agency=imigrasi"));
        assert_eq!((own.status, &own.body), (200, &supervised.body), "{table}");
        assert_eq!(asked.body, supervised.body, "{table}");
        assert_ne!(own.body, all.get(&format!("/reports/{table}.csv?{days}")).body, "{table}");
    }
    let page = head.get(&format!("/reports?{days}")).body;
    assert!(page.contains("Imigrasi") && !page.contains("Dukcapil") && !page.contains("pdam"), "{page}");
}

#[test]
fn clerks_and_strangers_get_no_figures() {
    let (_house, web, _) = supervised();
    let stranger = web.browser();
    assert!(stranger.get("/reports").body.contains("name=\"pin\""));
    let file = stranger.get("/reports/figures.csv");
    assert_eq!((file.status, file.code()), (401, "no_credential".to_owned()));
    let clerk = signed_in(&web, "budi", last_rules_counter());
    assert!(!clerk.get("/reports").body.contains("id=\"reports\""));
    let file = clerk.get("/reports/report.xlsx");
    assert_eq!((file.status, file.code()), (403, "not_allowed".to_owned()));
}

/// A counter of Imigrasi.
fn last_rules_counter() -> &'static str {
    let counter = last_rules().counters.iter().find(|counter| counter.agency.as_str() == "imigrasi");
    counter.unwrap().id.as_str()
}

/// Everything that stands in a cell or in large.
fn said(page: &str) -> Vec<&str> {
    let cells = page.split("<td>").skip(1).map(|rest| rest.split_once("</td>").unwrap().0);
    let large = page.split("<p><b>").skip(1).map(|rest| rest.split_once("</b>").unwrap().0);
    cells.chain(large).collect()
}

#[test]
fn of_a_day_without_anybody_there_are_dashes_and_no_zero_that_nobody_measured() {
    let (_house, _web, browser) = supervised();
    for day in ["2026-11-04", "2026-11-12", "2026-11-14", "2026-12-24", "2000-01-01", "2199-12-31"] {
        let page = browser.get(&format!("/reports?from={day}&to={day}"));
        assert_eq!(page.status, 200, "{}", page.body);
        assert!(page.body.contains("Tidak ada kunjungan dalam periode ini."), "{day}");
        let said = said(&page.body);
        assert!(said.contains(&"–") && !page.body.contains("– mnt"), "{said:?}");
        let number = |text: &&str| {
            let figures = text.trim_start_matches('-').trim_end_matches(" mnt").trim_end_matches('%');
            *text != "–" && !figures.chars().all(|c| c.is_ascii_digit() || c == ',' || c == '.')
        };
        assert_eq!(said.iter().filter(|text| number(text)).collect::<Vec<_>>(), Vec::<&&str>::new(), "{day}");
        let file = browser.get(&format!("/reports/figures.csv?from={day}&to={day}")).body;
        let total = file.lines().find(|line| line.starts_with("total,")).unwrap();
        assert!(total.starts_with("total,Semua,0,0,0,0,0,,,,,,,,,"), "{total}");
        assert_eq!(browser.get(&format!("/reports/report.xlsx?from={day}&to={day}")).status, 200);
    }
}

#[test]
fn without_a_database_the_page_says_that_something_broke() {
    let house = House::at(last_rules().clone(), EVENING);
    let empty = tempfile::tempdir().unwrap();
    let data = empty.path().to_owned();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| settings.data = data);
    let browser = signed_in(&web, "siti", "");
    for path in ["/reports", "/reports/figures.csv", "/reports/report.xlsx"] {
        let answer = browser.get(path);
        assert_eq!((answer.status, answer.code()), (500, "internal".to_owned()), "{path}");
    }
    assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none(), "whoever only reads makes no file");
}

#[test]
fn the_terminal_refuses_with_a_word_and_says_what_there_is() {
    let days = ["--from", "2026-11-02", "--to", "2026-11-06"];
    let with = |more: &[&'static str]| on_the_terminal(&[&days[..], more].concat());
    let between = |from: &'static str, to: &'static str| on_the_terminal(&["--from", from, "--to", to]);
    for (said, code, remedy) in [
        (between("2026-11-20", "2026-11-16"), "[range_reversed]", "Exchange them"),
        (between("2006-11-01", "2026-10-31"), "[range_too_long]", "at most 3653"),
        (between("0001-01-01", "0001-01-02"), "[range_absurd]", "from 2000 to 2199"),
        (between("abc", "2026-11-16"), "'abc'", "--from"),
        (with(&["--agency", "kantor-pos"]), "[unknown_agency]", "dukcapil"),
        (with(&["--table", "stars"]), "[unknown_table]", "presence_counters"),
        (with(&["--by", "star_sign"]), "'star_sign'", "weekday"),
        (with(&["--output", "/no/such/folder/x.csv"]), "[output]", "cannot be written"),
    ] {
        assert_eq!(said.status.code(), Some(2), "{code}: {}", stderr(&said));
        assert!(stderr(&said).contains(code) && stderr(&said).contains(remedy), "{code}: {}", stderr(&said));
        assert_eq!(stdout(&said), "", "{code}");
    }
}

#[test]
fn without_a_database_the_terminal_says_so_and_makes_none() {
    let empty = tempfile::tempdir().unwrap();
    let data = empty.path().display().to_string();
    let args = ["report", "--from", "2026-11-02", "--to", "2026-11-06", "--data", &data];
    let said = run(&args);
    assert_eq!(said.status.code(), Some(3), "{}", stderr(&said));
    assert!(
        stderr(&said).contains("[database]") && stderr(&said).contains("antrean.db"),
        "{}",
        stderr(&said)
    );
    assert!(std::fs::read_dir(empty.path()).unwrap().next().is_none());
}

#[test]
fn a_day_without_anybody_is_no_mistake_on_the_terminal() {
    let said = on_the_terminal(&["--from", "2026-11-12", "--to", "2026-11-12"]);
    assert_eq!(said.status.code(), Some(0), "{}", stderr(&said));
    assert!(stdout(&said).contains('–') && !stdout(&said).contains("NaN"), "{}", stdout(&said));
}
