//! The files of a slip beside the config: its template and the logo, and what is said of them.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use antrean::config::{self, Config, Gravity, LoadError, Options, Problems};
use antrean::slip::{Template, Width};

/// The Langsa config in a folder of its own, with keys in its `[slip]` and a printer.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(slip: &str, printer: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let text = config::DEFAULT
            .replace("[slip]\n", &format!("[slip]\n{slip}\n"))
            .replace("port = \"preview\"\n", &format!("port = \"preview\"\n{printer}\n"));
        std::fs::write(folder.path().join("antrean.toml"), text).unwrap();
        Self(folder)
    }

    fn and(self, name: &str, bytes: impl AsRef<[u8]>) -> Self {
        std::fs::write(self.path(name), bytes).unwrap();
        self
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn load(&self) -> Result<Config, Problems> {
        match config::load(&self.path("antrean.toml"), Options::default()) {
            Ok(config) => Ok(config),
            Err(LoadError::Wrong(problems)) => Err(problems),
            Err(LoadError::Unreadable { source, .. }) => panic!("{source}"),
        }
    }

    fn fine(&self) -> Config {
        self.load().unwrap_or_else(|problems| panic!("{problems}"))
    }

    /// The report without the folder's name.
    fn refused(&self) -> String {
        self.without_folder(&self.load().unwrap_err().render(false))
    }

    fn warned(&self) -> String {
        self.fine().warnings.map_or_else(String::new, |warnings| self.without_folder(&warnings.render(false)))
    }

    fn without_folder(&self, report: &str) -> String {
        report.replace(&format!("{}/", self.0.path().display()), "")
    }
}

const TEMPLATE: &str = "template = \"slip.txt\"";
const LOGO: &str = "logo = \"logo.png\"";

/// A PNG file of one shade.
fn png(width: u32, height: u32, shade: u8) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Grayscale);
    let dots = vec![shade; (width * height) as usize];
    encoder.write_header().unwrap().write_image_data(&dots).unwrap();
    file
}

#[test]
fn the_site_as_delivered_has_nothing_to_be_warned_of() {
    let config = Folder::with("", "").fine();
    assert_eq!(config.warnings, None);
    assert_eq!(config.slip.template, Template::usual());
    let own = Folder::with(TEMPLATE, "").and("slip.txt", Template::DEFAULT).fine();
    assert_eq!((own.warnings, own.slip.template), (None, Template::usual()), "a copy is the same");
}

#[test]
fn a_template_of_ones_own_is_used_by_every_printer() {
    let folder = Folder::with(TEMPLATE, "paper_mm = 58").and("slip.txt", "number | {number}");
    let config = folder.fine();
    assert_ne!(config.slip.template, Template::usual());
    assert_eq!(config.printers[0].paper.template, config.slip.template);
    assert_eq!(config.printers[0].paper.width, Width::Mm58);
}

