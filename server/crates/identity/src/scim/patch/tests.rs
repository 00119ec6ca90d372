use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::scim::{GROUP, USER};

fn user(operations: Value) -> Result<Value, Mistake> {
    let mut resource = json!({"id": "usr_1", "userName": "ada@demo.example", "displayName": "Ada", "active": true});
    let map = resource.as_object_mut().unwrap_or_else(|| panic!("an object"));
    patch(&USER, map, &json!({"Operations": operations})).map_err(|refusal| refusal.mistake)?;
    Ok(resource)
}

fn members(operations: Value) -> Result<Vec<String>, Mistake> {
    let mut resource = json!({"displayName": "g", "members": [{"value": "u1", "type": "User"}, {"value": "u2"}]});
    let map = resource.as_object_mut().unwrap_or_else(|| panic!("an object"));
    patch(&GROUP, map, &json!({"Operations": operations})).map_err(|refusal| refusal.mistake)?;
    let members = resource["members"].as_array().cloned().unwrap_or_default();
    Ok(members.iter().map(|member| member["value"].as_str().unwrap_or_default().to_owned()).collect())
}

#[test]
fn single_values_are_added_replaced_and_removed() {
    let with = |name: &str, value: Value| {
        let mut all = json!({"id": "usr_1", "userName": "ada@demo.example", "displayName": "Ada", "active": true});
        all[name] = value;
        Ok(all)
    };
    assert_eq!(user(json!([{"op": "replace", "path": "active", "value": false}])), with("active", json!(false)));
    assert_eq!(user(json!([{"op": "add", "path": "externalId", "value": "x"}])), with("externalId", json!("x")));
    let urn = "urn:ietf:params:scim:schemas:core:2.0:User:displayName";
    assert_eq!(user(json!([{"op": "replace", "path": urn, "value": "B"}])), with("displayName", json!("B")));
    let both = json!([{"op": "add", "path": "externalId", "value": "x"}, {"op": "remove", "path": "externalid"}]);
    assert_eq!(user(both), user(json!([])));
    assert_eq!(user(json!([{"op": "remove", "path": "userName"}])), Err(Mistake::Mutability));
    assert_eq!(user(json!([{"op": "replace", "path": "id", "value": "x"}])), Err(Mistake::Mutability));
    assert_eq!(user(json!([{"op": "add", "path": "active", "value": "perhaps"}])), Err(Mistake::InvalidValue));
    assert_eq!(user(json!([{"op": "add", "path": "displayName", "value": 7}])), Err(Mistake::InvalidValue));
}

