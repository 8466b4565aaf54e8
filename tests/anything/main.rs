//! Whatever is written into the files of a house, or comes over its wires: nothing breaks, every mistake is told
//! where it stands, and no text becomes a command. `ANTREAN_CASES` says how often each is tried; the short form
//! takes a few seconds.
#![allow(clippy::unwrap_used)]

#[path = "../support/mod.rs"]
mod support;

mod config_files;
mod escpos;
mod mangled;
mod other_files;
mod slips;
mod wire;
