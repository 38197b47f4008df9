//! Calls that were made while no widget was up: found, offered, logged in bulk; and what else waits for
//! the user.
//!
//! The widget knows the calls of the last seven days, and only while it is up and signed in. What it
//! names is offered and never logged by itself; a call is logged once, whoever names it.

use serde_json::{Value, json};

use super::page_api::Asked;
use super::ports::{Browser, Store};
use super::widget::{At, OWN_REQUEST};
use super::{Done, Service};
use crate::calls::{self, CallEvent};
use crate::phone::Numbering;
use crate::protocol::book::{DismissUnlogged, LogUnlogged, UnloggedView};
use crate::protocol::registration::buttons;
use crate::protocol::runtime::{Attention, FromBackground};
use crate::protocol::stored::{LogState, Unlogged};
use crate::protocol::widget::{text, types, without_tokens};
use crate::scope::{all_places, places};

/// How many calls the widget is asked for at once, and how often in a row.
const PER_PAGE: u32 = 100;
const MOST_PAGES: u32 = 10;
/// The first part of the id of such a request; the page follows.
const PURPOSE: &str = "unlogged-";

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// The question which calls nobody logged, one page of them.
    pub(super) fn which_unlogged(&self, page: u32) -> Value {
        self.host_request(
            &format!("{PURPOSE}{page}"),
            "/unlogged-calls",
            &json!({ "perPage": PER_PAGE, "page": page }),
        )
    }

    /// The widget answered a request of ours, or of its own adapter.
    pub(super) async fn host_answered(&self, at: At<'_>, message: &Value) -> Done<Vec<Value>> {
        let id = text(message, "responseId");
        if let Some(asked) = Asked::of(id) {
            return self.page_answered(at, asked, message).await;
        }
        let page = id
            .strip_prefix(OWN_REQUEST)
            .and_then(|id| id.strip_prefix(PURPOSE))
            .and_then(|id| id.split(':').next()?.parse::<u32>().ok());
        let (Some(page), Some(response)) = (page, message.get("response")) else {
            return Ok(Vec::new());
        };
        let mut found = Vec::new();
        for call in response
            .get("calls")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            if self.is_unlogged(call).await? {
                found.push(without_tokens(call));
            }
        }
        let known = self.store.unlogged(at.site).await?.unwrap_or_default();
        let heard_of = |call: &Value| known.calls.iter().any(|it| session(it) == session(call));
        let unlogged = Unlogged {
            // Whoever said "not now" is asked again when there is a call they have not seen.
            dismissed: known.dismissed && found.iter().all(heard_of),
            calls: if page == 1 {
                found
            } else {
                known.calls.into_iter().chain(found).collect()
            },
            at: self.browser.now(),
        };
        self.store.put_unlogged(at.site, &unlogged).await?;
        if response.get("hasMore") == Some(&Value::Bool(true)) && page < MOST_PAGES {
            return Ok(vec![self.which_unlogged(page + 1)]);
        }
        self.tell_attention().await?;
        Ok(Vec::new())
    }

    /// A call that was logged is not offered; nor is one whose entry the user deleted.
    async fn is_unlogged(&self, call: &Value) -> Done<bool> {
        let Some(session) = session(call) else {
            return Ok(false);
        };
        let entry = self.store.log(&calls::key_of(session)).await?;
        Ok(entry.is_none_or(|entry| !matches!(entry.state, LogState::Saved | LogState::Deleted)))
    }

    /// What waits for the user in the book.
    pub(super) async fn attention(&self) -> Done<Attention> {
        let mut sessions: Vec<String> = Vec::new();
        for place in self.places().await? {
            let unlogged = self.store.unlogged(&place).await?.unwrap_or_default();
            if !unlogged.dismissed {
                sessions.extend(
                    unlogged
                        .calls
                        .iter()
                        .filter_map(|it| session(it).map(str::to_owned)),
                );
            }
        }
        // The widgets of two places name the same calls.
        sessions.sort();
        sessions.dedup();
        let failed = self.store.failed_logs().await?.len();
        Ok(Attention {
            unlogged: count(sessions.len()),
            failed: count(failed),
        })
    }

    /// Shows what waits for the user in every frame and every widget.
    pub(super) async fn tell_attention(&self) -> Done<()> {
        let attention = self.attention().await?;
        let banner = self.banner_of(attention);
        for place in self.places().await? {
            self.tell_frames(&place, &FromBackground::Attention(attention))
                .await?;
            self.post(&place, std::slice::from_ref(&banner)).await?;
        }
        self.browser.announce();
        Ok(())
    }

    /// The same for a widget that has just signed in; nothing if nothing waits.
    pub(super) async fn attention_of(&self, place: &str) -> Done<Option<Value>> {
        let attention = self.attention().await?;
        if attention == Attention::default() {
            return Ok(None);
        }
        self.tell_frames(place, &FromBackground::Attention(attention))
            .await?;
        Ok(Some(self.banner_of(attention)))
    }

    /// The banner of widgets that have one.
    fn banner_of(&self, attention: Attention) -> Value {
        let (key, number, severity) = match attention {
            Attention { failed: 1.., .. } => ("banner_failed", attention.failed, "warning"),
            Attention { unlogged: 1.., .. } => ("banner_unlogged", attention.unlogged, "info"),
            _ => {
                return json!({
                    "type": types::BANNER,
                    "banner": { "id": buttons::ATTENTION, "hidden": true },
                });
            }
        };
        json!({
            "type": types::BANNER,
            "banner": {
                "id": buttons::ATTENTION,
                "message": self.browser.text(key, &[&number.to_string()]),
                "severity": severity,
                "action": {
                    "label": self.browser.text("banner_show", &[]),
                    "variant": "text",
                    "color": "primary",
                },
                "closable": true,
            },
        })
    }

    /// The calls to choose from, with whom they would be logged.
    pub(super) async fn unlogged_calls(&self) -> Done<Vec<UnloggedView>> {
        let mut views = Vec::new();
        for place in self.places().await? {
            let unlogged = self.store.unlogged(&place).await?;
            let Some(unlogged) = unlogged.filter(|it| !it.dismissed) else {
                continue;
            };
            let mut rows = Vec::new();
            for call in &unlogged.calls {
                // It may have been logged since, by a widget elsewhere.
                if let Some(event) = bulk(call)
                    && self.is_unlogged(call).await?
                {
                    let links = self.links_of(At::anywhere(&place), &event).await?;
                    let entry = calls::apply(None, &event, &links, &place, unlogged.at);
                    rows.push(self.row(entry).await?);
                }
            }
            if !rows.is_empty() {
                views.push(UnloggedView {
                    site_name: self.place_name(&place),
                    site: place,
                    at: unlogged.at,
                    rows,
                });
            }
        }
        Ok(views)
    }

    /// Asks one widget of each place; returns how many there were. Whoever looks again wants to see also
    /// what they did not want to be reminded of.
    pub(super) async fn ask_for_unlogged(&self) -> Done<u32> {
        let settings = self.store.settings().await?;
        for place in all_places(&settings) {
            if let Some(unlogged) = self.store.unlogged(&place).await?
                && unlogged.dismissed
            {
                let unlogged = Unlogged {
                    dismissed: false,
                    ..unlogged
                };
                self.store.put_unlogged(&place, &unlogged).await?;
            }
        }
        self.tell_attention().await?;
        let mut asked = 0;
        for place in places(&settings) {
            let question = [self.which_unlogged(1).to_string()];
            for (tab, frame) in self.store.frames_of(&place).await? {
                if self.browser.post(tab, frame, &question).await {
                    asked += 1;
                    break;
                }
                self.store.drop_frame(tab, frame).await?;
            }
        }
        Ok(asked)
    }

    /// Logs calls that the user has chosen, and tells the widgets.
    pub(super) async fn log_unlogged(&self, log: LogUnlogged) -> Done<u32> {
        let Some(unlogged) = self.store.unlogged(&log.site).await? else {
            return Ok(0);
        };
        let mut logged: Vec<String> = Vec::new();
        for call in &unlogged.calls {
            let Some(event) = bulk(call) else { continue };
            let key = calls::key_of(&event.call.session_id);
            if !log.keys.contains(&key) || !self.is_unlogged(call).await? {
                continue;
            }
            let links = self.links_of(At::anywhere(&log.site), &event).await?;
            let now = self.browser.now();
            self.store
                .update_log(&key, |entry| {
                    calls::apply(entry, &event, &links, &log.site, now)
                })
                .await?;
            logged.push(event.call.session_id);
        }
        if logged.is_empty() {
            return Ok(0);
        }
        self.tell_logged(&logged, None).await?;
        self.offer_no_more(&logged).await?;
        Ok(count(logged.len()))
    }

    /// These calls are logged now, wherever the user did it: they are offered nowhere any more.
    pub(super) async fn offer_no_more(&self, sessions: &[String]) -> Done<()> {
        let settings = self.store.settings().await?;
        let mut was_offered = false;
        for place in all_places(&settings) {
            let Some(mut unlogged) = self.store.unlogged(&place).await? else {
                continue;
            };
            let before = unlogged.calls.len();
            unlogged.calls.retain(|call| {
                session(call).is_none_or(|it| !sessions.iter().any(|done| done == it))
            });
            if unlogged.calls.len() < before {
                self.store.put_unlogged(&place, &unlogged).await?;
                was_offered = true;
            }
        }
        if was_offered {
            self.tell_attention().await?;
        }
        Ok(())
    }

    /// The user does not want to be reminded of these calls.
    pub(super) async fn dismiss_unlogged(&self, dismiss: DismissUnlogged) -> Done<()> {
        if let Some(mut unlogged) = self.store.unlogged(&dismiss.site).await? {
            unlogged.dismissed = true;
            self.store.put_unlogged(&dismiss.site, &unlogged).await?;
        }
        self.tell_attention().await
    }
}

fn bulk(call: &Value) -> Option<CallEvent> {
    CallEvent::of(&json!({ "call": call, "triggerType": calls::BULK }))
}

fn session(call: &Value) -> Option<&str> {
    call.get("sessionId").and_then(Value::as_str)
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
