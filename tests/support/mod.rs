//! What the tests share. Every file of tests uses a part of it.
#![allow(dead_code, clippy::unwrap_used)]

pub mod chance;
pub mod chromium;
pub mod days;
pub mod house;
pub mod kiosk;
pub mod malls;
pub mod mode;
pub mod month;
pub mod office;
pub mod paper;
pub mod program;
pub mod rules;
pub mod scenario;
pub mod seasons;
pub mod site;
pub mod web;
