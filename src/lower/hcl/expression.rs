//! Expressions of HCL as values.

use hcl_edit::Span as _;
use hcl_edit::expr::{
    BinaryOperator, Expression, FuncCall, Object, ObjectKey, Traversal, TraversalOperator, UnaryOperator,
};
use hcl_edit::template::{Element, HeredocTemplate, Template};

use super::Reader;
use crate::facts::*;
use crate::lower::fold;
use crate::source::Span;

/// How many variables and locals may stand behind one another.
const RESOLVING: u32 = 10;

impl Reader<'_, '_> {
    pub(super) fn expression(&mut self, e: &Expression) -> ValueId {
        let span = self.place(e.span());
        if self.resolving > 0 {
            self.budget = self.budget.saturating_sub(1);
        }
        let value = match e {
            Expression::Null(_) => Value::Null,
            Expression::Bool(flag) => Value::Bool(*flag.value()),
            Expression::Number(n) => n.value().as_f64().map_or(Value::Unknown, Value::Number),
            Expression::String(text) => return self.string(text.as_str(), span),
            Expression::Array(items) => Value::List(items.iter().map(|i| self.expression(i)).collect()),
            Expression::Object(object) => self.object(object),
            Expression::StringTemplate(template) => return self.template(template, span),
            Expression::HeredocTemplate(heredoc) => return self.heredoc(heredoc, span),
            Expression::Parenthesis(inner) => return self.expression(inner.inner()),
            Expression::Variable(name) => Value::Name(name.as_str().into()),
            Expression::Conditional(c) => {
                Value::Either(vec![self.expression(&c.true_expr), self.expression(&c.false_expr)])
            }
            Expression::FuncCall(call) => return self.call(call, span),
            Expression::Traversal(traversal) => return self.traversal(traversal, span),
            Expression::UnaryOp(op) => {
                let inner = self.expression(&op.expr);
                match (op.operator.value(), self.b.facts.value(inner)) {
                    (UnaryOperator::Neg, Value::Number(n)) => Value::Number(-n),
                    (UnaryOperator::Not, Value::Bool(flag)) => Value::Bool(!flag),
                    _ => Value::Unknown,
                }
            }
            Expression::BinaryOp(op) => self.arithmetic(&op.lhs_expr, *op.operator.value(), &op.rhs_expr),
            Expression::ForExpr(_) => Value::Unknown,
        };
        self.b.value(value, span)
    }

    fn string(&mut self, text: &str, span: Span) -> ValueId {
        match self.json_text(text, span) {
            Some(tree) => tree,
            None => self.b.text(text, span),
        }
    }

    fn arithmetic(&mut self, left: &Expression, op: BinaryOperator, right: &Expression) -> Value {
        let (left, right) = (self.expression(left), self.expression(right));
        match (self.b.facts.value(left), self.b.facts.value(right)) {
            (Value::Number(a), Value::Number(b)) => {
                fold(op.as_str(), *a, *b).map_or(Value::Unknown, Value::Number)
            }
            _ => Value::Unknown,
        }
    }

    fn object(&mut self, object: &Object) -> Value {
        let mut entries = Vec::new();
        for (key, value) in object.iter() {
            let (key, start) = match key {
                ObjectKey::Ident(name) => (Key::Text(name.as_str().into()), self.range(name.span()).start),
                ObjectKey::Expression(e) => {
                    let start = self.range(e.span()).start;
                    let key = match e {
                        Expression::String(text) => Key::Text(text.as_str().into()),
                        Expression::Variable(name) => Key::Text(name.as_str().into()),
                        Expression::Number(n) => Key::Text(n.value().to_string().into()),
                        Expression::Bool(flag) => Key::Text(flag.value().to_string().into()),
                        other => Key::Computed(self.expression(other)),
                    };
                    (key, start)
                }
            };
            let end = self.range(value.expr().span()).end;
            let value = self.expression(value.expr());
            entries.push(Entry { key, value, span: self.b.span(start, end) });
        }
        Value::Record(Record { type_ref: None, entries })
    }

    /// A text with `${…}` in it; one that is nothing but such a part is that part.
    pub(super) fn template(&mut self, template: &Template, span: Span) -> ValueId {
        let mut parts = Vec::new();
        for element in template.iter() {
            parts.push(match element {
                Element::Literal(text) => {
                    let place = self.place(text.span());
                    self.b.text(text.value().as_str(), place)
                }
                Element::Interpolation(inner) => self.expression(&inner.expr),
                Element::Directive(directive) => {
                    let place = self.place(directive.span());
                    self.b.unknown(place)
                }
            });
        }
        match parts[..] {
            [] => self.b.text("", span),
            [only] => only,
            _ => self.b.value(Value::Join(parts), span),
        }
    }

