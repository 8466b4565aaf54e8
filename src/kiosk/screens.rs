//! What stands on the screens: the visitor's doors of `ui/doors` are filled here and nowhere else.

use std::rc::Rc;
use std::sync::Arc;

use antrean_ui as ui;
use slint::{ComponentHandle, Image, Model, ModelRc, VecModel};

use super::code::Code;
use super::faces;
use super::stage::Settings;
use super::visit::{Ms, Screen, Visit};
use super::wording;
use crate::hall::{Forecasts, Present};
use crate::queue::{
    AgencyId, At, Closed, ClosedCode, Language, Rules, ServiceId, SlipTrouble, Text, TicketId, TicketView,
    board, turn,
};
use crate::words::{clock, long_date};

/// The screens with their lists.
pub struct Screens {
    app: ui::App,
    place: Text,
    city: Text,
    tiles: Rc<VecModel<ui::AgencyTile>>,
    services: Rc<VecModel<ui::ServiceRow>>,
    requirements: Rc<VecModel<slint::SharedString>>,
    languages: Rc<VecModel<ui::LanguageChoice>>,
    hours: Rc<VecModel<ui::OpeningHours>>,
}

/// What the screens are filled from.
pub struct Moment<'a> {
    pub present: &'a Arc<Present>,
    pub forecasts: &'a Forecasts,
    pub now: At,
    pub language: Language,
}

/// Which screen it is, and whose.
pub struct Shown<'a> {
    pub screen: &'a Screen,
    pub ticket: Option<&'a TicketView>,
    /// The code that leads a phone to it, where visitors have a network.
    pub code: Option<&'a Code>,
    /// The ticket whose paper is on its way.
    pub awaited: Option<TicketId>,
    /// How far the card on the screen is with its paper; none where there is nothing to print it on.
    pub print: Option<ui::CardPrint>,
}

impl Screens {
    pub fn new(app: &ui::App, settings: &Settings) -> Self {
        let screens = Self {
            app: app.clone_strong(),
            place: settings.place.clone(),
            city: settings.city.clone(),
            tiles: Rc::default(),
            services: Rc::default(),
            requirements: Rc::default(),
            languages: Rc::default(),
            hours: Rc::default(),
        };
        app.set_kiosk(settings.full_screen);
        let stage = app.global::<ui::Stage>();
        stage.set_diagonal_in(settings.diagonal_in.unwrap_or(0.0));
        stage.set_demo(settings.demo);
        app.global::<ui::Home>().set_agencies(ModelRc::from(screens.tiles.clone()));
        app.global::<ui::Services>().set_services(ModelRc::from(screens.services.clone()));
        app.global::<ui::ServiceCard>().set_requirements(ModelRc::from(screens.requirements.clone()));
        app.global::<ui::Access>().set_languages(ModelRc::from(screens.languages.clone()));
        app.global::<ui::Notice>().set_hours(ModelRc::from(screens.hours.clone()));
        screens
    }

    /// What stands around every screen.
    pub fn show_frame(&self, visit: &Visit, now: At, ms: Ms) {
        let access = visit.access();
        let language = access.language;
        let stage = self.app.global::<ui::Stage>();
        stage.set_place(self.place.in_language(language).into());
        stage.set_city(self.city.in_language(language).into());
        stage.set_time(clock(now, language).into());
        stage.set_date(long_date(now, language).into());
        stage.set_priority(visit.is_priority());
        let notice = visit.without_paper().map(|instead| wording::before_no_paper(instead, language));
        self.app.global::<ui::Home>().set_notice(notice.unwrap_or_default().into());
        stage.set_still_here_s(visit.still_here_s(ms).unwrap_or(0) as i32);
        let (left, whole) = visit.leaves_in(ms).unwrap_or((0, 1));
        stage.set_seconds_left(left.div_ceil(1000) as i32);
        stage.set_seconds_share(left as f32 / whole as f32);
        let door = self.app.global::<ui::Access>();
        let languages = faces::languages(language);
        let mark = languages.iter().find(|choice| choice.on).map(|choice| choice.mark.clone());
        door.set_language_mark(mark.unwrap_or_default());
        fill(&self.languages, languages);
        door.set_large(access.large);
        door.set_contrast(access.contrast);
        door.set_low(access.low);
        door.set_sound(!access.mute);
    }

