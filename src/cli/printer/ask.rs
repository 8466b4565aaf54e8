//! Asks the box that runs; while none runs, opens the printers itself.

use std::path::PathBuf;
use std::process::ExitCode;

use crate::appliance::control;
use crate::appliance::technician::{Answer, Question};
use crate::appliance::{self, Plan};
use crate::cli::{Common, check, config_path, exit};
use crate::config::{self, Options};
use crate::queue::Language;

/// The box, or what stands in for it.
pub struct TheBox<'a> {
    common: &'a Common,
    /// Where a box listens, if one does.
    running: Option<PathBuf>,
}

impl<'a> TheBox<'a> {
    /// Finds the running box: in the named data folder, or else in the usual ones.
    pub fn find(common: &'a Common) -> Self {
        let usual = ["data", "data-demo", "/var/lib/antrean"].map(PathBuf::from);
        let folders = common.data.clone().map_or_else(|| usual.to_vec(), |named| vec![named]);
        let listens =
            |folder: &PathBuf| std::os::unix::net::UnixStream::connect(control::socket(folder)).is_ok();
        Self { common, running: folders.into_iter().find(listens) }
    }

    pub fn runs(&self) -> bool {
        self.running.is_some()
    }

    /// Answers, or has said why not.
    pub fn ask(&self, question: &Question) -> Result<Answer, ExitCode> {
        let Some(data) = &self.running else { return self.answer_alone(question) };
        match control::ask(data, question) {
            Ok(Some(Answer::Refused { code, message })) => {
                eprintln!("antrean: {message}. [{code}]");
                Err(ExitCode::from(exit::PROBLEM))
            }
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => self.answer_alone(question),
            Err(error) => {
                let socket = control::socket(data);
                eprintln!("antrean: the box at {} does not answer: {error}. [control]", socket.display());
                Err(ExitCode::from(exit::USAGE))
            }
        }
    }

    fn answer_alone(&self, question: &Question) -> Result<Answer, ExitCode> {
        let path = config_path(self.common);
        let config =
            config::load(&path, Options::default()).map_err(|error| check::refuse(&error, &path, false))?;
        let plan = Plan {
            config,
            data: crate::cli::data::folder(self.common),
            listen: self.common.listen.unwrap_or_else(|| ([0, 0, 0, 0], 8080).into()),
            demo: false,
            window: false,
            file: None,
        };
        match appliance::answer_alone(&plan, question.clone()) {
            Answer::Refused { code, message } => {
                eprintln!("antrean: {message}. [{code}]");
                Err(ExitCode::from(exit::PROBLEM))
            }
            answer => Ok(answer),
        }
    }
}

/// The language of the terminal.
pub(in crate::cli) fn language() -> Language {
    let said = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        (!value.is_empty()).then_some(value)
    });
    if said.is_some_and(|value| value.starts_with("id")) { Language::ID } else { Language::EN }
}
