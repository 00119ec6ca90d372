//! `POST /api/conversations/{id}/messages`: say something, get a streamed answer, both kept.

use std::time::Duration;

use actix_web::{HttpResponse, web, web::Bytes};
use futures::{FutureExt as _, stream};
use leeward_dialect::{Dialect, Event as Said, Splitter};
use leeward_domain::{
    ids::{ConversationId, MessageId, TenantId, UserId},
    residency::Classification,
};
use leeward_keyring::DataKey;
use leeward_wire::{ChatMessage, ChatRole, FinishReason, GenerateRequest, Prompt, Sampling};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::conversations::{MAX_TITLE, Message, may_keep, own};
use crate::{
    app::App,
    auth::permit::{ChatUse, Permit},
    error::AppError,
    http::{Body, RequestContext, Terms, errors::Problem, sse},
    inference::{Answer, Ask, Event, Keep, Running, admit},
    sealed::{Keys, Text},
};

/// The longest answer in tokens; the worker lowers it to what the context leaves.
const MAX_TOKENS: u32 = 2048;
/// Chat's sampling: lively but on topic.
const SAMPLING: Sampling = Sampling::Random { temperature: 0.7, top_p: 0.95, top_k: Some(40), min_p: None, seed: None };
/// A stream says something at least this often, so that proxies do not take it for dead while it waits.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What to say.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMessage {
    /// The text.
    content: String,
    /// Ask this model instead of the conversation's, for this message.
    #[serde(default)]
    model: Option<String>,
}

/// The first event of the stream.
#[derive(Debug, Serialize, ToSchema)]
struct StartEvent {
    user_message: Message,
    #[schema(value_type = String)]
    assistant_message_id: MessageId,
}

/// More text.
#[derive(Debug, Serialize, ToSchema)]
struct DeltaEvent {
    text: String,
}

/// The last event of the stream.
#[derive(Debug, Serialize, ToSchema)]
struct DoneEvent {
    message: Message,
}

/// Adds a message and streams the answer. Closing the connection stops it; what there is, is kept.
///
/// # Errors
/// As `/v1/chat/completions`; and 404 for anybody else's conversation.
#[utoipa::path(post, path = "/api/conversations/{id}/messages", tag = "chat", params(("id" = String, Path)),
    request_body = NewMessage, responses(
    (status = 200, description = "Events start, delta…, done; or error at any point", content_type = "text/event-stream", body = String),
    (status = "4XX", description = "Refused", body = Problem),
    (status = "5XX", description = "The service is at fault", body = Problem)))]
pub async fn send(
    app: web::Data<App>,
    permit: Permit<ChatUse>,
    id: web::Path<String>,
    terms: Terms,
    Body(new): Body<NewMessage>,
) -> Result<HttpResponse, AppError> {
    if new.content.trim().is_empty() {
        return Err(AppError::invalid("content", "content is empty; say something"));
    }
    let conversation = own(&app, &permit, &id).await?;
    // As sensitive as the most sensitive thing said so far: what is said now is read together with it.
    let class = conversation.class.raised(terms.class.unwrap_or(conversation.class));
    may_keep(&app, &permit, conversation.id, class).await?;
    let mut keys = Keys::of(&app.tenant_key(&permit.tenant).await?, &conversation)?;
    let model = new.model.unwrap_or_else(|| conversation.model.clone());

    let mut read = app.store.tenant_read(permit.tenant.id).await?;
    let (held, limit) = (read.conversation_bytes(conversation.id).await?, app.config.http.max_body_bytes as u64);
    if held + new.content.len() as u64 > limit {
        let detail = format!(
            "this conversation holds {held} bytes already, and with your message it would pass the limit of {limit} \
             (http.max_body_bytes); begin a new one"
        );
        return Err(AppError::invalid("content", detail));
    }
    let history = read.messages(conversation.id).await?;
    drop(read);
    let position = history.last().map_or(0, |last| last.position + 1);
    let mut messages = Vec::with_capacity(history.len() + 1);
    for row in history {
        let role = if row.role == "assistant" { ChatRole::Assistant } else { ChatRole::User };
        messages.push(ChatMessage::new(role, Message::open(&keys, row)?.content));
    }
    messages.push(ChatMessage::new(ChatRole::User, new.content.clone()));

    let note = Note {
        app: app.clone(),
        tenant: permit.tenant.id,
        user: permit.user.id,
        key: keys.for_writing(&app, &conversation).await?,
        conversation: conversation.id,
        model: model.clone(),
        class,
    };
    let question = note.user_message(&new.content);
    let title = (position == 0).then(|| title_of(&new.content));
    note.keep_question(&question, position, title).await?;

    let answer_id: MessageId = app.ambient.mint();
    let generate = GenerateRequest::new(Prompt::chat(messages), SAMPLING, MAX_TOKENS);
    let (kept, answer) = tokio::sync::oneshot::channel();
    let keep: Keep = Box::new(move |answer: Answer| {
        async move {
            let message = note.keep_answer(answer_id, position + 1, answer).await?;
            // The reader may be gone; the message is kept all the same.
            drop(kept.send(message));
            Ok(())
        }
        .boxed()
    });
    let ask =
        Ask { model, work: generate.into(), class, within: terms.within, keep: Some(keep), kept_as: Some(answer_id) };
    let running = admit(&app, &permit.context, &permit.identity, permit.context.id, ask).await?;
    let start = sse::event("start", &StartEvent { user_message: question, assistant_message_id: answer_id });
    Ok(sse::response(events(start, running, answer, permit.context.clone())))
}

