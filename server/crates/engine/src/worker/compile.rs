//! Compiling a request's grammar, within bounds, before the engine hears of the request.
//!
//! A grammar comes from a caller and its compiler recurses: it gets a thread of its own with a large stack,
//! and a deadline. A thread cannot be stopped, so one that overruns keeps its permit, and the number of such
//! threads is bounded.

use std::{sync::Arc, thread, time::Duration};

use leeward_wire::{Constraint, JobFailure};
use tokio::{
    sync::{Semaphore, oneshot},
    time::timeout,
};

use super::job::Shared;
use crate::model::{
    TextModel,
    grammar::{COMPILE_STACK, Grammar},
};

/// Grammars compiled at a time.
pub(super) const AT_A_TIME: usize = 2;
/// How long compiling may take, waiting for a turn included. Ordinary grammars take milliseconds.
const DEADLINE: Duration = Duration::from_secs(10);

impl Shared {
    /// Compiles a grammar for the worker's model.
    ///
    /// # Errors
    /// [`JobFailure::InvalidGrammar`] for a grammar that is wrong or takes too long.
    pub(super) async fn grammar(&self, model: &Arc<TextModel>, constraint: Constraint) -> Result<Grammar, JobFailure> {
        let compiled = timeout(DEADLINE, compile(Arc::clone(model), Arc::clone(&self.compilers), constraint)).await;
        compiled.unwrap_or_else(|_| {
            let message = format!("it could not be compiled in {} s; simplify it, or try again", DEADLINE.as_secs());
            Err(JobFailure::InvalidGrammar { message })
        })
    }
}

async fn compile(model: Arc<TextModel>, turns: Arc<Semaphore>, constraint: Constraint) -> Result<Grammar, JobFailure> {
    let broken = |message: String| JobFailure::Engine { message };
    let turn = turns.acquire_owned().await.map_err(|_| broken("the worker is ending".into()))?;
    let (done, compiled) = oneshot::channel();
    let compiling = thread::Builder::new().name("grammar".into()).stack_size(COMPILE_STACK).spawn(move || {
        // Nobody may wait for it any more.
        let _ = done.send(model.grammars.compile(&constraint));
        drop(turn);
    });
    compiling.map_err(|error| broken(format!("no thread for the grammar compiler: {error}")))?;
    let compiled = compiled.await.map_err(|_| broken("the grammar compiler panicked".into()))?;
    compiled.map_err(|message| JobFailure::InvalidGrammar { message })
}
