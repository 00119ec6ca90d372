//! One audit record, written for other people's tools.
//!
//! Pure: a record, its log and its number go in, one text comes out; nothing is asked of a clock or a network.
//! docs/audit-formats.md holds the mappings and a sample of each; `scripts/formats-check.sh` feeds every event
//! code in every format to readers written by others.
//!
//! To add a format: a file here with its `render`, a line in [`Format`] and its section in the docs.
//!
//! Left out: sending. Whoever sends frames the text for its transport ([`Format::terminator`] is for files).

pub mod cef;
pub mod csv;
mod flat;
mod host;
mod level;
pub mod ndjson;
pub mod ocsf;
pub mod otlp;
pub mod syslog;
mod text;

pub use host::{Host, ParseHostError};
pub(crate) use text::{REPLACEMENT, is_control};

use crate::{checkpoint::LogId, record::Record, spelled::spelled};

/// One record and where it stands.
#[derive(Debug, Clone, Copy)]
pub struct Entry<'a> {
    /// The log it stands in.
    pub log: LogId,
    /// Its number there, from 0.
    pub seq: u64,
    /// What it says.
    pub record: &'a Record,
}

/// A form other tools read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// One JSON object a line: the record in its canonical form.
    Ndjson,
    /// A table with a fixed list of columns (RFC 4180).
    Csv,
    /// Open Cybersecurity Schema Framework, JSON; the version is [`ocsf::VERSION`].
    Ocsf,
    /// ArcSight's Common Event Format, version 0.
    Cef,
    /// Syslog (RFC 5424).
    Syslog,
    /// OpenTelemetry's logs, in OTLP's JSON encoding.
    OtlpJson,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[Self::Ndjson, Self::Csv, Self::Ocsf, Self::Cef, Self::Syslog, Self::OtlpJson];

    /// What command lines and addresses call it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Ocsf => "ocsf",
            Self::Cef => "cef",
            Self::Syslog => "rfc5424",
            Self::OtlpJson => "otlp",
        }
    }

    /// The media type of a file of it.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Ndjson | Self::Ocsf | Self::OtlpJson => "application/x-ndjson",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::Cef | Self::Syslog => "text/plain; charset=utf-8",
        }
    }

    /// How the name of a file of it ends, without a dot before it.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
            Self::Ocsf => "ocsf.ndjson",
            Self::Cef => "cef",
            Self::Syslog => "log",
            Self::OtlpJson => "otlp.jsonl",
        }
    }

    /// The line before the first record of a file, without its terminator, where the format has one.
    #[must_use]
    pub fn header(self) -> Option<String> {
        match self {
            Self::Csv => Some(csv::header()),
            Self::Ndjson | Self::Ocsf | Self::Cef | Self::Syslog | Self::OtlpJson => None,
        }
    }

    /// What ends the header and each record in a file.
    #[must_use]
    pub const fn terminator(self) -> &'static str {
        match self {
            Self::Csv => "\r\n",
            Self::Ndjson | Self::Ocsf | Self::Cef | Self::Syslog | Self::OtlpJson => "\n",
        }
    }

    /// `entry` in this format, without a terminator. `host` is the appliance's name, for the formats that have
    /// a place for it.
    ///
    /// One line by anybody's idea of a line, whatever the record holds; in CSV alone a quoted cell may hold line
    /// ends.
    #[must_use]
    pub fn render(self, host: &Host, entry: Entry<'_>) -> String {
        match self {
            Self::Ndjson => ndjson::render(entry),
            Self::Csv => csv::render(entry),
            Self::Ocsf => ocsf::render(entry),
            Self::Cef => cef::render(host, entry),
            Self::Syslog => syslog::render(host, entry),
            Self::OtlpJson => otlp::export_request(host, &[entry]),
        }
    }
}

spelled!(Format: "format");
