//! Version requirements of pages against the versions of manifests. Knows no registry.

/// `>=9`, `<2`, `>=4.11.4 <5`; all parts must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Requirement(Vec<(Op, [u64; 3])>);

#[derive(Clone, Copy, Debug, PartialEq)]
enum Op {
    AtLeast,
    Below,
}

impl Requirement {
    pub fn parse(text: &str) -> Option<Requirement> {
        let mut parts = Vec::new();
        for part in text.split([' ', ',']).filter(|p| !p.is_empty()) {
            let (op, rest) = match part.strip_prefix(">=") {
                Some(rest) => (Op::AtLeast, rest),
                None => (Op::Below, part.strip_prefix('<')?),
            };
            parts.push((op, numbers(rest)?));
        }
        Some(Requirement(parts))
    }

    pub fn is_any(&self) -> bool {
        self.0.is_empty()
    }

    /// Does it hold for a version? Unknown versions count as the newest.
    pub fn admits(&self, version: Option<&str>) -> bool {
        let known = version.and_then(lowest).unwrap_or([u64::MAX; 3]);
        self.0.iter().all(|(op, bound)| match op {
            Op::AtLeast => known >= *bound,
            Op::Below => known < *bound,
        })
    }
}

fn numbers(text: &str) -> Option<[u64; 3]> {
    let mut out = [0; 3];
    let digits = text.trim_start_matches(['v', '=']);
    for (i, part) in digits.split('.').take(3).enumerate() {
        let number: String = part.chars().take_while(char::is_ascii_digit).collect();
        if number.is_empty() {
            return (i > 0).then_some(out);
        }
        out[i] = number.parse().ok()?;
    }
    Some(out)
}

/// The version that a manifest's words stand for: exact versions themselves, ranges by the lowest
/// version they admit; open ranges (`>=1.7`, `*`) and tags say nothing.
pub fn lowest(text: &str) -> Option<[u64; 3]> {
    let text = text.trim().trim_start_matches("npm:").trim_start_matches("workspace:");
    let first = text.rsplit("||").next()?.split([',', ' ']).find(|p| !p.is_empty())?;
    if text.starts_with('>') && !text.contains('<') {
        return None;
    }
    numbers(first.trim_start_matches(['^', '~', '=', '>', '<', '!']).rsplit('@').next()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_stand_for_their_lowest_version() {
        let two = Requirement::parse(">=2").unwrap_or_default();
        assert!(two.admits(Some("2.8.0")) && two.admits(Some("^2.1")) && two.admits(Some("~=2.0")));
        assert!(!two.admits(Some("==1.7.1")) && !two.admits(Some(">=1.7,<2")));
        assert!(two.admits(None) && two.admits(Some(">=1.7")) && two.admits(Some("*")));
        let below = Requirement::parse(">=4 <4.11.4").unwrap_or_default();
        assert!(below.admits(Some("4.9.0")) && !below.admits(Some("4.11.4")) && !below.admits(Some("3.12")));
        assert!(Requirement::parse("9").is_none());
    }
}
