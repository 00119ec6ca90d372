//! Reads one line of an export, and refuses every byte the writer would not have written: two different files
//! are never the same export.

use serde::{Serialize, de::DeserializeOwned};

use super::{End, FORMAT, Header, INDEXED, Index, MAX_PLACE, Seal, VERSION};

/// One line, read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// The first line.
    Header(Header),
    /// The hashes of the entries before it.
    Index(Index),
    /// The signature.
    Checkpoint(Seal),
    /// The last line.
    End(End),
    /// Anything else is an entry; its bytes are the line's.
    Entry,
}

/// Reads a line, without its newline.
///
/// # Errors
/// If it begins as one of the four known lines do and is not written as a writer would; says why.
pub fn parse(bytes: &[u8]) -> Result<Line, String> {
    // An entry is canonical JSON, whose first member is `actor`: it never begins like this.
    if !bytes.starts_with(br#"{"type":"#) {
        return Ok(Line::Entry);
    }
    if bytes.starts_with(br#"{"type":"index","#) {
        let index: Index = exactly(bytes)?;
        return match index.hashes.len() {
            _ if index.first > MAX_PLACE => Err(too_high(index.first)),
            1..=INDEXED => Ok(Line::Index(index)),
            other => Err(format!("an index of {other} entries")),
        };
    }
    if bytes.starts_with(br#"{"type":"header","#) {
        let header: Header = exactly(bytes)?;
        return if header.format == FORMAT && header.version == VERSION {
            if header.first > MAX_PLACE { Err(too_high(header.first)) } else { Ok(Line::Header(header)) }
        } else {
            Err(format!(
                "{} version {} is not known here; use the leeward-verify of its release",
                header.format, header.version
            ))
        };
    }
    if bytes.starts_with(br#"{"type":"checkpoint","#) {
        return exactly(bytes).map(Line::Checkpoint);
    }
    if bytes.starts_with(br#"{"type":"end","#) {
        return exactly(bytes).map(Line::End);
    }
    Err("it begins like none of the four known lines".to_owned())
}

fn too_high(place: u64) -> String {
    format!("the place {place} is beyond {MAX_PLACE}, the highest there is")
}

/// Parses, and demands that writing the value again gives the same bytes: no white space, no second spelling
/// of a string or a number, no repeated member, no other order.
pub(crate) fn exactly<T: DeserializeOwned + Serialize>(bytes: &[u8]) -> Result<T, String> {
    let value: T = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
    match serde_json::to_vec(&value) {
        Ok(again) if again == bytes => Ok(value),
        _ => Err("the same content would be written otherwise".to_owned()),
    }
}
