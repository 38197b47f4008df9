//! Which sites a widget serves.

/// The pseudo-site of the widget's own window, which serves every site that is on. It is no origin, and no
/// rule's site, for these have a colon.
pub const WINDOW: &str = "window";
