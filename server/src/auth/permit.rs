//! A handler's argument type is the permission it needs.
//!
//! `Permit<ChatUse>` in a handler's signature means: only a principal with `chat.use` gets here. To guard a
//! new act: a permission in `domain`, a marker here, the type in the handler. A refusal is recorded by the
//! middleware, which sees what is left in the request.

use std::{
    future::{Ready, ready},
    marker::PhantomData,
    ops::Deref,
};

use actix_web::{FromRequest, HttpMessage as _, HttpRequest, dev::Payload};
use leeward_domain::{permission::Permission, sign_in::Stage, user::UserKind};

use super::Identity;
use crate::{
    app::App,
    audit::Draft,
    error::{AppError, Code},
    http::RequestContext,
};

/// A permission as a type.
pub trait Needs {
    /// The permission; none means that any signed-in principal will do.
    const PERMISSION: Option<Permission>;
    /// The unfinished stage of a sign-in that will do as well; a whole one always does.
    const UNFINISHED: Unfinished = Unfinished::Refused;
}

/// What a handler says to a session whose sign-in is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unfinished {
    /// Finish first.
    Refused,
    /// This one stage may pass.
    Only(Stage),
    /// Any stage may pass.
    Allowed,
}

macro_rules! markers {
    ($($(#[$doc:meta])* $name:ident => $permission:expr;)+) => {
        $($(#[$doc])* #[derive(Debug)] pub enum $name {} impl Needs for $name {
            const PERMISSION: Option<Permission> = $permission;
        })+
    };
}

markers! {
    /// Anybody who is wholly signed in.
    Anyone => None;
    /// `chat.use`
    ChatUse => Some(Permission::ChatUse);
    /// `models.read`
    ModelsRead => Some(Permission::ModelsRead);
    /// `keys.own`
    KeysOwn => Some(Permission::KeysOwn);
    /// `keys.manage`
    KeysManage => Some(Permission::KeysManage);
    /// `users.manage`
    UsersManage => Some(Permission::UsersManage);
    /// `roles.manage`
    RolesManage => Some(Permission::RolesManage);
    /// `policy.manage`
    PolicyManage => Some(Permission::PolicyManage);
    /// `holds.manage`
    HoldsManage => Some(Permission::HoldsManage);
    /// `subjects.export`
    SubjectsExport => Some(Permission::SubjectsExport);
    /// `policy.read`
    PolicyRead => Some(Permission::PolicyRead);
    /// `providers.manage`
    ProvidersManage => Some(Permission::ProvidersManage);
    /// `projects.manage`
    ProjectsManage => Some(Permission::ProjectsManage);
    /// `users.provision`
    UsersProvision => Some(Permission::UsersProvision);
    /// `audit.read`
    AuditRead => Some(Permission::AuditRead);
    /// `alerts.manage`
    AlertsManage => Some(Permission::AlertsManage);
    /// `captured.read`
    CapturedRead => Some(Permission::CapturedRead);
    /// `models.manage`
    ModelsManage => Some(Permission::ModelsManage);
    /// `tenants.manage`
    TenantsManage => Some(Permission::TenantsManage);
}

macro_rules! stages {
    ($($(#[$doc:meta])* $name:ident => $unfinished:expr;)+) => {
        $($(#[$doc])* #[derive(Debug)] pub enum $name {} impl Needs for $name {
            const PERMISSION: Option<Permission> = None;
            const UNFINISHED: Unfinished = $unfinished;
        })+
    };
}

stages! {
    /// Anybody with a session or a key, at whatever stage.
    AnyStage => Unfinished::Allowed;
    /// Somebody who owes the second factor (or has shown it).
    SecondFactorStage => Unfinished::Only(Stage::SecondFactor);
    /// Somebody who may set up a second factor: wholly signed in, or made to.
    EnrolStage => Unfinished::Only(Stage::EnrolSecondFactor);
    /// Somebody who may set a password: wholly signed in, or made to.
    PasswordStage => Unfinished::Only(Stage::ChangePassword);
}

/// Proof that the caller holds permission `P`, with everything known about the caller and the request.
#[derive(Debug)]
pub struct Permit<P> {
    /// The caller.
    pub identity: Identity,
    /// The request.
    pub context: RequestContext,
    needs: PhantomData<P>,
}

impl<P> Deref for Permit<P> {
    type Target = Identity;
    fn deref(&self) -> &Identity {
        &self.identity
    }
}

impl<P> Permit<P> {
    /// A maker of audit records for this request.
    #[must_use]
    pub fn draft(&self, app: &App) -> Draft {
        Draft::of(&app.ambient, &self.context, &self.identity)
    }
}

impl<P> Permit<P> {
    /// Refuses whoever is not there in person: keys can be made for oneself and for programs. `act` begins the sentence
    /// that says so.
    ///
    /// # Errors
    /// `forbidden` unless signed in at a browser.
    pub fn in_person(&self, act: &str) -> Result<(), AppError> {
        if self.session.is_some() && self.user.kind != UserKind::Service {
            return Ok(());
        }
        Err(AppError::new(Code::Forbidden, format!("{act} by people signed in at a browser, not by keys")))
    }
}

/// Left in a request whose caller lacked a permission, for the middleware to record.
#[derive(Debug, Clone, Copy)]
pub struct Lacking(pub Permission);

impl<P: Needs + 'static> FromRequest for Permit<P> {
    type Error = AppError;
    // Ready at once, so that nobody's body is read before it is known that they may send one.
    type Future = Ready<Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(permit::<P>(request))
    }
}

fn permit<P: Needs>(request: &HttpRequest) -> Result<Permit<P>, AppError> {
    let identity = request.extensions().get::<Identity>().cloned();
    // The middleware lets nobody without an identity reach a guarded handler; were a guarded route ever listed
    // as public, this still refuses.
    let identity = identity.ok_or_else(|| AppError::new(Code::Unauthenticated, "credentials are missing"))?;
    let stage = identity.stage();
    let passes = match P::UNFINISHED {
        Unfinished::Refused => stage == Stage::Full,
        Unfinished::Only(only) => stage == Stage::Full || stage == only,
        Unfinished::Allowed => true,
    };
    if !passes {
        return Err(AppError::new(Code::SignInUnfinished, unfinished(stage)));
    }
    match P::PERMISSION {
        Some(permission) if !identity.principal.may(permission) => {
            request.extensions_mut().insert(Lacking(permission));
            Err(AppError::new(
                Code::Forbidden,
                format!("this needs the permission {permission}, which none of your roles has; ask an administrator"),
            ))
        }
        _ => Ok(Permit { identity, context: RequestContext::of(request), needs: PhantomData }),
    }
}

const fn unfinished(stage: Stage) -> &'static str {
    match stage {
        Stage::Full => "this step of signing in is over",
        Stage::SecondFactor => "the sign-in is not finished: show the second factor (POST /auth/second-factor/…)",
        Stage::EnrolSecondFactor => {
            "the sign-in is not finished: your tenant demands a second factor; set one up (POST /api/me/totp/begin or \
             /api/me/passkeys/begin)"
        }
        Stage::ChangePassword => {
            "the sign-in is not finished: replace the one-time password with one of your own (POST /auth/password)"
        }
    }
}
