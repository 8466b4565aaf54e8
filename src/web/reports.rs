//! The figures of a period, for whoever watches the hall: a page, and the same cells as files.
//!
//! **Invariant:** whoever belongs to an agency sees that agency's, whatever they ask for; what was out, printer,
//! kiosk or box, is the whole house's.

mod asked;
mod page;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::error::{Problem, language};
use super::session::Clerk;
use super::{House, Shared, error, sign_in};
use crate::queue::{Language, Rules};
use crate::report::{self, Document, Heading, Material, Opinions, Report, Wanted};
use crate::store::ledger::{Ledgers, Unreadable};
use crate::store::survey::{Figures, Reader};
use crate::survey::Order;
pub use asked::Asked;

/// Why there is no report.
pub enum Amiss {
    /// What was asked for cannot be: said where it was asked.
    Asked {
        code: &'static str,
        says: String,
    },
    Problem(Problem),
}

/// What stands behind the question mark; somebody may have typed it.
type Typed = Result<Query<Asked>, QueryRejection>;

/// `GET /reports`
pub async fn page(State(house): State<Shared>, headers: HeaderMap, asked: Typed) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return sign_in::page(&house, StatusCode::OK, None, None);
    };
    if !clerk.staff.may_watch {
        return Redirect::to(clerk.home()).into_response();
    }
    let (asked, done) = answered(&house, &clerk, asked).await;
    match done {
        Ok(done) => page::shown(&house, &clerk, &done),
        Err(Amiss::Asked { code, says }) => page::amiss(&house, &clerk, &asked, code, &says),
        Err(Amiss::Problem(problem)) => problem.into_answer(Language::ID),
    }
}

/// `GET /reports/skm`: *Laporan Survei Kepuasan Masyarakat*, ready to be printed.
pub async fn skm(State(house): State<Shared>, headers: HeaderMap, asked: Typed) -> Response {
    document(house, headers, asked, "skm", report::skm).await
}

/// `GET /reports/trial`: *Laporan Uji Coba*, ready to be printed.
pub async fn trial(State(house): State<Shared>, headers: HeaderMap, asked: Typed) -> Response {
    document(house, headers, asked, "trial", |of| Some(report::trial(of))).await
}

