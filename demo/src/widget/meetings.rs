//! Video meetings: the list of those to come, the page that schedules one, the log of those that were.

use std::sync::Arc;

use serde_json::{Value, json};

use super::service::{limit, truthy};
use super::{Build, Screen, Widget};
use crate::json::text;
use crate::platform::meetings::{conference, invitation};

impl Widget {
    /// Opens the home of meetings; the host is asked for those to come, each time.
    pub fn open_meetings(self: &Arc<Self>) {
        self.state().upcoming = None;
        self.go("/meeting/home", Screen::Tab("meetings"));
        let Some(path) = self.path("meetingUpcomingPath") else {
            self.state().upcoming = Some(Vec::new());
            self.draw();
            return;
        };
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            let response = widget.ask(&path, None, limit::REST).await;
            let data = response.as_ref().and_then(|it| it.get("data"));
            let mut meetings = data.and_then(Value::as_array).cloned().unwrap_or_default();
            meetings.sort_by_key(|it| text(it, "startTime").to_owned());
            widget.state().upcoming = Some(meetings);
            widget.platform.changed();
            widget.draw();
        });
    }

    /// Returns the meetings to come as they are shown, soonest first; `None` while the host is being asked.
    pub fn upcoming_meetings(&self) -> Option<Vec<Value>> {
        self.state().upcoming.clone()
    }

    /// Opens the page that schedules a meeting.
    pub fn open_schedule(&self) {
        self.go("/meeting/schedule", Screen::Schedule);
    }

    /// Schedules a meeting on that page; times in milliseconds since the epoch. The host sends the invitations.
    pub fn schedule_meeting(self: &Arc<Self>, topic: &str, from_ms: u64, to_ms: u64) {
        let meeting = invitation(topic, from_ms, to_ms);
        self.ask_in_background("meetingInvitePath", |_| Some(json!({ "meeting": meeting })));
    }

    /// Schedules a meeting for the host, which gets the invitation as its answer.
    pub(super) fn scheduled(&self, form: &Value) -> Value {
        let now = self.platform.clock().now_ms();
        let topic = text(form, "topic");
        let topic = if topic.is_empty() { "Meeting" } else { topic };
        json!({ "meeting": invitation(topic, now, now + 3_600_000) })
    }

    /// Presses log at a meeting that took place. There is no logged state.
    pub fn log_meeting(self: &Arc<Self>, id: &str) {
        let meetings = self.platform.meetings();
        let Some(meeting) = meetings.into_iter().find(|it| it.id == id) else {
            return;
        };
        if let Some(path) = self.path("meetingLoggerPath") {
            let widget = Arc::clone(self);
            let body = json!({ "meeting": meeting.logged() });
            tokio::spawn(async move { widget.ask(&path, Some(body), limit::MEETING_LOG).await });
        }
    }

    /// Presses the invitation of a conference call: only builds up to 1.8.8 have it, and only where it is not disabled.
    pub fn invite_to_conference(self: &Arc<Self>) {
        let params = self.facts.params();
        let enabled = params.get("disableConferenceInvite").map(String::as_str) == Some("false");
        if self.facts.build == Build::Conferences && enabled {
            self.ask_in_background("conferenceInvitePath", |_| {
                Some(json!({ "conference": conference() }))
            });
        }
    }

    /// Takes the switches of features: each message replaces all earlier ones.
    pub(super) fn take_features(&self, message: &Value) {
        const FEATURES: &[&str] = &[
            "chat",
            "text",
            "fax",
            "voicemail",
            "meetings",
            "contacts",
            "recordings",
        ];
        let given = FEATURES
            .iter()
            .filter_map(|it| Some(((*it).to_owned(), truthy(message.get(*it)?))));
        self.state().features = given.collect();
        self.platform.changed();
    }

    /// Returns whether a feature is on; the host may have turned it off.
    pub fn has_feature(&self, name: &str) -> bool {
        self.state().features.get(name).copied().unwrap_or(true)
    }
}
