//! Antrean: the queue-ticketing appliance of public-service malls.

pub mod queue;
