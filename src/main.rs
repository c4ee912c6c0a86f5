//! Exit statuses and where text goes. Everything else is in `run`.

use std::io::{self, Write};
use std::process::ExitCode;

use authlint::cli::Cli;
use authlint::run::{Ended, describe, run};
use clap::Parser;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come as errors too; nothing can be done when even that has no reader.
            let _ = error.print();
            return if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
        }
    };
    match run(cli, &mut io::stdout().lock()) {
        Ok(Ended::Clean) => ExitCode::SUCCESS,
        Ok(Ended::Findings) => ExitCode::from(1),
        Err(error) => {
            let _ = writeln!(io::stderr(), "{}", describe(&error));
            ExitCode::from(2)
        }
    }
}
