//! authlint audits code and configuration for authentication and authorization flaws.

pub mod cli;
pub mod concepts;
pub mod config;
pub mod endpoint;
pub mod event;
pub mod facts;
pub mod finding;
pub mod judge;
pub mod link;
pub mod lower;
pub mod prefilter;
pub mod project;
pub mod recognize;
pub mod report;
pub mod rulebook;
pub mod run;
pub mod scan;
pub mod settle;
pub mod source;
pub mod walk;
