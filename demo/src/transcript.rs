//! What the widget and its host said to each other.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;
use tokio::time::Instant;

use crate::clock::millis;

/// What became of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Neither an answer yet nor the limit.
    Waiting,
    /// Answered in time.
    Answered,
    /// Answered, but after the limit: the widget had already given up.
    Late,
    /// The limit passed.
    Unanswered,
}

/// One request of the widget and its answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    /// The registered path.
    pub path: String,
    /// The body, `None` where the widget sends none.
    pub body: Option<Value>,
    /// What came back.
    pub response: Option<Value>,
    /// When it was asked, milliseconds since the epoch.
    pub asked_ms: u64,
    /// How long the answer took.
    pub took: Option<Duration>,
    /// How long the widget waits for this path.
    pub limit: Duration,
    /// What became of it.
    pub outcome: Outcome,
    pub(crate) id: String,
    pub(crate) since: Instant,
}

impl Exchange {
    /// Returns a field of the body.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.body.as_ref()?.get(name)
    }
}

/// Everything that was said since the widget was loaded, in order.
#[derive(Debug, Clone, Default)]
pub struct Transcript {
    /// The widget's requests.
    pub requests: Vec<Exchange>,
    /// Everything else that the widget posted.
    pub notifications: Vec<Value>,
    /// What the host posted, without its answers.
    pub commands: Vec<Value>,
    /// What the host posted before anybody listened: the widget never saw it.
    pub lost: Vec<Value>,
    /// Where the host did something that makes the real widget throw, drop it or hang, in words.
    pub faults: Vec<String>,
    /// Those of the faults that are exceptions in the real widget.
    pub thrown: Vec<String>,
    /// What the real widget writes to the console and then leaves out: a settings item, a button.
    pub warnings: Vec<String>,
}

/// How fast the host answers on one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathTiming {
    /// The registered path.
    pub path: String,
    /// How many requests there were.
    pub count: usize,
    /// The slowest answer that came, in milliseconds; 0 where none came.
    pub slowest_ms: u64,
    /// Requests without any answer within their limit.
    pub unanswered: usize,
    /// Requests that were answered after their limit.
    pub late: usize,
}

impl Transcript {
    /// Returns the requests on one path.
    pub fn on<'a>(&'a self, path: &'a str) -> impl DoubleEndedIterator<Item = &'a Exchange> + 'a {
        self.requests.iter().filter(move |it| it.path == path)
    }

    /// Returns the notifications of one type.
    pub fn told<'a>(&'a self, kind: &'a str) -> impl DoubleEndedIterator<Item = &'a Value> + 'a {
        self.notifications
            .iter()
            .filter(move |it| it.get("type").and_then(Value::as_str) == Some(kind))
    }

    /// Returns the requests that were answered late or not at all.
    pub fn missed(&self) -> impl Iterator<Item = &Exchange> {
        self.requests
            .iter()
            .filter(|it| matches!(it.outcome, Outcome::Late | Outcome::Unanswered))
    }

    /// Returns how fast every path was answered, in the order of the paths.
    #[must_use]
    pub fn timing(&self) -> Vec<PathTiming> {
        let mut paths: BTreeMap<&str, PathTiming> = BTreeMap::new();
        for request in &self.requests {
            let path = request.path.as_str();
            let timing = paths.entry(path).or_insert_with(|| PathTiming {
                path: path.to_owned(),
                count: 0,
                slowest_ms: 0,
                unanswered: 0,
                late: 0,
            });
            timing.count += 1;
            timing.slowest_ms = timing.slowest_ms.max(request.took.map_or(0, millis));
            timing.unanswered += usize::from(request.outcome == Outcome::Unanswered);
            timing.late += usize::from(request.outcome == Outcome::Late);
        }
        paths.into_values().collect()
    }

    /// Returns the log requests about one conversation, in order.
    pub fn message_logs<'a>(
        &'a self,
        conversation: &'a str,
    ) -> impl Iterator<Item = &'a Exchange> + 'a {
        self.requests.iter().filter(move |it| {
            it.field("triggerType").is_some()
                && it
                    .field("conversation")
                    .and_then(|group| group.get("conversationId"))
                    .and_then(Value::as_str)
                    == Some(conversation)
        })
    }

    /// Returns the automatic and manual log requests of one call, in order.
    pub fn logs<'a>(&'a self, session: &'a str) -> impl Iterator<Item = &'a Exchange> + 'a {
        self.requests.iter().filter(move |it| {
            it.field("triggerType").is_some()
                && it
                    .field("call")
                    .and_then(|call| call.get("sessionId"))
                    .and_then(Value::as_str)
                    == Some(session)
        })
    }

    /// Writes an answer down; returns whether the widget still waits for it.
    pub(crate) fn answer(&mut self, id: &str, response: Option<Value>) -> bool {
        let Some(exchange) = self.requests.iter_mut().find(|it| it.id == id) else {
            self.faults.push("an answer to no request".to_owned());
            return false;
        };
        match exchange.outcome {
            Outcome::Waiting => exchange.outcome = Outcome::Answered,
            Outcome::Unanswered => exchange.outcome = Outcome::Late,
            Outcome::Answered | Outcome::Late => {
                let fault = format!("{} was answered twice", exchange.path);
                self.faults.push(fault);
                return false;
            }
        }
        exchange.took = Some(exchange.since.elapsed());
        exchange.response = response;
        exchange.outcome == Outcome::Answered
    }

    /// Writes down that the limit passed.
    pub(crate) fn give_up(&mut self, id: &str) {
        if let Some(exchange) = self.requests.iter_mut().find(|it| it.id == id)
            && exchange.outcome == Outcome::Waiting
        {
            exchange.outcome = Outcome::Unanswered;
        }
    }
}
