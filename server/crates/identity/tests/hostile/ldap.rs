//! What a directory sends is a message as the standard writes it, or refused before anything recursive reads it.

use leeward_identity::ldap::{check_message, message_length, normalise_dn};
use proptest::prelude::*;

/// An element with the shortest length that holds its content.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap();
    let [high, low] = length.to_be_bytes();
    let head = if length < 0x80 { vec![tag, low] } else { vec![tag, 0x82, high, low] };
    [head, content.to_vec()].concat()
}

fn message(id: u8, operation: &[u8]) -> Vec<u8> {
    element(0x30, &[element(0x02, &[id]), operation.to_vec()].concat())
}

/// A bind's answer, or an entry a search found.
fn answers() -> impl Strategy<Value = Vec<u8>> {
    let bind = (any::<u8>(), 0_u8..128, "[ -~]{0,40}").prop_map(|(id, code, text)| {
        let content = [element(0x0a, &[code]), element(0x04, b""), element(0x04, text.as_bytes())].concat();
        message(id, &element(0x61, &content))
    });
    let values = proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..60), 0..4);
    let entry = (any::<u8>(), "cn=[a-z]{1,20},dc=org", values).prop_map(|(id, dn, values)| {
        let values: Vec<u8> = values.iter().flat_map(|value| element(0x04, value)).collect();
        let attribute = element(0x30, &[element(0x04, b"mail"), element(0x31, &values)].concat());
        message(id, &element(0x64, &[element(0x04, dn.as_bytes()), element(0x30, &attribute)].concat()))
    });
    prop_oneof![bind, entry]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn an_answer_is_taken_whole_and_only_whole(answer in answers(), at in any::<prop::sample::Index>(), more in 1_usize..5) {
        prop_assert_eq!(message_length(&answer), Ok(Some(answer.len())));
        prop_assert_eq!(check_message(&answer), Ok(()));
        prop_assert!(check_message(&answer[..at.index(answer.len())]).is_err(), "cut off");
        prop_assert!(check_message(&[answer.clone(), vec![0; more]].concat()).is_err(), "something behind it");
        prop_assert!(check_message(&[answer.as_slice(), &answer].concat()).is_err(), "two are not one");
        // What comes in pieces is never taken for longer or shorter than it is.
        for end in 0..answer.len() {
            let length = message_length(&answer[..end]);
            prop_assert!(matches!(length, Ok(None)) || length == Ok(Some(answer.len())));
        }
    }

    /// A byte changed in what frames the elements: refused, or still a message of exactly this length.
    #[test]
    fn a_changed_answer_is_refused_or_still_one_message(answer in answers(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut changed = answer;
        let at = at.index(changed.len());
        changed[at] = byte;
        let checked = check_message(&changed);
        if checked.is_ok() {
            prop_assert_eq!(message_length(&changed), Ok(Some(changed.len())));
            prop_assert_eq!(changed[0], 0x30);
        }
    }

    /// An element that claims more than holds it, anywhere: never taken.
    #[test]
    fn a_length_that_lies_is_refused(answer in answers(), by in 1_u8..100) {
        // The outermost length and the one of the message's id: both are short forms or 0x82.
        let begin = if answer[1] == 0x82 { 4 } else { 2 };
        let mut longer = answer.clone();
        longer[begin + 1] = longer[begin + 1].saturating_add(by);
        prop_assert!(check_message(&longer).is_err());
        let mut outer = answer;
        outer[begin - 1] = outer[begin - 1].wrapping_add(by);
        prop_assert!(check_message(&outer).is_err());
    }

    #[test]
    fn no_name_makes_it_panic(dn in "\\PC{0,100}|([a-z]{1,3}[=+,;\\\\ #]{1,3}[\\PC]{0,6}){0,6}") {
        let _ = normalise_dn(&dn);
    }
}
