//! Question sets of the survey.

use antrean::survey::QuestionSet;
use proptest::prelude::*;

use crate::mangled::{harms, mangled};
use crate::support::chance::cases;

const SETS: [&str; 2] =
    [include_str!("../../assets/surveys/skm.toml"), include_str!("../../assets/surveys/ipak.toml")];

fn is_well_read(text: &str) -> Result<(), TestCaseError> {
    match QuestionSet::parse(text) {
        Ok(set) => {
            prop_assert!(!set.questions.is_empty() && set.questions.len() <= 30);
            for question in &set.questions {
                prop_assert_eq!(set.question(&question.key).map(|known| &known.key), Some(&question.key));
            }
        }
        Err(error) => prop_assert!(!error.to_string().trim().is_empty()),
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn questions_made_worse_are_refused_with_a_reason_or_can_be_asked(set in 0..2usize, harms in harms()) {
        is_well_read(&String::from_utf8_lossy(&mangled(SETS[set], &harms)))?;
    }

    #[test]
    fn any_text_is_refused_with_a_reason_or_can_be_asked(text in any::<String>()) {
        is_well_read(&text)?;
    }
}
