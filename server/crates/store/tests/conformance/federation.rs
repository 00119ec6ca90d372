//! Identity providers, trusted issuers, grants and refresh tokens: kept whole, unique by name, one tenant's own.

use leeward_domain::ids::GrantId;
use leeward_store::{GrantKind, Page, Provider, StoreError, TokenGrant, TrustedIssuer, conflict};
use tokio::task::JoinSet;

use crate::{
    fixture::{Database, NOW, api_key, conflict, digest, grant, grave, id, issuer, later, provider, session, user},
    on_both,
};

async fn a_provider_is_kept_whole_and_ends_its_sessions(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (one, two) = (provider("City login"), Provider { secret: None, ..provider("Directory") });
    let mut seat = session(&ada);
    seat.provider.as_mut().unwrap().provider = one.id;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_provider(&one).await.unwrap();
    write.add_provider(&two).await.unwrap();
    write.add_session(&seat, &digest("s")).await.unwrap();
    write.add_subject(one.id, "sub", ada.id, NOW).await.unwrap();
    write.commit().await.unwrap();

    let changed = Provider { name: "Town login".into(), enabled: false, updated_at: later(9), ..one.clone() };
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.providers().await.unwrap(), [one.clone(), two.clone()]);
    write.update_provider(&changed).await.unwrap();
    write.commit().await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    assert_eq!(read.find_provider(one.id).await.unwrap(), Some((acme.clone(), changed.clone())));
    assert_eq!(read.providers_of(acme.id).await.unwrap(), [changed, two.clone()]);
    assert!(read.find_session(&digest("s")).await.unwrap().is_some());
    drop(read);

    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(write.user_of_subject(one.id, "sub").await.unwrap(), Some(ada.clone()));
    assert_eq!(write.user_of_subject(one.id, "SUB").await.unwrap(), None);
    assert_eq!(write.user_of_subject(two.id, "sub").await.unwrap(), None, "a subject is one provider's");
    write.delete_provider(one.id).await.unwrap();
    assert_eq!(write.user_of_subject(one.id, "sub").await.unwrap(), None);
    assert!(matches!(write.delete_provider(one.id).await, Err(StoreError::NotFound)));
    assert_eq!(write.user(ada.id).await.unwrap(), Some(ada), "its users stay");
    write.commit().await.unwrap();
    let mut read = db.store.platform_read().await.unwrap();
    assert!(read.find_session(&digest("s")).await.unwrap().is_none(), "its sessions do not");
}

async fn what_must_be_unique_says_so_by_name(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    let (login, second) = (provider("City login"), provider("Second"));
    let trusted = issuer("cluster", "https://k8s.example", "leeward", &ada);
    let (notebook, token) = (grant(&ada), digest("refresh"));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_provider(&login).await.unwrap();
    write.add_provider(&second).await.unwrap();
    write.add_subject(login.id, "sub", ada.id, NOW).await.unwrap();
    write.add_issuer(&trusted).await.unwrap();
    write.add_issuer(&issuer("elsewhere", "https://k8s.example", "another", &ada)).await.unwrap();
    write.add_grant(&notebook).await.unwrap();
    write.add_refresh_token(notebook.id, &token, NOW, later(60)).await.unwrap();
    write.commit().await.unwrap();

    let begin = async || db.store.tenant_write(acme.id).await.unwrap();
    let taken = Provider { name: login.name.clone(), ..second };
    assert_eq!(conflict(begin().await.add_provider(&provider("City login")).await), conflict::IDENTITY_PROVIDERS_NAME);
    assert_eq!(conflict(begin().await.update_provider(&taken).await), conflict::IDENTITY_PROVIDERS_NAME);
    let subject = begin().await.add_subject(login.id, "sub", ada.id, NOW).await;
    assert_eq!(conflict(subject), conflict::PROVIDER_SUBJECTS);
    let same_name = issuer("cluster", "https://a.example", "x", &ada);
    assert_eq!(conflict(begin().await.add_issuer(&same_name).await), conflict::TOKEN_ISSUERS_NAME);
    let same_issuer = issuer("x", "https://k8s.example", "leeward", &ada);
    assert_eq!(conflict(begin().await.add_issuer(&same_issuer).await), conflict::TOKEN_ISSUERS_ISSUER);
    let onto = TrustedIssuer { audience: "another".into(), ..trusted.clone() };
    assert_eq!(conflict(begin().await.update_issuer(&onto).await), conflict::TOKEN_ISSUERS_ISSUER);
    let refresh = begin().await.add_refresh_token(notebook.id, &token, NOW, later(60)).await;
    assert_eq!(conflict(refresh), conflict::REFRESH_TOKENS);

    // Names are each tenant's own; an issuer with its audience is one tenant's in the whole appliance.
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    write.add_provider(&provider("City login")).await.unwrap();
    write.add_issuer(&issuer("cluster", "https://b.example", "leeward", &eve)).await.unwrap();
    write.commit().await.unwrap();
    let mut write = db.store.tenant_write(other.id).await.unwrap();
    let stolen = issuer("mine", "https://k8s.example", "leeward", &eve);
    assert_eq!(conflict(write.add_issuer(&stolen).await), conflict::TOKEN_ISSUERS_ISSUER);
    drop(write);
    let mut read = db.store.platform_read().await.unwrap();
    assert_eq!(read.find_issuer("https://k8s.example", "leeward").await.unwrap(), Some((acme, trusted)));
    assert_eq!(read.find_issuer("https://k8s.example", "LEEWARD").await.unwrap(), None);
}