    fn heredoc(&mut self, heredoc: &HeredocTemplate, span: Span) -> ValueId {
        if let Some(tree) = self.json_heredoc(span) {
            return tree;
        }
        match heredoc.template.as_single_element() {
            Some(Element::Literal(text)) => self.b.text(text.value().as_str(), span),
            _ => self.template(&heredoc.template, span),
        }
    }

    fn call(&mut self, call: &FuncCall, span: Span) -> ValueId {
        let only = if call.args.len() == 1 { call.args.get(0) } else { None };
        match (call.name.name.as_str(), only) {
            _ if call.name.is_namespaced() => {}
            // What they give is, for a reader, what they were given.
            ("jsonencode" | "tolist" | "toset" | "tomap" | "sensitive" | "nonsensitive", Some(value)) => {
                return self.expression(value);
            }
            ("concat", _) => {
                let lists: Vec<_> = call.args.iter().map(|a| self.expression(a)).collect();
                let items = lists.iter().map(|l| match self.b.facts.value(*l) {
                    Value::List(items) => Some(items.clone()),
                    _ => None,
                });
                if let Some(all) = items.collect::<Option<Vec<_>>>() {
                    return self.b.value(Value::List(all.concat()), span);
                }
            }
            _ => {}
        }
        self.b.unknown(span)
    }

    fn traversal(&mut self, traversal: &Traversal, span: Span) -> ValueId {
        let mut operators = traversal.operators.iter().map(|o| o.value());
        if let (Expression::Variable(root), Some(TraversalOperator::GetAttr(name))) =
            (&traversal.expr, operators.next())
        {
            let rest: Vec<_> = operators.collect();
            match root.as_str() {
                "var" => {
                    if let Some(default) = self.resolve(name.as_str(), true, &rest) {
                        let plain = self.chain(traversal);
                        return self.b.value(Value::Either(vec![plain, default]), span);
                    }
                }
                "local" => {
                    if let Some(value) = self.resolve(name.as_str(), false, &rest) {
                        return value;
                    }
                }
                _ => {}
            }
        }
        self.chain(traversal)
    }

    /// A copy of what a variable has by default, or a local is, at its own place.
    fn resolve(&mut self, name: &str, variable: bool, rest: &[&TraversalOperator]) -> Option<ValueId> {
        let known = if variable { &self.scope.variables } else { &self.scope.locals };
        let (base, whole) = *known.get(name)?;
        let found = rest.iter().try_fold(whole, |e, operator| select(e, operator))?;
        if self.resolving >= RESOLVING || self.budget == 0 {
            return None;
        }
        let before = std::mem::replace(&mut self.base, base);
        self.resolving += 1;
        let value = self.expression(found);
        self.resolving -= 1;
        self.base = before;
        Some(value)
    }

    fn chain(&mut self, traversal: &Traversal) -> ValueId {
        let start = self.range(traversal.expr.span()).start;
        let mut value = self.expression(&traversal.expr);
        for operator in &traversal.operators {
            let end = self.range(operator.span()).end;
            let span = self.b.span(start, end);
            let name = match operator.value() {
                TraversalOperator::GetAttr(name) => name.as_str().into(),
                TraversalOperator::Index(Expression::String(name)) => name.as_str().into(),
                TraversalOperator::Index(Expression::Number(n)) => n.value().to_string().into(),
                TraversalOperator::LegacyIndex(n) => n.value().to_string().into(),
                _ => "[]".into(),
            };
            value = self.b.value(Value::Field(value, name), span);
        }
        value
    }
}

/// The part of a literal that an operator takes.
fn select<'t>(e: &'t Expression, operator: &TraversalOperator) -> Option<&'t Expression> {
    let (key, index) = match operator {
        TraversalOperator::GetAttr(name) => (Some(name.as_str()), None),
        TraversalOperator::Index(Expression::String(name)) => (Some(name.as_str()), None),
        TraversalOperator::Index(Expression::Number(n)) => (None, n.value().as_u64()),
        TraversalOperator::LegacyIndex(n) => (None, Some(*n.value())),
        _ => return None,
    };
    match e {
        Expression::Array(items) => items.get(usize::try_from(index?).ok()?),
        Expression::Object(object) => {
            let is_key = |k: &ObjectKey| match k {
                ObjectKey::Ident(name) => Some(name.as_str()) == key,
                ObjectKey::Expression(e) => e.as_str().is_some() && e.as_str() == key,
            };
            object.iter().find(|(k, _)| is_key(k)).map(|(_, v)| v.expr())
        }
        _ => None,
    }
}
