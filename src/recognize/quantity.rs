//! Numbers and lengths of time, in whatever unit the library takes. Knows no rule.

use crate::facts::*;
use crate::project::origins::{At, Context, Root, Traced};
use crate::rulebook::model::Unit;
use crate::source::FileId;

use super::Recognizer;
use super::literals::is_nothing;
use super::roles::{Found, Scope};

/// `now · present + number + span`, the number still without a unit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Linear {
    now: f64,
    number: f64,
    /// Seconds.
    span: f64,
}

impl Unit {
    fn seconds(self) -> f64 {
        match self {
            Unit::Seconds | Unit::EpochSeconds => 1.0,
            Unit::Milliseconds | Unit::EpochMilliseconds => 0.001,
            Unit::Minutes => 60.0,
            Unit::Hours => 3_600.0,
            Unit::Days => 86_400.0,
            Unit::Weeks => 604_800.0,
            Unit::Span => 0.0,
        }
    }
}

impl Recognizer<'_> {
    /// A number as it stands, or with a unit the seconds it means; moments count from now.
    pub fn quantity(&self, traced: &Traced, unit: Option<Unit>, text_unit: Option<Unit>) -> Option<f64> {
        let Some(unit) = unit else {
            let linear = self.linear(traced, 0)?;
            return (linear.now == 0.0 && linear.span == 0.0).then_some(linear.number);
        };
        if let Some(text) = self.text(traced) {
            return span_of_text(&text, text_unit.unwrap_or(unit));
        }
        let linear = self.linear(traced, 0)?;
        if matches!(unit, Unit::EpochSeconds | Unit::EpochMilliseconds) && linear.now == 0.0 {
            // A span of time where a moment is wanted is taken as from now; a bare number is a date.
            return (linear.number == 0.0 && linear.span > 0.0).then_some(linear.span);
        }
        if unit == Unit::Span && linear.number != 0.0 {
            return None;
        }
        Some(linear.number * unit.seconds() + linear.span)
    }

    fn linear(&self, traced: &Traced, depth: u32) -> Option<Linear> {
        if depth > 12 {
            return None;
        }
        match &traced.root {
            Root::Value(at) => {
                let facts = self.facts(at.file)?;
                match facts.value(at.value) {
                    Value::Number(n) => Some(Linear { number: *n, ..Linear::default() }),
                    Value::Text(t) => Some(Linear { number: t.parse().ok()?, ..Linear::default() }),
                    Value::Join(parts) => {
                        let mut sum = Linear::default();
                        for part in parts {
                            let one = self.one(At { file: at.file, value: *part }, &traced.context, depth)?;
                            sum.now += one.now;
                            sum.number += one.number;
                            sum.span += one.span;
                        }
                        Some(sum)
                    }
                    _ => None,
                }
            }
            Root::Call(file, call) => self.linear_call(*file, *call, &traced.context, depth),
            _ => None,
        }
    }

    /// The only reading of an expression, or the one that stands in the code when the other comes from outside.
    fn one(&self, at: At, context: &Context, depth: u32) -> Option<Linear> {
        let found = self.callers_choice(self.trace(at, context), context);
        // What comes from outside or from a caller has a default that stands beside it, or is not known.
        let mut standing = found.iter().filter(|t| self.outside_name(t).is_none()).peekable();
        let none = |at: &At| self.facts(at.file).is_some_and(|f| *f.value(at.value) == Value::Null);
        let open = |t: &&Traced| match &t.root {
            Root::Param(..) | Root::Perhaps(..) | Root::Absent => true,
            Root::Value(at) => none(at),
            _ => false,
        };
        let all_open = found.iter().filter(|t| self.outside_name(t).is_none()).all(|t| open(&t));
        standing.peek()?;
        let mut known = standing.filter(|t| all_open || !open(t)).map(|t| self.linear(t, depth + 1));
        let first = known.next()??;
        known.all(|k| k == Some(first)).then_some(first)
    }

    /// `given or default`: where the caller gave something, the default says nothing.
    pub(super) fn callers_choice(&self, mut found: Vec<Traced>, context: &Context) -> Vec<Traced> {
        let mut calls = Vec::new();
        let mut frame = context.as_ref();
        while let Some(f) = frame {
            calls.extend(self.facts(f.call.0).map(|facts| facts.call(f.call.1).span));
            frame = f.outer.as_ref();
        }
        let given = |t: &Traced| {
            !is_nothing(self, t)
                && t.steps.iter().any(|s| s.text.starts_with("passed as") && calls.contains(&s.span))
        };
        if found.iter().any(given) {
            found.retain(given);
        }
        found
    }

    fn linear_call(&self, file: FileId, call: CallId, context: &Context, depth: u32) -> Option<Linear> {
        let facts = self.facts(file)?;
        let fact = facts.call(call);
        if let Value::Name(op) = facts.value(fact.callee)
            && matches!(op.as_str(), "*" | "/" | "-" | "//" | "+")
            && let [a, b] = fact.args.as_slice()
        {
            let a = self.one(At { file, value: a.value }, context, depth)?;
            let b = self.one(At { file, value: b.value }, context, depth)?;
            return combine(op, a, b);
        }
        let callee = self.callee(file, call);
        for id in &callee.entries {
            let entry = self.index.call(*id);
            match entry.concept.map(|c| c.name) {
                Some("time.now") => return Some(Linear { now: 1.0, ..Linear::default() }),
                Some("time.span") => {
                    let (_, spec) = entry.roles.iter().find(|(name, _)| name == "length")?;
                    let scope = Scope::call(file, Some(call), id.model, context);
                    let mut total = 0.0;
                    for alternative in &spec.alternatives {
                        for source in &alternative.from {
                            let Found::Values(found) = self.locate(source, &scope) else { continue };
                            for traced in &found {
                                if traced.root == Root::Absent {
                                    continue;
                                }
                                if self.outside_name(traced).is_some() && found.len() > 1 {
                                    continue;
                                }
                                let unit = alternative.unit.unwrap_or(Unit::Seconds);
                                let linear = self.linear(traced, depth + 1)?;
                                total += linear.number * unit.seconds() + linear.span;
                            }
                        }
                    }
                    return Some(Linear { span: total, ..Linear::default() });
                }
                _ => {}
            }
        }
        // `now.plus(span)`, `a.add(b)`: methods that add read like the operator.
        if let Value::Field(base, method) = facts.value(fact.callee)
            && let [argument] = fact.args.as_slice()
            && matches!(
                method.as_str(),
                "add" | "plus" | "checked_add" | "checked_add_signed" | "saturating_add"
            )
        {
            let a = self.one(At { file, value: *base }, context, depth)?;
            let b = self.one(At { file, value: argument.value }, context, depth)?;
            return Some(Linear { now: a.now + b.now, number: a.number + b.number, span: a.span + b.span });
        }
        None
    }
}

