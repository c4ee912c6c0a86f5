//! Lowering of python.
