//! Data keys: each opens its own holder's content, and nothing moved between rows or tenants opens.

use leeward_domain::{
    Ambient,
    ids::{ConversationId, PrefixedId as _, UserId},
};
use leeward_keyring::{Holder, KeyError, Keyring, TenantKey};
use proptest::{collection::vec, prelude::*, sample::Index};
use uuid::Uuid;

use crate::{
    ambient::{ambient, tenant},
    providers::shared,
};

fn conversation(number: u128) -> Holder {
    Holder::Conversation(ConversationId::from_uuid(Uuid::from_u128(number)))
}

fn user(number: u128) -> Holder {
    Holder::User(UserId::from_uuid(Uuid::from_u128(number)))
}

/// The keys of tenants 1 and 2.
fn tenants(ambient: &Ambient) -> (TenantKey, TenantKey) {
    let ring = Keyring::new(shared());
    let key = |number| ring.new_tenant_key(ambient, tenant(number)).unwrap().0;
    (key(1), key(2))
}

#[test]
fn a_wrapped_data_key_opens_its_holders_content_again() {
    let ambient = ambient(20);
    let (tenant, _) = tenants(&ambient);
    for holder in [conversation(1), user(1)] {
        let (key, wrapped) = tenant.new_data_key(&ambient, holder).unwrap();
        let sealed = key.seal(&ambient, b"msg_1", b"hello").unwrap();
        let again = tenant.data_key(holder, &wrapped).unwrap();
        assert_eq!(again.open(b"msg_1", &sealed).unwrap().as_slice(), b"hello");
        assert_eq!((again.id(), again.holder()), (key.id(), holder));
        assert!(matches!(again.open(b"msg_2", &sealed), Err(KeyError::Damaged)), "another message's");
        assert!(matches!(tenant.open(b"msg_1", &sealed), Err(KeyError::WrongKey { .. })), "not the tenant's own key");
        assert_eq!(holder.to_string().parse(), Ok(holder));
    }
    assert!("conversation/usr_00000000000000000000000000000001".parse::<Holder>().is_err());
}

#[test]
fn nothing_moved_opens() {
    let ambient = ambient(21);
    let (one, two) = tenants(&ambient);
    let (key, wrapped) = one.new_data_key(&ambient, conversation(1)).unwrap();
    let (other, other_wrapped) = one.new_data_key(&ambient, conversation(2)).unwrap();
    let (foreign, foreign_wrapped) = two.new_data_key(&ambient, conversation(1)).unwrap();
    let sealed = key.seal(&ambient, b"m", b"hello").unwrap();
    // Wrapped keys: to another row, to the same number of another kind, to another tenant.
    assert!(matches!(one.data_key(conversation(1), &other_wrapped), Err(KeyError::Damaged)));
    assert!(matches!(one.data_key(user(1), &wrapped), Err(KeyError::Damaged)));
    assert!(matches!(two.data_key(conversation(1), &wrapped), Err(KeyError::WrongKey { .. })));
    assert!(matches!(one.data_key(conversation(1), &foreign_wrapped), Err(KeyError::WrongKey { .. })));
    // Content, as a message or as a key.
    for stranger in [&other, &foreign] {
        assert!(matches!(stranger.open(b"m", &sealed), Err(KeyError::WrongKey { .. })));
    }
    let content = one.seal(&ambient, b"m", &[7; 32]).unwrap();
    assert!(matches!(one.data_key(conversation(1), &content), Err(KeyError::Damaged)), "content is not a key");
    assert!(matches!(one.open(b"m", &wrapped), Err(KeyError::Damaged)), "a key is not content");
}

#[test]
fn a_new_tenant_key_takes_over_data_keys_without_touching_content() {
    let ambient = ambient(22);
    let ring = Keyring::new(shared());
    let (old, _) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let (new, _) = ring.new_tenant_key(&ambient, tenant(1)).unwrap();
    let (stranger, _) = ring.new_tenant_key(&ambient, tenant(2)).unwrap();
    let (key, wrapped) = old.new_data_key(&ambient, conversation(1)).unwrap();
    let sealed = key.seal(&ambient, b"m", b"hello").unwrap();
    let rewrapped = new.rewrap_data_key(&ambient, &old, conversation(1), &wrapped).unwrap();
    let again = new.data_key(conversation(1), &rewrapped).unwrap();
    assert_eq!(again.open(b"m", &sealed).unwrap().as_slice(), b"hello");
    assert!(new.data_key(conversation(1), &wrapped).is_err());
    assert!(old.data_key(conversation(1), &wrapped).is_ok(), "the old form stays good until it is replaced");
    assert!(new.rewrap_data_key(&ambient, &old, conversation(2), &wrapped).is_err());
    assert!(stranger.rewrap_data_key(&ambient, &old, conversation(1), &wrapped).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_changed_byte_opens(
        plaintext in vec(any::<u8>(), 0..100), aad in vec(any::<u8>(), 1..40), at in any::<Index>(), bits in 1..=255_u8,
    ) {
        let ambient = ambient(23);
        let (tenant, _) = tenants(&ambient);
        let (key, wrapped) = tenant.new_data_key(&ambient, conversation(1)).unwrap();
        let sealed = key.seal(&ambient, &aad, &plaintext).unwrap();
        let flip = |bytes: &[u8]| {
            let mut flipped = bytes.to_vec();
            flipped[at.index(bytes.len())] ^= bits;
            flipped
        };
        prop_assert!(tenant.data_key(conversation(1), &flip(&wrapped)).is_err());
        prop_assert!(tenant.data_key(conversation(1), &wrapped[..at.index(wrapped.len())]).is_err());
        prop_assert!(key.open(&aad, &flip(&sealed)).is_err());
        prop_assert!(key.open(&flip(&aad), &sealed).is_err());
        let opened = key.open(&aad, &sealed).unwrap();
        prop_assert_eq!(opened.as_slice(), plaintext.as_slice());
    }

    /// Wrapped keys and content of a few tenants' holders, every one tried in a random other place.
    #[test]
    fn nothing_swapped_opens(here in (0..2_usize, 0..3_u128, any::<bool>()), there in (0..2_usize, 0..3_u128, any::<bool>())) {
        let ambient = ambient(24);
        let (one, two) = tenants(&ambient);
        let tenants = [one, two];
        let holder = |number, person| if person { user(number) } else { conversation(number) };
        let (key, wrapped) = tenants[here.0].new_data_key(&ambient, holder(here.1, here.2)).unwrap();
        let (other, _) = tenants[there.0].new_data_key(&ambient, holder(there.1, there.2)).unwrap();
        let sealed = key.seal(&ambient, b"m", b"hello").unwrap();
        prop_assert!(other.open(b"m", &sealed).is_err());
        let opened = tenants[there.0].data_key(holder(there.1, there.2), &wrapped);
        prop_assert_eq!(opened.is_ok(), here == there);
    }
}
