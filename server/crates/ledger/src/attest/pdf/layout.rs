//! Where each line of a page stands.

use super::font;
use crate::attest::summary::{Block, Table};

/// A4, in points.
pub(super) const WIDTH: f32 = 595.0;
/// A4, in points.
pub(super) const HEIGHT: f32 = 842.0;
/// On all four sides.
pub(super) const MARGIN: f32 = 50.0;
const ROOM: f32 = WIDTH - 2.0 * MARGIN;
/// Between the columns of a table.
const GUTTER: f32 = 6.0;

/// A line of text or a rule across the page.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Draw {
    Text { x: f32, y: f32, size: f32, bold: bool, text: Vec<u8> },
    Rule { y: f32 },
}

/// Pages filled so far, and how far down the last one is.
pub(super) struct Pages {
    pages: Vec<Vec<Draw>>,
    y: f32,
}

impl From<Pages> for Vec<Vec<Draw>> {
    fn from(pages: Pages) -> Self {
        pages.pages
    }
}

/// The height of a line of this size.
fn leading(size: f32) -> f32 {
    size * 1.35
}

impl Pages {
    pub(super) fn of(blocks: &[Block]) -> Self {
        let mut pages = Self { pages: vec![Vec::new()], y: HEIGHT - MARGIN };
        blocks.iter().for_each(|block| pages.block(block));
        pages
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Title(text) => self.text(text, 0.0, 18.0, true),
            Block::Heading(text) => {
                // With something below it.
                self.room_for(leading(12.0) + 6.0 + 3.0 * leading(9.0));
                self.y -= 6.0;
                self.text(text, 0.0, 12.0, true);
            }
            Block::Paragraph(text) => self.text(text, 0.0, 9.0, false),
            Block::List(items) => items.iter().for_each(|item| {
                self.room_for(leading(9.0));
                self.draw(b"-".to_vec(), 2.0, self.y - 9.0, 9.0, false);
                self.text(item, 10.0, 9.0, false);
            }),
            Block::Pairs(pairs) => pairs.iter().for_each(|(name, value)| {
                self.room_for(leading(9.0));
                self.draw(font::encoded(name), 0.0, self.y - 9.0, 9.0, true);
                self.text(value, 75.0, 9.0, false);
            }),
            Block::Table(table) => self.table(table),
        }
        self.y -= 4.0;
    }

    /// Begins another page if less than this is left on this one.
    fn room_for(&mut self, height: f32) -> bool {
        let full = self.y - height < MARGIN;
        if full {
            self.pages.push(Vec::new());
            self.y = HEIGHT - MARGIN;
        }
        full
    }

    fn draw(&mut self, text: Vec<u8>, indent: f32, y: f32, size: f32, bold: bool) {
        if let Some(page) = self.pages.last_mut() {
            page.push(Draw::Text { x: MARGIN + indent, y, size, bold, text });
        }
    }

    /// Text in as many lines as it takes.
    fn text(&mut self, text: &str, indent: f32, size: f32, bold: bool) {
        for line in font::wrapped(&font::encoded(text), size, bold, ROOM - indent) {
            self.room_for(leading(size));
            self.draw(line, indent, self.y - size, size, bold);
            self.y -= leading(size);
        }
    }

    fn table(&mut self, table: &Table) {
        let head: Vec<_> = table.head.iter().map(|(name, _)| (*name).to_owned()).collect();
        self.row(table, &head, true);
        for row in &table.rows {
            self.row(table, row, false);
        }
    }

    fn row(&mut self, table: &Table, cells: &[String], is_head: bool) {
        const SIZE: f32 = 7.5;
        let total: f32 = table.head.iter().map(|(_, share)| f32::from(*share)).sum();
        let mut x = 0.0;
        let mut columns = Vec::new();
        for ((_, share), cell) in table.head.iter().zip(cells) {
            let width = ROOM * f32::from(*share) / total;
            columns.push((x, font::wrapped(&font::encoded(cell), SIZE, is_head, width - GUTTER)));
            x += width;
        }
        let height = columns.iter().map(|(_, lines)| lines.len()).max().unwrap_or(0);
        // A row is kept together if it fits on a page at all; a head is not left alone.
        let lines = if is_head { height + 3 } else { height };
        let kept = (f32::from(u16::try_from(lines).unwrap_or(u16::MAX)) * leading(SIZE)).min(HEIGHT / 2.0);
        if self.room_for(kept + 4.0) && !is_head {
            self.repeat_head(table);
        }
        for number in 0..height {
            self.room_for(leading(SIZE));
            for (x, lines) in &columns {
                if let Some(line) = lines.get(number) {
                    self.draw(line.clone(), *x, self.y - SIZE, SIZE, is_head);
                }
            }
            self.y -= leading(SIZE);
        }
        self.y -= 1.0;
        if let Some(page) = self.pages.last_mut() {
            page.push(Draw::Rule { y: self.y });
        }
        self.y -= 2.0;
    }

    fn repeat_head(&mut self, table: &Table) {
        let head: Vec<_> = table.head.iter().map(|(name, _)| (*name).to_owned()).collect();
        self.row(table, &head, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_drawn_outside_the_margins() {
        let cell = "a word that is long enough to be broken 0123456789abcdef0123456789abcdef0123456789abcdef";
        let rows = (0..200).map(|number| vec![number.to_string(), cell.repeat(1 + number % 40)]).collect();
        let blocks = [
            Block::Title("title ".repeat(40)),
            Block::Heading("heading".into()),
            Block::Pairs(vec![("name", cell.repeat(3))]),
            Block::List(vec![cell.repeat(100); 30]),
            Block::Table(Table { head: &[("number", 10), ("text", 20)], rows }),
        ];
        let pages: Vec<_> = Pages::of(&blocks).into();
        assert!(pages.len() > 20);
        for draw in pages.iter().flatten() {
            match draw {
                Draw::Rule { y } => assert!((MARGIN - 2.0..HEIGHT - MARGIN).contains(y)),
                Draw::Text { x, y, size, bold, text } => {
                    assert!((MARGIN..WIDTH - MARGIN).contains(x) && *y >= MARGIN && y + size <= HEIGHT - MARGIN + 1.0);
                    assert!(x + font::width(text, *size, *bold) <= WIDTH - MARGIN + 0.1, "{text:?}");
                }
            }
        }
        let shown = |text: &[u8]| {
            pages
                .iter()
                .flatten()
                .filter(|draw| matches!(draw, Draw::Text { text: shown, .. } if shown == text))
                .count()
        };
        assert_eq!(shown(b"199"), 1, "every row is there");
        assert!(shown(b"number") > 1, "the head is repeated");
    }
}
