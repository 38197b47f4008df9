//! What a page of the widget finds around itself.

use std::collections::BTreeMap;

use serde_json::Value;

/// What the loader saw around it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The identity of the storage it lives in.
    pub partition: String,
    /// Whether it is embedded at all (`window.parent !== window`).
    pub embedded: bool,
    /// `isSecureContext`.
    pub secure: bool,
    /// `navigator.language`.
    pub language: String,
    /// The query of its address, with the question mark.
    pub query: String,
    /// `location.ancestorOrigins`, nearest first; empty where the browser does not say.
    pub ancestors: Vec<String>,
    /// Whether the tab can be seen.
    pub visible: bool,
    /// Whether the frame may use the microphone, where the browser says.
    pub microphone: Option<bool>,
    /// How far its local time is ahead of UTC, in minutes.
    pub utc_offset: i32,
    /// Which widget it plays.
    pub build: Build,
}

/// Builds of the real widget that differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Build {
    /// Today's.
    #[default]
    Current,
    /// 1.8.8 or older: with conference calls.
    Conferences,
}

impl Facts {
    /// Reads what the loader reported.
    #[must_use]
    pub fn from_hello(hello: &Value) -> Self {
        let text = |key: &str| {
            hello
                .get(key)
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned()
        };
        let flag = |key: &str| hello.get(key).and_then(Value::as_bool).unwrap_or_default();
        let ancestors = hello.get("ancestors").and_then(Value::as_array);
        Self {
            partition: text("partition"),
            embedded: flag("embedded"),
            secure: flag("secure"),
            language: text("language"),
            query: text("query"),
            ancestors: ancestors
                .into_iter()
                .flatten()
                .filter_map(|it| it.as_str().map(str::to_owned))
                .collect(),
            visible: flag("visible"),
            microphone: hello.get("microphone").and_then(Value::as_bool),
            utc_offset: hello
                .get("offset")
                .and_then(Value::as_i64)
                .and_then(|it| i32::try_from(it).ok())
                .unwrap_or_default(),
            build: Build::Current,
        }
    }

    /// Returns the parameters of its address as they were written; of one that came twice the last.
    #[must_use]
    pub fn params(&self) -> BTreeMap<String, String> {
        let pairs = self.query.trim_start_matches('?').split('&');
        pairs
            .filter(|it| !it.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    /// Returns whether a parameter is in the query; its value does not matter.
    #[must_use]
    pub fn has_param(&self, name: &str) -> bool {
        self.params().contains_key(name)
    }
}