#[test]
fn the_habits_of_entra_and_okta() {
    let suspended = user(json!([{"op": "replace", "path": "active", "value": false}]));
    for habit in [
        json!([{"op": "Replace", "path": "active", "value": "False"}]),
        json!([{"op": "replace", "value": {"active": false}}]),
        json!([{"op": "Add", "value": {"active": "false", "title": "Dr", "id": "other"}}]),
        json!([{"op": "replace", "path": "active", "value": [{"$ref": null, "value": "False"}]}]),
        json!([{"op": "replace", "value": {"urn:ietf:params:scim:schemas:core:2.0:User": {"ACTIVE": false}}}]),
        json!([
            {"op": "Replace", "path": "emails[type eq \"work\"].value", "value": "b@demo.example"},
            {"op": "Add", "path": "addresses[type eq \"work\"].country", "value": "SE"},
            {"op": "Add", "path": "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "value": "x"},
            {"op": "Replace", "value": {"emails[type eq \"work\"].value": "b@demo.example", "active": "False"}},
        ]),
    ] {
        assert_eq!(user(habit.clone()), suspended, "{habit}");
    }
    let named = user(json!([{"op": "replace", "value": {"name.formatted": "Ada L.", "name.givenName": "Ada"}}]));
    assert_eq!(named.map(|user| user["name"].clone()), Ok(json!({"formatted": "Ada L.", "givenName": "Ada"})));
}

#[test]
fn members_come_and_go() {
    let after = |names: &[&str]| Ok(names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
    let add = json!([{"op": "add", "path": "members", "value": [{"value": "u2"}, {"value": "u3", "display": "x"}]}]);
    assert_eq!(members(add), after(&["u1", "u2", "u3"]));
    assert_eq!(members(json!([{"op": "add", "path": "members", "value": "u3"}])), after(&["u1", "u2", "u3"]));
    assert_eq!(members(json!([{"op": "replace", "path": "members", "value": []}])), after(&[]));
    assert_eq!(members(json!([{"op": "replace", "value": {"members": [{"value": "u9"}]}}])), after(&["u9"]));
    assert_eq!(members(json!([{"op": "remove", "path": "members[value eq \"u1\"]"}])), after(&["u2"]));
    assert_eq!(members(json!([{"op": "remove", "path": "members[value eq \"u7\"]"}])), after(&["u1", "u2"]));
    assert_eq!(members(json!([{"op": "Remove", "path": "members", "value": [{"value": "u2"}]}])), after(&["u1"]));
    assert_eq!(members(json!([{"op": "remove", "path": "members"}])), after(&[]));
    for (operation, mistake) in [
        (json!({"op": "remove"}), Mistake::NoTarget),
        (json!({"op": "move", "path": "members"}), Mistake::InvalidSyntax),
        (json!({"op": "add", "path": "members["}), Mistake::InvalidPath),
        (json!({"op": "add", "path": 7}), Mistake::InvalidPath),
        (json!({"op": "replace", "path": "displayName[value eq \"x\"]", "value": "y"}), Mistake::InvalidPath),
        (json!({"op": "replace", "path": "members[value eq \"u7\"]", "value": {}}), Mistake::NoTarget),
        (json!({"op": "replace", "path": "members[value eq \"u1\"].value", "value": "u3"}), Mistake::Mutability),
        (json!({"op": "replace", "path": "members.value", "value": "u3"}), Mistake::Mutability),
        (json!({"op": "add", "value": "u3"}), Mistake::InvalidSyntax),
        (json!({"op": "add", "path": "members", "value": [7]}), Mistake::InvalidValue),
        (json!("x"), Mistake::InvalidSyntax),
    ] {
        assert_eq!(members(json!([operation])), Err(mistake), "{operation}");
    }
    assert!(patch(&GROUP, &mut Map::new(), &json!({"Operations": vec![Value::Null; 1001]})).is_err());
    assert!(patch(&GROUP, &mut Map::new(), &json!([])).is_err());
}

#[test]
fn a_whole_resource_keeps_what_clients_may_write() {
    let body = json!({
        "schemas": [USER.urn], "id": "usr_other", "USERNAME": "ada@demo.example", "name": {"givenName": "Ada", "x": 1},
        "emails": [{"value": "b@demo.example"}], "meta": {"version": "1"}, "groups": [{"value": "grp_1"}],
        "title": "Dr", "externalId": null, "é[": 1,
    });
    let kept = replace(&USER, &body).map(Value::Object);
    assert_eq!(kept, Ok(json!({"userName": "ada@demo.example", "name": {"givenName": "Ada"}})));
    assert!(replace(&USER, &json!([])).is_err());
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-zA-Z$]{0,8}|True|members|userName|active".prop_map(Value::from),
    ];
    let key = "value|members|active|name|emails|userName|name\\.formatted|op|path|[a-z\\[\\]. \"]{0,10}";
    leaf.prop_recursive(3, 24, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((key, inner), 0..4).prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_patch_panics(
        start in any_json(),
        op in "add|Remove|REPLACE|[a-z]{0,4}",
        path in prop::option::of("(members|emails|name|active|displayName|urn:ietf:params:scim:schemas:core:2\\.0:User)(\\[[a-z]{0,6} (eq|co|pr) ?(\"[a-z]{0,4}\"|true)?\\])?(\\.[a-z]{0,9})?|[ -~]{0,20}"),
        value in any_json(),
    ) {
        for schema in [&USER, &GROUP] {
            let mut resource = start.as_object().cloned().unwrap_or_default();
            let _ = patch(schema, &mut resource, &json!({"operations": [{"op": op, "path": path, "value": value}, value]}));
            let _ = replace(schema, &value);
        }
    }
}