    /// The screen itself. Setting what is already set redraws nothing.
    pub fn show(&self, moment: &Moment<'_>, shown: &Shown<'_>) {
        let &Moment { present, forecasts, now, language } = moment;
        let &Shown { screen, ticket, code, awaited, print } = shown;
        let rules = &present.rules;
        let icons = self.app.global::<ui::Icons>();
        let icons = |name: &str| -> Image { icons.invoke_named(name.into()) };
        fill(&self.tiles, faces::tiles(present, forecasts, now, language, &icons));
        let (home, door) = (self.app.global::<ui::Home>(), self.app.global::<ui::Services>());
        let names = rules.agencies.iter().map(|agency| &agency.name);
        home.set_longest_word(faces::longest_word(names, language));
        let beside_card = faces::longest_word_beside_card(&rules.agencies, language);
        home.set_longest_word_beside_card(beside_card);
        match screen {
            Screen::Services(agency) | Screen::Card { agency, .. } => {
                if let Some((agency, row)) = rules.agency(agency).zip(row(present, agency)) {
                    door.set_agency(faces::tile(present, agency, row, forecasts, now, language, &icons));
                    door.set_full_name(agency.full_name.in_language(language).into());
                    fill(&self.services, faces::services(present, agency, now, language, &icons));
                    let names = agency.services.iter().map(|service| &service.name);
                    door.set_longest_word(faces::longest_word(names, language));
                    door.set_has_cards(agency.services.iter().any(|service| !service.card.is_empty()));
                }
                if let Screen::Card { service, .. } = screen {
                    self.show_card(moment, service, print);
                }
            }
            Screen::LongWait { service, wait } => {
                let door = self.app.global::<ui::LongWait>();
                if let Some((agency, service)) = rules.service(service) {
                    let names = [&agency.name, &service.name].map(|name| name.in_language(language));
                    door.set_agency_and_service(names.join(" · ").into());
                    let waiting = turn::ahead_of_newcomer(rules, &present.day, &service.id);
                    door.set_waiting(waiting as i32);
                }
                door.set_wait(wording::wait(Some(*wait), language).into());
            }
            Screen::TakeTicket { unproven, .. } => {
                self.show_ticket(rules, ticket, None, code, language, &icons);
                self.app.global::<ui::Ticket>().set_unproven(*unproven);
            }
            Screen::NumberOnScreen { trouble, .. } => {
                self.show_ticket(rules, ticket, *trouble, code, language, &icons)
            }
            Screen::Unavailable { agency, service, closed } => {
                let notice = self.app.global::<ui::Notice>();
                let agency = rules.agency(agency);
                // An agency with a single service is known by its own name.
                let several = agency.is_some_and(|agency| agency.services.len() > 1);
                let asked = service.as_ref().filter(|_| several).and_then(|service| rules.service(service));
                let name = match asked {
                    Some((_, service)) => Some(&service.name),
                    None => agency.map(|agency| &agency.name),
                };
                let name = name.map(|name| name.in_language(language)).unwrap_or_default();
                let (title, body) = wording::unavailable(name, closed.as_ref(), language);
                notice.set_has_icon(agency.is_some());
                if let Some(agency) = agency {
                    notice.set_icon(icons(&agency.icon));
                }
                self.show_notice(title, body, closed.as_ref(), now, language);
            }
            Screen::Closed => {
                let closed = faces::next_opening(present);
                let (title, body) = wording::all_closed(closed.as_ref(), now, language);
                let notice = self.app.global::<ui::Notice>();
                let code = closed.as_ref().map(|closed| closed.code);
                notice.set_before_opening(code == Some(ClosedCode::NotYetOpen));
                notice.set_has_icon(false);
                self.show_notice(title, body, closed.as_ref(), now, language);
                fill(&self.hours, faces::opening_hours(&rules.hours, language));
            }
            Screen::Home => door.set_page(0),
            Screen::Issuing(service) => {
                let issued = ticket.filter(|ticket| awaited == Some(ticket.id));
                let face = match issued {
                    Some(ticket) => faces::ticket(rules, ticket, None, None, language, &icons),
                    None => faces::wished(rules, service, language, &icons),
                };
                self.app.global::<ui::Ticket>().set_ticket(face);
            }
            Screen::Preparing | Screen::Priority | Screen::SeeStaff => {}
        }
        if !matches!(
            screen,
            Screen::Home
                | Screen::Priority
                | Screen::Services(_)
                | Screen::Card { .. }
                | Screen::LongWait { .. }
                | Screen::Unavailable { .. }
        ) {
            home.set_page(0);
        }
    }

