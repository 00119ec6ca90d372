//! What every route that generates shares: admitting its answers, what each response begins with, and their events as
//! they come.

use std::pin::Pin;

use actix_web::web;
use futures::{Stream, StreamExt as _, stream};
use leeward_domain::ids::RequestId;
use leeward_fleet::Work;

use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::Terms,
    inference::{Ask, Event, Running, UNSAID, admit},
};

/// What a response, and each of its chunks, begins with.
pub(super) struct Head {
    pub(super) id: String,
    /// Unix seconds.
    pub(super) created: i64,
    pub(super) model: String,
}

impl Head {
    /// Of a response whose id begins with `kind`.
    pub(super) fn of(kind: &str, app: &App, permit: &Permit<ChatUse>, model: &str) -> Self {
        let id = format!("{kind}-{}", permit.context.id.uuid().simple());
        Self { id, created: app.ambient.now().unix_seconds(), model: model.to_owned() }
    }

    /// The same, telling which model answers: behind an alias it can be another one each time.
    pub(super) fn answered_by(mut self, running: &Running) -> Self {
        running.model().as_str().clone_into(&mut self.model);
        self
    }
}

/// Admits the answers of a request one after the other: the first under the request's own id, each other one as an
/// inference of its own.
///
/// # Errors
/// As [`admit`]; those admitted before are cancelled.
pub(in crate::http) async fn admit_each(
    app: &web::Data<App>,
    permit: &Permit<ChatUse>,
    terms: Terms,
    model: &str,
    answers: impl IntoIterator<Item = impl Into<Work>>,
) -> Result<Vec<Running>, AppError> {
    let mut running = Vec::new();
    for work in answers {
        let id: RequestId = if running.is_empty() { permit.context.id } else { app.ambient.mint() };
        let ask = Ask {
            model: model.to_owned(),
            work: work.into(),
            class: terms.class.unwrap_or(UNSAID),
            within: terms.within,
            keep: None,
            kept_as: None,
        };
        running.push(admit(app, &permit.context, &permit.identity, id, ask).await?);
    }
    Ok(running)
}

/// The events of all answers as they come, each with its answer's index.
pub(super) fn merge(answers: impl IntoIterator<Item = Running>) -> Pin<Box<dyn Stream<Item = (u32, Event)>>> {
    let streams = (0..).zip(answers).map(|(index, running)| {
        stream::unfold(running, move |mut running| async move {
            let event = running.next().await?;
            Some(((index, event), running))
        })
        .boxed_local()
    });
    Box::pin(stream::select_all(streams))
}
