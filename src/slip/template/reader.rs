//! Reads a template, and says all that is wrong with it at once.

use std::ops::Range;

use super::super::facts::FACTS;
use super::super::sheet::{Look, Side, Size};
use super::{Line, Piece, Row};
use crate::nearest::did_you_mean;
use crate::queue::Language;

/// Something that is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Bytes of the text.
    pub span: Range<usize>,
    /// A stable name of this kind of mistake.
    pub code: &'static str,
    pub message: String,
    /// What to write instead.
    pub hint: Option<String>,
}

/// A slip is a hand's length of paper: more lines are no slip but a mistaken file.
const MOST_LINES: usize = 60;
/// Letters of one line of a template; a whole address fits three times.
const MOST_LETTERS: usize = 240;

const MARKS: &[(&str, Mark)] = &[
    ("tall", Mark::Size(Size::Tall)),
    ("big", Mark::Size(Size::Big)),
    ("number", Mark::Size(Size::Number)),
    ("bar", Mark::Bar),
    ("left", Mark::Side(Side::Left)),
    ("right", Mark::Side(Side::Right)),
];
const BLOCKS: &[&str] = &["logo", "qr", "rule", "feed"];

#[derive(Clone, Copy)]
enum Mark {
    Size(Size),
    Bar,
    Side(Side),
}

pub(super) fn read(text: &str) -> Result<Vec<Row>, Vec<Mistake>> {
    let mut reader = Reader { text, mistakes: Vec::new() };
    let mut rows = Vec::new();
    // Some editors begin a file with this mark.
    let mut from = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    for line in text[from..].split('\n') {
        let span = reader.trimmed(from..from + line.len());
        from += line.len() + 1;
        if span.is_empty() || text[span.clone()].starts_with('#') {
            continue;
        }
        if rows.len() == MOST_LINES {
            let hint = format!("a slip has {MOST_LINES} lines at most; is this the right file?");
            reader.note(span, "template_too_long", "this slip never ends", Some(hint));
            break;
        }
        rows.push(reader.row(span));
    }
    reader.ask_for_the_number(&rows);
    // A row that could not be read has left a mistake behind.
    if reader.mistakes.is_empty() { Ok(rows.into_iter().flatten().collect()) } else { Err(reader.mistakes) }
}

struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn note(
        &mut self,
        span: Range<usize>,
        code: &'static str,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.mistakes.push(Mistake { span, code, message: message.into(), hint });
    }

    /// The span without white space at its ends.
    fn trimmed(&self, span: Range<usize>) -> Range<usize> {
        let inside = &self.text[span.clone()];
        let start = span.start + (inside.len() - inside.trim_start().len());
        start..(start + inside.trim().len())
    }

    fn row(&mut self, span: Range<usize>) -> Option<Row> {
        let line = &self.text[span.clone()];
        if let Some((at, sign)) = line.char_indices().find(|&(_, c)| c != '\t' && is_unseen(c)) {
            let at = span.start + at;
            let message = format!("this line contains the invisible sign U+{:04X}", u32::from(sign));
            let hint = "delete it; a slip is made of visible signs".to_owned();
            self.note(at..at + sign.len_utf8(), "control_character", message, Some(hint));
            return None;
        }
        if line.chars().count() > MOST_LETTERS {
            let hint = format!("a line has {MOST_LETTERS} letters at most; spread it over several");
            self.note(span, "line_too_long", "this line is too long", Some(hint));
            return None;
        }
        if line.starts_with('[') {
            return self.block(span);
        }
        match line.split_once('|') {
            Some((marks, _)) => {
                let look = self.look(span.start..span.start + marks.len());
                let words = self.trimmed(span.start + marks.len() + 1..span.end);
                self.words(words, span, look)
            }
            None => self.words(span.clone(), span, Some(Look::default())),
        }
    }

    /// `[feed 2]`
    fn block(&mut self, span: Range<usize>) -> Option<Row> {
        const HINT: &str = "write a block alone on its line; to print a bracket, begin the line with `|`";
        let line = &self.text[span.clone()];
        let Some(inside) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) else {
            self.note(span, "bad_block", "this is not a block", Some(HINT.to_owned()));
            return None;
        };
        let mut words = inside.split_whitespace();
        let name = words.next().unwrap_or_default();
        let rest: Vec<&str> = words.collect();
        match (name, rest.as_slice()) {
            ("logo", []) => Some(Row::Logo),
            ("qr", []) => Some(Row::Qr),
            ("rule", []) => Some(Row::Rule),
            ("feed", []) => Some(Row::Feed(1)),
            ("feed", [lines]) => match lines.parse() {
                Ok(lines @ 1..=20) => Some(Row::Feed(lines)),
                _ => {
                    let message = format!("`{lines}` is not a count of empty lines");
                    self.note(span, "bad_feed", message, Some("1 to 20: [feed 2]".to_owned()));
                    None
                }
            },
            (known, _) if BLOCKS.contains(&known) => {
                let hint =
                    if known == "feed" { "write [feed 2]".to_owned() } else { format!("write [{known}]") };
                self.note(span, "bad_block", format!("[{known}] takes no such words"), Some(hint));
                None
            }
            (unknown, _) => {
                let hint = did_you_mean(unknown, BLOCKS).unwrap_or_else(|| HINT.to_owned());
                self.note(span, "unknown_block", format!("there is no block [{unknown}]"), Some(hint));
                None
            }
        }
    }

    /// The marks in front of `|`.
    fn look(&mut self, span: Range<usize>) -> Option<Look> {
        let mut look = Look::default();
        let (mut sized, mut sided) = (None, None);
        let before = self.mistakes.len();
        for word in self.text[span.clone()].split_whitespace() {
            // Where a word stands is told by where it is in memory.
            let at = word.as_ptr() as usize - self.text.as_ptr() as usize;
            let place = at..at + word.len();
            let Some(&(_, mark)) = MARKS.iter().find(|(name, _)| *name == word) else {
                let names: Vec<&str> = MARKS.iter().map(|&(name, _)| name).collect();
                let hint = did_you_mean(word, &names);
                self.note(place, "unknown_mark", format!("`{word}` is not a mark"), hint);
                continue;
            };
            let rival = match mark {
                Mark::Size(size) => {
                    look.size = size;
                    sized.replace(word)
                }
                Mark::Side(side) => {
                    look.side = side;
                    sided.replace(word)
                }
                Mark::Bar => {
                    look.bar = true;
                    None
                }
            };
            if let Some(rival) = rival {
                let message = format!("`{word}` and `{rival}` cannot both be");
                self.note(place, "marks_clash", message, Some(format!("leave `{rival}` or `{word}` out")));
            }
        }
        (self.mistakes.len() == before).then_some(look)
    }

    /// `Indonesian // English`, or one for both.
    fn words(&mut self, span: Range<usize>, row: Range<usize>, look: Option<Look>) -> Option<Row> {
        let words = &self.text[span.clone()];
        // A lone `//` divides; that of an address has a neighbour.
        let cuts: Vec<usize> = words
            .match_indices("//")
            .map(|(at, _)| at)
            .filter(|&at| {
                let before = words[..at].chars().next_back();
                let after = words[at + 2..].chars().next();
                before.is_none_or(char::is_whitespace) && after.is_none_or(char::is_whitespace)
            })
            .collect();
        let sides = match cuts.as_slice() {
            [] => [span.clone(), span.clone()],
            [cut] => [span.start..span.start + cut, span.start + cut + 2..span.end],
            [_, second, ..] => {
                let at = span.start + second;
                let hint = "Indonesian // English".to_owned();
                let message = "there are two languages, not three";
                self.note(at..at + 2, "too_many_languages", message, Some(hint));
                return None;
            }
        };
        let [id, en] = sides.map(|side| self.trimmed(side));
        if id.is_empty() && en.is_empty() {
            let hint = "write words behind `|`, or delete the line".to_owned();
            self.note(row, "no_words", "this line says nothing", Some(hint));
            return None;
        }
        let shared = id == en;
        let id = self.pieces(id);
        let en = if shared { id.clone() } else { self.pieces(en) };
        Some(Row::Line(Line { look: look?, id: id?, en: en? }))
    }

    /// Words and `{facts}`.
    fn pieces(&mut self, span: Range<usize>) -> Option<Vec<Piece>> {
        let (text, mut at) = (self.text, span.start);
        let mut pieces = Vec::new();
        let before = self.mistakes.len();
        while at < span.end {
            let rest = &text[at..span.end];
            let Some(brace) = rest.find(['{', '}']) else {
                pieces.push(Piece::Words(rest.to_owned()));
                break;
            };
            if brace > 0 {
                pieces.push(Piece::Words(rest[..brace].to_owned()));
            }
            let inside =
                rest[brace..].strip_prefix('{').and_then(|rest| Some(&rest[..rest.find(['{', '}'])?]));
            let closed = inside.filter(|inside| rest[brace + 1 + inside.len()..].starts_with('}'));
            let Some(name) = closed else {
                let hint = "a placeholder is a name in braces, such as {number}; braces are not printed";
                let place = at + brace..at + brace + 1;
                self.note(place, "lone_brace", "this brace has no partner", Some(hint.to_owned()));
                return None;
            };
            let place = at + brace..at + brace + name.len() + 2;
            match FACTS.iter().find(|(known, _)| *known == name.trim()) {
                Some(&(_, fact)) => pieces.push(Piece::Fact(fact)),
                None => {
                    let names: Vec<&str> = FACTS.iter().map(|&(name, _)| name).collect();
                    let hint = did_you_mean(name.trim(), &names);
                    let message = format!("there is no placeholder {{{name}}}");
                    self.note(place.clone(), "unknown_placeholder", message, hint);
                }
            }
            at = place.end;
        }
        (self.mistakes.len() == before).then_some(pieces)
    }

    /// A slip without its number is no ticket. Asked only where every line could be read: one that could
    /// not may be the one.
    fn ask_for_the_number(&mut self, rows: &[Option<Row>]) {
        if !self.mistakes.is_empty() {
            return;
        }
        let told = |language| {
            rows.iter().flatten().any(|row| match row {
                Row::Line(line) => line.always_tells_the_number(language),
                _ => false,
            })
        };
        let missing = match (told(Language::ID), told(Language::EN)) {
            (true, true) => return,
            (false, false) => "no line always tells the number",
            (false, true) => "no line always tells the number in Indonesian",
            (true, false) => "no line always tells the number in English",
        };
        let hint = "write a line `number | {number}`; beside a placeholder that may be empty the number \
                    would be left out with it";
        self.note(0..0, "no_number", missing, Some(hint.to_owned()));
    }
}

/// Control characters, signs without width, and marks that turn the direction of writing.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}
