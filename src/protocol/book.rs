//! What the log book asks, and what it shows.
//!
//! The book shows and edits what is stored; the worker alone writes.

use serde::{Deserialize, Serialize};

use super::stored::{
    Direction, LogKind, LogState, MediaState, MessageKind, Millis, SiteId, Stage, Why,
};

/// A page of the log, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListLogs {
    /// Entries older than this one's `[started_at, key]`; `None` for the newest.
    pub before: Option<(Millis, String)>,
    /// At most so many.
    pub limit: u32,
}

/// A page of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogPage {
    /// The entries.
    pub rows: Vec<LogRow>,
    /// What to ask for next, if there are more.
    pub next: Option<(Millis, String)>,
}

/// A log entry as the book shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRow {
    /// The entry's key.
    pub key: String,
    /// What it is about.
    pub kind: LogKind,
    /// When it began.
    pub started_at: Millis,
    /// How long it lasted, in seconds.
    pub duration_s: Option<u32>,
    /// Which way it went.
    pub direction: Direction,
    /// How far it has come.
    pub stage: Stage,
    /// The widget's word for the outcome.
    pub result: String,
    /// The contact's name; empty if unknown.
    pub contact: String,
    /// Address of the contact's record, if known.
    pub contact_url: Option<String>,
    /// The other side's number.
    pub number: String,
    /// The name that the phone network gave.
    pub caller_name: String,
    /// The note.
    pub note: String,
    /// What the user calls it; a meeting's title otherwise; else empty.
    pub subject: String,
    /// What the user says came of it; one of `form::OUTCOMES`, or empty.
    pub outcome: String,
    /// What kind of messages it holds.
    pub message_kind: MessageKind,
    /// How many messages.
    pub message_count: u32,
    /// The beginning of the newest message.
    pub preview: String,
    /// A page that plays the recording.
    pub recording: Option<String>,
    /// Whether it is as it should be.
    pub state: LogState,
    /// The sites it is linked to, by name.
    pub sites: Vec<String>,
}

/// One entry, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryOf {
    /// Its key.
    pub key: String,
}

/// One entry, whole, as the book shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct EntryView {
    /// What its row shows.
    pub row: LogRow,
    /// Its contact, per site.
    pub links: Vec<LinkView>,
    /// Whom it could be linked to: those who have its number.
    pub choices: Vec<ContactChoice>,
    /// Its messages, oldest first.
    pub messages: Vec<MessageView>,
    /// Notes of the widget's assistant.
    pub ai_note: Option<String>,
    /// What was said.
    pub transcript: Option<String>,
    /// Files.
    pub files: Vec<FileView>,
    /// Where a meeting is joined.
    pub location: String,
    /// The text of a meeting's invitation.
    pub details: String,
    /// The `mailto:` address of an invitation's draft; empty for other entries.
    pub mailto: String,
    /// What happened to it, oldest first: when, and the widget's trigger type and state.
    pub timeline: Vec<(Millis, String, String)>,
}

/// The contact of an entry on one site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkView {
    /// The site.
    pub site: SiteId,
    /// What to call it.
    pub site_name: String,
    /// The contact's id there.
    pub contact: String,
    /// Its name.
    pub name: String,
    /// Address of its record.
    pub url: Option<String>,
    /// Why this one.
    pub why: Why,
}

/// A contact to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactChoice {
    /// The site.
    pub site: SiteId,
    /// What to call it.
    pub site_name: String,
    /// The contact's id there.
    pub contact: String,
    /// Its name.
    pub name: String,
    /// Its company, or what else tells it from a namesake.
    pub about: String,
}

/// A message as the book shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MessageView {
    /// When.
    pub at: Millis,
    /// Which way it went.
    pub direction: Direction,
    /// Who sent it: a name, else a number.
    pub from: String,
    /// What it says.
    pub text: String,
    /// Whether it could not be delivered.
    pub failed: bool,
    /// Its files.
    pub files: Vec<FileView>,
}

/// A file of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileView {
    /// RingCentral's id of the recording or attachment.
    pub id: String,
    /// Its name, or empty.
    pub name: String,
    /// Its content type.
    pub kind: String,
    /// A page that shows it after a sign-in.
    pub link: Option<String>,
    /// Its key in the media store, and how its download went; `None` if none was tried.
    pub media: Option<(String, MediaState)>,
    /// Its length in bytes, once it is kept.
    pub bytes: u32,
}

