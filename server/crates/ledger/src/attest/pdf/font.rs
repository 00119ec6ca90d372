//! Helvetica: which bytes stand for which characters, and how wide they are.
//!
//! The encoding is WinAnsi without its codes 0x80 to 0x9F: ASCII and Latin-1. Widths are those of Adobe's metrics for
//! the standard fonts, in thousandths of the size.

/// The bytes that show a text; what the font does not have is shown by its number.
pub(super) fn encoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for character in text.chars() {
        match u8::try_from(character) {
            Ok(byte) if matches!(byte, 0x20..=0x7e | 0xa0..=0xac | 0xae..=0xff) => bytes.push(byte),
            _ => bytes.extend_from_slice(format!("<U+{:04X}>", u32::from(character)).as_bytes()),
        }
    }
    bytes
}

/// From 0x20 to 0x7E.
const ASCII: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // space to /
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0 to ?
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // @ to O
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // P to _
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // ` to o
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, // p to ~
];

/// From 0xA0 to 0xFF.
const LATIN_1: [u16; 96] = [
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, // A0 to AF
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, // B0 to BF
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, // C0 to CF
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, // D0 to DF
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, // E0 to EF
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500, // F0 to FF
];

/// The bold is nowhere wider than this, relative to the regular: the widest step is that of the colon.
const BOLD: f32 = 1.25;

/// How wide encoded text is at a size.
pub(super) fn width(text: &[u8], size: f32, bold: bool) -> f32 {
    let of = |byte: &u8| {
        let known = match byte {
            0x20..=0x7e => ASCII.get(usize::from(byte - 0x20)),
            0xa0..=0xff => LATIN_1.get(usize::from(byte - 0xa0)),
            _ => None,
        };
        known.copied().map_or(1015.0, f32::from)
    };
    let sum: f32 = text.iter().map(of).sum();
    sum * size / 1000.0 * if bold { BOLD } else { 1.0 }
}

/// Breaks encoded text into lines no wider than `room`: at spaces where it can, anywhere where it must.
pub(super) fn wrapped(text: &[u8], size: f32, bold: bool, room: f32) -> Vec<Vec<u8>> {
    let mut lines = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    for word in text.split(|byte| *byte == b' ') {
        let gap: &[u8] = if line.is_empty() { b"" } else { b" " };
        if width(&[&line, gap, word].concat(), size, bold) <= room {
            line.extend_from_slice(gap);
            line.extend_from_slice(word);
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for byte in word {
            if !line.is_empty() && width(&[line.as_slice(), &[*byte]].concat(), size, bold) > room {
                lines.push(std::mem::take(&mut line));
            }
            line.push(*byte);
        }
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_font_does_not_have_is_shown_by_its_number() {
        assert_eq!(encoded("a\u{e9} \u{8a9e}\u{2014}\n\u{1f512}"), b"a\xe9 <U+8A9E><U+2014><U+000A><U+1F512>");
    }

    #[test]
    fn no_line_is_too_wide_and_nothing_is_lost() {
        let text = encoded("a policy whose hash 0123456789abcdef0123456789abcdef is longer than the column");
        let lines = wrapped(&text, 8.0, false, 60.0);
        assert!(lines.len() > 3 && lines.iter().all(|line| width(line, 8.0, false) <= 60.0));
        let joined: Vec<u8> = lines.concat().into_iter().filter(|byte| *byte != b' ').collect();
        assert_eq!(joined, text.into_iter().filter(|byte| *byte != b' ').collect::<Vec<_>>());
    }

    #[test]
    fn widths_are_adobes() {
        // Sums over the metrics file's own words.
        assert!((width(b"Hello", 1000.0, false) - (722.0 + 556.0 + 222.0 + 222.0 + 556.0)).abs() < 0.01);
        assert!((width(b"\xc6\xff~", 1000.0, false) - (1000.0 + 500.0 + 584.0)).abs() < 0.01);
    }
}
