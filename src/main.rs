//! The `antrean` program.

fn main() -> std::process::ExitCode {
    antrean::cli::main()
}
