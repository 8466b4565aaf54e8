//! What the screens are given to show, made from the committed present.

use antrean_ui as ui;
use slint::{Color, Image, SharedString};

use super::code::Code;
use super::visit::Offer;
use super::wording;
use crate::hall::{Forecasts, Present};
use crate::queue::{
    Accent, Agency, At, Class, Closed, ClosedCode, Language, Rules, Service, ServiceId, SlipTrouble, Text,
    TicketView, Warning, Week, board, turn,
};
use crate::words::{clock, counters};

/// Finds a pictogram by its file name.
pub type Icons<'a> = &'a dyn Fn(&str) -> Image;

/// The languages a visitor can choose among.
pub fn languages(chosen: Language) -> Vec<ui::LanguageChoice> {
    let choice = |language: Language| ui::LanguageChoice {
        mark: language.code().to_uppercase().into(),
        name: language.own_name().into(),
        on: language == chosen,
    };
    Language::all().map(choice).collect()
}

/// What a finger may ask for now.
pub fn offers(present: &Present) -> Vec<Offer> {
    let row = |row: &board::AgencyRow| Offer {
        agency: row.id.clone(),
        closed: (!row.open).then(|| row.closed.clone().unwrap_or(UNTOLD)),
        services: row.services.iter().map(|service| (service.id.clone(), closed(service))).collect(),
    };
    present.board().agencies.iter().map(row).collect()
}

/// Closed, and the journal has not said why yet.
const UNTOLD: Closed = Closed { code: ClosedCode::NotYetOpen, until: None, opens: None, name: None };

fn closed(row: &board::ServiceRow) -> Option<Closed> {
    (!row.open).then(|| row.closed.clone().unwrap_or(UNTOLD))
}

/// What opens next in a building in which nothing is open.
pub fn next_opening(present: &Present) -> Option<Closed> {
    let rows = present.board().agencies.iter();
    wording::soonest(rows.filter_map(|row| row.closed.clone()))
}

/// More rows than these are no glance.
const ROWS_OF_HOURS: usize = 4;

/// The week's hours, days that are alike in one row; nothing where that would be too many rows.
pub fn opening_hours(week: &Week, language: Language) -> Vec<ui::OpeningHours> {
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for (day, spans) in week.days.iter().enumerate() {
        match rows.last_mut() {
            _ if spans.is_empty() => {}
            Some((_, last)) if *last + 1 == day && week.days[*last] == *spans => *last = day,
            _ => rows.push((day, day)),
        }
    }
    if rows.len() > ROWS_OF_HOURS {
        return Vec::new();
    }
    let row = |&(first, last): &(usize, usize)| ui::OpeningHours {
        days: wording::days(first, last, language).into(),
        times: wording::times(&week.days[first], language).into(),
    };
    rows.iter().map(row).collect()
}

/// What a tile says of its queue, and the same in a word.
struct Said {
    state: ui::TileState,
    status: SharedString,
    brief: SharedString,
}

/// "Walk straight in" is said where a clerk is free, and never with a warning.
fn said(
    closed: Option<&Closed>,
    warning: Option<Warning>,
    waiting: usize,
    free: bool,
    now: At,
    language: Language,
) -> Said {
    match (closed, warning) {
        (Some(closed), _) => {
            let full = closed.code == ClosedCode::QuotaFull;
            Said {
                state: if full { ui::TileState::Full } else { ui::TileState::Closed },
                status: wording::closed_pill(closed, now, language).into(),
                brief: wording::closed_word(closed.code, language).into(),
            }
        }
        (None, Some(warning)) => Said {
            state: ui::TileState::Waiting,
            status: wording::warning(warning, language).into(),
            brief: wording::warning_word(warning, language).into(),
        },
        (None, None) => Said {
            state: if waiting == 0 && free { ui::TileState::WalkIn } else { ui::TileState::Waiting },
            status: SharedString::new(),
            brief: SharedString::new(),
        },
    }
}

/// The tiles of home, in the order of the config.
pub fn tiles(
    present: &Present,
    forecasts: &Forecasts,
    now: At,
    language: Language,
    icons: Icons<'_>,
) -> Vec<ui::AgencyTile> {
    let rows = present.rules.agencies.iter().zip(&present.board().agencies);
    rows.map(|(agency, row)| tile(present, agency, row, forecasts, now, language, icons)).collect()
}

