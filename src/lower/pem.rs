//! PEM files: not read yet.

use crate::facts::*;
use crate::lower::Builder;
use crate::source::{Ecosystem, Source};

pub fn lower(source: &Source) -> FileFacts {
    Builder::new(source, Ecosystem::None).facts
}
