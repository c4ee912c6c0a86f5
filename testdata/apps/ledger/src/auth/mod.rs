pub mod claims;
pub mod extractor;
pub mod tokens;
