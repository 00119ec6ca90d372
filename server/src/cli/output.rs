//! What commands print: text for people, or one JSON object.

use std::process::ExitCode;

use serde_json::Value;

/// How to print.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    /// One JSON object instead of text.
    pub(super) json: bool,
}

impl Output {
    /// Prints the text, or the object.
    pub(super) fn say(self, text: &str, object: &Value) {
        if self.json { self.raw(&object.to_string()) } else { self.raw(text) }
    }

    /// Prints as it is.
    #[expect(clippy::print_stdout, reason = "this is the command line's own output")]
    pub(super) fn raw(self, text: &str) {
        println!("{text}");
    }
}

/// Prints one line of JSON, flushed, for whoever started the service.
#[expect(clippy::print_stdout, reason = "this is the command line's own output")]
pub(super) fn event(object: &Value) {
    use std::io::Write as _;
    println!("{object}");
    // A closed pipe is no reason to stop serving.
    drop(std::io::stdout().flush());
}

/// Prints an error with its causes; exit status 1.
#[expect(clippy::print_stderr, reason = "this is the command line's own output")]
pub(super) fn failure(error: &anyhow::Error) -> ExitCode {
    eprintln!("leeward: {error:#}");
    ExitCode::FAILURE
}
