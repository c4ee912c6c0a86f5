//! The inventory as JSON, version 1; its shape is `schema.json`, described in docs/routes.md.

use serde::Serialize;

use crate::endpoint::survey::Survey;
use crate::endpoint::{Answer, Endpoint, Guard, GuardKind, InputFrom};
use crate::finding::Problem;

use super::super::json_text;

pub const VERSION: u32 = 1;

#[derive(Serialize)]
struct Report<'a> {
    version: u32,
    endpoints: Vec<EndpointForm<'a>>,
    problems: Vec<ProblemForm<'a>>,
}

#[derive(Serialize)]
pub struct EndpointForm<'a> {
    method: &'a str,
    path: &'a str,
    file: &'a str,
    line: u32,
    handler: &'a str,
    framework: &'a str,
    authentication: Answer,
    role: Answer,
    scope: Answer,
    ownership: Answer,
    #[serde(skip_serializing_if = "Option::is_none")]
    condition: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    public: Option<&'a str>,
    guards: Vec<GuardForm<'a>>,
    inputs: Vec<InputForm<'a>>,
}

#[derive(Serialize)]
pub struct GuardForm<'a> {
    name: &'a str,
    file: &'a str,
    line: u32,
    kind: GuardKind,
    does: DoesForm,
    evidence: Vec<StepForm<'a>>,
}

#[derive(Serialize)]
struct DoesForm {
    authentication: Answer,
    role: Answer,
    scope: Answer,
}

#[derive(Serialize)]
struct StepForm<'a> {
    file: &'a str,
    line: u32,
    text: &'a str,
}

#[derive(Serialize)]
pub struct InputForm<'a> {
    from: InputFrom,
    name: &'a str,
}

#[derive(Serialize)]
pub struct ProblemForm<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    message: &'a str,
}

pub fn render(survey: &Survey, shown: &[&Endpoint]) -> String {
    json_text(&Report {
        version: VERSION,
        endpoints: shown.iter().map(|e| endpoint(survey, e)).collect(),
        problems: problems(survey),
    })
}

pub fn problems(survey: &Survey) -> Vec<ProblemForm<'_>> {
    let one = |problem: &'_ Problem| problem.span.map(|span| survey.place(span).1);
    survey.all_problems().map(|p| ProblemForm { path: &p.path, line: one(p), message: &p.message }).collect()
}

pub fn endpoint<'a>(survey: &'a Survey, endpoint: &'a Endpoint) -> EndpointForm<'a> {
    let (file, line) = survey.place(endpoint.place);
    EndpointForm {
        method: &endpoint.method,
        path: &endpoint.path,
        file,
        line,
        handler: &endpoint.handler,
        framework: &endpoint.framework,
        authentication: endpoint.authentication,
        role: endpoint.role,
        scope: endpoint.scope,
        ownership: endpoint.ownership,
        condition: endpoint.condition.as_deref(),
        public: endpoint.public.as_ref().map(|e| e.text.as_str()),
        guards: guards(survey, endpoint),
        inputs: inputs(endpoint),
    }
}

pub fn guards<'a>(survey: &'a Survey, endpoint: &'a Endpoint) -> Vec<GuardForm<'a>> {
    let form = |guard: &'a Guard| {
        let (file, line) = survey.place(guard.span);
        let step = |step: &'a crate::finding::Evidence| {
            let (file, line) = survey.place(step.span);
            StepForm { file, line, text: &step.text }
        };
        GuardForm {
            name: &guard.name,
            file,
            line,
            kind: guard.kind,
            does: DoesForm {
                authentication: guard.does.authentication,
                role: guard.does.role,
                scope: guard.does.scope,
            },
            evidence: guard.evidence.iter().map(step).collect(),
        }
    };
    endpoint.guards.iter().map(form).collect()
}

pub fn inputs(endpoint: &Endpoint) -> Vec<InputForm<'_>> {
    endpoint.inputs.iter().map(|i| InputForm { from: i.from, name: &i.name }).collect()
}
