//! authlint audits code and configuration for authentication and authorization flaws.

pub mod cli;
pub mod concepts;
pub mod config;
pub mod facts;
pub mod finding;
pub mod lower;
pub mod project;
pub mod rulebook;
pub mod run;
pub mod source;
mod standin;
