//! The survey as visitors meet it: who is asked, one question a page, once; half answers, two browsers, another
//! day; what is left when the link to the ticket is gone. And suggestions and complaints.
#![allow(clippy::unwrap_used)]

mod support;

use antrean::hall::{No, SurveyTicket};
use antrean::queue::rules::Parts;
use antrean::queue::{Command, Rules, Seen};
use antrean::store::survey::Reader;
use antrean::survey::Refusal;
use chrono::{NaiveDate, TimeDelta};
use support::house::House;
use support::rules::parts;
use support::web::{Answer, Browser, PIN, Web, survey};

const KEYS: [&str; 9] =
    ["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan"];
const INDONESIAN: &[(&str, &str)] = &[("Accept-Language", "id-ID")];

/// A house in which every third ticket is invited.
fn house() -> House {
    House::with(Rules::from(Parts { invite_every: Some(3), always_open: true, ..parts() }))
}

fn open() -> (House, Web) {
    let house = house();
    let web = Web::phones(&house.hall, house.time.clone());
    (house, web)
}

/// A ticket and its holder's browser.
struct Held {
    token: String,
    reference: String,
    phone: Browser,
}

impl Held {
    fn take(house: &House, web: &Web) -> Self {
        let ticket = house.issue("ktp").unwrap().ticket.unwrap();
        let token = house.hall.token(ticket.nonce).to_string();
        Self { token, reference: ticket.reference.to_string(), phone: web.browser() }
    }

    fn path(&self, rest: &str) -> String {
        format!("/t/{}{rest}", self.token)
    }

    fn page(&self, rest: &str) -> Answer {
        self.phone.get_with(&self.path(rest), INDONESIAN)
    }

    fn says(&self, fields: &[(&str, &str)]) -> Answer {
        let mut all = vec![("set", "skm")];
        all.extend_from_slice(fields);
        self.phone.send_form(&self.path("/survey"), &all)
    }

    fn scores(&self, question: &str, score: &str) -> Answer {
        self.says(&[("question", question), ("score", score)])
    }

    fn answers_all(&self, score: &str) {
        for key in KEYS {
            self.scores(key, score);
        }
    }
}

/// Calls and serves whoever is next, to the end.
fn serve(house: &House) {
    let counter = || antrean::queue::CounterId::from("loket-3");
    for command in [
        Command::CallNext { counter: counter(), seen: Seen::Unsaid },
        Command::Start { counter: counter(), seen: Seen::Unsaid },
        Command::Finish { counter: counter(), seen: Seen::Unsaid, ending: Default::default() },
    ] {
        house.hall.execute_blocking(command).unwrap();
    }
}

fn serve_three(house: &House, web: &Web) -> [Held; 3] {
    let held = [(); 3].map(|()| Held::take(house, web));
    house.open_counter("loket-3");
    (0..3).for_each(|_| serve(house));
    held
}

fn figures(house: &House) -> antrean::store::survey::Figures {
    let all = [NaiveDate::from_ymd_opt(2000, 1, 1).unwrap(), NaiveDate::from_ymd_opt(2100, 1, 1).unwrap()];
    Reader::new(house.folder.path()).figures(all[0], all[1]).unwrap()
}

fn known(house: &House, held: &Held) -> SurveyTicket {
    let hall = house.hall.clone();
    block(async move { hall.survey_ticket(&held.token).await }).unwrap().unwrap()
}

fn sql(house: &House, ask: &str) -> u64 {
    rusqlite::Connection::open(house.database()).unwrap().query_row(ask, [], |row| row.get(0)).unwrap()
}

fn block<T>(of: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(of)
}

#[test]
fn every_third_ticket_is_invited_and_the_count_goes_on_overnight() {
    let house = house();
    let invited = |house: &House| {
        let id = house.issue("ktp").unwrap().ticket.unwrap().id;
        house.hall.present().day.ticket(id).unwrap().invited
    };
    assert_eq!([(); 4].map(|()| invited(&house)), [false, false, true, false]);
    house.clock.advance(TimeDelta::days(1));
    assert_eq!([(); 3].map(|()| invited(&house)), [false, true, false]);
}