#[test]
fn mistakes_of_the_template_are_told_in_the_template() {
    let folder = Folder::with(&format!("{TEMPLATE}\nlogoo = \"x\""), "baud = 9601")
        .and("slip.txt", "# Tiket\r\nbg | {plac}\r\n[lgo]\r\nnumber | {number}\r\n");
    let report = folder.refused();
    let (config, template) = report.split_once("2 problems in antrean.toml\n\n").unwrap();
    assert!(config.contains("error[unknown_key]") && config.contains("error[unknown_word]"), "{config}");
    insta::assert_snapshot!(template, @r"
    error[unknown_mark]: `bg` is not a mark
     --> slip.txt:2:1
      |
    2 | bg | {plac}
      | ^^
      |
      = help: did you mean `big`?

    error[unknown_placeholder]: there is no placeholder {plac}
     --> slip.txt:2:6
      |
    2 | bg | {plac}
      |      ^^^^^^
      |
      = help: did you mean `place`?

    error[unknown_block]: there is no block [lgo]
     --> slip.txt:3:1
      |
    3 | [lgo]
      | ^^^^^
      |
      = help: did you mean `logo`?

    3 problems in slip.txt
    ");
    let json = folder.load().unwrap_err().to_json();
    let places: Vec<_> = json.as_array().unwrap().iter().map(|problem| problem["line"].as_u64()).collect();
    assert_eq!(places.len(), 5);
    assert!(json[4]["file"].as_str().unwrap().ends_with("slip.txt"), "{json}");
}

#[test]
fn a_template_that_cannot_be_read_is_told_where_it_is_named() {
    let missing = Folder::with(TEMPLATE, "").refused();
    assert!(
        missing.contains("error[unreadable_file]: `slip.txt` cannot be read: there is no such file"),
        "{missing}"
    );
    assert!(missing.contains("template = \"slip.txt\"") && missing.contains("the folder of this config"));
    let folder = Folder::with("template = \".\"", "").refused();
    assert!(folder.contains("`.` cannot be read: it is a folder"), "{folder}");
    let endless = Folder::with("template = \"/dev/zero\"", "").refused();
    assert!(endless.contains("`/dev/zero` cannot be read: it is no file"), "{endless}");
    let book = Folder::with(TEMPLATE, "").and("slip.txt", "x\n".repeat(20_000)).refused();
    assert!(book.contains("at most 16 KiB are read"), "{book}");
    let latin = Folder::with(TEMPLATE, "").and("slip.txt", b"number | {number}\nCaf\xe9\n").refused();
    assert!(latin.contains("error[not_utf8]") && latin.contains("slip.txt:2:4"), "{latin}");
    let empty = Folder::with(TEMPLATE, "").and("slip.txt", "").refused();
    assert!(empty.contains("error[no_number]") && empty.contains("slip.txt:1:1"), "{empty}");
    // An escape sequence would be acted upon by the terminal that shows it.
    let acts =
        Folder::with(TEMPLATE, "").and("slip.txt", "number | {number}\n{\x1b]0;x}\n[\x1b]\n").refused();
    assert!(!acts.contains('\x1b'), "{acts:?}");
}

#[test]
fn a_logo_that_cannot_be_used_is_a_warning_and_slips_have_none() {
    let cases: [(&str, Option<Vec<u8>>, &str); 6] = [
        (LOGO, None, "`logo.png` cannot be read: there is no such file"),
        ("logo = \".\"", None, "it is a folder"),
        (LOGO, Some(b"GIF89a".to_vec()), "logo.png: this is not a PNG file"),
        (LOGO, Some(png(8, 8, 255)), "nothing black in it"),
        (LOGO, Some(png(2001, 2, 0)), "2001 × 2 dots are too many"),
        (LOGO, Some(vec![0; (1 << 20) + 1]), "at most 1 MiB are read"),
    ];
    for (key, file, words) in cases {
        let mut folder = Folder::with(key, "");
        if let Some(file) = file {
            folder = folder.and("logo.png", file);
        }
        let report = folder.warned();
        assert!(report.contains("warning[unreadable_logo]") && report.contains(words), "{words}: {report}");
        assert!(
            report.contains("slips have no logo") && report.contains("1 warning in antrean.toml"),
            "{report}"
        );
        assert_eq!(folder.fine().printers[0].paper.picture, None);
    }
}

/// What a printer can do: its profile, unless a key of its own says otherwise.
#[test]
fn a_profile_says_what_a_printer_can_do_and_keys_say_otherwise() {
    let paper = |slip: &str, printer: &str| {
        Folder::with(slip, printer).and("logo.png", png(88, 96, 0)).fine().printers[0].paper.clone()
    };
    for (printer, cut, native_qr, keep_at) in [
        ("", true, true, None),
        ("profile = \"generic\"", true, true, None),
        ("profile = \"epson\"", true, true, Some(*b"A1")),
        ("profile = \"basic\"", false, false, None),
        ("profile = \"basic\"\ncut = true", true, false, None),
        ("profile = \"epson\"\ncut = false\nlogo = \"L7\"", false, true, Some(*b"L7")),
        ("profile = \"generic\"\nlogo = \"L7\"", true, true, Some(*b"L7")),
    ] {
        let paper = paper(LOGO, printer);
        assert_eq!((paper.cut, paper.native_qr, paper.keep_at), (cut, native_qr, keep_at), "{printer}");
        // Nobody knows yet whether it is stored.
        assert!(paper.logo.is_none() && paper.picture.is_some(), "{printer}");
    }
    // Without a file of ours the key is that of a logo somebody else has stored.
    let stored = paper("", "logo = \"L7\"");
    assert_eq!((stored.logo, stored.keep_at, stored.picture), (Some(*b"L7"), None, None));
    assert_eq!(paper("", "profile = \"epson\"").logo, None);
}

#[test]
fn a_heavy_slip_is_told_in_bytes_and_seconds() {
    let long = format!("{}{}", Template::DEFAULT, "Harap membawa dokumen asli dan salinannya.\n".repeat(6));
    let folder = Folder::with(TEMPLATE, "baud = 9600").and("slip.txt", long);
    let report = folder.warned();
    assert!(report.contains("warning[heavy_slip]: the longest slip of `printer-1` (Bea Cukai, "), "{report}");
    assert!(report.contains("s at 9600 baud") && report.contains("template = \"slip.txt\""), "{report}");
    // A logo with every slip.
    let carried = Folder::with(LOGO, "baud = 19200").and("logo.png", png(88, 96, 0)).warned();
    assert!(carried.contains("s at 19200 baud") && carried.contains("profile = \"epson\""), "{carried}");
    assert!(carried.contains("[[printer]]"), "{carried}");
    let kept = Folder::with(LOGO, "profile = \"epson\"").and("logo.png", png(88, 96, 0));
    assert_eq!(kept.fine().warnings, None, "kept in the printer it costs 11 bytes");
    let basic = Folder::with("", "profile = \"basic\"");
    assert_eq!(basic.fine().warnings, None, "nobody is warned of what a printer cannot do");
}

#[test]
fn a_warning_is_told_to_programs_as_one() {
    let config = Folder::with(LOGO, "").fine();
    let warnings = config.warnings.unwrap();
    assert!(!warnings.are_errors());
    assert_eq!(warnings.list[0].gravity, Gravity::Warning);
    let json = warnings.to_json();
    assert_eq!(
        (json[0]["level"].as_str(), json[0]["code"].as_str()),
        (Some("warning"), Some("unreadable_logo"))
    );
}

/// Errors and warnings of one file are told together.
#[test]
fn a_refused_file_tells_its_warnings_too() {
    let report = Folder::with(LOGO, "baud = 9601").refused();
    assert!(
        report.contains("warning[unreadable_logo]") && report.contains("error[unknown_word]"),
        "{report}"
    );
    assert!(report.contains("1 problem and 1 warning in antrean.toml"), "{report}");
}

#[test]
fn the_guide_shows_a_template_that_can_be_used() {
    let guide = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/slip.md")).unwrap();
    let example = guide.split("```slip\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    Template::read(example).unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    for word in ["{agency_full}", "{wifi}", "[feed 2]", "number", "bar", "basic", "epson"] {
        assert!(guide.contains(word), "docs/slip.md does not explain {word}");
    }
}