/// The user edited an entry. What is `None` stays as it is. Answered with the entry as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaveEntry {
    /// Its key.
    pub key: String,
    /// The note.
    pub note: Option<String>,
    /// What the user calls it.
    pub subject: Option<String>,
    /// What came of it.
    pub outcome: Option<String>,
    /// The contact on a site: the site and the contact's id; an empty id takes the link away.
    pub contact: Option<(SiteId, String)>,
}

/// Delete these entries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeleteEntries {
    /// Their keys.
    pub keys: Vec<String>,
}

/// Try a failed entry again. Answered with the entry as it is now; its state says whether that helped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepairEntry {
    /// Its key.
    pub key: String,
}

/// The calls that the widgets know and the log does not, please.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnloggedOf {}

/// The unlogged calls of one site's widget.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnloggedView {
    /// The site.
    pub site: SiteId,
    /// What to call it.
    pub site_name: String,
    /// When its widget was asked.
    pub at: Millis,
    /// The calls, newest first, with the contact they would be logged with.
    pub rows: Vec<LogRow>,
}

/// Ask every widget that is up for its unlogged calls; answered with how many were asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AskUnlogged {}

/// Log these calls; answered with how many were logged now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogUnlogged {
    /// The site.
    pub site: SiteId,
    /// The keys of the rows.
    pub keys: Vec<String>,
}

/// Do not offer these calls any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DismissUnlogged {
    /// The site.
    pub site: SiteId,
}

/// The people of a site, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListPeople {
    /// The site; empty for the first one that has people.
    pub site: SiteId,
    /// What to look for; empty for everybody.
    pub text: String,
    /// How many to pass over.
    pub skip: u32,
    /// At most so many.
    pub limit: u32,
}

/// People of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PeoplePage {
    /// The sites there are: id and name.
    pub sites: Vec<(SiteId, String)>,
    /// The site that is shown.
    pub site: SiteId,
    /// The people.
    pub rows: Vec<PersonRow>,
    /// How many there are in all.
    pub total: u32,
}

/// A contact in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonRow {
    /// Its id on its site.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is an organisation.
    pub organisation: bool,
    /// Company and job title, as one text.
    pub about: String,
    /// Its numbers as the page writes them.
    pub numbers: Vec<String>,
    /// Its e-mail addresses.
    pub emails: Vec<String>,
    /// Address of its record.
    pub url: Option<String>,
    /// When it was last read.
    pub read_at: Millis,
    /// Whether it is not to be contacted.
    pub says_no: bool,
}

/// One contact, whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactsOf {
    /// The site.
    pub site: SiteId,
    /// The contact's id there.
    pub id: String,
}

/// One contact, whole, as the book shows it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonView {
    /// What its row shows.
    pub row: PersonRow,
    /// The user's own word about being contacted; `None` leaves it to the page.
    pub do_not_contact: Option<bool>,
    /// Whether the page says no.
    pub page_says_no: bool,
    /// Others who may be the same person.
    pub twins: Vec<PersonRow>,
    /// Numbers for which the user chose this contact over others: key, and how to show it.
    pub chosen_for: Vec<(String, String)>,
    /// What was logged with this contact, newest first.
    pub entries: Vec<LogRow>,
}

/// Forget these contacts; they stay forgotten when they are read again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetContacts {
    /// The site.
    pub site: SiteId,
    /// Their ids.
    pub ids: Vec<String>,
}

/// One contact is another's duplicate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeContacts {
    /// The site.
    pub site: SiteId,
    /// The id that stays.
    pub keep: String,
    /// The ids that go into it.
    pub drop: Vec<String>,
}

/// The user says whether a contact may be contacted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarkContact {
    /// The site.
    pub site: SiteId,
    /// The contact's id.
    pub id: String,
    /// `None` leaves it to the page.
    pub do_not_contact: Option<bool>,
}

/// Forget everybody of a site; a new reading brings them back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WipeSite {
    /// The site.
    pub site: SiteId,
}

/// Forget whom the user chose for a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unchoose {
    /// The key, as in [`PersonView::chosen_for`].
    pub number: String,
}