async fn document(
    house: Shared,
    headers: HeaderMap,
    asked: Typed,
    name: &'static str,
    made: impl Fn(&Material<'_>) -> Option<Document>,
) -> Response {
    let Some(clerk) = house.clerk(&headers) else {
        return sign_in::page(&house, StatusCode::OK, None, None);
    };
    if !clerk.staff.may_watch {
        return Redirect::to(clerk.home()).into_response();
    }
    let (asked, done) = answered(&house, &clerk, asked).await;
    match done {
        Ok(done) => match done.document(&house, made) {
            Some(document) => page::document(&house, &done, name, &document),
            None => page::amiss(
                &house,
                &clerk,
                &asked,
                "no_survey",
                "Survei belum diaktifkan: [survey] dalam konfigurasi.",
            ),
        },
        Err(Amiss::Asked { code, says }) => page::amiss(&house, &clerk, &asked, code, &says),
        Err(Amiss::Problem(problem)) => problem.into_answer(Language::ID),
    }
}

/// `GET /reports/{file}`: a table as CSV by its name, or every table as a workbook.
pub async fn file(
    State(house): State<Shared>,
    headers: HeaderMap,
    Path(file): Path<String>,
    asked: Typed,
) -> Response {
    let spoken = language(&headers);
    let Some(clerk) = house.clerk(&headers) else {
        return Problem::no_credential().into_answer(spoken);
    };
    if !clerk.staff.may_watch {
        return Problem::not_allowed().into_answer(spoken);
    }
    let done = match answered(&house, &clerk, asked).await.1 {
        Ok(done) => done,
        Err(Amiss::Asked { code, says }) => {
            return Problem::new(status_of(code), code, (&says, &says)).into_answer(spoken);
        }
        Err(Amiss::Problem(problem)) => return problem.into_answer(spoken),
    };
    let period = done.wanted.period;
    let days = format!("{}-{}", period.first(), period.last());
    if let Some(table) = file.strip_suffix(".csv").and_then(|key| done.report.table(key)) {
        let name = format!("antrean-{}-{days}.csv", table.key);
        return attached(&name, "text/csv; charset=utf-8", report::csv(table));
    }
    let tables = match file.as_str() {
        "report.xlsx" => Some(done.report.tables.clone()),
        "skm.xlsx" => done.document(&house, report::skm).map(|document| document.tables()),
        "trial.xlsx" => done.document(&house, |of| Some(report::trial(of))).map(|document| document.tables()),
        _ => None,
    };
    if let Some(tables) = tables {
        let name = format!("antrean-{}-{days}.xlsx", file.trim_end_matches(".xlsx"));
        return match report::workbook(&heading(&house, &done.wanted), &tables) {
            Ok(bytes) => attached(&name, XLSX, bytes),
            Err(problem) => error::broken(&problem),
        };
    }
    Problem::unknown_route().into_answer(spoken)
}

/// What was asked cannot be, but for a box that has too much to do.
fn status_of(code: &str) -> StatusCode {
    if code == "busy" { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::BAD_REQUEST }
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn attached(name: &str, kind: &'static str, bytes: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}

/// What stands above a report on paper.
fn heading(house: &House, wanted: &Wanted) -> Heading {
    let rules = &house.hall.present().rules;
    let agency = wanted.agency.as_ref().and_then(|id| rules.agency(id));
    let whose = agency.map_or("Semua instansi", |agency| &*agency.full_name.id);
    Heading {
        place: format!("{} {}", rules.place.id, rules.city.id),
        about: format!(
            "{}{} · {whose}",
            if house.settings.demo_pin.is_some() { "MODE PERAGAAN · " } else { "" },
            wanted.period.shown(Language::ID)
        ),
        made_at: wanted.now,
    }
}

/// What was reckoned for somebody.
pub struct Done {
    pub wanted: Wanted,
    pub report: Report,
    figures: Figures,
    order: Order,
}

impl Done {
    fn document(&self, house: &House, made: impl Fn(&Material<'_>) -> Option<Document>) -> Option<Document> {
        let rules = house.hall.present().rules.clone();
        let opinions = self.opinions(house, &rules);
        made(&Material { report: &self.report, opinions: &opinions, rules: &rules, wanted: &self.wanted })
    }

    /// What visitors said in that time.
    fn opinions<'a>(&'a self, house: &'a House, rules: &'a Rules) -> Opinions<'a> {
        Opinions {
            figures: &self.figures,
            survey: house.settings.survey.as_deref(),
            feedback: &house.settings.feedback,
            rules,
            wanted: &self.wanted,
            language: Language::ID,
            order: self.order,
        }
    }
}

/// What was asked, as far as it can be read, and what comes of it.
async fn answered(house: &Shared, clerk: &Clerk, asked: Typed) -> (Asked, Result<Done, Amiss>) {
    match asked {
        Ok(Query(asked)) => {
            let done = reckoned(house, clerk, &asked).await;
            (asked, done)
        }
        Err(rejection) => {
            let says = format!("Alamat ini tidak dapat dibaca: {}.", rejection.body_text());
            (Asked::default(), Err(Amiss::Asked { code: "bad_request", says }))
        }
    }
}

/// Reckons beside the threads that answer, one report after the other.
async fn reckoned(house: &Shared, clerk: &Clerk, asked: &Asked) -> Result<Done, Amiss> {
    let (wanted, order) = (asked.wanted(house, clerk)?, asked.order()?);
    let busy = || Amiss::Asked {
        code: "busy",
        says: "Laporan lain sedang dihitung. Coba lagi sebentar.".to_owned(),
    };
    let turn = house.reckoning.clone().acquire_owned();
    let turn = tokio::time::timeout(house.settings.answer_within, turn).await;
    let turn = turn.map_err(|_| busy())?.map_err(|_| busy())?;
    let (rules, data) = (house.hall.present().rules.clone(), house.settings.data.clone());
    let task = tokio::task::spawn_blocking({
        let rules = rules.clone();
        move || {
            // Until it is reckoned, whoever still waits for it.
            let _turn = turn;
            let (first, last) = wanted.period.ends();
            let report = report::report(&Ledgers::open(&data)?, &rules, &wanted, Language::ID)?;
            let figures = Reader::new(&data).figures(first, last)?;
            Ok::<_, Unreadable>(Done { wanted, report, figures, order })
        }
    });
    match task.await {
        Ok(Ok(mut done)) => {
            let tables = done.opinions(house, &rules).tables();
            done.report.tables.extend(tables);
            Ok(done)
        }
        Ok(Err(problem)) => {
            tracing::error!(code = "report", error = %problem, "a report cannot be made");
            Err(Amiss::Problem(Problem::internal()))
        }
        Err(problem) => {
            tracing::error!(code = "report", error = %problem, "a report was not finished");
            Err(Amiss::Problem(Problem::internal()))
        }
    }
}
