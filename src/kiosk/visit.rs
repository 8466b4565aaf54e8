//! One visitor's way through the screens, as a pure machine: what was touched, what the hall said and
//! how late it is go in; the screen, and sometimes a wish, come out.
//!
//! Times are milliseconds on a clock that never jumps. Rules and timings: `product.md` §2.

use std::collections::HashMap;

use crate::hall::No;
use crate::queue::{
    AgencyId, Class, Closed, Forecast, Language, ServiceId, SlipState, SlipTrouble, TicketId,
};

/// Milliseconds since the kiosk began.
pub type Ms = u64;

/// A second tap within this time is the same tap.
const DEBOUNCE: Ms = 400;
/// A tile that changed this shortly before the finger left it does not act.
const JUST_CHANGED: Ms = 500;
const IDLE: Ms = 45_000;
const IDLE_LARGE: Ms = 75_000;
/// How long "are you still here?" counts down.
const STILL_HERE: Ms = 20_000;
const TAKE_TICKET: Ms = 12_000;
const NUMBER_ON_SCREEN: Ms = 60_000;
/// The longest a visitor waits for paper.
const PAPER: Ms = 8_000;
/// The longest a visitor waits for the hall's answer before being sent to the desk.
const ANSWER: Ms = 15_000;
/// The screen is light so long before anything opens.
const LIGHT_BEFORE: Ms = 15 * 60_000;
/// Access settings go back to normal this long after the last touch on home.
const ACCESS_RESET: Ms = 60_000;

/// What the screen shows.
#[derive(Debug, Clone, PartialEq)]
pub enum Screen {
    /// The hall is not open yet, or is gone.
    Preparing,
    Home,
    Priority,
    Services(AgencyId),
    /// The card of a service of this agency, to be read without taking a number.
    Card {
        agency: AgencyId,
        service: ServiceId,
    },
    /// The wait for this service is long: a number all the same?
    LongWait {
        service: ServiceId,
        wait: Forecast,
    },
    /// A number for this service is on its way: waiting for the hall, then for paper.
    Issuing(ServiceId),
    TakeTicket {
        ticket: TicketId,
        unproven: bool,
    },
    NumberOnScreen {
        ticket: TicketId,
        trouble: Option<SlipTrouble>,
    },
    /// One agency or service cannot be had now.
    Unavailable {
        agency: AgencyId,
        /// The one service that was asked for, where it was one.
        service: Option<ServiceId>,
        closed: Option<Closed>,
    },
    /// Nothing in the building can be had now.
    Closed,
    SeeStaff,
}

/// What the visitor asked for, to be sent to the hall.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    pub service: ServiceId,
    pub class: Class,
    pub language: Language,
}

/// How the screens are drawn for this visitor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Access {
    pub language: Language,
    pub large: bool,
    pub contrast: bool,
    /// Everything to touch in the lower part of the screen.
    pub low: bool,
    /// No tones and no spoken prompts.
    pub mute: bool,
}

/// What differs from kiosk to kiosk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Custom {
    /// Without paper no number: the visitor is sent to the desk.
    pub needs_paper: bool,
    /// Who is to wait longer than so many minutes is asked before a number is taken; none: nobody is.
    pub ask_over_min: Option<u32>,
    /// The screen goes dark when nothing has been open and nobody has touched it for so many minutes; none:
    /// never.
    pub dark_after_min: Option<u32>,
}

/// What is foretold to a newcomer of a service.
pub type Foretell<'a> = &'a dyn Fn(&ServiceId, Class) -> Option<Forecast>;

/// What the machine needs to know of the hall to let a finger act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub agency: AgencyId,
    pub closed: Option<Closed>,
    pub services: Vec<(ServiceId, Option<Closed>)>,
}

/// What a visitor gets in the place of paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WithoutPaper {
    /// The number on the screen; the ticket counts.
    Number,
    /// No ticket, and the way to the information desk.
    SeeStaff,
}

/// What became of the slip the visitor waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paper {
    pub state: SlipState,
    pub trouble: Option<SlipTrouble>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pending {
    None,
    /// A wish is at the hall.
    Answer {
        service: ServiceId,
        since: Ms,
    },
    /// The number is committed; paper may come.
    Paper {
        ticket: TicketId,
        since: Ms,
    },
}