    fn show_card(&self, moment: &Moment<'_>, service: &ServiceId, print: Option<ui::CardPrint>) {
        let &Moment { present, now, language, .. } = moment;
        let Some((agency, service)) = present.rules.service(service) else { return };
        let face = faces::card(present, agency, service, now, language);
        let door = self.app.global::<ui::ServiceCard>();
        door.set_id(service.id.as_str().into());
        door.set_name(face.name);
        fill(&self.requirements, face.requirements);
        door.set_time(face.time);
        door.set_fee(face.fee);
        door.set_open(face.open);
        door.set_status(face.status);
        door.set_can_print(print.is_some());
        door.set_print(print.unwrap_or(ui::CardPrint::Idle));
    }

    fn show_ticket(
        &self,
        rules: &Rules,
        ticket: Option<&TicketView>,
        trouble: Option<SlipTrouble>,
        code: Option<&Code>,
        language: Language,
        icons: faces::Icons<'_>,
    ) {
        if let Some(ticket) = ticket {
            self.app
                .global::<ui::Ticket>()
                .set_ticket(faces::ticket(rules, ticket, trouble, code, language, icons));
        }
    }

    fn show_notice(&self, title: String, body: String, closed: Option<&Closed>, now: At, language: Language) {
        let notice = self.app.global::<ui::Notice>();
        let opens = closed.and_then(|closed| closed.opens);
        notice.set_title(title.into());
        notice.set_body(body.into());
        let label =
            closed.filter(|_| opens.is_some()).map(|closed| wording::opening_label(closed.code, language));
        notice.set_when_label(label.unwrap_or_default().into());
        notice.set_when(opens.map(|opens| wording::opening(opens, now, language)).unwrap_or_default().into());
        notice.set_when_note(slint::SharedString::new());
    }
}

fn row<'a>(present: &'a Present, agency: &AgencyId) -> Option<&'a board::AgencyRow> {
    present.board().agencies.iter().find(|row| &row.id == agency)
}

pub fn face(screen: &Screen) -> ui::Screen {
    match screen {
        Screen::Preparing => ui::Screen::Preparing,
        Screen::Home => ui::Screen::Home,
        Screen::Priority => ui::Screen::Priority,
        Screen::Services(_) => ui::Screen::Services,
        Screen::Card { .. } => ui::Screen::Card,
        Screen::LongWait { .. } => ui::Screen::LongWait,
        Screen::Issuing(_) => ui::Screen::Issuing,
        Screen::TakeTicket { .. } => ui::Screen::TakeTicket,
        Screen::NumberOnScreen { .. } => ui::Screen::NumberOnScreen,
        Screen::Unavailable { .. } => ui::Screen::Unavailable,
        Screen::Closed => ui::Screen::Closed,
        Screen::SeeStaff => ui::Screen::SeeStaff,
    }
}

/// Changes only the rows that differ, so that a live count does not disturb its neighbours.
pub(super) fn fill<T: Clone + PartialEq + 'static>(model: &VecModel<T>, rows: Vec<T>) {
    if model.row_count() != rows.len() {
        model.set_vec(rows);
        return;
    }
    for (at, row) in rows.into_iter().enumerate() {
        if model.row_data(at).as_ref() != Some(&row) {
            model.set_row_data(at, row);
        }
    }
}
