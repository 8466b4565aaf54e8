//! What the tests share. Every file of tests uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

pub mod house;
pub mod paper;
pub mod rules;