/// The machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Visit {
    screen: Screen,
    access: Access,
    priority: bool,
    offers: Vec<Offer>,
    changed: HashMap<AgencyId, Ms>,
    pending: Pending,
    custom: Custom,
    paper_ready: bool,
    last_touch: Ms,
    last_act: Option<Ms>,
    shown: Ms,
    /// A technician stands before the kiosk.
    technician: bool,
    /// The screen is so dense that its usual text is the large one.
    close_set: bool,
}

impl Visit {
    /// A kiosk that waits for the hall.
    pub fn new(custom: Custom) -> Self {
        Self {
            screen: Screen::Preparing,
            access: Access::default(),
            priority: false,
            offers: vec![],
            changed: HashMap::new(),
            pending: Pending::None,
            custom,
            paper_ready: true,
            last_touch: 0,
            last_act: None,
            shown: 0,
            technician: false,
            close_set: false,
        }
    }

    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    pub fn access(&self) -> Access {
        self.access
    }

    /// What a visitor gets while the printer cannot be trusted with a slip; none while it can.
    pub fn without_paper(&self) -> Option<WithoutPaper> {
        let instead = if self.custom.needs_paper { WithoutPaper::SeeStaff } else { WithoutPaper::Number };
        (!self.paper_ready).then_some(instead)
    }

    /// Whether somebody touched the screen so recently.
    pub fn touched_within(&self, ms: Ms, now: Ms) -> bool {
        now < self.last_touch + ms
    }

    pub fn is_priority(&self) -> bool {
        self.priority
    }

    /// The ticket whose paper is awaited.
    pub fn awaits_paper(&self) -> Option<TicketId> {
        match self.pending {
            Pending::Paper { ticket, .. } => Some(ticket),
            Pending::None | Pending::Answer { .. } => None,
        }
    }

    /// Seconds of "are you still here?" left; none while nobody is asked.
    pub fn still_here_s(&self, now: Ms) -> Option<u64> {
        let left = (self.last_touch + self.idle()?).saturating_sub(now);
        (left <= STILL_HERE).then(|| left.div_ceil(1000))
    }

    /// Whether the screen is dark: nothing is open for a while yet, and nobody is here.
    pub fn is_dark(&self, opens_in: Option<Ms>, now: Ms) -> bool {
        let long_alone = |after: u32| now >= self.last_touch.max(self.shown) + Ms::from(after) * 60_000;
        self.screen == Screen::Closed
            && opens_in.is_none_or(|left| left > LIGHT_BEFORE)
            && self.custom.dark_after_min.is_some_and(long_alone)
    }

    /// Milliseconds until a screen that goes by itself goes home, and of how many.
    pub fn leaves_in(&self, now: Ms) -> Option<(Ms, Ms)> {
        let whole = match self.screen {
            Screen::TakeTicket { .. } => TAKE_TICKET,
            Screen::NumberOnScreen { .. } => NUMBER_ON_SCREEN,
            _ => return None,
        };
        Some(((self.shown.max(self.last_touch) + whole).saturating_sub(now), whole))
    }

    /// The hall has news. An empty offer: there is no hall to ask.
    pub fn hall_offers(&mut self, offers: Vec<Offer>, now: Ms) {
        for offer in &offers {
            let before = self.offers.iter().find(|before| before.agency == offer.agency);
            if before.is_some_and(|before| before.closed.is_some() != offer.closed.is_some()) {
                self.changed.insert(offer.agency.clone(), now);
            }
        }
        self.offers = offers;
        let hall_gone = self.offers.is_empty();
        let rests = matches!(self.screen, Screen::Preparing | Screen::Home | Screen::Closed);
        let asks = matches!(
            self.screen,
            Screen::Priority
                | Screen::Services(_)
                | Screen::Card { .. }
                | Screen::LongWait { .. }
                | Screen::Unavailable { .. }
        );
        if rests || (asks && hall_gone) {
            let rest = self.rest();
            if self.screen != rest {
                self.show(rest, now);
            }
        }
    }

