//! Work that may trip over what nobody foresaw: a panic costs one file or one rule, never the scan.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};

use crate::finding::{Problem, ProblemKind};
use crate::source::Str;

/// Collects what went wrong, from all threads.
#[derive(Default)]
pub struct Contained {
    problems: Mutex<Vec<Problem>>,
}

impl Contained {
    /// The result of the work, or nothing and a problem that names what was lost.
    pub fn run<T: Default>(&self, path: &Str, lost: &str, work: impl FnOnce() -> T) -> T {
        catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
            let message = format!(
                "{lost} is left out: authlint itself failed here, the rest was analysed; please report it with the file"
            );
            let problem = Problem { kind: ProblemKind::Budget, path: path.clone(), span: None, message };
            self.problems.lock().unwrap_or_else(PoisonError::into_inner).push(problem);
            T::default()
        })
    }

    pub fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_a_problem_and_the_rest_goes_on() {
        let contained = Contained::default();
        let found: Vec<u32> = contained.run(&"a.py".into(), "this file", || Vec::from([1]).split_off(2));
        assert!(found.is_empty());
        assert_eq!(contained.run(&"b.py".into(), "this file", || 7), 7);
        let problems = contained.into_problems();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].path, "a.py");
    }
}
