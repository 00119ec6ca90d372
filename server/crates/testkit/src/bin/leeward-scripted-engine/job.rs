//! One scripted job from its start to its end.

use leeward_wire::{ChatRole, FinishReason, FromWorker, GenerateRequest, JobFailure, JobId, Prompt, Usage};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use crate::{
    echo,
    script::{Script, Turn},
    serve::Worker,
    stop::Stops,
    tokens,
};

/// How a job ended.
struct End {
    reason: FinishReason,
    stop: Option<String>,
    /// Completion tokens.
    said: u32,
}

impl End {
    const fn new(reason: FinishReason, said: u32) -> Self {
        Self { reason, stop: None, said }
    }
}

type Ended = Result<End, JobFailure>;

/// Words, as everything here counts tokens.
pub(crate) fn prompt_tokens(prompt: &Prompt) -> u32 {
    let words = |text: &str| text.split_whitespace().count();
    let words = match prompt {
        Prompt::Chat(chat) => chat.messages.iter().map(|message| words(&message.content)).sum(),
        Prompt::Text { text } => words(text),
    };
    u32::try_from(words).unwrap_or(u32::MAX)
}

/// Where the script of a job is.
fn script(prompt: &Prompt) -> Option<&str> {
    match prompt {
        Prompt::Chat(chat) => {
            let mut told = chat.messages.iter().rev();
            let told = told.find(|message| matches!(message.role, ChatRole::User | ChatRole::Tool))?;
            Some(&told.content)
        }
        Prompt::Text { text } => Some(text),
    }
}

/// Works on a job and says how it ended.
pub(crate) async fn run(worker: &Worker, job: JobId, request: GenerateRequest, cancel: CancellationToken) {
    let prompt_tokens = prompt_tokens(&request.prompt);
    let end = match generate(worker, job, &request, prompt_tokens, &cancel).await {
        Ok(End { reason, stop, said: completion_tokens }) => {
            worker.count_tokens(prompt_tokens, completion_tokens);
            let usage = Usage { prompt_tokens, completion_tokens, cached_tokens: 0 };
            FromWorker::Finished { job, reason, stop, usage }
        }
        Err(failure) => FromWorker::Failed { job, failure },
    };
    worker.say(&end).await;
}

async fn generate(
    worker: &Worker,
    job: JobId,
    request: &GenerateRequest,
    prompt_tokens: u32,
    cancel: &CancellationToken,
) -> Ended {
    let invalid = |message| JobFailure::Invalid { message };
    let script = script(&request.prompt).ok_or_else(|| invalid("there is no user message".into()))?;
    let mut script = Script::parse(script).map_err(invalid)?;
    if script.bad_grammar {
        return Err(JobFailure::InvalidGrammar { message: "scripted: no such grammar".into() });
    }
    if script.echo {
        script.tokens = tokens::words(&echo::request(request));
    }
    let context_length = worker.context_length;
    if script.overflow || prompt_tokens >= context_length {
        return Err(JobFailure::ContextOverflow { prompt_tokens, context_length });
    }
    let slot = tokio::select! {
        () = cancel.cancelled() => return Ok(End::new(FinishReason::Cancelled, 0)),
        slot = worker.slots.acquire() => slot,
    };
    let _slot = slot.map_err(|error| JobFailure::Engine { message: error.to_string() })?;

    worker.say(&FromWorker::Started { job, prompt_tokens }).await;
    let limit = request.max_tokens.min(context_length - prompt_tokens);
    let mut stops = Stops::new(&request.stop);
    let (mut said, mut unsaid) = (0, 0);
    let mut logprobs = Vec::new();
    for (index, token) in script.tokens.iter().enumerate() {
        turn(worker, &script, index, cancel).await?;
        tokio::select! {
            biased;
            () = cancel.cancelled() => return Ok(End::new(FinishReason::Cancelled, said)),
            () = sleep(script.pause), if !script.pause.is_zero() => {}
            () = tokio::task::yield_now(), if script.pause.is_zero() => {}
        }
        if said == limit {
            worker.say(&FromWorker::Delta { job, text: stops.finish(), tokens: unsaid, logprobs }).await;
            return Ok(End::new(FinishReason::Length, said));
        }
        said += 1;
        unsaid += 1;
        logprobs.extend(request.logprobs.map(|top| tokens::logprob(token, top)));
        let (text, met) = stops.push(token);
        if !text.is_empty() || met.is_some() {
            let (tokens, logprobs) = (std::mem::take(&mut unsaid), std::mem::take(&mut logprobs));
            worker.say(&FromWorker::Delta { job, text, tokens, logprobs }).await;
        }
        if let Some(stop) = met {
            return Ok(End { reason: FinishReason::Stop, stop: Some(stop.to_owned()), said });
        }
    }
    turn(worker, &script, script.tokens.len(), cancel).await?;
    let text = stops.finish();
    if unsaid > 0 || !text.is_empty() {
        worker.say(&FromWorker::Delta { job, text, tokens: unsaid, logprobs }).await;
    }
    let reason = if cancel.is_cancelled() { FinishReason::Cancelled } else { FinishReason::Stop };
    Ok(End::new(reason, said))
}

/// Does what the script says goes wrong after `said` tokens.
async fn turn(worker: &Worker, script: &Script, said: usize, cancel: &CancellationToken) -> Result<(), JobFailure> {
    let Some((_, turn)) = script.turn.filter(|&(after, _)| after == said) else {
        return Ok(());
    };
    match turn {
        // As a killed process would: nothing is said, nothing is flushed.
        Turn::Crash => std::process::exit(70),
        // The only thread there is: nothing is answered any more.
        Turn::Hang => loop {
            std::thread::park();
        },
        Turn::Stall => {
            cancel.cancelled().await;
            Ok(())
        }
        Turn::Fail => Err(JobFailure::Engine { message: "scripted failure".into() }),
        Turn::Rogue => {
            worker.say(&FromWorker::Started { job: JobId(u64::MAX), prompt_tokens: 0 }).await;
            Ok(())
        }
    }
}
