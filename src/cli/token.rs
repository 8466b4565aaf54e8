//! `antrean token`: a bearer token for a program, shown once.

use std::process::ExitCode;

use sha2::{Digest, Sha256};

use super::exit;

#[derive(Debug, clap::Args)]
pub struct Args {
    /// What the program is called in logs and on tickets
    #[arg(long)]
    name: String,
    /// What it may do: issue, call, supervise; several with commas
    #[arg(long, value_delimiter = ',', required = true, value_parser = ["issue", "call", "supervise"])]
    scope: Vec<String>,
    /// Print JSON: {"token", "hash", "toml"}
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> ExitCode {
    let mut bytes = [0u8; 24];
    if let Err(error) = getrandom::fill(&mut bytes) {
        eprintln!("antrean token: the system gives no random numbers: {error}");
        return ExitCode::from(exit::PROBLEM);
    }
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let token = format!("antrean_{}", hex(&bytes));
    let hash = format!("sha256:{}", hex(&Sha256::digest(token.as_bytes())));
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let scopes: Vec<String> = args.scope.iter().map(|scope| quoted(scope)).collect();
    let block = format!(
        "[[api_token]]\nname = {}\nscopes = [{}]\nhash = {}\n",
        quoted(&args.name),
        scopes.join(", "),
        quoted(&hash)
    );
    if args.json {
        println!("{}", serde_json::json!({ "token": token, "hash": hash, "toml": block }));
    } else {
        eprintln!("The token, shown this once:\n");
        println!("{token}\n");
        eprintln!("Put this block into the config file, then start antrean again:\n");
        print!("{block}");
    }
    ExitCode::SUCCESS
}
