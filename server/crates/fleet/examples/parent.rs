//! A process with a fleet, for the test that kills it: starts one scripted worker, makes it hang, prints its
//! name and waits.
//!
//! Usage: `parent PATH-OF-leeward-scripted-engine`

#![expect(clippy::print_stdout, reason = "the name of the worker is this example's output")]

use std::{error::Error, path::PathBuf, sync::Arc, time::Duration};

use futures::StreamExt as _;
use leeward_domain::ids::{PrefixedId as _, TenantId};
use leeward_fleet::{Fleet, FleetConfig, JobEvent, WorkerSpec};
use leeward_wire::{ChatMessage, ChatRole, GenerateRequest, Prompt, Sampling};
use tokio::sync::mpsc;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let program = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: parent PATH-OF-leeward-scripted-engine")?);
    let spec = WorkerSpec::new("scripted".parse()?, program, std::env::temp_dir());
    let model = spec.model.clone();
    let config = FleetConfig { ping_timeout: Duration::from_secs(3600), ..FleetConfig::default() };
    let (events, _receiver) = mpsc::channel(16);
    let fleet = Fleet::start(config, vec![spec], Arc::new(|_| Ok(())), events);

    let prompt = Prompt::chat(vec![ChatMessage::new(ChatRole::User, "!hang 1")]);
    let request = GenerateRequest::new(prompt, Sampling::Greedy, 1);
    let mut job = fleet.submit(&model, TenantId::from_uuid(uuid::Uuid::nil()), request)?;
    let mut name = None;
    while let Some(event) = job.next().await {
        match event {
            JobEvent::Started { worker, .. } => name = Some(worker),
            JobEvent::Delta { .. } => println!("{}", name.take().unwrap_or_default()),
            JobEvent::Embedded { .. } => {}
            JobEvent::Finished { .. } | JobEvent::Failed(_) => break,
        }
    }
    Err("the worker should have hung".into())
}
