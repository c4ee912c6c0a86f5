//! authlint audits code and configuration for authentication and authorization flaws.

pub mod concepts;
pub mod facts;
pub mod finding;
pub mod link;
pub mod lower;
pub mod prefilter;
pub mod project;
pub mod rulebook;
pub mod source;
pub mod walk;
