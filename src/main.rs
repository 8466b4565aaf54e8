//! The `antrean` program.

fn main() {}
