//! Residency policies: proposals, what comes into force, and the decisions that are counted.

use leeward_domain::{
    Timestamp,
    ids::{PolicyProposalId, TenantId, UserId},
    residency::{Classification, Past, Place, Proposal, ProposalState, Purpose, ResidencyPolicy},
};
use leeward_ledger::Decided;
use leeward_store::{Page, PolicyProposal, StoreError, conflict};

use crate::{
    fixture::{Database, NOW, conflict as constraint, grave, id, later},
    on_both,
};

fn proposed(base: &ResidencyPolicy, effective_at: Timestamp) -> PolicyProposal {
    let policy = ResidencyPolicy { version: base.version + 1, ..ResidencyPolicy::nothing(Classification::Public) };
    let proposal = Proposal::new(policy, id::<UserId>(), "why".into(), effective_at).unwrap();
    let id = id::<PolicyProposalId>();
    PolicyProposal { id, state: ProposalState::Open, proposal, base: base.clone(), created_at: NOW }
}

async fn a_proposal_comes_into_force_once(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let first = acme.policy.clone();
    let (mut kept, rival) = (proposed(&first, NOW), proposed(&first, NOW));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_policy_proposal(&kept).await.unwrap();
    write.add_policy_proposal(&rival).await.unwrap();
    assert_eq!(write.pending_policy_proposals().await.unwrap(), 2);
    kept.proposal.approve(id::<UserId>()).unwrap();
    kept.state = ProposalState::Approved;
    write.move_policy_proposal(ProposalState::Open, &kept).await.unwrap();
    write.commit().await.unwrap();

    let due = async |now| db.store.platform_read().await.unwrap().due_policy_proposals(now, 10).await.unwrap();
    assert_eq!(due(NOW).await, [(acme.id, kept.id)]);
    let epoch = async || db.store.platform_read().await.unwrap().security_epoch().await.unwrap();
    let before = epoch().await;

    let enacted = kept.proposal.enact(&first, later(5)).unwrap();
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    kept.state = ProposalState::Enacted;
    write.move_policy_proposal(ProposalState::Approved, &kept).await.unwrap();
    assert_eq!(write.enact_policy(&first, &enacted).await.unwrap(), [rival.id]);
    write.commit().await.unwrap();
    assert!(epoch().await > before, "everybody looks again");
    assert_eq!(due(later(100)).await, []);

    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.tenant().await.unwrap().policy, enacted.policy);
    assert_eq!(read.policy_proposal(kept.id).await.unwrap().as_ref(), Some(&kept));
    let newest = read.policy_proposals(Page::first(10)).await.unwrap();
    assert_eq!(
        newest.iter().map(|one| one.state).collect::<Vec<_>>(),
        [ProposalState::Superseded, ProposalState::Enacted]
    );
    let older = read.policy_proposals(Page::after(rival.id, 10)).await.unwrap();
    assert_eq!(older.iter().map(|one| one.id).collect::<Vec<_>>(), [kept.id]);
    let versions = read.policy_versions(Page::first(10)).await.unwrap();
    assert_eq!(versions.iter().map(|one| one.policy.version).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(
        (versions[0].enacted.as_ref(), &versions[1].enacted, &versions[1].policy),
        (Some(&enacted), &None, &first)
    );
    assert_eq!(read.policy_versions(Page::after(2, 10)).await.unwrap(), versions[1..]);
    drop(read);

    // Neither a second time, nor from a state it is not in.
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(constraint(write.enact_policy(&first, &enacted).await), conflict::POLICIES_VERSION);
    drop(write);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    let moved = write.move_policy_proposal(ProposalState::Approved, &kept).await;
    assert!(matches!(moved, Err(StoreError::NotFound)), "{moved:?}");
    drop(write);

    let mut write = db.store.platform_write().await.unwrap();
    write.delete_tenant(acme.id, grave()).await.unwrap();
    write.commit().await.unwrap();
}

async fn decisions_are_counted_by_day(db: Database) {
    let (acme, _) = db.tenant("acme").await;
    let (other, _) = db.tenant("other").await;
    let place = |site: &str| Place {
        ceiling: Classification::Restricted,
        jurisdiction: "IT".into(),
        region: "Lazio".into(),
        site: site.into(),
    };
    let day = |n: i64| Timestamp::from_unix_micros(n * 86_400_000_000 + 7);
    let decided = |at, purpose, site: &str, allowed| Decided {
        at,
        purpose,
        place: place(site),
        class: Classification::Internal,
        allowed,
    };
    let count = async |tenant: TenantId, decided: &[Decided]| {
        let mut write = db.store.platform_write().await.unwrap();
        write.count_decisions(tenant, decided).await.unwrap();
        write.commit().await.unwrap();
    };
    let (run, keep) = (Purpose::Process, Purpose::Store);
    count(acme.id, &[decided(day(10), run, "a", true), decided(day(10), run, "a", true)]).await;
    count(acme.id, &[decided(day(10), run, "a", true), decided(day(11), run, "a", true)]).await;
    count(acme.id, &[decided(day(11), keep, "b", true), decided(day(11), run, "a", false)]).await;
    count(other.id, &[decided(day(11), run, "c", true)]).await;

    let past = async |since| {
        let mut found = db.store.tenant_read(acme.id).await.unwrap().allowed_decisions(since).await.unwrap();
        found.sort_by_key(|one: &Past| one.purpose);
        found.into_iter().map(|one| (one.purpose, one.place.site, one.count)).collect::<Vec<_>>()
    };
    assert_eq!(past(day(10)).await, [(run, "a".to_owned(), 4), (keep, "b".to_owned(), 1)]);
    assert_eq!(past(day(11)).await, [(run, "a".to_owned(), 1), (keep, "b".to_owned(), 1)]);
    let mut write = db.store.platform_write().await.unwrap();
    assert_eq!(write.delete_decisions(day(11)).await.unwrap(), 1);
    write.commit().await.unwrap();
    assert_eq!(past(day(0)).await, [(run, "a".to_owned(), 1), (keep, "b".to_owned(), 1)]);
}

on_both!(a_proposal_comes_into_force_once, decisions_are_counted_by_day);