fn events(
    start: Bytes,
    running: Running,
    answer: tokio::sync::oneshot::Receiver<Message>,
    context: RequestContext,
) -> impl futures::Stream<Item = Bytes> {
    use futures::StreamExt as _;
    let splitter = Splitter::new(Dialect::default(), Vec::<String>::new());
    let rest = stream::unfold(Some((running, answer, splitter)), move |state| {
        let context = context.clone();
        async move {
            let (mut running, mut answer, mut splitter) = state?;
            loop {
                let error = match tokio::time::timeout(KEEP_ALIVE, running.next()).await {
                    // A comment line: ignored by every reader.
                    Err(_) => return Some((Bytes::from_static(b": waiting\n\n"), Some((running, answer, splitter)))),
                    Ok(Some(Event::Started(dialect, _))) => {
                        splitter = Splitter::new(dialect, Vec::<String>::new());
                        continue;
                    }
                    Ok(Some(Event::Delta { text, .. })) => {
                        let bytes = frames(splitter.push(&text));
                        if bytes.is_empty() {
                            continue;
                        }
                        return Some((bytes, Some((running, answer, splitter))));
                    }
                    Ok(Some(Event::Done { .. })) => match answer.try_recv() {
                        Ok(message) => {
                            let mut bytes = frames(splitter.finish()).to_vec();
                            bytes.extend_from_slice(&sse::event("done", &DoneEvent { message }));
                            return Some((bytes.into(), None));
                        }
                        Err(_) => AppError::internal(anyhow::anyhow!("an answer was settled but not kept")),
                    },
                    Ok(Some(Event::Failed(error))) => error,
                    Ok(None) => AppError::internal(anyhow::anyhow!("an inference ended without an event")),
                };
                return Some((sse::event("error", &Problem::of(&error, &context)), None));
            }
        }
    });
    stream::iter([start]).chain(rest)
}

/// What the model said, and what it thought before, each as an event of its own.
fn frames(said: Vec<Said>) -> Bytes {
    let mut bytes = Vec::new();
    for event in said {
        let frame = match event {
            Said::Content(text) => sse::event("delta", &DeltaEvent { text }),
            Said::Reasoning(text) => sse::event("reasoning", &DeltaEvent { text }),
            // No tool is declared here, so there are no calls.
            _ => continue,
        };
        bytes.extend_from_slice(&frame);
    }
    bytes.into()
}

/// Keeps both sides of one exchange.
struct Note {
    app: web::Data<App>,
    tenant: TenantId,
    user: UserId,
    key: DataKey,
    conversation: ConversationId,
    model: String,
    class: Classification,
}

impl Note {
    fn user_message(&self, content: &str) -> Message {
        Message {
            id: self.app.ambient.mint(),
            role: "user".into(),
            content: content.to_owned(),
            model: None,
            finish_reason: None,
            prompt_tokens: None,
            completion_tokens: None,
            created_at: self.app.ambient.now(),
        }
    }

    fn row(&self, message: &Message, position: i64) -> Result<leeward_store::Message, AppError> {
        let text = Text::Message(self.conversation, message.id);
        Ok(leeward_store::Message {
            id: message.id,
            conversation: self.conversation,
            position,
            role: message.role.clone(),
            content: text.seal(&self.key, &self.app, &message.content)?,
            model: message.model.clone(),
            finish_reason: message.finish_reason.clone(),
            prompt_tokens: message.prompt_tokens,
            completion_tokens: message.completion_tokens,
            created_at: message.created_at,
        })
    }

    async fn keep_question(&self, message: &Message, position: i64, title: Option<String>) -> Result<(), AppError> {
        let row = self.row(message, position)?;
        let mut tx = self.app.store.tenant_write(self.tenant).await?;
        tx.add_message(&row).await?;
        tx.touch_conversation(self.user, self.conversation, message.created_at).await?;
        tx.raise_conversation(self.user, self.conversation, self.class).await?;
        if let Some(title) = title {
            let sealed = Text::Title(self.conversation).seal(&self.key, &self.app, &title)?;
            tx.rename_conversation(self.user, self.conversation, &sealed).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    async fn keep_answer(&self, id: MessageId, position: i64, answer: Answer) -> Result<Message, AppError> {
        let finish = match answer.reason {
            Some(FinishReason::Stop) => "stop",
            Some(FinishReason::Length) => "length",
            Some(FinishReason::Cancelled) => "cancelled",
            None => "error",
        };
        let message = Message {
            id,
            role: "assistant".into(),
            content: answer.spoken(),
            model: Some(self.model.clone()),
            finish_reason: Some(finish.into()),
            prompt_tokens: Some(answer.usage.prompt_tokens.into()),
            completion_tokens: Some(answer.usage.completion_tokens.into()),
            created_at: self.app.ambient.now(),
        };
        let row = self.row(&message, position)?;
        let mut tx = self.app.store.tenant_write(self.tenant).await?;
        tx.add_message(&row).await?;
        tx.touch_conversation(self.user, self.conversation, message.created_at).await?;
        tx.commit().await?;
        Ok(message)
    }
}

/// The first line of the first message, shortened at a word.
fn title_of(content: &str) -> String {
    let line = content.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if line.chars().count() <= 60 {
        return line.chars().take(MAX_TITLE).collect();
    }
    let cut: String = line.chars().take(60).collect();
    let whole_words = cut.rsplit_once(' ').map_or(cut.as_str(), |(words, _)| words);
    format!("{whole_words}…")
}

#[cfg(test)]
mod tests {
    use super::title_of;

    #[test]
    fn titles_are_short_and_whole() {
        assert_eq!(title_of("\n  hello \nworld"), "hello");
        let long = title_of(&"word ".repeat(40));
        assert!(long.ends_with("word…") && long.chars().count() <= 61, "{long}");
        assert!(title_of(&"é".repeat(100)).chars().count() <= 61);
    }
}
