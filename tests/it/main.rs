//! The one test binary: a module a question.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout, clippy::print_stderr)]

mod apps;
mod architecture;
mod cli;
mod config;
mod determinism;
mod docs;
mod explain;
mod fixtures;
mod link;
mod lower_config_a;
mod lower_config_b;
mod lower_python;
mod lower_rust;
mod lower_typescript;
mod metamorphic;
mod pages;
mod prefilter;
mod report;
mod routes;
mod routes_diff;
mod routes_report;
mod sarif;
mod settle;
mod support;
mod texts;
mod walk;
