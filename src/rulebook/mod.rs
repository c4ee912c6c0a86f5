//! Pages to models and checks, validated. Knows the words of `concepts`, no library and no rule.

pub mod check;