    /// Whether the printer can be trusted with a slip now.
    pub fn printer(&mut self, ready: bool) {
        self.paper_ready = ready;
    }

    /// Whether the screen is so dense that large text is shown to everybody: it takes longer to read.
    pub fn close_set(&mut self, close_set: bool) {
        self.close_set = close_set;
    }

    /// The box has just started and this kiosk's last visitor may stand before it without paper.
    pub fn resume(&mut self, ticket: TicketId, trouble: Option<SlipTrouble>, now: Ms) {
        self.show(Screen::NumberOnScreen { ticket, trouble }, now);
    }

    /// Whether a technician may come between: nobody's number is on its way or on the screen.
    pub fn admits_technician(&self) -> bool {
        use Screen::{Closed, Home, Preparing, SeeStaff, Unavailable};
        let idle = matches!(self.screen, Home | Closed | Preparing | SeeStaff | Unavailable { .. });
        idle && self.pending == Pending::None
    }

    /// Whether a technician is here: then nothing acts and nobody is idle, and afterwards the kiosk
    /// begins anew, unless it has somebody's number to show.
    pub fn technician(&mut self, here: bool, now: Ms) {
        if here || self.technician {
            self.touch(now);
        }
        let number = matches!(self.screen, Screen::TakeTicket { .. } | Screen::NumberOnScreen { .. });
        if self.technician && !here && !number {
            self.go_home(now);
        }
        self.technician = here;
    }

    /// A finger anywhere.
    pub fn touch(&mut self, now: Ms) {
        self.last_touch = now;
    }

    pub fn choose_agency(&mut self, agency: &AgencyId, foretell: Foretell<'_>, now: Ms) -> Option<Wish> {
        let acts = self.screen == Screen::Home && self.acts(now);
        let steady = self.changed.get(agency).is_none_or(|&at| now >= at + JUST_CHANGED);
        let offer = self.offers.iter().find(|offer| acts && steady && &offer.agency == agency)?.clone();
        match (&offer.closed, offer.services.as_slice()) {
            (Some(_), _) | (None, []) => {
                let (agency, closed) = (offer.agency, offer.closed);
                self.show(Screen::Unavailable { agency, service: None, closed }, now);
                None
            }
            (None, [(only, None)]) => self.wish_unless_long(only.clone(), foretell, now),
            (None, _) => {
                self.show(Screen::Services(offer.agency), now);
                None
            }
        }
    }

    /// A service was chosen from its agency's list, or on its card.
    pub fn choose_service(&mut self, service: &ServiceId, foretell: Foretell<'_>, now: Ms) -> Option<Wish> {
        let agency = match &self.screen {
            Screen::Services(agency) => agency.clone(),
            Screen::Card { agency, service: read } if read == service => agency.clone(),
            _ => return None,
        };
        if !self.acts(now) {
            return None;
        }
        let offer = self.offers.iter().find(|offer| offer.agency == agency)?;
        let (service, closed) = offer.services.iter().find(|(id, _)| id == service)?.clone();
        match closed {
            Some(_) => {
                self.show(Screen::Unavailable { agency, service: Some(service), closed }, now);
                None
            }
            None => self.wish_unless_long(service, foretell, now),
        }
    }

    /// What the service asks for shall be read first. At home too, where it is the only one of its agency:
    /// that tile gives a number at once, and its card stands beside it.
    pub fn read_card(&mut self, service: &ServiceId, now: Ms) {
        let Some(offer) = self.offer_of(service) else { return };
        let (agency, only) = (offer.agency.clone(), offer.services.len() == 1);
        let stands_here = match &self.screen {
            Screen::Services(listed) => *listed == agency,
            Screen::Home => only,
            _ => false,
        };
        if stands_here && self.acts(now) {
            self.show(Screen::Card { agency, service: service.clone() }, now);
        }
    }

    /// The card that the visitor wants on paper.
    pub fn print_card(&mut self, now: Ms) -> Option<ServiceId> {
        let Screen::Card { service, .. } = self.screen.clone() else { return None };
        (self.acts(now) && self.paper_ready).then_some(service)
    }

