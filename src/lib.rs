//! authlint audits code and configuration for authentication and authorization flaws.

pub mod concepts;
pub mod facts;
pub mod finding;
pub mod lower;
pub mod project;
pub mod report;
pub mod rulebook;
pub mod settle;
pub mod source;
