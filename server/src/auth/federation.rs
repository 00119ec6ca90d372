//! From what an identity provider says to a user of the tenant: who it is, what they may do, or why not.
//!
//! Every protocol ends in an [`Outsider`]; [`admit`] finds or makes the user and gives the `Proof` that
//! `sign_in::open` turns into a session. Users that a provider made hold exactly the roles its groups bring, set
//! anew at each sign-in; users kept here or by SCIM keep theirs. Nobody is turned away without being told what
//! was missing. To add a protocol: a handler that ends here.

use leeward_domain::{
    permission::{Role, RoleRef},
    principal::AuthMethod,
    tenant::{Email, Status},
    user::{Origin, UserKind},
};
use leeward_ledger::{Change, EventCode, Record};
use leeward_store::{Provider, ProviderSession, SecondFactor, StoreError, Tenant, TenantWrite, User};

use super::sign_in::Proof;
use crate::{
    accounts,
    app::App,
    audit::Draft,
    error::{AppError, Code},
    http::RequestContext,
};

/// Groups named in an error, at most.
const SHOWN_GROUPS: usize = 10;

/// Somebody as a provider describes them.
#[derive(Debug, Clone)]
pub struct Outsider {
    /// The provider's lasting name for them.
    pub subject: String,
    /// Their address, and whether the provider answers for it.
    pub email: Option<String>,
    /// Whether the provider says that the address is theirs.
    pub email_verified: bool,
    /// Their name for people.
    pub name: Option<String>,
    /// Their groups; none is not the same as nobody having said.
    pub groups: Option<Vec<String>>,
    /// What the claims or attributes are called there: e-mail address, groups.
    pub called: (String, String),
    /// How they proved it.
    pub method: AuthMethod,
    /// The provider's own session.
    pub sid: Option<String>,
}

/// Finds or makes the user an outsider is here.
///
/// # Errors
/// `sign_in_refused` with what was missing, and to whom to turn.
pub async fn admit(
    app: &App,
    context: &RequestContext,
    tenant: Tenant,
    provider: &Provider,
    outsider: Outsider,
) -> Result<Proof, AppError> {
    let draft = Draft::anonymous(&app.ambient, context).in_tenant(tenant.id);
    let mut tx = app.store.tenant_write(tenant.id).await?;
    let mut records = Vec::new();
    let user = match tx.user_of_subject(provider.id, &outsider.subject).await? {
        Some(user) => user,
        None => first_time(app, &mut tx, &draft, provider, &outsider, &mut records).await?,
    };
    if user.kind != UserKind::Person || user.guest_of.is_some() {
        return Err(refused("this account signs in another way"));
    }
    if user.status != Status::Active {
        return Err(refused("your account here is suspended; ask your tenant's administrator"));
    }
    let user = match user.origin == Origin::Provider(provider.id) {
        true => follow(&mut tx, &draft, provider, &outsider, user, &mut records).await?,
        false => user,
    };
    // Nobody is signed in yet: it is the provider that acts.
    records.iter_mut().for_each(|record| record.reason = Some(format!("as {} says", provider.id)));
    if !records.is_empty() {
        tx.append_audit(&records).await?;
    }
    tx.commit().await?;
    let second_factor = provider.settings.admission.second_factor.then_some(SecondFactor::Provider);
    let session = ProviderSession { provider: provider.id, subject: outsider.subject, sid: outsider.sid };
    Ok(Proof { tenant, user, method: outsider.method, second_factor, provider: Some(session) })
}

/// Somebody the provider has not sent before: an existing user, or a new one.
async fn first_time(
    app: &App,
    tx: &mut TenantWrite,
    draft: &Draft,
    provider: &Provider,
    outsider: &Outsider,
    records: &mut Vec<Record>,
) -> Result<User, AppError> {
    let (email_name, _) = &outsider.called;
    let email = outsider
        .email
        .as_deref()
        .ok_or_else(|| refused(format!("{} sent no e-mail address: its answer lacks {email_name:?}", provider.name)))?;
    let email: Email = email
        .parse()
        .map_err(|_| refused(format!("{} sent an e-mail address in {email_name:?} that is none", provider.name)))?;
    let now = app.ambient.now();
    if let Some(user) = tx.user_by_email(&email).await? {
        matched(provider, outsider, &user)?;
        tx.add_subject(provider.id, &outsider.subject, user.id, now).await?;
        let mut record = draft.on(EventCode::UserUpdated, "user", user.id);
        record.changes = vec![change("provider", None, Some(provider.id.to_string()))];
        records.push(record);
        return Ok(user);
    }
    if !provider.settings.admission.create_users {
        let detail =
            format!("nobody here has your address, and {} makes no accounts; ask an administrator", provider.name);
        return Err(refused(detail));
    }
    let roles = roles(provider, outsider)?;
    let mut user = accounts::new_user(&app.ambient, email, outsider.name.clone(), roles);
    user.origin = Origin::Provider(provider.id);
    tx.add_user(&user, None).await?;
    tx.add_subject(provider.id, &outsider.subject, user.id, now).await?;
    let mut record = draft.on(EventCode::UserCreated, "user", user.id);
    record.changes =
        vec![change("provider", None, Some(provider.id.to_string())), change("roles", None, Some(spell(&user.roles)))];
    records.push(record);
    Ok(user)
}

