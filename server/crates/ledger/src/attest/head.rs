//! The first two lines of a file: the report, and the note that signs it.
//!
//! ```text
//! {"builds":…,"version":1}
//! {"type":"attestation","note":"leeward/ten_…/tree-v1/attestation\n<SHA-256 of the line above>\n\n— … <base64>\n"}
//! ```
//!
//! The note names the report by its hash because a signed note has at most 64 KiB and a report can be longer. Reading
//! refuses every byte the writer would not have written, and a second signature line: nothing could be added.

use std::io::{self, BufRead, Read as _};

use leeward_domain::{Sha256Digest, ids::TenantId};
use serde::{Deserialize, Serialize};

use super::{
    Body, DOES_NOT_PROVE, FORMAT, Finding, Kind, MAX_NOTE_LINE_BYTES, MAX_REPORT_BYTES, STATED_ONLY, VERSION, fixed,
};
use crate::{
    checkpoint::LogId,
    export::exactly,
    note::{NoteError, Signer, VerifierKey},
};

/// The key of a log's attestations: the log's own, under a name of its own. Who trusts the one has the other.
#[must_use]
pub fn attestation_key(log_key: &VerifierKey) -> VerifierKey {
    log_key.named(&name(log_key.name()))
}

/// The name of the key, which is also the first line of what it signs: unlike any checkpoint's.
fn name(origin: &str) -> String {
    format!("{origin}/attestation")
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NoteLine {
    #[serde(rename = "type")]
    kind: NoteTag,
    note: String,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
enum NoteTag {
    #[serde(rename = "attestation")]
    Attestation,
}

/// Both lines, read and of their forms; nothing is known of the signature.
#[derive(Debug)]
pub(super) struct Head {
    pub(super) body: Body,
    /// SHA-256 of the first line, without its newline.
    pub(super) digest: Sha256Digest,
    note: String,
}

/// The bytes of the first line, and of both.
pub(super) fn write(body: &Body, signer: &Signer) -> serde_json::Result<(Sha256Digest, String)> {
    let report = serde_json::to_string(body)?;
    let digest = Sha256Digest::of(report.as_bytes());
    let name = name(&LogId::Tenant(body.tenant).origin());
    let note = signer.sign_text(&name, &text(&name, digest));
    let line = serde_json::to_string(&NoteLine { kind: NoteTag::Attestation, note })?;
    Ok((digest, format!("{report}\n{line}\n")))
}

/// What is signed.
fn text(name: &str, digest: Sha256Digest) -> String {
    format!("{name}\n{digest}\n")
}

/// Reads both lines.
pub(super) fn read(from: &mut impl BufRead) -> io::Result<Result<Head, Finding>> {
    let report = match line(from, MAX_REPORT_BYTES, "the report")? {
        Ok(line) => line,
        Err(finding) => return Ok(Err(finding)),
    };
    let note = match line(from, MAX_NOTE_LINE_BYTES, "the signature's line")? {
        Ok(line) => line,
        Err(finding) => return Ok(Err(finding)),
    };
    Ok(parse(&report, &note))
}

fn parse(report: &[u8], note: &[u8]) -> Result<Head, Finding> {
    let malformed = |what: &str, why: String| Finding::new(Kind::Malformed, format!("{what}: {why}"));
    let body: Body = exactly(report).map_err(|why| malformed("the report", why))?;
    if (body.format.as_str(), body.version) != (FORMAT, VERSION) {
        let why = format!("{} version {} is not known here", body.format, body.version);
        return Err(malformed("the report", why));
    }
    if !fixed::is(&body.does_not_prove, DOES_NOT_PROVE) || !fixed::is(&body.stated_only, STATED_ONLY) {
        return Err(malformed("the report", "it says otherwise what it does not prove".to_owned()));
    }
    let NoteLine { note, .. } = exactly(note).map_err(|why| malformed("the signature's line", why))?;
    Ok(Head { body, digest: Sha256Digest::of(report), note })
}

/// One line without its newline, no longer than `most`.
fn line(from: &mut impl BufRead, most: usize, what: &str) -> io::Result<Result<Vec<u8>, Finding>> {
    let mut line = Vec::new();
    from.by_ref().take(most as u64 + 1).read_until(b'\n', &mut line)?;
    let whole = line.pop_if(|last| *last == b'\n').is_some();
    let finding = match (whole, line.len() > most) {
        (true, _) => return Ok(Ok(line)),
        (false, true) => Finding::new(Kind::Malformed, format!("{what} has more than {most} bytes")),
        (false, false) => Finding::new(Kind::Truncated, format!("the file ends in {what}")),
    };
    Ok(Err(finding))
}

impl Head {
    /// What is wrong with the signature, if the log's key is this.
    pub(super) fn check(&self, log_key: &VerifierKey) -> Option<Finding> {
        let key = attestation_key(log_key);
        let expected = text(&name(&LogId::Tenant(self.tenant()).origin()), self.digest);
        match key.open(&self.note) {
            // Lines of other keys are nothing a writer makes.
            Ok(_) if self.note.lines().count() != 4 => {
                Some(Finding::new(Kind::Malformed, "the signature's line: there is more than one signature"))
            }
            Ok(text) if text == expected => None,
            Ok(_) => Some(Finding::new(Kind::Edited, "the report is not the one that was signed")),
            Err(error) => Some(Finding::new(kind_of(&error), format!("the report's signature: {error}"))),
        }
    }

    fn tenant(&self) -> TenantId {
        self.body.tenant
    }
}

fn kind_of(error: &NoteError) -> Kind {
    match error {
        NoteError::Malformed(_) => Kind::Malformed,
        NoteError::UnknownKey(_) => Kind::UnknownKey,
        NoteError::BadSignature(_) => Kind::BadSignature,
    }
}
