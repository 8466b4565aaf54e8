//! Antrean: the queue-ticketing appliance of public-service malls.

pub mod clock;
pub mod queue;
