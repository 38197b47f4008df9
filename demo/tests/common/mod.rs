//! A host for the widget without any browser: it answers what it is told to, or not at all.

#![allow(dead_code, reason = "every test file uses its own part")]
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test's support fails as loudly as the test itself; clippy knows only functions marked as tests"
)]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use switchboard_demo::partition::Partition;
use switchboard_demo::platform::Platform;
use switchboard_demo::{Facts, Pace, PastCall, Widget};
use tokio::sync::mpsc;

type Answer = Box<dyn Fn(&Value) -> Option<Value> + Send>;

/// The page around the widget.
pub(crate) struct Host {
    pub(crate) widget: Arc<Widget>,
    answers: Arc<Mutex<HashMap<String, Answer>>>,
    delay: Arc<Mutex<Duration>>,
}

/// A telephone company and a partition that outlive a page.
pub(crate) struct Bed {
    pub(crate) platform: Arc<Platform>,
    pub(crate) partition: Arc<Partition>,
    loads: Mutex<u64>,
}

impl Bed {
    pub(crate) fn new(signed_in: bool, past: &[PastCall]) -> Self {
        let partition = Partition::new("one");
        partition.stored().signed_in = signed_in;
        Self {
            platform: Platform::new(Pace::real(), past),
            partition: Arc::new(partition),
            loads: Mutex::new(0),
        }
    }

    /// Loads a page with a query.
    pub(crate) fn load(&self, query: &str) -> Host {
        self.load_with(Facts {
            query: query.to_owned(),
            ..Facts::default()
        })
    }

    /// Loads a page that finds these things around it; it is embedded and visible.
    pub(crate) fn load_with(&self, facts: Facts) -> Host {
        let id = {
            let mut loads = self.loads.lock().unwrap();
            *loads += 1;
            *loads
        };
        let (out, mut lines) = mpsc::unbounded_channel::<Value>();
        let facts = Facts {
            embedded: true,
            visible: true,
            ..facts
        };
        let widget = Widget::boot(id, &self.platform, &self.partition, facts, out);
        let answers: Arc<Mutex<HashMap<String, Answer>>> = Arc::default();
        let (page, known) = (Arc::clone(&widget), Arc::clone(&answers));
        let delay: Arc<Mutex<Duration>> = Arc::default();
        let wait = Arc::clone(&delay);
        tokio::spawn(async move {
            while let Some(line) = lines.recv().await {
                let post = &line["post"];
                if post["type"] != "rc-post-message-request" {
                    continue;
                }
                let path = post["path"].as_str().unwrap();
                let response = known
                    .lock()
                    .unwrap()
                    .get(path)
                    .and_then(|it| it(&post["body"]));
                if let Some(response) = response {
                    let message = json!({
                        "type": "rc-post-message-response", "responseId": post["requestId"], "response": response,
                    });
                    let (page, wait) = (Arc::clone(&page), *wait.lock().unwrap());
                    tokio::spawn(async move {
                        tokio::time::sleep(wait).await;
                        page.on_host(&message);
                    });
                }
            }
        });
        Host {
            widget,
            answers,
            delay,
        }
    }
}

impl Host {
    /// Answers every request on a path; `None` stays silent.
    pub(crate) fn answer(
        &self,
        path: &str,
        answer: impl Fn(&Value) -> Option<Value> + Send + 'static,
    ) {
        self.answers
            .lock()
            .unwrap()
            .insert(path.to_owned(), Box::new(answer));
    }

    /// From now on every answer takes so long.
    pub(crate) fn answer_after(&self, seconds: u64) {
        *self.delay.lock().unwrap() = Duration::from_secs(seconds);
    }

    pub(crate) fn say(&self, message: &Value) {
        self.widget.on_host(message);
    }

    pub(crate) fn register(&self, service: &Value) {
        self.say(&json!({ "type": "rc-adapter-register-third-party-service", "service": service }));
    }

    /// Asks the widget something and returns its answer, if one comes at once.
    pub(crate) async fn ask(&self, path: &str, body: &Value) -> Option<Value> {
        let before = self.responses().len();
        let mut message =
            json!({ "type": "rc-adapter-message-request", "requestId": "r", "path": path });
        if !body.is_null() {
            message["body"] = body.clone();
        }
        self.say(&message);
        pass(0.5).await;
        self.responses()
            .get(before)
            .map(|it| it["response"].clone())
    }

    fn responses(&self) -> Vec<Value> {
        let transcript = self.widget.transcript();
        let told = transcript.told("rc-adapter-message-response");
        told.cloned().collect()
    }

    /// The bodies of the requests on a path, in order.
    pub(crate) fn bodies(&self, path: &str) -> Vec<Value> {
        let transcript = self.widget.transcript();
        let asked = transcript.on(path);
        asked
            .map(|it| it.body.clone().unwrap_or_default())
            .collect()
    }

    /// The body of the last request on a path.
    pub(crate) fn last(&self, path: &str) -> Value {
        self.bodies(path).pop().unwrap_or_default()
    }

