//! From the rules in force to others, while visitors wait: what may change now, and what has to wait.
//!
//! **Invariant:** what comes out is sound whatever the day looks like: no two agencies number under one
//! prefix, every counter serves services that exist, and whoever holds a number of today can still be
//! called, by the name and number they were given.

use std::collections::HashSet;

use super::{Index, Rules};
use crate::queue::{
    Agency, AgencyId, Counter, CounterId, CounterPhase, Day, Prefix, Service, ServiceId, Text, TicketState,
};

/// When a change comes into force.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Now,
    /// When the business day ends, or at a restart if that comes first.
    DayEnd,
    Restart,
}

impl When {
    /// The word used in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::DayEnd => "day_end",
            Self::Restart => "restart",
        }
    }
}

/// One difference between two configs, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Line {
    pub what: Text,
    pub when: When,
}

impl Line {
    pub fn new(when: When, id: impl AsRef<str>, en: impl AsRef<str>) -> Self {
        Self { what: Text::new(id.as_ref(), en.as_ref()), when }
    }
}

/// The rules that may be in force now on the way from `running` to `wanted`, and every difference.
pub fn change(running: &Rules, wanted: &Rules, day: &Day) -> (Rules, Vec<Line>) {
    let mut draft = Draft::new(running, wanted, day);
    draft.whole_site();
    draft.agencies();
    draft.counters();
    draft.order();
    draft.finish()
}

struct Draft<'a> {
    running: &'a Rules,
    wanted: &'a Rules,
    day: &'a Day,
    rules: Rules,
    lines: Vec<Line>,
    /// Services that end, and whose tickets are still to be served.
    kept: HashSet<ServiceId>,
    /// How many lines are about the site alone.
    of_the_site: usize,
    /// Something cannot be done in part.
    all_or_nothing: bool,
}

impl<'a> Draft<'a> {
    fn new(running: &'a Rules, wanted: &'a Rules, day: &'a Day) -> Self {
        Self {
            running,
            wanted,
            day,
            rules: wanted.clone(),
            lines: Vec::new(),
            kept: HashSet::new(),
            of_the_site: 0,
            all_or_nothing: false,
        }
    }

    fn say(&mut self, when: When, id: impl AsRef<str>, en: impl AsRef<str>) {
        self.lines.push(Line::new(when, id, en));
    }

    /// What belongs to no agency.
    fn whole_site(&mut self) {
        let (old, new, fresh) = (self.running, self.wanted, self.is_fresh());
        // The house's clock, its window and its printers were opened with these.
        let rules = &mut self.rules;
        (rules.offset, rules.change_at, rules.always_open) = (old.offset, old.change_at, old.always_open);
        (rules.place, rules.city) = (old.place.clone(), old.city.clone());
        (rules.kiosks, rules.printers) = (old.kiosks.clone(), old.printers.clone());
        // A survey that is new begins with a restart: no slip invites to one that is not there.
        if old.invite_every.is_none() {
            rules.invite_every = None;
        }
        // A numbering that moved after the first number could meet a strip of the old band.
        if !fresh {
            rules.emergency = old.emergency;
        }
        let differ = [
            (old.offset != new.offset, When::Restart, "zona waktu", "the time zone"),
            (old.change_at != new.change_at, When::Restart, "jam pergantian hari", "when the day changes"),
            (
                old.max_forward_days != new.max_forward_days,
                When::Restart,
                "batas kepercayaan pada jam",
                "how far the clock is believed",
            ),
            (
                (&old.place, &old.city) != (&new.place, &new.city),
                When::Restart,
                "nama mal dan kota",
                "the name of the mall and its city",
            ),
            (
                old.emergency != new.emergency,
                if fresh { When::Now } else { When::DayEnd },
                "nomor darurat di kertas",
                "the numbers of emergency strips",
            ),
            (old.hours != new.hours, When::Now, "jam buka mal", "the mall's hours"),
            (
                old.exceptions != new.exceptions,
                When::Now,
                "hari libur dan hari khusus",
                "holidays and special days",
            ),
            (
                old.regular_between != new.regular_between || old.conduct != new.conduct,
                When::Now,
                "aturan giliran, alasan, dan hasil layanan",
                "the rules of the turn, reasons and outcomes",
            ),
            (
                old.invite_every != new.invite_every,
                if old.invite_every.is_none() { When::Restart } else { When::Now },
                "setiap berapa tiket diundang menjawab survei",
                "every how many tickets one is invited to the survey",
            ),
            (old.zones != new.zones, When::Now, "zona", "zones"),
        ];
        for (differs, when, id, en) in differ {
            if differs {
                self.say(when, id, en);
            }
        }
        self.of_the_site = self.lines.len();
    }

