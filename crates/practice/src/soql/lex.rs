//! Text to tokens.

use jiff::Timestamp;
use jiff::civil::Date;
use winnow::ascii::multispace0;
use winnow::combinator::{alt, cut_err, delimited, opt, preceded, repeat, separated, terminated};
use winnow::error::StrContext;
use winnow::stream::LocatingSlice;
use winnow::token::{none_of, one_of, take_while};
use winnow::{ModalResult, Parser};

use super::error::SoqlError;

/// A token and where it begins.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) at: usize,
    pub(super) end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Date(Date),
    DateTime(Timestamp),
    Number(f64),
    Symbol(&'static str),
    /// Between its quotes, escapes still in it.
    Text(String),
    /// A keyword, a name, or names joined by dots.
    Word(String),
}

type Input<'q> = LocatingSlice<&'q str>;

/// All tokens of a query, without its white space.
pub(super) fn tokens(query: &str) -> Result<Vec<Token>, SoqlError> {
    let mut all = preceded(multispace0, repeat(0.., terminated(token, multispace0)));
    all.parse(LocatingSlice::new(query)).map_err(|error| {
        let at = error.offset();
        let expected = error
            .inner()
            .context()
            .find_map(|context| match context {
                StrContext::Label(label) => Some(*label),
                _ => None,
            })
            .map_or_else(
                || match query.get(at..).and_then(|rest| rest.chars().next()) {
                    Some(c) => format!("unexpected token: '{c}'"),
                    None => "unexpected token: <EOF>".to_owned(),
                },
                str::to_owned,
            );
        SoqlError::malformed(query, at, &expected)
    })
}

fn token(input: &mut Input<'_>) -> ModalResult<Token> {
    alt((text, number_or_date, word, symbol))
        .with_span()
        .map(|(kind, span)| Token {
            kind,
            at: span.start,
            end: span.end,
        })
        .parse_next(input)
}

fn text(input: &mut Input<'_>) -> ModalResult<Kind> {
    let escaped = preceded(
        '\\',
        cut_err(one_of([
            'n', 'N', 'r', 'R', 't', 'T', 'b', 'B', 'f', 'F', '"', '\'', '\\', '_', '%',
        ]))
        .context(StrContext::Label(
            "illegal character sequence in a string literal",
        )),
    )
    .void();
    let inside = repeat::<_, _, (), _, _>(0.., alt((none_of(['\'', '\\']).void(), escaped))).take();
    delimited(
        '\'',
        inside,
        cut_err('\'').context(StrContext::Label("the string literal has no end")),
    )
    .map(|inside: &str| Kind::Text(inside.to_owned()))
    .parse_next(input)
}

/// Numbers, dates (`2026-01-31`) and datetimes (`2026-01-31T08:00:00Z`) all begin with a digit or a sign.
fn number_or_date(input: &mut Input<'_>) -> ModalResult<Kind> {
    (
        opt(one_of(['+', '-'])),
        one_of(|c: char| c.is_ascii_digit()),
        take_while(0.., |c: char| {
            c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | ':' | '.')
        }),
    )
        .take()
        .verify_map(parse_number_or_date)
        .parse_next(input)
}

fn parse_number_or_date(text: &str) -> Option<Kind> {
    if text.contains('T') {
        // Salesforce also writes the offset without its colon.
        let parsed = text
            .parse::<Timestamp>()
            .or_else(|_| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%.f%z", text));
        return parsed.ok().map(Kind::DateTime);
    }
    if text.get(1..).is_some_and(|rest| rest.contains('-')) {
        return text.parse().ok().map(Kind::Date);
    }
    text.parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
        .map(Kind::Number)
}

fn word(input: &mut Input<'_>) -> ModalResult<Kind> {
    let name = (
        one_of(|c: char| c.is_ascii_alphabetic() || c == '_'),
        take_while(0.., |c: char| c.is_ascii_alphanumeric() || c == '_'),
    );
    separated::<_, _, (), _, _, _, _>(1.., name, '.')
        .take()
        .map(|word: &str| Kind::Word(word.to_owned()))
        .parse_next(input)
}

fn symbol(input: &mut Input<'_>) -> ModalResult<Kind> {
    alt(SYMBOLS.map(|symbol| symbol.value(Kind::Symbol(symbol)))).parse_next(input)
}

/// Longer ones before those they begin with.
const SYMBOLS: [&str; 10] = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];
