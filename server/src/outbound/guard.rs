//! Which addresses may be dialled: asked of every address a name resolves to, right before it is dialled.
//!
//! What the operator declared are names; where a name leads, somebody else's DNS server decides, and may decide
//! otherwise a moment later. So the check sits in the resolver: the address that was checked is the one that is
//! dialled. Addresses written as numbers never pass a resolver; [`super::Outbound::check`] asks about those.
//!
//! Left out: which names may be asked for at all (that is [`super::Outbound::check`]), and the database's address,
//! which the operator sets and nobody else can change.

use std::{
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use ipnet::IpNet;
use reqwest::dns::{Name, Resolve, Resolving};
use tokio::net::{TcpStream, lookup_host};

/// The networks that may be dialled. The default is any but those that nothing we connect to is ever in.
#[derive(Debug, Clone, Default)]
pub struct Guard(Arc<[IpNet]>);

impl Guard {
    /// Addresses in `networks` only; in any network if there are none.
    #[must_use]
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    /// Whether an address may be dialled.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        let address = meant(address);
        !is_never(address) && (self.0.is_empty() || self.0.iter().any(|network| network.contains(&address)))
    }

    /// The addresses of `host` that may be dialled.
    ///
    /// # Errors
    /// When it has none, or none of them may be.
    pub async fn resolve(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let found: Vec<_> = lookup_host((host, port)).await?.collect();
        let (may, not): (Vec<_>, Vec<_>) = found.into_iter().partition(|address| self.permits(address.ip()));
        match (may.is_empty(), not.first()) {
            (true, Some(address)) => {
                let message =
                    format!("it is at {}, where this appliance does not connect (outbound.networks)", address.ip());
                Err(io::Error::new(io::ErrorKind::PermissionDenied, message))
            }
            _ => Ok(may),
        }
    }

    /// Connects to `host`.
    ///
    /// # Errors
    /// As [`Guard::resolve`], and when nobody answers.
    pub async fn dial(&self, host: &str, port: u16) -> io::Result<TcpStream> {
        TcpStream::connect(self.resolve(host, port).await?.as_slice()).await
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.clone();
        Box::pin(async move {
            // The port is put in by whoever asked.
            let found = guard.resolve(name.as_str(), 0).await?;
            Ok(Box::new(found.into_iter()) as _)
        })
    }
}

/// The address that is reached: an IPv4 address can be written inside an IPv6 one, as mapped (RFC 4291, section
/// 2.5.5.2), compatible (2.5.5.1) or translated (RFC 6052, the well-known prefix).
fn meant(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address.to_canonical() else { return address.to_canonical() };
    let [head @ .., g, h] = v6.segments();
    let inner = || IpAddr::V4(Ipv4Addr::from((u32::from(g) << 16) | u32::from(h)));
    match head {
        [0, 0, 0, 0, 0, 0] if v6 != Ipv6Addr::LOCALHOST && v6 != Ipv6Addr::UNSPECIFIED => inner(),
        [0x64, 0xff9b, 0, 0, 0, 0] => inner(),
        _ => IpAddr::V6(v6),
    }
}

/// Addresses of nobody, of everybody, and of the link: among them the metadata services of clouds, which hand out
/// credentials to whoever asks from the machine.
const fn is_never(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.octets()[0] == 0 || v4.is_multicast() || v4.is_broadcast() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_unspecified() || v6.is_multicast() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use url::Url;

    use super::*;
    use crate::outbound::{Outbound, OutboundError};

    fn guard(networks: &[&str]) -> Guard {
        Guard::new(&networks.iter().map(|network| network.parse().unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn only_the_declared_networks_are_dialled_however_an_address_is_written() {
        let permits = |guard: &Guard, address: &str| guard.permits(address.parse().unwrap());
        let ours = guard(&["10.0.0.0/8", "fd12::/16"]);
        for good in ["10.1.2.3", "::ffff:10.1.2.3", "64:ff9b::10.1.2.3", "fd12::1"] {
            assert!(permits(&ours, good), "{good}");
        }
        for bad in ["11.0.0.1", "::ffff:11.0.0.1", "64:ff9b::b00:1", "::b00:1", "127.0.0.1", "::1", "fd13::1"] {
            assert!(!permits(&ours, bad), "{bad}");
        }
        for never in [
            "169.254.169.254",
            "::ffff:169.254.169.254",
            "::ffff:a9fe:a9fe",
            "64:ff9b::a9fe:a9fe",
            "::a9fe:a9fe",
            "fe80::1",
            "0.0.0.0",
            "::",
            "224.0.0.1",
            "255.255.255.255",
            "ff02::1",
        ] {
            assert!(!permits(&guard(&[]), never) && !permits(&guard(&["0.0.0.0/0", "::/0"]), never), "{never}");
        }
        for usual in ["127.0.0.1", "::1", "10.1.2.3", "203.0.113.7", "2001:db8::1"] {
            assert!(permits(&guard(&[]), usual), "{usual}");
        }
    }

    /// A declared name that leads elsewhere, as after a DNS rebinding, and every way to write the address itself.
    #[tokio::test]
    async fn a_declared_name_that_leads_elsewhere_is_not_dialled() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let port = listener.local_addr().unwrap().port();
        for host in ["localhost", "127.0.0.1", "2130706433", "0x7f.1", "017700000001", "[::ffff:127.0.0.1]"] {
            for scheme in ["http", "syslog"] {
                let url: Url = format!("{scheme}://{host}:{port}").parse().unwrap();
                let outbound = Outbound::new(std::slice::from_ref(&url), guard(&["10.0.0.0/8"]));
                let refused = match scheme {
                    "http" => outbound.get(&url, None).await.unwrap_err(),
                    _ => outbound.connect(&url, None, std::time::Duration::from_secs(5)).await.unwrap_err(),
                };
                assert!(refused.to_string().contains("outbound.networks"), "{url}: {refused}");
                assert!(listener.accept().is_err(), "{url} was dialled");
            }
        }
        let url: Url = format!("syslog://localhost:{port}").parse().unwrap();
        let outbound = Outbound::new(std::slice::from_ref(&url), guard(&["127.0.0.0/8"]));
        assert!(outbound.connect(&url, None, std::time::Duration::from_secs(5)).await.is_ok());
        assert!(matches!(
            outbound.get(&"http://2130706433".parse().unwrap(), None).await,
            Err(OutboundError::NotAllowed(_))
        ));
    }
}