    fn agencies(&mut self) {
        let (running, wanted) = (self.running, self.wanted);
        let mut agencies = std::mem::take(&mut self.rules.agencies);
        for old in &running.agencies {
            match agencies.iter_mut().find(|new| new.id == old.id) {
                Some(new) => self.agency(old, new),
                None => {
                    let (id, en) = (&old.name.id, &old.name.en);
                    let moved = old.services.iter().any(|service| wanted.service(&service.id).is_some());
                    let busy = old.services.iter().any(|service| self.is_busy(&service.id));
                    let open = running.counters.iter().any(|it| it.agency == old.id && self.is_open(&it.id));
                    let waits = busy || open;
                    self.all_or_nothing |= waits && moved;
                    let when = if waits { When::DayEnd } else { When::Now };
                    if waits {
                        self.kept.extend(old.services.iter().map(|service| service.id.clone()));
                        agencies.push(old.clone());
                    }
                    self.say(
                        when,
                        format!("instansi {id} tidak ada lagi"),
                        format!("the agency {en} is retired"),
                    );
                }
            }
        }
        for new in wanted.agencies.iter().filter(|new| running.agency(&new.id).is_none()) {
            let (id, en) = (&new.name.id, &new.name.en);
            self.say(When::Now, format!("instansi {id} baru"), format!("the agency {en} is added"));
        }
        self.rules.agencies = agencies;
    }

    /// An agency that stays; `new` becomes what it may be now.
    fn agency(&mut self, old: &Agency, new: &mut Agency) {
        let (id, en) = (old.name.id.to_string(), old.name.en.to_string());
        if old.name != new.name {
            self.say(
                When::Now,
                format!("instansi {id} bernama {}", new.name.id),
                format!("the agency {en} is renamed to {}", new.name.en),
            );
        }
        if old.hours != new.hours {
            self.say(When::Now, format!("jam buka {id}"), format!("the hours of {en}"));
        }
        let face = |it: &Agency| {
            (it.full_name.clone(), it.hint.clone(), it.icon.clone(), it.accent, it.zone.clone())
        };
        if face(old) != face(new) {
            self.say(
                When::Now,
                format!("teks, gambar, atau zona {id}"),
                format!("text, icon or zone of {en}"),
            );
        }
        for service in &old.services {
            match new.services.iter_mut().find(|it| it.id == service.id) {
                Some(changed) => self.service(service, changed),
                None => self.retire(old, service, new),
            }
        }
        for service in new.services.iter().filter(|new| old.services.iter().all(|it| it.id != new.id)) {
            self.say(
                When::Now,
                format!("layanan {} baru di {id}", service.name.id),
                format!("the service {} of {en} is added", service.name.en),
            );
        }
        if old.prefix != new.prefix {
            let numbered = old.services.iter().any(|service| self.is_numbered(&service.id, &old.prefix));
            let when = if numbered { When::DayEnd } else { When::Now };
            self.say(
                when,
                format!("huruf {} menjadi {} di {id}", old.prefix, new.prefix),
                format!("the prefix {} of {en} becomes {}", old.prefix, new.prefix),
            );
            if numbered {
                let wanted = std::mem::replace(&mut new.prefix, old.prefix.clone());
                for service in new.services.iter_mut().filter(|service| service.prefix == wanted) {
                    service.prefix = old.prefix.clone();
                }
            }
        }
    }

