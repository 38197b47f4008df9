//! Messages: their log entries by day, which of them are logged, and their form.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::calls::{self, Links};
use crate::form::{self, Picked, Said};
use crate::messages::{self, DayEvent, Wish};
use crate::phone::Numbering;
use crate::protocol::runtime::Refusal;
use crate::protocol::stored::{LogEntry, LogKind, LogState, Message, Why};
use crate::protocol::widget::{self, text};
use crate::protocol::widget_messages::{self as wire, Conversation};
use crate::view::notice::FAILED_STORAGE;

/// How the widget writes dates until it has said its language.
const USUAL_LOCALE: &str = "en-US";
/// The most ids that one question is answered for.
const MOST_ASKED: usize = 5_000;
/// How often an entry is looked at again because its messages changed while it was written.
const MOST_TURNS: usize = 5;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// Keeps the messages of a log request. The widget is answered only after they are durable; when they
    /// cannot be kept the widget is answered all the same, and the user is told.
    pub(super) async fn log_messages(&self, at: At<'_>, body: &Value) -> Answer {
        let done = match text(body, "triggerType") {
            "openLog" => self.open_log(body).await,
            _ => self.keep_request(at, body).await,
        };
        done.unwrap_or_else(|_| {
            Answer::data(Value::Null).then([self.alert("alert_log_failed", "danger")])
        })
    }

    /// A click on the sign that a message is logged.
    async fn open_log(&self, body: &Value) -> Done<Answer> {
        let entry = self.store.log(text(body, "logId")).await?;
        if let Some(entry) = entry.filter(|it| it.state != LogState::Deleted) {
            self.browser.open_book(&entry.key).await;
        }
        Ok(Answer::ok())
    }

    async fn keep_request(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let now = self.browser.now();
        let raw = body.get("conversation").unwrap_or(&Value::Null);
        let mut conversation = Conversation::of(raw, now).ok_or(Refusal::NotAllowed)?;
        let (trigger, wish) = match text(body, "triggerType") {
            "manual" => ("manual", Wish::ByHand),
            "logForm" => ("logForm", Wish::ByHand),
            "selectedLog" => ("selectedLog", Wish::ByHand),
            _ => ("auto", Wish::Automatic),
        };
        if trigger == "selectedLog" {
            conversation.select(&wire::ids_of(body, "selectedMessageIds"));
        }
        let event = DayEvent {
            conversation: &conversation,
            wish,
            trigger,
            place: at.site,
            links: &self.links_of_messages(at, &conversation, body).await?,
            now,
        };
        let kept = self.keep_days(&event).await;
        if kept.is_err() {
            self.park_days(&event).await;
        }
        let keys = kept?;
        self.keep_attachments(&conversation, &keys).await?;
        self.answer_kept(at, body, &event, &keys).await
    }

    /// What the user gets to see of a day that was kept. One click brings a request for each day that is
    /// loaded, and only that of the newest day says `redirect`: it alone opens the form.
    async fn answer_kept(
        &self,
        at: At<'_>,
        body: &Value,
        event: &DayEvent<'_>,
        keys: &[String],
    ) -> Done<Answer> {
        if event.trigger == "logForm" {
            self.keep_message_form(at, body, event.conversation, keys)
                .await?;
            return Ok(Answer::ok());
        }
        let Some(newest) = keys.first() else {
            return Ok(Answer::ok());
        };
        let answer = if event.trigger == "selectedLog" {
            Answer::data(json!({ "logId": newest }))
        } else {
            Answer::ok()
        };
        let opens = body.get("redirect") == Some(&Value::Bool(true));
        if event.wish == Wish::Automatic || !opens {
            return Ok(answer);
        }
        Ok(match self.store.log(newest).await? {
            Some(entry) => answer.then(self.open_form(at.site, &entry).await?),
            None => answer,
        })
    }

    /// The contacts of a conversation: the one that the request names, else whoever has the number, on each
    /// site that the widget serves. A pick from the widget's list of contacts comes as a manual log that
    /// opens nothing.
    async fn links_of_messages(
        &self,
        at: At<'_>,
        conversation: &Conversation,
        body: &Value,
    ) -> Done<Links> {
        let number = &conversation.correspondent.number;
        let no = Some(&Value::Bool(false));
        let picked = text(body, "triggerType") == "manual"
            && body.get("redirect") == no
            && body.get("prefill") == no;
        let entity = body
            .get("correspondentEntity")
            .and_then(widget::our_entity_id);
        let mut named = None;
        if let Some(id) = entity {
            let scope = self.scope(at.site).await?;
            let why = if picked { Why::Chosen } else { Why::Widget };
            named = self.contact_meant(&scope, id).await?.map(|it| (it, why));
        }
        if let Some((contact, Why::Chosen)) = &named {
            self.remember_choice(&contact.site, number, &contact.id)
                .await?;
        }
        self.links_at(At::anywhere(at.site), (number, ""), named)
            .await
    }

    /// Keeps messages and then the entries they stand in; returns the keys of those, the one of the newest
    /// message first.
    async fn keep_days(&self, event: &DayEvent<'_>) -> Done<Vec<String>> {
        let said = self.placed(event).await?;
        let mut keys: Vec<String> = Vec::new();
        for (message, _) in &said {
            if !keys.contains(&message.entry) {
                keys.push(message.entry.clone());
            }
        }
        if event.wish == Wish::Automatic {
            // Nothing of a day that the user deleted comes back by itself.
            let mut living = Vec::with_capacity(keys.len());
            for key in keys {
                let entry = self.store.log(&key).await?;
                if entry.is_none_or(|it| it.state != LogState::Deleted) {
                    living.push(key);
                }
            }
            keys = living;
        }
        let news: Vec<Message> = said
            .into_iter()
            .filter(|(message, is_news)| *is_news && keys.contains(&message.entry))
            .map(|(message, _)| message)
            .collect();
        if !news.is_empty() {
            self.store.put_messages(&news).await?;
        }
        let mut changed = false;
        for key in &keys {
            changed |= self.keep_day(key, event).await?;
        }
        if changed {
            self.browser.announce();
        }
        Ok(keys)
    }

    /// The messages of a request as they are to be kept, the newest first, and whether that is news.
    ///
    /// A message that is known stays in its entry; a new one goes into that of its day.
    async fn placed(&self, event: &DayEvent<'_>) -> Done<Vec<(Message, bool)>> {
        let messages = &event.conversation.messages;
        let ids: Vec<String> = messages.iter().map(|it| it.id.clone()).collect();
        let known: BTreeMap<String, Message> = self
            .store
            .messages(&ids)
            .await?
            .into_iter()
            .map(|it| (it.id.clone(), it))
            .collect();
        Ok(messages
            .iter()
            .map(|said| match known.get(&said.id) {
                Some(known) => {
                    let merged = messages::merged(known, said);
                    let is_news = merged != *known;
                    (merged, is_news)
                }
                None => (self.placed_by_day(said), true),
            })
            .collect())
    }

    fn placed_by_day(&self, said: &Message) -> Message {
        let day = self.browser.day(said.at);
        Message {
            entry: messages::key_of(&said.conversation, &day),
            ..said.clone()
        }
    }

    /// Writes a day entry until it shows all messages that name it: another tab may add one while it is
    /// written. Returns whether anything changed.
    async fn keep_day(&self, key: &str, event: &DayEvent<'_>) -> Done<bool> {
        for turn in 0..MOST_TURNS {
            let messages = self.store.messages_of(key).await?;
            let known = self.store.log(key).await?;
            let now = messages::apply(known.clone(), key, event, &messages);
            if known.as_ref() == Some(&now) {
                return Ok(turn > 0);
            }
            self.store
                .update_log(key, |known| messages::apply(known, key, event, &messages))
                .await?;
        }
        Ok(true)
    }

    /// Keeps elsewhere that there were messages, for the user to see that they are to be logged again.
    /// The place for that may be broken too; the widget shows the alert in any case.
    async fn park_days(&self, event: &DayEvent<'_>) {
        let mut days: BTreeMap<String, Vec<Message>> = BTreeMap::new();
        for said in &event.conversation.messages {
            let placed = self.placed_by_day(said);
            days.entry(placed.entry.clone()).or_default().push(placed);
        }
        for (key, messages) in days {
            let entry = LogEntry {
                state: LogState::Failed(FAILED_STORAGE.to_owned()),
                ..messages::apply(None, &key, event, &messages)
            };
            if self.store.park_log(&entry).await.is_err() {
                return;
            }
        }
        self.browser.announce();
    }

    /// Downloads the files of messages while their token is good, where the user wants that. What cannot
    /// be written of it now comes again with the next request: the messages themselves are durable.
    async fn keep_attachments(&self, conversation: &Conversation, keys: &[String]) -> Done<()> {
        if conversation.files.is_empty() || keys.is_empty() {
            return Ok(());
        }
        if !self.store.settings().await?.global.attachments_with_token {
            return Ok(());
        }
        let ids: Vec<String> = conversation
            .messages
            .iter()
            .map(|it| it.id.clone())
            .collect();
        let messages = self.store.messages(&ids).await?;
        for key in keys {
            let here: BTreeSet<&str> = messages
                .iter()
                .filter(|it| it.entry == *key)
                .map(|it| it.id.as_str())
                .collect();
            let files: Vec<(&str, &str)> = conversation
                .files
                .iter()
                .filter(|it| here.contains(it.message.as_str()))
                .map(|it| (it.id.as_str(), it.url.as_str()))
                .collect();
            if self.keep_files(key, &files).await.is_err() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Keeps a saved form. The same form comes once for each day that is loaded, at the same time. Its note
    /// and its subject belong to the newest day, on whose entry it was opened and whose request says
    /// `redirect`; its contact belongs to all of them. Somebody new is made once, with the newest day.
    async fn keep_message_form(
        &self,
        at: At<'_>,
        body: &Value,
        conversation: &Conversation,
        keys: &[String],
    ) -> Done<()> {
        let said = form::said(body.get("formData").unwrap_or(&Value::Null));
        let newest_day = body.get("redirect") != Some(&Value::Bool(false));
        let picked = match &said.picked {
            Picked::Contact(_) | Picked::Nobody => said.picked.clone(),
            Picked::New(_) | Picked::Search(_) | Picked::Unsaid => Picked::Unsaid,
        };
        let contact_only = Said {
            picked,
            ..Said::default()
        };
        for (index, key) in keys.iter().enumerate() {
            let whole = newest_day && index == 0;
            let said_here = if whole { &said } else { &contact_only };
            let entry = self.keep_form(at, key, said_here, true).await?;
            if whole && matches!(said.picked, Picked::New(_)) {
                self.link_other_days(at.site, conversation, entry).await?;
            }
        }
        Ok(())
    }

    /// The other days of a conversation belong to the person whom the user has just made for it.
    async fn link_other_days(
        &self,
        place: &str,
        conversation: &Conversation,
        newest: Option<LogEntry>,
    ) -> Done<()> {
        let scope = self.scope(place).await?;
        let Some((site, link)) = newest.as_ref().and_then(|it| scope.link(it)) else {
            return Ok(());
        };
        for entry in self.store.logs_with_alias(&conversation.id).await? {
            if entry.state == LogState::Deleted || entry.links.contains_key(site) {
                continue;
            }
            self.store
                .update_log(&entry.key, |known| {
                    let mut entry = known.unwrap_or_else(|| entry.clone());
                    calls::relink(&mut entry, site, link.clone());
                    entry
                })
                .await?;
        }
        Ok(())
    }

    /// Which days of conversations are logged; a widget of 3.x also asks for single messages.
    pub(super) async fn messages_logged(&self, place: &str, body: &Value) -> Done<Answer> {
        if body.get("messageIds").is_some() {
            return self.single_messages_logged(body).await;
        }
        let scope = self.scope(place).await?;
        let facts = self.store.widget_facts(place).await?;
        let locale = match facts.locale.as_str() {
            "" => USUAL_LOCALE,
            locale => locale,
        };
        let mut data = Map::new();
        let asked = wire::ids_of(body, "conversationLogIds");
        for id in asked.into_iter().take(MOST_ASKED) {
            let entries = self.days_called(&id, locale).await?;
            let entities: Vec<Value> = entries
                .iter()
                .filter_map(|entry| calls::matched(entry, &scope))
                .collect();
            if !entities.is_empty() {
                data.insert(id, Value::Array(entities));
            }
        }
        Ok(Answer::data(Value::Object(data)))
    }

    /// The day entries that a conversation log id means, the newest first.
    ///
    /// The widget writes the date as its language does and by the clock of the moment, so an id that was
    /// never seen is compared with the date of each day's first message, written in the same way.
    async fn days_called(&self, id: &str, locale: &str) -> Done<Vec<LogEntry>> {
        let mut entries = self.store.logs_with_alias(id).await?;
        entries.retain(|it| it.kind == LogKind::Messages);
        let (conversation, date) = wire::split(id);
        if !entries.is_empty() || date.is_empty() {
            return Ok(entries);
        }
        let days = self.store.logs_with_alias(conversation).await?;
        let mut found = Vec::new();
        for entry in days {
            if entry.kind != LogKind::Messages
                || entry.state != LogState::Saved
                || self.browser.short_date(entry.started_at, locale) != date
            {
                continue;
            }
            let remembered = self
                .store
                .update_log(&entry.key, |known| {
                    let mut entry = known.unwrap_or_else(|| entry.clone());
                    messages::add_alias(&mut entry, id);
                    entry
                })
                .await;
            // It is logged, whether or not this is remembered.
            found.push(remembered.unwrap_or(entry));
        }
        Ok(found)
    }

    async fn single_messages_logged(&self, body: &Value) -> Done<Answer> {
        let mut ids = wire::ids_of(body, "messageIds");
        ids.truncate(MOST_ASKED);
        let mut logged: BTreeMap<String, bool> = BTreeMap::new();
        let mut data = Map::new();
        for message in self.store.messages(&ids).await? {
            let key = message.entry;
            if !logged.contains_key(&key) {
                let entry = self.store.log(&key).await?;
                let saved = entry.is_some_and(|it| it.state == LogState::Saved);
                logged.insert(key.clone(), saved);
            }
            if logged.get(&key) == Some(&true) {
                data.insert(message.id, json!({ "logId": key }));
            }
        }
        Ok(Answer::data(Value::Object(data)))
    }

    /// The form of a conversation was changed: what is typed is kept as it is typed, in the newest day.
    pub(super) async fn message_form_changed(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        match self.keep_typed(at, body).await {
            Ok(more) => Ok(Answer::ok().then(more)),
            Err(_) => {
                Ok(Answer::data(Value::Null).then([self.alert("alert_log_failed", "danger")]))
            }
        }
    }

    async fn keep_typed(&self, at: At<'_>, body: &Value) -> Done<Option<Value>> {
        let typed = body.get("formData").unwrap_or(&Value::Null);
        let Some(key) = self.newest_day(at, body).await? else {
            return Ok(None);
        };
        let said = form::said(typed);
        let entry = self.keep_form(at, &key, &said, false).await?;
        match entry {
            Some(entry) if form::is_to_be_redrawn(body) => {
                Ok(Some(self.redraw_form(at.site, &entry, typed).await?))
            }
            _ => Ok(None),
        }
    }

    /// The key of the newest day of the conversation of a form, which comes as all its days by date. One
    /// that is not kept yet is begun, but does not count as logged before the form is saved.
    async fn newest_day(&self, at: At<'_>, body: &Value) -> Done<Option<String>> {
        let now = self.browser.now();
        let days = body.get("conversation").and_then(Value::as_object);
        let newest = days
            .into_iter()
            .flat_map(Map::values)
            .filter_map(|day| Conversation::of(day, now))
            .filter(|day| !day.messages.is_empty())
            .max_by_key(|day| day.messages.first().map(|it| it.at));
        let Some(conversation) = newest else {
            return Ok(None);
        };
        let event = DayEvent {
            conversation: &conversation,
            wish: Wish::Draft,
            trigger: "",
            place: at.site,
            links: &Links::default(),
            now,
        };
        let placed = self.placed(&event).await?;
        let Some((message, _)) = placed.first() else {
            return Ok(None);
        };
        let key = message.entry.clone();
        let entry = self.store.log(&key).await?;
        if entry.is_none_or(|it| it.state == LogState::Deleted) {
            self.keep_days(&event).await?;
        }
        Ok(Some(key))
    }
}