#[test]
fn only_an_invited_ticket_is_asked_and_only_once_it_is_served() {
    let (house, web) = open();
    let held = [(); 3].map(|()| Held::take(&house, &web));
    assert_eq!(held[2].scores("waktu", "4").status, 409);
    assert!(held[2].page("/survey").body.contains("setelah layanan Anda selesai"));
    house.open_counter("loket-3");
    (0..3).for_each(|_| serve(&house));
    assert!(held[2].page("").body.contains("/survey"), "the ticket's page asks");
    assert!(!held[0].page("").body.contains("/survey"));
    let uninvited = held[0].page("/survey");
    assert_eq!(uninvited.status, 409);
    assert!(uninvited.body.contains("not_invited"), "{}", uninvited.body);
    let first = held[2].page("/survey");
    assert!(first.body.contains("Pertanyaan 1 dari 9") && first.body.contains("kesesuaian persyaratan"));
    assert!(figures(&house).responses.is_empty(), "looking is no answer");
    assert_eq!(figures(&house).invited.values().sum::<u64>(), 1);
}

#[test]
fn nine_answers_make_one_complete_response_which_nobody_can_give_again() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    held.answers_all("3");
    held.scores("biaya", "4");
    held.says(&[("about", "age"), ("band", "60_up")]);
    let before = figures(&house);
    let (group, response) = before.responses.first_key_value().unwrap();
    assert_eq!((group.asked.as_str(), group.service.as_str()), ("skm", "ktp"));
    assert_eq!((response.complete, response.partial), (1, 0));
    assert_eq!(response.tally.of("biaya").0, [0, 0, 0, 1], "the last word counts");
    assert_eq!(response.tally.of("waktu").0, [0, 0, 1, 0]);
    assert_eq!(response.about.values().sum::<u64>(), 1);
    let last = held.says(&[("about", "sex"), ("band", "p")]);
    assert!(last.body.contains("Terima kasih") || last.body.contains("Thank you"), "{}", last.body);
    let again = held.scores("waktu", "1");
    assert_eq!(again.status, 409);
    assert!(again.body.contains("already_answered"));
    let other = Held { phone: web.browser(), token: held.token.clone(), reference: held.reference.clone() };
    assert_eq!(other.scores("waktu", "1").status, 409, "another browser is the same ticket");
    assert_eq!(figures(&house).responses.values().next().unwrap().tally.of("waktu").0, [0, 0, 1, 0]);
}

#[test]
fn half_a_response_is_gone_on_with_and_told_beside_the_whole_ones() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    held.scores("persyaratan", "2");
    held.scores("prosedur", "2");
    assert!(held.page("/survey").body.contains("Pertanyaan 3 dari 9"));
    let figures_now = figures(&house);
    let response = figures_now.responses.values().next().unwrap();
    assert_eq!((response.complete, response.partial), (0, 1));
    assert_eq!(response.tally.of("persyaratan").count(), 0, "means are of complete responses");
    let house = house.restart("2026-11-23 10:00");
    let web = Web::phones(&house.hall, house.time.clone());
    let later = Held { phone: web.browser(), ..held };
    assert!(later.page("/survey").body.contains("Pertanyaan 3 dari 9"), "a restart forgets nothing");
    later.answers_all("4");
    assert_eq!(figures(&house).responses.values().next().unwrap().complete, 1);
}

#[test]
fn absurd_answers_are_refused_and_write_nothing() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    for score in ["0", "5", "NaN", "-1", "3.5", "99999999999", ""] {
        let answer = held.scores("waktu", score);
        assert_eq!(answer.status, 400, "{score}: {}", answer.body);
    }
    assert_eq!(held.scores("tidak_ada", "3").status, 400);
    assert_eq!(held.says(&[("about", "age"), ("band", "7")]).status, 400);
    assert_eq!(held.says(&[("about", "occupation"), ("band", "pns")]).status, 400, "it is not asked here");
    assert_eq!(held.says(&[("finish", "1")]).status, 409, "nothing is answered");
    assert_eq!(held.says(&[]).status, 400);
    let unknown_set =
        held.phone.send_form(&held.path("/survey"), &[("set", "x"), ("question", "a"), ("score", "1")]);
    assert_eq!(unknown_set.status, 404);
    assert_eq!(web.browser().get(&format!("/t/{}/survey", "0".repeat(32))).status, 404);
    assert!(figures(&house).responses.is_empty());
}

#[test]
fn yesterdays_ticket_may_answer_until_its_time_is_over() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    house.clock.advance(TimeDelta::hours(24));
    house.issue("ktp").unwrap();
    let page = held.page("");
    assert!(page.body.contains("Pertanyaan 1 dari 9"), "its code leads to the survey: {}", page.body);
    assert_eq!(held.scores("persyaratan", "4").status, 200);
    house.clock.advance(TimeDelta::hours(25));
    let late = held.scores("prosedur", "4");
    assert!(late.status == 409 && late.body.contains("survey_closed"), "{}", late.body);
    assert_eq!(held.page("").status, 404);
}