async fn grants_end_with_what_they_stand_on(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (key, trusted, eve) = (api_key(&ada, "ci"), issuer("c", "https://a", "x", &ada), user("eve@acme.example"));
    let of_key = TokenGrant { kind: GrantKind::ApiKey, api_key: Some(key.id), ..grant(&ada) };
    let of_issuer = TokenGrant {
        kind: GrantKind::Workload,
        issuer: Some(trusted.id),
        subject: Some("s".into()),
        scopes: None,
        ..grant(&ada)
    };
    let (of_eve, plain) = (grant(&eve), grant(&ada));
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_api_key(&key, &digest("k")).await.unwrap();
    write.add_issuer(&trusted).await.unwrap();
    write.add_user(&eve, None).await.unwrap();
    for one in [&of_key, &of_issuer, &of_eve, &plain] {
        write.add_grant(one).await.unwrap();
        write.add_refresh_token(one.id, &digest(&one.id.to_string()), NOW, later(60)).await.unwrap();
    }
    write.commit().await.unwrap();
    let found = async |id: GrantId| {
        let found = db.store.platform_read().await.unwrap().find_grant(acme.id, id).await.unwrap();
        found.map(|found| found.grant)
    };
    for one in [&of_key, &of_issuer, &of_eve, &plain] {
        assert_eq!(found(one.id).await.as_ref(), Some(one));
    }
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    assert_eq!(
        write.grants_of(ada.id, GrantKind::Personal, Page::first(10)).await.unwrap(),
        std::slice::from_ref(&plain)
    );
    write.touch_grant(plain.id, later(5)).await.unwrap();
    write.revoke_api_key(key.id, NOW).await.unwrap();
    write.update_issuer(&trusted).await.unwrap();
    write.delete_user(eve.id, grave()).await.unwrap();
    write.commit().await.unwrap();
    assert_eq!(found(plain.id).await.unwrap().last_used_at, Some(later(5)));
    for (one, what) in [(&of_key, "its key"), (&of_issuer, "its issuer's settings"), (&of_eve, "its user")] {
        assert_eq!(found(one.id).await, None, "it ends with {what}");
    }
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.delete_grant(plain.id).await.unwrap();
    assert!(matches!(write.delete_grant(plain.id).await, Err(StoreError::NotFound)));
    write.commit().await.unwrap();
    let mut write = db.store.platform_write().await.unwrap();
    for one in [&of_issuer, &of_eve, &plain] {
        let token = write.use_refresh_token(&digest(&one.id.to_string()), NOW).await.unwrap();
        assert_eq!(token, None, "refresh tokens end with their grant");
    }
}

