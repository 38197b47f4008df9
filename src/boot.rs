//! What the frame page says of a widget that does not start.
//!
//! A state machine, `Event -> Vec<Effect>`. Nobody says that a widget could not start: that it stays silent
//! is all there is to go by.

/// When the page around us is asked whether its headers keep the widget out, in milliseconds from the
/// moment the widget was put in.
pub const ASK_PAGE_MS: u32 = 4_000;

/// When it is tried whether the widget's address can be reached.
pub const TRY_ADDRESS_MS: u32 = 15_000;

/// When the user is told.
pub const TELL_MS: u32 = 20_000;

/// A moment after the widget was put in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// See [`ASK_PAGE_MS`].
    AskPage,
    /// See [`TRY_ADDRESS_MS`].
    TryAddress,
    /// See [`TELL_MS`].
    Tell,
}

impl Mark {
    /// All of them, in their order.
    pub const ALL: [Self; 3] = [Self::AskPage, Self::TryAddress, Self::Tell];

    /// When it comes, in milliseconds from the moment the widget was put in.
    pub fn after_ms(self) -> u32 {
        match self {
            Self::AskPage => ASK_PAGE_MS,
            Self::TryAddress => TRY_ADDRESS_MS,
            Self::Tell => TELL_MS,
        }
    }
}

/// Something happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The widget was put in, or anew.
    PutIn,
    /// The widget said something.
    Heard,
    /// A moment has come, for the widget that was put in as number `attempt`.
    Came {
        /// As [`Effect::Clock`] has it.
        attempt: u32,
        /// Which.
        mark: Mark,
        /// Whether the browser knows of a network.
        online: bool,
    },
    /// The widget's address answered something, or nothing.
    Tried {
        /// As [`Effect::TryAddress`] has it.
        attempt: u32,
        /// Whether anything came back.
        reached: bool,
    },
    /// The browser has a network again.
    Online,
    /// The user wants it tried again.
    TryAgain,
    /// The user wants the window instead.
    GiveUp,
}

/// Something is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Say when each [`Mark`] has come.
    Clock {
        /// To be repeated then.
        attempt: u32,
    },
    /// Ask the page agent what the page's headers say.
    AskPage,
    /// Try whether the widget's address can be reached.
    TryAddress {
        /// To be repeated with the answer.
        attempt: u32,
    },
    /// Show that the widget does not start, and why.
    Show(Reason),
    /// The widget is there: show it.
    Started,
    /// Put the widget in anew, and say no more of the one that was.
    PutInAnew,
    /// Ask for the window.
    OpenWindow,
}

/// Why a widget does not start, as far as it can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// The computer has no network.
    Offline,
    /// Nothing comes from the widget's address.
    Unreachable,
    /// The address answers, and what it sends does not run: the browser keeps the storage of other sites
    /// from it, or did not take it into a frame.
    Silent,
}

impl Reason {
    /// The key of its text.
    pub fn text_key(self) -> &'static str {
        match self {
            Self::Offline => "boot_offline",
            Self::Unreachable => "boot_unreachable",
            Self::Silent => "boot_silent",
        }
    }

    /// The key of what to do about it.
    pub fn help_key(self) -> &'static str {
        match self {
            Self::Offline => "boot_offline_help",
            Self::Unreachable => "boot_unreachable_help",
            Self::Silent => "boot_silent_help",
        }
    }
}

/// The start of one widget.
#[derive(Clone, Debug, Default)]
pub struct Boot {
    attempt: u32,
    heard: bool,
    asked_page: bool,
    reached: bool,
    shown: Option<Reason>,
}

impl Boot {
    /// Returns what is to be done about an event.
    pub fn on(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::PutIn => self.put_in(),
            Event::Heard => self.heard(),
            Event::Came {
                attempt,
                mark,
                online,
            } if self.waits_for(attempt) => self.came(mark, online),
            Event::Tried { attempt, reached } if self.waits_for(attempt) => self.tried(reached),
            Event::Online if self.shown.is_some_and(|it| it != Reason::Silent) => self.anew(),
            Event::TryAgain if self.shown.is_some() => self.anew(),
            Event::GiveUp if self.shown.is_some() => vec![Effect::OpenWindow],
            Event::Came { .. }
            | Event::Tried { .. }
            | Event::Online
            | Event::TryAgain
            | Event::GiveUp => Vec::new(),
        }
    }

    fn put_in(&mut self) -> Vec<Effect> {
        *self = Self {
            attempt: self.attempt.wrapping_add(1),
            asked_page: self.asked_page,
            ..Self::default()
        };
        vec![Effect::Clock {
            attempt: self.attempt,
        }]
    }

    fn waits_for(&self, attempt: u32) -> bool {
        attempt == self.attempt && !self.heard
    }

    fn came(&mut self, mark: Mark, online: bool) -> Vec<Effect> {
        match mark {
            // Its headers are the same the next time.
            Mark::AskPage if std::mem::replace(&mut self.asked_page, true) => Vec::new(),
            Mark::AskPage => vec![Effect::AskPage],
            Mark::TryAddress => vec![Effect::TryAddress {
                attempt: self.attempt,
            }],
            Mark::Tell if !online => self.show(Reason::Offline),
            Mark::Tell if !self.reached => self.show(Reason::Unreachable),
            Mark::Tell => self.show(Reason::Silent),
        }
    }

    /// An answer can come late; then what was said first is put right.
    fn tried(&mut self, reached: bool) -> Vec<Effect> {
        self.reached = reached;
        if reached && self.shown == Some(Reason::Unreachable) {
            self.show(Reason::Silent)
        } else {
            Vec::new()
        }
    }

    fn show(&mut self, reason: Reason) -> Vec<Effect> {
        self.shown = Some(reason);
        vec![Effect::Show(reason)]
    }

    /// However late it speaks.
    fn heard(&mut self) -> Vec<Effect> {
        self.shown = None;
        if std::mem::replace(&mut self.heard, true) {
            Vec::new()
        } else {
            vec![Effect::Started]
        }
    }

    fn anew(&mut self) -> Vec<Effect> {
        self.shown = None;
        vec![Effect::PutInAnew]
    }
}

