//! From any text to what every printer prints: ASCII, without a single control character.

/// Letters that have a plain relative; Indonesian itself needs none of them.
const RELATIVES: &[(char, &str)] = &[
    ('’', "'"),
    ('‘', "'"),
    ('“', "\""),
    ('”', "\""),
    ('–', "-"),
    ('—', "-"),
    ('…', "..."),
    ('·', "-"),
    ('•', "-"),
    ('à', "a"),
    ('á', "a"),
    ('â', "a"),
    ('ä', "a"),
    ('ã', "a"),
    ('å', "a"),
    ('è', "e"),
    ('é', "e"),
    ('ê', "e"),
    ('ë', "e"),
    ('ì', "i"),
    ('í', "i"),
    ('î', "i"),
    ('ï', "i"),
    ('ò', "o"),
    ('ó', "o"),
    ('ô', "o"),
    ('ö', "o"),
    ('õ', "o"),
    ('ù', "u"),
    ('ú', "u"),
    ('û', "u"),
    ('ü', "u"),
    ('ç', "c"),
    ('ñ', "n"),
    ('ý', "y"),
    ('À', "A"),
    ('Á', "A"),
    ('Â', "A"),
    ('Ä', "A"),
    ('È', "E"),
    ('É', "E"),
    ('Ê', "E"),
    ('Ë', "E"),
    ('Í', "I"),
    ('Î', "I"),
    ('Ï', "I"),
    ('Ó', "O"),
    ('Ô', "O"),
    ('Ö', "O"),
    ('Ú', "U"),
    ('Ü', "U"),
    ('Ç', "C"),
    ('Ñ', "N"),
    ('ß', "ss"),
    ('×', "x"),
    ('\u{a0}', " "),
    ('\u{2009}', " "),
    ('\u{202f}', " "),
];

/// Printable ASCII that reads the same; what has no relative becomes `?`, what controls becomes a space.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            ' '..='~' => plain.push(letter),
            letter if letter.is_control() => plain.push(' '),
            letter => match RELATIVES.iter().find(|(from, _)| *from == letter) {
                Some((_, relative)) => plain.push_str(relative),
                None => plain.push('?'),
            },
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;
    use proptest::prelude::*;

    #[test]
    fn dashes_and_accents_have_plain_relatives() {
        assert_eq!(plain("Café “Ulèe Lheue” – 20–30 menit…"), "Cafe \"Ulee Lheue\" - 20-30 menit...");
        assert_eq!(plain("x\x1b@\x1dV\0y"), "x @ V y");
        assert_eq!(plain("漢"), "?");
    }

    proptest! {
        #[test]
        fn nothing_that_controls_passes(text in any::<String>()) {
            prop_assert!(plain(&text).bytes().all(|byte| (0x20..0x7f).contains(&byte)));
        }
    }
}
