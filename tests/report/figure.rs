//! The figures of some visits, as `docs/figures.md` defines them, in whole numbers.

use std::collections::{BTreeMap, BTreeSet};

use crate::journal::{Ms, Stop, Ticket};

/// What stands in one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Empty,
    Whole(i128),
    /// In tenths.
    Tenths(i128),
}

impl Figure {
    /// `above / below` to one place, half up.
    pub fn tenths(above: i128, below: i128) -> Self {
        if below == 0 { Self::Empty } else { Self::Tenths((20 * above + below).div_euclid(2 * below)) }
    }

    pub fn percent(part: u64, whole: u64) -> Self {
        Self::tenths(100 * i128::from(part), i128::from(whole))
    }

    pub fn hours(ms: Ms) -> Self {
        Self::tenths(i128::from(ms), 3_600_000)
    }

    pub fn minutes(ms: i128, of: usize) -> Self {
        Self::tenths(ms, 60_000 * of as i128)
    }

    pub fn since(self, before: Self) -> Self {
        match (self, before) {
            (Self::Whole(now), Self::Whole(then)) => Self::Whole(now - then),
            (Self::Tenths(now), Self::Tenths(then)) => Self::Tenths(now - then),
            _ => Self::Empty,
        }
    }

    pub fn plain(self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Whole(number) => number.to_string(),
            Self::Tenths(tenths) => {
                let sign = if tenths < 0 { "-" } else { "" };
                format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
            }
        }
    }
}

impl From<u64> for Figure {
    fn from(count: u64) -> Self {
        Self::Whole(count.into())
    }
}

/// A stop of a ticket, which its id names.
#[derive(Clone, Copy)]
pub struct Visit<'a> {
    pub id: u64,
    pub ticket: &'a Ticket,
    pub stop: &'a Stop,
    pub first: bool,
}

impl Visit<'_> {
    pub fn how(&self) -> Option<&str> {
        self.stop.ended.as_ref().map(|(_, how)| how.as_str())
    }

    pub fn ended(&self) -> Option<Ms> {
        self.stop.ended.as_ref().map(|(at, _)| *at)
    }

    /// The service was given, or found to be impossible to give, by a clerk who said so.
    pub fn finished(&self) -> bool {
        self.how().is_some_and(|how| how.starts_with("outcome:"))
    }

    fn wait(&self) -> Option<Ms> {
        Some(self.stop.called? - self.stop.entered)
    }

    fn walk(&self) -> Option<Ms> {
        Some(self.stop.started? - self.stop.called?).filter(|_| self.stop.missed == 0)
    }

    /// Moment by moment: from the beginning to the end, whoever was away in between.
    fn serve(&self) -> Option<Ms> {
        let (from, to) = (self.stop.started?, self.ended()?);
        let away = self.stop.pauses.iter().map(|(gone, back)| {
            let (gone, back) = ((*gone).max(from), back.unwrap_or(to).min(to));
            (back - gone).max(0)
        });
        (self.finished() || self.how() == Some("referred")).then(|| to - from - away.sum::<Ms>())
    }
}

/// Of so many lengths, those that are none left out.
pub struct Lengths(Vec<Ms>);

impl Lengths {
    pub fn of(lengths: impl Iterator<Item = Ms>) -> Self {
        let mut lengths: Vec<Ms> = lengths.filter(|ms| *ms >= 0).collect();
        lengths.sort_unstable();
        Self(lengths)
    }

    pub fn mean(&self) -> Figure {
        Figure::minutes(self.0.iter().map(|ms| i128::from(*ms)).sum(), self.0.len())
    }

    fn median(&self) -> Figure {
        let n = self.0.len();
        if n == 0 {
            return Figure::Empty;
        }
        // The same one twice, or the two in the middle.
        Figure::minutes(i128::from(self.0[(n - 1) / 2]) + i128::from(self.0[n / 2]), 2)
    }

    fn p90(&self) -> Figure {
        let n = self.0.len();
        // The shortest of which at least nine of ten are no longer.
        let enough = (1..=n).find(|place| place * 10 >= n * 9);
        enough.map_or(Figure::Empty, |place| Figure::minutes(self.0[place - 1].into(), 1))
    }

    fn longest(&self) -> Figure {
        self.0.last().map_or(Figure::Empty, |ms| Figure::minutes((*ms).into(), 1))
    }
}

/// Every figure of some visits, by the key of its column.
pub fn figures(visits: &[Visit<'_>], target: Ms) -> BTreeMap<&'static str, Figure> {
    let count =
        |which: &dyn Fn(&Visit<'_>) -> bool| visits.iter().filter(|visit| which(visit)).count() as u64;
    let ended_as = |how: &str| count(&|visit| visit.how() == Some(how));
    let issued: Vec<&Ticket> = visits.iter().filter(|visit| visit.first).map(|visit| visit.ticket).collect();
    let served: BTreeSet<u64> =
        visits.iter().filter(|visit| visit.stop.started.is_some()).map(|visit| visit.id).collect();
    let delivered: u64 = visits.iter().flat_map(|visit| &visit.stop.delivered).map(|(_, n)| n).sum();
    let called = count(&|visit| visit.wait().is_some_and(|wait| wait >= 0));
    let too_late = count(&|visit| {
        visit.wait().is_none() && visit.ended().is_some_and(|ended| ended - visit.stop.entered > target)
    });
    let in_time = count(&|visit| visit.wait().is_some_and(|wait| (0..=target).contains(&wait)));
    let ended = count(&|visit| visit.how().is_some());
    let given_up = ended_as("cancelled") + ended_as("expired");
    let mut all: BTreeMap<&'static str, Figure> = [
        ("tickets", (issued.len() as u64).into()),
        ("priority", (issued.iter().filter(|ticket| ticket.priority).count() as u64).into()),
        ("persons", (served.len() as u64).into()),
        ("visits", (visits.len() as u64).into()),
        ("delivered", delivered.into()),
        ("within_target_percent", Figure::percent(in_time, called + too_late)),
        ("no_show", ended_as("no_show").into()),
        ("no_show_percent", Figure::percent(ended_as("no_show"), ended)),
        ("cancelled", ended_as("cancelled").into()),
        ("expired", ended_as("expired").into()),
        ("abandoned_percent", Figure::percent(given_up, ended)),
        ("transferred", ended_as("transferred").into()),
        ("referred", ended_as("referred").into()),
        ("reprinted", issued.iter().map(|ticket| ticket.reprints).sum::<u64>().into()),
        ("open", (visits.len() as u64 - ended).into()),
    ]
    .into();
    let wait = Lengths::of(visits.iter().filter_map(Visit::wait));
    let walk = Lengths::of(visits.iter().filter_map(Visit::walk));
    let serve = Lengths::of(visits.iter().filter_map(Visit::serve));
    let stay = Lengths::of(issued.iter().filter_map(|ticket| Some(ticket.left? - ticket.issued)));
    all.extend([
        ("wait_mean_min", wait.mean()),
        ("wait_median_min", wait.median()),
        ("wait_p90_min", wait.p90()),
        ("wait_longest_min", wait.longest()),
        ("walk_mean_min", walk.mean()),
        ("walk_median_min", walk.median()),
        ("walk_p90_min", walk.p90()),
        ("serve_mean_min", serve.mean()),
        ("serve_median_min", serve.median()),
        ("serve_p90_min", serve.p90()),
        ("stay_mean_min", stay.mean()),
        ("stay_median_min", stay.median()),
        ("stay_p90_min", stay.p90()),
    ]);
    all
}
