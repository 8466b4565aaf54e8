//! What visitors said: the survey's index and its elements, who answered, suggestions and complaints.

use std::collections::BTreeMap;

use super::{Cell, Column, Row, Table, Unit, Wanted};
use crate::queue::{AgencyId, Language, Rules};
use crate::store::survey::Figures;
use crate::survey::{
    About, Feedback, Index, Missing, Order, Points, QuestionSet, Survey, Tally, sample_size,
};

/// Who answered is told of no fewer complete responses.
const FEWEST: u64 = 5;

/// What the tables are made of.
pub struct Opinions<'a> {
    pub figures: &'a Figures,
    pub survey: Option<&'a Survey>,
    pub feedback: &'a Feedback,
    pub rules: &'a Rules,
    pub wanted: &'a Wanted,
    pub language: Language,
    /// In which order the elements stand.
    pub order: Order,
}

/// The survey's figures of one set of questions.
pub struct Asked {
    /// None where there is no index, and why.
    pub index: Result<Index, Missing>,
    pub complete: u64,
    pub partial: u64,
    pub tally: Tally,
    about: BTreeMap<(About, String), u64>,
}

impl Opinions<'_> {
    /// Every table, those of the survey first.
    pub fn tables(&self) -> Vec<Table> {
        let mut tables = Vec::new();
        for (place, set) in self.survey.iter().flat_map(|survey| &survey.sets).enumerate() {
            tables.push(self.elements(set, place));
            if place == 0 {
                tables.push(self.agencies(set));
                tables.extend(self.respondents(set));
            }
        }
        tables.push(self.complaints());
        tables
    }

    /// The answers to a set.
    pub fn asked(&self, set: &QuestionSet) -> Asked {
        self.asked_of(set, None)
    }

    fn asked_of(&self, set: &QuestionSet, agency: Option<&str>) -> Asked {
        let mut all = Asked {
            index: Err(Missing::Nobody),
            complete: 0,
            partial: 0,
            tally: Tally::default(),
            about: BTreeMap::new(),
        };
        for (group, response) in &self.figures.responses {
            let here = self.is_wanted(&group.agency) && agency.is_none_or(|id| id == group.agency);
            if group.asked != set.key || !here {
                continue;
            }
            all.complete += response.complete;
            all.partial += response.partial;
            for question in &set.questions {
                let scores = response.tally.of(&question.key);
                for (place, times) in scores.0.iter().enumerate() {
                    all.tally.add(&question.key, place as u8 + 1, *times);
                }
            }
            for (band, n) in &response.about {
                *all.about.entry(band.clone()).or_default() += n;
            }
        }
        if let Some(survey) = self.survey {
            all.index = Index::of(set, &all.tally, survey.weight);
        }
        all
    }

    fn is_wanted(&self, agency: &str) -> bool {
        self.wanted.agency.as_ref().is_none_or(|only| only.as_str() == agency)
    }

    fn say(&self, id: &str, en: &str) -> String {
        self.language.pick(id, en).to_owned()
    }

    fn column(&self, key: &'static str, id: &str, en: &str) -> Column {
        Column { key, label: self.say(id, en) }
    }

    /// The elements of a set, and its index.
    fn elements(&self, set: &QuestionSet, place: usize) -> Table {
        let asked = self.asked(set);
        let (part, whole) =
            self.survey.map_or((1, set.questions.len() as u128), |one| one.weight.of(set.questions.len()));
        let rows = set.in_order(self.order).into_iter().enumerate().map(|(at, question)| {
            let scores = asked.tally.of(&question.key);
            let mean = scores.mean();
            let (sum, n) = (u128::from(scores.sum()), u128::from(scores.count()));
            Row {
                key: question.key.clone(),
                label: format!("U{} {}", at + 1, question.name.in_language(self.language)),
                cells: vec![
                    Cell::count(scores.count()),
                    Cell::ratio(sum, n, 3, Unit::Plain),
                    Cell::ratio(sum * part, n * whole, 3, Unit::Plain),
                    mean.map_or(Cell::Empty, |mean| points(mean.points())),
                    mean.map_or(Cell::Empty, |mean| self.grade(mean.grade())),
                ],
            }
        });
        let sum: u64 = set.questions.iter().map(|question| asked.tally.of(&question.key).sum()).sum();
        let total = asked.index.as_ref().ok().map(|index| Row {
            key: "index".to_owned(),
            label: self.index_name(place),
            cells: vec![
                Cell::count(index.responses),
                Cell::Empty,
                Cell::ratio(u128::from(sum) * part, u128::from(index.responses) * whole, 3, Unit::Plain),
                points(index.points),
                self.grade(index.grade),
            ],
        });
        let why = match &asked.index {
            Ok(_) => String::new(),
            Err(_) if asked.complete == 0 => {
                self.say(" Belum ada jawaban lengkap.", " No complete response yet.")
            }
            Err(missing) => format!(" ({missing})"),
        };
        // Rounded weights are of nine elements; others weigh the same each.
        let weight = match set.questions.len() {
            9 => self.survey.map_or("1/9", |survey| survey.weight.word()).to_owned(),
            n => format!("1/{n}"),
        };
        Table {
            key: if place == 0 { "satisfaction" } else { "integrity" },
            title: if place == 0 {
                self.say("Indeks Kepuasan Masyarakat", "Public satisfaction index")
            } else {
                set.name.in_language(self.language).to_owned()
            },
            note: format!(
                "{}{why}",
                self.language.pick(
                    format!("Dari {} jawaban lengkap; {} belum lengkap, tidak dihitung. NRR adalah nilai rata-rata unsur, bobot {weight}, nilai = NRR × 25. Dihitung utuh, dibulatkan sekali di akhir, dua desimal.", asked.complete, asked.partial),
                    format!("Of {} complete responses; {} incomplete ones are not counted. NRR is an element's mean, weight {weight}, value = NRR × 25. Reckoned exactly and rounded once, two decimals.", asked.complete, asked.partial),
                )
            ),
            rows_are: self.column("element", "Unsur", "Element"),
            columns: vec![
                self.column("answers", "Jawaban", "Answers"),
                self.column("mean", "NRR", "Mean (NRR)"),
                self.column("weighted_mean", "NRR tertimbang", "Weighted NRR"),
                self.column("value", "Nilai", "Value"),
                self.column("grade", "Mutu", "Grade"),
            ],
            rows: rows.collect(),
            total,
        }
    }

    fn index_name(&self, place: usize) -> String {
        if place == 0 { "IKM".to_owned() } else { self.say("Indeks", "Index") }
    }

    fn grade(&self, grade: crate::survey::Grade) -> Cell {
        Cell::text(format!("{} · {}", grade.letter(), grade.name().in_language(self.language)))
    }

    /// Each agency's index, and how many of the invited answered.
    fn agencies(&self, set: &QuestionSet) -> Table {
        let row = |key: &str, label: String, asked: &Asked, invited: u64| Row {
            key: key.to_owned(),
            label,
            cells: vec![
                Cell::count(invited),
                Cell::count(asked.complete),
                Cell::share(asked.complete, invited),
                Cell::count(asked.partial),
                asked.index.as_ref().map_or(Cell::Empty, |index| points(index.points)),
                asked.index.as_ref().map_or(Cell::Empty, |index| self.grade(index.grade)),
            ],
        };
        let invited = |id: &str| self.figures.invited.get(id).copied().unwrap_or_default();
        let mut ids: Vec<&str> = self.rules.agencies.iter().map(|agency| agency.id.as_str()).collect();
        // What is not in the config any more has its answers still.
        let answered = self.figures.responses.keys().map(|group| group.agency.as_str());
        let retired: std::collections::BTreeSet<&str> = answered
            .chain(self.figures.invited.keys().map(String::as_str))
            .filter(|id| !ids.contains(id))
            .collect();
        ids.extend(retired);
        let ids: Vec<&str> = ids.into_iter().filter(|id| self.is_wanted(id)).collect();
        let rows = ids.iter().map(|id| {
            let agency = self.rules.agency(&AgencyId::from((*id).to_owned()));
            let label = agency
                .map_or_else(|| (*id).to_owned(), |agency| agency.name.in_language(self.language).to_owned());
            row(id, label, &self.asked_of(set, Some(id)), invited(id))
        });
        let rows: Vec<Row> = rows.collect();
        let all: u64 = ids.iter().map(|id| invited(id)).sum();
        Table {
            key: "satisfaction_agencies",
            title: self.say("IKM per instansi", "Index of each agency"),
            note: self.say(
                "Diundang: nomor yang terpilih (tiap nomor ke-k) dan sudah dilayani. Tingkat jawaban adalah jawaban lengkap dari yang diundang.",
                "Invited: tickets that were drawn (every k-th) and served. The response rate is complete responses of the invited.",
            ),
            rows_are: self.column("agency", "Instansi", "Agency"),
            columns: vec![
                self.column("invited", "Diundang", "Invited"),
                self.column("complete", "Jawaban lengkap", "Complete"),
                self.column("response_percent", "Tingkat jawaban (%)", "Response rate (%)"),
                self.column("partial", "Belum lengkap", "Incomplete"),
                self.column("value", "IKM", "Index"),
                self.column("grade", "Mutu", "Grade"),
            ],
            total: Some(row("total", self.say("Semua", "All"), &self.asked(set), all)),
            rows,
        }
    }

    /// Who answered, by what they said of themselves.
    fn respondents(&self, set: &QuestionSet) -> Vec<Table> {
        let asked = self.asked(set);
        // Of a handful each one could be told.
        if asked.complete < FEWEST {
            return Vec::new();
        }
        let table = |about: &About| {
            let of = |key: &str| asked.about.get(&(*about, key.to_owned())).copied().unwrap_or_default();
            let bands = about.bands();
            let told: u64 = bands.iter().map(|band| of(band.key)).sum();
            let row = |key: &str, label: String, n: u64| Row {
                key: key.to_owned(),
                label,
                cells: vec![Cell::count(n), Cell::share(n, asked.complete)],
            };
            let mut rows: Vec<Row> = bands
                .iter()
                .map(|band| row(band.key, band.name.in_language(self.language).to_owned(), of(band.key)))
                .collect();
            rows.push(row(
                "untold",
                self.say("Tidak menjawab", "Not told"),
                asked.complete.saturating_sub(told),
            ));
            let (key, id, en) = match about {
                About::Age => ("respondents_age", "Responden menurut usia", "Respondents by age"),
                About::Sex => ("respondents_sex", "Responden menurut jenis kelamin", "Respondents by sex"),
                About::Education => {
                    ("respondents_education", "Responden menurut pendidikan", "Respondents by education")
                }
                About::Occupation => {
                    ("respondents_occupation", "Responden menurut pekerjaan", "Respondents by occupation")
                }
            };
            Table {
                key,
                title: self.say(id, en),
                note: String::new(),
                rows_are: self.column("band", "Kelompok", "Band"),
                columns: vec![
                    self.column("respondents", "Responden", "Respondents"),
                    self.column("respondents_percent", "Bagian (%)", "Share (%)"),
                ],
                rows,
                total: None,
            }
        };
        self.survey.map_or_else(Vec::new, |survey| survey.about.iter().map(table).collect())
    }

    /// Suggestions and complaints, by topic.
    fn complaints(&self) -> Table {
        let mut topics: BTreeMap<(&str, &str), [u64; 3]> = BTreeMap::new();
        for one in &self.figures.complaints {
            if !one.agency.as_deref().map_or(self.wanted.agency.is_none(), |id| self.is_wanted(id)) {
                continue;
            }
            let place = match one.state.as_str() {
                "received" => 0,
                "answered" => 1,
                _ => 2,
            };
            topics.entry((one.kind.as_str(), one.topic.as_str())).or_default()[place] += one.count;
        }
        let cells = |states: &[u64; 3]| {
            let all: u64 = states.iter().sum();
            vec![
                Cell::count(all),
                Cell::count(states[0]),
                Cell::count(states[1]),
                Cell::count(states[2]),
                Cell::share(states[1] + states[2], all),
            ]
        };
        let rows = topics.iter().map(|((kind, topic), states)| {
            let kind_name = match *kind {
                "complaint" => self.say("Pengaduan", "Complaint"),
                _ => self.say("Saran", "Suggestion"),
            };
            let name = self.feedback.topic(topic).map_or(*topic, |one| one.name.in_language(self.language));
            Row {
                key: format!("{kind}/{topic}"),
                label: format!("{kind_name}: {name}"),
                cells: cells(states),
            }
        });
        let mut all = [0; 3];
        for states in topics.values() {
            (0..3).for_each(|place| all[place] += states[place]);
        }
        Table {
            key: "complaints",
            title: self.say("Saran dan pengaduan", "Suggestions and complaints"),
            note: self.say("Menurut tanggal diterima.", "By the day on which they were received."),
            rows_are: self.column("kind_topic", "Perihal", "Topic"),
            columns: vec![
                self.column("all", "Semua", "All"),
                self.column("received", "Belum dijawab", "Not answered"),
                self.column("answered", "Dijawab", "Answered"),
                self.column("closed", "Selesai", "Closed"),
                self.column("answered_percent", "Dijawab (%)", "Answered (%)"),
            ],
            rows: rows.collect(),
            total: Some(Row { key: "total".to_owned(), label: self.say("Semua", "All"), cells: cells(&all) }),
        }
    }

    /// Tickets that were invited and served.
    pub fn invited(&self) -> u64 {
        self.figures.invited.iter().filter(|(id, _)| self.is_wanted(id)).map(|(_, n)| n).sum()
    }

    /// The sample that stands for so many people.
    pub fn sample(&self, persons: u64) -> u64 {
        sample_size(persons)
    }
}

/// Points of 100 with two decimals.
fn points(points: Points) -> Cell {
    Cell::Number { scaled: i64::from(points.hundredths()), places: 2, unit: Unit::Plain }
}
