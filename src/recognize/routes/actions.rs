//! What methods of controllers and their decorators say of themselves: further actions, the methods
//! that are answered, what decides before one of them. Knows no framework.

use crate::endpoint::GuardKind;
use crate::facts::*;
use crate::project::origins::{At, Path, Root};
use crate::recognize::{Recognizer, index};
use crate::rulebook::model::{Base, CallModel, ControllerModel};
use crate::source::{FileId, Str, is_test_path, words};

use super::classes::Class;
use super::collect::{Entry, Placed, verb};

/// What the decorators of a handler say, or the calls around it.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The only methods that are answered.
    pub methods: Vec<Str>,
    /// What decides, whatever is said further out.
    pub policy: Option<Vec<Placed>>,
}

/// A method of a controller that its own decorator makes an action.
#[derive(Clone, Debug)]
pub struct Action {
    pub name: Str,
    pub verbs: Vec<Str>,
    pub below: Vec<Str>,
}

/// Does a branch run for this action?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Runs {
    Yes,
    No,
    Maybe,
}

/// The request that is asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Asked {
    /// The method of the class that answers; empty: any.
    pub action: Str,
    /// The method of the request; empty: any.
    pub verb: Str,
    pub class: Option<Class>,
}

impl Recognizer<'_> {
    /// The entries that a decorator is, called or not, or a call around a handler.
    pub fn entries_at(&self, file: FileId, value: ValueId) -> Vec<(usize, &CallModel, Option<CallId>)> {
        let Some(facts) = self.facts(file) else { return Vec::new() };
        if let Value::Result(call) = facts.value(value) {
            let callee = self.callee(file, *call);
            let with = |id: &index::EntryId| (id.model, self.index.call(*id), Some(*call));
            return callee.entries.iter().map(with).collect();
        }
        let mut out = Vec::new();
        for traced in self.trace(At { file, value }, &None) {
            let Root::External(path) = traced.root else { continue };
            for model in self.index.of_module(path.ecosystem, &path.module) {
                let hit = |c: &&CallModel| c.paths.iter().any(|p| index::names_end(p, &path.members));
                out.extend(self.index.models[model].calls.iter().filter(hit).map(|c| (model, c, None)));
            }
        }
        out
    }

    /// What decorators, or calls around a handler, say: the nearest to the handler last.
    pub fn said_at(&self, places: &[(FileId, ValueId)]) -> Said {
        let mut out = Said::default();
        let mut weak: Option<Vec<Placed>> = None;
        for (file, value) in places {
            for (model, call, made) in self.entries_at(*file, *value) {
                let Some(concept) = call.concept else { continue };
                let entry = Entry {
                    file: *file,
                    call: made.unwrap_or(CallId(u32::MAX)),
                    model,
                    concept: concept.name,
                    roles: &call.roles,
                    through: None,
                };
                let stated = |role: &str| match made {
                    Some(_) => self.role_texts(&entry, role),
                    None => {
                        let spec = entry.spec(role);
                        spec.into_iter()
                            .flat_map(|s| &s.alternatives)
                            .filter_map(|a| a.text.clone())
                            .collect()
                    }
                };
                if concept.name == "http.methods" {
                    out.methods.extend(stated("method").iter().map(|m| verb(m)));
                }
                if entry.spec("policy").is_none() {
                    continue;
                }
                let given = match made {
                    Some(_) => self.all_role_places(&entry, "policy"),
                    None => Vec::new(),
                };
                let placed = |kind: GuardKind| given.iter().map(|at| Placed { at: *at, kind }).collect();
                match concept.name {
                    "http.methods" => weak = weak.or(Some(placed(GuardKind::Setting))),
                    "http.depend" => out.policy = Some(placed(GuardKind::Decorator)),
                    // Only where it is written: an action without it is like the others.
                    "http.route" if !given.is_empty() || entry_has(self, &entry) => {
                        out.policy = Some(placed(GuardKind::Decorator));
                    }
                    _ => {}
                }
            }
        }
        out.policy = out.policy.or(weak);
        out
    }

    /// The decorators of a function.
    pub fn decorators(&self, file: FileId, function: FunctionId) -> Vec<(FileId, ValueId)> {
        let attributes = self.facts(file).map_or(&[][..], |f| f.attributes.as_slice());
        let own = attributes.iter().filter(|a| a.on == Attached::Function(function));
        own.map(|a| (file, a.value)).collect()
    }

    /// Does what a class is decorated with concern this method of it?
    pub fn concerns(&self, file: FileId, value: ValueId, method: &str) -> bool {
        let Some(Value::Result(call)) = self.facts(file).map(|f| f.value(value)) else { return true };
        for (model, entry, _) in self.entries_at(file, value) {
            let entry = Entry {
                file,
                call: *call,
                model,
                concept: "http.depend",
                roles: &entry.roles,
                through: None,
            };
            if entry.spec("method").is_some() && entry.spec("guard").is_some() {
                let named = self.role_texts(&entry, "method");
                return named.is_empty() || named.iter().any(|n| n == method || verb(n) == "ANY");
            }
        }
        true
    }

    /// Methods of a class that decorators make actions: inherited ones too.
    pub fn actions(&self, line: &[(FileId, TypeId)]) -> Vec<Action> {
        let mut out: Vec<Action> = Vec::new();
        for (file, t) in line {
            let Some(facts) = self.facts(*file) else { continue };
            for attribute in &facts.attributes {
                let Attached::Function(function) = attribute.on else { continue };
                let fact = facts.function(function);
                if fact.owner != Some(*t) || out.iter().any(|a| a.name == fact.name) {
                    continue;
                }
                let Value::Result(call) = facts.value(attribute.value) else { continue };
                for entry in self.route_entries(*file, *call) {
                    if entry.concept != "http.route" || entry.spec("under").is_none() {
                        continue;
                    }
                    let verbs: Vec<Str> = self.role_texts(&entry, "method").iter().map(|m| verb(m)).collect();
                    let mut at = self.role_texts(&entry, "at");
                    if at.is_empty() {
                        at.push(fact.name.clone());
                    }
                    let under = self.role_texts(&entry, "under").first().cloned().unwrap_or_default();
                    out.push(Action {
                        name: fact.name.clone(),
                        verbs: if verbs.is_empty() { vec!["GET".into()] } else { verbs },
                        below: at.iter().map(|at| under.replace("{}", at).into()).collect(),
                    });
                }
            }
        }
        out
    }

    /// Classes that stop requests and that a class derives from, where they come before the library's
    /// own handling.
    pub fn mixins(&self, file: FileId, t: TypeId) -> Vec<At> {
        let mut all: Vec<(Root, At)> = Vec::new();
        self.bases_in_order(file, t, 0, &mut all);
        // Of a class that several bases derive from, the last place counts.
        let mut order: Vec<(Root, At)> = Vec::new();
        for (i, (root, at)) in all.iter().enumerate() {
            if !all[i + 1..].iter().any(|(other, _)| other == root) {
                order.push((root.clone(), *at));
            }
        }
        let handles = |root: &Root| {
            let (Root::External(path) | Root::Foreign(path)) = root else { return false };
            let models = self.index.of_module(path.ecosystem, &path.module);
            let mut all = models.into_iter().flat_map(|m| &self.index.models[m].controllers);
            all.any(|c| !c.answers.is_empty() && c.bases.iter().any(|b| index::names_end(b, &path.members)))
        };
        let last = order.iter().rposition(|(root, _)| handles(root));
        let mut out = Vec::new();
        for (i, (root, at)) in order.iter().enumerate() {
            let (Root::External(path) | Root::Foreign(path)) = root else { continue };
            if self.is_guard(path) && last.is_none_or(|last| i <= last) {
                out.push(*at);
            }
        }
        out
    }

    /// Does a page say that a name stops requests?
    pub fn is_guard(&self, path: &Path) -> bool {
        let models = self.index.of_module(path.ecosystem, &path.module);
        let mut values = models.into_iter().flat_map(|m| &self.index.models[m].values);
        values.any(|v| v.concept.name == "http.guard" && index::names_end(&v.path, &path.members))
    }

    fn bases_in_order(&self, file: FileId, t: TypeId, depth: u32, out: &mut Vec<(Root, At)>) {
        let Some(facts) = self.facts(file) else { return };
        if depth > 12 || out.len() > 100 {
            return;
        }
        for base in &facts.types[t.0 as usize].bases {
            let base = match facts.value(*base) {
                Value::Field(plain, name) if name == "[]" => *plain,
                _ => *base,
            };
            let at = At { file, value: base };
            for traced in self.trace(at, &None) {
                out.push((traced.root.clone(), at));
                if let Root::Type(f, t) = traced.root {
                    self.bases_in_order(f, t, depth + 1, out);
                }
            }
        }
    }

    /// The guards that a method of the class gives back for one action; none when it cannot be told.
    pub fn chosen(
        &self,
        line: &[(FileId, TypeId)],
        models: &[&ControllerModel],
        asked: &Asked,
    ) -> Option<Vec<Placed>> {
        let names = models.iter().flat_map(|m| &m.chosen_by);
        let found = |name: &Str| line.iter().find_map(|t| self.with_origins(|o| o.method(*t, name)));
        let (file, function) = names.filter_map(found).next()?;
        let facts = self.facts(file)?;
        let top = facts.function(function).region;
        let runs = |region: RegionId| self.runs(facts, region, top, asked);
        let mut out: Vec<Placed> = Vec::new();
        let mut exits: Vec<&Exit> =
            facts.exits.iter().filter(|e| e.function == function && e.kind == ExitKind::Return).collect();
        exits.sort_by_key(|e| e.span.start);
        for exit in exits {
            let when = runs(exit.region);
            let Some(value) = exit.value.filter(|_| when != Runs::No) else { continue };
            self.given_back(facts, function, value, line, models, &runs, &mut out, 0)?;
            if when == Runs::Yes {
                break;
            }
        }
        Some(out)
    }

    #[allow(clippy::too_many_arguments)]
    fn given_back(
        &self,
        facts: &FileFacts,
        function: FunctionId,
        value: ValueId,
        line: &[(FileId, TypeId)],
        models: &[&ControllerModel],
        runs: &dyn Fn(RegionId) -> Runs,
        out: &mut Vec<Placed>,
        depth: u32,
    ) -> Option<()> {
        if depth > 6 {
            return None;
        }
        let next = |v: ValueId, out: &mut Vec<Placed>| {
            self.given_back(facts, function, v, line, models, runs, out, depth + 1)
        };
        match facts.value(value) {
            Value::List(items) | Value::Join(items) => {
                for item in items {
                    next(*item, out)?;
                }
                Some(())
            }
            // The last of the assignments that run.
            Value::Name(name) => {
                let mut writes: Vec<&Write> = facts
                    .writes
                    .iter()
                    .filter(|w| w.function == function && w.target == Target::Variable(name.clone()))
                    .collect();
                writes.sort_by_key(|w| w.span.start);
                let mut reaching: Vec<&Write> = Vec::new();
                for write in writes {
                    match runs(write.region) {
                        Runs::No => {}
                        Runs::Yes if write.kind != WriteKind::Append => reaching = vec![write],
                        _ => reaching.push(write),
                    }
                }
                if reaching.is_empty() {
                    let kind = GuardKind::Decorator;
                    out.push(Placed { at: At { file: facts.file, value }, kind });
                    return Some(());
                }
                for write in reaching {
                    next(write.value, out)?;
                }
                Some(())
            }
            Value::Field(base, name) if name == "[]" => next(*base, out),
            Value::Field(_, name) if models.iter().any(|m| m.guards.contains(name)) => {
                let own = facts.writes.iter().filter(|w| {
                    w.function == function && matches!(&w.target, Target::Field(_, n) if n == name)
                });
                if let Some(write) = own.filter(|w| runs(w.region) != Runs::No).last() {
                    return next(write.value, out);
                }
                let at = self.field_in(line, name)?;
                let kind = GuardKind::Decorator;
                out.extend(self.parts_of_list(at, 0).into_iter().map(|at| Placed { at, kind }));
                Some(())
            }
            Value::Result(call) => {
                let fact = facts.call(*call);
                match facts.value(fact.callee) {
                    // `permission()` of a loop over a list.
                    Value::Name(name)
                        if facts.writes.iter().any(|w| {
                            w.function == function && w.target == Target::Variable(name.clone())
                        }) =>
                    {
                        next(fact.callee, out)
                    }
                    // What the library's own method gives back: what the class says.
                    Value::Field(_, name) if models.iter().any(|m| m.chosen_by.contains(name)) => {
                        let own = facts.writes.iter().filter(|w| {
                            w.function == function
                                && matches!(&w.target, Target::Field(_, n) if models.iter().any(|m| m.guards.contains(n)))
                        });
                        if let Some(write) = own.filter(|w| runs(w.region) != Runs::No).last() {
                            return next(write.value, out);
                        }
                        let field =
                            models.iter().flat_map(|m| &m.guards).find_map(|f| self.field_in(line, f));
                        let kind = GuardKind::Decorator;
                        match field {
                            Some(at) => {
                                out.extend(
                                    self.parts_of_list(at, 0).into_iter().map(|at| Placed { at, kind }),
                                );
                            }
                            None => out.extend(self.otherwise(models)),
                        }
                        Some(())
                    }
                    _ => {
                        let kind = GuardKind::Decorator;
                        out.push(Placed { at: At { file: facts.file, value }, kind });
                        Some(())
                    }
                }
            }
            Value::Either(_) | Value::Unknown => None,
            _ => Some(()),
        }
    }

    /// What settings say for classes that say nothing.
    pub fn otherwise(&self, models: &[&ControllerModel]) -> Vec<Placed> {
        let mut out: Vec<Placed> = Vec::new();
        for key in models.iter().flat_map(|m| &m.otherwise) {
            let path: Vec<Str> = key.split('.').map(Str::new).collect();
            for (file, i) in self.index.settings(&path) {
                let Some(facts) = self.facts(*file) else { continue };
                if is_test_path(self.project.path_below(*file)) {
                    continue;
                }
                let at = At { file: *file, value: facts.settings[*i].value };
                for at in self.parts_of_list(at, 0) {
                    if !out.iter().any(|p| p.at == at) {
                        out.push(Placed { at, kind: GuardKind::Setting });
                    }
                }
            }
        }
        out
    }

    fn runs(&self, facts: &FileFacts, region: RegionId, top: RegionId, asked: &Asked) -> Runs {
        let mut out = Runs::Yes;
        let mut at = Some(region);
        while let Some(id) = at {
            if id == top {
                break;
            }
            let r = facts.region(id);
            let one = match r.kind {
                RegionKind::Branch => {
                    // An arm runs when no arm before it did.
                    let before = facts.regions[..id.0 as usize].iter().filter(|x| {
                        x.group == r.group && x.kind == RegionKind::Branch && x.parent == r.parent
                    });
                    let others = before.map(|x| self.holds(facts, x, asked)).collect::<Vec<_>>();
                    match self.holds(facts, r, asked) {
                        _ if others.contains(&Runs::Yes) => Runs::No,
                        Runs::Yes if others.contains(&Runs::Maybe) => Runs::Maybe,
                        other => other,
                    }
                }
                RegionKind::Else => {
                    let arms =
                        facts.regions.iter().filter(|x| x.group == r.group && x.kind == RegionKind::Branch);
                    let all: Vec<Runs> = arms.map(|x| self.holds(facts, x, asked)).collect();
                    if all.contains(&Runs::Yes) {
                        Runs::No
                    } else if all.contains(&Runs::Maybe) {
                        Runs::Maybe
                    } else {
                        Runs::Yes
                    }
                }
                RegionKind::Catch => Runs::Maybe,
                _ => Runs::Yes,
            };
            out = match (out, one) {
                (Runs::No, _) | (_, Runs::No) => Runs::No,
                (Runs::Maybe, _) | (_, Runs::Maybe) => Runs::Maybe,
                _ => Runs::Yes,
            };
            at = r.parent;
        }
        out
    }

    fn holds(&self, facts: &FileFacts, region: &Region, asked: &Asked) -> Runs {
        let mut out = Runs::Yes;
        for condition in &region.conditions {
            let one = match (self.truth(facts, condition, asked), condition.negated) {
                (Some(true), false) | (Some(false), true) => Runs::Yes,
                (Some(_), _) => Runs::No,
                (None, _) => Runs::Maybe,
            };
            out = match (out, one) {
                (Runs::No, _) | (_, Runs::No) => Runs::No,
                (Runs::Maybe, _) | (_, Runs::Maybe) => Runs::Maybe,
                _ => Runs::Yes,
            };
        }
        out
    }

    /// Is what is tested true of the request that is asked about? Without the negation.
    pub fn truth(&self, facts: &FileFacts, condition: &Condition, asked: &Asked) -> Option<bool> {
        let compared = facts.compares.iter().any(|c| condition.span.contains(&c.span));
        match compared {
            true => self.compares(facts, condition, asked),
            false => self.flag(facts, condition.value, asked),
        }
    }

    /// A field of the class that answers: `self.open`, `hasattr(view, "open")`.
    fn flag(&self, facts: &FileFacts, value: ValueId, asked: &Asked) -> Option<bool> {
        let line = asked.class.map(|c| self.line(c.file, c.t)).unwrap_or_default();
        if asked.verb.is_empty() {
            return None;
        }
        let (base, name, absent) = match facts.value(value) {
            Value::Field(base, name) => (*base, name.clone(), None),
            Value::Result(call) => {
                let fact = facts.call(*call);
                let (first, second) = (fact.args.first()?, fact.args.get(1)?);
                let Value::Text(name) = facts.value(second.value) else { return None };
                let Value::Name(asks) = facts.value(fact.callee) else { return None };
                let there = words(asks).iter().any(|w| w.starts_with("has"));
                let absent = match fact.args.get(2).map(|a| facts.value(a.value)) {
                    Some(Value::Bool(b)) => Some(*b),
                    _ => there.then_some(false),
                };
                if there && self.field_in(&line, name).is_some() {
                    return Some(true);
                }
                (first.value, name.clone(), absent)
            }
            _ => return None,
        };
        let Value::Name(object) = facts.value(base) else { return None };
        // The object itself, or what is handed to another's method.
        let function = facts.node(value).function;
        let own = self.with_origins(|o| o.owner(facts.file, function)).is_some_and(|o| line.contains(&o));
        if matches!(object.as_str(), "self" | "this") && !own {
            return None;
        }
        let handed = asked.class.and_then(|c| c.made).and_then(|(file, call)| {
            let made = self.facts(file)?.call(call);
            let arg = made.args.iter().find(|a| a.name.as_ref() == Some(&name))?;
            Some(At { file, value: arg.value })
        });
        let Some(at) = handed.or_else(|| self.field_in(&line, &name)) else { return absent };
        match self.facts(at.file)?.value(at.value) {
            Value::Bool(b) => Some(*b),
            Value::Null => Some(false),
            _ => None,
        }
    }

    /// `self.action == "list"`, `request.method in (…)`.
    fn compares(&self, facts: &FileFacts, condition: &Condition, asked: &Asked) -> Option<bool> {
        let mut inside = facts.compares.iter().filter(|c| condition.span.contains(&c.span));
        let compare = inside.next().filter(|_| inside.next().is_none())?;
        let Value::Field(_, name) = facts.value(compare.left) else { return None };
        let wanted = match name.as_str() {
            "action" => asked.action.as_str(),
            "method" => asked.verb.as_str(),
            _ => return None,
        };
        if wanted.is_empty() || wanted == "ANY" {
            return None;
        }
        let safe = match facts.value(compare.right) {
            Value::Name(n) | Value::Field(_, n) => words(n).iter().any(|w| w == "safe"),
            _ => false,
        };
        let right = At { file: facts.file, value: compare.right };
        let hit = match safe {
            true => matches!(asked.verb.as_str(), "GET" | "HEAD" | "OPTIONS"),
            false => {
                let parts = self.parts_of_list(right, 0);
                let texts: Vec<Str> = parts.iter().flat_map(|at| self.texts_at(*at)).collect();
                if texts.is_empty() || texts.iter().any(|t| t.contains('…')) {
                    return None;
                }
                texts.iter().any(|t| t.eq_ignore_ascii_case(wanted))
            }
        };
        match compare.op {
            CompareOp::Equal | CompareOp::In => Some(hit),
            CompareOp::NotEqual | CompareOp::NotIn => Some(!hit),
            _ => None,
        }
    }
}

/// Is the place that a role names written in the call at all?
fn entry_has(rec: &Recognizer, entry: &Entry) -> bool {
    let Some(facts) = rec.facts(entry.file) else { return false };
    let sources = entry.spec("policy").into_iter().flat_map(|s| &s.alternatives).flat_map(|a| &a.from);
    let fact = facts.call(entry.call);
    sources.into_iter().any(|s| match &s.base {
        Base::Keyword(name) => fact.args.iter().any(|a| a.name.as_ref() == Some(name)),
        _ => false,
    })
}
