//! Streams: what was written is read again, and whatever was done to it is noticed before its end.

use std::{
    io::{Read as _, Write as _},
    sync::Arc,
};

use leeward_keyring::{
    KeyError, Keyring,
    stream::{CHUNK, TAG},
};
use proptest::{prelude::*, sample::Index};

use crate::{
    ambient::ambient,
    providers::{file, shared},
};

const HEAD: &[u8] = b"what precedes it";

fn keyring() -> Keyring {
    Keyring::new(shared())
}

/// The content in pieces of `piece` bytes, sealed: the stream and its wrapped key.
fn sealed(ring: &Keyring, content: &[u8], piece: usize) -> (Vec<u8>, Vec<u8>) {
    let (key, wrapped) = ring.new_stream_key(&ambient(2), "backup/1").unwrap();
    let mut writer = key.seal(HEAD, Vec::new());
    for piece in content.chunks(piece) {
        writer.write_all(piece).unwrap();
    }
    (writer.finish().unwrap(), wrapped)
}

/// All of the content, or nothing.
fn opened(ring: &Keyring, wrapped: &[u8], head: &[u8], stream: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    let mut reader = ring.stream_key("backup/1", wrapped).unwrap().open(head, stream);
    let read = reader.read_to_end(&mut content);
    if let Err(error) = &read {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<KeyError>());
        assert!(matches!(inner, Some(KeyError::Damaged)), "{error}");
        assert!(reader.read(&mut [0; 8]).is_err(), "and it stays so");
    }
    read.ok().map(|_| content)
}

/// Bytes that no two chunks have in common.
fn content(length: usize) -> Vec<u8> {
    (0..length).map(|at| u8::try_from((at * 31 + at / CHUNK * 7) % 251).unwrap()).collect()
}

#[test]
fn it_round_trips_at_every_edge_of_a_chunk() {
    let ring = keyring();
    for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK - 1] {
        let content = content(length);
        let (stream, wrapped) = sealed(&ring, &content, 10_007);
        let chunks = length.div_ceil(CHUNK).max(1);
        assert_eq!(stream.len(), length + chunks * TAG, "no empty chunk but in an empty stream");
        assert_eq!(opened(&ring, &wrapped, HEAD, &stream), Some(content));
    }
}

#[test]
fn a_key_is_bound_to_its_purpose_and_its_kek() {
    let ring = keyring();
    let (_, wrapped) = sealed(&ring, b"x", 1);
    assert!(matches!(ring.stream_key("backup/2", &wrapped), Err(KeyError::Damaged)));
    assert!(matches!(ring.unwrap_seed("backup/1", &wrapped), Err(KeyError::Damaged)), "it is no seed");
    let other = Keyring::new(Arc::new(file(&ambient(9))));
    assert!(matches!(other.stream_key("backup/1", &wrapped), Err(KeyError::WrongKey { .. })));
}

#[test]
fn chunks_stay_where_they_are() {
    let ring = keyring();
    let whole = content(3 * CHUNK);
    let (stream, wrapped) = sealed(&ring, &whole, CHUNK);
    let (other, _) = {
        let (key, wrapped) = ring.new_stream_key(&ambient(3), "backup/1").unwrap();
        let mut writer = key.seal(HEAD, Vec::new());
        writer.write_all(&whole).unwrap();
        (writer.finish().unwrap(), wrapped)
    };
    let chunk = |stream: &[u8], at: usize| stream.chunks(CHUNK + TAG).nth(at).unwrap().to_vec();
    let [a, b, c] = [0, 1, 2].map(|at| chunk(&stream, at));
    for rearranged in [
        [&b[..], &a, &c].concat(),
        [&a[..], &c, &b].concat(),
        [&a[..], &c].concat(),
        [&a[..], &a, &b, &c].concat(),
        [&a[..], &b].concat(),
        [&a[..], &b, &c, &c].concat(),
        [&a[..], &chunk(&other, 1), &c].concat(),
        other,
        Vec::new(),
    ] {
        assert_eq!(opened(&ring, &wrapped, HEAD, &rearranged), None);
    }
    assert_eq!(opened(&ring, &wrapped, b"another head", &stream), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_size_in_any_pieces_round_trips(length in 0..(3 * CHUNK), piece in 1..(2 * CHUNK)) {
        let (ring, content) = (keyring(), content(length));
        let (stream, wrapped) = sealed(&ring, &content, piece);
        prop_assert_eq!(opened(&ring, &wrapped, HEAD, &stream), Some(content));
    }

    #[test]
    fn any_flipped_bit_is_noticed(length in 0..(2 * CHUNK + 9), at in any::<Index>(), bit in 0..8_u8) {
        let ring = keyring();
        let (mut stream, wrapped) = sealed(&ring, &content(length), CHUNK);
        let at = at.index(stream.len());
        stream[at] ^= 1 << bit;
        prop_assert_eq!(opened(&ring, &wrapped, HEAD, &stream), None);
    }

    #[test]
    fn any_cut_and_any_addition_is_noticed(length in 0..(2 * CHUNK + 9), at in any::<Index>(), more in 1..200_usize) {
        let ring = keyring();
        let (mut stream, wrapped) = sealed(&ring, &content(length), CHUNK);
        let cut = at.index(stream.len());
        prop_assert_eq!(opened(&ring, &wrapped, HEAD, &stream[..cut]), None);
        stream.extend(vec![0; more]);
        prop_assert_eq!(opened(&ring, &wrapped, HEAD, &stream), None);
    }
}
