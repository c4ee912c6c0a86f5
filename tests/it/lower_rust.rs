//! Lowering of rust.
