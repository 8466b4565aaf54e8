//! What the config accepts, and how it says what it does not.

#![allow(clippy::unwrap_used)]

mod support;

use std::path::Path;

use antrean::config::{
    self, Config, DataBits, Flow, ICONS, LoadError, Options, Parity, Port, ProofSetting, Role, Scope,
    SoundDevice, StopBits, VoiceSetting, WindowSetting, WithoutPaper,
};
use antrean::queue::{Day, Lineage, Seq, Span, Text, calendar};
use antrean::slip::Width;
use chrono::{NaiveTime, Weekday};
use insta::assert_snapshot;
use proptest::prelude::*;
use support::chance::cases;

/// A small site in which nothing is wrong. The cases below change one thing.
const GOOD: &str = r##"
[site]
place = "Mal"
city = { id = "Kota", en = "City" }
timezone = "WIB"

[day]
change_at = "00:00"

[hours]
mon = ["08:00-12:00", "13:00-16:00"]

[[zone]]
id = "a"
letter = "A"
name = "Zona A"

[[agency]]
id = "dukcapil"
prefix = "A"
name = "Dukcapil"
icon = "id-card"
accent = "#2A57C1"
zone = "a"

[[agency.service]]
id = "ktp"
name = "KTP"

[[agency.service]]
id = "kk"
name = "KK"

[[agency]]
id = "imigrasi"
prefix = "B"
name = "Imigrasi"
icon = "passport"
accent = "#2D297C"

[[agency.service]]
id = "paspor"
name = "Paspor"

[[counter]]
id = "loket-1"
number = 1
agency = "dukcapil"
services = ["ktp", "kk"]

[[counter]]
id = "loket-2"
number = 2
agency = "imigrasi"

[[printer]]
id = "printer-1"
name = "Printer"
port = "/dev/ttyS0"
baud = 19200

[[kiosk]]
id = "anjungan-1"
name = "Anjungan"
printer = "printer-1"

[[staff]]
id = "cut"
name = "Cut"
role = "clerk"
agency = "dukcapil"
pin_hash = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$zTAqp7bRz8XCmZEW3Y0+SgJ8p8o8XN6Y8kpSGpOZT1c"

[[api_token]]
name = "kota"
scopes = ["issue"]
hash = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

[web]
names = ["antrean.local"]
"##;

fn read(text: &str) -> Result<Config, config::Problems> {
    config::read("antrean.toml", text, Options::default())
}

/// `code line:column` of every problem.
fn told(text: &str) -> Vec<String> {
    let Err(problems) = read(text) else { return Vec::new() };
    let tell = |problem| {
        let place = problems.place(problem);
        format!("{} {}:{}", problem.code, place.line, place.column)
    };
    problems.list.iter().map(tell).collect()
}

fn line_of(text: &str, needle: &str) -> usize {
    let at = text.find(needle).unwrap_or_else(|| panic!("{needle:?} is not in the file"));
    text[..at].matches('\n').count() + 1
}

#[test]
fn the_small_site_is_fine() {
    assert_eq!(told(GOOD), [""; 0]);
}

