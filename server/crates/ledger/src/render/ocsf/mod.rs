//! OCSF: the Open Cybersecurity Schema Framework, JSON, one event a line.
//!
//! Every event says its class, activity and outcome in OCSF's terms. What OCSF has no place for stands under
//! `unmapped`, by its own name: nothing of a record is lost, and nothing is said twice.

mod class;

use serde_json::{Map, Value, json};

pub use self::class::rules_markdown;
use self::class::{Class, class_of};
use super::{Entry, level::Level, text::one_line_json};
use crate::{
    outcome::Outcome,
    record::{Actor, Record},
};

/// The version of the schema.
pub const VERSION: &str = "1.5.0";

/// One record as an event.
#[must_use]
pub fn render(entry: Entry<'_>) -> String {
    let Entry { log, seq, record } = entry;
    let code = record.event;
    let (class, activity, activity_name) = class_of(code);
    let (category_uid, category_name) = class.category();
    let (severity_id, severity) = Level::of(code).ocsf();
    let (status_id, status) = match code.outcome() {
        Outcome::Success => (1, "Success"),
        Outcome::Failure => (2, "Failure"),
    };
    let mut event = Event::of(record);
    event.set(
        "metadata",
        compact(json!({
            "version": VERSION,
            "product": { "name": "Leeward", "vendor_name": "Leeward", "version": record.build },
            "uid": record.id,
            "sequence": seq,
            "log_name": log,
            "log_provider": "leeward",
            "log_version": record.schema.to_string(),
            "event_code": code,
            "original_time": record.at,
            "correlation_uid": record.request,
            "tenant_uid": record.tenant,
        })),
    );
    for told in ["build", "id", "schema", "event", "at", "request", "tenant"] {
        event.rest.remove(told);
    }
    event.set("time", json!(record.at.unix_millis()));
    event.set("class_uid", json!(class.uid()));
    event.set("class_name", json!(class.name()));
    event.set("category_uid", json!(category_uid));
    event.set("category_name", json!(category_name));
    event.set("activity_id", json!(activity));
    event.set("activity_name", json!(activity_name));
    event.set("type_uid", json!(class.uid() * 100 + activity));
    event.set("type_name", json!(format!("{}: {activity_name}", class.name())));
    event.set("severity_id", json!(severity_id));
    event.set("severity", json!(severity));
    event.set("status_id", json!(status_id));
    event.set("status", json!(status));
    event.set("message", json!(code.meaning().trim()));
    if let Some(reason) = event.rest.remove("reason") {
        event.set("status_detail", reason);
    }
    event.of_class(class, record);
    event.finish()
}

/// An event in the making: what is placed, and what of the record is not placed yet.
struct Event {
    placed: Map<String, Value>,
    rest: Map<String, Value>,
}

impl Event {
    fn of(record: &Record) -> Self {
        // A record is made of strings, integers, lists and structs: writing it as a value cannot fail.
        let rest = match serde_json::to_value(record) {
            Ok(Value::Object(members)) => members,
            _ => Map::new(),
        };
        Self { placed: Map::new(), rest }
    }

    fn set(&mut self, name: &str, value: Value) {
        self.placed.insert(name.to_owned(), value);
    }

    /// The attributes that only the class has.
    fn of_class(&mut self, class: Class, record: &Record) {
        // Application Lifecycle has no place for who and from where.
        if class != Class::ApplicationLifecycle {
            self.who(record);
            self.source(class, record);
        }
        match class {
            Class::Authentication => {
                self.user(record);
                self.set("service", json!({ "name": "leeward" }));
                if record.event.act() == "auth.second_factor" {
                    self.set("is_mfa", json!(true));
                }
            }
            Class::AccountChange => self.user(record),
            Class::EntityManagement => self.thing("entity", record, json!({ "type_id": 99 })),
            Class::GroupManagement => self.thing("group", record, json!({})),
            Class::ApplicationLifecycle => match &record.object {
                Some(object) if object.kind == "model" => {
                    self.set("app", json!({ "name": object.id }));
                    self.rest.remove("object");
                }
                _ => self.set("app", json!({ "name": "Leeward", "vendor_name": "Leeward", "version": record.build })),
            },
            Class::ApiActivity => {
                let mut api = json!({ "operation": record.event.act(), "service": { "name": "leeward" } });
                if let (Some(request), Some(api)) = (record.request, api.as_object_mut()) {
                    api.insert("request".into(), json!({ "uid": request }));
                }
                self.set("api", api);
                if let Some(object) = &record.object {
                    self.set("resources", json!([{ "type": object.kind, "uid": object.id }]));
                    self.rest.remove("object");
                }
            }
        }
    }

    /// `actor`; how a person proved themselves and for which project has no place there.
    fn who(&mut self, record: &Record) {
        self.rest.remove("actor");
        let actor = match &record.actor {
            Actor::User { id, method, api_key, project, session } => {
                self.rest.insert("actor".into(), compact(json!({ "method": method, "project": project })));
                let user = compact(json!({ "uid": id, "type_id": 1, "type": "User", "credential_uid": api_key }));
                match session {
                    Some(session) => json!({ "user": user, "session": { "uid": session } }),
                    None => json!({ "user": user }),
                }
            }
            Actor::Anonymous => json!({ "user": nobody("anonymous") }),
            Actor::System => json!({ "user": service_account("system"), "app_name": "leeward" }),
            Actor::LocalConsole => json!({ "user": service_account("local_console"), "app_name": "leeward" }),
        };
        self.set("actor", actor);
    }

    /// `src_endpoint`, which API Activity must have even where there was no peer.
    fn source(&mut self, class: Class, record: &Record) {
        self.rest.remove("source");
        match record.source {
            Some(address) => self.set("src_endpoint", json!({ "ip": address })),
            None if class == Class::ApiActivity => self.set("src_endpoint", json!({ "name": "unknown" })),
            None => {}
        }
    }

    /// `user`: whose account it is: the object, if it is a user, or else the actor.
    fn user(&mut self, record: &Record) {
        let user = match (&record.object, &record.actor) {
            (Some(object), _) if object.kind == "user" => {
                self.rest.remove("object");
                json!({ "uid": object.id, "type_id": 1, "type": "User" })
            }
            (_, Actor::User { id, .. }) => json!({ "uid": id, "type_id": 1, "type": "User" }),
            (_, Actor::Anonymous) => nobody("unknown"),
            (_, Actor::System) => service_account("system"),
            (_, Actor::LocalConsole) => service_account("local_console"),
        };
        self.set("user", user);
    }

    /// What was acted on, under `name`; `more` is what the class wants beside it.
    fn thing(&mut self, name: &str, record: &Record, more: Value) {
        let mut thing = match &record.object {
            Some(object) => json!({ "type": object.kind, "uid": object.id }),
            None => json!({ "name": record.event.act() }),
        };
        if let (Some(thing), Value::Object(more)) = (thing.as_object_mut(), more) {
            thing.extend(more);
        }
        self.rest.remove("object");
        self.set(name, thing);
    }

    fn finish(mut self) -> String {
        if !self.rest.is_empty() {
            let rest = std::mem::take(&mut self.rest);
            self.set("unmapped", Value::Object(rest));
        }
        one_line_json(&Value::Object(self.placed).to_string())
    }
}

fn nobody(name: &str) -> Value {
    json!({ "name": name, "type_id": 0, "type": "Unknown" })
}

fn service_account(name: &str) -> Value {
    json!({ "name": name, "type_id": 3, "type": "System" })
}

/// The object without its nulls.
fn compact(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(members.into_iter().filter(|(_, member)| !member.is_null()).collect()),
        value => value,
    }
}
