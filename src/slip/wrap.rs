//! Lines broken between words.

/// Breaks a text between words into as few lines as it needs, and these into lines as even as can be,
/// so that no word stands alone beneath a full line. What fits on one line keeps its inner spaces; what
/// does not breaks first where there are two ("23 November 2026  09.42"). A word longer than a line is
/// broken where the line ends. The text is ASCII, as [`super::plain`] leaves it, so a byte is a column.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() {
        return Vec::new();
    }
    if text.len() <= columns {
        return vec![text.to_owned()];
    }
    if let Some((before, after)) = text.split_once("  ") {
        return [wrap(before, columns), wrap(after, columns)].concat();
    }
    let fewest = fill(text, columns);
    let longest_word = text.split_whitespace().map(str::len).max().unwrap_or(0);
    // The narrowest measure that needs no line more. A broken word fills whole lines in any case.
    (longest_word..columns)
        .map(|measure| fill(text, measure))
        .find(|lines| lines.len() == fewest.len())
        .unwrap_or(fewest)
}

/// Puts as many words on each line as fit.
fn fill(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let mut word = word;
        while word.len() > columns {
            let (head, tail) = word.split_at(columns);
            lines.push(head.to_owned());
            word = tail;
        }
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= columns => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_word_stands_alone_beneath_a_full_line() {
        let name = "Dinas Kependudukan dan Pencatatan Sipil Kota Langsa";
        assert_eq!(wrap(name, 48), ["Dinas Kependudukan dan", "Pencatatan Sipil Kota Langsa"]);
        assert_eq!(wrap(name, 80), [name]);
        assert_eq!(wrap("BPJS Ketenagakerjaan", 16), ["BPJS", "Ketenagakerjaan"]);
    }

    #[test]
    fn what_fits_keeps_its_spaces_and_what_never_fits_is_broken() {
        assert_eq!(wrap(" 23 November 2026  09.42 ", 48), ["23 November 2026  09.42"]);
        assert_eq!(wrap("Senin, 23 November 2026  09.42", 28), ["Senin, 23 November 2026", "09.42"]);
        assert_eq!(wrap("http://192.168.10.2:8081/t/abc", 16), ["http://192.168.1", "0.2:8081/t/abc"]);
        assert_eq!(wrap("", 16), [""; 0]);
        assert_eq!(wrap("  ", 16), [""; 0]);
    }

    proptest! {
        #[test]
        fn every_letter_is_kept_and_no_line_is_too_long(text in "[ -~]{0,120}", columns in 1..60usize) {
            let lines = wrap(&text, columns);
            prop_assert!(lines.iter().all(|line| line.len() <= columns && !line.is_empty()));
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
