//! Tokens to a query.

use winnow::combinator::{alt, cut_err, fail, opt, preceded, separated, terminated};
use winnow::error::{ContextError, ErrMode};
use winnow::token::any;
use winnow::{ModalResult, Parser};

use super::ast::{Comparison, Condition, Literal, Order, Path, Query, Select};
use super::error::SoqlError;
use super::lex::{Kind, Token, tokens};

/// Salesforce's own limit on a query, characters.
const LONGEST: usize = 100_000;
/// How deep conditions nest.
const DEEPEST: u8 = 32;

type Tokens<'t> = &'t [Token];

/// Parses a query.
pub(crate) fn parse(query: &str) -> Result<Query, SoqlError> {
    if query.len() > LONGEST {
        return Err(SoqlError::malformed("", 0, "the SOQL statement is too long"));
    }
    let tokens = tokens(query)?;
    whole.parse(tokens.as_slice()).map_err(|error| {
        let (at, what) = match tokens.get(error.offset()) {
            Some(token) => {
                let text = query.get(token.at..token.end).unwrap_or_default();
                (token.at, format!("unexpected token: '{text}'"))
            }
            None => (query.len(), "unexpected token: <EOF>".to_owned()),
        };
        SoqlError::malformed(query, at, &what)
    })
}

fn whole(input: &mut Tokens<'_>) -> ModalResult<Query> {
    let select = preceded(keyword("SELECT"), cut_err(select)).parse_next(input)?;
    let from = preceded(cut_err(keyword("FROM")), cut_err(name)).parse_next(input)?;
    let alias = opt(preceded(
        opt(keyword("AS")),
        name.verify(|name| !is_clause(&name.names[0])),
    ))
    .parse_next(input)?;
    let filter = opt(preceded(keyword("WHERE"), cut_err(condition(DEEPEST)))).parse_next(input)?;
    let order = opt(preceded(
        (keyword("ORDER"), cut_err(keyword("BY"))),
        cut_err(separated(1.., order, symbol(","))),
    ))
    .parse_next(input)?;
    let limit = opt(preceded(keyword("LIMIT"), cut_err(count))).parse_next(input)?;
    let offset = opt(preceded(keyword("OFFSET"), cut_err(count))).parse_next(input)?;
    Ok(Query {
        select,
        from,
        alias: alias.map(|alias| alias.names.concat()),
        filter,
        order: order.unwrap_or_default(),
        limit,
        offset: offset.unwrap_or(0),
    })
}

fn select(input: &mut Tokens<'_>) -> ModalResult<Select> {
    let all = (keyword("COUNT"), symbol("("), symbol(")")).value(Select::Count);
    let fields = separated(1.., path, symbol(",")).map(Select::Fields);
    alt((all, fields)).parse_next(input)
}

/// Conditions joined by AND or by OR, not by both.
fn condition<'t>(depth: u8) -> impl Parser<Tokens<'t>, Condition, ErrMode<ContextError>> {
    move |input: &mut Tokens<'t>| {
        let first = single(depth).parse_next(input)?;
        let and = opt(keyword("AND")).parse_next(input)?.is_some();
        let or = !and && opt(keyword("OR")).parse_next(input)?.is_some();
        if !and && !or {
            return Ok(first);
        }
        let joint = if and { "AND" } else { "OR" };
        let rest: Vec<Condition> =
            cut_err(separated(1.., single(depth), keyword(joint))).parse_next(input)?;
        let all = std::iter::once(first).chain(rest).collect();
        Ok(if and {
            Condition::And(all)
        } else {
            Condition::Or(all)
        })
    }
}

fn single<'t>(depth: u8) -> impl Parser<Tokens<'t>, Condition, ErrMode<ContextError>> {
    move |input: &mut Tokens<'t>| {
        let Some(deeper) = depth.checked_sub(1) else {
            return cut_err(fail).parse_next(input);
        };
        if opt(symbol("(")).parse_next(input)?.is_some() {
            return cut_err(terminated(condition(deeper), symbol(")"))).parse_next(input);
        }
        if opt(keyword("NOT")).parse_next(input)?.is_some() {
            let negated = cut_err(single(deeper)).parse_next(input)?;
            return Ok(Condition::Not(Box::new(negated)));
        }
        comparison(input)
    }
}

