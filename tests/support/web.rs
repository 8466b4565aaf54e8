//! The pages and the API over real sockets: browsers that keep cookies, and streams that are read.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use antrean::clock::Clock;
use antrean::hall::{Credential, Hall};
use antrean::health::{PrinterNow, Sight};
use antrean::queue::Board;
use antrean::survey::{About, Feedback, QuestionSet, Survey, Topic};
use antrean::tasks::Pulse;
use antrean::web::{self, ApiToken, Role, Settings, Staff};
use argon2::password_hash::PasswordHasher;
use argon2::{Algorithm, Argon2, Params, Version};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::watch;

/// What invited visitors of a test are asked: the nine elements, then two bands.
pub fn survey() -> Survey {
    Survey {
        sets: vec![QuestionSet::bundled("skm").unwrap().into()],
        weight: Default::default(),
        about: vec![About::Age, About::Sex],
        open_for_h: 48,
        unlink_after_h: 24,
    }
}

fn feedback() -> Feedback {
    let topic = |id: &str| Topic { id: id.to_owned(), name: antrean::queue::Text::same(id) };
    Feedback { topics: vec![topic("waktu"), topic("petugas")], per_ticket: 2 }
}

/// How long a test waits for something that must happen; only a broken test waits so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// Everybody's own, chosen some day before.
pub const PIN: &str = "135790";
/// Everybody's first one, as the config has it.
pub const FIRST_PIN: &str = "975310";
pub const ISSUING: &str = "antrean_issuing";
pub const CALLING: &str = "antrean_calling";
pub const SUPERVISING: &str = "antrean_supervising";

/// The listener of a box, on a port of its own.
pub struct Web {
    pub address: SocketAddr,
    close: watch::Sender<bool>,
    serving: Option<tokio::task::JoinHandle<()>>,
    runtime: Runtime,
    printers: watch::Sender<Vec<PrinterNow>>,
    sight: watch::Sender<Sight>,
}

