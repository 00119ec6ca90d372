//! The one outbound client. To be built.
