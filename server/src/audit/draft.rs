//! Building records: what every record of a request has in common is filled in here, once.

use leeward_domain::{Ambient, ids::TenantId};
use leeward_ledger::{Actor, ClockState, EventCode, Object, Phase, Record};

use crate::{BUILD, auth::Identity, http::RequestContext};

/// Where `systemd-timesyncd` leaves a file once the clock was synchronised since boot.
const SYNCHRONISED: &str = "/run/systemd/timesync/synchronized";

/// Makes records for one request, or for the service itself.
#[derive(Debug, Clone)]
pub struct Draft {
    ambient: Ambient,
    actor: Actor,
    tenant: Option<TenantId>,
    context: Option<RequestContext>,
}

impl Draft {
    /// For the service's own acts.
    #[must_use]
    pub fn system(ambient: &Ambient) -> Self {
        Self { ambient: ambient.clone(), actor: Actor::System, tenant: None, context: None }
    }

    /// For the operator at the command line.
    #[must_use]
    pub fn local_console(ambient: &Ambient) -> Self {
        Self { actor: Actor::LocalConsole, ..Self::system(ambient) }
    }

    /// For somebody without an identity.
    #[must_use]
    pub fn anonymous(ambient: &Ambient, context: &RequestContext) -> Self {
        Self { actor: Actor::Anonymous, context: Some(context.clone()), ..Self::system(ambient) }
    }

    /// For an authenticated request.
    #[must_use]
    pub fn of(ambient: &Ambient, context: &RequestContext, identity: &Identity) -> Self {
        let principal = &identity.principal;
        let actor = Actor::User {
            id: principal.user,
            method: principal.method,
            api_key: principal.api_key,
            project: principal.project,
            session: principal.session,
        };
        Self { ambient: ambient.clone(), actor, tenant: Some(principal.tenant), context: Some(context.clone()) }
    }

    /// The same maker, for another tenant's log.
    #[must_use]
    pub fn in_tenant(mut self, tenant: TenantId) -> Self {
        self.tenant = Some(tenant);
        self
    }

    /// The same maker, for the platform's log.
    #[must_use]
    pub fn in_platform(mut self) -> Self {
        self.tenant = None;
        self
    }

    /// What the clock says that these records take their time from.
    #[must_use]
    pub fn now(&self) -> leeward_domain::Timestamp {
        self.ambient.now()
    }

    /// A fresh id.
    #[must_use]
    pub fn mint<I: leeward_domain::ids::PrefixedId>(&self) -> I {
        self.ambient.mint()
    }

    /// The log these records belong to.
    #[must_use]
    pub fn log(&self) -> Option<TenantId> {
        self.tenant
    }

    /// A record of one phase.
    #[must_use]
    pub fn record(&self, event: EventCode, phase: Phase) -> Record {
        let mut record = Record::new(self.ambient.mint(), self.ambient.now(), event, phase, self.actor.clone());
        record.tenant = self.tenant;
        record.build = BUILD.to_owned();
        if std::path::Path::new(SYNCHRONISED).exists() {
            record.clock = ClockState::Synchronised;
        }
        if let Some(context) = &self.context {
            record.source = context.source;
            record.request = Some(context.id);
            record.trace = Some(context.trace.clone());
        }
        record
    }

    /// A record that tells the whole act.
    #[must_use]
    pub fn event(&self, event: EventCode) -> Record {
        self.record(event, Phase::Event)
    }

    /// A record that tells the whole act on one object.
    #[must_use]
    pub fn on(&self, event: EventCode, kind: &str, id: impl std::fmt::Display) -> Record {
        let mut record = self.event(event);
        record.object = Some(Object { kind: kind.to_owned(), id: id.to_string() });
        record
    }
}
