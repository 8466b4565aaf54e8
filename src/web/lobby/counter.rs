//! The tablet above a counter: its number, and whose turn it is there.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};

use super::{Shared, nowhere};
use crate::queue::{Agency, Counter};
use crate::web::{error, landing};

#[derive(Template)]
#[template(path = "counter.html")]
struct Page<'a> {
    counter: &'a Counter,
    agency: &'a Agency,
    demo: bool,
}

impl Page<'_> {
    fn emblem(&self) -> String {
        landing::emblem(self.agency)
    }

    /// The counter's number in its door.
    fn door(&self) -> String {
        let number = self.counter.number;
        let size = if number > 99 { 44 } else { 62 };
        format!(
            "<svg class=\"door\" viewBox=\"0 0 104 124\"><path d=\"{}\" fill=\"currentColor\"/>\
             <text x=\"52\" y=\"82\" font-size=\"{size}\" text-anchor=\"middle\" dominant-baseline=\"central\">{number}</text></svg>",
            landing::DOOR
        )
    }
}

/// `GET /lobby/counter/{n}`: the counter that bears this number.
pub async fn page(State(house): State<Shared>, Path(number): Path<String>) -> Response {
    let present = house.hall.present();
    let rules = &present.rules;
    let counter = rules
        .counters
        .iter()
        .find(|counter| number.parse().is_ok_and(|number: u16| number == counter.number));
    let Some((counter, agency)) = counter.and_then(|its| Some((its, rules.agency(&its.agency)?))) else {
        return nowhere("Loket tidak dikenal.", "There is no such counter.");
    };
    match (Page { counter, agency, demo: house.settings.demo_pin.is_some() }).render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => error::broken(&error),
    }
}
