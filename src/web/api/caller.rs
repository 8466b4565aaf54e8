//! Who asks, and what they may.

use axum::http::{HeaderMap, header};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use super::super::error::Problem;
use super::super::session::Clerk;
use super::super::{ApiToken, House, Role, Staff};
use crate::queue::{Actor, AgencyId, CounterId, Origin, StaffId, TicketId};

/// Whom a route is for. The router asks it, and the document says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Whoever holds the token in the path.
    Holder,
    Issuer,
    /// Who sits at the counter, or a program that calls.
    Counter,
    /// The same, or who supervises.
    CounterOrSupervisor,
    Supervisor,
    /// Staff of the agency of the ticket or service, or a program that calls.
    Agency,
    /// Who supervises the whole hall.
    Hall,
    /// Who supervises or keeps the box.
    Technician,
    /// Who stands over others, and may give them back their first PIN.
    Superior,
    /// Staff at any counter, or a program that calls: the hall knows whose act it was.
    AnyCounter,
}

impl Who {
    /// The scopes of which a token needs one; none where no credential is asked for.
    pub fn scopes(self) -> &'static [&'static str] {
        match self {
            Self::Anyone | Self::Holder => &[],
            Self::Issuer => &["issue"],
            Self::Counter | Self::Agency | Self::AnyCounter => &["call"],
            Self::CounterOrSupervisor => &["call", "supervise"],
            Self::Supervisor | Self::Hall | Self::Technician | Self::Superior => &["supervise"],
        }
    }

    /// Which staff may, in words.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Anyone => "Anyone.",
            Self::Holder => "Whoever holds the ticket's token.",
            Self::Issuer => {
                "A token with the scope `issue`, or whoever is signed in as desk, supervisor or technician."
            }
            Self::Counter => "A token with the scope `call`, or who is signed in at this counter.",
            Self::CounterOrSupervisor => {
                "A token with the scope `call` or `supervise`, who is signed in at this counter, or a \
                 signed-in supervisor of its agency."
            }
            Self::Supervisor => {
                "A token with the scope `supervise`, or a signed-in supervisor of the counter's agency."
            }
            Self::Hall => "A token with the scope `supervise`, or a signed-in supervisor of all agencies.",
            Self::Technician => {
                "A token with the scope `supervise`, or a signed-in supervisor or technician."
            }
            Self::Superior => {
                "A token with the scope `supervise`, a signed-in supervisor for clerks, desk and managers of the own agency \
                 (of all where the supervisor has none), or a signed-in technician for everybody but technicians."
            }
            Self::Agency => "A token with the scope `call`, or signed-in staff of its agency.",
            Self::AnyCounter => "A token with the scope `call`, or whoever is signed in at a counter.",
        }
    }
}

/// Who asks.
pub enum Caller {
    Clerk(Clerk),
    Program(ApiToken),
}

impl Caller {
    /// # Errors
    /// 401 without session and token, or with a token nobody made.
    pub fn of(house: &House, headers: &HeaderMap) -> Result<Self, Problem> {
        if let Some(authorization) = headers.get(header::AUTHORIZATION) {
            let text = authorization.to_str().unwrap_or_default();
            let token = text.strip_prefix("Bearer ").ok_or_else(Problem::no_credential)?;
            let hash: [u8; 32] = Sha256::digest(token.trim()).into();
            let same = |known: &&ApiToken| bool::from(known.hash.ct_eq(&hash));
            let known = house.now().tokens.iter().find(same).cloned();
            return known.map(Self::Program).ok_or_else(Problem::no_credential);
        }
        house.clerk(headers).map(Self::Clerk).ok_or_else(Problem::no_credential)
    }

