//! Meetings: invitations, those to come, and their log.

use serde_json::{Value, json};

use super::ports::{Browser, Store};
use super::widget::{Answer, At};
use super::{Done, Service};
use crate::meetings::{self, Held, Invitation};
use crate::phone::Numbering;
use crate::protocol::runtime::{FromBackground, InviteOffer, Refusal};
use crate::protocol::stored::{Contact, LogEntry, LogState, Millis, TabReport};

/// How many of the newest entries are looked through for plans. Those that are to come are the newest of
/// all; what follows are the calls of today.
const MOST_LOOKED_AT: u32 = 300;
/// Nobody comes earlier than this to a meeting: what was held before is another one in the same room.
const EARLY_MS: Millis = 60 * 60 * 1000;
/// A meeting that began longer ago is not listed any more.
const DAY_MS: Millis = 24 * 60 * 60 * 1000;

impl<S: Store, B: Browser, N: Numbering> Service<S, B, N> {
    /// A meeting was scheduled in the widget.
    pub(super) async fn meeting_scheduled(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let meeting = body.get("meeting").unwrap_or(&Value::Null);
        let clock = |at| self.browser.offset_min(at);
        Ok(self
            .invite(at, Invitation::of_meeting(meeting, &clock))
            .await)
    }

    /// A conference was set up in a widget of old.
    pub(super) async fn conference_set_up(&self, at: At<'_>, body: &Value) -> Done<Answer> {
        let conference = body.get("conference").unwrap_or(&Value::Null);
        let now = self.browser.now();
        let today = self.browser.day(now);
        let invitation = Invitation::of_conference(conference, now, &today);
        Ok(self.invite(at, invitation).await)
    }

    /// Keeps an invitation, and offers it to the user in any case: it is needed now.
    async fn invite(&self, at: At<'_>, invitation: Option<Invitation>) -> Answer {
        let Some(mut invitation) = invitation else {
            return Answer::ok();
        };
        if invitation.title.is_empty() {
            invitation.title = self.browser.text("kind_meeting", &[]);
        }
        let kept = self.keep_plan(at.site, &invitation).await;
        let offered = self.offer_invitation(at, &invitation).await;
        let alert = match (kept, offered) {
            (Ok(()), Ok(())) => self.alert("alert_invite_ready", "info"),
            _ => self.alert("alert_log_failed", "danger"),
        };
        Answer::ok().then([alert])
    }

    async fn keep_plan(&self, place: &str, invitation: &Invitation) -> Done<()> {
        let now = self.browser.now();
        self.store
            .update_log(&invitation.key, |known| {
                meetings::plan(known, invitation, place, now)
            })
            .await?;
        self.browser.announce();
        Ok(())
    }

    async fn offer_invitation(&self, at: At<'_>, invitation: &Invitation) -> Done<()> {
        let people = self.people_in_view(at).await?;
        let (addresses, names) = meetings::receivers(&people);
        let text = meetings::invitation(&invitation.details, &invitation.location);
        let offer = InviteOffer {
            mailto: meetings::mailto(&invitation.title, &text, &addresses),
            title: invitation.title.clone(),
            text,
            names,
        };
        self.tell_frames_of_tab(at, &FromBackground::Invite(offer))
            .await
    }

    /// The contacts that the user sees beside the widget, that of the open record first. A widget in a
    /// window of its own stands beside no page: then those of the page that was read last.
    async fn people_in_view(&self, at: At<'_>) -> Done<Vec<Contact>> {
        let mut reports = Vec::new();
        for site in self.scope(at.site).await?.sites() {
            reports.extend(self.store.tab_reports(site).await?);
        }
        let own = reports.iter().find(|(tab, _)| *tab == at.tab);
        let last = || reports.iter().max_by_key(|(_, report)| report.at);
        let Some((_, report)) = own.or_else(last) else {
            return Ok(Vec::new());
        };
        let mut people = Vec::new();
        for id in ids_in_view(report) {
            people.extend(self.contact_now(&report.site, id).await?);
        }
        Ok(people)
    }

    /// Tells the frame pages of one tab something that is not for their widgets.
    async fn tell_frames_of_tab(&self, at: At<'_>, message: &FromBackground) -> Done<()> {
        for (tab, frame) in self.store.frames_of(at.site).await? {
            if tab == at.tab && !self.browser.tell_frame(tab, frame, message).await {
                self.store.drop_frame(tab, frame).await?;
            }
        }
        Ok(())
    }

    /// The meetings to come.
    pub(super) async fn upcoming_meetings(&self, place: &str) -> Done<Answer> {
        let now = self.browser.now();
        let mut planned = self.store.newest_logs(None, MOST_LOOKED_AT).await?;
        planned.retain(|it| it.started_at > now - DAY_MS);
        let mut events = Vec::new();
        for site in self.scope(place).await?.sites() {
            events.extend(self.store.events(site, now - DAY_MS).await?);
        }
        Ok(Answer::data(json!(meetings::upcoming(
            &planned, &events, now
        ))))
    }

    /// Keeps a meeting of the widget's history.
    pub(super) async fn log_meeting(&self, at: At<'_>, body: &Value) -> Answer {
        match self.keep_meeting(at.site, body).await {
            Ok(()) => Answer::ok(),
            Err(_) => Answer::data(Value::Null).then([self.alert("alert_log_failed", "danger")]),
        }
    }

    async fn keep_meeting(&self, place: &str, body: &Value) -> Done<()> {
        let meeting = body.get("meeting").unwrap_or(&Value::Null);
        let clock = |at| self.browser.offset_min(at);
        let held = Held::of(meeting, &clock).ok_or(Refusal::NotAllowed)?;
        let key = self.key_of_meeting(&held).await?;
        let now = self.browser.now();
        let known = self.store.log(&key).await?;
        let entry = meetings::hold(known.clone(), &key, &held, place, now);
        if known.as_ref() == Some(&entry) {
            return Ok(());
        }
        self.store
            .update_log(&key, |known| meetings::hold(known, &key, &held, place, now))
            .await?;
        self.browser.announce();
        Ok(())
    }

    /// The entry of a meeting: its own if it has one, else that of its plan.
    ///
    /// A plan is that of the meeting if it has the same room on the same day and is not for hours later.
    /// One room can be used several times a day, so the nearest plan counts, and one that a meeting has
    /// completed is no plan any more.
    async fn key_of_meeting(&self, held: &Held) -> Done<String> {
        let own = held.key();
        if self.store.log(&own).await?.is_some() {
            return Ok(own);
        }
        let completed = self.store.logs_with_alias(&own).await?;
        if let Some(entry) = completed.into_iter().next() {
            return Ok(entry.key);
        }
        let (Some(alias), Some(started_at)) = (held.join_alias(), held.started_at) else {
            return Ok(own);
        };
        let day = self.browser.day(started_at);
        let plans = self.store.logs_with_alias(&alias).await?;
        let nearest = plans
            .into_iter()
            .filter(|it: &LogEntry| it.state == LogState::Planned)
            .filter(|it| self.browser.day(it.started_at) == day)
            .filter(|it| it.started_at <= started_at + EARLY_MS)
            .min_by_key(|it| it.started_at.abs_diff(started_at));
        Ok(nearest.map_or(own, |plan| plan.key))
    }
}

fn ids_in_view(report: &TabReport) -> Vec<&str> {
    let mut ids: Vec<&str> = report.open_record.iter().map(String::as_str).collect();
    for id in &report.in_view {
        if !ids.contains(&id.as_str()) {
            ids.push(id);
        }
    }
    ids
}