/// A real hash that takes no time: what is tested is not argon2.
pub fn quick_hash(pin: &str) -> String {
    let params = Params::new(Params::MIN_M_COST, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(pin.as_bytes()).unwrap().to_string()
}

/// The hash that the config has of everybody's first PIN.
fn first_hash() -> String {
    static FIRST: LazyLock<String> = LazyLock::new(|| quick_hash(FIRST_PIN));
    FIRST.clone()
}

fn staff(id: &str, agency: Option<&str>) -> Staff {
    Staff {
        id: id.into(),
        name: format!("Petugas {id}"),
        role: if agency.is_some() { Role::Clerk } else { Role::Supervisor },
        at_counter: agency.is_some(),
        may_issue: agency.is_none(),
        may_supervise: agency.is_none(),
        may_watch: agency.is_none(),
        may_set_the_clock: agency.is_none(),
        agency: agency.map(Into::into),
        pin_hash: first_hash(),
    }
}

fn token(name: &str, text: &str) -> ApiToken {
    ApiToken {
        name: name.to_owned(),
        may_issue: text == ISSUING,
        may_call: text == CALLING,
        may_supervise: text == SUPERVISING,
        hash: Sha256::digest(text).into(),
    }
}

/// Everybody chooses [`PIN`], unless they have one of their own.
async fn choose_pins(hall: &Hall, settings: &Settings) {
    static OWN: LazyLock<String> = LazyLock::new(|| quick_hash(PIN));
    for staff in &settings.staff {
        if hall.pins().own(&staff.id, &staff.pin_hash).is_none() {
            let now = settings.clock.now();
            let own = Credential::chosen(staff.id.clone(), OWN.clone(), &staff.pin_hash, now);
            hall.choose_pin(own, None).await.unwrap();
        }
    }
}

impl Web {
    pub fn serve(hall: &Hall, clock: Clock) -> Self {
        Self::serve_with(hall, clock, |_| ())
    }

    pub fn serve_with(hall: &Hall, clock: Clock, change: impl FnOnce(&mut Settings)) -> Self {
        Self::serve_at("127.0.0.1:0".parse().unwrap(), hall, clock, change)
    }

    /// The same at an address that was served before.
    pub fn serve_at(
        address: SocketAddr,
        hall: &Hall,
        clock: Clock,
        change: impl FnOnce(&mut Settings),
    ) -> Self {
        let hall = hall.clone();
        Self::open(address, clock, |runtime, listener, mut settings, closing| {
            change(&mut settings);
            runtime.block_on(choose_pins(&hall, &settings));
            runtime.spawn(web::serve(listener, hall, settings, closing))
        })
    }

    /// A box on its first day: nobody has chosen a PIN.
    pub fn serve_first_day(hall: &Hall, clock: Clock, change: impl FnOnce(&mut Settings)) -> Self {
        let hall = hall.clone();
        Self::open("127.0.0.1:0".parse().unwrap(), clock, |runtime, listener, mut settings, closing| {
            change(&mut settings);
            runtime.spawn(web::serve(listener, hall, settings, closing))
        })
    }

    /// The visitors' door of the same box, which phones know as `antrean.lan`.
    pub fn phones(hall: &Hall, clock: Clock) -> Self {
        Self::phones_at("127.0.0.1:0".parse().unwrap(), hall, clock)
    }

    /// The same at an address that was served before.
    pub fn phones_at(address: SocketAddr, hall: &Hall, clock: Clock) -> Self {
        let hall = hall.clone();
        Self::open(address, clock, |runtime, listener, settings, closing| {
            runtime.spawn(web::serve_visitors(listener, hall, settings.for_visitors("antrean.lan"), closing))
        })
    }

    fn open(
        address: SocketAddr,
        clock: Clock,
        start: impl FnOnce(&Runtime, TcpListener, Settings, watch::Receiver<bool>) -> tokio::task::JoinHandle<()>,
    ) -> Self {
        let runtime = antrean::tasks::runtime();
        let (close, closing) = watch::channel(false);
        let (tell, printers) = watch::channel(Vec::new());
        let sight = watch::channel(Sight::default());
        let settings = Settings {
            host_names: vec!["antrean.local".to_owned()],
            tls: None,
            staff: vec![staff("ani", Some("dukcapil")), staff("budi", Some("imigrasi")), staff("siti", None)],
            tokens: vec![
                token("portal", ISSUING),
                token("keypad", CALLING),
                token("control-room", SUPERVISING),
            ],
            demo_pin: None,
            previews: vec![],
            lobby: web::LobbySettings::default(),
            renewed: watch::channel(None).1,
            printers,
            sight: sight.1,
            pulse: Pulse::new("web"),
            kiosks: vec![web::KioskRow {
                name: antrean::queue::Text::same("Anjungan 1"),
                shown: true,
                printer: Some("printer-1".into()),
            }],
            survey: Some(survey().into()),
            feedback: feedback().into(),
            clock,
            shift: chrono::TimeDelta::hours(12),
            data: std::path::PathBuf::new(),
            targets: Default::default(),
            answer_within: PATIENCE,
            limits: Default::default(),
        };
        let listener = runtime.block_on(TcpListener::bind(address)).unwrap();
        let address = listener.local_addr().unwrap();
        let serving = Some(start(&runtime, listener, settings, closing));
        Self { address, close, serving, runtime, printers: tell, sight: sight.0 }
    }

    /// What is known of the printers from now on.
    pub fn printers(&self, rows: Vec<PrinterNow>) {
        self.printers.send_replace(rows);
    }

    /// What is seen of the machine from now on.
    pub fn sight(&self, sight: Sight) {
        self.sight.send_replace(sight);
    }

    /// A browser or program that nobody knows yet.
    pub fn browser(&self) -> Browser {
        let config = ureq::Agent::config_builder().http_status_as_error(false).timeout_global(Some(PATIENCE));
        Browser { agent: config.build().into(), address: self.address, bearer: None }
    }

    /// A screen that looks on for as long as a day takes.
    pub fn screen(&self) -> Browser {
        let config =
            ureq::Agent::config_builder().http_status_as_error(false).timeout_connect(Some(PATIENCE));
        Browser { agent: config.build().into(), address: self.address, bearer: None }
    }

    /// A program with a bearer token.
    pub fn program(&self, token: &str) -> Browser {
        Browser { bearer: Some(token.to_owned()), ..self.browser() }
    }

    /// Signs in at a counter.
    pub fn console(&self, staff: &str, counter: &str) -> Console {
        let browser = self.browser();
        let answer = browser.sign_in(staff, counter, PIN);
        assert_eq!(answer.status, 200, "{}", answer.body);
        Console { browser, counter: counter.to_owned() }
    }

    /// A screen in the lobby.
    pub fn lobby(&self) -> Lobby {
        let mut stream = self.browser().stream("/api/v1/events", None);
        let board = stream.next().board();
        Lobby { stream, board }
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        self.close.send_replace(true);
        if let Some(serving) = self.serving.take() {
            let _ = self.runtime.block_on(async { tokio::time::timeout(PATIENCE, serving).await });
        }
    }
}

pub struct Browser {
    agent: ureq::Agent,
    address: SocketAddr,
    bearer: Option<String>,
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: ureq::http::HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// The word of a refusal.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn of(mut answer: ureq::http::Response<ureq::Body>) -> Self {
        // A font is no text: what is asked of it is how heavy it is.
        let body = String::from_utf8_lossy(&answer.body_mut().read_to_vec().unwrap()).into_owned();
        Self { status: answer.status().as_u16(), headers: answer.headers().clone(), body }
    }
}