/// Whether the user with the outsider's address may be taken for them.
fn matched(provider: &Provider, outsider: &Outsider, user: &User) -> Result<(), AppError> {
    let provisioned = user.origin == Origin::Scim && user.external_id.as_deref() == Some(&outsider.subject);
    let by_address = provider.settings.admission.match_email && outsider.email_verified;
    // A tenant's provider must not be able to become the platform's operator by naming their address.
    let operator = user.roles.contains(&Role::PlatformOperator.into());
    if operator || !(provisioned || by_address) {
        let detail = if provider.settings.admission.match_email && !outsider.email_verified && !operator {
            format!(
                "{} does not say that your e-mail address is verified, so you cannot be matched by it",
                provider.name
            )
        } else {
            format!("there is an account with your address already, and {} may not speak for it", provider.name)
        };
        return Err(refused(detail));
    }
    Ok(())
}

/// Keeps a user that the provider made as the provider describes them.
async fn follow(
    tx: &mut TenantWrite,
    draft: &Draft,
    provider: &Provider,
    outsider: &Outsider,
    user: User,
    records: &mut Vec<Record>,
) -> Result<User, AppError> {
    let mut after = User { roles: roles(provider, outsider)?, ..user.clone() };
    if let Some(name) = outsider.name.as_deref().map(str::trim).filter(|name| !name.is_empty()) {
        after.display_name = name.chars().take(200).collect();
    }
    if let Some(email) = outsider.email.as_deref().and_then(|email| email.parse::<Email>().ok()) {
        // Somebody else's address stays somebody else's.
        if tx.user_by_email(&email).await?.is_none() {
            after.email = email;
        }
    }
    if after == user {
        return Ok(user);
    }
    match tx.update_user(&after).await {
        Ok(()) => {}
        Err(StoreError::Conflict { .. }) => return Ok(user),
        Err(error) => return Err(error.into()),
    }
    let mut record = draft.on(EventCode::UserUpdated, "user", user.id);
    if after.roles != user.roles {
        record.changes.push(change("roles", Some(spell(&user.roles)), Some(spell(&after.roles))));
    }
    // That they changed, not to what: names and addresses are personal data.
    if after.display_name != user.display_name {
        record.changes.push(change("display_name", None, None));
    }
    if after.email != user.email {
        record.changes.push(change("email", None, None));
    }
    records.push(record);
    Ok(after)
}

/// The roles an outsider's groups bring.
fn roles(provider: &Provider, outsider: &Outsider) -> Result<Vec<RoleRef>, AppError> {
    let admission = &provider.settings.admission;
    let groups = match (&outsider.groups, admission.group_roles.is_empty()) {
        (Some(groups), _) => groups.as_slice(),
        (None, true) => &[],
        (None, false) => {
            let (_, groups_name) = &outsider.called;
            let detail = format!(
                "{} did not say which groups you are in: its answer lacks {groups_name:?}; its administrator can add it",
                provider.name
            );
            return Err(refused(detail));
        }
    };
    let roles = admission.roles_of(groups);
    if roles.is_empty() {
        let shown: Vec<&str> = groups.iter().take(SHOWN_GROUPS).map(String::as_str).collect();
        let detail = format!(
            "none of your groups at {} brings a role here ({}); an administrator can map one of them",
            provider.name,
            if shown.is_empty() { "you are in none".to_owned() } else { shown.join(", ") }
        );
        return Err(refused(detail));
    }
    Ok(roles)
}

fn refused(detail: impl Into<String>) -> AppError {
    AppError::new(Code::SignInRefused, detail)
}

fn change(field: &str, from: Option<String>, to: Option<String>) -> Change {
    Change { field: field.to_owned(), from, to }
}

fn spell(roles: &[RoleRef]) -> String {
    roles.iter().map(RoleRef::to_string).collect::<Vec<_>>().join(" ")
}
