//! `antrean pin`: the `[[staff]]` block for somebody who signs in.

use std::io::{BufRead, IsTerminal, Write};
use std::process::ExitCode;

use argon2::Argon2;
use argon2::password_hash::PasswordHasher;
use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};

use super::exit;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// Short name for files and logs, such as ani
    #[arg(long)]
    id: String,
    /// The name shown on the sign-in page [default: the id]
    #[arg(long)]
    name: Option<String>,
    /// clerk, desk, supervisor, manager or technician
    #[arg(long, default_value = "clerk", value_parser = ["clerk", "desk", "supervisor", "manager", "technician"])]
    role: String,
    /// The agency a clerk belongs to
    #[arg(long)]
    agency: Option<String>,
    /// Print JSON: {"hash", "toml"}
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> ExitCode {
    let pin = match read_pin() {
        Ok(pin) => pin,
        Err(reason) => {
            eprintln!("antrean pin: {reason}");
            return ExitCode::from(exit::USAGE);
        }
    };
    // On the kiosk's panel it stays what it is.
    if crate::web::is_guessable(&pin) {
        eprintln!(
            "antrean pin: this PIN is among the first that anybody tries; take another. [guessable_pin]"
        );
        return ExitCode::from(exit::PROBLEM);
    }
    let hash = match Argon2::default().hash_password(pin.as_bytes()) {
        Ok(hash) => hash.to_string(),
        Err(error) => {
            eprintln!("antrean pin: the PIN cannot be hashed: {error}");
            return ExitCode::from(exit::PROBLEM);
        }
    };
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let mut block = format!("[[staff]]\nid = {}\n", quoted(&args.id));
    block += &format!(
        "name = {}\nrole = {}\n",
        quoted(args.name.as_ref().unwrap_or(&args.id)),
        quoted(&args.role)
    );
    if let Some(agency) = &args.agency {
        block += &format!("agency = {}\n", quoted(agency));
    }
    block += &format!("pin_hash = {}\n", quoted(&hash));
    if args.json {
        println!("{}", serde_json::json!({ "hash": hash, "toml": block }));
    } else {
        eprintln!(
            "Put this block into the config file; a running box takes it over by itself, the kiosk's own panel at its next \
             start. Whoever signs in with this PIN chooses their own then:\n"
        );
        print!("{block}");
    }
    ExitCode::SUCCESS
}

/// Six digits from the terminal, unseen, or the first line of a pipe.
fn read_pin() -> Result<String, String> {
    let stdin = std::io::stdin();
    let ask = |what: &str| -> Result<String, String> {
        eprint!("{what}: ");
        std::io::stderr().flush().map_err(|error| error.to_string())?;
        let shown = tcgetattr(&stdin).map_err(|error| error.to_string())?;
        let mut hidden = shown.clone();
        hidden.local_modes.remove(LocalModes::ECHO);
        tcsetattr(&stdin, OptionalActions::Flush, &hidden).map_err(|error| error.to_string())?;
        let line = line(&mut stdin.lock());
        tcsetattr(&stdin, OptionalActions::Flush, &shown).map_err(|error| error.to_string())?;
        eprintln!();
        line
    };
    let pin = if stdin.is_terminal() {
        let pin = ask("PIN (six digits)")?;
        if ask("The same again")? != pin {
            return Err("the two PINs differ; try again".to_owned());
        }
        pin
    } else {
        line(&mut stdin.lock())?
    };
    if pin.len() == 6 && pin.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(pin)
    } else {
        Err("a PIN is six digits; try again".to_owned())
    }
}

fn line(input: &mut impl BufRead) -> Result<String, String> {
    let mut line = String::new();
    input.read_line(&mut line).map_err(|error| error.to_string())?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
