//! The survey's arithmetic, as the regulation and the worksheets of offices have it.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use antrean::survey::{
    About, Feedback, Grade, Index, Missing, Order, Points, QuestionSet, Refusal, Tally, Weight, invite_every,
    sample_size,
};
use proptest::prelude::*;

fn skm() -> QuestionSet {
    QuestionSet::bundled("skm").unwrap()
}

/// Complete responses of which the scores of all elements add up to `sum`, as evenly as may be.
fn tally(set: &QuestionSet, responses: u64, sum: u64) -> Tally {
    let cells = responses * set.questions.len() as u64;
    let (low, more) = (sum / cells, sum % cells);
    let mut tally = Tally::default();
    let mut left = more;
    for question in &set.questions {
        let higher = left.min(responses);
        left -= higher;
        tally.add(&question.key, low as u8, responses - higher);
        tally.add(&question.key, low as u8 + 1, higher);
    }
    tally
}

fn index(responses: u64, sum: u64, weight: Weight) -> String {
    let set = skm();
    Index::of(&set, &tally(&set, responses, sum), weight).unwrap().points.to_string()
}

#[test]
fn the_worksheet_of_29_answers_has_its_three_figures() {
    // Means that add up to 32.931: 955 points of 29 people.
    assert_eq!(index(29, 955, Weight::Hundredths), "90.56");
    assert_eq!(index(29, 955, Weight::Thousandths), "91.38");
    assert_eq!(index(29, 955, Weight::Exact), "91.48");
}

#[test]
fn a_perfect_survey_has_a_hundred_and_the_worst_has_twenty_five() {
    assert_eq!(index(7, 7 * 36, Weight::Exact), "100.00");
    assert_eq!(index(7, 7 * 36, Weight::Thousandths), "99.90");
    assert_eq!(index(7, 7 * 36, Weight::Hundredths), "99.00");
    assert_eq!(index(7, 7 * 9, Weight::Exact), "25.00");
}

#[test]
fn a_grade_is_read_from_the_figure_as_it_is_printed() {
    let bands = [
        (2_500, Grade::D),
        (6_499, Grade::D),
        (6_500, Grade::C),
        (7_660, Grade::C),
        (7_661, Grade::B),
        (8_830, Grade::B),
        (8_831, Grade::A),
        (10_000, Grade::A),
    ];
    for (hundredths, grade) in bands {
        assert_eq!(Grade::of(Points::from_hundredths(hundredths)), grade, "{hundredths}");
    }
    // 88.305 lies in the gap between two bands of the regulation; it is printed as 88.31.
    let set = skm();
    let gap = Index::of(&set, &tally(&set, 10_000, 317_898), Weight::Exact).unwrap();
    assert_eq!((gap.points.to_string().as_str(), gap.grade), ("88.31", Grade::A));
    // 88.3047… is printed as 88.30.
    let below = Index::of(&set, &tally(&set, 10_000, 317_897), Weight::Exact).unwrap();
    assert_eq!((below.points.to_string().as_str(), below.grade), ("88.30", Grade::B));
    let names = [Grade::A, Grade::B, Grade::C, Grade::D].map(|grade| grade.name().id.to_string());
    assert_eq!(names, ["Sangat baik", "Baik", "Kurang baik", "Tidak baik"]);
}

#[test]
fn where_an_element_lacks_answers_there_is_no_index_and_it_is_said_why() {
    let set = skm();
    assert_eq!(Index::of(&set, &Tally::default(), Weight::Exact), Err(Missing::Nobody));
    let mut lacking = tally(&set, 5, 5 * 27);
    lacking.add("biaya", 4, 1);
    assert_eq!(Index::of(&set, &lacking, Weight::Exact), Err(Missing::Uneven("persyaratan".to_owned())));
    let mut empty = Tally::default();
    empty.add("biaya", 4, 3);
    assert!(matches!(Index::of(&set, &empty, Weight::Exact), Err(Missing::Uneven(_))));
    assert_eq!(empty.of("waktu").mean(), None);
    let mean = empty.of("biaya").mean().unwrap();
    assert_eq!(
        (mean.rounded(4), mean.points().to_string().as_str(), mean.grade()),
        (40_000, "100.00", Grade::A)
    );
}

#[test]
fn the_nine_elements_are_there_in_both_official_orders() {
    let set = skm();
    let keys = |order| set.in_order(order).iter().map(|it| it.key.clone()).collect::<Vec<_>>();
    let (regulation, questionnaire) = (keys(Order::Regulation), keys(Order::Questionnaire));
    assert_eq!((regulation[7].as_str(), regulation[8].as_str()), ("pengaduan", "sarana"));
    assert_eq!((questionnaire[7].as_str(), questionnaire[8].as_str()), ("sarana", "pengaduan"));
    let sorted = |keys: Vec<String>| keys.into_iter().collect::<BTreeSet<_>>();
    assert_eq!(sorted(regulation).len(), 9);
    assert_eq!(sorted(questionnaire).len(), 9);
    assert_eq!(&*set.question("biaya").unwrap().option(1).unwrap().id, "Sangat mahal");
    assert_eq!(&*set.question("biaya").unwrap().option(4).unwrap().id, "Gratis");
    assert_eq!(set.question("biaya").unwrap().option(0), None);
    assert_eq!(set.question("biaya").unwrap().option(5), None);
}

