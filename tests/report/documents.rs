//! The documents that an office hands in, and what they are made of.

use antrean::hall::No;
use antrean::queue::{Command, CounterId, Ending, Language, Seen};
use antrean::report::{By, Cell, Opinions, report};
use antrean::store::ledger::{Ledgers, Unreadable};
use antrean::store::survey::{Figures, Group, Response};
use antrean::survey::{About, Feedback, Order, Survey, Tally, Weight};

use crate::support::house::House;
use crate::support::web::{PIN, Web, survey};
use crate::ways::supervised;
use crate::{EVENING, MONTH, last_rules, november, wanted};

fn month(more: &str) -> String {
    format!("from={}&to={}{more}", MONTH.0, MONTH.1)
}

#[test]
fn the_trials_report_says_what_the_tables_say() {
    let (_house, _web, browser) = supervised();
    let page = browser.get(&format!("/reports/trial?{}", month("")));
    assert_eq!(page.status, 200, "{}", page.body);
    let all = crate::reported(last_rules(), &wanted(MONTH.0, MONTH.1, By::Agency, None, EVENING));
    for figure in ["tickets", "persons", "visits", "delivered"] {
        let said = all.table("summary").unwrap().cell(figure, "period").unwrap().shown(Language::ID);
        assert!(page.body.contains(&said), "{figure}: {said}");
    }
    for chapter in ["I. Pendahuluan", "III. Kecepatan", "VIII. Tindak lanjut", "contenteditable"] {
        assert!(page.body.contains(chapter), "{chapter}");
    }
    assert!(!page.body.contains("NaN") && !page.body.contains("MODE PERAGAAN"));
    let file = browser.get(&format!("/reports/trial.xlsx?{}", month("")));
    assert_eq!(file.status, 200);
}

#[test]
fn a_document_about_one_agency_says_so_and_one_about_nothing_says_that() {
    let (_house, _web, browser) = supervised();
    let agency = &last_rules().agencies[0];
    for name in ["trial", "skm"] {
        let page = browser.get(&format!("/reports/{name}?{}&agency={}", month(""), agency.id)).body;
        let (cover, _) = page.split_once("</header>").unwrap();
        assert!(cover.contains(&*agency.full_name.id), "{name}: {cover}");
    }
    let empty = browser.get("/reports/trial?from=2026-11-14&to=2026-11-14").body;
    assert!(empty.contains("Tidak ada kunjungan yang tercatat"), "{empty}");
    let unasked = browser.get("/reports/skm?from=2026-11-14&to=2026-11-14").body;
    assert!(unasked.contains("ukuran sampel tidak dapat ditentukan") && !unasked.contains("tercapai"));
}

#[test]
fn the_signature_stands_before_the_annex_and_the_file_keeps_the_order_of_the_page() {
    let (_house, _web, browser) = supervised();
    let page = browser.get(&format!("/reports/skm?{}&order=questionnaire", month(""))).body;
    let place = |words: &str| page.find(words).unwrap_or_else(|| panic!("{words}"));
    assert!(place("Kesimpulan") < place("Pimpinan penyelenggara"));
    assert!(place("Pimpinan penyelenggara") < place(">Lampiran"));
    assert!(
        page.contains("skm.xlsx?from=2026-11-01") && page.contains("&amp;order=questionnaire\" download")
    );
    assert_eq!(browser.get(&format!("/reports/skm?{}&order=mine", month(""))).status, 400);
}

#[test]
fn without_a_survey_there_is_no_report_of_one() {
    let house = House::at(last_rules().clone(), EVENING);
    let data = november().folder.path().to_owned();
    let web = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        settings.data = data;
        settings.survey = None;
    });
    let browser = web.browser();
    assert_eq!(browser.sign_in("siti", "", PIN).status, 200);
    let page = browser.get(&format!("/reports/skm?{}", month("")));
    assert!(page.status == 400 && page.body.contains("[no_survey]"), "{}", page.body);
    assert_eq!(browser.get(&format!("/reports/trial?{}", month(""))).status, 200);
}

/// So many complete responses of an agency, all of one score.
fn answered(survey: &Survey, agency: &str, times: u64, score: u8, figures: &mut Figures) {
    let mut tally = Tally::default();
    for question in &survey.sets[0].questions {
        tally.add(&question.key, score, times);
    }
    let group = Group { asked: "skm".to_owned(), agency: agency.to_owned(), service: "ktp".to_owned() };
    let about = [((About::Age, "20_29".to_owned()), times)].into();
    figures.responses.insert(group, Response { complete: times, partial: 1, tally, about });
    figures.invited.insert(agency.to_owned(), times * 2);
}

fn cell(
    figures: &Figures,
    survey: &Survey,
    agency: Option<&str>,
    table: &str,
    place: (&str, &str),
) -> Option<Cell> {
    let opinions = Opinions {
        figures,
        survey: Some(survey),
        feedback: &Feedback { topics: vec![], per_ticket: 3 },
        rules: last_rules(),
        wanted: &wanted(MONTH.0, MONTH.1, By::Agency, agency, EVENING),
        language: Language::ID,
        order: Order::Regulation,
    };
    let tables = opinions.tables();
    tables.iter().find(|one| one.key == table)?.cell(place.0, place.1).cloned()
}