    fn service(&mut self, old: &Service, new: &mut Service) {
        let (id, en) = (old.name.id.to_string(), old.name.en.to_string());
        if old.name != new.name {
            self.say(
                When::Now,
                format!("layanan {id} bernama {}", new.name.id),
                format!("the service {en} is renamed to {}", new.name.en),
            );
        }
        if old.prefix != new.prefix && self.is_numbered(&old.id, &old.prefix) {
            let wanted = std::mem::replace(&mut new.prefix, old.prefix.clone());
            self.say(
                When::DayEnd,
                format!("huruf {} menjadi {wanted} untuk {id}", old.prefix),
                format!("the prefix {} of {en} becomes {wanted}", old.prefix),
            );
        }
        let rest = |it: &Service| Service { name: Text::default(), prefix: old.prefix.clone(), ..it.clone() };
        if rest(old) != rest(new) {
            self.say(
                When::Now,
                format!("jam, kuota, teks, atau target layanan {id}"),
                format!("hours, quota, text or target of the service {en}"),
            );
        }
    }

    /// A service its agency does not offer any more.
    fn retire(&mut self, agency: &Agency, service: &Service, new: &mut Agency) {
        let busy = self.is_busy(&service.id);
        let (id, en) = (&service.name.id, &service.name.en);
        let (moved_to, when) = match (self.wanted.service(&service.id), busy) {
            (Some((to, _)), busy) => {
                self.all_or_nothing |= busy;
                (Some(to), if busy { When::DayEnd } else { When::Now })
            }
            (None, true) => {
                self.kept.insert(service.id.clone());
                new.services.push(service.clone());
                (None, When::DayEnd)
            }
            (None, false) => (None, When::Now),
        };
        match moved_to {
            Some(to) => self.say(
                when,
                format!("layanan {id} pindah dari {} ke {}", agency.name.id, to.name.id),
                format!("the service {en} moves from {} to {}", agency.name.en, to.name.en),
            ),
            None => {
                self.say(when, format!("layanan {id} tidak ada lagi"), format!("the service {en} is retired"))
            }
        }
    }

    fn counters(&mut self) {
        let (running, wanted) = (self.running, self.wanted);
        let mut counters = std::mem::take(&mut self.rules.counters);
        for old in &running.counters {
            let number = old.number;
            let agency_kept = wanted.agency(&old.agency).is_none()
                && self.rules.agencies.iter().any(|agency| agency.id == old.agency);
            match counters.iter_mut().find(|new| new.id == old.id) {
                Some(new) if (new.number, &new.agency) != (number, &old.agency) => {
                    let waits = self.is_open(&old.id) || agency_kept;
                    let when = if waits { When::DayEnd } else { When::Now };
                    self.say(
                        when,
                        format!("loket {number} menjadi loket {} atau pindah instansi", new.number),
                        format!("counter {number} becomes {} or changes its agency", new.number),
                    );
                    if waits {
                        *new = old.clone();
                    }
                }
                Some(new) if new == old => {}
                Some(new) => {
                    // Whoever waits for a service that ends is served where it was served.
                    let own = old.services.iter().filter(|service| self.kept.contains(service));
                    let own: Vec<_> = own.filter(|it| !new.services.contains(it)).cloned().collect();
                    new.services.extend(own);
                    self.say(
                        When::Now,
                        format!("layanan, zona, atau jam loket {number}"),
                        format!("services, zone or hours of counter {number}"),
                    );
                }
                None => {
                    let waits = self.is_open(&old.id) || agency_kept;
                    let when = if waits { When::DayEnd } else { When::Now };
                    if waits {
                        counters.push(old.clone());
                    }
                    self.say(
                        when,
                        format!("loket {number} tidak ada lagi"),
                        format!("counter {number} is retired"),
                    );
                }
            }
        }
        for new in wanted.counters.iter().filter(|new| running.counter(&new.id).is_none()) {
            let number = new.number;
            self.say(When::Now, format!("loket {number} baru"), format!("counter {number} is added"));
        }
        let offered: HashSet<&ServiceId> = self
            .rules
            .agencies
            .iter()
            .flat_map(|agency| &agency.services)
            .map(|service| &service.id)
            .collect();
        for counter in &mut counters {
            counter.services.retain(|service| offered.contains(service));
        }
        self.rules.counters = counters;
    }

