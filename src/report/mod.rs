//! An outcome as text for people and machines. Knows no language, no library, no rule.
