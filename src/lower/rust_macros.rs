//! Macro arguments and attributes through syn.
