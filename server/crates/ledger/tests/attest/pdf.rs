//! The reading copy: whole as a PDF, and with everything that the text has.

use leeward_ledger::attest::Standing;

use crate::month::{check, month, signer, trusting};

fn find(file: &[u8], part: &[u8]) -> Option<usize> {
    file.windows(part.len()).position(|window| window == part)
}

#[test]
fn it_is_a_whole_pdf() {
    let pdf = check(&month(3000), &trusting(&signer())).unwrap().to_pdf();
    assert!(pdf.starts_with(b"%PDF-1.7\n") && pdf.trim_ascii_end().ends_with(b"%%EOF"));
    // Every entry of the table of objects leads to the object of its number.
    let table = find(&pdf, b"\nxref\n").unwrap() + 6;
    let text = String::from_utf8_lossy(&pdf[table..]);
    let mut lines = text.lines();
    let count: usize = lines.next().unwrap().split(' ').nth(1).unwrap().parse().unwrap();
    let mut objects = 0;
    for (number, line) in lines.take(count).enumerate().skip(1) {
        if line.contains(" n") {
            let at: usize = line.split(' ').next().unwrap().parse().unwrap();
            assert!(pdf[at..].starts_with(format!("{number} 0 obj").as_bytes()), "object {number}");
            objects += 1;
        }
    }
    let pages = String::from_utf8_lossy(&pdf).matches("/Type /Page\n").count();
    assert!(pages > 1 && objects == 5 + 2 * pages, "{objects} objects, {pages} pages");
    assert!(find(&pdf, format!("page {pages} of {pages}").as_bytes()).is_some());
}

#[test]
fn it_says_that_it_is_a_copy_and_of_what() {
    let checked = check(&month(300), &trusting(&signer())).unwrap();
    let pdf = checked.to_pdf();
    let shown = String::from_utf8_lossy(&pdf);
    for wanted in ["reading copy", &checked.digest.to_string(), "Where a building stands", "kek_1", "<U+8A9E>"] {
        assert!(shown.contains(wanted), "{wanted}");
    }
    let counts: u64 = checked.report.body().decisions.iter().map(|row| row.count).max().unwrap();
    assert!(shown.contains(&format!("({counts}) Tj")), "{counts}");
    assert_eq!(pdf, checked.to_pdf(), "the same report, the same bytes");
    assert_ne!(pdf, checked.report.to_pdf(checked.digest, &Standing::Issued));
}
