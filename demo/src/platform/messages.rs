//! Texts, voicemails, faxes: what is in the account's message store, and the two forms a widget gives it.

use serde_json::{Value, json};

use super::media::{Media, attachment_path};
use super::{
    ACCOUNT_ID, API, Direction, EXTENSION_ID, Event, OWN_EXTENSION, OWN_NUMBER, Party, Platform,
    USER_NAME,
};
use crate::clock::iso;
use crate::json::put;
use crate::partition::lock;

/// What a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// A text to or from a telephone number.
    Sms,
    /// A text among colleagues.
    Pager,
    /// A voicemail.
    VoiceMail,
    /// A fax.
    Fax,
}

impl MessageKind {
    /// The word on the wire.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sms => "SMS",
            Self::Pager => "Pager",
            Self::VoiceMail => "VoiceMail",
            Self::Fax => "Fax",
        }
    }

    /// Returns whether its messages make a conversation; a voicemail or a fax is one by itself.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Sms | Self::Pager)
    }
}

/// Something that hangs on a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its identity.
    pub id: u64,
    /// `Text`, `MmsAttachment`, `AudioRecording`, `AudioTranscription`, `RenderedDocument`.
    pub kind: &'static str,
    /// Its media type.
    pub content_type: String,
    /// Its name, where it has one.
    pub file_name: Option<String>,
}

/// A message of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// A number, on the wire too.
    pub id: u64,
    /// The conversation it belongs to; of a voicemail or a fax its own identity.
    pub conversation: String,
    /// What it is.
    pub kind: MessageKind,
    /// Which way it went.
    pub direction: Direction,
    /// The other side: several people in a group.
    pub others: Vec<Party>,
    /// The text.
    pub text: String,
    /// Milliseconds since the epoch.
    pub created_ms: u64,
    /// When something about it changed last.
    pub modified_ms: u64,
    /// Whether the person has seen it.
    pub read: bool,
    /// What hangs on it.
    pub attachments: Vec<Attachment>,
    /// What a voicemail says.
    pub transcript: Option<String>,
    /// Seconds of a voicemail, pages of a fax.
    pub length: u32,
}

/// A message that came or went before anybody looked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastMessage {
    /// What it is.
    pub kind: MessageKind,
    /// Which way it went.
    pub direction: Direction,
    /// The other side's number.
    pub number: String,
    /// Its name.
    pub name: String,
    /// What it says; of a voicemail the transcript.
    pub text: String,
    /// How long ago.
    pub minutes_ago: u64,
}

impl Message {
    /// Returns the person's own side.
    fn own(&self) -> Value {
        match self.kind {
            MessageKind::Sms => {
                json!({ "phoneNumber": OWN_NUMBER, "name": USER_NAME, "location": "San Mateo, CA" })
            }
            MessageKind::Pager => {
                json!({ "extensionNumber": OWN_EXTENSION, "extensionId": EXTENSION_ID, "name": USER_NAME })
            }
            MessageKind::VoiceMail | MessageKind::Fax => {
                json!({ "phoneNumber": OWN_NUMBER, "name": USER_NAME, "extensionNumber": OWN_EXTENSION })
            }
        }
    }

    fn other(party: &Party) -> Value {
        let mut side = party.live();
        if party.is_extension() {
            put(&mut side, "extensionId", "9200000102");
        } else {
            put(&mut side, "location", "Example Town");
        }
        put(&mut side, "name", party.name.as_str());
        side
    }

    /// Returns the own side and the others, as a log has them.
    #[must_use]
    pub fn sides(&self) -> (Value, Vec<Value>) {
        (self.own(), self.others.iter().map(Self::other).collect())
    }

    /// Returns everything that both forms have; `time` writes a time.
    fn fields(&self, media: &Media, time: impl Fn(u64) -> Value) -> Value {
        let (own, mut others) = self.sides();
        let (from, to) = match self.direction {
            Direction::Inbound => (others.pop().unwrap_or_default(), vec![own]),
            Direction::Outbound => (own, others),
        };
        let attachments: Vec<Value> = self
            .attachments
            .iter()
            .map(|it| self.attached(it, media))
            .collect();
        let mut message = json!({
            "id": self.id, "to": to, "from": from, "type": self.kind.word(),
            "creationTime": time(self.created_ms), "readStatus": if self.read { "Read" } else { "Unread" },
            "priority": "Normal", "attachments": attachments, "direction": self.direction.word(),
            "availability": "Alive",
            "messageStatus": if self.direction == Direction::Inbound { "Received" } else { "Delivered" },
            "lastModifiedTime": time(self.modified_ms),
        });
        match self.kind {
            MessageKind::Sms => {
                put(&mut message, "subject", self.text.as_str());
                put(&mut message, "smsSendingAttemptsCount", 1);
            }
            MessageKind::Pager => put(&mut message, "subject", self.text.as_str()),
            MessageKind::VoiceMail => put(&mut message, "vmTranscriptionStatus", "Completed"),
            MessageKind::Fax => {
                put(&mut message, "faxResolution", "High");
                put(&mut message, "faxPageCount", self.length);
                put(&mut message, "coverIndex", 0);
            }
        }
        message
    }

