// A table of patterns with a sample each: the samples open nothing. Said at low confidence.
pub enum Sample {
    One(&'static str),
}

pub static PATTERNS: &[(&str, &str, Sample)] =
    &[("access key", "AKIA[A-Z0-9]{16}", Sample::One("AKIAQZ7PX4LMN2RSTV3W"))]; // ok: secret-hardcoded
