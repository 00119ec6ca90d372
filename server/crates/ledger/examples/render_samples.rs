//! Every event code in every format, for readers written by others: `scripts/formats-check.sh` runs it.
//!
//! Writes one file a format into the directory named: what a download of those records would be.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a tool of the tests: what fails here has failed")]

#[path = "../tests/render/sample.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod sample;

use std::{fs, path::PathBuf};

use leeward_ledger::render::{Entry, Format, Host};

fn main() {
    let directory = PathBuf::from(std::env::args_os().nth(1).unwrap());
    let host: Host = "leeward-1.example".parse().unwrap();
    let records = sample::every();
    for format in Format::ALL {
        let mut file = format.header().map(|header| header + format.terminator()).unwrap_or_default();
        for (seq, record) in (0..).zip(&records) {
            file.push_str(&format.render(&host, Entry { seq, ..sample::entry(record) }));
            file.push_str(format.terminator());
        }
        fs::write(directory.join(format.as_str()), file).unwrap();
    }
    println!("{}", records.len());
}
