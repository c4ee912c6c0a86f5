//! Functions that answer whether a request may go on: what must hold for each way to a yes.
//! Knows no framework and no rule.

use crate::endpoint::{Answer, Does};
use crate::facts::*;
use crate::finding::{Evidence, Strength};
use crate::project::origins::{At, Root};
use crate::source::{FileId, Span, Str, words};

use super::collect::verb;
use super::guards::{Guards, Reading};

/// How deep functions that decide are followed.
const DEPTH: u32 = 5;

/// What one way to a yes demands, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    /// Nothing, of requests that only read.
    NothingToRead,
    Unknown,
    Caller {
        role: bool,
    },
    /// No way at all.
    Never,
}

impl Need {
    fn rank(self) -> u8 {
        match self {
            Need::Nothing => 0,
            Need::NothingToRead => 1,
            Need::Unknown => 2,
            Need::Caller { role: false } => 3,
            Need::Caller { role: true } => 4,
            Need::Never => 5,
        }
    }

    /// Both must hold.
    fn and(self, other: Need) -> Need {
        match (self, other) {
            (Need::Never, _) | (_, Need::Never) => Need::Never,
            (Need::Caller { role: a }, Need::Caller { role: b }) => Need::Caller { role: a || b },
            // A way that only reading requests take, and that asks for the caller as well.
            (Need::NothingToRead, x @ Need::Caller { .. })
            | (x @ Need::Caller { .. }, Need::NothingToRead) => x,
            (a, b) => {
                if a.rank() >= b.rank() {
                    a
                } else {
                    b
                }
            }
        }
    }
}

/// The function that is read.
#[derive(Clone, Copy)]
struct Place<'f> {
    facts: &'f FileFacts,
    function: FunctionId,
    class: Option<(FileId, TypeId)>,
    depth: u32,
}