#[test]
fn after_a_while_nobody_knows_whose_answer_it_is_and_it_cannot_be_given_again() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    held.answers_all("4");
    let unlink = |house: &House| block(house.hall.unlink_answers(survey().unlink_after_h)).unwrap();
    let ask = "SELECT count(*) FROM survey_answer WHERE ticket IS NOT NULL OR started_at IS NOT NULL
               OR length(COALESCE(finished_at, '')) > 10";
    let linked = |house: &House| -> u64 { sql(house, ask) };
    unlink(&house);
    assert_eq!(linked(&house), 1, "too early");
    house.clock.advance(TimeDelta::hours(25));
    unlink(&house);
    assert_eq!(linked(&house), 0);
    let again = held.scores("waktu", "1");
    assert!(again.status == 409 && again.body.contains("already_answered"), "{}", again.body);
    assert_eq!(figures(&house).responses.values().next().unwrap().complete, 1, "the answer itself stays");
    house.clock.advance(TimeDelta::days(12));
    unlink(&house);
    assert_eq!(sql(&house, "SELECT count(*) FROM survey_used"), 0, "nor that it answered at all");
    let ticket = known(&house, &held);
    assert_eq!(house.hall.may_answer(&survey(), &ticket), Err(Refusal::Closed));
}

#[test]
fn a_suggestion_is_received_replied_to_and_closed_in_this_order() {
    let (house, web) = open();
    let [held, ..] = serve_three(&house, &web);
    assert!(held.page("").body.contains("Saran dan pengaduan"));
    let file = |words: &str, topic: &str| {
        held.phone.send_form(
            &held.path("/complaint"),
            &[("kind", "complaint"), ("agency", "dukcapil"), ("topic", topic), ("words", words)],
        )
    };
    assert_eq!(file("  ", "waktu").status, 400);
    assert_eq!(file(&"x".repeat(501), "waktu").status, 400);
    assert_eq!(file("Lama sekali", "parkir").status, 400);
    assert_eq!(file("Lama\u{7} <b>sekali</b>", "waktu").status, 200);
    assert!(held.page("/complaint").body.contains("Lama &#60;b&#62;sekali"), "markup stays words");
    assert_eq!(file("Kedua", "waktu").status, 200);
    let third = file("Ketiga", "waktu");
    assert!(third.status == 409 && third.body.contains("too_many_complaints"));

    let hall = house.hall.clone();
    let rows = block(hall.complaints(None, None)).unwrap();
    assert_eq!(rows.len(), 2);
    let reference = rows[1].reference.clone();
    let close = || block(hall.close_complaint(&reference, "siti".into()));
    let reply = |words: &str| block(hall.reply_to_complaint(&reference, words, "siti".into()));
    assert_eq!(close(), Err(No::Survey(Refusal::NotReplied)));
    assert_eq!(reply(" "), Err(No::Survey(Refusal::BadWords)));
    assert_eq!(reply("Kami tambah loket."), Ok(()));
    assert_eq!(reply("Lagi"), Err(No::Survey(Refusal::AlreadyReplied)));
    assert_eq!(close(), Ok(()));
    assert_eq!(close(), Err(No::Survey(Refusal::AlreadyClosed)));
    assert!(held.page("/complaint").body.contains("Kami tambah loket."), "its writer reads the reply");
    let counted = figures(&house).complaints;
    assert_eq!(counted.iter().map(|it| it.count).sum::<u64>(), 2);
    assert_eq!(counted.iter().filter(|it| it.state == "closed").count(), 1);
}

#[test]
fn an_agency_answers_its_own_complaints_and_sees_no_others() {
    let house = house();
    let phones = Web::phones(&house.hall, house.time.clone());
    let staff = Web::serve(&house.hall, house.time.clone());
    let [held, ..] = serve_three(&house, &phones);
    for agency in ["dukcapil", ""] {
        let fields =
            [("kind", "complaint"), ("agency", agency), ("topic", "waktu"), ("words", "Tolong dicek")];
        held.phone.send_form(&held.path("/complaint"), &fields);
    }
    let rows = block(house.hall.complaints(None, None)).unwrap();
    let of_house = rows.iter().find(|row| row.agency.is_none()).unwrap().reference.clone();
    let own = rows.iter().find(|row| row.agency.is_some()).unwrap().reference.clone();
    let ani = staff.browser();
    assert_eq!(ani.sign_in("ani", "loket-3", PIN).status, 200);
    let page = ani.get("/complaints").body;
    assert!(page.contains(&own) && !page.contains(&of_house));
    let reply = |reference: &str| {
        ani.send_form(&format!("/complaints/{reference}/reply"), &[("words", "Terima kasih, kami periksa.")])
    };
    assert_eq!(reply(&of_house).status, 404);
    assert_eq!(reply(&own).status, 200);
    assert!(staff.browser().get("/complaints").body.contains("PIN"), "a stranger signs in first");
}