/// Each kind of problem: what is changed, to what, and what is told, with the place counted from
/// the changed text: `code line:column`, the line relative to its first.
#[test]
fn every_kind_of_problem_is_told_at_its_place() {
    let cases: &[(&str, &str, &[&str])] = &[
        // Calls, absence, endings.
        ("[web]", "[queue]\nrecalls = 0\n[web]", &["out_of_range 1:11"]),
        ("[web]", "[queue]\nrecalls = 1\ncalls_before_no_show = 3\n[web]", &["out_of_range 2:24"]),
        ("[web]", "[queue]\nreferral_behind = 0\n[web]", &["out_of_range 1:19"]),
        ("[web]", "[queue]\ncall_gap = 9\n[web]", &["unknown_key 1:1"]),
        (
            "[web]",
            "[[outcome]]\nid = \"a\"\nname = \"A\"\n[[outcome]]\nid = \"a\"\nname = \"B\"\n[web]",
            &["duplicate 4:6"],
        ),
        ("[web]", "[[outcome]]\nid = \"day_ended\"\nname = \"A\"\n[web]", &["bad_id 1:6"]),
        (
            "[web]",
            "[[outcome]]\nid = \"o0\"\nname = \"O\"\n[[outcome]]\nid = \"o1\"\nname = \"O\"\n[[outcome]]\nid = \"o2\"\nname = \"O\"\n[[outcome]]\nid = \"o3\"\nname = \"O\"\n[[outcome]]\nid = \"o4\"\nname = \"O\"\n[[outcome]]\nid = \"o5\"\nname = \"O\"\n[[outcome]]\nid = \"o6\"\nname = \"O\"\n[[outcome]]\nid = \"o7\"\nname = \"O\"\n[[outcome]]\nid = \"o8\"\nname = \"O\"\n[[outcome]]\nid = \"o9\"\nname = \"O\"\n[web]",
            &["too_many 27:1"],
        ),
        ("[web]", "[[hold_reason]]\nid = \"a\"\n[web]", &["missing_key 0:1"]),
        // Syntax.
        ("timezone = \"WIB\"", "timezone = \"WIB", &["syntax 0:16"]),
        ("timezone = \"WIB\"", "timezone WIB", &["syntax 0:10"]),
        ("timezone = \"WIB\"", "timezone = \"WIB\"\ntimezone = \"WIT\"", &["syntax 1:1"]),
        // Keys and sections.
        ("timezone = \"WIB\"", "timezone = \"WIB\"\ntimzone = \"WIB\"", &["unknown_key 1:1"]),
        ("timezone = \"WIB\"", "", &["missing_key -3:1"]),
        ("[web]", "[wep]", &["unknown_key 0:2"]),
        ("[hours]\nmon = [\"08:00-12:00\", \"13:00-16:00\"]", "", &["missing_section =1:1"]),
        ("city = { id = \"Kota\", en = \"City\" }", "city = { id = \"Kota\" }", &["missing_key 0:8"]),
        (
            "city = { id = \"Kota\", en = \"City\" }",
            "city = { id = \"a\", en = \"b\", fr = \"c\" }",
            &["unknown_key 0:30"],
        ),
        // Types and bounds.
        ("number = 1", "number = \"1\"", &["wrong_type 0:10"]),
        ("number = 1", "number = 0", &["out_of_range 0:10"]),
        ("number = 1", "number = 99999999999999999999", &["out_of_range 0:10"]),
        ("number = 1", "number = true", &["wrong_type 0:10"]),
        ("place = \"Mal\"", "place = 5", &["wrong_type 0:9"]),
        ("place = \"Mal\"", "place = [\"Mal\"]", &["wrong_type 0:9"]),
        ("[web]", "[[web]]", &["wrong_type 0:1"]),
        ("[[zone]]", "[zone]", &["wrong_type 0:1", "unknown_name 11:8"]),
        ("services = [\"ktp\", \"kk\"]", "services = \"ktp\"", &["wrong_type 0:12"]),
        ("baud = 19200", "baud = 19201", &["unknown_word 0:8"]),
        ("baud = 19200", "cut = \"true\"", &["wrong_type 0:7"]),
        ("baud = 19200", "paper_mm = 70", &["unknown_word 0:12"]),
        ("baud = 19200", "parity = \"mark\"", &["unknown_word 0:10"]),
        ("baud = 19200", "logo = \"A\"", &["bad_logo 0:8"]),
        ("baud = 19200", "profile = \"epsen\"", &["unknown_word 0:11"]),
        ("[web]", "[sound]\nvolume = 101\n[web]", &["out_of_range 1:10"]),
        ("[web]", "[sound]\nvolume = \"60\"\n[web]", &["wrong_type 1:10"]),
        ("[web]", "[sound]\ndevice = \"Off\"\n[web]", &["bad_sound_device 1:10"]),
        ("[web]", "[sound]\ndevice = \"\"\n[web]", &["bad_sound_device 1:10"]),
        ("[web]", "[sound]\ndevice = \"my card\"\n[web]", &["bad_sound_device 1:10"]),
        ("[web]", "[sound]\nkiosk_prompts = 1\n[web]", &["wrong_type 1:17"]),
        ("[web]", "[sound]\nvolum = 1\nvolume = -1\n[web]", &["unknown_key 1:1", "out_of_range 2:10"]),
        ("[web]", "[backup]\nat = \"25:00\"\n[web]", &["bad_time 1:6"]),
        ("[web]", "[backup]\nfolder = \"backups\"\n[web]", &["relative_path 1:10"]),
        ("[web]", "[backup]\nfolder = \"/a\"\nalso = \"/a\"\n[web]", &["same_folder 0:1"]),
        ("[web]", "[backup]\nkeep_days = 1\nkeep = 3\n[web]", &["out_of_range 1:13", "unknown_key 2:1"]),
        ("[web]", "[data]\nkeep_days = 7\n[web]", &["out_of_range 1:13"]),
        ("[web]", "[slip]\ntemplate = 5\n[web]", &["wrong_type 1:12"]),
        ("[web]", "[slip]\ntemplate = \"slip.txt\"\n[web]", &["unreadable_file 1:12"]),
        ("[web]", "[slip]\ntemplat = \"slip.txt\"\n[web]", &["unknown_key 1:1"]),
        ("printer = \"printer-1\"", "diagonal_in = 3", &["out_of_range 0:15"]),
        ("printer = \"printer-1\"", "diagonal_in = nan", &["out_of_range 0:15"]),
        ("printer = \"printer-1\"", "without_paper = \"numbr\"", &["unknown_word 0:17"]),
        ("timezone = \"WIB\"", "timezone = \"Asia/Jakata\"", &["unknown_word 0:12"]),
        // Texts.
        ("place = \"Mal\"", "place = \"\"", &["empty_text 0:9"]),
        ("place = \"Mal\"", "place = \" \\t \"", &["empty_text 0:9"]),
        ("place = \"Mal\"", "place = \"M\\u001Bal\"", &["control_character 0:9"]),
        ("place = \"Mal\"", "place = \"Mal\\nLangsa\"", &["control_character 0:9"]),
        ("place = \"Mal\"", "place = \"M\\u202Eal\"", &["control_character 0:9"]),
        // Hours.
        ("\"08:00-12:00\"", "\"12:00-08:00\"", &["bad_hours 0:8"]),
        ("\"08:00-12:00\"", "\"08:00-08:00\"", &["bad_hours 0:8"]),
        ("\"08:00-12:00\"", "\"08:00-13:01\"", &["bad_hours 0:23"]),
        ("\"08:00-12:00\"", "\"08.00-12.00\"", &["bad_time 0:8"]),
        ("\"08:00-12:00\"", "\"08:00-24:00\"", &["bad_time 0:8"]),
        ("\"08:00-12:00\"", "\"08:00\"", &["bad_time 0:8"]),
        ("mon = [", "mnn = [", &["never_open -1:1", "unknown_key 0:1"]),
        ("change_at = \"00:00\"", "change_at = \"9:00\"", &["bad_time 0:13"]),
        ("change_at = \"00:00\"", "change_at = \"09:00\"", &["bad_hours 3:8"]),
        ("id = \"ktp\"", "id = \"ktp\"\nhours = { mon = [] }", &["never_open 1:9"]),
        // Ids, numbers and prefixes given twice.
        ("id = \"imigrasi\"", "id = \"dukcapil\"", &["duplicate 0:6", "unknown_name 19:10"]),
        ("id = \"kk\"", "id = \"ktp\"", &["duplicate 0:6", "unknown_name 18:20"]),
        ("id = \"loket-2\"", "id = \"loket-1\"", &["duplicate 0:6"]),
        ("number = 2", "number = 1", &["duplicate 0:10"]),
        ("prefix = \"B\"", "prefix = \"A\"", &["prefix_taken 0:10"]),
        ("id = \"paspor\"", "id = \"paspor\"\nprefix = \"A\"", &["prefix_taken 1:10"]),
        (
            "[web]",
            "[[printer]]\nid = \"printer-1\"\nname = \"P\"\nport = \"preview\"\n[web]",
            &["duplicate 1:6"],
        ),
        ("[web]", "[[printer]]\nid = \"p\"\nname = \"P\"\nport = \"/dev/ttyS0\"\n[web]", &["duplicate 3:8"]),
        ("[web]", "[[kiosk]]\nid = \"anjungan-1\"\nname = \"P\"\n[web]", &["duplicate 1:6"]),
        (
            "[[agency]]",
            "[[zone]]\nid = \"a\"\nletter = \"A\"\nname = \"Z\"\n[[agency]]",
            &["duplicate 1:6", "duplicate 2:10"],
        ),
        ("[\"ktp\", \"kk\"]", "[\"ktp\", \"kk\", \"ktp\"]", &["duplicate 0:26"]),
        ("id = \"ktp\"", "id = \"KTP el\"", &["bad_id 0:6", "unknown_name 22:13"]),
        ("prefix = \"B\"", "prefix = \"I\"", &["bad_prefix 0:10"]),
        ("prefix = \"B\"", "prefix = \"ABC\"", &["bad_prefix 0:10"]),
        ("prefix = \"B\"", "prefix = \"b\"", &["bad_prefix 0:10"]),
        ("letter = \"A\"", "letter = \"Zona\"", &["bad_letter 0:10"]),
        // References.
        ("agency = \"imigrasi\"", "agency = \"imigrsi\"", &["unknown_name 0:10"]),
        ("[\"ktp\", \"kk\"]", "[\"ktp\", \"kk\", \"paspor\"]", &["not_of_agency 0:26"]),
        ("[\"ktp\", \"kk\"]", "[\"ktp\", \"kk\", \"sim\"]", &["unknown_name 0:26"]),
        ("printer = \"printer-1\"", "printer = \"printer1\"", &["unknown_name 0:11"]),
        ("printer = \"printer-1\"", "zone = \"b\"", &["unknown_name 0:8"]),
        ("zone = \"a\"", "zone = \"b\"", &["unknown_name 0:8"]),
        ("agency = \"dukcapil\"\npin", "agency = \"dukcpl\"\npin", &["unknown_name 0:10"]),
        // Services and who serves them.
        ("services = [\"ktp\", \"kk\"]", "services = [\"ktp\"]", &["unserved -18:6"]),
        ("services = [\"ktp\", \"kk\"]", "services = []", &["no_services 0:12"]),
        ("[[agency.service]]\nid = \"paspor\"\nname = \"Paspor\"", "", &["no_services -7:1"]),
        // Looks.
        ("accent = \"#2A57C1\"", "accent = \"2A57C1\"", &["bad_colour 0:10"]),
        ("accent = \"#2A57C1\"", "accent = \"#2A57CG\"", &["bad_colour 0:10"]),
        ("accent = \"#2A57C1\"", "accent = \"#808080\"", &["weak_colour 0:10"]),
        ("icon = \"passport\"", "icon = \"pasport\"", &["unknown_icon 0:8"]),
        // Ports, hashes, host names.
        ("port = \"/dev/ttyS0\"", "port = \"ttyS0\"", &["bad_port 0:8"]),
        ("port = \"/dev/ttyS0\"", "port = \"COM3\"", &["bad_port 0:8"]),
        ("port = \"/dev/ttyS0\"", "port = \"\"", &["bad_port 0:8"]),
        ("$argon2id$", "$argon2i$", &["bad_pin_hash 0:12"]),
        (
            "pin_hash = \"$argon2id$v=19$m=19456",
            "pin_hash = \"$argon2id$v=19$m=4194304",
            &["bad_pin_hash 0:12"],
        ),
        ("sha256:0123", "0123", &["bad_token_hash 0:8"]),
        ("[\"issue\"]", "[]", &["no_scopes 0:10"]),
        ("[\"issue\"]", "[\"isue\"]", &["unknown_word 0:11"]),
        ("[web]", &format!("[lobby]\nticker = [\"{}\"]\n[web]", "x".repeat(151)), &["too_long 1:11"]),
        // The lobby: who speaks, and how large.
        ("letter = \"A\"", "letter = \"A\"\nvoice = \"boks\"", &["bad_voice 1:9"]),
        ("letter = \"A\"", "letter = \"A\"\nvoice = \"screen\"", &["bad_voice 1:9"]),
        ("letter = \"A\"", "letter = \"A\"\nvoice = \"screen:TV 1\"", &["bad_voice 1:9"]),
        ("letter = \"A\"", "letter = \"A\"\ndiagonal_in = 0", &["out_of_range 1:15"]),
        ("[web]", "[lobby]\nvoice = true\n[web]", &["wrong_type 1:9"]),
        ("[web]", "[lobby]\nreading = \"digit\"\n[web]", &["unknown_word 1:11"]),
        ("[web]", "[lobby]\npictures_after_s = 1\n[web]", &["out_of_range 1:20"]),
        ("antrean.local", "http://antrean.local:8080/", &["bad_host_name 0:10"]),
        ("names = [\"antrean.local\"]", "shift_hours = 25", &["out_of_range 0:15"]),
        ("names = [\"antrean.local\"]", "connections = 99", &["out_of_range 0:15"]),
        ("names = [\"antrean.local\"]", "streams = 2001", &["out_of_range 0:11"]),
        ("names = [\"antrean.local\"]", "tls = \"on\"", &["unknown_word 0:7"]),
        ("names = [\"antrean.local\"]", "tls = true", &["wrong_type 0:7"]),
        (
            "names = [\"antrean.local\"]",
            "tls = { certificate = \"box.pem\" }",
            &["missing_key 0:7", "unreadable_file 0:23"],
        ),
        // Visitors' phones.
        ("[web]", "[visitors]\nlisten = \"0.0.0.0:8081\"\n[web]", &["visitors_incomplete 0:1"]),
        ("[web]", "[visitors]\nurl = \"http://10.0.0.1:8081\"\n[web]", &["visitors_incomplete 0:1"]),
        ("[web]", "[visitors]\nwifi = \"MPP\"\n[web]", &["visitors_incomplete 0:1"]),
        (
            "[web]",
            "[visitors]\nlisten = \"0.0.0.0\"\nurl = \"10.0.0.1\"\n[web]",
            &["bad_listen 1:10", "bad_url 2:7"],
        ),
        ("[web]", "[visitors]\nlisten = 8081\n[web]", &["wrong_type 1:10"]),
        ("[web]", &format!("[visitors]\nwifi = \"{}\"\n[web]", "x".repeat(33)), &["too_long 1:8"]),
        ("[web]", "[visitors]\nport = 8081\n[web]", &["unknown_key 1:1"]),
        // The survey, and complaints.
        ("[web]", "[survey]\nweight = \"1/9\"\n[web]", &["missing_key 0:1"]),
        ("[web]", "[survey]\nsets = []\n[web]", &["no_questions 1:8"]),
        ("[web]", "[survey]\nsets = [\"skm\", \"skm\"]\n[web]", &["duplicate 1:8"]),
        ("[web]", "[survey]\nsets = [\"nowhere.toml\"]\n[web]", &["unreadable_file 1:9"]),
        (
            "[web]",
            "[survey]\nsets = [\"skm\"]\nweight = \"0.1\"\nexpected_response_percent = 0\nopen_for_h = 169\nask_about = [\"nik\"]\n[web]",
            &["unknown_word 2:10", "out_of_range 3:29", "out_of_range 4:14", "unknown_word 5:14"],
        ),
        ("[web]", "[complaints]\nper_ticket = 0\n[web]", &["out_of_range 1:14"]),
        ("[web]", "[[complaint_topic]]\nid = \"a\"\n[web]", &["missing_key 0:1"]),
    ];
    let mut wrong = String::new();
    for (from, to, expected) in cases {
        let text = GOOD.replacen(from, to, 1);
        let base = line_of(GOOD, from) as isize;
        let expected: Vec<String> = expected.iter().map(|place| absolute(place, base)).collect();
        let told = told(&text);
        if told != expected {
            wrong += &format!("{from} → {to} (line {base})\n  expected {expected:?}\n  told     {told:?}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// `-3:1` is three lines before `base`, `=1:1` the first line of the file.
fn absolute(told: &str, base: isize) -> String {
    let (code, place) = told.split_once(' ').unwrap();
    let (line, column) = place.split_once(':').unwrap();
    let line = match line.strip_prefix('=') {
        Some(line) => line.parse().unwrap(),
        None => base + line.parse::<isize>().unwrap(),
    };
    format!("{code} {line}:{column}")
}

fn report(text: &str) -> String {
    read(text).err().map_or_else(|| "nothing was told".to_owned(), |problems| problems.render(false))
}

#[test]
fn one_report_names_everything() {
    let text = r##"[site]
place = "Mal Pelayanan Publik"
citty = "Kota Langsa"
timezone = "WIBB"

[hours]
mon = ["08.00-16.00"]
fri = ["08:00-11:30", "11:00-16:30"]

[[agency]]
id = "dukcapil"
prefix = "AI"
name = "Dukcapil"
icon = "id-kard"
accent = "#808080"

[[agency.service]]
id = "ktp"
name = { id = "KTP elektronik" }
accent = "#2A57C1"

[[counter]]
id = "loket-3"
number = "3"
agency = "dukcapl"

[[printer]]
id = "printer-1"
name = "Printer"
port = "ttyUSB0"
baud = 9601

[[staff]]
id = "cut-nyak"
name = "Cut Nyak"
role = "boss"
pin_hash = "123456"
"##;
    assert_snapshot!(report(text), @r##"
    error[missing_key]: [site] needs `city`
     --> antrean.toml:1:1
      |
    1 | [site]
      | ^^^^^^
      |
      = help: write a line beneath it: city = …

    error[unknown_key]: `citty` is not a key of [site]
     --> antrean.toml:3:1
      |
    3 | citty = "Kota Langsa"
      | ^^^^^
      |
      = help: did you mean `city`?

    error[unknown_word]: `WIBB` is not possible here
     --> antrean.toml:4:12
      |
    4 | timezone = "WIBB"
      |            ^^^^^^
      |
      = help: did you mean `WIB`?

    error[bad_time]: `08.00-16.00` is not a span of time
     --> antrean.toml:7:8
      |
    7 | mon = ["08.00-16.00"]
      |        ^^^^^^^^^^^^^
      |
      = help: did you mean "08:00-16:00"?

    error[bad_hours]: this begins before the hours in front of it end (11:30)
     --> antrean.toml:8:23
      |
    8 | fri = ["08:00-11:30", "11:00-16:30"]
      |                       ^^^^^^^^^^^^^
      |
      = help: write the hours of a day in order; the gap between two is a break

    error[bad_prefix]: `AI` cannot be a prefix
      --> antrean.toml:12:10
       |
    12 | prefix = "AI"
       |          ^^^^
       |
       = help: one or two capital letters, never I or O: on paper they look like 1 and 0

    error[unknown_icon]: there is no icon `id-kard`
      --> antrean.toml:14:8
       |
    14 | icon = "id-kard"
       |        ^^^^^^^^^
       |
       = help: did you mean `id-card`?

    error[weak_colour]: nothing can be read on #808080: the best contrast is 4.2, 4.5 is needed
      --> antrean.toml:15:10
       |
    15 | accent = "#808080"
       |          ^^^^^^^^^
       |
       = help: the nearest colour that will do is "#858585"

    error[missing_key]: a text in two languages needs `en`
      --> antrean.toml:19:8
       |
    19 | name = { id = "KTP elektronik" }
       |        ^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = help: write between the braces: en = …

    error[unknown_key]: `accent` is not a key of [[agency.service]]
      --> antrean.toml:20:1
       |
    20 | accent = "#2A57C1"
       | ^^^^^^
       |
       = help: it is a key of [[agency]]: move it above the first [[agency.service]]

    error[wrong_type]: a whole number is needed here, not a text
      --> antrean.toml:24:10
       |
    24 | number = "3"
       |          ^^^
       |
       = help: write it without quotes: 3

    error[unknown_name]: there is no agency `dukcapl`
      --> antrean.toml:25:10
       |
    25 | agency = "dukcapl"
       |          ^^^^^^^^^
       |
       = help: did you mean `dukcapil`?

    error[bad_port]: `ttyUSB0` is not a port
      --> antrean.toml:30:8
       |
    30 | port = "ttyUSB0"
       |        ^^^^^^^^^
       |
       = help: did you mean "/dev/ttyUSB0"?

    error[unknown_word]: 9601 is not a usual speed
      --> antrean.toml:31:8
       |
    31 | baud = 9601
       |        ^^^^
       |
       = help: possible are 1200, 2400, 4800, 9600, 14400, 19200, 38400, 57600, 115200, 230400

    error[unknown_word]: `boss` is not possible here
      --> antrean.toml:36:8
       |
    36 | role = "boss"
       |        ^^^^^^
       |
       = help: possible are `clerk`, `desk`, `supervisor`, `manager`, `technician`

    error[bad_pin_hash]: this is not the hash of a PIN
      --> antrean.toml:37:12
       |
    37 | pin_hash = ********
       |            ^^^^^^^^
       |
       = help: run `antrean pin` and copy what it prints: "$argon2id$…"

    16 problems in antrean.toml
    "##);
}

#[test]
fn syntax_faults_are_told_together_and_cast_no_shadows() {
    let text = GOOD.replace("place = \"Mal\"", "place = \"Mal").replace("id = \"paspor\"", "id = paspor");
    let text = text.replace("baud = 19200", "baud = 1");
    assert_snapshot!(report(&text), @r##"
    error[syntax]: the closing quote of this text is missing
     --> antrean.toml:3:13
      |
    3 | place = "Mal
      |             ^
      |
      = help: a text ends with " on the line it begins on

    error[syntax]: this text has no quotes
      --> antrean.toml:42:6
       |
    42 | id = paspor
       |      ^^^^^^
       |
       = help: write it in quotes: "paspor"

    error[unknown_word]: 1 is not a usual speed
      --> antrean.toml:60:8
       |
    60 | baud = 1
       |        ^
       |
       = help: possible are 1200, 2400, 4800, 9600, 14400, 19200, 38400, 57600, 115200, 230400

    3 problems in antrean.toml
    "##);
}

#[test]
fn the_place_is_right_behind_wide_signs_and_windows_line_ends() {
    let text = GOOD.replace("place = \"Mal\"", "place = \"Mal…Ünïté\\u0007\"").replace('\n', "\r\n");
    assert_eq!(told(&text), ["control_character 3:9"]);
    let text = GOOD.replace("{ id = \"Kota\", en = \"City\" }", "{ id = \"Kötä…\", en = 5 }");
    assert_eq!(told(&text), ["wrong_type 4:29"]);
    assert_snapshot!(report(&text), @r##"
    error[wrong_type]: a text is needed here, not a number
     --> antrean.toml:4:29
      |
    4 | city = { id = "Kötä…", en = 5 }
      |                             ^
      |
      = help: put it in quotes: "5"

    1 problem in antrean.toml
    "##);
}

#[test]
fn programs_get_the_same_report_as_json() {
    let problems = read(&GOOD.replace("timezone = \"WIB\"", "timezone = \"WIBB\"")).unwrap_err();
    insta::assert_json_snapshot!(problems.to_json(), @r##"
    [
      {
        "code": "unknown_word",
        "column": 12,
        "file": "antrean.toml",
        "hint": "did you mean `WIB`?",
        "level": "error",
        "line": 5,
        "message": "`WIBB` is not possible here"
      }
    ]
    "##);
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    let text = GOOD.replace("sha256:0123", "rahasia-0123").replace("$argon2id$", "rahasia");
    let problems = read(&text).unwrap_err();
    assert_eq!(problems.list.len(), 2);
    assert!(!problems.render(false).contains("rahasia"));
    assert!(!problems.to_json().to_string().contains("rahasia"));

    let line = GOOD.lines().find(|line| line.starts_with("pin_hash")).unwrap();
    let problems = read(&GOOD.replace(line, "pin_hash = 271828")).unwrap_err();
    assert_eq!(problems.list[0].code, "bad_pin_hash");
    assert!(!problems.render(false).contains("271828"));
}

#[test]
fn what_the_file_says_cannot_steer_the_terminal() {
    let text = GOOD.replace("\"WIB\"", "\"\\u001b[2J\"").replace("[web]", "[\"w\\u001b[2J\"]");
    let problems = read(&text).unwrap_err();
    assert_eq!(problems.list.len(), 2);
    assert!(!problems.render(false).contains('\u{1b}'));
}

#[test]
fn brackets_without_end_are_a_problem_like_any_other() {
    for open in ["[", "{a=", "a."] {
        let problems = read(&format!("a = {}", open.repeat(100_000))).unwrap_err();
        assert!(problems.list.iter().any(|problem| problem.code == "syntax"));
    }
}

#[test]
fn the_default_is_the_reference_site() {
    let config =
        config::read("antrean.toml", config::DEFAULT, Options::default()).unwrap_or_else(|problems| {
            panic!("{problems}");
        });
    let rules = &config.rules;
    let prefixes: Vec<&str> = rules.agencies.iter().map(|agency| agency.prefix.as_str()).collect();
    assert_eq!(prefixes, ["A", "B", "C", "D", "E", "F", "G", "H", "J", "K"]);
    assert_eq!(rules.agencies.iter().map(|agency| agency.services.len()).sum::<usize>(), 38);
    let numbers: Vec<u16> = rules.counters.iter().map(|counter| counter.number).collect();
    assert_eq!(numbers, (1..=12).collect::<Vec<_>>());
    let dukcapil = rules.counters.iter().filter(|counter| counter.agency.as_str() == "dukcapil");
    assert_eq!(dukcapil.map(|counter| counter.number).collect::<Vec<_>>(), [3, 4, 5]);
    assert_eq!(rules.offset.local_minus_utc(), 7 * 3600);
    let time = |hours, minutes| NaiveTime::from_hms_opt(hours, minutes, 0).unwrap();
    let friday = [Span { from: time(8, 0), to: time(11, 30) }, Span { from: time(14, 0), to: time(16, 30) }];
    assert_eq!(rules.hours.on(Weekday::Fri), friday);
    assert_eq!(rules.hours.on(Weekday::Sun), []);
    let (agency, ktp) = rules.service(&"ktp".into()).unwrap();
    assert_eq!(ktp.bring, Text::new("KK asli", "Family card (original)"));
    assert_eq!(agency.full_name.id.as_ref(), "Dinas Kependudukan dan Pencatatan Sipil Kota Langsa");
    assert_eq!((ktp.target_min, ktp.prefix.as_str()), (6, "A"));
    assert_eq!(config.printers[0].port, Port::Preview);
    assert_eq!(config.kiosks[0].printer, Some("printer-1".into()));
    assert_eq!(config.hash().len(), 64);
    assert!(config.staff.is_empty() && config.tokens.is_empty(), "nobody signs in whom no technician made");
}

#[test]
fn the_examples_in_the_comments_of_the_default_are_fine_too() {
    let text =
        config::DEFAULT.replace("\n[[printer]]\nid = \"printer-1\"", "\n[[printer]]\nid = \"printer-0\"");
    let text = text.replace("printer = \"printer-1\"", "printer = \"printer-0\"");
    let mut uncommented = String::new();
    let mut example = false;
    for line in text.lines() {
        let bare = line.strip_prefix("# ").unwrap_or(line);
        example = bare.starts_with('[') && line.starts_with('#') || example && line.starts_with("# ");
        uncommented += if example { bare } else { line };
        uncommented += "\n";
    }
    let hash = "c29tZXNhbHRzb21lc2FsdA$zTAqp7bRz8XCmZEW3Y0+SgJ8p8o8XN6Y8kpSGpOZT1c";
    let uncommented = uncommented
        .replace("p=1$…$…", &format!("p=1${hash}"))
        .replace("sha256:…", &format!("sha256:{:064}", 0));
    let config = read(&uncommented).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!((config.printers.len(), config.staff.len(), config.tokens.len()), (2, 1, 1));
    assert_eq!(config.visitors.unwrap().site.wifi.as_deref(), Some("MPP Pengunjung"));
    let ikd = config.rules.service(&"ikd".into()).unwrap().1;
    assert_eq!((ikd.icon.as_str(), ikd.target_min), ("phone", 10));
}

#[test]
fn every_file_in_the_config_folder_is_fine() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("config");
    let (mut folders, mut files, mut calendars) = (vec![root], 0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().unwrap().to_str().unwrap().starts_with("holidays-") {
                calendars += 1;
            } else if path.extension().is_some_and(|ending| ending == "toml") {
                // With every calendar that stands beside it.
                config::load(&path, Options::default()).unwrap_or_else(|error| panic!("{error}"));
                files += 1;
            }
        }
    }
    assert!(files > 0 && calendars > 0);
}

#[test]
fn a_screen_on_which_fingers_miss_is_told_of_at_its_line() {
    let with = |keys: &str| {
        let text = GOOD.replace("printer = \"printer-1\"", &format!("printer = \"printer-1\"\n{keys}"));
        read(&text).unwrap_or_else(|problems| panic!("{problems}")).warnings.map(|told| told.render(false))
    };
    let line = line_of(GOOD, "printer = \"printer-1\"") + 1;
    let report = with("diagonal_in = 7").unwrap();
    assert!(report.contains("warning[small_screen]") && report.contains("are 14 mm"), "{report}");
    assert!(report.contains("a finger needs 20 mm") && report.contains("9.9 inches or more"), "{report}");
    assert!(report.contains(&format!("antrean.toml:{line}:15")), "{report}");
    assert!(report.contains("diagonal_in = 7\n"), "{report}");
    for fine in [
        "",
        "diagonal_in = 10",
        "diagonal_in = 10.1",
        "diagonal_in = 15.6",
        "diagonal_in = 7\nwindow = \"window\"",
    ] {
        assert_eq!(with(fine), None, "{fine}");
    }
}

#[test]
fn every_icon_has_a_file_and_every_file_is_an_icon() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icons");
    let name = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        path.file_stem().unwrap().to_str().unwrap().to_owned()
    };
    let mut files: Vec<String> = std::fs::read_dir(folder).unwrap().map(name).collect();
    files.sort();
    let mut icons: Vec<&str> = ICONS.to_vec();
    icons.sort_unstable();
    assert_eq!(icons, files);
}

#[test]
fn everything_said_is_understood() {
    let text = GOOD
        .replace("baud = 19200", "baud = 115200\ndata_bits = 7\nparity = \"even\"\nstop_bits = 2\nflow = \"software\"\nproof = \"none\"\npaper_mm = 58\ncut = false\nlogo = \"L1\"")
        .replace("printer = \"printer-1\"", "printer = \"printer-1\"\nzone = \"a\"\ndiagonal_in = 10\nwindow = \"full\"\nwithout_paper = \"see_staff\"")
        .replace("[\"issue\"]", "[\"issue\", \"supervise\", \"issue\"]")
        .replace("id = \"kk\"", "id = \"kk\"\nprefix = \"AK\"\ntarget_min = 25\nicon = \"family\"\nhours = { tue = [\"09:00-10:00\"] }")
        .replace("antrean.local", "Antrean.Local");
    let config = read(&text).unwrap_or_else(|problems| panic!("{problems}"));
    let printer = &config.printers[0];
    assert_eq!(printer.port, Port::Serial("/dev/ttyS0".into()));
    assert_eq!(
        (printer.baud, printer.data_bits, printer.parity, printer.stop_bits),
        (115_200, DataBits::Seven, Parity::Even, StopBits::Two)
    );
    assert_eq!(
        (printer.flow, printer.proof, printer.paper.width, printer.paper.cut, printer.paper.logo),
        (Flow::Software, ProofSetting::None, Width::Mm58, false, Some(*b"L1"))
    );
    let kiosk = &config.kiosks[0];
    assert_eq!(
        (kiosk.diagonal_in, kiosk.window, kiosk.without_paper, kiosk.zone.clone()),
        (10.0, WindowSetting::Full, WithoutPaper::SeeStaff, Some("a".into()))
    );
    assert_eq!(config.tokens[0].scopes, [Scope::Issue, Scope::Supervise]);
    assert_eq!(config.tokens[0].hash[..3], [0x01, 0x23, 0x45]);
    assert_eq!(
        (config.staff[0].role, config.staff[0].agency.clone()),
        (Role::Clerk, Some("dukcapil".into()))
    );
    assert_eq!(config.web.names, ["antrean.local"]);
    let (agency, kk) = config.rules.service(&"kk".into()).unwrap();
    assert_eq!((kk.prefix.as_str(), kk.target_min, kk.icon.as_str()), ("AK", 25, "family"));
    assert_eq!(kk.hours.as_ref().unwrap().on(Weekday::Tue).len(), 1);
    assert_eq!(agency.full_name, agency.name, "the everyday name stands in for an official one");
    let imigrasi = config.rules.counter(&"loket-2".into()).unwrap();
    assert_eq!(imigrasi.services, ["paspor".into()], "a counter without a list serves all of its agency");
}

#[test]
fn the_loudspeaker_is_chosen_by_a_word_or_a_name() {
    let usual = read(GOOD).unwrap().sound;
    assert_eq!((usual.device, usual.volume, usual.kiosk_prompts), (SoundDevice::Default, 60, true));
    assert_eq!(usual.clips, None, "a config that is no file has nothing beside it");
    let device = |word: &str| read(&format!("{GOOD}[sound]\ndevice = \"{word}\"\n")).unwrap().sound.device;
    assert_eq!(device("none"), SoundDevice::None);
    assert_eq!(device("default"), SoundDevice::Default);
    let name = "plughw:CARD=Device,DEV=0";
    assert_eq!(device(name), SoundDevice::Named(name.to_owned()));
    let silent = read(&format!("{GOOD}[sound]\nvolume = 0\nkiosk_prompts = false\n")).unwrap().sound;
    assert_eq!((silent.volume, silent.kiosk_prompts), (0, false));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antrean.toml");
    std::fs::write(&path, GOOD).unwrap();
    let beside = config::load(&path, Options::default()).unwrap().sound.clips;
    assert_eq!(beside, Some(folder.path().join("voice")));
}

#[test]
fn backups_are_taken_at_night_and_days_are_kept_for_two_years() {
    let usual = read(GOOD).unwrap();
    let night = NaiveTime::from_hms_opt(1, 30, 0).unwrap();
    assert_eq!((usual.backup.at, usual.backup.folder, usual.backup.also), (night, None, None));
    assert_eq!((usual.backup.keep_days, usual.backup.keep_months), (14, 12));
    assert_eq!(usual.data_keep_days, Some(730));
    let own = "[backup]\nat = \"22:15\"\nfolder = \"/srv/a\"\nalso = \"/media/b\"\n[data]\nkeep_days = 0\n";
    let own = read(&format!("{GOOD}{own}")).unwrap();
    assert_eq!(own.backup.at, NaiveTime::from_hms_opt(22, 15, 0).unwrap());
    assert_eq!(own.backup.folder.as_deref(), Some(Path::new("/srv/a")));
    assert_eq!(own.backup.also.as_deref(), Some(Path::new("/media/b")));
    assert_eq!(own.data_keep_days, None, "for ever");
}

fn visitors(keys: &str) -> Result<Config, config::Problems> {
    read(&format!("{GOOD}[visitors]\n{keys}\n"))
}

#[test]
fn phones_come_where_the_slip_sends_them() {
    assert_eq!(read(GOOD).unwrap().visitors, None, "nothing is promised where nothing is said");
    assert_eq!(visitors("").unwrap().visitors, None);
    let told = |url: &str| {
        let config = visitors(&format!("listen = \"0.0.0.0:8081\"\nurl = \"{url}\"\n")).unwrap();
        assert_eq!(config.warnings, None, "{url}");
        config.visitors.unwrap()
    };
    let usual = told("http://192.168.100.200:8081/");
    assert_eq!(usual.listen.to_string(), "0.0.0.0:8081");
    assert_eq!((&*usual.site.url, &*usual.host), ("http://192.168.100.200:8081", "192.168.100.200"));
    assert_eq!(usual.site.link("0f"), "http://192.168.100.200:8081/t/0f");
    let name = told("HTTP://Antrean.Lan:8081");
    assert_eq!((&*name.site.url, &*name.host), ("http://antrean.lan:8081", "antrean.lan"));
    assert_eq!(told("http://[fd00::2]:8081").host, "fd00::2");
    assert_eq!(
        told("https://antrean.example.id").host,
        "antrean.example.id",
        "what stands before the box has its own port"
    );
}

#[test]
fn a_wrong_address_for_phones_is_told_with_the_right_one() {
    let url = |url: &str| format!("listen = \"0.0.0.0:8081\"\nurl = \"{url}\"\n");
    let cases = [
        ("listen = \"0.0.0.0:8081\"".to_owned(), "add url = \"http://192.168.100.200:8081\""),
        ("url = \"http://10.0.0.1:9000\"".to_owned(), "add listen = \"0.0.0.0:9000\""),
        ("listen = \"0.0.0.0\"".to_owned(), "write the port too: \"0.0.0.0:8081\""),
        ("listen = \":8081\"".to_owned(), "write the address too: \"0.0.0.0:8081\""),
        ("listen = \"localhost:8081\"".to_owned(), "such as \"0.0.0.0:8081\""),
        ("listen = \"10.0.0.1:0\"".to_owned(), "write \"10.0.0.1:8081\""),
        (url("10.0.0.1:8081"), "did you mean \"http://10.0.0.1:8081\"?"),
        (url("ftp://10.0.0.1:8081"), "such as \"http://192.168.100.200:8081\""),
        (url("http://10.0.0.1:8081/t/"), "write \"http://10.0.0.1:8081\": the box adds the path"),
        (url("http://10.0.0.1:8081?a=b"), "write \"http://10.0.0.1:8081\": the box adds the path"),
        (url("http://me@10.0.0.1:8081"), "is not a host, alone or with a port"),
        (url("http://10.0.0.1:port"), "is not a host, alone or with a port"),
        (url("http://10.0.0:8081"), "is not a host, alone or with a port"),
        (url("http://[fd00::2"), "is not a host, alone or with a port"),
        (url("http://0.0.0.0:8081"), "write the address that this box has"),
        (url(&format!("http://{0}.{0}.id:8081", "x".repeat(40))), "use the IP address, or a shorter name"),
    ];
    for (keys, remedy) in cases {
        let report = visitors(&keys).unwrap_err().render(false);
        assert!(report.contains(remedy), "{keys}\n{report}");
    }
}

#[test]
fn phones_that_would_miss_the_box_are_told_of_and_the_box_runs() {
    let warned = |url: &str| {
        let config = visitors(&format!("listen = \"0.0.0.0:8081\"\nurl = \"{url}\"\n")).unwrap();
        config.warnings.map(|told| told.render(false)).unwrap_or_default()
    };
    let forgotten = warned("http://10.0.0.1");
    assert!(forgotten.contains("phones are sent to port 80, and listened to on port 8081"), "{forgotten}");
    assert!(forgotten.contains("write \"http://10.0.0.1:8081\""), "{forgotten}");
    assert!(warned("http://10.0.0.1:8080").contains("write \"http://10.0.0.1:8081\""));
    assert!(warned("http://127.0.0.1:8081").contains("on a phone `127.0.0.1` is the phone itself"));
}

#[test]
fn in_the_demonstration_hours_do_not_count() {
    let sunday_night = "2026-11-22T23:00:00+07:00".parse().unwrap();
    for always_open in [false, true] {
        let rules =
            config::read("antrean.toml", GOOD, Options { always_open, ..Options::default() }).unwrap().rules;
        assert_eq!(rules.always_open, always_open);
        let day = Day::blank(Lineage("test".into()), Seq(0));
        let (agency, ktp) = rules.service(&"ktp".into()).unwrap();
        let open = calendar::openness(&rules, &day, agency, ktp, sunday_night).is_open();
        assert_eq!(open, always_open);
    }
}

#[test]
fn the_hash_is_of_the_text() {
    let one = read(GOOD).unwrap();
    let other = read(&format!("{GOOD}# one comment more\n")).unwrap();
    assert_ne!(one.hash(), other.hash());
    assert_eq!(one.hash(), read(GOOD).unwrap().hash());
}

#[test]
fn the_hash_is_of_the_files_it_names_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antrean.toml");
    let text =
        format!("{GOOD}\n[slip]\ntemplate = \"slip.txt\"\n[calendar]\nfile = \"holidays-{{year}}.toml\"\n");
    std::fs::write(&path, text).unwrap();
    std::fs::write(folder.path().join("slip.txt"), antrean::slip::Template::DEFAULT).unwrap();
    let hash = || config::load(&path, Options::default()).unwrap().hash().to_owned();
    let first = hash();
    assert_eq!(first, hash());
    std::fs::write(folder.path().join("slip.txt"), format!("{}\n\n", antrean::slip::Template::DEFAULT))
        .unwrap();
    let second = hash();
    let holiday = "[[holiday]]\ndate = 2026-08-17\nname = \"Kemerdekaan\"\n";
    std::fs::write(folder.path().join("holidays-2026.toml"), holiday).unwrap();
    let third = hash();
    assert!(first != second && second != third && first != third);
}

#[test]
fn a_file_that_is_not_there_or_not_text_is_told_apart_from_a_wrong_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antrean.toml");
    assert!(matches!(config::load(&path, Options::default()), Err(LoadError::Unreadable { .. })));
    std::fs::write(&path, b"[site]\nplace = \"M\xE4l\"\n").unwrap();
    let Err(LoadError::Wrong(problems)) = config::load(&path, Options::default()) else { panic!() };
    let place = problems.place(&problems.list[0]);
    assert_eq!((problems.list[0].code, place.line, place.column), ("not_utf8", 2, 11));
    assert!(problems.render(true).contains("1 problem in"));
}

proptest! {
    #![proptest_config(cases(96))]

    #[test]
    fn no_damage_to_the_file_brings_reading_down(
        edits in prop::collection::vec((any::<prop::sample::Index>(), 0..40usize, "[\\x00-\\x7Fé…\"\\[\\]{}=#\n]{0,6}"), 1..6),
        keep in any::<prop::sample::Index>(),
        cut in any::<bool>(),
    ) {
        let mut signs: Vec<char> = GOOD.chars().collect();
        for (at, length, put) in edits {
            let from = at.index(signs.len().max(1)).min(signs.len());
            let to = (from + length).min(signs.len());
            signs.splice(from..to, put.chars());
        }
        if cut {
            signs.truncate(keep.index(signs.len() + 1));
        }
        tells(&signs.into_iter().collect::<String>())?;
    }

    #[test]
    fn any_line_of_the_default_may_be_lost_or_doubled(line in any::<prop::sample::Index>(), copies in 0..3usize) {
        let lines: Vec<&str> = config::DEFAULT.lines().collect();
        let lost = line.index(lines.len());
        let copies = |n| if n == lost { copies } else { 1 };
        let text: Vec<&str> = lines.iter().enumerate().flat_map(|(n, line)| vec![*line; copies(n)]).collect();
        tells(&text.join("\n"))?;
    }

    #[test]
    fn the_default_may_end_anywhere(end in any::<prop::sample::Index>()) {
        let signs: Vec<char> = config::DEFAULT.chars().collect();
        let text: String = signs[..end.index(signs.len())].iter().collect();
        tells(&text)?;
    }
}

/// Whatever the text, it is read, or every problem is told at a place within the text.
fn tells(text: &str) -> Result<(), TestCaseError> {
    let Err(problems) = read(text) else { return Ok(()) };
    prop_assert!(!problems.list.is_empty());
    let lines = text.matches('\n').count() + 1;
    for problem in &problems.list {
        let place = problems.place(problem);
        prop_assert!((1..=lines).contains(&place.line) && place.column > 0);
    }
    let starts: Vec<usize> = problems.list.iter().map(|problem| problem.span.start).collect();
    prop_assert!(starts.is_sorted());
    let report = problems.render(false);
    prop_assert!(report.ends_with("in antrean.toml"));
    Ok(())
}

/// A certificate for these names, with its key, as files of a technician's.
fn certificate(folder: &Path, name: &str, names: &[&str]) -> antrean::tls::Identity {
    let made = folder.join(format!("{name}-made"));
    let generator = antrean::tls::Generator::new(made.clone(), names.iter().map(|name| (*name).to_owned()));
    let identity = generator.identity("2026-11-23T02:00:00Z".parse().unwrap()).unwrap();
    for (from, to) in [("certificate.pem", "pem"), ("key.pem", "key")] {
        std::fs::copy(made.join(from), folder.join(format!("{name}.{to}"))).unwrap();
    }
    identity
}

#[test]
fn a_certificate_of_the_technician_s_is_looked_at_before_any_browser_sees_it() {
    let folder = tempfile::tempdir().unwrap();
    let own = certificate(folder.path(), "own", &["antrean.local"]);
    certificate(folder.path(), "other", &["antrean.example"]);
    std::fs::write(folder.path().join("text.pem"), "a shopping list").unwrap();
    let load = |section: &str, pem: &str, key: &str, today: &str| {
        let tls = format!("tls = {{ certificate = \"{pem}\", key = \"{key}\" }}");
        let path = folder.path().join("antrean.toml");
        std::fs::write(&path, GOOD.replace("[web]", section).replace("TLS", &tls)).unwrap();
        config::load(&path, Options { today: Some(today.parse().unwrap()), ..Options::default() })
    };
    let staff = |pem: &str, key: &str, today: &str| load("[web]\nTLS", pem, key, today);
    let refused = |pem: &str, key: &str| match staff(pem, key, "2026-11-26") {
        Err(config::LoadError::Wrong(problems)) => problems.list[0].message.clone(),
        other => panic!("{other:?}"),
    };
    let warned = |config: Result<Config, config::LoadError>| -> Vec<&'static str> {
        let warnings = config.unwrap().warnings.map(|warnings| warnings.list).unwrap_or_default();
        warnings.iter().map(|warning| warning.code).filter(|code| *code != "no_calendar").collect()
    };
    let config = staff("own.pem", "own.key", "2026-11-26").unwrap();
    assert_eq!(config.web.tls, config::TlsConfig::Given(own));
    assert!(refused("text.pem", "own.key").contains("no certificate"));
    assert!(refused("own.pem", "text.pem").contains("no private key"));
    assert!(refused("own.pem", "other.key").contains("not the certificate's"));
    assert!(refused("none.pem", "own.key").contains("cannot be read"));
    let clean = warned(staff("own.pem", "own.key", "2026-11-26"));
    assert!(!clean.iter().any(|code| code.starts_with("certificate")), "{clean:?}");
    let last = |day: &str| warned(staff("own.pem", "own.key", day)).last().copied();
    assert_eq!(last("2029-01-10"), Some("certificate_ends"));
    assert_eq!(last("2029-02-10"), Some("certificate_ended"));
    assert_eq!(warned(staff("other.pem", "other.key", "2026-11-26")).last(), Some(&"certificate_names"));
    let phones = "[visitors]\nlisten = \"0.0.0.0:8081\"\nurl = \"http://antrean.local:8081\"\nTLS\n[web]";
    assert_eq!(warned(load(phones, "own.pem", "own.key", "2026-11-26")).last(), Some(&"other_scheme"));
}

#[test]
fn a_shift_has_twelve_hours_unless_the_config_says_so_and_tls_is_asked_for() {
    let web = |keys: &str| read(&GOOD.replace("[web]", &format!("[web]\n{keys}"))).unwrap().web;
    assert_eq!((web("").shift_hours, web("").tls), (12, config::TlsConfig::Off));
    assert_eq!(web("shift_hours = 8").shift_hours, 8);
    assert_eq!(web("tls = \"generated\"").tls, config::TlsConfig::Generated);
}

#[test]
fn a_door_takes_as_many_as_the_box_serves_with_ease_unless_the_config_says_fewer() {
    let web = |keys: &str| read(&GOOD.replace("[web]", &format!("[web]\n{keys}"))).unwrap().web;
    assert_eq!((web("").connections, web("").streams), (3_000, 2_000));
    let few = web("connections = 400\nstreams = 100");
    assert_eq!((few.connections, few.streams), (400, 100));
}

#[test]
fn a_zone_is_as_the_lobby_unless_it_says_otherwise() {
    let zone = "letter = \"A\"\nvoice = \"screen:tv-a\"\ndiagonal_in = 55";
    let lobby = |text: &str| read(text).unwrap_or_else(|problems| panic!("{problems}")).lobby;
    let own = lobby(&GOOD.replacen("letter = \"A\"", zone, 1));
    let in_a = own.room(Some(&"a".into()));
    assert_eq!((&in_a.voice, in_a.diagonal_in), (&VoiceSetting::Screen("tv-a".to_owned()), 55.0));
    assert_eq!((&own.room(None).voice, own.room(None).diagonal_in), (&VoiceSetting::Box, 43.0));

    let same = lobby(&GOOD.replace("[web]", "[lobby]\nvoice = \"none\"\ndiagonal_in = 32\n[web]"));
    assert_eq!(same.room(Some(&"a".into())), same.room(None));
    assert_eq!((&same.room(None).voice, same.room(None).diagonal_in), (&VoiceSetting::None, 32.0));
}

#[test]
fn a_folder_of_pictures_that_is_not_there_is_told_of_and_the_box_runs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("antrean.toml");
    std::fs::write(&path, GOOD.replace("[web]", "[lobby]\npictures = \"pictures\"\n[web]")).unwrap();
    let config = || config::load(&path, Options::default()).unwrap();
    let told = config().warnings.map(|told| told.render(false)).unwrap_or_default();
    assert!(told.contains("there is no folder `pictures`") && told.contains("make the folder"), "{told}");
    std::fs::create_dir(folder.path().join("pictures")).unwrap();
    let config = config();
    assert_eq!(config.warnings, None);
    let pictures = config.lobby.pictures.unwrap();
    assert_eq!((pictures.folder, pictures.after_s), (folder.path().join("pictures"), 60));
}