    /// Answers everything sensibly and registers all of it.
    pub(crate) fn register_everything(&self) {
        self.answer("/contacts", |_| {
            Some(json!({ "data": [ada()], "nextPage": null, "syncTimestamp": 1 }))
        });
        self.answer("/contacts/search", |_| Some(json!({ "data": [ada()] })));
        self.answer("/contacts/match", |body| {
            let numbers = body["phoneNumbers"].as_array().unwrap();
            let found = numbers.iter().map(|it| {
                let known = it == "+14155550142";
                (
                    it.as_str().unwrap().to_owned(),
                    if known { json!([ada()]) } else { json!([]) },
                )
            });
            Some(json!({ "data": found.collect::<serde_json::Map<_, _>>() }))
        });
        let logged: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&logged);
        self.answer("/callLogger", move |body| {
            kept.lock()
                .unwrap()
                .push(body["call"]["sessionId"].as_str().unwrap().to_owned());
            Some(json!({ "data": "ok" }))
        });
        self.answer("/callLogger/match", move |body| {
            let logged = logged.lock().unwrap();
            let sessions = body["sessionIds"].as_array().unwrap();
            let found = sessions.iter().filter_map(|it| {
                let session = it.as_str().unwrap();
                logged
                    .iter()
                    .any(|it| it == session)
                    .then(|| (session.to_owned(), json!([{ "id": "log-1" }])))
            });
            Some(json!({ "data": found.collect::<serde_json::Map<_, _>>() }))
        });
        let logged: Arc<Mutex<Vec<String>>> = Arc::default();
        let kept = Arc::clone(&logged);
        self.answer("/messageLogger", move |body| {
            let log_id = body["conversation"]["conversationLogId"].as_str().unwrap();
            kept.lock().unwrap().push(log_id.to_owned());
            Some(json!({ "data": "ok" }))
        });
        self.answer("/messageLogger/match", move |body| {
            let logged = logged.lock().unwrap();
            let ids = body["conversationLogIds"].as_array().unwrap();
            let found = ids.iter().filter_map(|it| {
                let id = it.as_str().unwrap();
                let is_logged = logged.iter().any(|it| it == id);
                is_logged.then(|| (id.to_owned(), json!([{ "id": format!("log of {id}") }])))
            });
            Some(json!({ "data": found.collect::<serde_json::Map<_, _>>() }))
        });
        for path in [
            "/meeting/invite",
            "/meetingLogger",
            "/messageLogger/inputChanged",
            "/vcard",
            "/contacts/view",
            "/activity",
            "/settings",
            "/button-click",
            "/feedback",
            "/authorize",
            "/callLogger/inputChanged",
        ] {
            self.answer(path, |_| Some(json!({ "data": "ok" })));
        }
        self.answer("/activities", |_| {
            Some(json!({ "data": [{ "id": "act-1", "subject": "Call", "time": 1 }] }))
        });
        self.answer("/meetingUpcomingList", |_| Some(json!({ "data": [] })));
        self.answer("/doNotContact", |_| {
            Some(json!({ "data": { "result": false } }))
        });
        self.register(&everything());
    }
}

pub(crate) fn ada() -> Value {
    json!({
        "id": "101", "type": "Meadow", "name": "Ada Whitfield",
        "phoneNumbers": [{ "phoneNumber": "+14155550142", "phoneType": "mobile" }],
        "company": "Northwind Analytics", "jobTitle": "Head of Operations", "emails": ["ada@northwind.example"],
    })
}

/// A registration with every path.
pub(crate) fn everything() -> Value {
    json!({
        "name": "Meadow", "contactsPath": "/contacts", "contactSearchPath": "/contacts/search",
        "contactMatchPath": "/contacts/match", "viewMatchedContactPath": "/contacts/view",
        "activitiesPath": "/activities", "activityPath": "/activity",
        "callLoggerPath": "/callLogger", "callLoggerTitle": "Log to Meadow", "recordingWithToken": 1,
        "callLogPageInputChangedEventPath": "/callLogger/inputChanged",
        "callLogEntityMatcherPath": "/callLogger/match",
        "messageLoggerPath": "/messageLogger", "messageLoggerTitle": "Log to Meadow", "attachmentWithToken": 1,
        "messagesLogPageInputChangedEventPath": "/messageLogger/inputChanged",
        "messageLogEntityMatcherPath": "/messageLogger/match",
        "meetingInvitePath": "/meeting/invite", "meetingInviteTitle": "Invite with Meadow",
        "meetingUpcomingPath": "/meetingUpcomingList", "meetingLoggerPath": "/meetingLogger",
        "vcardHandlerPath": "/vcard",
        "feedbackPath": "/feedback", "settingsPath": "/settings",
        "settings": [{ "id": "open", "type": "boolean", "name": "Open record", "value": true },
            { "id": "doIt", "type": "button", "name": "Do it now", "buttonLabel": "Run" }],
        "buttonEventPath": "/button-click", "doNotContactPath": "/doNotContact",
        "authorizationPath": "/authorize", "authorized": true, "authorizedAccount": "sam",
    })
}

/// A bed and a signed-in page with everything registered, settled.
pub(crate) async fn settled(query: &str, past: &[PastCall]) -> (Bed, Host) {
    let bed = Bed::new(true, past);
    let host = bed.load(query);
    host.register_everything();
    pass(3.0).await;
    (bed, host)
}

/// A registration with every path, with some keys of its own; a null takes a key away.
pub(crate) fn everything_but(keys: &Value) -> Value {
    let mut service = everything();
    for (key, value) in keys.as_object().unwrap() {
        if value.is_null() {
            service.as_object_mut().unwrap().remove(key);
        } else {
            service[key] = value.clone();
        }
    }
    service
}

/// Lets everything happen that is due within `seconds`. Time is paused: this costs none.
pub(crate) async fn pass(seconds: f64) {
    tokio::time::sleep(Duration::from_secs_f64(seconds)).await;
}

/// The trigger types and results of a call's logs, in order.
pub(crate) fn story(host: &Host, session: &str) -> Vec<String> {
    let transcript = host.widget.transcript();
    transcript
        .logs(session)
        .map(|it| {
            let body = it.body.as_ref().unwrap();
            format!(
                "{} {}",
                body["triggerType"].as_str().unwrap(),
                body["call"]["result"].as_str().unwrap()
            )
        })
        .collect()
}
