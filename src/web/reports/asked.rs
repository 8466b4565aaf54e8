//! What stands in a report's address.

use chrono::{Datelike, Days, NaiveDate};
use serde::Deserialize;

use super::Amiss;
use crate::queue::{AgencyId, Language};
use crate::report::{By, Period, Wanted};
use crate::survey::Order;
use crate::web::House;
use crate::web::session::Clerk;

/// Everything may be left out: this week, all agencies, by agency.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    pub from: String,
    #[serde(default)]
    pub to: String,
    #[serde(default)]
    pub agency: String,
    #[serde(default)]
    pub by: String,
    /// In which order the survey's elements stand.
    #[serde(default)]
    pub order: String,
}

impl Asked {
    /// # Errors
    /// Something in it is no date, no agency, or not theirs.
    pub fn wanted(&self, house: &House, clerk: &Clerk) -> Result<Wanted, Amiss> {
        let present = house.hall.present();
        let now = house.settings.clock.now();
        let period = self.period(present.rules.business_day(now))?;
        let known = |id: &AgencyId| present.rules.agency(id).is_some();
        let agency = match (&clerk.staff.agency, self.agency.as_str()) {
            (Some(own), "") => Some(own.clone()),
            (None, "") => None,
            (Some(own), id) if id == own.as_str() => Some(own.clone()),
            (Some(_), _) => return Err(amiss("not_yours", "Laporan instansi lain tidak untuk Anda.")),
            (None, id) => match AgencyId::from(id.to_owned()) {
                id if known(&id) => Some(id),
                _ => return Err(amiss("unknown_agency", "Instansi itu tidak ada. Pilih dari daftar.")),
            },
        };
        let by = match self.by.as_str() {
            "" => By::default(),
            word => By::from_word(word).ok_or_else(|| {
                amiss("unknown_cut", "Laporan tidak bisa dirinci menurut itu. Pilih dari daftar.")
            })?,
        };
        Ok(Wanted { period, agency, by, targets: house.now().targets, now })
    }

    /// # Errors
    /// There is no such order.
    pub fn order(&self) -> Result<Order, Amiss> {
        match self.order.as_str() {
            "" | "regulation" => Ok(Order::Regulation),
            "questionnaire" => Ok(Order::Questionnaire),
            _ => Err(amiss("unknown_order", "Urutan unsur itu tidak ada: regulation atau questionnaire.")),
        }
    }

    fn period(&self, today: NaiveDate) -> Result<Period, Amiss> {
        let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        let date = |text: &str, usual| match text {
            "" => Ok(usual),
            text => text.parse::<NaiveDate>().map_err(|_| {
                amiss("bad_date", &format!("“{text}” bukan tanggal. Tulis seperti 2026-11-27."))
            }),
        };
        let to = date(&self.to, today)?;
        let from = date(&self.from, if self.to.is_empty() { monday } else { to })?;
        Period::between(from, to).map_err(|refused| amiss(refused.code(), &refused.sentence(Language::ID)))
    }
}

fn amiss(code: &'static str, says: &str) -> Amiss {
    Amiss::Asked { code, says: says.to_owned() }
}