fn comparison(input: &mut Tokens<'_>) -> ModalResult<Condition> {
    let path = path(input)?;
    let is_in = alt((
        keyword("IN").value(false),
        (keyword("NOT"), keyword("IN")).value(true),
    ));
    if let Some(negated) = opt(is_in).parse_next(input)? {
        let values = separated(1.., literal, symbol(","));
        let values =
            preceded(cut_err(symbol("(")), cut_err(terminated(values, symbol(")")))).parse_next(input)?;
        return Ok(Condition::In {
            path,
            negated,
            values,
        });
    }
    let comparison = cut_err(operator).parse_next(input)?;
    let fits = |value: &Literal| comparison != Comparison::Like || matches!(value, Literal::Text(_));
    let value = cut_err(literal.verify(fits)).parse_next(input)?;
    Ok(Condition::Compare {
        path,
        comparison,
        value,
    })
}

fn operator(input: &mut Tokens<'_>) -> ModalResult<Comparison> {
    let like = keyword("LIKE").value(Comparison::Like);
    let symbol = any.verify_map(|token: Token| match token.kind {
        Kind::Symbol("=") => Some(Comparison::Equal),
        Kind::Symbol("!=" | "<>") => Some(Comparison::NotEqual),
        Kind::Symbol("<") => Some(Comparison::Less),
        Kind::Symbol("<=") => Some(Comparison::LessOrEqual),
        Kind::Symbol(">") => Some(Comparison::Greater),
        Kind::Symbol(">=") => Some(Comparison::GreaterOrEqual),
        _ => None,
    });
    alt((like, symbol)).parse_next(input)
}

fn literal(input: &mut Tokens<'_>) -> ModalResult<Literal> {
    any.verify_map(|token: Token| match token.kind {
        Kind::Date(date) => Some(Literal::Date(date)),
        Kind::DateTime(time) => Some(Literal::DateTime(time)),
        Kind::Number(number) => Some(Literal::Number(number)),
        Kind::Symbol(_) => None,
        Kind::Text(text) => Some(Literal::Text(text)),
        Kind::Word(word) => match word.to_ascii_lowercase().as_str() {
            "false" => Some(Literal::Boolean(false)),
            "null" => Some(Literal::Null),
            "today" => Some(Literal::Today),
            "true" => Some(Literal::Boolean(true)),
            _ => None,
        },
    })
    .parse_next(input)
}

fn order(input: &mut Tokens<'_>) -> ModalResult<Order> {
    let path = path(input)?;
    let direction = alt((keyword("ASC").value(false), keyword("DESC").value(true)));
    let descending = opt(direction).parse_next(input)?.unwrap_or(false);
    let nulls = alt((keyword("FIRST").value(false), keyword("LAST").value(true)));
    let nulls_last = opt(preceded(keyword("NULLS"), cut_err(nulls)))
        .parse_next(input)?
        .unwrap_or(false);
    Ok(Order {
        path,
        descending,
        nulls_last,
    })
}

/// A whole number that is not negative.
fn count(input: &mut Tokens<'_>) -> ModalResult<usize> {
    any.verify_map(|token: Token| match token.kind {
        // Below 2^53 every whole number is exact.
        Kind::Number(number) if number >= 0.0 && number.fract() == 0.0 && number < 9e15 => {
            Some(number as usize)
        }
        _ => None,
    })
    .parse_next(input)
}

/// A name without dots.
fn name(input: &mut Tokens<'_>) -> ModalResult<Path> {
    path.verify(|path| path.names.len() == 1).parse_next(input)
}

fn path(input: &mut Tokens<'_>) -> ModalResult<Path> {
    any.verify_map(|token: Token| match token.kind {
        Kind::Word(word) if !is_clause(&word) => Some(Path {
            names: word.split('.').map(str::to_owned).collect(),
            at: token.at,
        }),
        _ => None,
    })
    .parse_next(input)
}

/// Words that cannot be names.
fn is_clause(word: &str) -> bool {
    [
        "AND", "FROM", "GROUP", "HAVING", "IN", "LIKE", "LIMIT", "NOT", "OFFSET", "OR", "ORDER", "SELECT",
        "WHERE",
    ]
    .iter()
    .any(|clause| clause.eq_ignore_ascii_case(word))
}

fn keyword<'t>(wanted: &'static str) -> impl Parser<Tokens<'t>, (), ErrMode<ContextError>> {
    any.verify(
        move |token: &Token| matches!(&token.kind, Kind::Word(word) if word.eq_ignore_ascii_case(wanted)),
    )
    .void()
}

fn symbol<'t>(wanted: &'static str) -> impl Parser<Tokens<'t>, (), ErrMode<ContextError>> {
    any.verify(move |token: &Token| token.kind == Kind::Symbol(wanted))
        .void()
}
