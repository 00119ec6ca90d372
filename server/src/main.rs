//! The `leeward` binary: the gateway and its command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    leeward::cli::main()
}
