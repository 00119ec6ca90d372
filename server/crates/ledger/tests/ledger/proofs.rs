//! Proofs from tiles are those of RFC 6962, and no other proof passes.

use leeward_domain::Sha256Digest;
use leeward_ledger::tree::{
    Frontier,
    edge::Edge,
    empty_root, leaf, node,
    proof::{InclusionProof, check_consistency, check_inclusion, consistency, hashes, inclusion},
    tile::Tiles,
};
use proptest::{prelude::*, sample::Index};

fn leaves(count: u64) -> Vec<Sha256Digest> {
    (0..count).map(|number| leaf(&number.to_be_bytes())).collect()
}

fn split(count: usize) -> usize {
    count.next_power_of_two() / 2
}

fn root(leaves: &[Sha256Digest]) -> Sha256Digest {
    match leaves {
        [] => empty_root(),
        [one] => *one,
        many => node(&root(&many[..split(many.len())]), &root(&many[split(many.len())..])),
    }
}

/// RFC 6962, section 2.1.1: PATH(m, D[n]).
fn path(m: usize, d: &[Sha256Digest]) -> Vec<Sha256Digest> {
    if d.len() == 1 {
        return vec![];
    }
    let k = split(d.len());
    if m < k {
        [path(m, &d[..k]), vec![root(&d[k..])]].concat()
    } else {
        [path(m - k, &d[k..]), vec![root(&d[..k])]].concat()
    }
}

/// RFC 6962, section 2.1.2: SUBPROOF(m, D[n], b).
fn subproof(m: usize, d: &[Sha256Digest], b: bool) -> Vec<Sha256Digest> {
    if m == d.len() {
        return if b { vec![] } else { vec![root(d)] };
    }
    let k = split(d.len());
    if m <= k {
        [subproof(m, &d[..k], b), vec![root(&d[k..])]].concat()
    } else {
        [subproof(m - k, &d[k..], false), vec![root(&d[..k])]].concat()
    }
}

/// All tiles of a tree, as the edge hands them out.
fn tiles(leaves: &[Sha256Digest]) -> Tiles {
    let (mut edge, mut tiles) = (Edge::default(), Tiles::default());
    for hash in leaves {
        edge.push(*hash, |id, hashes| tiles.put(id.level(), id.index(), hashes));
    }
    for (id, hashes) in edge.partial() {
        tiles.put(id.level(), id.index(), hashes.to_vec());
    }
    tiles
}

#[test]
fn small_trees_have_the_proofs_of_the_rfc() {
    let all = leaves(40);
    for size in 1..=40_usize {
        let (d, n) = (&all[..size], size as u64);
        let (tiles, whole) = (tiles(d), root(d));
        for m in 0..size {
            let proof = hashes(&inclusion(m as u64, n), &tiles).unwrap();
            assert_eq!(proof, path(m, d));
            check_inclusion(d[m], m as u64, n, &proof, &whole).unwrap();
            for (other, hash) in d.iter().enumerate().filter(|(other, _)| *other != m) {
                check_inclusion(*hash, m as u64, n, &proof, &whole).unwrap_err();
                check_inclusion(d[m], other as u64, n, &proof, &whole).unwrap_err();
            }
        }
        for old in 1..size {
            let proof = hashes(&consistency(old as u64, n), &tiles).unwrap();
            assert_eq!(proof, subproof(old, d, true));
            let old_root = root(&d[..old]);
            check_consistency((old as u64, &old_root), (n, &whole), &proof).unwrap();
            check_consistency((old as u64, &root(&d[1..=old])), (n, &whole), &proof).unwrap_err();
            check_consistency((n, &whole), (old as u64, &old_root), &proof).unwrap_err();
        }
        check_consistency((0, &empty_root()), (n, &whole), &[]).unwrap();
        check_consistency((0, &whole), (n, &whole), &[]).unwrap_err();
        check_consistency((n, &whole), (n, &whole), &[]).unwrap();
        check_consistency((n, &whole), (n, &whole), &[whole]).unwrap_err();
        check_inclusion(d[0], n, n, &[], &whole).unwrap_err();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn big_trees_too(size in 200..3_000_u64, at in any::<Index>(), old in any::<Index>(), hit in any::<Index>(), bit in 0..256_usize) {
        let all = leaves(size);
        let count = all.len();
        let (tiles, whole) = (tiles(&all), root(&all));
        let (at, old) = (at.index(count), 1 + old.index(count - 1));
        let proof = hashes(&inclusion(at as u64, size), &tiles).unwrap();
        prop_assert_eq!(&proof, &path(at, &all));
        prop_assert!(check_inclusion(all[at], at as u64, size, &proof, &whole).is_ok());
        let mut bytes = *proof[hit.index(proof.len())].as_bytes();
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mut damaged = proof.clone();
        damaged[hit.index(proof.len())] = Sha256Digest::from_bytes(bytes);
        prop_assert!(check_inclusion(all[at], at as u64, size, &damaged, &whole).is_err());
        prop_assert!(check_inclusion(all[at], at as u64, size, &proof[1..], &whole).is_err());

        let proof = hashes(&consistency(old as u64, size), &tiles).unwrap();
        prop_assert_eq!(&proof, &subproof(old, &all, true));
        let mut frontier = Frontier::default();
        all[..old].iter().for_each(|hash| frontier.push(*hash));
        prop_assert_eq!(tiles.cover(0, old as u64).unwrap(), frontier.peaks());
        prop_assert!(check_consistency((old as u64, &frontier.root()), (size, &whole), &proof).is_ok());
    }

    #[test]
    fn a_proof_file_is_read_as_written_or_not_at_all(text in "(c2sp.org/tlog-proof@v1)?[ -~\n]{0,80}") {
        if let Ok(proof) = text.parse::<InclusionProof>() {
            let again: InclusionProof = proof.to_string().parse().unwrap();
            prop_assert_eq!(again, proof);
        }
    }
}

/// The example in the C2SP specification, without what it elides.
#[test]
fn proof_files_are_c2sps() {
    let text = "c2sp.org/tlog-proof@v1\nextra YWdl\nindex 73894\ngSKyXoYZUgZ6jduWYrkDOARinOMGJveXjgMkBTcdPlQ=\n\nexample.com/fancylog\n109482\nsFodV/vSp5O8n9a8QpW6PRY97tfOSW5bsc2Xl/EQi08=\n\n\u{2014} x y\n";
    let proof: InclusionProof = text.parse().unwrap();
    assert_eq!((proof.index, proof.hashes.len()), (73894, 1));
    assert!(proof.checkpoint.starts_with("example.com/fancylog\n109482\n"));
    assert_eq!(proof.to_string(), text.replace("extra YWdl\n", ""));
    for wrong in [
        text.replace("@v1", "@v2"),
        text.replace("index 7", "index 07"),
        text.replace("index", "indices"),
        text.replace("PlQ=", "PlR="),
        text.replace("\n\n", "\n"),
    ] {
        assert!(wrong.parse::<InclusionProof>().is_err(), "{wrong}");
    }
}
