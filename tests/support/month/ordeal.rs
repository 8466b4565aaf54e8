//! What befalls the house on single days of the month, and the small things of every day that a play leaves out.

use antrean::queue::{
    Actor, Adopt, At, BoxTrouble, Class, Command, CounterId, Day, Delivery, Doubt, Event, KioskTrouble,
    Language, Nonce, Origin, Part, PartTrouble, Rules, Seen, SlipTrouble,
};
use antrean::simulate::STAFF;
use chrono::{Datelike, NaiveDate, TimeDelta};

use super::book::Book;
use crate::support::rules::time;

/// A wish that is known when its time has come.
pub type Wish = Box<dyn FnOnce(&Book) -> Command>;

/// What is out of the ordinary on a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordeal {
    None,
    /// The hall is empty: counters open, and nobody comes.
    Nobody,
    /// A service gives no numbers for a while, and another one until somebody remembers it.
    Stops,
    /// The system's clock is wrong, until somebody says what time it is.
    Confirmed,
    /// The same, until the clock is right again of itself.
    Believed,
    /// A power cut takes the morning.
    Dark,
    /// A printer breaks in the afternoon, and is repaired on the next day.
    Broken,
    Repaired,
    /// A clerk closes the counter with somebody at it, and the kiosk's window hangs for an hour.
    Hung,
    /// Everybody leaves in the middle of their work.
    CutShort,
    /// The box stands still from Saturday on.
    SwitchedOff,
    AfterTheWeekend,
}

impl Ordeal {
    pub fn of(date: NaiveDate) -> Self {
        match date.day() {
            4 => Self::Nobody,
            5 | 18 => Self::Stops,
            6 => Self::Confirmed,
            10 => Self::Broken,
            11 => Self::Repaired,
            13 => Self::Dark,
            17 => Self::Hung,
            20 => Self::CutShort,
            21 | 22 => Self::SwitchedOff,
            23 => Self::AfterTheWeekend,
            25 => Self::Believed,
            _ => Self::None,
        }
    }

    /// Until when the box is dark at a moment; none while it runs.
    pub fn dark(self, rules: &Rules, at: At) -> Option<At> {
        let (from, to) = (rules.instant(at.date_naive(), time("08:40")), morning_ends(rules, at));
        (self == Self::Dark && (from..to).contains(&at)).then_some(to)
    }

    /// Whether a wish of the play is made on this day.
    pub fn lets(self, wish: Command) -> Option<Command> {
        (self != Self::Nobody || !matches!(wish, Command::Issue(_))).then_some(wish)
    }

    /// Whether this is the trouble that nobody has mended yet.
    pub fn breaks(self, trouble: Option<PartTrouble>) -> bool {
        matches!(self, Self::Broken | Self::Repaired) && trouble == Some(BROKEN)
    }

    /// What happens beside the play, in order.
    pub fn befalls(self, rules: &Rules, begins: At) -> Vec<(At, Wish)> {
        let date = begins.date_naive();
        let at = |text: &str| rules.instant(date, time(text));
        let say = |wish: Command| -> Wish { Box::new(move |_: &Book| wish.clone()) };
        match self {
            Self::None | Self::Nobody | Self::CutShort | Self::SwitchedOff => vec![],
            Self::Stops => vec![
                (at("09:10"), Box::new(|book: &Book| stop(book, 0, Some(TimeDelta::minutes(40))))),
                (at("10:00"), Box::new(|book: &Book| stop(book, 1, None))),
                (at("11:05"), Box::new(|book: &Book| accept(book, 1))),
            ],
            Self::Confirmed => vec![
                (at("09:40"), Box::new(doubt)),
                (at("10:05"), Box::new(|book: &Book| confirm(book, TimeDelta::minutes(7)))),
            ],
            Self::Believed => vec![
                (at("13:40"), Box::new(doubt)),
                (at("14:10"), Box::new(|book: &Book| believe(book, TimeDelta::seconds(-95)))),
            ],
            Self::Dark => vec![
                (morning_ends(rules, begins), say(Command::Settle)),
                (morning_ends(rules, begins), say(dark(BoxTrouble::Power, at("08:40"), at("11:50")))),
                (at("11:55"), Box::new(|book: &Book| adopt(book, 0, "08:55"))),
                (at("11:56"), Box::new(|book: &Book| adopt(book, 1, "09:20"))),
            ],
            Self::Broken => vec![(at("15:20"), Box::new(|book: &Book| printer(book, Some(BROKEN))))],
            Self::Repaired => vec![(at("08:35"), Box::new(|book: &Book| printer(book, None)))],
            Self::Hung => vec![
                (at("10:30"), Box::new(close_in_the_middle)),
                (at("13:00"), Box::new(|book: &Book| kiosk(book, Some(KioskTrouble::Hung)))),
                (at("14:00"), Box::new(|book: &Book| kiosk(book, None))),
            ],
            Self::AfterTheWeekend => {
                let left = rules.instant(date - TimeDelta::days(3), time("17:30"));
                vec![(begins, say(dark(BoxTrouble::Stopped, left, begins - EARLY)))]
            }
        }
    }
}

/// How long before anybody comes the box is switched on.
pub const EARLY: TimeDelta = TimeDelta::minutes(5);
const BROKEN: PartTrouble = PartTrouble::Printer(SlipTrouble::Unrecoverable);