#[test]
fn the_desks_tablet_asks_by_the_reference_and_says_nothing_but_the_service() {
    let house = house();
    let staff = Web::serve(&house.hall, house.time.clone());
    let [.., held] = serve_three(&house, &staff);
    let tablet = staff.browser();
    assert!(tablet.get("/survey").body.contains("PIN"), "somebody signs it in");
    assert_eq!(tablet.sign_in("siti", "", PIN).status, 200);
    assert!(tablet.get_with("/survey", INDONESIAN).body.contains("Ketik referensi"));
    let first = tablet.get_with(&format!("/survey?ticket={}", held.reference.to_lowercase()), INDONESIAN);
    assert!(first.body.contains("Pertanyaan 1 dari 9"), "{}", first.body);
    assert!(!first.body.contains(&held.token));
    let path = format!("/survey/{}", held.reference);
    for key in KEYS {
        tablet.send_form(&path, &[("set", "skm"), ("question", key), ("score", "4")]);
    }
    assert_eq!(figures(&house).responses.values().next().unwrap().complete, 1);
    assert_eq!(sql(&house, "SELECT count(*) FROM survey_answer WHERE channel = 'desk'"), 1);
    for lost in ["/survey/ZZZZZZ", "/survey/A003", "/survey?ticket=A003"] {
        let page = tablet.get(lost);
        let followed = if page.status == 404 { page } else { tablet.get("/survey/A003") };
        assert_eq!(followed.status, 404, "{lost}: everybody reads numbers on the lobby's screens");
        assert!(followed.body.contains("href=\"/survey"), "the way back for whoever comes next");
    }
}

#[test]
fn a_day_that_is_forgotten_takes_its_answers_with_it() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    held.answers_all("4");
    for _ in 0..3 {
        house.clock.advance(TimeDelta::days(1));
        house.issue("ktp").unwrap();
    }
    let today = house.hall.present().day.date().unwrap();
    block(house.hall.forget_day_before(today)).unwrap();
    assert_eq!(
        sql(&house, "SELECT count(*) FROM survey_answer") + sql(&house, "SELECT count(*) FROM survey_score"),
        0
    );
}

#[test]
fn the_figures_are_what_counting_by_hand_gives() {
    let house = House::with(Rules::from(Parts { invite_every: Some(1), always_open: true, ..parts() }));
    let web = Web::phones(&house.hall, house.time.clone());
    house.open_counter("loket-3");
    let (mut complete, mut partial, mut scores) = (0, 0, std::collections::BTreeMap::new());
    for visitor in 0..12_usize {
        let held = Held::take(&house, &web);
        serve(&house);
        let answered = if visitor % 3 == 0 { visitor % 9 } else { 9 };
        for (at, key) in KEYS.iter().take(answered).enumerate() {
            let score = 1 + (visitor * 7 + at * 5) % 4;
            held.scores(key, &score.to_string());
            if answered == 9 {
                *scores.entry((*key, score)).or_insert(0_u64) += 1;
            }
        }
        complete += u64::from(answered == 9);
        partial += u64::from((1..9).contains(&answered));
    }
    assert!(complete > 4 && partial > 1, "the play is too small");
    let figures = figures(&house);
    let sum =
        |of: fn(&antrean::store::survey::Response) -> u64| figures.responses.values().map(of).sum::<u64>();
    assert_eq!((sum(|it| it.complete), sum(|it| it.partial)), (complete, partial));
    for key in KEYS {
        for score in 1..=4 {
            let counted: u64 = figures.responses.values().map(|it| it.tally.of(key).0[score - 1]).sum();
            assert_eq!(counted, scores.get(&(key, score)).copied().unwrap_or_default(), "{key} {score}");
        }
    }
    assert_eq!(figures.invited.values().sum::<u64>(), 12);
    let none = Reader::new(house.folder.path()).figures(
        NaiveDate::from_ymd_opt(2026, 11, 24).unwrap(),
        NaiveDate::from_ymd_opt(2026, 12, 1).unwrap(),
    );
    assert_eq!(none.unwrap(), Default::default());
}

