//! RingCentral's words about messages and meetings.
//!
//! Read as calls are: field by field, whatever is missing or of another type counts as absent, and no
//! text is kept that is longer than anything a person sends.

use serde_json::Value;

use super::stored::{Attachment, Direction, Message, MessageKind, Millis, Party};
use super::widget::{id_text, text, without_token};
use crate::address::Address;

/// The most characters of an id; the longest of RingCentral's has some forty.
const MOST_ID: usize = 200;
/// The most characters of a name, a number, a status.
const MOST_NAME: usize = 200;
/// The most characters of a message. A text message has a thousand; a voicemail of many minutes has more.
const MOST_TEXT: usize = 20_000;
/// The most characters of an address.
const MOST_ADDRESS: usize = 4_000;
/// The most messages of one request.
const MOST_MESSAGES: usize = 2_000;
/// The most files, and the most receivers, of one message.
const MOST_PARTS: usize = 50;
/// The last moment that a calendar knows, as browsers have it.
const LAST_MOMENT: Millis = 8_640_000_000_000_000;

/// One day of a conversation (a whole thread of a shared inbox), as a log request brings it.
#[derive(Clone, PartialEq, Eq)]
pub struct Conversation {
    /// RingCentral's conversation id; the message id for a voicemail or a fax.
    pub id: String,
    /// The id that the widget asks for it by: the conversation's with a date, as its language writes that.
    pub log_id: String,
    /// Its messages, the newest first; the day entry they stand in is not known yet.
    pub messages: Vec<Message>,
    /// Files whose addresses hold a token.
    pub files: Vec<TokenFile>,
    /// The other side, the first where there are several.
    pub correspondent: Party,
}

/// A file as the widget offers it while its token is good. The address is kept nowhere and shown nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenFile {
    /// The message it belongs to.
    pub message: String,
    /// RingCentral's id of the file.
    pub id: String,
    /// Its address, with the token.
    pub url: String,
}

impl Conversation {
    /// Reads the `conversation` of a log request; `None` where neither it nor its messages say which it is.
    ///
    /// A message that does not say when it was made counts as made with the conversation, or now.
    pub fn of(conversation: &Value, now: Millis) -> Option<Self> {
        let raw: Vec<&Value> = conversation
            .get("messages")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .take(MOST_MESSAGES)
            .collect();
        let log_id = id_of(conversation, "conversationLogId").unwrap_or_default();
        let id = id_of(conversation, "conversationId")
            .or_else(|| raw.iter().find_map(|it| id_of(it, "conversationId")))
            .or_else(|| Some(split(&log_id).0.to_owned()).filter(|it| !it.is_empty()))?;
        let made = moment_of(conversation, "creationTime").unwrap_or(now);
        let kind = text(conversation, "type");
        let mut messages: Vec<Message> = Vec::with_capacity(raw.len());
        let mut files = Vec::new();
        for raw in raw {
            if let Some(message) = message_of(raw, &id, kind, made)
                && messages.iter().all(|known| known.id != message.id)
            {
                files.extend(files_of(raw, &message));
                messages.push(message);
            }
        }
        messages.sort_by(|a, b| (b.at, &b.id).cmp(&(a.at, &a.id)));
        let correspondent = parties(conversation, "correspondents")
            .into_iter()
            .find(|it| !it.number.is_empty());
        let other_side = || messages.first().map(other_side).unwrap_or_default();
        Some(Self {
            correspondent: correspondent.unwrap_or_else(other_side),
            id,
            log_id,
            messages,
            files,
        })
    }

    /// Keeps only the messages of these ids.
    pub fn select(&mut self, ids: &[String]) {
        self.messages.retain(|it| ids.contains(&it.id));
        self.files.retain(|it| ids.contains(&it.message));
    }
}

/// Takes a conversation log id apart: the conversation's id, and the date as the widget's language writes
/// it. Dates have slashes too, so the first one counts; a thread has no date.
pub fn split(log_id: &str) -> (&str, &str) {
    log_id.split_once('/').unwrap_or((log_id, ""))
}

/// Returns the ids of a list, as texts.
pub fn ids_of(body: &Value, field: &str) -> Vec<String> {
    let list = body.get(field).and_then(Value::as_array);
    let ids = list.into_iter().flatten().filter_map(id_text);
    ids.filter(|id| id.len() <= MOST_ID).collect()
}

