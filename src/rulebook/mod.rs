//! Pages to models and checks, validated. Knows the words of `concepts`, no library and no rule.

pub mod check;
pub mod model;
pub mod page;
pub mod read;
pub mod read_check;
pub mod read_model;
pub mod version;