#[test]
fn the_anti_corruption_survey_asks_ten_questions_that_weigh_the_same() {
    let set = QuestionSet::bundled("ipak").unwrap();
    assert_eq!(set.questions.len(), 10);
    let best = Index::of(&set, &tally(&set, 3, 120), Weight::Hundredths).unwrap();
    assert_eq!(best.points.to_string(), "100.00", "a rounded ninth is no tenth");
}

#[test]
fn a_set_that_is_wrong_says_what_is_wrong() {
    let text = include_str!("../assets/surveys/skm.toml");
    let wrong =
        |from: &str, to: &str| QuestionSet::parse(&text.replacen(from, to, 1)).unwrap_err().to_string();
    assert!(wrong("key = \"waktu\"", "key = \"biaya\"").contains("two questions"));
    assert!(wrong("  { id = \"Buruk\", en = \"Poor\" },\n", "").contains("four options"));
    assert!(wrong("key = \"waktu\"", "key = \"Waktu Layanan\"").contains("no key"));
    assert!(wrong("\"pengaduan\", \"sarana\"]", "\"pengaduan\"]").contains("`regulation`"));
    assert!(wrong("[orders]", "[order]").contains("cannot be read"));
    assert!(wrong("id = \"Buruk\"", "id = \" \"").contains("empty text"));
}

#[test]
fn the_sample_is_that_of_the_table_of_krejcie_and_morgan() {
    let table = [
        (0, 0),
        (1, 1),
        (10, 10),
        (200, 132),
        (500, 217),
        (1_000, 278),
        (2_000, 322),
        (5_000, 357),
        (10_000, 370),
        (20_000, 377),
    ];
    for (visitors, sample) in table {
        assert_eq!(sample_size(visitors), sample, "of {visitors}");
    }
}

#[test]
fn so_many_are_invited_that_enough_of_them_answer() {
    assert_eq!(invite_every(20_000, 40), 21, "377 answers take 943 invitations");
    assert_eq!(invite_every(100, 30), 1, "a small house asks everybody");
    assert_eq!(invite_every(0, 30), 1);
    for visitors in [300, 1_000, 7_777, 20_000, 90_000] {
        for percent in [1, 20, 50, 100] {
            let every = u64::from(invite_every(visitors, percent));
            let enough = visitors / every * u64::from(percent) >= sample_size(visitors) * 100;
            assert!(enough || every == 1, "{visitors} at {percent} %");
        }
    }
}

#[test]
fn what_is_asked_of_the_visitor_are_bands() {
    for about in About::ALL {
        let bands = about.bands();
        let keys: BTreeSet<_> = bands.iter().map(|band| band.key).collect();
        assert!(bands.len() >= 2 && keys.len() == bands.len());
        assert_eq!(About::of(about.key()), Some(about));
    }
}

#[test]
fn free_words_are_kept_without_what_cannot_be_seen() {
    assert_eq!(Feedback::clean(" a\u{7}b\r\nc\u{202E}d ").as_deref(), Some("ab\ncd"));
    assert_eq!(Feedback::clean(&"é".repeat(500)).map(|it| it.chars().count()), Some(500));
    assert_eq!(Feedback::clean(&"é".repeat(501)), None);
}

#[test]
fn every_refusal_has_a_code_of_its_own_and_a_sentence_in_both_languages() {
    let codes: BTreeSet<_> = Refusal::ALL.iter().map(|it| it.code()).collect();
    assert_eq!(codes.len(), Refusal::ALL.len());
    assert!(Refusal::ALL.iter().all(|it| !it.sentence().id.is_empty() && !it.sentence().en.is_empty()));
}

/// The same by adding fractions one after another, as long as they fit.
fn slowly(scores: &[Vec<u64>], weight: (i128, i128)) -> u32 {
    let gcd = |mut a: i128, mut b: i128| {
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    };
    let (mut over, mut under) = (0_i128, 1_i128);
    for element in scores {
        let (mut sum, mut count) = (0_i128, 0_i128);
        for (score, times) in element.iter().enumerate() {
            for _ in 0..*times {
                sum += score as i128 + 1;
                count += 1;
            }
        }
        over = over * count * weight.1 + sum * weight.0 * under;
        under *= count * weight.1;
        let shared = gcd(over, under);
        (over, under) = (over / shared, under / shared);
    }
    // In hundredths of a point: the whole part, and one more from a half on.
    let (over, whole) = (over * 2_500, over * 2_500 / under);
    (whole + i128::from((over - whole * under) * 2 >= under)) as u32
}

proptest! {
    #[test]
    fn the_index_is_what_fractions_give(
        answers in prop::collection::vec(prop::collection::vec(1_u8..=4, 9), 1..60),
        weight in prop::sample::select(vec![Weight::Exact, Weight::Hundredths, Weight::Thousandths]),
    ) {
        let set = skm();
        let mut tally = Tally::default();
        let mut scores = vec![vec![0_u64; 4]; 9];
        for response in &answers {
            for (at, score) in response.iter().enumerate() {
                tally.add(&set.questions[at].key, *score, 1);
                scores[at][usize::from(*score) - 1] += 1;
            }
        }
        let fraction = match weight {
            Weight::Exact => (1, 9),
            Weight::Hundredths => (11, 100),
            Weight::Thousandths => (111, 1_000),
        };
        let index = Index::of(&set, &tally, weight).unwrap();
        prop_assert_eq!(index.points.hundredths(), slowly(&scores, fraction));
        prop_assert_eq!(index.responses, answers.len() as u64);
        prop_assert_eq!(index.grade, Grade::of(index.points));
    }
}