fn id_of(value: &Value, field: &str) -> Option<String> {
    id_text(value.get(field)?).filter(|id| id.len() <= MOST_ID)
}

fn moment_of(value: &Value, field: &str) -> Option<Millis> {
    value
        .get(field)
        .and_then(Value::as_i64)
        .filter(|at| (1..=LAST_MOMENT).contains(at))
}

fn message_of(raw: &Value, conversation: &str, kind: &str, made: Millis) -> Option<Message> {
    let id = id_of(raw, "id")?;
    let kind = match text(raw, "type") {
        "" => kind_of(kind),
        kind => kind_of(kind),
    };
    let at = moment_of(raw, "creationTime").unwrap_or(made);
    let words = match (kind, text(raw, "transcript")) {
        (MessageKind::Voicemail, words) if !words.is_empty() => words,
        _ => text(raw, "subject"),
    };
    Some(Message {
        id,
        conversation: conversation.to_owned(),
        entry: String::new(),
        kind,
        direction: if text(raw, "direction") == "Outbound" {
            Direction::Outbound
        } else {
            Direction::Inbound
        },
        at,
        changed_at: moment_of(raw, "lastModifiedTime").unwrap_or(at),
        text: cut(words, MOST_TEXT),
        from: parties(raw, "from").into_iter().next().unwrap_or_default(),
        to: parties(raw, "to"),
        status: cut(text(raw, "messageStatus"), MOST_NAME),
        attachments: attachments(raw).filter_map(attachment_of).collect(),
    })
}

fn kind_of(word: &str) -> MessageKind {
    match word {
        "Pager" => MessageKind::Pager,
        "VoiceMail" => MessageKind::Voicemail,
        "Fax" => MessageKind::Fax,
        _ => MessageKind::Sms,
    }
}

/// One party or a list of them.
fn parties(value: &Value, field: &str) -> Vec<Party> {
    let parties = match value.get(field) {
        Some(Value::Array(parties)) => parties.as_slice(),
        Some(party) => std::slice::from_ref(party),
        None => &[],
    };
    parties
        .iter()
        .take(MOST_PARTS)
        .filter(|it| it.is_object())
        .map(|party| {
            let number = match text(party, "phoneNumber") {
                "" => text(party, "extensionNumber"),
                number => number,
            };
            Party {
                number: one_line(number, MOST_NAME),
                name: one_line(text(party, "name"), MOST_NAME),
            }
        })
        .collect()
}

/// The side of a message that is not the user.
fn other_side(message: &Message) -> Party {
    match message.direction {
        Direction::Inbound => message.from.clone(),
        Direction::Outbound => message.to.first().cloned().unwrap_or_default(),
    }
}

/// The files of a message. The text of a text message comes as a file too; it is known already.
fn attachments(raw: &Value) -> impl Iterator<Item = &Value> {
    let all = raw.get("attachments").and_then(Value::as_array);
    all.into_iter()
        .flatten()
        .take(MOST_PARTS)
        .filter(|it| text(it, "type") != "Text")
}

fn attachment_of(raw: &Value) -> Option<Attachment> {
    let address = |field| web_address(text(raw, field)).map(without_token);
    Some(Attachment {
        id: id_of(raw, "id")?,
        kind: cut(text(raw, "contentType"), MOST_NAME),
        name: one_line(text(raw, "fileName"), MOST_NAME),
        link: address("link"),
        uri: address("uri"),
    })
}

/// What was understood of a voicemail is a file too; where it came as a text it is not needed.
fn files_of(raw: &Value, message: &Message) -> Vec<TokenFile> {
    attachments(raw)
        .filter(|it| message.text.is_empty() || text(it, "type") != "AudioTranscription")
        .filter_map(|it| {
            let url = web_address(text(it, "uri"))?;
            Some(TokenFile {
                message: message.id.clone(),
                id: id_of(it, "id")?,
                url: url.to_owned(),
            })
        })
        .filter(|it| without_token(&it.url) != it.url)
        .collect()
}

/// An address of the web, not too long to be one.
pub fn web_address(url: &str) -> Option<&str> {
    let url = url.trim();
    (url.len() <= MOST_ADDRESS && Address::parse(url).is_some()).then_some(url)
}

/// The first so many characters of a text.
pub fn cut(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A text in one line, of at most so many characters.
pub fn one_line(text: &str, most: usize) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > most * 4 {
            break;
        }
    }
    cut(&line, most)
}
