//! What is asked of the visitor: bands only, never a name, a number or a date, and nothing has to be said.

use crate::words::Text;

/// One such question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    Age,
    Sex,
    Education,
    Occupation,
}

/// One answer to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Band {
    /// By which it is kept.
    pub key: &'static str,
    pub name: Text,
}

impl About {
    pub const ALL: [Self; 4] = [Self::Age, Self::Sex, Self::Education, Self::Occupation];

    /// By which it is kept, and named in the config.
    pub fn key(self) -> &'static str {
        match self {
            Self::Age => "age",
            Self::Sex => "sex",
            Self::Education => "education",
            Self::Occupation => "occupation",
        }
    }

    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|about| about.key() == key)
    }

    /// What is asked.
    pub fn ask(self) -> Text {
        match self {
            Self::Age => Text::new("Berapa usia Anda?", "How old are you?"),
            Self::Sex => Text::new("Jenis kelamin Anda?", "Your sex?"),
            Self::Education => Text::new("Pendidikan terakhir Anda?", "Your highest education?"),
            Self::Occupation => Text::new("Pekerjaan utama Anda?", "Your main occupation?"),
        }
    }

    /// What can be answered: the bands of the questionnaire in the annex of Permen PANRB 14/2017; it asks for the
    /// age in years, which is more than anybody needs.
    pub fn bands(self) -> Vec<Band> {
        let bands: &[(&'static str, &str, &str)] = match self {
            Self::Age => &[
                ("under_20", "Di bawah 20 tahun", "Under 20"),
                ("20_29", "20–29 tahun", "20 to 29"),
                ("30_39", "30–39 tahun", "30 to 39"),
                ("40_49", "40–49 tahun", "40 to 49"),
                ("50_59", "50–59 tahun", "50 to 59"),
                ("60_up", "60 tahun ke atas", "60 and over"),
            ],
            Self::Sex => &[("l", "Laki-laki", "Male"), ("p", "Perempuan", "Female")],
            Self::Education => &[
                ("sd", "SD", "Primary school"),
                ("smp", "SMP", "Junior high school"),
                ("sma", "SMA", "Senior high school"),
                ("s1", "S1", "Bachelor"),
                ("s2", "S2", "Master"),
                ("s3", "S3", "Doctorate"),
            ],
            Self::Occupation => &[
                ("pns", "PNS", "Civil servant"),
                ("tni", "TNI", "Armed forces"),
                ("polri", "Polri", "Police"),
                ("swasta", "Swasta", "Private sector"),
                ("wirausaha", "Wirausaha", "Own business"),
                ("lainnya", "Lainnya", "Other"),
            ],
        };
        bands.iter().map(|&(key, id, en)| Band { key, name: Text::new(id, en) }).collect()
    }
}
