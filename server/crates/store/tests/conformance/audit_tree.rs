//! What is kept of a tree: tiles, the newest checkpoint, the older ones; how far sinks are, and whose turn it is.

use std::time::Duration;

use leeward_domain::{
    Sha256Digest, Timestamp,
    residency::{Classification, Place, Purpose},
};
use leeward_ledger::{
    Checkpoint, Head, LogId, Signer,
    note::signers,
    tree::{edge::Edge, leaf, tile::TileId},
};
use leeward_store::{SignedHead, Store};
use uuid::Uuid;

use crate::{
    fixture::{Database, NOW, event, later},
    on_both,
};

fn signed(edge: &Edge, at: Timestamp) -> SignedHead {
    SignedHead { head: Head::from(&edge.frontier()), at, note: format!("note of {}", edge.size()) }
}

/// An edge of so many entries, and the tiles that came to be.
fn grown(mut edge: Edge, to: u64) -> (Edge, Vec<(TileId, Vec<Sha256Digest>)>) {
    let mut tiles = Vec::new();
    while edge.size() < to {
        edge.push(leaf(&edge.size().to_be_bytes()), |id, hashes| tiles.push((id, hashes)));
    }
    tiles.extend(edge.partial().map(|(id, hashes)| (id, hashes.to_vec())));
    (edge, tiles)
}

async fn a_tree_is_published_once_from_where_it_stood(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let log = Some(acme.id);
    let publish = async |from: u64, to: u64, at: u64| {
        let (edge, tiles) = grown(Edge::default(), to);
        let mut write = db.store.platform_write().await.unwrap();
        assert!(write.may_publish().await.unwrap());
        let done = write.publish(log, from, &tiles, &signed(&edge, later(at))).await.unwrap();
        write.commit().await.unwrap();
        done
    };
    assert!(publish(0, 300, 0).await);
    assert!(!publish(0, 200, 1).await, "somebody else was there");
    assert!(publish(300, 700, 2).await);

    let (edge, _) = grown(Edge::default(), 700);
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.audit_checkpoint().await.unwrap(), Some(signed(&edge, later(2))));
    let tiles = read.audit_tiles(&[(0, 700), (300, 301)]).await.unwrap();
    assert_eq!(tiles.root(0, 700), Some(edge.frontier().root()));
    assert_eq!(tiles.root(300, 301), Some(leaf(&300_u64.to_be_bytes())));
    assert_eq!(read.audit_tile(0, 2).await.unwrap().len(), 700 - 512);
    assert!(read.audit_tile(0, 3).await.unwrap().is_empty());
}

async fn about_one_checkpoint_is_kept_for_each_ten_minutes(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut edge = Edge::default();
    for (size, at) in [(1, 0), (2, 60), (3, 700), (4, 701), (5, 2000)] {
        let from = edge.size();
        let tiles;
        (edge, tiles) = grown(edge, size);
        let mut write = db.store.platform_write().await.unwrap();
        assert!(write.publish(Some(acme.id), from, &tiles, &signed(&edge, later(at))).await.unwrap());
        write.commit().await.unwrap();
    }
    let mut write = db.store.platform_write().await.unwrap();
    write.signed_anew(Some(acme.id), 5, "cosigned").await.unwrap();
    write.signed_anew(Some(acme.id), 99, "nothing").await.unwrap();
    write.commit().await.unwrap();
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let kept = read.audit_checkpoints(None, 10).await.unwrap();
    let sizes: Vec<_> = kept.iter().map(|kept| kept.head.size).collect();
    assert!(sizes.starts_with(&[5]) && sizes.len() <= 4 && sizes.windows(2).all(|pair| pair[0] > pair[1]), "{sizes:?}");
    assert_eq!(kept[0].note, "cosigned");
    assert_eq!(read.audit_checkpoints(Some(5), 1).await.unwrap()[0].head.size, sizes[1]);
    assert_eq!(read.audit_checkpoint().await.unwrap().unwrap().note, "cosigned");
}

async fn cosignatures_of_one_head_stand_together_and_stay(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let log = Some(acme.id);
    let signer = Signer::from_seed(&[1; 32]);
    let head = |edge: &Edge, at: u64| {
        let head = Head::from(&edge.frontier());
        let checkpoint = Checkpoint { log: LogId::from(log), head };
        (SignedHead { head, at: later(at), note: signer.sign(&checkpoint) }, checkpoint)
    };
    let (edge, tiles) = grown(Edge::default(), 3);
    let (first, checkpoint) = head(&edge, 0);
    let mut write = db.store.platform_write().await.unwrap();
    assert!(write.publish(log, 0, &tiles, &first).await.unwrap());
    let due = write.unwitnessed("a", None, 10).await.unwrap();
    assert_eq!((due.len(), due[0].log, due[0].size), (1, log, 0));
    assert_eq!(due[0].policy.as_ref(), Some(&acme.policy));
    // Each read the checkpoint before the other had signed it.
    for (name, seed) in [("a", 2), ("b", 3)] {
        let line = Signer::from_seed(&[seed; 32]).cosign(name, 7, &checkpoint);
        write.witnessed(name, log, &first, &line, later(1)).await.unwrap();
    }
    write.not_witnessed("b", log, "gone", later(2)).await.unwrap();
    assert!(write.unwitnessed("a", None, 10).await.unwrap().is_empty());
    write.commit().await.unwrap();

    // A newer one without cosignatures takes their place as the newest one, and not in the history.
    let (edge, tiles) = grown(edge, 5);
    let (second, _) = head(&edge, 3);
    let mut write = db.store.platform_write().await.unwrap();
    assert!(write.publish(log, 3, &tiles, &second).await.unwrap());
    write.commit().await.unwrap();
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let kept = read.audit_cosigned(1).await.unwrap().unwrap();
    assert_eq!((kept.head, signers(&kept.note).unwrap()[1..].to_vec()), (first.head, vec!["a", "b"]));
    assert_eq!(read.audit_cosigned(4).await.unwrap(), None);
    let sizes: Vec<_> = read.audit_checkpoints(None, 9).await.unwrap().iter().map(|kept| kept.head.size).collect();
    assert_eq!(sizes, [5, 3]);
    let states = read.witnesses().await.unwrap();
    let states: Vec<_> =
        states.iter().map(|state| (state.witness.as_str(), state.size, state.error.as_deref())).collect();
    assert_eq!(states, [("a", 3, None), ("b", 3, Some("gone"))]);
}