async fn a_refresh_token_is_new_once(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let notebook = grant(&ada);
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_grant(&notebook).await.unwrap();
    write.add_refresh_token(notebook.id, &digest("r"), NOW, later(60)).await.unwrap();
    write.commit().await.unwrap();
    // Of several who show it at once exactly one is the first, even with all of them reading before any commits.
    let mut tries = JoinSet::new();
    for at in 0..6 {
        let store = db.store.clone();
        tries.spawn(async move {
            let mut write = store.platform_write().await.unwrap();
            let (tenant, token) = write.use_refresh_token(&digest("r"), later(at)).await.unwrap().unwrap();
            write.commit().await.unwrap();
            (tenant, token)
        });
    }
    let mut first = 0;
    while let Some(tried) = tries.join_next().await {
        let (tenant, token) = tried.unwrap();
        assert_eq!((tenant, &token.grant, token.expires_at), (acme.id, &notebook, later(60)));
        first += usize::from(token.used_at.is_none());
    }
    assert_eq!(first, 1);
    let mut write = db.store.platform_write().await.unwrap();
    assert_eq!(write.use_refresh_token(&digest("unknown"), NOW).await.unwrap(), None);
    assert_eq!(write.delete_expired_tokens(later(61)).await.unwrap(), 1, "the token; its grant lives on");
    assert_eq!(write.delete_expired_tokens(later(3601)).await.unwrap(), 1, "the grant");
}

async fn another_tenants_are_not_there(db: Database) {
    let (acme, ada) = db.tenant("acme").await;
    let (other, eve) = db.tenant("other").await;
    let (login, trusted, notebook) = (provider("login"), issuer("c", "https://a", "x", &ada), grant(&ada));
    let (key, mut seat) = (api_key(&ada, "ci"), session(&ada));
    seat.provider.as_mut().unwrap().provider = login.id;
    let mut write = db.store.tenant_write(acme.id).await.unwrap();
    write.add_provider(&login).await.unwrap();
    write.add_subject(login.id, "sub", ada.id, NOW).await.unwrap();
    write.add_issuer(&trusted).await.unwrap();
    write.add_grant(&notebook).await.unwrap();
    write.add_api_key(&key, &digest("k")).await.unwrap();
    write.add_session(&seat, &digest("s")).await.unwrap();
    write.commit().await.unwrap();

    let mut write = db.store.tenant_write(other.id).await.unwrap();
    assert!(write.providers().await.unwrap().is_empty() && write.issuers().await.unwrap().is_empty());
    assert_eq!(write.provider(login.id).await.unwrap(), None);
    assert_eq!(write.user_of_subject(login.id, "sub").await.unwrap(), None);
    assert!(write.grants_of(ada.id, GrantKind::Personal, Page::first(10)).await.unwrap().is_empty());
    assert_eq!(write.end_sessions_from(login.id).await.unwrap(), 0);
    for refused in [
        write.update_provider(&login).await,
        write.delete_provider(login.id).await,
        write.update_issuer(&trusted).await,
        write.delete_issuer(trusted.id).await,
        write.delete_grant(notebook.id).await,
        write.touch_grant(notebook.id, NOW).await,
    ] {
        assert!(matches!(refused, Err(StoreError::NotFound)), "{refused:?}");
    }
    write.commit().await.unwrap();
    assert!(db.store.platform_read().await.unwrap().find_grant(other.id, notebook.id).await.unwrap().is_none());

    // Nor can a row be hung onto another tenant's.
    for attempt in 0..6 {
        let mut write = db.store.tenant_write(other.id).await.unwrap();
        let refused = match attempt {
            0 => write.add_subject(login.id, "eve", eve.id, NOW).await,
            1 => write.add_grant(&grant(&ada)).await,
            2 => write.add_grant(&TokenGrant { api_key: Some(key.id), ..grant(&eve) }).await,
            3 => write.add_grant(&TokenGrant { issuer: Some(trusted.id), ..grant(&eve) }).await,
            4 => write.add_refresh_token(notebook.id, &digest("r"), NOW, later(60)).await,
            _ => write.add_refresh_token(id(), &digest("r"), NOW, later(60)).await,
        };
        assert!(matches!(refused, Err(StoreError::NotFound)), "{attempt}: {refused:?}");
    }
    let mut read = db.store.tenant_read(acme.id).await.unwrap();
    assert_eq!(read.providers().await.unwrap(), [login]);
    assert_eq!(read.issuers().await.unwrap(), [trusted]);
    assert_eq!(read.grants_of(ada.id, GrantKind::Personal, Page::first(10)).await.unwrap(), [notebook]);
    drop(read);
    let mut read = db.store.platform_read().await.unwrap();
    assert!(read.find_session(&digest("s")).await.unwrap().is_some(), "nor were its sessions ended");
}

on_both!(
    a_provider_is_kept_whole_and_ends_its_sessions,
    what_must_be_unique_says_so_by_name,
    grants_end_with_what_they_stand_on,
    a_refresh_token_is_new_once,
    another_tenants_are_not_there,
);
