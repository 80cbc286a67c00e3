//! The pattern of a LIKE, and the escapes of a text.

/// A LIKE pattern: `%` stands for any characters, `_` for one; upper and lower case are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<Piece>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece {
    Any,
    Char(char),
    One,
}

impl Pattern {
    /// From a text literal with its escapes.
    pub(crate) fn new(raw: &str) -> Self {
        let pieces = unescaped(raw).flat_map(|(c, escaped)| match (c, escaped) {
            ('%', false) => vec![Piece::Any],
            ('_', false) => vec![Piece::One],
            (c, _) => c.to_lowercase().map(Piece::Char).collect(),
        });
        Self(pieces.collect())
    }

    /// Whether a text has this pattern. Linear in memory, text times pattern in time.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().flat_map(char::to_lowercase).collect();
        // The place after the last `%`, and where in the text it was tried last.
        let (mut piece, mut place) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        while place < text.len() {
            match self.0.get(piece) {
                Some(Piece::Any) => {
                    piece += 1;
                    retry = Some((piece, place));
                }
                Some(Piece::One) => (piece, place) = (piece + 1, place + 1),
                Some(Piece::Char(c)) if *c == text[place] => (piece, place) = (piece + 1, place + 1),
                _ => match &mut retry {
                    Some((after, tried)) => {
                        *tried += 1;
                        (piece, place) = (*after, *tried);
                    }
                    None => return false,
                },
            }
        }
        self.0[piece..].iter().all(|piece| *piece == Piece::Any)
    }
}

/// The text that a literal means.
pub(crate) fn plain(raw: &str) -> String {
    unescaped(raw).map(|(c, _)| c).collect()
}

/// Each character, and whether it was escaped.
fn unescaped(raw: &str) -> impl Iterator<Item = (char, bool)> {
    let mut chars = raw.chars();
    std::iter::from_fn(move || match chars.next()? {
        '\\' => {
            let c = match chars.next()? {
                'n' | 'N' => '\n',
                'r' | 'R' => '\r',
                't' | 'T' => '\t',
                'b' | 'B' => '\u{8}',
                'f' | 'F' => '\u{c}',
                other => other,
            };
            Some((c, true))
        }
        c => Some((c, false)),
    })
}