impl Guards<'_, '_, '_> {
    /// What a function that answers yes or no lets pass.
    pub fn decision(
        &self,
        file: FileId,
        function: FunctionId,
        class: Option<(FileId, TypeId)>,
        depth: u32,
    ) -> Reading {
        let needs = self.needs(file, function, class, depth);
        let Some(facts) = self.reader.rec.facts(file) else { return Reading::default() };
        let mut out = Reading { function: Some((file, function)), ..Reading::default() };
        let least =
            |of: &dyn Fn(&&(Need, Span)) -> bool| needs.iter().filter(of).min_by_key(|(n, _)| n.rank());
        let writing = least(&|(n, _)| *n != Need::NothingToRead);
        out.reads = needs.iter().any(|(n, _)| *n == Need::NothingToRead);
        let (need, span) = writing.copied().unwrap_or((Need::Never, facts.function(function).name_span));
        let (authentication, role, text) = match need {
            Need::Nothing => (Answer::No, Answer::No, "lets requests pass without asking who calls"),
            Need::NothingToRead => (Answer::No, Answer::No, ""),
            Need::Unknown => (Answer::Unknown, Answer::No, "what it decides by could not be read"),
            Need::Caller { role: false } => (Answer::Yes, Answer::No, "says yes to known callers only"),
            Need::Caller { role: true } => {
                (Answer::Yes, Answer::Yes, "says yes to callers with a role or permission only")
            }
            Need::Never => (Answer::Yes, Answer::No, "never says yes"),
        };
        out.does = Does { authentication, role, ..Does::default() };
        out.evidence.push(Evidence { span, text: text.into(), strength: Strength::Stated });
        if out.reads {
            let read = needs.iter().find(|(n, _)| *n == Need::NothingToRead).map_or(span, |(_, s)| *s);
            let text = "lets requests that only read pass".into();
            out.evidence.push(Evidence { span: read, text, strength: Strength::Stated });
        }
        out
    }

    /// A class that every request of the program goes through.
    pub fn gate_of_class(&self, file: FileId, t: TypeId) -> Option<Reading> {
        let rec = self.reader.rec;
        let guards = rec.index.models.iter().flat_map(|m| &m.guards).filter(|g| !g.answers);
        let mut methods: Vec<&Str> = guards.flat_map(|g| &g.methods).collect();
        methods.sort();
        methods.dedup();
        let line = rec.line(file, t);
        let own = methods
            .iter()
            .filter_map(|name| line.iter().find_map(|(f, t)| rec.with_origins(|o| o.method((*f, *t), name))));
        own.map(|(f, function)| self.gate(f, function)).max_by_key(|r| r.does.authentication)
    }

    /// Something that every request goes through: does it stop those without a caller? Only what is
    /// said of callers who are not known counts; what else is refused is no matter of authentication.
    pub fn gate(&self, file: FileId, function: FunctionId) -> Reading {
        let mut out = Reading { function: Some((file, function)), ..Reading::default() };
        let Some(facts) = self.reader.rec.facts(file) else { return out };
        let fact = facts.function(function);
        let asked = self.asked();
        for region in
            facts.regions.iter().filter(|r| r.kind == RegionKind::Branch && fact.span.contains(&r.span))
        {
            let strange = |c: &Condition| self.says_strange(facts, c);
            let Some(asks) = region.conditions.iter().find(|c| strange(c)) else { continue };
            let known = |c: &Condition| Some(self.reader.rec.truth(facts, c, &asked)? != c.negated);
            let refused = self.reader.within(file, function, region.span);
            let Some(stop) = refused.unknown_caller.or(refused.stop) else { continue };
            let around = region.parent.map(|p| conditions(facts, p, RegionId(0))).unwrap_or_default();
            let others = region.conditions.iter().filter(|c| !strange(c)).chain(&around);
            let others: Vec<Option<bool>> = others.map(known).collect();
            if others.contains(&Some(false)) {
                continue;
            }
            let only = others.iter().all(|o| *o == Some(true));
            let all = if only { Answer::Yes } else { Answer::Unknown };
            if all > out.does.authentication {
                out.does.authentication = all;
                let text = match only {
                    true => "asks for callers who are not known",
                    false => "asks for callers who are not known, on some requests",
                };
                out.evidence =
                    vec![Evidence { span: asks.span, text: text.into(), strength: Strength::Stated }, stop];
            }
        }
        out
    }

    /// Does a handler ask for the caller only to do something for those who are known?
    pub fn favours_known(&self, file: FileId, function: FunctionId) -> bool {
        let Some(facts) = self.reader.rec.facts(file) else { return false };
        let span = facts.function(function).span;
        let regions = facts.regions.iter().filter(|r| span.contains(&r.span));
        let mut known = false;
        for condition in regions.flat_map(|r| &r.conditions) {
            if self.says_strange(facts, condition) {
                return false;
            }
            known |=
                self.says_strange(facts, &Condition { negated: !condition.negated, ..condition.clone() });
            if let Value::Either(parts) = facts.value(condition.value) {
                known |= parts.iter().any(|p| {
                    let part = Condition { value: *p, negated: true, span: facts.node(*p).span };
                    !condition.negated && self.says_strange(facts, &part)
                });
            }
        }
        known
    }

    /// `not request.user.is_authenticated`, `request.user.is_anonymous`.
    fn says_strange(&self, facts: &FileFacts, condition: &Condition) -> bool {
        let Value::Field(_, name) = facts.value(condition.value) else { return false };
        let parts = words(name);
        let has = |w: &str| parts.iter().any(|p| p == w);
        let compared = facts.compares.iter().any(|c| condition.span.contains(&c.span));
        !compared
            && self.asks(facts, condition.value).is_some()
            && (condition.negated && has("authenticated") || !condition.negated && has("anonymous"))
    }

    fn needs(
        &self,
        file: FileId,
        function: FunctionId,
        class: Option<(FileId, TypeId)>,
        depth: u32,
    ) -> Vec<(Need, Span)> {
        let Some(facts) = self.reader.rec.facts(file) else { return Vec::new() };
        if depth > DEPTH {
            return vec![(Need::Unknown, facts.function(function).name_span)];
        }
        let place = Place { facts, function, class, depth };
        let mut out: Vec<(Need, Span)> = Vec::new();
        // What early refusals leave: `if not user.is_authenticated: return False`.
        let mut passed = Need::Nothing;
        let mut exits: Vec<&Exit> = facts.exits.iter().filter(|e| e.function == function).collect();
        exits.sort_by_key(|e| e.span.start);
        let asked = self.asked();
        for exit in exits {
            let top = facts.function(function).region;
            let mut conditions = conditions(facts, exit.region, top);
            // What is known of the request that is asked about.
            let known = |c: &Condition| Some(self.reader.rec.truth(facts, c, &asked)? != c.negated);
            if conditions.iter().any(|c| known(c) == Some(false)) {
                continue;
            }
            let before = conditions.len();
            conditions.retain(|c| known(c).is_none());
            let sure = before > 0 && conditions.is_empty();
            let value = exit.value.map(|v| (v, facts.value(v)));
            let refuses = exit.kind == ExitKind::Throw
                || exit.kind == ExitKind::Return
                    && matches!(value, Some((_, Value::Bool(false) | Value::Null)) | None);
            if exit.kind == ExitKind::Leave {
                continue;
            }
            if refuses {
                if sure {
                    break;
                }
                if let [only] = conditions.as_slice() {
                    let need = self.condition(place, only);
                    if matches!(need, Need::Caller { .. }) {
                        passed = passed.and(need);
                    }
                }
                continue;
            }
            let mut around = passed;
            let mut open = Need::Nothing;
            for condition in conditions.iter().filter(|c| !c.negated) {
                match self.condition(place, condition) {
                    need @ (Need::Caller { .. } | Need::Never) => around = around.and(need),
                    other => open = if other.rank() > open.rank() { other } else { open },
                }
            }
            let all = match value {
                Some((v, _)) => self.ways(place, v, exit.region),
                None => vec![Need::Nothing],
            };
            for need in all {
                // A plain yes is worth what stands around it.
                let need = match (need, around) {
                    (Need::Nothing, Need::Nothing) => open,
                    (need, around) => need.and(around),
                };
                out.push((need, exit.span));
            }
            if sure {
                break;
            }
        }
        out
    }

    /// Each way in which an expression can be true.
    fn ways(&self, place: Place, value: ValueId, outer: RegionId) -> Vec<Need> {
        match place.facts.value(value) {
            Value::Either(parts) => parts.iter().flat_map(|p| self.ways(place, *p, outer)).collect(),
            Value::Result(call) if self.is_plain(place, *call) => {
                let args = &place.facts.call(*call).args;
                args.iter().flat_map(|a| self.ways(place, a.value, outer)).collect()
            }
            _ => {
                let before = conditions(place.facts, place.facts.node(value).region, outer);
                let need = self.need(place, value);
                vec![before.iter().fold(need, |need, c| match self.condition(place, c) {
                    Need::Nothing => need,
                    Need::Unknown if need != Need::Nothing => need,
                    other => need.and(other),
                })]
            }
        }
    }

    /// `bool(x)`, `all([x])`: the same as what it is given.
    fn is_plain(&self, place: Place, call: CallId) -> bool {
        let fact = place.facts.call(call);
        let name = match place.facts.value(fact.callee) {
            Value::Name(name) => name.as_str(),
            _ => return false,
        };
        fact.args.len() == 1
            && matches!(name, "bool" | "Boolean" | "!!")
            && self.reader.rec.callee(place.facts.file, call).local.is_empty()
    }

    /// What must hold for an expression to be true.
    fn need(&self, place: Place, value: ValueId) -> Need {
        let facts = place.facts;
        match facts.value(value) {
            Value::Bool(true) => Need::Nothing,
            Value::Bool(false) | Value::Null => Need::Never,
            Value::Result(call) => self.call_need(place, *call),
            Value::Field(..) => match self.asks(facts, value) {
                Some(need) => need,
                None => Need::Unknown,
            },
            Value::Name(_) => {
                let at = At { file: facts.file, value };
                let mut found = self.reader.rec.trace(at, &None).into_iter().filter_map(|t| match t.root {
                    Root::Value(v) if v != at && v.file == facts.file => Some(self.need(place, v.value)),
                    Root::Call(file, call) if file == facts.file => Some(self.call_need(place, call)),
                    _ => None,
                });
                found.next().unwrap_or(Need::Unknown)
            }
            _ => self.around(place, facts.node(value).span),
        }
    }

    fn call_need(&self, place: Place, call: CallId) -> Need {
        let facts = place.facts;
        let fact = facts.call(call);
        if is_super(facts, fact.callee) {
            return self.inherited(place);
        }
        // A method of the caller: `user.has_perm("x")`.
        if let Some(need) = self.asks(facts, fact.callee) {
            return need;
        }
        if place.depth < DEPTH {
            let local = self.reader.rec.callee(facts.file, call).local.clone();
            let mut least: Option<Need> = None;
            for (file, function) in local {
                let class = self.reader.rec.with_origins(|o| o.owner(file, function)).or(place.class);
                for (need, _) in self.needs(file, function, class, place.depth + 1) {
                    if least.is_none_or(|l| need.rank() < l.rank()) {
                        least = Some(need);
                    }
                }
            }
            if let Some(need) = least
                && need != Need::Unknown
            {
                return need;
            }
        }
        // Something is looked up for the caller.
        let mut open: Vec<ValueId> = fact.args.iter().map(|a| a.value).collect();
        open.push(fact.callee);
        let role = matches!(facts.value(fact.callee), Value::Name(n) | Value::Field(_, n) if self.reader.is_named("role", n));
        let mut steps = 0;
        while let Some(v) = open.pop() {
            steps += 1;
            if steps > 40 {
                break;
            }
            if self.is_caller_here(facts, v) {
                return Need::Caller { role };
            }
            match facts.value(v) {
                Value::Field(base, _) => open.push(*base),
                Value::Result(inner) => {
                    let inner = facts.call(*inner);
                    open.push(inner.callee);
                    open.extend(inner.args.iter().map(|a| a.value));
                }
                Value::List(items) | Value::Join(items) | Value::Either(items) => open.extend(items),
                _ => {}
            }
        }
        Need::Unknown
    }

    /// What the class derives from decides: `super().has_permission(…)`.
    fn inherited(&self, place: Place) -> Need {
        let Some((file, t)) = place.class else { return Need::Unknown };
        let name = place.facts.function(place.function).name.clone();
        let rec = self.reader.rec;
        for ancestor in rec.with_origins(|o| o.ancestors(file, t)).iter().skip(1) {
            match ancestor {
                Root::Type(f, base) => {
                    let method = rec.with_origins(|o| o.method((*f, *base), &name));
                    if let Some((mf, mfunction)) = method {
                        let all = self.needs(mf, mfunction, Some((*f, *base)), place.depth + 1);
                        return all
                            .into_iter()
                            .map(|(n, _)| n)
                            .min_by_key(|n| n.rank())
                            .unwrap_or(Need::Never);
                    }
                }
                Root::External(path) | Root::Foreign(path) => {
                    let reading = self.of_path(path, At { file, value: ValueId::NONE });
                    return match (reading.does.authentication, reading.reads) {
                        (Answer::Yes, true) => Need::NothingToRead,
                        (Answer::Yes, false) => Need::Caller { role: reading.does.role == Answer::Yes },
                        _ => Need::Nothing,
                    };
                }
                _ => {}
            }
        }
        Need::Unknown
    }

    /// What it takes for a condition to hold.
    fn condition(&self, place: Place, condition: &Condition) -> Need {
        let facts = place.facts;
        match self.reader.rec.truth(facts, condition, &self.asked()) {
            Some(holds) if holds == condition.negated => return Need::Never,
            Some(_) => return Need::Nothing,
            None => {}
        }
        if let Some(reads) = self.by_method(facts, condition.span) {
            return if reads { Need::NothingToRead } else { Need::Nothing };
        }
        if let Some(need) = self.asks(facts, condition.value) {
            return need;
        }
        match facts.value(condition.value) {
            Value::Result(call) => self.call_need(place, *call),
            Value::Either(_) => {
                let all = self.ways(place, condition.value, facts.node(condition.value).region);
                all.into_iter().min_by_key(|n| n.rank()).unwrap_or(Need::Unknown)
            }
            _ => self.around(place, condition.span),
        }
    }

    /// An operator, a comparison: what stands inside.
    fn around(&self, place: Place, span: Span) -> Need {
        let facts = place.facts;
        let whole = Condition { value: ValueId::NONE, negated: false, span };
        match self.reader.rec.truth(facts, &whole, &self.asked()) {
            Some(true) => return Need::Nothing,
            Some(false) => return Need::Never,
            None => {}
        }
        if let Some(reads) = self.by_method(facts, span) {
            return if reads { Need::NothingToRead } else { Need::Unknown };
        }
        let mut best: Option<Need> = None;
        for id in self.reader.values_in(facts, span) {
            let node = facts.node(id);
            if node.span.end > span.end {
                continue;
            }
            let found = match &node.value {
                Value::Field(..) => self.asks(facts, id),
                Value::Name(_) if self.is_caller_here(facts, id) && node.span != span => {
                    Some(Need::Caller { role: false })
                }
                _ => None,
            };
            if let Some(found) = found {
                best = Some(best.map_or(found, |b| b.and(found)));
            }
        }
        // `obj.owner == request.user`
        let compared = facts.compares.iter().filter(|c| span.contains(&c.span));
        for side in compared.flat_map(|c| [c.left, c.right]) {
            if self.is_caller_here(facts, side) {
                best = best.or(Some(Need::Caller { role: false }));
            }
        }
        best.unwrap_or(Need::Unknown)
    }

    /// Does a comparison of the request's method let reading requests through, or writing ones?
    fn by_method(&self, facts: &FileFacts, span: Span) -> Option<bool> {
        let compare = facts.compares.iter().find(|c| {
            span.contains(&c.span) && matches!(facts.value(c.left), Value::Field(_, name) if name == "method")
        })?;
        if !matches!(compare.op, CompareOp::In | CompareOp::Equal) {
            return None;
        }
        let rec = self.reader.rec;
        let right = At { file: facts.file, value: compare.right };
        let named = match facts.value(compare.right) {
            Value::Name(name) | Value::Field(_, name) => {
                words(name).iter().any(|w| matches!(w.as_str(), "safe" | "read" | "readonly"))
            }
            _ => false,
        };
        let texts: Vec<Str> =
            rec.parts_of_list(right, 0).into_iter().flat_map(|at| rec.texts_at(at)).collect();
        let reading = |m: &Str| matches!(verb(m).as_str(), "GET" | "OPTIONS" | "HEAD");
        Some(named || !texts.is_empty() && texts.iter().all(reading))
    }

    /// A part of the caller: `request.user.is_staff`; the caller alone is always there.
    fn asks(&self, facts: &FileFacts, value: ValueId) -> Option<Need> {
        let (mut at, mut role, mut steps) = (value, false, 0);
        while let Value::Field(base, name) = facts.value(at) {
            role |= self.reader.is_named("role", name);
            if self.is_caller_here(facts, *base) {
                return Some(Need::Caller { role });
            }
            if let Value::Name(_) = facts.value(*base) {
                // The caller is handed over under any name: `lambda u: u.is_staff`.
                let names = self.reader.is_named("caller", name) || self.reader.is_named("role", name);
                let parameter = || {
                    let found = self.reader.rec.trace(At { file: facts.file, value: *base }, &None);
                    found.iter().any(|t| matches!(t.root, Root::Param(..)))
                };
                if names && steps == 0 && words(name).first().is_some_and(|w| w == "is") && parameter() {
                    return Some(Need::Caller { role });
                }
                return None;
            }
            if let Value::Result(call) = facts.value(*base) {
                at = facts.call(*call).callee;
            } else {
                at = *base;
            }
            steps += 1;
            if steps > 12 {
                return None;
            }
        }
        None
    }

    fn is_caller_here(&self, facts: &FileFacts, value: ValueId) -> bool {
        match facts.value(value) {
            Value::Field(..) => self.reader.is_caller(facts, value),
            Value::Name(name) if name.len() < 40 && self.reader.is_named("caller", name) => {
                let found = self.reader.rec.trace(At { file: facts.file, value }, &None);
                found.iter().any(|t| matches!(t.root, Root::Param(..) | Root::Member(..) | Root::Call(..)))
            }
            Value::Name(_) => self.reader.comes_from_caller(facts.file, value),
            _ => false,
        }
    }
}

/// The conditions between a region and the one around all.
fn conditions(facts: &FileFacts, region: RegionId, top: RegionId) -> Vec<Condition> {
    let mut out = Vec::new();
    let mut at = Some(region);
    while let Some(id) = at {
        if id == top {
            break;
        }
        let r = facts.region(id);
        if r.kind == RegionKind::Branch {
            out.extend(r.conditions.iter().cloned());
        }
        at = r.parent;
    }
    out
}

fn is_super(facts: &FileFacts, callee: ValueId) -> bool {
    let Value::Field(base, _) = facts.value(callee) else { return false };
    match facts.value(*base) {
        Value::Name(name) => name == "super",
        Value::Result(call) => {
            matches!(facts.value(facts.call(*call).callee), Value::Name(name) if name == "super")
        }
        _ => false,
    }
}