    fn attached(&self, attachment: &Attachment, media: &Media) -> Value {
        let path = attachment_path(self.id, attachment.id);
        let mut value = json!({ "id": attachment.id, "uri": media.address(&path, false), "type": attachment.kind,
            "contentType": attachment.content_type });
        if self.kind == MessageKind::VoiceMail {
            put(&mut value, "vmDuration", self.length);
        }
        if let Some(name) = &attachment.file_name {
            put(&mut value, "fileName", name.as_str());
        }
        value
    }

    /// Returns the record as the platform has it: in the notifications.
    #[must_use]
    pub fn raw(&self, media: &Media) -> Value {
        let mut message = self.fields(media, |ms| json!(iso(ms)));
        put(
            &mut message,
            "uri",
            format!("{API}/extension/{EXTENSION_ID}/message-store/{}", self.id),
        );
        if self.kind.is_text() {
            let number: u64 = self.conversation.parse().unwrap_or_default();
            put(&mut message, "conversationId", number);
            let conversation = json!({ "id": self.conversation,
                "uri": format!("{}/conversation/{}", API.trim_end_matches(&format!("/account/{ACCOUNT_ID}")), self.conversation) });
            put(&mut message, "conversation", conversation);
        }
        message
    }

    /// Returns the message as the message logger sends it.
    ///
    /// `with_token` is the registration's `attachmentWithToken`: it reaches voicemails and faxes, no others.
    #[must_use]
    pub fn logged(&self, media: &Media, with_token: bool) -> Value {
        let mut message = self.fields(media, |ms| json!(ms));
        put(&mut message, "conversationId", self.conversation.as_str());
        if !self.kind.is_text() {
            let mut attachments = Vec::new();
            for it in &self.attachments {
                let path = attachment_path(self.id, it.id);
                let mut value = self.attached(it, media);
                put(&mut value, "uri", media.address(&path, with_token));
                put(&mut value, "link", media.link(&path));
                attachments.push(value);
            }
            put(&mut message, "attachments", attachments);
            put(
                &mut message,
                "transcript",
                self.transcript.clone().map_or(Value::Null, Value::from),
            );
        }
        message
    }

    /// Returns the address of a file that hangs on it, with the token: what a download opens.
    #[must_use]
    pub fn file(&self, content_type: &str, media: &Media) -> Option<String> {
        let attachment = self
            .attachments
            .iter()
            .find(|it| it.content_type == content_type)?;
        Some(media.address(&attachment_path(self.id, attachment.id), true))
    }

    /// Returns the type and the bytes of one of its attachments, if it is at `path`.
    pub(super) fn content(
        &self,
        path: &str,
        silence: impl Fn() -> Vec<u8>,
    ) -> Option<(&'static str, Vec<u8>)> {
        let attachment = self
            .attachments
            .iter()
            .find(|it| attachment_path(self.id, it.id) == path)?;
        Some(match attachment.kind {
            "AudioRecording" => ("audio/mpeg", silence()),
            "RenderedDocument" => ("application/pdf", b"%PDF-1.4\n%%EOF\n".to_vec()),
            "AudioTranscription" => (
                "text/plain",
                self.transcript.clone().unwrap_or_default().into_bytes(),
            ),
            _ => ("text/plain", self.text.clone().into_bytes()),
        })
    }
}

/// A message on its way into the store.
struct New<'a> {
    kind: MessageKind,
    direction: Direction,
    others: &'a [&'a str],
    text: &'a str,
    files: &'a [(&'a str, &'a str)],
    length: u32,
}

impl<'a> New<'a> {
    const fn inbound(kind: MessageKind, from: &'a [&'a str], text: &'a str) -> Self {
        Self {
            kind,
            direction: Direction::Inbound,
            others: from,
            text,
            files: &[],
            length: 1,
        }
    }
}

impl Platform {
    /// Returns the messages, newest first.
    pub fn messages(&self) -> Vec<Message> {
        let mut messages = lock(&self.books).messages.clone();
        messages.sort_by_key(|it| std::cmp::Reverse((it.created_ms, it.id)));
        messages
    }

    /// Somebody writes. Returns the conversation.
    pub fn receive_sms(&self, from: &str, text: &str) -> String {
        self.deliver(&New::inbound(MessageKind::Sms, &[from], text))
    }

    /// Somebody writes and attaches files, each a name and a media type. Returns the conversation.
    pub fn receive_mms(&self, from: &str, text: &str, files: &[(&str, &str)]) -> String {
        self.deliver(&New {
            files,
            ..New::inbound(MessageKind::Sms, &[from], text)
        })
    }

    /// A colleague writes. Returns the conversation.
    pub fn receive_pager(&self, extension: &str, text: &str) -> String {
        self.deliver(&New::inbound(MessageKind::Pager, &[extension], text))
    }

