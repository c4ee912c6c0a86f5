//! authlint audits code and configuration for authentication and authorization flaws.

pub mod concepts;
pub mod facts;
pub mod finding;
pub mod lower;
pub mod project;
pub mod rulebook;
pub mod source;
pub mod event;
pub mod recognize;
