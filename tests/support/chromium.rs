//! A real browser, driven as a person drives it: by keys and by what can be read.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

/// How long a page is waited for; only a broken one takes so long.
const PATIENCE: Duration = Duration::from_secs(60);

/// One browser with a memory of its own.
pub struct Chromium {
    client: Client,
    driver: Child,
    runtime: Runtime,
}

impl Chromium {
    /// Opens a window of this size.
    pub fn open(width: u32, height: u32) -> Self {
        Self::open_with(width, height, false, &[])
    }

    /// The same, by somebody who has compared every certificate.
    pub fn open_trusting(width: u32, height: u32) -> Self {
        Self::open_with(width, height, true, &[])
    }

    /// A browser that plays sound before anybody has touched it: what a TV is set up to do.
    pub fn of_a_tv(width: u32, height: u32) -> Self {
        Self::open_with(width, height, false, &["--autoplay-policy=no-user-gesture-required"])
    }

    /// The same, trusting any certificate or not, with more arguments to the browser.
    pub fn open_with(width: u32, height: u32, trusting: bool, more: &[&str]) -> Self {
        let mut driver = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("Chromium's driver is there: sh packaging/install-needs.sh build");
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines().map_while(Result::ok);
        let port = said.find_map(|line| {
            let port = line.split("started successfully on port ").nth(1)?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let port = port.expect("the driver says where it listens");
        // It goes on talking; nobody else reads it.
        std::thread::spawn(move || said.for_each(drop));
        let size = format!("--window-size={width},{height}");
        let usual = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            &size,
        ];
        let arguments = [&usual, more].concat();
        let options = json!({ "acceptInsecureCerts": trusting, "goog:chromeOptions": { "args": arguments } });
        let Value::Object(options) = options else { unreachable!() };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let client = runtime
            .block_on(
                ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new())
                    .capabilities(options)
                    .connect(&format!("http://127.0.0.1:{port}")),
            )
            .expect("a browser");
        let chromium = Self { client, driver, runtime };
        // A window's size is that of its frame; what counts is the page's.
        let frame = chromium.script("return [outerWidth - innerWidth, outerHeight - innerHeight]");
        let (more, taller) = (frame[0].as_u64().unwrap() as u32, frame[1].as_u64().unwrap() as u32);
        chromium.run(chromium.client.set_window_size(width + more, height + taller)).unwrap();
        chromium
    }

    fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    pub fn go(&self, url: &str) {
        self.run(self.client.goto(url)).unwrap();
    }

    /// What a script of the page answers.
    pub fn script(&self, script: &str) -> Value {
        self.run(self.client.execute(script, vec![])).unwrap()
    }

    /// What stands in the one element that a selector finds; nothing where it is not to be seen.
    pub fn text(&self, selector: &str) -> String {
        self.run(async { self.client.find(Locator::Css(selector)).await?.text().await }).unwrap()
    }

    pub fn click(&self, selector: &str) {
        self.run(async { self.client.find(Locator::Css(selector)).await?.click().await }).unwrap();
    }

    /// Types into a field.
    pub fn fill(&self, selector: &str, text: &str) {
        self.run(async { self.client.find(Locator::Css(selector)).await?.send_keys(text).await }).unwrap();
    }

    pub fn choose(&self, selector: &str, value: &str) {
        self.run(async { self.client.find(Locator::Css(selector)).await?.select_by_value(value).await })
            .unwrap();
    }

    /// One key, down and up, wherever the page has its focus.
    pub fn key(&self, value: char) {
        let stroke = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value })
            .then(KeyAction::Up { value });
        self.run(self.client.perform_actions(stroke)).unwrap();
    }

    /// Waits until an element reads like this.
    pub fn reads(&self, selector: &str, wanted: &str) {
        let mut last = String::new();
        self.wait(|| {
            last = self
                .run(async { self.client.find(Locator::Css(selector)).await?.text().await })
                .unwrap_or_default();
            last == wanted
        });
        assert_eq!(last, wanted, "{selector} on {}", self.script("return document.body.innerText"));
    }

    /// Waits until an expression of the page is true.
    pub fn until(&self, expression: &str) {
        let happened = self.wait(|| self.script(&format!("return Boolean({expression})")) == json!(true));
        assert!(happened, "{expression} on {}", self.script("return document.body.innerText"));
    }

    fn wait(&self, mut happened: impl FnMut() -> bool) -> bool {
        let began = Instant::now();
        while began.elapsed() < PATIENCE {
            if happened() {
                return true;
            }
            std::thread::sleep(Duration::from_millis(30));
        }
        false
    }

    /// What is on the screen, kept where `ANTREAN_LOOKS` names a folder.
    pub fn picture(&self, name: &str) {
        if let Some(folder) = std::env::var_os("ANTREAN_LOOKS") {
            let png = self.run(self.client.screenshot()).unwrap();
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).unwrap();
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.runtime.block_on(self.client.clone().close());
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}
