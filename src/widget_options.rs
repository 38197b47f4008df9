//! The parameters that the widget's address understands: which there are, what each may hold, and who reads it.
//!
//! Most are flags, and a flag counts by its presence: `disableCall=false` disables calls. So a flag that is
//! off is left out of the address, whatever word the user wrote for it.
//! Source: RingCentral Embeddable 2.3.1 and 3.0.0-beta, their configuration pages and their code.

use std::collections::BTreeMap;

use crate::address::Address;

mod table;

pub use table::ALL;

/// The longest value, in bytes: the address as a whole must stay one that servers take.
pub const LONGEST: usize = 2_000;

/// What a parameter may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Something that is off unless the parameter is there.
    Flag,
    /// Something that is in force unless the parameter says `false`.
    UnlessFalse,
    /// Any text.
    Text,
    /// An address of https.
    Address,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A number, with a point where it is broken.
    Number,
}

/// Who reads a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reader {
    /// The widget, wherever it stands.
    Widget,
    /// RingCentral's own adapter script; it does not pass it on.
    Adapter,
    /// The parameter chooses the adapter script, and goes to the widget where there is none.
    Brand,
}

/// A parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WidgetOption {
    /// Its name in the address.
    pub name: &'static str,
    /// What it may hold.
    pub kind: Kind,
    /// Who reads it.
    pub reader: Reader,
    /// Whether it is a secret: it is not shown, and of all sites' options not given to a page.
    pub secret: bool,
    /// The key of the text that says what it does.
    pub help: &'static str,
}

/// Why a parameter cannot be used as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptionError {
    /// There is no such parameter.
    Unknown,
    /// It has a field of its own, or is ours.
    Reserved,
    /// It is on or off, and the value is neither.
    NotOnOrOff,
    /// It is none of the words there are.
    NotAChoice,
    /// It is no number.
    NotANumber,
    /// It is no address of https.
    NotAnAddress,
    /// It is longer than [`LONGEST`], or holds a character that no value has.
    NotAValue,
}

impl OptionError {
    /// Every error.
    pub const ALL: [Self; 7] = [
        Self::Unknown,
        Self::Reserved,
        Self::NotOnOrOff,
        Self::NotAChoice,
        Self::NotANumber,
        Self::NotAnAddress,
        Self::NotAValue,
    ];

    /// The key of the message for the user.
    pub fn message_key(self) -> &'static str {
        match self {
            Self::Unknown => "problem_option_unknown",
            Self::Reserved => "problem_option_reserved",
            Self::NotOnOrOff => "problem_option_on_or_off",
            Self::NotAChoice => "problem_option_choice",
            Self::NotANumber => "problem_option_number",
            Self::NotAnAddress => "problem_option_address",
            Self::NotAValue => "problem_option_value",
        }
    }
}

/// What a value means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Nothing was said.
    Nothing,
    /// The flag is to be left out, also where the options of all sites have it.
    LeftOut,
    /// This goes into the address.
    Value(String),
}

/// The value of a flag that is on, and of one that is off.
pub const ON: &str = "1";
/// See [`ON`].
pub const OFF: &str = "false";

/// Returns a parameter by its name.
pub fn find(name: &str) -> Option<&'static WidgetOption> {
    ALL.iter().find(|it| it.name == name)
}

/// Returns what a value of a parameter means.
///
/// # Errors
/// The parameter is not one to be set here, or cannot hold that value; the error's key says what to do.
pub fn check(name: &str, value: &str) -> Result<Meaning, OptionError> {
    if table::RESERVED.contains(&name) {
        return Err(OptionError::Reserved);
    }
    let option = find(name).ok_or(OptionError::Unknown)?;
    let value = value.trim();
    if value.is_empty() {
        return Ok(Meaning::Nothing);
    }
    if value.len() > LONGEST || value.chars().any(char::is_control) {
        return Err(OptionError::NotAValue);
    }
    match option.kind {
        Kind::Flag | Kind::UnlessFalse if on_or_off(value)? => Ok(Meaning::Value(ON.to_owned())),
        Kind::Flag => Ok(Meaning::LeftOut),
        Kind::UnlessFalse => Ok(Meaning::Value(OFF.to_owned())),
        Kind::Address if !is_https(value) => Err(OptionError::NotAnAddress),
        Kind::Choice(words) if !words.contains(&value) => Err(OptionError::NotAChoice),
        Kind::Number if !is_number(value) => Err(OptionError::NotANumber),
        Kind::Text | Kind::Address | Kind::Choice(_) | Kind::Number => {
            Ok(Meaning::Value(value.to_owned()))
        }
    }
}

fn on_or_off(value: &str) -> Result<bool, OptionError> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "true" | "on" | "yes" => Ok(true),
        "0" | "false" | "off" | "no" => Ok(false),
        _ => Err(OptionError::NotOnOrOff),
    }
}

fn is_https(value: &str) -> bool {
    Address::parse(value).is_some_and(|it| it.scheme.eq_ignore_ascii_case("https"))
}

fn is_number(value: &str) -> bool {
    let (whole, broken) = value.split_once('.').unwrap_or((value, "0"));
    [whole, broken].iter().all(|digits| {
        (1..=10).contains(&digits.len()) && digits.bytes().all(|it| it.is_ascii_digit())
    })
}

/// Parameters by name, as they are kept.
pub type Options = BTreeMap<String, String>;

/// Returns the options of all sites as they are kept: what is off or empty is not there.
///
/// # Errors
/// One of them cannot be used.
pub fn for_all_sites(options: &Options) -> Result<Options, OptionError> {
    kept(options, false)
}

