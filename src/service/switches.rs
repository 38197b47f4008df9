//! The user's switches that the widget shows too: automatic logging, consent, our own settings.
//!
//! A switch is one wherever it is turned: the later choice wins, and every widget hears it.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::phone::Numbering;
use crate::protocol::registration;
use crate::protocol::stored::Settings;
use crate::protocol::widget::{type_of, types};
use crate::scope::{Scope, WINDOW, places};
use crate::{sites, widget_settings};

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A widget that has not heard our latest choice is told it; one that has, and says otherwise,
    /// speaks for the user.
    pub(super) async fn auto_log_said(&self, place: &str, message: &Value) -> Done<Vec<Value>> {
        let Some(on) = message.get("autoLog").and_then(Value::as_bool) else {
            return Ok(Vec::new());
        };
        let calls = type_of(message) == types::CALL_AUTO_LOG;
        let mut posts = Vec::new();
        let mut chosen = false;
        let settings = self
            .store
            .update_settings(|settings| {
                let untold = untold_auto_log(settings, place);
                let (window, global) = (&mut settings.window, &mut settings.global);
                let (told_of_calls, told_of_messages) = match settings.sites.get_mut(place) {
                    Some(own) => (&mut own.auto_log_told, &mut own.auto_log_messages_told),
                    None => (
                        &mut window.auto_log_told,
                        &mut window.auto_log_messages_told,
                    ),
                };
                let (ours, revision, told) = if calls {
                    (
                        &mut global.auto_log_calls,
                        &mut global.auto_log_revision,
                        told_of_calls,
                    )
                } else {
                    (
                        &mut global.auto_log_messages,
                        &mut global.auto_log_messages_revision,
                        told_of_messages,
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
                    chosen = true;
                }
            })
            .await?;
        if chosen {
            self.tell_auto_log_but(place, &settings).await?;
        }
        Ok(posts)
    }

    /// The user pressed the button that gives or withdraws consent. What she wants is the opposite of what
    /// the widget showed her; a widget that showed the wrong thing is only put right.
    pub(super) async fn consent_pressed(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let settings = self.store.settings().await?;
        let Some(own) = settings.sites.get(at.site) else {
            // The window has no such button.
            return Ok(Answer::ok());
        };
        let shown = body.get("authorized").and_then(Value::as_bool);
        let wanted = !shown.unwrap_or(own.read_contacts);
        if own.read_contacts == wanted {
            return Ok(Answer::ok().then(self.consent(&settings, at.site)));
        }
        let more = self
            .decide(Some(at), |settings| {
                if let Some(own) = settings.sites.get_mut(at.site) {
                    own.read_contacts = wanted;
                }
            })
            .await?;
        Ok(Answer::ok().then(more))
    }

    /// The user changed one of our settings in the widget, which shows it already.
    pub(super) async fn settings_changed(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let text = |key: &str| self.browser.text(key, &[]);
        let changes = widget_settings::changes(body, &text);
        if changes.is_empty() {
            return Ok(Answer::ok());
        }
        let more = self
            .decide(Some(at), |settings| {
                let mut own = settings.sites.get_mut(at.site);
                for (switch, on) in &changes {
                    switch.turn(*on, &mut settings.global, own.as_deref_mut());
                }
            })
            .await?;
        let news = more.into_iter().filter(|it| type_of(it) != types::SETTINGS);
        Ok(Answer::ok().then(news))
    }

    /// Changes the settings, and posts to every widget that is up what of it concerns that widget.
    ///
    /// Returns what the widget that speaks is to hear, which the caller posts after its answer. None of
    /// these messages makes a widget say anything back that it would have to be told again.
    pub(super) async fn decide(
        &self,
        by: Option<At<'_>>,
        change: impl FnOnce(&mut Settings),
    ) -> Done<Vec<Value>> {
        let mut before = Settings::default();
        let after = self
            .store
            .update_settings(|settings| {
                before.clone_from(settings);
                change(settings);
            })
            .await?;
        let mut for_speaker = Vec::new();
        for place in places(&after) {
            let mut news = self.news(&place, &before, &after);
            news.extend(untold_auto_log(&after, &place));
            let speaker = by.filter(|it| it.site == place);
            self.post_elsewhere(&place, speaker.map(|it| it.tab), &news)
                .await?;
            if speaker.is_some() {
                for_speaker = news;
            }
        }
        let listed = |settings, site| Scope::of(WINDOW, settings).listed().contains(site);
        for site in after.sites.keys() {
            if listed(&before, site) != listed(&after, site) {
                self.tell_window_of(site).await?;
            }
        }
        Ok(for_speaker)
    }

    /// What the widgets of a place are to hear of a change of the settings, automatic logging aside.
    fn news(&self, place: &str, before: &Settings, after: &Settings) -> Vec<Value> {
        let (was, own) = (before.sites.get(place), after.sites.get(place));
        let mut news = Vec::new();
        if was.map(|it| it.read_contacts) != own.map(|it| it.read_contacts) {
            news.extend(self.consent(after, place));
        }
        let text = |key: &str| self.browser.text(key, &[]);
        let tree = widget_settings::tree(&after.global, own, &text);
        if tree != widget_settings::tree(&before.global, was, &text) {
            news.push(json!({ "type": types::SETTINGS, "settings": tree }));
        }
        news
    }

    /// The messages that tell a widget whether the user consents.
    ///
    /// The words beside our name are changed while the widget does not count as consented: one that does
    /// would ask for all contacts and matches because of them, and again because of the consent.
    /// Without the account's name the widget would ignore the status.
    fn consent(&self, settings: &Settings, site: &str) -> Vec<Value> {
        let Some(own) = settings.sites.get(site) else {
            return Vec::new();
        };
        let status = json!({
            "type": types::AUTHORIZATION,
            "authorized": own.read_contacts,
            "authorizedAccount": sites::name_of(site),
        });
        let words = self.registration(settings, site, registration::update);
        if own.read_contacts {
            vec![words, status]
        } else {
            vec![status, words]
        }
    }

    /// Tells every widget that is up the latest choices of automatic logging that it has not heard, but
    /// those of one place; the others are told when they sign in.
    async fn tell_auto_log_but(&self, speaker: &str, settings: &Settings) -> Done<()> {
        let others = places(settings).into_iter().filter(|it| it != speaker);
        for place in others {
            let untold = untold_auto_log(settings, &place);
            self.post(&place, untold.as_slice()).await?;
        }
        Ok(())
    }
}

/// Returns the message that tells the widgets of a place the user's latest choices of automatic logging, if
/// they have not heard them.
pub(super) fn untold_auto_log(settings: &Settings, place: &str) -> Option<Value> {
    let (window, global) = (&settings.window, &settings.global);
    let (told_of_calls, told_of_messages) = match settings.sites.get(place) {
        Some(own) => (own.auto_log_told, own.auto_log_messages_told),
        None => (window.auto_log_told, window.auto_log_messages_told),
    };
    let calls = told_of_calls != global.auto_log_revision;
    let messages = told_of_messages != global.auto_log_messages_revision;
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
