//! The user's switches that the widget shows too: automatic logging, consent, our own settings.
//!
//! A switch is one wherever it is turned: the later choice wins, and every widget hears it.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::Answer;
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::stored::{GlobalSettings, SiteSettings};
use crate::protocol::widget::{type_of, types};

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A widget that has not heard our latest choice is told it; one that has, and says otherwise,
    /// speaks for the user.
    pub(super) async fn auto_log_said(&self, site: &str, message: &Value) -> Done<Vec<Value>> {
        let Some(on) = message.get("autoLog").and_then(Value::as_bool) else {
            return Ok(Vec::new());
        };
        let calls = type_of(message) == types::CALL_AUTO_LOG;
        let mut posts = Vec::new();
        self.store
            .update_settings(|settings| {
                let global = &mut settings.global;
                let Some(own) = settings.sites.get_mut(site) else {
                    return;
                };
                let untold = untold_auto_log(global, own);
                let (ours, revision, told) = if calls {
                    (
                        &mut global.auto_log_calls,
                        &mut global.auto_log_revision,
                        &mut own.auto_log_told,
                    )
                } else {
                    (
                        &mut global.auto_log_messages,
                        &mut global.auto_log_messages_revision,
                        &mut own.auto_log_messages_told,
                    )
                };
                if on == *ours {
                    *told = *revision;
                } else if *told != *revision {
                    posts.extend(untold);
                } else {
                    *ours = on;
                    *revision += 1;
                    *told = *revision;
                }
            })
            .await?;
        Ok(posts)
    }

    /// The user pressed the button that gives or withdraws consent.
    pub(super) async fn consent_pressed(&self, _site: &str) -> Done<Answer> {
        Ok(Answer::ok())
    }

    /// The user changed one of our settings in the widget.
    pub(super) async fn settings_changed(&self, _site: &str, _body: &Value) -> Done<Answer> {
        Ok(Answer::ok())
    }
}

/// Returns the message that tells a widget the user's latest choices of automatic logging, if it has not
/// heard them.
pub(super) fn untold_auto_log(global: &GlobalSettings, own: &SiteSettings) -> Option<Value> {
    let calls = own.auto_log_told != global.auto_log_revision;
    let messages = own.auto_log_messages_told != global.auto_log_messages_revision;
    if !calls && !messages {
        return None;
    }
    let mut message = json!({ "type": types::SET_AUTO_LOG });
    if let Some(fields) = message.as_object_mut() {
        if calls {
            fields.insert("call".to_owned(), json!(global.auto_log_calls));
        }
        if messages {
            fields.insert("message".to_owned(), json!(global.auto_log_messages));
        }
    }
    Some(message)
}
