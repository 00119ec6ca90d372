//! Which provider wraps a tenant's key, and which may unwrap it.
//!
//! The house's provider wraps what no other is named for: the keys of most tenants, and the appliance's own. A
//! tenant can be assigned a provider of its own by name (bring your own key). Each may have older ones, which
//! only unwrap: that is how a key-encryption key is rotated while the service runs.
//!
//! A wrapped key names the key-encryption key it is under, and that finds the provider. But it is looked for only
//! among those that the tenant may use: whoever holds one tenant's key-encryption key and can write to the
//! database could otherwise wrap a key of his own choice for another tenant and so read what is sealed from then on.

use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::Arc,
};

use leeward_domain::ids::TenantId;

use crate::{error::KeyError, provider::KeyProvider, sealed::sealed_by};

/// A provider, shared.
pub type Provider = Arc<dyn KeyProvider>;

/// The providers a [`crate::Keyring`] works with; a value, replaced as a whole when the configuration changes.
#[derive(Clone)]
pub struct ProviderSet {
    house: Line,
    named: BTreeMap<String, Line>,
    tenants: HashMap<TenantId, Choice>,
}

/// One owner's providers: the one that wraps, and those that only unwrap.
#[derive(Clone)]
struct Line {
    current: Provider,
    older: Vec<Provider>,
}

#[derive(Clone)]
struct Choice {
    current: Line,
    /// Those of names the tenant had before.
    former: Vec<Line>,
    /// Whether what the house's provider wrapped still opens.
    house: bool,
}

impl fmt::Debug for ProviderSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSet")
            .field("house", &self.house.current.id())
            .field("named", &self.named.keys())
            .finish_non_exhaustive()
    }
}

impl Line {
    fn all(&self) -> impl Iterator<Item = &Provider> {
        std::iter::once(&self.current).chain(&self.older)
    }
}

impl ProviderSet {
    /// A set in which `house` wraps everything.
    #[must_use]
    pub fn new(house: Provider) -> Self {
        let house = Line { current: house, older: Vec::new() };
        Self { house, named: BTreeMap::new(), tenants: HashMap::new() }
    }

    /// Adds an older provider of the house, which only unwraps.
    #[must_use]
    pub fn older(mut self, provider: Provider) -> Self {
        self.house.older.push(provider);
        self
    }

    /// Adds a provider that tenants can be assigned; older ones under the same name only unwrap.
    #[must_use]
    pub fn named(mut self, name: &str, current: Provider, older: Vec<Provider>) -> Self {
        self.named.insert(name.to_owned(), Line { current, older });
        self
    }

    /// From now on the tenant's key is wrapped by the provider of this name. What the house's or an earlier
    /// assignment's wrapped still opens, until [`ProviderSet::alone`].
    ///
    /// # Errors
    /// [`KeyError::NoSuchProvider`].
    pub fn assign(mut self, tenant: TenantId, name: &str) -> Result<Self, KeyError> {
        let line = self.named.get(name).cloned().ok_or_else(|| KeyError::NoSuchProvider(name.to_owned()))?;
        let mut choice = Choice { current: line, former: Vec::new(), house: true };
        if let Some(before) = self.tenants.remove(&tenant) {
            choice.former = before.former;
            choice.former.push(before.current);
            choice.house = before.house;
        }
        self.tenants.insert(tenant, choice);
        Ok(self)
    }

    /// Only the provider the tenant is assigned last may unwrap its key: once its key is rewrapped, nobody else's
    /// word counts. Without an assignment it changes nothing.
    #[must_use]
    pub fn alone(mut self, tenant: TenantId) -> Self {
        if let Some(choice) = self.tenants.get_mut(&tenant) {
            choice.former.clear();
            choice.house = false;
        }
        self
    }

    /// The house's provider.
    #[must_use]
    pub fn house(&self) -> &Provider {
        &self.house.current
    }

    /// The provider that wraps for a tenant; for `None`, the appliance's own.
    pub(crate) fn current(&self, tenant: Option<TenantId>) -> &Provider {
        self.choice(tenant).map_or(&self.house.current, |choice| &choice.current.current)
    }

    /// The provider whose key `wrapped` names, among those allowed for the tenant.
    pub(crate) fn holding(&self, tenant: Option<TenantId>, wrapped: &[u8]) -> Result<&Provider, KeyError> {
        let sealed_by = sealed_by(wrapped)?;
        let choice = self.choice(tenant);
        let own = choice.into_iter().flat_map(|choice| std::iter::once(&choice.current).chain(&choice.former));
        let house = choice.is_none_or(|choice| choice.house).then_some(&self.house);
        let allowed: Vec<&Provider> = own.chain(house).flat_map(Line::all).collect();
        let named = |provider: &Provider| provider.key_id() == sealed_by;
        let find = |is: &dyn Fn(&Provider) -> bool| allowed.iter().copied().find(|provider| is(provider));
        // A key that was not there yet may be the one: if it is still not there, whoever asks is told why.
        find(&named)
            .or_else(|| find(&|provider| provider.is_known() && named(provider)))
            .or_else(|| find(&|provider| !provider.is_known()))
            .ok_or_else(|| KeyError::WrongKey { sealed_by, ours: self.current(tenant).key_id() })
    }

    fn choice(&self, tenant: Option<TenantId>) -> Option<&Choice> {
        tenant.and_then(|tenant| self.tenants.get(&tenant))
    }
}
