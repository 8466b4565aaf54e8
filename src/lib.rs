//! Antrean: the queue-ticketing appliance of public-service malls.

pub mod appliance;
pub mod cli;
pub mod clock;
pub mod config;
pub mod hall;
pub mod kiosk;
pub mod printer;
pub mod queue;
pub mod slip;
pub mod store;
pub mod tasks;
pub mod web;
