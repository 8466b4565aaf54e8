//! "Did you mean …?", for whatever a technician writes by hand.

/// The candidate most like `word`, if one is like it at all.
pub fn nearest<'c>(word: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    let word = word.to_lowercase();
    // A third of the letters may be wrong: more, and the guess would be a riddle of its own.
    let tolerance = word.chars().count().div_ceil(3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&word, &candidate.to_lowercase()), candidate))
        .filter(|&(distance, _)| distance <= tolerance)
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The hint that names the nearest candidate; otherwise all of them, if they are few enough to read.
pub fn did_you_mean(word: &str, candidates: &[&str]) -> Option<String> {
    if let Some(near) = nearest(word, candidates.iter().copied()) {
        return Some(format!("did you mean `{near}`?"));
    }
    match candidates {
        [] => None,
        [one] => Some(format!("the only possibility is `{one}`")),
        few if few.len() <= 24 => Some(format!("possible are {}", quoted(few))),
        _ => None,
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// How many letters must be put in, taken out, changed, or swapped with their neighbour.
pub fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = usize::from(a[i - 1] != b[j - 1]);
            let mut least = (last[j] + 1).min(row[j - 1] + 1).min(last[j - 1] + changed);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(before_last[j - 2] + 1);
            }
            row.push(least);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_hand_are_counted() {
        for (a, b, expected) in [
            ("name", "name", 0),
            ("nmae", "name", 1),
            ("nam", "name", 1),
            ("", "zone", 4),
            ("zone", "", 4),
            ("zona", "zone", 1),
            ("prefix", "perfix", 1),
        ] {
            assert_eq!(distance(a, b), expected, "{a} → {b}");
        }
    }

    #[test]
    fn a_guess_is_near_or_not_made() {
        assert_eq!(nearest("dukcapl", ["imigrasi", "dukcapil"]), Some("dukcapil"));
        assert_eq!(nearest("agencies", ["agency", "site"]), Some("agency"));
        assert_eq!(nearest("Zone", ["zone"]), Some("zone"));
        assert_eq!(nearest("colour", ["hint", "accent"]), None);
    }
}
