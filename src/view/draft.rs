//! A text that is saved as it is typed, while others may change it, too.

/// What stands in a field, and what is known to be stored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    saved: String,
    typed: String,
    on_its_way: Option<String>,
}

impl Draft {
    /// A field that shows what is stored.
    pub fn of(saved: &str) -> Self {
        Self {
            saved: saved.to_owned(),
            typed: saved.to_owned(),
            on_its_way: None,
        }
    }

    /// The user changed the field.
    pub fn typed(&mut self, text: &str) {
        text.clone_into(&mut self.typed);
    }

    /// Whether everything that was typed is stored.
    pub fn is_saved(&self) -> bool {
        self.on_its_way.is_none() && self.typed == self.saved
    }

    /// Returns what is to be sent now; one text is on its way at a time, so that a later one is never
    /// overtaken by an earlier one.
    pub fn due(&mut self) -> Option<String> {
        if self.on_its_way.is_some() || self.typed == self.saved {
            return None;
        }
        self.on_its_way = Some(self.typed.clone());
        self.on_its_way.clone()
    }

    /// What was on its way is stored.
    pub fn arrived(&mut self) {
        if let Some(text) = self.on_its_way.take() {
            self.saved = text;
        }
    }

    /// What was on its way is not stored.
    pub fn failed(&mut self) {
        self.on_its_way = None;
    }

    /// The worker says what is stored. Returns whether the field is to show it: never over what the
    /// user is typing.
    pub fn heard(&mut self, stored: &str) -> bool {
        if !self.is_saved() || self.saved == stored {
            return false;
        }
        *self = Self::of(stored);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Draft;

    #[test]
    fn each_text_is_sent_once_and_one_after_the_other() {
        let mut draft = Draft::of("");
        assert_eq!(draft.due(), None);
        draft.typed("ca");
        assert_eq!(draft.due().as_deref(), Some("ca"));
        draft.typed("call back");
        assert_eq!(draft.due(), None);
        draft.arrived();
        assert!(!draft.is_saved());
        assert_eq!(draft.due().as_deref(), Some("call back"));
        draft.arrived();
        assert!(draft.is_saved());
        assert_eq!(draft.due(), None);
    }

    #[test]
    fn what_was_not_stored_is_sent_again() {
        let mut draft = Draft::of("");
        draft.typed("x");
        assert!(draft.due().is_some());
        draft.failed();
        assert!(!draft.is_saved());
        assert_eq!(draft.due().as_deref(), Some("x"));
    }

    #[test]
    fn what_is_stored_elsewhere_is_shown_unless_the_user_is_typing() {
        let mut draft = Draft::of("a");
        assert!(!draft.heard("a"));
        assert!(draft.heard("b"));
        draft.typed("bc");
        assert!(!draft.heard("d"));
        assert!(draft.due().is_some());
        assert!(!draft.heard("d"));
        draft.arrived();
        assert!(draft.heard("d"));
        assert_eq!(draft, Draft::of("d"));
    }
}