    /// A visitor's finger finds the agencies where they were; new ones come after them until the day ends.
    fn order(&mut self) {
        let place = |id: &AgencyId| self.running.agencies.iter().position(|agency| agency.id == *id);
        let fresh = self.is_fresh();
        let ids = |agencies: &[Agency]| agencies.iter().map(|agency| agency.id.clone()).collect::<Vec<_>>();
        let as_wanted = ids(&self.rules.agencies);
        self.rules.agencies.sort_by_key(|agency| place(&agency.id).unwrap_or(usize::MAX));
        let now = ids(&self.rules.agencies);
        let wanted: Vec<AgencyId> =
            ids(&self.wanted.agencies).into_iter().filter(|id| now.contains(id)).collect();
        let now: Vec<AgencyId> = now.into_iter().filter(|id| wanted.contains(id)).collect();
        if fresh {
            let place = |id: &AgencyId| as_wanted.iter().position(|its| its == id);
            self.rules.agencies.sort_by_key(|agency| place(&agency.id));
        }
        if now != wanted {
            self.say(
                if fresh { When::Now } else { When::DayEnd },
                "urutan instansi di layar",
                "the order of agencies on the screens",
            );
        }
    }

    fn finish(self) -> (Rules, Vec<Line>) {
        let Self { running, mut rules, mut lines, of_the_site, all_or_nothing, .. } = self;
        rules.index = Index::of(&rules.agencies, &rules.counters);
        if all_or_nothing || !is_sound(&rules) {
            rules.agencies = running.agencies.clone();
            rules.counters = running.counters.clone();
            rules.zones = running.zones.clone();
            rules.index = Index::of(&rules.agencies, &rules.counters);
            // Numbers of today stand in the way of one of them, and the others lean on it.
            lines[of_the_site..].iter_mut().for_each(|line| line.when = When::DayEnd);
        }
        (rules, lines)
    }

    /// Nobody has taken a number yet today.
    fn is_fresh(&self) -> bool {
        self.day.tickets().next().is_none()
    }

    /// Somebody holds a number for it that is not done with.
    fn is_busy(&self, service: &ServiceId) -> bool {
        self.day.tickets().any(|ticket| {
            ticket.service == *service
                && matches!(
                    ticket.state,
                    TicketState::Waiting
                        | TicketState::Called
                        | TicketState::Serving
                        | TicketState::OnHold
                        | TicketState::NoShow
                )
        })
    }

    /// Numbers were given for it under this prefix today.
    fn is_numbered(&self, service: &ServiceId, prefix: &Prefix) -> bool {
        self.day.tickets().any(|ticket| ticket.issued_for == *service && ticket.number.prefix == *prefix)
    }

    fn is_open(&self, counter: &CounterId) -> bool {
        self.day.counter(counter).phase != CounterPhase::Closed
    }
}

/// What a config promises of its agencies and counters.
fn is_sound(rules: &Rules) -> bool {
    let mut services = HashSet::new();
    let mut numbers = HashSet::new();
    let mut owners: Vec<(&Prefix, &AgencyId)> = Vec::new();
    for agency in &rules.agencies {
        let own = agency.services.iter().map(|service| &service.prefix);
        for prefix in own.chain([&agency.prefix]) {
            if owners.iter().any(|(its, owner)| *its == prefix && **owner != agency.id) {
                return false;
            }
            owners.push((prefix, &agency.id));
        }
        if !agency.services.iter().all(|service| services.insert(&service.id)) {
            return false;
        }
    }
    let serves = |counter: &Counter, service: &ServiceId| {
        rules.service(service).is_some_and(|(agency, _)| agency.id == counter.agency)
    };
    rules.counters.iter().all(|counter| {
        numbers.insert(counter.number)
            && !counter.services.is_empty()
            && counter.services.iter().all(|service| serves(counter, service))
    }) && services
        .iter()
        .all(|service| rules.counters.iter().any(|counter| counter.services.contains(service)))
}
