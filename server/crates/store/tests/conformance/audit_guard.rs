//! The database itself refuses to change or lose an entry.

use crate::{
    audit_append::verify,
    fixture::{Database, event},
    on_both,
};

/// The owner of the tables, having said it is the platform, still may not.
async fn entries_are_never_changed(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let records = [event(Some(acme.id)), event(Some(acme.id))];
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.append_audit(&records).await.unwrap();
    write.commit().await.unwrap();

    let scope = if db.store.backend() == "postgres" { "set leeward.scope = 'platform'; " } else { "" };
    let mut attempts = vec![
        "update audit_entries set trace = 'x'",
        "update audit_entries set event = 'service.started' where seq = 1",
        "delete from audit_entries",
        "delete from audit_entries where seq = 1",
    ];
    attempts.push(match db.store.backend() {
        "postgres" => "truncate audit_entries",
        _ => "insert or replace into audit_entries select * from audit_entries where seq = 1",
    });
    for attempt in attempts {
        let refused = db.raw(&format!("{scope}{attempt}")).await;
        let message = refused.map(|rows| format!("{rows} rows changed")).unwrap_or_else(|error| error.to_string());
        assert!(message.contains("append-only"), "{attempt}: {message}");
    }
    assert_eq!(verify(&db.store, Some(acme.id)).await, records);
}

on_both!(entries_are_never_changed);
