//! `/v1/messages`: what programs written for Anthropic's Messages API talk to.
//!
//! Requests are turned into the same generations as OpenAI's and admitted at the same place
//! (`openai::answers::admit_each`); only the words differ. [`request`] has the body, [`blocks`] puts answers together,
//! [`events`] has the objects. Left out: message batches, files, and everything that a model on the premises has no
//! way to do (images, documents, tools run by the server), each refused by name.

mod blocks;
pub mod count;
mod events;
pub mod messages;
pub mod request;
mod version;