/// The longest word of these names: it decides how narrow a tile may be.
pub fn longest_word<'a>(names: impl Iterator<Item = &'a Text>, language: Language) -> SharedString {
    let words = names.flat_map(|name| name.in_language(language).split_whitespace());
    words.max_by_key(|word| word.chars().count()).unwrap_or_default().into()
}

/// One agency's tile.
pub fn tile(
    present: &Present,
    agency: &Agency,
    row: &board::AgencyRow,
    forecasts: &Forecasts,
    now: At,
    language: Language,
    icons: Icons<'_>,
) -> ui::AgencyTile {
    let closed = (!row.open).then(|| row.closed.clone().unwrap_or(UNTOLD));
    let free = |service: &Service| turn::is_free(&present.rules, &present.day, &service.id);
    let free = agency.services.iter().any(free);
    let said = said(closed.as_ref(), row.warning, row.waiting, free, now, language);
    ui::AgencyTile {
        id: agency.id.as_str().into(),
        letter: agency.prefix.as_str().into(),
        name: agency.name.in_language(language).into(),
        hint: agency.hint.in_language(language).into(),
        accent: colour(agency.accent),
        pictogram_dark: dark_pictogram(agency.accent),
        icon: icons(&agency.icon),
        state: said.state,
        waiting: row.waiting as i32,
        wait: wording::wait(forecasts.of_agency(&row.id), language).into(),
        status: said.status,
        brief: said.brief,
        card: card_at_home(agency).map(|service| service.id.as_str()).unwrap_or_default().into(),
    }
}

/// The service whose card is read from home: an agency's only one, whose tile gives a number at once.
fn card_at_home(agency: &Agency) -> Option<&Service> {
    match agency.services.as_slice() {
        [only] if !only.card.is_empty() => Some(only),
        _ => None,
    }
}

/// The longest word of the names that stand beside a card's button, and have less room.
pub fn longest_word_beside_card(agencies: &[Agency], language: Language) -> SharedString {
    let beside = agencies.iter().filter(|agency| card_at_home(agency).is_some());
    longest_word(beside.map(|agency| &agency.name), language)
}

/// The rows of one agency's services.
pub fn services(
    present: &Present,
    agency: &Agency,
    now: At,
    language: Language,
    icons: Icons<'_>,
) -> Vec<ui::ServiceRow> {
    let row = present.board().agencies.iter().find(|row| row.id == agency.id);
    let rows = agency.services.iter().zip(row.map_or(&[][..], |row| &row.services));
    rows.map(|(service, row)| {
        // Nobody may wait for this service, and thirty for others at the same counters.
        let ahead = turn::ahead_of_newcomer(&present.rules, &present.day, &service.id);
        let free = turn::is_free(&present.rules, &present.day, &service.id);
        let said = said(closed(row).as_ref(), row.warning, ahead, free, now, language);
        ui::ServiceRow {
            id: service.id.as_str().into(),
            name: service.name.in_language(language).into(),
            hint: service.hint.in_language(language).into(),
            bring: service.bring.in_language(language).into(),
            icon: icons(&service.icon),
            accent: colour(agency.accent),
            state: said.state,
            waiting: ahead as i32,
            status: said.status,
            brief: said.brief,
            has_card: !service.card.is_empty(),
        }
    })
    .collect()
}

/// What a service asks for.
pub struct CardFace {
    pub name: SharedString,
    pub requirements: Vec<SharedString>,
    pub time: SharedString,
    pub fee: SharedString,
    pub open: bool,
    pub status: SharedString,
}

/// The card of a service.
pub fn card(present: &Present, agency: &Agency, service: &Service, now: At, language: Language) -> CardFace {
    let rows =
        present.board().agencies.iter().filter(|row| row.id == agency.id).flat_map(|row| &row.services);
    let closed = rows.into_iter().find(|row| row.id == service.id).and_then(closed);
    let text = |text: &Text| SharedString::from(text.in_language(language));
    CardFace {
        name: text(&service.name),
        requirements: service.card.requirements.iter().map(text).collect(),
        time: text(&service.card.time),
        fee: text(&service.card.fee),
        open: closed.is_none(),
        status: closed.map(|closed| wording::closed_pill(&closed, now, language)).unwrap_or_default().into(),
    }
}

