//! Lines broken between words.

/// Breaks a text between words; a word longer than a line is broken where the line ends. The text is
/// ASCII, as [`super::plain`] leaves it, so a byte is a column.
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
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
