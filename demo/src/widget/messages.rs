//! Conversations, and their log: a request per day, by itself or by a button.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value, json};
use tokio::task::JoinSet;

use super::service::limit;
use super::{Logger, Screen, Widget, dates};
use crate::json::{field, text};
use crate::platform::{Direction, Message};

/// After how long the log entities of a day are asked again, and after how long they are forgotten.
const ENTITIES_AGAIN: Duration = Duration::from_secs(30);
pub(super) const ENTITIES_KEPT: Duration = Duration::from_secs(30 * 60);
/// How long the widget waits for more before it logs by itself, and how many days it logs at a time.
const GATHERED: Duration = Duration::from_millis(300);
const AT_A_TIME: usize = 10;
/// How long ago a message may have changed to be told of.
const FRESH_MS: u64 = 30 * 60 * 1000;

/// The messages of one day of one conversation, newest first. Never empty.
#[derive(Debug, Clone)]
pub(super) struct Group {
    pub(super) log_id: String,
    pub(super) conversation: String,
    pub(super) date: String,
    pub(super) messages: Vec<Message>,
}

impl Group {
    /// What changes when its newest message does.
    fn newest(&self) -> (u64, u64) {
        let newest = self.messages.first();
        newest.map_or((0, 0), |it| (it.id, it.modified_ms))
    }

    /// The number of the other side; of several people the first.
    pub(super) fn other(&self) -> &str {
        let newest = self.messages.first().and_then(|it| it.others.first());
        newest.map_or("", |it| it.number.as_str())
    }
}