#[test]
fn a_rebuild_leaves_the_answers_and_finds_every_invitation_in_the_journal() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    held.answers_all("4");
    let before = figures(&house);
    drop(web);
    let folder = house.close();
    let data = antrean::store::DataFolder::open(folder.path()).unwrap();
    let (found, after) = antrean::store::rebuild(&data).unwrap();
    assert!(found.is_sound() && after.is_sound(), "{:?}", after.differences);
    drop(data);
    let all = [NaiveDate::from_ymd_opt(2000, 1, 1).unwrap(), NaiveDate::from_ymd_opt(2100, 1, 1).unwrap()];
    assert_eq!(Reader::new(folder.path()).figures(all[0], all[1]).unwrap(), before);
}

#[test]
fn the_tablet_goes_on_with_a_phones_answers_but_shows_none_of_them() {
    let house = house();
    let phones = Web::phones(&house.hall, house.time.clone());
    let staff = Web::serve(&house.hall, house.time.clone());
    let [.., held] = serve_three(&house, &phones);
    held.scores("persyaratan", "1");
    assert!(held.page("/survey?set=skm&q=0").body.contains("aria-pressed"), "one's own phone shows it");
    let tablet = staff.browser();
    assert_eq!(tablet.sign_in("siti", "", PIN).status, 200);
    let again = tablet.get_with(&format!("/survey/{}?set=skm&q=0", held.reference), INDONESIAN);
    assert!(again.body.contains("Pertanyaan 1 dari 9"), "{}", again.body);
    assert!(!again.body.contains("aria-pressed"), "{}", again.body);
}

#[test]
fn bands_alone_are_no_response() {
    let (house, web) = open();
    let [.., held] = serve_three(&house, &web);
    held.says(&[("about", "age"), ("band", "20_29")]);
    let sent = held.says(&[("send", "1")]);
    assert!(sent.status >= 400, "{}", sent.body);
    assert_eq!(sql(&house, "SELECT count(*) FROM survey_answer WHERE finished_at IS NOT NULL"), 0);
}

#[test]
fn a_second_tap_files_a_complaint_once_and_its_reply_is_read_on_the_next_day() {
    let (house, web) = open();
    let [held, ..] = serve_three(&house, &web);
    let file = |agency: &str| {
        let fields = [("kind", "complaint"), ("agency", agency), ("topic", "waktu"), ("words", "Lama")];
        held.phone.send_form(&held.path("/complaint"), &fields)
    };
    (0..4).for_each(|_| assert_eq!(file("dukcapil").status, 200));
    let rows = block(house.hall.complaints(None, None)).unwrap();
    assert_eq!(rows.len(), 1, "and it leaves room for others");
    assert_eq!(file("kantor-pos").status, 400, "nobody's complaint becomes the house's");
    block(house.hall.reply_to_complaint(&rows[0].reference, "Kami tambah loket.", "siti".into())).unwrap();
    house.clock.advance(TimeDelta::days(1));
    house.wish(Command::Tick).unwrap();
    let tomorrow = held.page("");
    assert!(tomorrow.body.contains("Kami tambah loket."), "{}", tomorrow.body);
}

#[test]
fn answers_that_were_noted_while_the_clock_ran_ahead_lose_their_ticket_too() {
    let (house, web) = open();
    let [held, ..] = serve_three(&house, &web);
    let [.., invited] = serve_three(&house, &web);
    invited.answers_all("3");
    drop(held);
    let ahead = "UPDATE survey_answer SET started_at = '2026-12-24T09:00:00.000+07:00', finished_at = NULL";
    let conn = rusqlite::Connection::open(house.database()).unwrap();
    assert_eq!(conn.execute(ahead, []).unwrap(), 1);
    block(house.hall.unlink_answers(survey().unlink_after_h)).unwrap();
    assert_eq!(sql(&house, "SELECT count(*) FROM survey_answer WHERE ticket IS NOT NULL"), 0);
}

#[test]
fn who_belongs_to_no_agency_reads_complaints_only_where_they_answer_for_the_house() {
    let house = house();
    let staff = Web::serve_with(&house.hall, house.time.clone(), |settings| {
        let siti = settings.staff.iter_mut().find(|staff| staff.id.as_str() == "siti").unwrap();
        siti.role = antrean::web::Role::Technician;
    });
    let siti = staff.browser();
    assert_eq!(siti.sign_in("siti", "", PIN).status, 200);
    assert!(!siti.get("/complaints").body.contains("Saran dan pengaduan</h1>"));
}
