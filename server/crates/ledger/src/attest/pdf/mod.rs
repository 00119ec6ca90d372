//! A reading copy of a report: the content of its text, as a PDF.
//!
//! It proves nothing, says so, and names the SHA-256 of the report it is a copy of. Pages are A4; the fonts are
//! Helvetica and its bold, which every reader of PDF has, so nothing is embedded. Characters they do not have are
//! shown by their numbers, `<U+8A9E>`. The bytes depend on the report alone: no time of making, no random id.
//!
//! Left out: tags for screen readers, for whom the text is the better copy.

mod font;
mod layout;

use leeward_domain::Sha256Digest;
use pdf_writer::{Content, Finish as _, Name, Pdf, Rect, Ref, Str, TextStr};

use super::{
    Checked, Report, Standing,
    summary::{Block, blocks},
};
use layout::{Draw, HEIGHT, MARGIN, Pages, WIDTH};

const REGULAR: Name<'static> = Name(b"F1");
const BOLD: Name<'static> = Name(b"F2");
const CATALOG: Ref = Ref::new(1);
const TREE: Ref = Ref::new(2);
const FONTS: [Ref; 2] = [Ref::new(3), Ref::new(4)];
const INFO: Ref = Ref::new(5);
/// Pages and their contents take the numbers from here on, by turns.
const FIRST_PAGE: i32 = 6;

impl Report {
    /// The report as a PDF. `digest` is [`Signed::digest`](super::Signed::digest)'s or [`Checked::digest`].
    #[must_use]
    pub fn to_pdf(&self, digest: Sha256Digest, standing: &Standing) -> Vec<u8> {
        let mut page = blocks(self.body(), digest, standing);
        page.insert(1, Block::Paragraph(copy_of(digest)));
        let pages: Vec<_> = Pages::of(&page).into();
        document(&pages, digest)
    }
}

impl Checked {
    /// The report as a PDF, with what was established about it.
    #[must_use]
    pub fn to_pdf(&self) -> Vec<u8> {
        self.report.to_pdf(self.digest, &self.standing())
    }
}

fn copy_of(digest: Sha256Digest) -> String {
    format!(
        "This is the reading copy. The report is the file whose first line has the SHA-256 {digest}; only that file is \
         signed, and `leeward-verify attest FILE --key KEY` checks it."
    )
}

fn document(pages: &[Vec<Draw>], digest: Sha256Digest) -> Vec<u8> {
    let mut pdf = Pdf::new();
    pdf.catalog(CATALOG).pages(TREE).lang(TextStr("en"));
    let refs: Vec<_> = (FIRST_PAGE..).step_by(2).zip(pages).map(|(number, page)| (Ref::new(number), page)).collect();
    pdf.pages(TREE).kids(refs.iter().map(|(page, _)| *page)).count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for (font, name) in FONTS.into_iter().zip(["Helvetica", "Helvetica-Bold"]) {
        pdf.type1_font(font).base_font(Name(name.as_bytes())).encoding_predefined(Name(b"WinAnsiEncoding"));
    }
    let mut info = pdf.document_info(INFO);
    info.title(TextStr("Attestation of data residency (reading copy)"));
    info.subject(TextStr(&format!("SHA-256 {digest}")));
    info.finish();
    for (number, (page, drawn)) in (1..).zip(&refs) {
        let contents = page.next();
        let mut written = pdf.page(*page);
        written.media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT)).parent(TREE).contents(contents);
        let mut resources = written.resources();
        resources.fonts().pair(REGULAR, FONTS[0]).pair(BOLD, FONTS[1]);
        resources.finish();
        written.finish();
        let footer = format!("Reading copy of the report {digest}, page {number} of {}", pages.len());
        pdf.stream(contents, &content(drawn, &footer));
    }
    pdf.finish()
}

fn content(drawn: &[Draw], footer: &str) -> Vec<u8> {
    let mut content = Content::new();
    let footer = Draw::Text { x: MARGIN, y: MARGIN / 2.0, size: 7.0, bold: false, text: font::encoded(footer) };
    for draw in drawn.iter().chain([&footer]) {
        match draw {
            Draw::Text { x, y, size, bold, text } => {
                content.begin_text();
                content.set_font(if *bold { BOLD } else { REGULAR }, *size);
                content.next_line(*x, *y);
                content.show(Str(text));
                content.end_text();
            }
            Draw::Rule { y } => {
                content.set_line_width(0.5);
                content.move_to(MARGIN, *y);
                content.line_to(WIDTH - MARGIN, *y);
                content.stroke();
            }
        }
    }
    content.finish().to_vec()
}
