//! Lines broken between words.

/// Breaks a text between words into as few lines as it needs, and these into lines as even as can be,
/// so that no word stands alone beneath a full line. What fits on one line keeps its inner spaces; what
/// does not breaks first where there are two ("23 November 2026  09.42"). A word longer than a line is
/// broken where the line ends. The text is ASCII, as [`super::plain`] leaves it, so a byte is a column.
pub fn even(text: &str, columns: usize) -> Vec<String> {
    broken(text, columns, |text| {
        let fewest = fill(text, columns);
        let longest_word = text.split_whitespace().map(str::len).max().unwrap_or(0);
        // The narrowest measure that needs no line more. A broken word fills whole lines in any case.
        (longest_word..columns)
            .map(|measure| fill(text, measure))
            .find(|lines| lines.len() == fewest.len())
            .unwrap_or(fewest)
    })
}

/// The same with as many words on each line as fit, for text that stands at one side.
pub fn full(text: &str, columns: usize) -> Vec<String> {
    broken(text, columns, |text| fill(text, columns))
}

/// Lines of what does not fit on one, after a break at every two spaces.
fn broken(text: &str, columns: usize, lines: impl Fn(&str) -> Vec<String>) -> Vec<String> {
    let text = text.trim();
    if text.len() <= columns {
        return fits(text);
    }
    text.split("  ").flat_map(|part| if part.len() <= columns { fits(part) } else { lines(part) }).collect()
}

/// One line, or none.
fn fits(text: &str) -> Vec<String> {
    let text = text.trim();
    if text.is_empty() { Vec::new() } else { vec![text.to_owned()] }
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
        assert_eq!(even(name, 48), ["Dinas Kependudukan dan", "Pencatatan Sipil Kota Langsa"]);
        assert_eq!(full(name, 48), ["Dinas Kependudukan dan Pencatatan Sipil Kota", "Langsa"]);
        assert_eq!(even(name, 80), [name]);
        assert_eq!(even("BPJS Ketenagakerjaan", 16), ["BPJS", "Ketenagakerjaan"]);
    }

    #[test]
    fn what_fits_keeps_its_spaces_and_what_never_fits_is_broken() {
        assert_eq!(even(" 23 November 2026  09.42 ", 48), ["23 November 2026  09.42"]);
        assert_eq!(even("Senin, 23 November 2026  09.42", 28), ["Senin, 23 November 2026", "09.42"]);
        assert_eq!(even("http://192.168.10.2:8081/t/abc", 16), ["http://192.168.1", "0.2:8081/t/abc"]);
        assert_eq!(even("", 16), [""; 0]);
        assert_eq!(even("  ", 16), [""; 0]);
    }

    proptest! {
        #[test]
        fn every_letter_is_kept_and_no_line_is_too_long(text in "[ -~]{0,120}", columns in 1..60usize) {
            for lines in [even(&text, columns), full(&text, columns)] {
                prop_assert!(lines.iter().all(|line| line.len() <= columns && !line.is_empty()));
                let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
                prop_assert_eq!(letters(&lines.concat()), letters(&text));
            }
        }
    }
}