    pub fn may_issue(&self) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.staff.may_issue,
            Self::Program(token) => token.may_issue,
        }
    }

    /// Looks for tickets: staff at a counter, or a program that calls.
    pub fn may_find(&self) -> bool {
        match self {
            Self::Clerk(_) => true,
            Self::Program(token) => token.may_call,
        }
    }

    /// Whether it may do what `who` may at a counter.
    pub fn may_at(&self, house: &House, counter: &CounterId, who: Who) -> bool {
        match who {
            Who::Counter => self.may_call_at(counter),
            Who::Supervisor => self.may_supervise(house, counter),
            Who::CounterOrSupervisor => self.may_call_at(counter) || self.may_supervise(house, counter),
            Who::Anyone
            | Who::Holder
            | Who::Issuer
            | Who::Hall
            | Who::Technician
            | Who::Superior
            | Who::Agency
            | Who::AnyCounter => false,
        }
    }

    pub fn may_call_at(&self, counter: &CounterId) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.counter.as_ref() == Some(counter),
            Self::Program(token) => token.may_call,
        }
    }

    fn may_supervise(&self, house: &House, counter: &CounterId) -> bool {
        match self {
            Self::Clerk(clerk) => {
                let present = house.hall.present();
                let agency = present.rules.counter(counter).map(|counter| &counter.agency);
                clerk.staff.may_supervise && agency.is_some_and(|agency| clerk.staff.serves(agency))
            }
            Self::Program(token) => token.may_supervise,
        }
    }

    /// Whether a ticket is of an agency it may act for.
    pub fn may_act_on(&self, house: &House, ticket: Option<TicketId>) -> bool {
        match self {
            Self::Clerk(clerk) => {
                let present = house.hall.present();
                let service = ticket.and_then(|id| present.day.ticket(id)).map(|ticket| &ticket.service);
                let agency = service.and_then(|service| present.rules.service(service));
                agency.is_some_and(|(agency, _)| clerk.staff.serves(&agency.id))
            }
            Self::Program(token) => token.may_call,
        }
    }

    /// Whether it may say for an agency whether numbers are given.
    pub fn may_act_for(&self, agency: &AgencyId) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.staff.serves(agency),
            Self::Program(token) => token.may_call,
        }
    }

    /// Whether it may say what time it is, and see to what is wrong with the box.
    pub fn may_confirm_the_clock(&self) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.staff.may_set_the_clock,
            Self::Program(token) => token.may_supervise,
        }
    }

    /// What it is among staff: a program that supervises stands where a supervisor of the whole house does.
    fn rank(&self) -> Option<Role> {
        match self {
            Self::Clerk(clerk) => Some(clerk.staff.role),
            Self::Program(token) => token.may_supervise.then_some(Role::Supervisor),
        }
    }

    /// Whether there may be anybody whom it stands over.
    pub fn stands_over_anybody(&self) -> bool {
        self.rank().is_some_and(|rank| rank >= Role::Supervisor)
    }

    /// Whether somebody is of those it stands over: of their agency and of a lower role, so never itself.
    pub fn stands_over(&self, staff: &Staff) -> bool {
        self.sees(staff) && self.rank().is_some_and(|rank| rank > staff.role)
    }

    /// Whether somebody is of the agency it supervises, at whatever rank.
    pub fn sees(&self, staff: &Staff) -> bool {
        let own = match self {
            Self::Clerk(clerk) => clerk.staff.agency.as_ref(),
            Self::Program(_) => None,
        };
        self.stands_over_anybody() && own.is_none_or(|own| staff.agency.as_ref() == Some(own))
    }

    /// The counter at which a clerk sits.
    pub fn counter(&self) -> Option<CounterId> {
        match self {
            Self::Clerk(clerk) => clerk.counter.clone(),
            Self::Program(_) => None,
        }
    }

    /// Runs the hall, and not one agency's part of it.
    pub fn may_supervise_the_hall(&self) -> bool {
        match self {
            Self::Clerk(clerk) => clerk.staff.may_supervise && clerk.staff.agency.is_none(),
            Self::Program(token) => token.may_supervise,
        }
    }

    /// Where the tickets that it issues come from.
    pub fn origin(&self) -> Origin {
        match self {
            Self::Clerk(clerk) => Origin::Desk(clerk.staff.id.clone()),
            Self::Program(token) => Origin::Api(token.name.clone()),
        }
    }

    /// Who acts, as the journal has it.
    pub fn actor(&self) -> Actor {
        match self {
            Self::Clerk(clerk) => Actor::Staff(clerk.staff.id.clone()),
            Self::Program(token) => Actor::Api(token.name.clone()),
        }
    }

    /// The name that is written beside what it did.
    pub fn name(&self) -> StaffId {
        match self {
            Self::Clerk(clerk) => clerk.staff.id.clone(),
            Self::Program(token) => format!("token:{}", token.name).into(),
        }
    }

    /// Under which name its idempotency keys are kept.
    pub fn credential(&self) -> String {
        match self {
            Self::Clerk(clerk) => format!("staff:{}", clerk.staff.id),
            Self::Program(token) => format!("token:{}", token.name),
        }
    }
}
