//! `[site]`, `[day]` and `[[zone]]`: the building and its day.

use chrono::{FixedOffset, NaiveTime};

use super::hours;
use super::known::Known;
use super::lobby::{self, OwnRoom};
use super::reader::{Table, Value};
use super::words::{line, text};
use crate::queue::Text;
use crate::queue::rules::Zone;

pub(super) struct Site {
    pub place: Text,
    pub city: Text,
    pub offset: FixedOffset,
}

pub(super) fn site(root: &mut Table<'_>) -> Option<Site> {
    let mut site = root.section("site")?;
    let place = site.required("place", text);
    let city = site.required("city", text);
    let offset = site.required("timezone", timezone);
    Some(Site { place: place?, city: city?, offset: offset? })
}

/// The business day: when it ends and the next begins, and how far ahead a clock is believed.
pub(super) fn day(root: &mut Table<'_>) -> Option<(NaiveTime, u16)> {
    let mut day = root.optional_section("day")?;
    let change_at = day.optional("change_at", NaiveTime::MIN, hours::time);
    let max_forward_days = day.optional("max_forward_days", 3, |value| value.integer(1..=60));
    Some((change_at?, max_forward_days?))
}

/// The zones, and what each says of its screens.
pub(super) fn zones(root: &mut Table<'_>, known: &mut Known) -> Option<(Vec<Zone>, Vec<OwnRoom>)> {
    let zones = root.each("zone", |mut zone| {
        let id = zone.required("id", |value| known.zones.declare(value));
        let letter = zone.required("letter", |value| letter(value, known));
        let name = zone.required("name", text);
        let voice = zone.maybe("voice", lobby::voice);
        let diagonal_in = zone.maybe("diagonal_in", lobby::diagonal);
        let zone = Zone { id: id?, letter: letter?, name: name? };
        let room = OwnRoom { zone: zone.id.clone(), voice: voice?, diagonal_in: diagonal_in? };
        Some((zone, room))
    });
    Some(zones?.into_iter().unzip())
}

fn letter(value: &Value<'_>, known: &mut Known) -> Option<String> {
    let letter = line(value)?;
    if letter.chars().count() > 2 || !letter.chars().all(char::is_alphanumeric) {
        return value.refuse(
            "bad_letter",
            format!("`{letter}` is not one or two letters or digits"),
            "such as \"A\" or \"B2\", as on the signs".to_owned(),
        );
    }
    known.zone_letters.take(value, letter.to_owned())
}

/// The zones of Indonesia, none of which has summer time: a fixed offset is exact.
const TIMEZONES: &[(&str, i32)] = &[
    ("WIB", 7),
    ("WITA", 8),
    ("WIT", 9),
    ("Asia/Jakarta", 7),
    ("Asia/Pontianak", 7),
    ("Asia/Makassar", 8),
    ("Asia/Jayapura", 9),
];

fn timezone(value: &Value<'_>) -> Option<FixedOffset> {
    let hours = value.choice(TIMEZONES)?;
    FixedOffset::east_opt(hours * 3600)
}
