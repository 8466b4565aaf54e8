//! The committed present, as every reader sees it.

use std::sync::{Arc, OnceLock};

use imbl::{HashMap, Vector};

use crate::queue::{Board, Day, Event, PublicEvent, Recorded, Rules, Seq, TicketId};
use crate::store::{SiteKey, Token};

/// Events kept for screens that were away for a moment; who was away longer gets a fresh board.
const KEPT: usize = 512;

/// One committed state: the rules, the day, and the last events that led here.
#[derive(Debug)]
pub struct Present {
    pub rules: Arc<Rules>,
    pub day: Arc<Day>,
    heard: Vector<Arc<Heard>>,
    by_token: HashMap<[u8; 32], TicketId>,
    board: OnceLock<(Arc<Board>, Arc<str>)>,
}

/// A committed event, and the day right after it.
#[derive(Debug)]
pub struct Heard {
    pub recorded: Recorded,
    after: Arc<Day>,
    rules: Arc<Rules>,
    public: OnceLock<(PublicEvent, Arc<str>)>,
}

impl Heard {
    pub fn seq(&self) -> Seq {
        self.recorded.seq
    }

    /// What everyone may know of it.
    pub fn public(&self) -> &PublicEvent {
        &self.told().0
    }

    /// The same as JSON, written once for all streams.
    pub fn public_json(&self) -> &Arc<str> {
        &self.told().1
    }

    fn told(&self) -> &(PublicEvent, Arc<str>) {
        self.public.get_or_init(|| {
            let event = PublicEvent::of(&self.rules, &self.after, &self.recorded);
            let json = serde_json::to_string(&event).expect("a public event is plain data");
            (event, json.into())
        })
    }
}

impl Present {
    pub(super) fn new(rules: Arc<Rules>, day: Day, key: &SiteKey) -> Self {
        let by_token = day.tickets().map(|ticket| (key.token(ticket.nonce).hash(), ticket.id)).collect();
        Self { rules, day: Arc::new(day), heard: Vector::new(), by_token, board: OnceLock::new() }
    }

    /// The present after these committed events, each with the day it led to.
    pub(super) fn after(&self, news: Vec<(Recorded, Arc<Day>)>, key: &SiteKey) -> Self {
        let (mut heard, mut by_token) = (self.heard.clone(), self.by_token.clone());
        let mut day = self.day.clone();
        for (recorded, after) in news {
            match &recorded.event {
                Event::DayChanged { .. } => by_token = HashMap::new(),
                Event::TicketIssued { ticket, nonce, .. } => {
                    by_token.insert(key.token(*nonce).hash(), *ticket);
                }
                _ => {}
            }
            day = after.clone();
            heard.push_back(Arc::new(Heard {
                recorded,
                after,
                rules: self.rules.clone(),
                public: OnceLock::new(),
            }));
            if heard.len() > KEPT {
                heard.pop_front();
            }
        }
        Self { rules: self.rules.clone(), day, heard, by_token, board: OnceLock::new() }
    }

    /// The same day under other rules.
    pub(super) fn under(&self, rules: Arc<Rules>) -> Self {
        Self {
            rules,
            day: self.day.clone(),
            heard: self.heard.clone(),
            by_token: self.by_token.clone(),
            board: OnceLock::new(),
        }
    }

    /// What everyone may see.
    pub fn board(&self) -> &Arc<Board> {
        &self.boards().0
    }

    /// The same as JSON, written once for all readers.
    pub fn board_json(&self) -> &Arc<str> {
        &self.boards().1
    }

    fn boards(&self) -> &(Arc<Board>, Arc<str>) {
        self.board.get_or_init(|| {
            let board = Board::of(&self.rules, &self.day);
            let json = serde_json::to_string(&board).expect("a board is plain data");
            (Arc::new(board), json.into())
        })
    }

    /// The events after a line; none when that line is unknown, ahead of us or too long ago, or when the rules
    /// have changed since: then only a fresh board helps.
    pub fn since(&self, seq: Seq) -> Option<Vec<Arc<Heard>>> {
        if seq == self.day.seq() {
            return Some(Vec::new());
        }
        let first = self.heard.front()?.seq();
        if seq > self.day.seq() || seq.next() < first {
            return None;
        }
        let skip = usize::try_from(seq.next().0 - first.0).ok()?;
        let news: Vec<_> = (skip..self.heard.len()).filter_map(|at| self.heard.get(at).cloned()).collect();
        let renamed = news.iter().any(|heard| matches!(heard.recorded.event, Event::RulesChanged(_)));
        (!renamed).then_some(news)
    }

    pub(super) fn ticket_with(&self, token: Token) -> Option<TicketId> {
        self.by_token.get(&token.hash()).copied()
    }
}
