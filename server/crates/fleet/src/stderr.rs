//! A worker's standard error, line by line into our log.

use leeward_domain::tenant::ModelName;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _},
    process::ChildStderr,
};

/// The longest line kept, in bytes; the rest of it is left out.
const LINE_BYTES: usize = 4096;

/// Logs what the worker prints until it closes its standard error.
pub(crate) async fn forward(model: ModelName, pid: u32, stderr: ChildStderr) {
    let log = |line: &str| tracing::info!(target: "leeward::engine", %model, pid, "{line}");
    each_line(stderr, log).await;
}

async fn each_line(mut input: impl AsyncRead + Unpin, mut log: impl FnMut(&str)) {
    let mut chunk = vec![0; LINE_BYTES];
    let mut line = Vec::with_capacity(LINE_BYTES);
    let mut flush = |line: &mut Vec<u8>| {
        let text = String::from_utf8_lossy(line);
        let text = text.trim_end();
        if !text.is_empty() {
            log(text);
        }
        line.clear();
    };
    while let Ok(read @ 1..) = input.read(&mut chunk).await {
        for piece in chunk[..read].split_inclusive(|&byte| byte == b'\n') {
            line.extend(piece.iter().take(LINE_BYTES - line.len()));
            if piece.ends_with(b"\n") {
                flush(&mut line);
            }
        }
    }
    flush(&mut line);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn lines_are_split_and_bounded() {
        let long = "x".repeat(3 * LINE_BYTES);
        let input = format!("one\r\n\n{long}\ntwo \u{fffd}\nlast");
        let mut lines = Vec::new();
        each_line(input.as_bytes(), |line| lines.push(line.to_owned())).await;
        assert_eq!(lines, ["one", &long[..LINE_BYTES], "two \u{fffd}", "last"]);
    }
}