fn combine(op: &str, a: Linear, b: Linear) -> Option<Linear> {
    let scale = |x: Linear, by: f64| Linear { now: x.now, number: x.number * by, span: x.span * by };
    let plain = |x: &Linear| x.now == 0.0 && x.span == 0.0;
    match op {
        "*" if plain(&b) => Some(scale(a, b.number)),
        "*" if plain(&a) => Some(scale(b, a.number)),
        "/" | "//" if plain(&b) && b.number != 0.0 => {
            Some(Linear { span: a.span, ..scale(a, 1.0 / b.number) })
        }
        "-" => Some(Linear { now: a.now - b.now, number: a.number - b.number, span: a.span - b.span }),
        "+" => Some(Linear { now: a.now + b.now, number: a.number + b.number, span: a.span + b.span }),
        _ => None,
    }
}

/// `15m`, `1 hour`, `7d`, `900`: seconds.
pub fn span_of_text(text: &str, digits: Unit) -> Option<f64> {
    let text = text.trim();
    let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '-')).unwrap_or(text.len());
    let number: f64 = text[..split].parse().ok()?;
    let unit = text[split..].trim().to_ascii_lowercase();
    let unit = unit.strip_suffix(" from now").unwrap_or(&unit);
    let seconds = match unit {
        "" => digits.seconds(),
        "ms" | "msec" | "msecs" | "millisecond" | "milliseconds" => 0.001,
        "s" | "sec" | "secs" | "second" | "seconds" => 1.0,
        "m" | "min" | "mins" | "minute" | "minutes" => 60.0,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600.0,
        "d" | "day" | "days" => 86_400.0,
        "w" | "week" | "weeks" => 604_800.0,
        "y" | "yr" | "yrs" | "year" | "years" => 31_557_600.0,
        _ => return None,
    };
    Some(number * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_with_units_are_spans() {
        assert_eq!(span_of_text("15m", Unit::Seconds), Some(900.0));
        assert_eq!(span_of_text("7 days", Unit::Seconds), Some(604_800.0));
        assert_eq!(span_of_text("900", Unit::Milliseconds), Some(0.9));
        assert_eq!(span_of_text("soon", Unit::Seconds), None);
    }
}