impl Widget {
    /// Returns the days of all conversations, the newest message first.
    pub(super) fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for message in self.platform.messages() {
            let date = self.date_of(message.created_ms);
            let log_id = format!("{}/{date}", message.conversation);
            if let Some(group) = groups.iter_mut().find(|it| it.log_id == log_id) {
                group.messages.push(message);
            } else {
                groups.push(Group {
                    log_id,
                    conversation: message.conversation.clone(),
                    date,
                    messages: vec![message],
                });
            }
        }
        groups
    }

    fn date_of(&self, ms: u64) -> String {
        dates::short_date(&self.facts.language, self.facts.utc_offset, ms)
    }

    pub(super) fn groups_of(&self, conversation: &str) -> Vec<Group> {
        let mut groups = self.groups();
        groups.retain(|it| it.conversation == conversation);
        groups
    }

    fn log_ids(&self) -> Vec<String> {
        self.groups().into_iter().map(|it| it.log_id).collect()
    }

    /// Returns the group of one day as a log has it.
    fn group_body(&self, group: &Group) -> Value {
        let media = self.platform.media();
        let with_token = self.state().service.is("attachmentWithToken");
        let messages: Vec<Value> = group
            .messages
            .iter()
            .map(|it| it.logged(&media, with_token))
            .collect();
        let newest = group.messages.first();
        let (own, others) = newest.map(Message::sides).unwrap_or_default();
        json!({
            "conversationLogId": group.log_id, "conversationId": group.conversation,
            "creationTime": newest.map_or(0, |it| it.created_ms), "date": group.date,
            "type": newest.map_or("SMS", |it| it.kind.word()), "messages": messages,
            "conversationLogMatches": self.message_entities(&group.log_id),
            "self": own, "correspondents": others,
        })
    }

    /// Returns a conversation's newest day as a log has it.
    pub(super) fn newest_group(&self, conversation: &str) -> Option<Value> {
        let groups = self.groups_of(conversation);
        Some(self.group_body(groups.first()?))
    }

    /// Returns every day of a conversation by its date.
    pub(super) fn days_of(&self, conversation: &str) -> Value {
        let groups = self.groups_of(conversation);
        let days = groups
            .iter()
            .map(|it| (it.date.clone(), self.group_body(it)));
        Value::Object(days.collect::<Map<_, _>>())
    }

    /// Returns the conversations, the one with the newest message first.
    pub fn conversations(&self) -> Vec<String> {
        let mut conversations: Vec<String> = Vec::new();
        for group in self.groups() {
            if !conversations.contains(&group.conversation) {
                conversations.push(group.conversation);
            }
        }
        conversations
    }

    /// Returns the log ids of a conversation's days, the newest first.
    pub fn log_ids_of(&self, conversation: &str) -> Vec<String> {
        let groups = self.groups_of(conversation).into_iter();
        groups.map(|it| it.log_id).collect()
    }

    /// Returns the log entities of one day, by its log id.
    pub fn message_entities(&self, log_id: &str) -> Vec<Value> {
        self.partition.stored().groups.found(log_id).to_vec()
    }

    /// Returns whether any day of a conversation shows the badge.
    pub fn is_conversation_logged(&self, conversation: &str) -> bool {
        let groups = self.groups_of(conversation);
        let entities = groups
            .iter()
            .flat_map(|it| self.message_entities(&it.log_id));
        entities.into_iter().any(|it| text(&it, "type") != "status")
    }

    // Matching.

    /// Asks for the log entities of days: of these, and of what others wanted meanwhile. `forced` ignores the cache.
    pub(super) async fn match_groups(&self, log_ids: Vec<String>, forced: bool) {
        self.state().wanted_groups.extend(log_ids.iter().cloned());
        let _turn = self.group_turn.lock().await;
        let (path, wanted) = {
            let mut state = self.state();
            let wanted = std::mem::take(&mut state.wanted_groups);
            let path = state.service.text("messageLogEntityMatcherPath");
            let path = path.map(str::to_owned);
            let path = path.filter(|_| state.attached && state.logged_in);
            let stored = self.partition.stored();
            let is_due = |it: &String| stored.groups.is_stale(it, ENTITIES_AGAIN);
            let mut ordered: Vec<String> = log_ids
                .iter()
                .filter(|it| forced || is_due(it))
                .cloned()
                .collect();
            let others = wanted.into_iter().filter(|it| !log_ids.contains(it));
            ordered.extend(others);
            (path, ordered)
        };
        let Some(path) = path.filter(|_| !wanted.is_empty()) else {
            return;
        };
        let body = json!({ "conversationLogIds": wanted });
        let response = self.ask(&path, Some(body), limit::MATCH).await;
        let data = response.as_ref().and_then(|it| it.get("data"));
        {
            let mut stored = self.partition.stored();
            for log_id in &wanted {
                let found = data.and_then(|it| it.get(log_id));
                let found = found.and_then(Value::as_array).cloned();
                stored.groups.put(log_id, found.unwrap_or_default());
            }
        }
        self.platform.changed();
        self.draw();
    }

    /// Asks the first few days again, as after an authorization.
    pub(super) async fn refresh_groups(&self, most: usize) {
        let mut log_ids = self.log_ids();
        log_ids.truncate(most);
        self.match_groups(log_ids, true).await;
    }

    // What the store says.

    /// Something changed in the message store: it is told, matched, and logged.
    pub(super) fn on_messages(self: &Arc<Self>, _changed: &[u64]) {
        self.tell_fresh_messages();
        self.gather();
    }

    /// The store was loaded: with automatic logging, today's conversations go out again.
    pub(super) fn messages_loaded(self: &Arc<Self>) {
        if self.is_auto(Logger::Messages) {
            self.gather();
        }
    }

    /// Tells of what changed within half an hour, once for all tabs of the partition.
    pub(super) fn tell_fresh_messages(&self) {
        let now = self.platform.clock().now_ms();
        let media = self.platform.media();
        let mut messages = self.platform.messages();
        messages.reverse();
        for message in messages {
            if now.saturating_sub(message.modified_ms) > FRESH_MS {
                continue;
            }
            let told = self
                .partition
                .stored()
                .told
                .insert(message.id, message.modified_ms);
            if told == Some(message.modified_ms) {
                continue;
            }
            let raw = message.raw(&media);
            self.tell(json!({ "type": "rc-message-updated-notify", "message": &raw }));
            if message.direction == Direction::Inbound && !message.read {
                self.tell(json!({ "type": "rc-inbound-message-notify", "message": raw }));
            }
        }
    }

    /// Matches what is new and, a moment later, logs what is due.
    fn gather(self: &Arc<Self>) {
        if !self.is_leader() {
            return;
        }
        let pending = std::mem::replace(&mut self.state().gathering, true);
        let widget = Arc::clone(self);
        tokio::spawn(async move {
            if pending {
                // The one that runs logs these too; only what they need is asked now.
                widget.match_for_messages().await;
                return;
            }
            tokio::join!(tokio::time::sleep(GATHERED), widget.match_for_messages());
            widget.state().gathering = false;
            widget.log_todays().await;
        });
    }

    async fn match_for_messages(&self) {
        self.partition.stored().groups.drop_older(ENTITIES_KEPT);
        tokio::join!(
            self.match_groups(self.log_ids(), false),
            self.match_numbers(self.known_numbers(), false)
        );
    }

    /// Logs the groups of today that are new or changed, where automatic logging is on or they are logged already.
    async fn log_todays(self: &Arc<Self>) {
        if self.path("messageLoggerPath").is_none() || !self.is_signed_in() {
            return;
        }
        let today = self.date_of(self.platform.clock().now_ms());
        let auto = self.is_auto(Logger::Messages);
        let due: Vec<Group> = self
            .groups()
            .into_iter()
            .filter(|it| it.date == today)
            .filter(|it| auto || !self.message_entities(&it.log_id).is_empty())
            .filter(|it| {
                let newest = it.newest();
                let sent = self.state().sent_groups.insert(it.log_id.clone(), newest);
                sent != Some(newest)
            })
            .collect();
        for some in due.chunks(AT_A_TIME) {
            let requests = some.iter().map(|group| {
                let introduces = self.message_entities(&group.log_id).is_empty();
                let (own, other) = if introduces {
                    (
                        self.only_match(&Self::own_number(group)),
                        self.correspondent(group),
                    )
                } else {
                    (Value::Null, Value::Null)
                };
                let body = json!({ "conversation": self.group_body(group), "selfEntity": own,
                    "correspondentEntity": other, "triggerType": "auto" });
                (group.log_id.clone(), body)
            });
            let requests = requests.collect();
            self.log_groups(requests).await;
        }
    }

    fn own_number(group: &Group) -> String {
        let (own, _) = group
            .messages
            .first()
            .map(Message::sides)
            .unwrap_or_default();
        let number = own
            .get("phoneNumber")
            .or_else(|| own.get("extensionNumber"));
        number
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    }

    /// Returns the contact picked for a conversation, else the only one there is.
    fn correspondent(&self, group: &Group) -> Value {
        let picked = self
            .partition
            .stored()
            .picked
            .get(&group.conversation)
            .cloned();
        let found = self.matches(group.other()).into_iter();
        let mut found = found.filter(|it| Some(text(it, "id")) == picked.as_deref());
        found
            .next()
            .unwrap_or_else(|| self.only_match(group.other()))
    }

    /// Sends logs side by side; each that is answered is matched again.
    async fn log_groups(self: &Arc<Self>, requests: Vec<(String, Value)>) {
        let Some(path) = self.path("messageLoggerPath") else {
            return;
        };
        let mut running = JoinSet::new();
        for (log_id, body) in requests {
            let (widget, path) = (Arc::clone(self), path.clone());
            running.spawn(async move {
                if widget.ask(&path, Some(body), limit::LOG).await.is_some() {
                    widget.match_groups(vec![log_id], true).await;
                }
            });
        }
        while running.join_next().await.is_some() {}
    }

    /// Logs every day of a conversation at once, by hand. With `redirect` the newest may open a page.
    pub(super) async fn log_conversation(self: &Arc<Self>, conversation: &str, redirect: bool) {
        let groups = self.groups_of(conversation);
        let requests = groups.iter().enumerate().map(|(number, group)| {
            let body = json!({ "conversation": self.group_body(group), "triggerType": "manual",
                "correspondentEntity": self.correspondent(group), "redirect": redirect && number == 0,
                "prefill": redirect });
            (group.log_id.clone(), body)
        });
        let requests = requests.collect();
        self.log_groups(requests).await;
    }

    /// Saves the log page of a conversation: a request for every day, as the log button sends them.
    pub(super) async fn save_message_form(self: &Arc<Self>, conversation: &str, data: &Value) {
        let groups = self.groups_of(conversation);
        let requests = groups.iter().enumerate().map(|(number, group)| {
            let body = json!({ "conversation": self.group_body(group), "triggerType": "logForm", "formData": data,
                "redirect": number == 0 });
            (group.log_id.clone(), body)
        });
        let requests = requests.collect();
        self.log_groups(requests).await;
    }

    // What the user does.

    /// Opens a conversation, a voicemail or a fax: it is read then.
    pub fn open_conversation(self: &Arc<Self>, id: &str) {
        let screen = Screen::Conversation {
            id: id.to_owned(),
            text: String::new(),
            drawn: String::new(),
        };
        self.go(&format!("/conversations/{id}"), screen);
        self.platform.read_conversation(id);
    }

    /// Presses log at a conversation: every day of it goes out.
    pub fn press_log_conversation(self: &Arc<Self>, id: &str) {
        let (widget, id) = (Arc::clone(self), id.to_owned());
        tokio::spawn(async move { widget.log_conversation(&id, true).await });
    }

    /// Picks another contact for a conversation; with automatic logging on, the host hears of it.
    pub fn pick_correspondent(self: &Arc<Self>, conversation: &str, contact: &str) {
        self.partition
            .stored()
            .picked
            .insert(conversation.to_owned(), contact.to_owned());
        self.platform.changed();
        if self.is_auto(Logger::Messages) {
            let (widget, id) = (Arc::clone(self), conversation.to_owned());
            tokio::spawn(async move { widget.log_conversation(&id, false).await });
        }
        self.draw();
    }

    /// Takes the order to write: opens an existing conversation where that was wanted, else a new message.
    pub(super) fn on_new_sms(self: &Arc<Self>, message: &Value) {
        let number = text(message, "phoneNumber");
        let words = text(message, "text");
        self.judge_attachments(message);
        let wanted = message
            .get("conversation")
            .is_some_and(super::service::truthy);
        let messages = self.platform.messages();
        let existing = messages.iter().find(|it| {
            let only = it.others.len() == 1 && it.kind.is_text();
            only && it.others.iter().any(|it| it.number == number)
        });
        if let Some(existing) = existing.filter(|_| wanted) {
            self.open_conversation(&existing.conversation);
            self.put_text(words);
            return;
        }
        let drawn = (number.to_owned(), words.to_owned());
        let screen = Screen::Compose {
            to: number.to_owned(),
            text: words.to_owned(),
            drawn,
        };
        self.go("/composeText", screen);
        let (widget, number) = (Arc::clone(self), number.to_owned());
        tokio::spawn(async move {
            // The field of the recipient searches, whoever filled it.
            tokio::time::sleep(widget.platform.pace().typing).await;
            widget.find(&number).await;
        });
    }

    /// Writes down the attachments whose type the widget does not take.
    fn judge_attachments(&self, message: &Value) {
        const TAKEN: &[&str] = &[
            "image/jpeg",
            "image/png",
            "image/bmp",
            "image/gif",
            "image/tiff",
            "image/svg+xml",
            "video/3gpp",
            "video/mp4",
            "video/mpeg",
            "video/msvideo",
            "audio/mpeg",
            "text/vcard",
            "application/zip",
            "application/gzip",
            "application/rtf",
        ];
        for attachment in crate::json::items(message, "attachments") {
            let content = text(attachment, "content").strip_prefix("data:");
            let kind = content.and_then(|it| it.split_once(";base64,"));
            if !kind.is_some_and(|(kind, _)| TAKEN.contains(&kind)) {
                let name = field(attachment, "name").as_str().unwrap_or_default();
                self.warn(format!("the attachment {name} was dropped"));
            }
        }
    }
}
