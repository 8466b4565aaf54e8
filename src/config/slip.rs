//! `[slip]`: what slips look like.

use std::cell::RefCell;
use std::io;
use std::ops::Range;
use std::sync::Arc;

use super::beside::{Beside, Named, why};
use super::problems::Problems;
use super::reader::{Notes, Table, Value};
use super::words::line;
use crate::slip::{Logo, Template, Width};

/// What slips look like.
#[derive(Debug, Clone, PartialEq)]
pub struct SlipConfig {
    pub template: Arc<Template>,
    /// The mall's logo, once for each width of paper.
    logos: Vec<(Width, Arc<Logo>)>,
}

impl SlipConfig {
    /// Whether both have one logo, or none.
    pub(super) fn has_logo_of(&self, other: &Self) -> bool {
        self.logos == other.logos
    }

    /// The logo for paper of this width.
    pub fn logo(&self, width: Width) -> Option<Arc<Logo>> {
        self.logos.iter().find(|(its, _)| *its == width).map(|(_, logo)| logo.clone())
    }
}

/// A template is a page of text.
const MOST_OF_A_TEMPLATE: u64 = 16 << 10;
const MOST_OF_A_LOGO: u64 = 1 << 20;

/// The section, and where it names its template.
pub(super) fn slip(
    root: &mut Table<'_>,
    beside: Beside<'_>,
    others: &RefCell<Vec<Problems>>,
) -> Option<(SlipConfig, Option<Range<usize>>)> {
    let mut slip = root.optional_section("slip")?;
    let mut place = None;
    let template = slip.optional("template", Template::usual(), |value| {
        place = Some(value.span());
        template(value, beside, others)
    });
    // A slip without its logo is a slip: the box runs on, and somebody is told.
    let logos = slip.optional("logo", Vec::new(), |value| logos(value, beside));
    Some((SlipConfig { template: template?, logos: logos? }, place))
}

fn template(value: &Value<'_>, beside: Beside<'_>, others: &RefCell<Vec<Problems>>) -> Option<Arc<Template>> {
    let path = line(value)?;
    let Named { name, bytes } = match beside.read(path, MOST_OF_A_TEMPLATE) {
        Ok(file) => file,
        Err(error) => {
            let (message, hint) = unreadable(path, &error);
            return value.refuse("unreadable_file", message, hint);
        }
    };
    let problems = match String::from_utf8(bytes) {
        Err(error) => super::not_utf8(&name, &error),
        Ok(text) => match Template::read(&text) {
            Ok(template) => return Some(Arc::new(template)),
            Err(mistakes) => {
                let notes = Notes::new(&text);
                for mistake in mistakes {
                    notes.add(mistake.span, mistake.code, mistake.message, mistake.hint);
                }
                let list = notes.into_problems();
                Problems { file: name, text, list, beside: Vec::new() }
            }
        },
    };
    others.borrow_mut().push(problems);
    None
}

fn logos(value: &Value<'_>, beside: Beside<'_>) -> Option<Vec<(Width, Arc<Logo>)>> {
    let path = line(value)?;
    let file = match beside.read(path, MOST_OF_A_LOGO) {
        Ok(file) => file,
        Err(error) => {
            let (message, hint) = unreadable(path, &error);
            value.warn("unreadable_logo", format!("{message}: slips have no logo"), hint);
            return Some(Vec::new());
        }
    };
    let logo = |width| Logo::read(&file.bytes, width).map(|logo| (width, Arc::new(logo)));
    match [Width::Mm58, Width::Mm80].into_iter().map(logo).collect() {
        Ok(logos) => Some(logos),
        Err(error) => {
            let hint = "a black drawing on white, saved as PNG, at most 576 × 96 dots".to_owned();
            value.warn("unreadable_logo", format!("{}: {error}: slips have no logo", file.name), hint);
            Some(Vec::new())
        }
    }
}

/// What is said, and what can be done.
fn unreadable(path: &str, error: &io::Error) -> (String, String) {
    let hint = match error.kind() {
        io::ErrorKind::NotFound => "the path is relative to the folder of this config",
        io::ErrorKind::PermissionDenied => "let the user of the box read it: chmod a+r",
        _ => "name a file",
    };
    (format!("`{path}` cannot be read: {}", why(error)), hint.to_owned())
}
