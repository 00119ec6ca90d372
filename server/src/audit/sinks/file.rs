//! A file that is only ever appended to, for a collector's agent or another disk.
//!
//! It is opened anew for each batch, so that it may be renamed (logrotate) at any time, and synced before the batch
//! counts as taken.

use std::{
    fs::OpenOptions,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::PathBuf,
};

use super::Batch;
use crate::config::SinkSection;

/// The file; made if it is not there, for this user and group to read.
pub(super) struct File {
    path: PathBuf,
}

impl File {
    pub(super) fn new(section: &SinkSection) -> anyhow::Result<Self> {
        let path = section.to.to_file_path();
        let path = path.map_err(|()| anyhow::anyhow!("audit.sinks {:?}: {} is no file", section.name, section.to))?;
        Ok(Self { path })
    }

    pub(super) async fn deliver(&self, batch: &Batch<'_>) -> Result<(), String> {
        let end = batch.format.terminator();
        let lines: Vec<String> = batch.rendered().collect();
        let header = batch.format.header().map(|line| format!("{line}{end}")).unwrap_or_default();
        let text = lines.iter().map(|line| format!("{line}{end}")).collect::<String>();
        let path = self.path.clone();
        // A file may lie on a network's disk and block.
        let written = tokio::task::spawn_blocking(move || append(&path, &header, &text)).await;
        written.map_err(|error| error.to_string())?.map_err(|error| format!("{}: {error}", self.path.display()))
    }
}

fn append(path: &std::path::Path, header: &str, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).read(true).mode(0o640).open(path)?;
    let length = file.metadata()?.len();
    if length == 0 {
        file.write_all(header.as_bytes())?;
    } else {
        // A crash may have left half a line, whose record comes again.
        file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        file.read_exact(&mut last)?;
        if last != *b"\n" {
            file.write_all(b"\n")?;
        }
    }
    file.write_all(text.as_bytes())?;
    file.sync_data()
}
