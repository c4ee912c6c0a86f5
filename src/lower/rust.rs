//! Stub while the room is being built.
use crate::facts::FileFacts;
use crate::source::{Ecosystem, Source};

pub fn lower(source: &Source) -> FileFacts {
    FileFacts::new(source.id, Ecosystem::None, source.text.len())
}
