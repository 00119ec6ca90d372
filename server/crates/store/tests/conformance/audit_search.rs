//! Searching a log finds what fits, all of it, newest first, however the pages fall.

use leeward_domain::{
    ids::{PrefixedId, RequestId},
    principal::AuthMethod,
};
use leeward_ledger::{Actor, EventCode, Object, Outcome, Record};
use leeward_store::{AuditFilter, Store};
use uuid::Uuid;

use crate::{
    fixture::{Database, event, later},
    on_both,
};

/// The places found, page by page.
async fn found(store: &Store, log: leeward_domain::ids::TenantId, filter: &AuditFilter, limit: u32) -> Vec<u64> {
    let (mut places, mut after) = (Vec::new(), None);
    loop {
        let mut read = store.tenant_read(log).await.unwrap();
        let page = read.audit(filter, after, limit).await.unwrap();
        assert!(page.entries.len() <= limit as usize);
        places.extend(page.entries.iter().map(|entry| entry.seq));
        after = page.next;
        if after.is_none() {
            return places;
        }
    }
}

async fn every_filter_finds_what_fits_page_by_page(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let request = RequestId::from_uuid(Uuid::from_u128(7));
    let user = Actor::User { id: ada.id, method: AuthMethod::Password, api_key: None, project: None, session: None };
    let codes = [EventCode::LoginSucceeded, EventCode::LoginFailed, EventCode::KeyCreated];
    let records: Vec<_> = (0..60_u64)
        .map(|number| Record {
            // Two each second, so that time alone does not order them.
            at: later(number / 2),
            event: codes[number as usize % 3],
            actor: if number % 4 == 0 { user.clone() } else { Actor::Anonymous },
            object: (number % 5 == 0).then(|| Object { kind: "key".into(), id: format!("k{}", number % 2) }),
            request: (number % 6 == 0).then_some(request),
            trace: (number % 7 == 0).then(|| "0af7651916cd43dd8448eb211c80319c".into()),
            source: (number % 8 == 0).then(|| [10, 0, 0, 1].into()),
            ..event(Some(acme.id))
        })
        .collect();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&records).await.unwrap();
    write.commit().await.unwrap();

    let all = AuditFilter::default;
    type Fits = fn(u64) -> bool;
    let cases: Vec<(AuditFilter, Fits)> = vec![
        (all(), |_| true),
        (AuditFilter { events: vec![EventCode::LoginFailed], ..all() }, |n| n % 3 == 1),
        (AuditFilter { events: vec![EventCode::LoginFailed, EventCode::KeyCreated], ..all() }, |n| n % 3 != 0),
        (AuditFilter { events: vec![EventCode::BreakGlassSealed], ..all() }, |_| false),
        (AuditFilter { outcome: Some(Outcome::Failure), ..all() }, |n| n % 3 == 1),
        (AuditFilter { outcome: Some(Outcome::Success), ..all() }, |n| n % 3 != 1),
        (AuditFilter { actor: Some(ada.id), ..all() }, |n| n % 4 == 0),
        (AuditFilter { object: Some("k0".into()), ..all() }, |n| n % 10 == 0),
        (AuditFilter { object_type: Some("key".into()), ..all() }, |n| n % 5 == 0),
        (AuditFilter { request: Some(request), ..all() }, |n| n % 6 == 0),
        (AuditFilter { trace: Some("0af7651916cd43dd8448eb211c80319c".into()), ..all() }, |n| n % 7 == 0),
        (AuditFilter { source: Some("10.0.0.1".into()), ..all() }, |n| n % 8 == 0),
        (AuditFilter { from: Some(later(5)), to: Some(later(20)), ..all() }, |n| (10..40).contains(&n)),
        (
            AuditFilter { events: vec![EventCode::LoginFailed], actor: Some(ada.id), from: Some(later(3)), ..all() },
            |n| n % 3 == 1 && n % 4 == 0 && n >= 6,
        ),
        (
            AuditFilter {
                request: Some(request),
                object_type: Some("key".into()),
                outcome: Some(Outcome::Success),
                ..all()
            },
            |n| n % 6 == 0 && n % 5 == 0 && n % 3 != 1,
        ),
    ];
    // However much of it is in the index.
    for (from, to) in [(0, 0), (0, 1), (1, 25), (25, 59), (59, 60)] {
        index(&db, acme.id, from, to).await;
        for (filter, fits) in &cases {
            let expected: Vec<_> = (0..60).rev().filter(|number| fits(*number)).collect();
            for limit in [1, 7, 100] {
                let what = format!("{filter:?} by {limit}, {to} in the index");
                assert_eq!(found(&db.store, acme.id, filter, limit).await, expected, "{what}");
            }
        }
        let mut read = db.store.tenant_read(acme.id).await.unwrap();
        assert_eq!(read.audit_places(Some(later(5)), Some(later(20))).await.unwrap(), Some((10, 39)));
        assert_eq!(read.audit_places(Some(later(100)), None).await.unwrap(), None);
    }
    let mut read = db.store.platform_read().await.unwrap();
    assert_eq!(read.unindexed(10).await.unwrap(), []);
    // Somebody who is late does nothing.
    let mut write = db.store.platform_write().await.unwrap();
    assert!(!write.index(Some(acme.id), 25, 60).await.unwrap());
}

async fn index(db: &Database, log: leeward_domain::ids::TenantId, from: u64, to: u64) {
    if from < to {
        let mut write = db.store.platform_write().await.unwrap();
        assert!(write.index(Some(log), from, to).await.unwrap());
        write.commit().await.unwrap();
        let found = db.store.platform_read().await.unwrap().unindexed(10).await.unwrap();
        assert!(found.iter().all(|lacking| lacking.log != Some(log) || lacking.from == to), "{found:?}");
    }
}

/// More than a search looks at in one go lies between the few that fit.
async fn a_search_that_stops_short_goes_on_where_it_stopped(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let source = |number: u64| (number % 4000 == 10).then(|| [10, 0, 0, 1].into());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for chunk in 0..12_u64 {
        let records: Vec<_> = (chunk * 1000..chunk * 1000 + 1000)
            .map(|number| Record { at: later(number), source: source(number), ..event(Some(acme.id)) })
            .collect();
        write.append_audit(&records).await.unwrap();
    }
    write.commit().await.unwrap();
    let filter = AuditFilter { source: Some("10.0.0.1".into()), ..AuditFilter::default() };
    let two = AuditFilter { events: vec![EventCode::LoginFailed, EventCode::LoggedOut], ..filter.clone() };
    for (from, to) in [(0, 0), (0, 7000), (7000, 12_000)] {
        index(&db, acme.id, from, to).await;
        assert_eq!(found(&db.store, acme.id, &filter, 50).await, [8010, 4010, 10], "{to}");
        assert_eq!(found(&db.store, acme.id, &two, 2).await, [8010, 4010, 10], "{to}");
    }
}

on_both!(every_filter_finds_what_fits_page_by_page, a_search_that_stops_short_goes_on_where_it_stopped);
