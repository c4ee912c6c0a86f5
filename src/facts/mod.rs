//! The vocabulary that every syntax is lowered to. Knows no language, no library, no rule.

pub mod code;
mod note;
pub mod setting;
pub mod show;
pub mod value;

pub use code::*;
pub use setting::*;
pub use value::*;