#[cfg(test)]
mod tests {
    use super::{Boot, Effect, Event, Mark, Reason};

    fn came(attempt: u32, mark: Mark, online: bool) -> Event {
        Event::Came {
            attempt,
            mark,
            online,
        }
    }

    /// A widget that was put in and stays silent until the user is told.
    fn silent(reached: Option<bool>, online: bool) -> (Boot, Vec<Effect>) {
        let mut boot = Boot::default();
        assert_eq!(boot.on(Event::PutIn), [Effect::Clock { attempt: 1 }]);
        assert_eq!(boot.on(came(1, Mark::AskPage, online)), [Effect::AskPage]);
        assert_eq!(
            boot.on(came(1, Mark::TryAddress, online)),
            [Effect::TryAddress { attempt: 1 }]
        );
        if let Some(reached) = reached {
            assert_eq!(
                boot.on(Event::Tried {
                    attempt: 1,
                    reached
                }),
                []
            );
        }
        let told = boot.on(came(1, Mark::Tell, online));
        (boot, told)
    }

    #[test]
    fn the_reason_is_the_first_that_can_be_known() {
        for (reached, online, reason) in [
            (Some(true), false, Reason::Offline),
            (None, false, Reason::Offline),
            (Some(false), true, Reason::Unreachable),
            // No answer until then is none.
            (None, true, Reason::Unreachable),
            (Some(true), true, Reason::Silent),
        ] {
            assert_eq!(silent(reached, online).1, [Effect::Show(reason)]);
        }
    }

    #[test]
    fn a_widget_that_speaks_is_left_alone_for_good() {
        let mut boot = Boot::default();
        boot.on(Event::PutIn);
        assert_eq!(boot.on(Event::Heard), [Effect::Started]);
        for mark in Mark::ALL {
            assert_eq!(boot.on(came(1, mark, true)), []);
        }
        for event in [Event::Online, Event::TryAgain, Event::GiveUp] {
            assert_eq!(boot.on(event), []);
        }
    }

    #[test]
    fn the_notice_goes_by_itself_when_the_widget_speaks_after_all() {
        let (mut boot, _) = silent(Some(true), true);
        assert_eq!(boot.on(Event::Heard), [Effect::Started]);
        assert_eq!(boot.on(Event::Heard), []);
    }

    #[test]
    fn another_try_starts_the_clock_again_and_asks_the_page_once_only() {
        let (mut boot, _) = silent(Some(true), true);
        assert_eq!(boot.on(Event::TryAgain), [Effect::PutInAnew]);
        assert_eq!(boot.on(Event::PutIn), [Effect::Clock { attempt: 2 }]);
        // The old clock counts no more.
        assert_eq!(boot.on(came(1, Mark::Tell, true)), []);
        assert_eq!(
            boot.on(Event::Tried {
                attempt: 1,
                reached: true
            }),
            []
        );
        assert_eq!(boot.on(came(2, Mark::AskPage, true)), []);
        assert_eq!(
            boot.on(came(2, Mark::Tell, true)),
            [Effect::Show(Reason::Unreachable)]
        );
    }

    #[test]
    fn a_late_answer_of_the_address_puts_the_reason_right() {
        let (mut boot, _) = silent(None, true);
        let late = Event::Tried {
            attempt: 1,
            reached: true,
        };
        assert_eq!(boot.on(late), [Effect::Show(Reason::Silent)]);
        assert_eq!(boot.on(late), []);
    }

    #[test]
    fn a_network_that_comes_back_is_a_reason_to_try_again() {
        let (mut boot, _) = silent(None, false);
        assert_eq!(boot.on(Event::Online), [Effect::PutInAnew]);
        // What the network is not to blame for stays as it is.
        let (mut boot, _) = silent(Some(true), true);
        assert_eq!(boot.on(Event::Online), []);
    }

    #[test]
    fn the_window_is_asked_for_only_where_the_notice_stands() {
        let (mut boot, _) = silent(Some(true), true);
        assert_eq!(boot.on(Event::GiveUp), [Effect::OpenWindow]);
        assert_eq!(Boot::default().on(Event::GiveUp), []);
    }
}