#[test]
fn what_visitors_said_is_told_of_their_agency_and_of_no_handful() {
    let survey = Survey { weight: Weight::Exact, ..survey() };
    let mut figures = Figures::default();
    answered(&survey, "dukcapil", 6, 4, &mut figures);
    answered(&survey, "imigrasi", 2, 1, &mut figures);
    let shown = |agency, table, row, column| {
        cell(&figures, &survey, agency, table, (row, column)).map(|cell| cell.shown(Language::ID))
    };
    // (6 × 4 + 2 × 1) / 8 × 25 = 81.25
    assert_eq!(shown(None, "satisfaction", "index", "value").unwrap(), "81,25");
    assert_eq!(shown(None, "satisfaction", "waktu", "mean").unwrap(), "3,250");
    assert_eq!(shown(None, "satisfaction", "waktu", "weighted_mean").unwrap(), "0,361");
    assert_eq!(shown(None, "satisfaction_agencies", "dukcapil", "value").unwrap(), "100,00");
    assert_eq!(shown(None, "satisfaction_agencies", "imigrasi", "grade").unwrap(), "D · Tidak baik");
    assert_eq!(shown(None, "satisfaction_agencies", "total", "response_percent").unwrap(), "50,0%");
    assert_eq!(shown(Some("dukcapil"), "satisfaction", "index", "value").unwrap(), "100,00");
    assert_eq!(shown(Some("dukcapil"), "satisfaction_agencies", "imigrasi", "value"), None);
    assert_eq!(shown(None, "respondents_age", "20_29", "respondents").unwrap(), "8");
    assert_eq!(shown(Some("imigrasi"), "respondents_age", "20_29", "respondents"), None, "two are a handful");
    let nobody = Figures::default();
    assert_eq!(cell(&nobody, &survey, None, "satisfaction", ("waktu", "value")), Some(Cell::Empty));
}

#[test]
fn an_outcome_may_have_the_name_of_another_end() {
    let house = House::at(last_rules().clone(), "2026-11-24 09:00");
    house.issue("ktp").unwrap();
    let counter = || -> CounterId {
        let of = house.hall.present();
        of.rules.counters.iter().find(|one| one.agency.as_str() == "dukcapil").unwrap().id.clone()
    };
    house.open_counter(counter().as_str());
    house.call(counter().as_str()).unwrap();
    house.wish(Command::Start { counter: counter(), seen: Seen::Unsaid }).unwrap();
    let ending = Ending { outcome: Some("referred".into()), ..Ending::default() };
    let done = house.wish(Command::Finish { counter: counter(), seen: Seen::Unsaid, ending });
    assert!(!matches!(done, Err(No::Refused(_))), "{done:?}");
    let today = wanted("2026-11-24", "2026-11-24", By::Agency, None, "2026-11-24 12:00");
    let all =
        report(&Ledgers::open(house.folder.path()).unwrap(), last_rules(), &today, Language::ID).unwrap();
    let said =
        |table: &str, row: &str, column: &str| all.table(table).unwrap().cell(row, column).map(Cell::plain);
    assert_eq!(said("unfinished", "outcome:referred", "visits").as_deref(), Some("1"));
    assert_eq!(said("summary", "referred", "period").as_deref(), Some("0"));
}

#[test]
fn a_packed_day_of_which_a_bit_has_turned_is_no_figure() {
    let folder = crate::support::house::copy_of(november().folder.path());
    let conn = rusqlite::Connection::open(folder.path().join("antrean.db")).unwrap();
    let (day, mut body): (String, Vec<u8>) = conn
        .query_row("SELECT day, body FROM day_ledger ORDER BY day LIMIT 1", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .unwrap();
    let middle = body.len() / 2;
    body[middle] ^= 1;
    conn.execute("UPDATE day_ledger SET body = ?1 WHERE day = ?2", rusqlite::params![body, day]).unwrap();
    let month = wanted(MONTH.0, MONTH.1, By::Agency, None, EVENING);
    let told = report(&Ledgers::open(folder.path()).unwrap(), last_rules(), &month, Language::ID);
    assert!(matches!(told, Err(Unreadable::Packed(of)) if of == day));
}

#[test]
fn a_day_that_cannot_be_packed_does_not_keep_the_house_from_the_next() {
    let house = House::at(last_rules().clone(), "2026-11-24 09:00");
    house.issue("ktp").unwrap();
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    conn.execute("UPDATE stop SET entered_at = 'sometime'", []).unwrap();
    house.clock.advance(chrono::TimeDelta::days(1));
    assert!(house.issue("ktp").is_ok(), "numbers are given");
    let days = wanted("2026-11-24", "2026-11-25", By::Agency, None, "2026-11-25 12:00");
    let told = report(&Ledgers::open(house.folder.path()).unwrap(), last_rules(), &days, Language::ID);
    assert!(matches!(told, Err(Unreadable::Packed(_))), "and the report says so");
}

#[test]
fn a_report_is_of_one_moment() {
    let folder = crate::support::house::copy_of(november().folder.path());
    let ledgers = Ledgers::open(folder.path()).unwrap();
    let before = ledgers.extent().unwrap();
    let conn = rusqlite::Connection::open(folder.path().join("antrean.db")).unwrap();
    conn.execute("DELETE FROM day_ledger", []).unwrap();
    let mut days = 0;
    ledgers.each(before.unwrap(), |_| days += 1).unwrap();
    assert!(days > 10, "{days}");
}