fn morning_ends(rules: &Rules, at: At) -> At {
    rules.instant(at.date_naive(), time("11:50"))
}

fn staff() -> Actor {
    Actor::Staff("siti".into())
}

fn service(book: &Book, nth: usize) -> antrean::queue::ServiceId {
    book.rules.agencies[nth].services[0].id.clone()
}

fn stop(book: &Book, nth: usize, lasts: Option<TimeDelta>) -> Command {
    let reason = book.rules.conduct.stop_reasons[0].id.clone();
    let until = lasts.map(|lasts| book.now + lasts);
    Command::StopService { service: service(book, nth), reason, until, by: staff() }
}

fn accept(book: &Book, nth: usize) -> Command {
    Command::AcceptService { service: service(book, nth), by: staff() }
}

fn doubt(book: &Book) -> Command {
    let system = book.now - TimeDelta::hours(2);
    Command::FollowClock { offset_ms: 0, doubt: Some(Doubt::Stepped), step_ms: 0, system }
}

fn confirm(book: &Book, late: TimeDelta) -> Command {
    Command::ConfirmClock { truth: book.now + late, system: book.now - TimeDelta::hours(2), by: staff() }
}

fn believe(book: &Book, step: TimeDelta) -> Command {
    let system = book.now + step;
    Command::FollowClock { offset_ms: 0, doubt: None, step_ms: step.num_milliseconds(), system }
}

fn dark(trouble: BoxTrouble, from: At, to: At) -> Command {
    Command::ReportDark { trouble, from, to }
}

fn close_in_the_middle(book: &Book) -> Command {
    let busy = book.day.counters().find(|(_, state)| state.active.is_some());
    Command::CloseCounter { counter: busy.unwrap().0.clone() }
}

fn printer(book: &Book, trouble: Option<PartTrouble>) -> Command {
    Command::ReportPart { part: Part::Printer(book.rules.printers[0].clone()), trouble, since: None }
}

fn kiosk(book: &Book, trouble: Option<KioskTrouble>) -> Command {
    let trouble = trouble.map(PartTrouble::Kiosk);
    Command::ReportPart { part: Part::Kiosk(book.rules.kiosks[0].id.clone()), trouble, since: None }
}

fn adopt(book: &Book, nth: u32, came: &str) -> Command {
    let service = &book.rules.agencies[0].services[0];
    Command::Adopt(Adopt {
        number: format!("{}{}", service.prefix.as_str(), book.rules.emergency.from + nth).parse().unwrap(),
        service: service.id.clone(),
        class: Class::Regular,
        language: Language::ID,
        entered_at: book.rules.instant(book.now.date_naive(), time(came)),
        origin: Origin::Desk("siti".into()),
        nonce: Nonce((u128::from(book.day.seq().0) + 1).to_be_bytes()),
    })
}

/// What happens every day now and then.
pub struct Chance(fastrand::Rng);

impl Chance {
    pub fn of(seed: u64, date: NaiveDate) -> Self {
        Self(fastrand::Rng::with_seed(seed ^ (u64::from(date.day()) << 32)))
    }

    /// A wish of the play, or what a clerk does in its place: more is delivered than was asked for, another
    /// service than the ticket says, a visitor is called out of turn.
    pub fn varied(&mut self, rules: &Rules, day: &Day, wish: Command) -> Command {
        match wish {
            Command::Finish { counter, seen, mut ending } => {
                let own = day.active(&counter).and_then(|ticket| rules.service(&ticket.service));
                let Some((agency, _)) = own else { return Command::Finish { counter, seen, ending } };
                let any = |chance: &mut fastrand::Rng| {
                    agency.services[chance.usize(..agency.services.len())].id.clone()
                };
                if self.0.f64() < 0.12 {
                    let service = any(&mut self.0);
                    ending.additional = vec![Delivery { service, quantity: self.0.u16(1..=3) }];
                }
                if self.0.f64() < 0.06 {
                    ending.corrected = Some(any(&mut self.0));
                }
                Command::Finish { counter, seen, ending }
            }
            Command::CallNext { counter, seen: Seen::Free } if self.0.f64() < 0.04 => self
                .out_of_turn(rules, day, &counter)
                .unwrap_or(Command::CallNext { counter, seen: Seen::Free }),
            wish => wish,
        }
    }

    /// The newest of those who wait for a counter.
    fn out_of_turn(&mut self, rules: &Rules, day: &Day, counter: &CounterId) -> Option<Command> {
        let known = rules.counter(counter)?;
        let waiting = day.queues(known).into_iter().filter_map(|queue| queue.regular.get_max().copied());
        let (_, ticket) = waiting.max()?;
        let reasons = &rules.conduct.call_reasons;
        let reason = reasons[self.0.usize(..reasons.len())].id.clone();
        Some(Command::Call { counter: counter.clone(), seen: Seen::Free, ticket, reason })
    }

    /// A clerk takes back what was just done.
    pub fn undo(&mut self, event: &Event) -> Option<Command> {
        let (ticket, counter) = match event {
            Event::ServiceFinished { ticket, counter, .. }
            | Event::TicketMissed { ticket, counter }
            | Event::TicketTransferred { ticket, counter, .. } => (*ticket, counter.clone()),
            _ => return None,
        };
        let by = Actor::Staff(STAFF.into());
        (self.0.f64() < 0.02).then_some(Command::Undo { ticket, counter: Some(counter), by })
    }
}