/// Returns the options of one site as they are kept: a flag that is off stays, for it wins over the flag of
/// all sites.
///
/// # Errors
/// One of them cannot be used.
pub fn for_one_site(options: &Options) -> Result<Options, OptionError> {
    kept(options, true)
}

fn kept(options: &Options, keeps_off: bool) -> Result<Options, OptionError> {
    let mut out = Options::new();
    for (name, value) in options {
        let value = match check(name, value)? {
            Meaning::Value(value) => value,
            Meaning::LeftOut if keeps_off => OFF.to_owned(),
            Meaning::LeftOut | Meaning::Nothing => continue,
        };
        out.insert(name.clone(), value);
    }
    Ok(out)
}

/// A parameter that goes into an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// Which.
    pub option: &'static WidgetOption,
    /// Its value.
    pub value: String,
    /// Whether the site itself has it.
    pub of_site: bool,
}

/// Returns what is in force on a site; its own options win. What cannot be used is left out.
pub fn in_force(of_all: &Options, of_site: &Options) -> Vec<Chosen> {
    ALL.iter()
        .filter_map(|option| {
            let own = of_site.get(option.name).filter(|it| !it.trim().is_empty());
            let value = own.or_else(|| of_all.get(option.name))?;
            match check(option.name, value) {
                Ok(Meaning::Value(value)) => Some(Chosen {
                    option,
                    value,
                    of_site: own.is_some(),
                }),
                _ => None,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::table::RESERVED;
    use super::{ALL, Meaning, OptionError, Options, check, for_all_sites, for_one_site, in_force};

    fn options(of: &[(&str, &str)]) -> Options {
        of.iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn each_value_means_what_the_widget_makes_of_it() {
        let value = |it: &str| Ok(Meaning::Value(it.to_owned()));
        for (name, typed, meaning) in [
            // A flag counts by its presence.
            ("disableCall", "1", value("1")),
            ("disableCall", "TRUE", value("1")),
            ("disableCall", "false", Ok(Meaning::LeftOut)),
            ("disableCall", "0", Ok(Meaning::LeftOut)),
            ("multipleTabsSupport", "off", Ok(Meaning::LeftOut)),
            ("disableCall", "maybe", Err(OptionError::NotOnOrOff)),
            ("disableCall", " ", Ok(Meaning::Nothing)),
            // These two understand the word.
            ("disableGlip", "false", value("false")),
            ("disableGlip", "0", value("false")),
            ("disableGlip", "1", value("1")),
            ("defaultCallWith", "ringout", value("ringout")),
            ("defaultCallWith", "phone", Err(OptionError::NotAChoice)),
            ("mainTab", "false", value("false")),
            ("zIndex", "1000", value("1000")),
            ("zIndex", "-1", Err(OptionError::NotANumber)),
            ("zIndex", "1e9", Err(OptionError::NotANumber)),
            ("errorReportSampleRate", "0.1", value("0.1")),
            ("errorReportSampleRate", ".", Err(OptionError::NotANumber)),
            (
                "stylesUri",
                "https://x.example/a.css?v=1",
                value("https://x.example/a.css?v=1"),
            ),
            (
                "stylesUri",
                "http://x.example/a.css",
                Err(OptionError::NotAnAddress),
            ),
            (
                "stylesUri",
                "javascript:alert(1)",
                Err(OptionError::NotAnAddress),
            ),
            ("prefix", " my phone ", value("my phone")),
            ("prefix", "a\nb", Err(OptionError::NotAValue)),
            ("clientId", "abc", Err(OptionError::Reserved)),
            ("defaultAutoLogCallEnabled", "1", Err(OptionError::Reserved)),
            ("_t", "1", Err(OptionError::Reserved)),
            ("disableEverything", "1", Err(OptionError::Unknown)),
        ] {
            assert_eq!(check(name, typed), meaning, "{name}={typed}");
        }
        let long = "x".repeat(super::LONGEST + 1);
        assert_eq!(check("prefix", &long), Err(OptionError::NotAValue));
    }

    #[test]
    fn a_flag_that_is_off_is_kept_where_it_wins_over_another() {
        let typed = options(&[("disableCall", "no"), ("prefix", ""), ("zIndex", "5")]);
        assert_eq!(for_all_sites(&typed), Ok(options(&[("zIndex", "5")])));
        assert_eq!(
            for_one_site(&typed),
            Ok(options(&[("disableCall", "false"), ("zIndex", "5")]))
        );
        let bad = options(&[("zIndex", "high")]);
        assert_eq!(for_all_sites(&bad), Err(OptionError::NotANumber));
    }

    #[test]
    fn a_site_has_its_own_way() {
        let of_all = options(&[("disableCall", "1"), ("zIndex", "5"), ("prefix", "a")]);
        let of_site = options(&[("disableCall", "false"), ("zIndex", "7"), ("prefix", " ")]);
        let found: Vec<(&str, String, bool)> = in_force(&of_all, &of_site)
            .into_iter()
            .map(|it| (it.option.name, it.value, it.of_site))
            .collect();
        assert_eq!(
            found,
            [
                ("prefix", "a".to_owned(), false),
                ("zIndex", "7".to_owned(), true)
            ]
        );
    }

    #[test]
    fn what_an_older_version_kept_and_cannot_be_used_is_left_out() {
        let odd = options(&[("disableCall", "maybe"), ("gone", "1"), ("clientId", "x")]);
        assert_eq!(in_force(&odd, &Options::new()), []);
    }

    #[test]
    fn no_parameter_stands_there_twice() {
        let names: BTreeSet<&str> = ALL.iter().map(|it| it.name).chain(RESERVED).collect();
        assert_eq!(names.len(), ALL.len() + RESERVED.len());
    }
}