async fn logs_that_lag_are_known(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut write = db.store.platform_write().await.unwrap();
    for log in [None, Some(acme.id)] {
        write.append_audit_to(log, &[event(log), event(log)]).await.unwrap();
    }
    let (edge, tiles) = grown(Edge::default(), 2);
    write.publish(None, 0, &tiles, &signed(&edge, later(0))).await.unwrap();
    write.commit().await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    let lagging = read.unsequenced(10).await.unwrap();
    assert_eq!(lagging.len(), 1);
    assert_eq!((lagging[0].log, lagging[0].entries, lagging[0].signed), (Some(acme.id), 2, Head::empty()));
    assert_eq!(read.audit_logs().await.unwrap(), [(None, 2), (Some(acme.id), 2)]);
}

async fn a_sink_goes_on_where_it_was(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut write = db.store.platform_write().await.unwrap();
    for log in [None, Some(acme.id)] {
        write.append_audit_to(log, &[event(log), event(log), event(log)]).await.unwrap();
    }
    write.delivered("siem", Some(acme.id), 2, later(1)).await.unwrap();
    write.delivered("siem", None, 3, later(1)).await.unwrap();
    write.delivered("siem", Some(acme.id), 1, later(2)).await.unwrap();
    write.undeliverable("siem", Some(acme.id), "no route", later(3)).await.unwrap();
    write.commit().await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    let mut due = async |sink, after, limit| -> Vec<_> {
        let found = read.undelivered(sink, after, limit).await.unwrap();
        for due in &found {
            assert_eq!((due.policy.as_ref(), &due.decision), (due.log.map(|_| &acme.policy), &None), "{due:?}");
        }
        found.into_iter().map(|due| (due.log, due.next_seq)).collect()
    };
    assert_eq!(due("siem", None, 10).await, [(Some(acme.id), 2)]);
    assert_eq!(due("other", None, 10).await, [(None, 0), (Some(acme.id), 0)]);
    assert_eq!(due("other", None, 1).await, [(None, 0)]);
    assert_eq!(due("other", Some(None), 1).await, [(Some(acme.id), 0)]);
    assert_eq!(due("other", Some(Some(acme.id)), 1).await, []);
    drop(read);

    let place =
        Place { site: "x".into(), region: "r".into(), jurisdiction: "IT".into(), ceiling: Classification::Public };
    let decision = acme.policy.decide(Purpose::Telemetry, &place, Classification::Internal);
    let mut write = db.store.platform_write().await.unwrap();
    write.sink_decided("siem", acme.id, &decision).await.unwrap();
    write.sink_decided("other", acme.id, &decision).await.unwrap();
    write.commit().await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    for (sink, next) in [("siem", 2), ("other", 0)] {
        let found = read.undelivered(sink, None, 10).await.unwrap().pop().unwrap();
        assert_eq!((found.next_seq, found.decision.as_ref()), (next, Some(&decision)), "{sink}");
    }
    let states = read.audit_sinks(Some(acme.id)).await.unwrap();
    let state = states.iter().find(|state| state.sink == "siem").unwrap();
    assert_eq!((state.next_seq, state.success_at, state.error_at), (2, Some(later(1)), Some(later(3))));
    assert_eq!(state.error.as_deref(), Some("no route"));
}

async fn a_lease_is_one_processs_until_it_ends(db: Database) {
    let other = db.store.clone().with_instance(Uuid::from_u128(7));
    let lease = async |store: &Store, at: u64| {
        let mut write = store.platform_write().await.unwrap();
        let mine = write.lease("sink:siem", later(at), Duration::from_secs(30)).await.unwrap();
        write.commit().await.unwrap();
        mine
    };
    assert!(lease(&db.store, 0).await && lease(&db.store, 1).await);
    assert!(!lease(&other, 1).await);
    let end = NOW.plus(Duration::from_secs(3600));
    let mut write = other.platform_write().await.unwrap();
    assert!(write.lease("sink:siem", end, Duration::from_secs(30)).await.unwrap(), "it had ended");
    assert!(write.lease("sink:other", end, Duration::from_secs(30)).await.unwrap());
    write.commit().await.unwrap();
    assert!(!lease(&db.store, 2).await);
}

on_both!(
    a_lease_is_one_processs_until_it_ends,
    a_tree_is_published_once_from_where_it_stood,
    about_one_checkpoint_is_kept_for_each_ten_minutes,
    cosignatures_of_one_head_stand_together_and_stay,
    logs_that_lag_are_known,
    a_sink_goes_on_where_it_was,
);