    /// "A number all the same?"
    pub fn answer_long_wait(&mut self, yes: bool, now: Ms) -> Option<Wish> {
        let Screen::LongWait { service, .. } = self.screen.clone() else { return None };
        if !self.acts(now) {
            return None;
        }
        if yes {
            return self.wish(service, now);
        }
        self.back_from(&service, now);
        None
    }

    pub fn ask_priority(&mut self, now: Ms) {
        if self.screen == Screen::Home && self.acts(now) {
            self.show(Screen::Priority, now);
        }
    }

    pub fn answer_priority(&mut self, yes: bool, now: Ms) {
        if self.screen == Screen::Priority && self.acts(now) {
            self.priority = yes;
            let rest = self.rest();
            self.show(rest, now);
        }
    }

    /// Back, done, choose another, close.
    pub fn leave(&mut self, now: Ms) {
        if !self.acts(now) {
            return;
        }
        match self.screen {
            Screen::Services(_) | Screen::Unavailable { .. } => {
                let rest = self.rest();
                self.show(rest, now);
            }
            Screen::Card { ref service, .. } | Screen::LongWait { ref service, .. } => {
                let service = service.clone();
                self.back_from(&service, now);
            }
            Screen::SeeStaff | Screen::TakeTicket { .. } | Screen::NumberOnScreen { .. } => self.go_home(now),
            Screen::Preparing | Screen::Home | Screen::Closed | Screen::Issuing(_) | Screen::Priority => {}
        }
    }

    /// The key that leads back on every screen.
    pub fn back(&mut self, now: Ms) {
        match self.screen {
            Screen::Priority => self.answer_priority(false, now),
            _ => self.leave(now),
        }
    }

    /// "Are you still here?" was answered with no.
    pub fn give_up(&mut self, now: Ms) {
        if self.idle().is_some() {
            self.go_home(now);
        }
    }

    pub fn toggle_language(&mut self) {
        self.access.language = match self.access.language {
            Language::Id => Language::En,
            Language::En => Language::Id,
        };
    }

    pub fn toggle_large(&mut self) {
        self.access.large = !self.access.large;
    }

    pub fn toggle_low(&mut self) {
        self.access.low = !self.access.low;
    }

    pub fn toggle_sound(&mut self) {
        self.access.mute = !self.access.mute;
    }

    pub fn toggle_contrast(&mut self) {
        self.access.contrast = !self.access.contrast;
    }

    /// The hall committed the number; `paper` says whether a slip was asked for.
    pub fn granted(&mut self, ticket: TicketId, paper: bool, now: Ms) {
        let Pending::Answer { service, .. } = &self.pending else { return };
        if paper {
            let issuing = Screen::Issuing(service.clone());
            self.pending = Pending::Paper { ticket, since: now };
            self.show(issuing, now);
        } else {
            self.show(Screen::NumberOnScreen { ticket, trouble: None }, now);
        }
    }

    /// The hall did not grant the wish: nothing was committed.
    pub fn refused(&mut self, no: &No, agency: Option<AgencyId>, now: Ms) {
        let Pending::Answer { service, .. } = self.pending.clone() else { return };
        match (no, agency) {
            (No::Refused(crate::queue::Refusal::ServiceClosed(closed)), Some(agency)) => {
                let (service, closed) = (Some(service), Some(closed.clone()));
                self.show(Screen::Unavailable { agency, service, closed }, now);
            }
            _ => self.show(Screen::SeeStaff, now),
        }
    }

    /// News of the awaited slip.
    pub fn paper(&mut self, paper: Paper, now: Ms) {
        let Pending::Paper { ticket, .. } = self.pending else { return };
        match paper.state {
            SlipState::Queued => {}
            SlipState::Printed => self.show(Screen::TakeTicket { ticket, unproven: false }, now),
            SlipState::Sent => self.show(Screen::TakeTicket { ticket, unproven: true }, now),
            SlipState::Uncertain | SlipState::NotSent | SlipState::Spoiled => {
                self.show(Screen::NumberOnScreen { ticket, trouble: paper.trouble }, now);
            }
        }
    }