    /// The person writes, to one or several. Returns the conversation.
    pub fn send_message(&self, to: &[&str], text: &str) -> String {
        let internal = to.iter().all(|it| it.len() <= 6);
        self.deliver(&New {
            kind: if internal {
                MessageKind::Pager
            } else {
                MessageKind::Sms
            },
            direction: Direction::Outbound,
            others: to,
            text,
            files: &[],
            length: 1,
        })
    }

    /// Somebody leaves a voicemail of so many seconds. Returns its identity, which is its conversation's too.
    pub fn leave_voicemail(&self, from: &str, seconds: u32, transcript: &str) -> String {
        self.deliver(&New {
            length: seconds,
            ..New::inbound(MessageKind::VoiceMail, &[from], transcript)
        })
    }

    /// Somebody sends a fax. Returns its identity, which is its conversation's too.
    pub fn receive_fax(&self, from: &str, pages: u32) -> String {
        self.deliver(&New {
            length: pages,
            ..New::inbound(MessageKind::Fax, &[from], "")
        })
    }

    /// The person has seen a conversation: what was new in it is not any more.
    pub fn read_conversation(&self, conversation: &str) {
        let now = self.clock.now_ms();
        let mut read = Vec::new();
        for message in &mut lock(&self.books).messages {
            if message.conversation == conversation && !message.read {
                message.read = true;
                message.modified_ms = now.max(message.modified_ms + 1);
                read.push(message.id);
            }
        }
        if !read.is_empty() {
            self.tell(&Event::Messages(read));
        }
    }

    /// A message that no widget saw coming. Returns its conversation.
    pub fn add_past_message(&self, past: &PastMessage) -> String {
        // Nobody measured it: a second a word.
        let spoken = past.text.split_whitespace().count();
        let length = match past.kind {
            MessageKind::VoiceMail => u32::try_from(spoken).unwrap_or(u32::MAX),
            _ => 1,
        };
        let mut message = self.make(&New {
            direction: past.direction,
            length,
            ..New::inbound(past.kind, &[&past.number], &past.text)
        });
        for party in &mut message.others {
            past.name.clone_into(&mut party.name);
        }
        message.created_ms = message.created_ms.saturating_sub(past.minutes_ago * 60_000);
        message.modified_ms = message.created_ms;
        self.keep(message)
    }

    fn deliver(&self, new: &New<'_>) -> String {
        let message = self.make(new);
        self.keep(message)
    }

    fn keep(&self, message: Message) -> String {
        let (id, conversation) = (message.id, message.conversation.clone());
        lock(&self.books).messages.push(message);
        self.tell(&Event::Messages(vec![id]));
        conversation
    }

    fn make(&self, new: &New<'_>) -> Message {
        let party = |number: &&str| Party {
            number: (*number).to_owned(),
            name: self
                .name_of(number)
                .unwrap_or_else(|| "WIRELESS CALLER".to_owned()),
        };
        let others: Vec<Party> = new.others.iter().map(party).collect();
        let now = self.clock.now_ms();
        let mut books = lock(&self.books);
        books.next += 1;
        let id = 77_000_000 + books.next * 1000;
        let mut key: Vec<&str> = new.others.to_vec();
        key.sort_unstable();
        let fresh = format!("{}", 66_000_000 + books.next);
        let conversation = if new.kind.is_text() {
            books.threads.entry(key.join(" ")).or_insert(fresh).clone()
        } else {
            id.to_string()
        };
        let text = if new.kind.is_text() { new.text } else { "" };
        Message {
            id,
            conversation,
            kind: new.kind,
            direction: new.direction,
            others,
            text: text.to_owned(),
            created_ms: now,
            modified_ms: now,
            read: new.direction == Direction::Outbound,
            attachments: attachments(id, new.kind, new.files),
            transcript: (new.kind == MessageKind::VoiceMail).then(|| new.text.to_owned()),
            length: new.length,
        }
    }
}

fn attachments(id: u64, kind: MessageKind, files: &[(&str, &str)]) -> Vec<Attachment> {
    let one =
        |offset: u64, kind: &'static str, content_type: &str, name: Option<&str>| Attachment {
            id: id + offset,
            kind,
            content_type: content_type.to_owned(),
            file_name: name.map(str::to_owned),
        };
    let mut attachments = match kind {
        MessageKind::Sms => vec![one(0, "Text", "text/plain", None)],
        MessageKind::Pager => Vec::new(),
        MessageKind::VoiceMail => vec![
            one(0, "AudioRecording", "audio/mpeg", None),
            one(
                500,
                "AudioTranscription",
                "text/plain",
                Some("transcription"),
            ),
        ],
        MessageKind::Fax => vec![one(0, "RenderedDocument", "application/pdf", None)],
    };
    for (offset, (name, content_type)) in (1..).zip(files) {
        attachments.push(one(offset, "MmsAttachment", content_type, Some(name)));
    }
    attachments
}