/// A ticket that has no number yet: what was asked for.
pub fn wished(rules: &Rules, service: &ServiceId, language: Language, icons: Icons<'_>) -> ui::TicketFace {
    let known = rules.service(service);
    let agency = known.map(|(agency, _)| agency);
    let text = |text: Option<&str>| SharedString::from(text.unwrap_or_default());
    ui::TicketFace {
        agency: text(agency.map(|agency| agency.name.in_language(language))),
        agency_full: text(agency.map(|agency| agency.full_name.in_language(language))),
        service: text(known.map(|(_, service)| service.name.in_language(language))),
        accent: colour(agency.map_or(Accent::INK, |agency| agency.accent)),
        pictogram_dark: agency.is_some_and(|agency| dark_pictogram(agency.accent)),
        icon: icons(agency.map_or("document", |agency| &agency.icon)),
        ..ui::TicketFace::default()
    }
}

/// The ticket as the screen shows it; `code` where visitors have a network.
pub fn ticket(
    rules: &Rules,
    ticket: &TicketView,
    trouble: Option<SlipTrouble>,
    code: Option<&Code>,
    language: Language,
    icons: Icons<'_>,
) -> ui::TicketFace {
    let agency = rules.service(&ticket.service).map(|(agency, _)| agency);
    let zone = agency.and_then(|agency| rules.zone(agency.zone.as_ref()?));
    let text = |text: Option<&str>| SharedString::from(text.unwrap_or_default());
    ui::TicketFace {
        letter: ticket.number.prefix.as_str().into(),
        digits: ticket.number.digits().into(),
        date: wording::short_date(ticket.issued_at, language).into(),
        time: clock(ticket.issued_at, language).into(),
        ahead: ticket.ahead.unwrap_or(0) as i32,
        wait: wording::wait(ticket.forecast, language).into(),
        zone: text(zone.map(|zone| zone.letter.as_str())),
        zone_line: text(zone.map(|zone| zone.name.in_language(language))),
        counters: counters(&ticket.counters, language).into(),
        floor: SharedString::new(),
        priority: ticket.class == Class::Priority,
        has_qr: code.is_some(),
        qr: code.map(|code| code.image.clone()).unwrap_or_default(),
        wifi: code.map(|code| code.wifi.clone()).unwrap_or_default(),
        why: wording::no_paper(trouble, language).into(),
        ..wished(rules, &ticket.service, language, icons)
    }
}

fn colour(accent: Accent) -> Color {
    Color::from_argb_encoded(0xff00_0000 | accent.0)
}

/// Whether pictograms on this colour are drawn in ink.
fn dark_pictogram(accent: Accent) -> bool {
    accent.pictogram() == Accent::INK
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use chrono::NaiveTime;

    use super::*;
    use crate::queue::Span;

    fn span(from: u32, to: u32) -> Span {
        let hour = |hour| NaiveTime::from_hms_opt(hour, 30, 0).unwrap();
        Span { from: hour(from), to: hour(to) }
    }

    fn read(week: &Week) -> Vec<String> {
        let rows = opening_hours(week, Language::ID).into_iter();
        rows.map(|row| format!("{}: {}", row.days, row.times)).collect()
    }

    #[test]
    fn days_that_are_alike_share_a_row_and_closed_ones_have_none() {
        let mut week = Week::default();
        week.days[..4].fill(vec![span(7, 15)]);
        week.days[4] = vec![span(7, 11), span(13, 15)];
        assert_eq!(read(&week), ["Senin–Kamis: 07.30–15.30", "Jumat: 07.30–11.30, 13.30–15.30"]);
        week.days[6] = vec![span(7, 15)];
        assert_eq!(read(&week)[2], "Minggu: 07.30–15.30");
        // Saturday alone differs from both its neighbours.
        week.days[5] = vec![span(8, 9)];
        assert_eq!(read(&week).len(), 4);
        week.days[2] = vec![span(9, 10)];
        assert!(read(&week).is_empty(), "six rows are too many");
    }
}
