//! Configuration as key path and value: env files, settings modules, and every config format.

use crate::source::{Span, Str};

use super::value::ValueId;

/// One configured value.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// `["SIMPLE_JWT", "ACCESS_TOKEN_LIFETIME"]`, `["JWT_SECRET"]`.
    pub path: Vec<Str>,
    pub value: ValueId,
    /// The key's place.
    pub span: Span,
}

/// A dependency as a manifest or lock file names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    pub ecosystem: crate::source::Ecosystem,
    /// As the registry spells it (PyPI names normalised: lower case, `-`).
    pub name: Str,
    /// Exact when locked, else a requirement such as `^8.5.1`, `>=2,<3`.
    pub version: Str,
    pub locked: bool,
    /// The manifest or lock file, relative to the scanned folder.
    pub manifest: Str,
}
