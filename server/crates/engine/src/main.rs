//! The binary `leeward-engine`; everything is in the library so that examples and tests run the same code.

use std::process::ExitCode;

fn main() -> ExitCode {
    leeward_engine::cli::run(std::env::args_os())
}
