//! What is foretold of each agency, for whoever asks.
//!
//! Forecasts follow from the committed day and the time, so nobody writes them down: the first who asks
//! within a moment works them out, and the others get the same.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use serde::Serialize;
use utoipa::ToSchema;

use super::present::Present;
use crate::queue::{AgencyId, At, Forecast, forecast};

/// So long a forecast is the newest: a wait is told in steps of five minutes.
const FRESH: TimeDelta = TimeDelta::seconds(5);

/// How long who takes a number now will wait, for each agency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Forecasts {
    #[schema(value_type = String, format = DateTime)]
    pub at: At,
    pub agencies: Vec<AgencyForecast>,
}

/// One agency's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgencyForecast {
    pub id: AgencyId,
    /// None where too little is known, or no counter is open.
    pub forecast: Option<Forecast>,
}

impl Forecasts {
    fn of(present: &Present, now: At) -> Self {
        let (rules, day) = (&present.rules, &present.day);
        let agencies = rules.agencies.iter().map(|agency| AgencyForecast {
            id: agency.id.clone(),
            forecast: forecast::of_agency(rules, day, agency, now),
        });
        Self { at: now, agencies: agencies.collect() }
    }

    pub fn of_agency(&self, id: &AgencyId) -> Option<Forecast> {
        self.agencies.iter().find(|row| row.id == *id)?.forecast
    }
}

/// The newest ones, shared by all handles on the hall.
#[derive(Debug, Default)]
pub(super) struct Newest(Mutex<Option<Arc<Forecasts>>>);

impl Newest {
    pub(super) fn at(&self, present: &Present, now: At) -> Arc<Forecasts> {
        let mut newest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let stands = |known: &&Arc<Forecasts>| (TimeDelta::zero()..FRESH).contains(&(now - known.at));
        match newest.as_ref().filter(stands) {
            Some(known) => known.clone(),
            None => newest.insert(Arc::new(Forecasts::of(present, now))).clone(),
        }
    }
}
