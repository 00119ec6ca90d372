//! A report for people, as text: a heading with `#`, lists with `-`, tables with `|`.

use leeward_domain::Sha256Digest;

use super::{
    Checked, Report, Standing,
    summary::{Block, Table, blocks},
};
use crate::render::{REPLACEMENT, is_control};

impl Report {
    /// The report for people. `digest` is [`Signed::digest`](super::Signed::digest)'s or [`Checked::digest`].
    #[must_use]
    pub fn to_text(&self, digest: Sha256Digest, standing: &Standing) -> String {
        let written: Vec<_> = blocks(self.body(), digest, standing).iter().map(block).collect();
        written.join("\n")
    }
}

impl Checked {
    /// The report for people, and what was established about it.
    #[must_use]
    pub fn to_text(&self) -> String {
        self.report.to_text(self.digest, &self.standing())
    }
}

/// No character of it ends a line, or does anything to a terminal.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if is_control(c) { REPLACEMENT } else { c }).collect()
}

fn block(block: &Block) -> String {
    match block {
        Block::Title(text) => format!("# {}\n", one_line(text)),
        Block::Heading(text) => format!("## {}\n", one_line(text)),
        Block::Paragraph(text) => format!("{}\n", one_line(text)),
        Block::Pairs(pairs) => {
            let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            pairs.iter().map(|(name, value)| format!("{name:width$}  {}\n", one_line(value))).collect()
        }
        Block::List(items) => items.iter().map(|item| format!("- {}\n", one_line(item))).collect(),
        Block::Table(Table { head, rows }) => {
            let head: Vec<_> = head.iter().map(|(name, _)| (*name).to_owned()).collect();
            let rule = format!("|{}\n", "---|".repeat(head.len()));
            row(&head) + &rule + &rows.iter().map(|cells| row(cells)).collect::<String>()
        }
    }
}

fn row(cells: &[String]) -> String {
    let cells: Vec<_> = cells.iter().map(|cell| one_line(cell).replace('|', "\\|")).collect();
    format!("| {} |\n", cells.join(" | "))
}
