//! Appending: no gap, no fork, whoever writes at the same time.

use leeward_domain::ids::TenantId;
use leeward_ledger::{EventCode, MAX_ENTRY_BYTES, Record, canonical};
use leeward_store::{Store, StoreError, conflict};
use tokio::task::JoinSet;

use crate::{
    fixture::{Database, conflict as constraint, event, later},
    on_both,
};

/// Reads a whole log and checks it against its head: every place taken once.
pub(crate) async fn verify(store: &Store, log: Option<TenantId>) -> Vec<Record> {
    let mut entries = Vec::new();
    loop {
        let page = store.platform_read().await.unwrap().audit_range(log, entries.len() as u64, 100).await.unwrap();
        if page.is_empty() {
            break;
        }
        entries.extend(page);
    }
    assert!(entries.iter().enumerate().all(|(place, entry)| entry.seq == place as u64));
    let size = store.platform_read().await.unwrap().audit_size(log).await.unwrap();
    assert_eq!(entries.len() as u64, size);
    entries.iter().map(|entry| entry.record().unwrap()).collect()
}

async fn records_come_back_byte_for_byte(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut record = event(Some(acme.id));
    record.reason = Some("line\nbreak, \"quote\", Λ, \u{1f600}".into());
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let appended = write.append_audit(std::slice::from_ref(&record)).await.unwrap();
    assert_eq!((appended[0].seq, appended[0].id), (0, record.id));
    assert!(write.append_audit(&[]).await.unwrap().is_empty());
    write.commit().await.unwrap();
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    let entries = read.audit_range(0, 10).await.unwrap();
    assert_eq!(entries[0].entry, canonical(&record));
    assert_eq!(entries[0].record().unwrap(), record);
}

async fn a_large_batch_is_one_append(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let records: Vec<_> = (0..450).map(|_| event(Some(acme.id))).collect();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let appended = write.append_audit(&records).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(appended.last().unwrap().seq, 449);
    assert_eq!(verify(&db.store, Some(acme.id)).await, records);
}

async fn thirty_two_writers_leave_no_gap(db: Database) {
    const WRITERS: usize = 32;
    const EACH: usize = 3;
    let (acme, _) = db.tenant("acme").await;
    let mut tasks = JoinSet::new();
    for writer in 0..WRITERS {
        let (store, tenant) = (db.store.clone(), acme.id);
        tasks.spawn(async move {
            for _ in 0..EACH {
                let mut write = store.tenant_write(tenant).await.unwrap();
                write.append_audit(&[event(Some(tenant)), event(Some(tenant))]).await.unwrap();
                // Every fourth writer changes its mind: what it took must not be missing from the log.
                if writer % 4 != 0 {
                    write.commit().await.unwrap();
                }
            }
        });
    }
    while let Some(done) = tasks.join_next().await {
        done.unwrap();
    }
    assert_eq!(verify(&db.store, Some(acme.id)).await.len(), WRITERS / 4 * 3 * EACH * 2);
}

async fn each_log_stands_alone(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut platform = db.store.platform_write().await.unwrap();
    platform.append_audit(&[event(None), event(None)]).await.unwrap();
    let mut write = platform.into_tenant(acme.id).await.unwrap();
    write.append_audit(&[event(Some(acme.id))]).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(verify(&db.store, None).await.len(), 2);
    assert_eq!(verify(&db.store, Some(acme.id)).await.len(), 1);
}

async fn one_transaction_may_write_many_logs(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let mut platform = db.store.platform_write().await.unwrap();
    for log in [None, Some(acme.id), Some(other.id)] {
        platform.append_audit_to(log, &[event(log), event(log)]).await.unwrap();
        assert!(matches!(platform.append_audit_to(log, &[foreign(log)]).await, Err(StoreError::Corrupt(_))));
    }
    platform.commit().await.unwrap();
    for log in [None, Some(acme.id), Some(other.id)] {
        assert_eq!(verify(&db.store, log).await.len(), 2);
    }
}

/// A record that belongs to some other log than `log`.
fn foreign(log: Option<TenantId>) -> Record {
    event(if log.is_some() { None } else { Some(crate::fixture::tenant("x").id) })
}

async fn what_does_not_belong_is_refused(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let mut long = event(Some(acme.id));
    long.reason = Some("x".repeat(MAX_ENTRY_BYTES));
    let mut unnamed = event(Some(acme.id));
    unnamed.phase = leeward_ledger::Phase::Intent;
    let twice = event(Some(acme.id));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    for wrong in [event(None), event(Some(crate::fixture::tenant("x").id)), long, unnamed] {
        assert!(matches!(write.append_audit(&[wrong]).await, Err(StoreError::Corrupt(_))));
    }
    write.append_audit(std::slice::from_ref(&twice)).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.append_audit(&[twice]).await), conflict::AUDIT_ENTRIES_ID);
    drop(write);
    assert_eq!(verify(&db.store, Some(acme.id)).await.len(), 1);
}

/// A log explains its own steps back: whoever reads it later could not tell them from forgery.
async fn a_clock_that_ran_backwards_is_on_record(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let at = |seconds: u64| Record { at: later(seconds), ..event(Some(acme.id)) };
    let append = async |record: Record| {
        let mut write = db.store.tenant_write(acme.id).await.unwrap();
        let seq = write.append_audit(&[record]).await.unwrap()[0].seq;
        write.commit().await.unwrap();
        seq
    };
    assert_eq!(append(at(3600)).await, 0);
    assert_eq!(append(at(3575)).await, 1, "a stumble is none");
    assert_eq!(append(at(0)).await, 3, "an hour back");
    assert_eq!(append(at(5)).await, 4, "from there on it is measured anew");
    let records = verify(&db.store, Some(acme.id)).await;
    let jump = &records[2];
    assert_eq!((jump.event, jump.at, jump.tenant), (EventCode::ClockJumped, later(0), Some(acme.id)));
    assert_eq!(jump.changes[0].from.as_deref(), Some(later(3600).to_string().as_str()));
    assert_eq!(records.len(), 5);
}

on_both!(
    a_clock_that_ran_backwards_is_on_record,
    records_come_back_byte_for_byte,
    a_large_batch_is_one_append,
    thirty_two_writers_leave_no_gap,
    each_log_stands_alone,
    one_transaction_may_write_many_logs,
    what_does_not_belong_is_refused,
);