impl Browser {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.get_with(path, &[])
    }

    pub fn get_with(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        let asked = headers
            .iter()
            .fold(self.agent.get(self.url(path)), |asked, (name, value)| asked.header(*name, *value));
        Answer::of(asked.call().unwrap())
    }

    /// A form as a page of the box sends it.
    pub fn send_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let asked = self.agent.post(self.url(path)).header("Origin", self.url(""));
        Answer::of(asked.send_form(fields.iter().copied()).unwrap())
    }

    pub fn post(&self, path: &str, body: &Value) -> Answer {
        self.post_with(path, body, &[])
    }

    pub fn post_with(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Answer {
        let mut asked = self.agent.post(self.url(path));
        if !headers.iter().any(|(name, _)| *name == "Content-Type") {
            asked = asked.header("Content-Type", "application/json");
        }
        asked = match &self.bearer {
            Some(token) => asked.header("Authorization", format!("Bearer {token}")),
            None if headers.iter().any(|(name, _)| *name == "Origin") => asked,
            None => asked.header("Origin", self.url("")),
        };
        asked = headers.iter().fold(asked, |asked, (name, value)| asked.header(*name, *value));
        Answer::of(asked.send(body.to_string()).unwrap())
    }

    pub fn sign_in(&self, staff: &str, counter: &str, pin: &str) -> Answer {
        self.send_form("/console/sign-in", &[("staff", staff), ("counter", counter), ("pin", pin)])
    }

    /// Follows a stream, from after `last` where that is given.
    pub fn stream(&self, path: &str, last: Option<&str>) -> Stream {
        let mut asked = self.agent.get(self.url(path));
        if let Some(last) = last {
            asked = asked.header("Last-Event-ID", last);
        }
        let answer = asked.call().unwrap();
        assert_eq!(answer.status(), 200);
        Stream { lines: BufReader::new(Box::new(answer.into_body().into_reader())) }
    }
}

/// A live stream as a page reads it.
pub struct Stream {
    lines: BufReader<Box<dyn std::io::Read + Send>>,
}

/// One event of a stream.
#[derive(Debug, Default)]
pub struct Told {
    pub name: String,
    pub id: String,
    pub data: String,
}

impl Told {
    pub fn board(&self) -> Board {
        assert_eq!(self.name, "board");
        serde_json::from_str(&self.data).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).unwrap()
    }
}

impl Stream {
    /// The next event that is a line of the journal, or the board; none when the stream has ended.
    pub fn read(&mut self) -> Option<Told> {
        std::iter::from_fn(|| self.hear()).find(|told| told.name != "forecast")
    }

    /// The next forecast.
    pub fn forecast(&mut self) -> Told {
        let told = std::iter::from_fn(|| self.hear()).find(|told| told.name == "forecast");
        told.expect("the stream goes on")
    }

    /// The next event that is not a heartbeat.
    pub fn hear(&mut self) -> Option<Told> {
        let mut told = Told::default();
        loop {
            let mut line = String::new();
            if self.lines.read_line(&mut line).unwrap_or(0) == 0 {
                return None;
            }
            match line.trim_end().split_once(": ").or(line.trim_end().split_once(':')) {
                Some(("event", name)) => told.name = name.to_owned(),
                Some(("id", id)) => told.id = id.to_owned(),
                Some(("data", data)) => told.data = data.to_owned(),
                _ if told.name == "beat" => told = Told::default(),
                _ if !told.data.is_empty() => return Some(told),
                _ => {}
            }
        }
    }

    /// Waits for a heartbeat.
    pub fn beat(&mut self) {
        let told = (&mut self.lines).lines().map_while(Result::ok).any(|line| line == "event: beat");
        assert!(told, "the stream goes on");
    }

    pub fn next(&mut self) -> Told {
        self.read().expect("the stream goes on")
    }
}

/// A clerk's page.
pub struct Console {
    pub browser: Browser,
    pub counter: String,
}

impl Console {
    /// The same browser, with its cookies, at another listener.
    pub fn at(self, web: &Web) -> Self {
        Self { browser: Browser { address: web.address, ..self.browser }, ..self }
    }

    pub fn state(&self) -> Value {
        self.browser.get("/console/state").json()
    }

    /// Presses a key, in sight of what the page shows now.
    pub fn press(&self, act: &str) -> Answer {
        let ticket = &self.state()["ticket"];
        let seen = match ticket {
            Value::Null => json!({ "ticket": null }),
            ticket => json!({ "ticket": ticket["id"], "seq": ticket["seq"] }),
        };
        self.act(act, &seen)
    }

    /// Presses a key in sight of something else.
    pub fn act(&self, act: &str, seen: &Value) -> Answer {
        self.browser.post(&format!("/api/v1/counters/{}/{act}", self.counter), seen)
    }
}

/// A lobby screen that mirrors the board.
pub struct Lobby {
    pub stream: Stream,
    pub board: Board,
}

impl Lobby {
    /// Waits for the next call: the number and the counter's number.
    pub fn call(&mut self) -> (String, u16) {
        loop {
            let told = self.stream.next();
            let change: antrean::queue::PublicEvent = serde_json::from_str(&told.data).unwrap();
            self.board.apply(&change);
            if let Some(call) = change.call {
                return (call.number.to_string(), call.counter_number.unwrap());
            }
        }
    }
}
