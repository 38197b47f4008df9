//! Video meetings: the ones that took place, and the invitation to a new one.

use serde_json::{Value, json};

use super::{ACCOUNT_ID, EXTENSION_ID, Platform, USER_NAME};
use crate::clock::{iso, iso_seconds};
use crate::partition::lock;

const ROOMS: &str = "https://video.example-phone.test";

/// A meeting that took place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting {
    /// Its identity.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Milliseconds since the epoch.
    pub started_ms: u64,
    /// Seconds.
    pub duration: u64,
    /// Whether it was recorded.
    pub recorded: bool,
}

/// A meeting that took place before anybody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMeeting {
    /// Its title.
    pub title: String,
    /// How long ago it began.
    pub minutes_ago: u64,
    /// Seconds.
    pub duration: u64,
    /// Whether it was recorded.
    pub recorded: bool,
}

impl Meeting {
    /// Returns the record as the meeting logger sends it: a recording has a page to watch it on, not its content.
    #[must_use]
    pub fn logged(&self) -> Value {
        let link = format!("{ROOMS}/recordings/{}", self.id);
        let recording = json!({ "id": format!("{}-rec", self.id), "status": "Available",
            "startTime": self.started_ms / 1000, "durationInMS": self.duration * 1000, "availabilityStatus": "Alive",
            "longestUninterruptedTalkTime": 1, "url": link, "metadata": {}, "link": link });
        let recordings: Vec<Value> = self.recorded.then_some(recording).into_iter().collect();
        json!({
            "id": self.id, "bridgeId": "demo-bridge", "chatId": null, "shortId": "5550002222",
            "displayName": self.title, "duration": self.duration, "startTime": iso(self.started_ms),
            "hostInfo": { "accountId": ACCOUNT_ID, "extensionId": EXTENSION_ID, "displayName": USER_NAME },
            "isMeetingSummaryAvailable": false, "type": "Meeting", "status": "Finish", "rights": ["delete"],
            "callType": "RCVideo",
            "participants": [{ "id": "p1", "type": "User", "displayName": USER_NAME, "accountId": ACCOUNT_ID,
                "extensionId": EXTENSION_ID, "hash": "h", "correspondentId": "", "callerId": "" }],
            "recordings": recordings,
        })
    }
}

/// Returns what the host is told of a meeting that was just scheduled; times in milliseconds since the epoch.
#[must_use]
pub fn invitation(topic: &str, from_ms: u64, to_ms: u64) -> Value {
    let location = format!("{ROOMS}/join/5550002222");
    json!({ "topic": topic, "location": location, "timeFrom": iso_seconds(from_ms), "timeTo": iso_seconds(to_ms),
        "details": format!("{USER_NAME} has invited you to a video meeting.\n\nPlease join using this link:\n    {location}\n") })
}

/// Returns what builds up to 1.8.8 tell of a conference call.
#[must_use]
pub fn conference() -> Value {
    json!({ "inviteText": "Please join the conference.", "dialInNumber": "+16505550199", "topic": "New Conference",
        "location": "", "extensionName": USER_NAME })
}

impl Platform {
    /// Returns the meetings that took place, newest first.
    pub fn meetings(&self) -> Vec<Meeting> {
        let mut meetings = lock(&self.books).meetings.clone();
        meetings.sort_by_key(|it| std::cmp::Reverse(it.started_ms));
        meetings
    }

    /// A meeting took place. Returns its identity.
    pub fn add_past_meeting(&self, past: &PastMeeting) -> String {
        let now = self.clock.now_ms();
        let id = {
            let mut books = lock(&self.books);
            books.next += 1;
            let id = format!("demo-meeting-{}", books.next);
            books.meetings.push(Meeting {
                id: id.clone(),
                title: past.title.clone(),
                started_ms: now.saturating_sub(past.minutes_ago * 60_000),
                duration: past.duration,
                recorded: past.recorded,
            });
            id
        };
        self.changed();
        id
    }
}