    /// Time has passed.
    pub fn tick(&mut self, now: Ms) {
        match &self.pending {
            &Pending::Paper { ticket, since } if now >= since + PAPER => {
                self.show(Screen::NumberOnScreen { ticket, trouble: Some(SlipTrouble::TooLate) }, now);
            }
            // The wish stays pending: should the hall still grant it, the visitor sees the number.
            Pending::Answer { since, .. }
                if now >= since + ANSWER && matches!(self.screen, Screen::Issuing(_)) =>
            {
                self.screen = Screen::SeeStaff;
                self.shown = now;
                self.last_touch = now;
            }
            _ => {}
        }
        let idle_over = self.idle().is_some_and(|idle| now >= self.last_touch + idle);
        let screen_over = self.leaves_in(now).is_some_and(|(left, _)| left == 0);
        if idle_over || screen_over {
            self.go_home(now);
        }
        let resting = matches!(self.screen, Screen::Home | Screen::Closed);
        if resting && now >= self.last_touch + ACCESS_RESET {
            self.access = Access::default();
            self.priority = false;
        }
    }

    /// How long this screen waits for a touch; none where it does not go home by idleness.
    fn idle(&self) -> Option<Ms> {
        match self.screen {
            Screen::Priority
            | Screen::Services(_)
            | Screen::Card { .. }
            | Screen::LongWait { .. }
            | Screen::Unavailable { .. }
            | Screen::SeeStaff => Some(if self.access.large || self.close_set { IDLE_LARGE } else { IDLE }),
            _ => None,
        }
    }

    /// One question more where the wait is longer than visitors expect.
    fn wish_unless_long(&mut self, service: ServiceId, foretell: Foretell<'_>, now: Ms) -> Option<Wish> {
        let class = self.class();
        let long =
            |wait: &Forecast| self.custom.ask_over_min.is_some_and(|limit| wait.middle_s() > limit * 60);
        match foretell(&service, class).filter(long) {
            Some(wait) => {
                self.show(Screen::LongWait { service, wait }, now);
                None
            }
            None => self.wish(service, now),
        }
    }

    fn class(&self) -> Class {
        if self.priority { Class::Priority } else { Class::Regular }
    }

    /// The agency that offers a service, and what else it offers.
    fn offer_of(&self, service: &ServiceId) -> Option<&Offer> {
        self.offers.iter().find(|offer| offer.services.iter().any(|(id, _)| id == service))
    }

    /// To the list that the service was chosen from; home where there is none.
    fn back_from(&mut self, service: &ServiceId, now: Ms) {
        let list = self.offer_of(service).filter(|offer| offer.services.len() > 1 && offer.closed.is_none());
        let screen = list.map_or_else(|| self.rest(), |offer| Screen::Services(offer.agency.clone()));
        self.show(screen, now);
    }

    fn wish(&mut self, service: ServiceId, now: Ms) -> Option<Wish> {
        if self.custom.needs_paper && !self.paper_ready {
            self.show(Screen::SeeStaff, now);
            return None;
        }
        self.show(Screen::Issuing(service.clone()), now);
        self.pending = Pending::Answer { service: service.clone(), since: now };
        let class = self.class();
        Some(Wish { service, class, language: self.access.language })
    }

    /// A touch counts once.
    fn acts(&mut self, now: Ms) -> bool {
        self.touch(now);
        let acts = !self.technician && self.last_act.is_none_or(|last| now >= last + DEBOUNCE);
        if acts {
            self.last_act = Some(now);
        }
        acts
    }

    fn show(&mut self, screen: Screen, now: Ms) {
        if !matches!(screen, Screen::Issuing(_)) {
            self.pending = Pending::None;
        }
        if matches!(screen, Screen::TakeTicket { .. } | Screen::NumberOnScreen { .. }) {
            self.priority = false;
        }
        self.screen = screen;
        self.shown = now;
    }

    /// The journey is over: the next visitor starts from the usual settings.
    fn go_home(&mut self, now: Ms) {
        self.access = Access::default();
        self.priority = false;
        let rest = self.rest();
        self.show(rest, now);
    }

    /// Where a kiosk rests.
    fn rest(&self) -> Screen {
        match self.offers.as_slice() {
            [] => Screen::Preparing,
            offers if offers.iter().all(|offer| offer.closed.is_some()) => Screen::Closed,
            _ => Screen::Home,
        }
    }
}

#[cfg(test)]
mod tests;
