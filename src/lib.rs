//! authlint audits code and configuration for authentication and authorization flaws.

pub mod facts;
pub mod lower;
pub mod source;
