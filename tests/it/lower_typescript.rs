//! Lowering of typescript.
