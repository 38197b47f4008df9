//! Phone numbers: understood, compared, found again.
//!
//! - [`Numbering`]: what turns a number as written into E.164, and [`Libphonenumber`], which does it by libphonenumber's metadata.
//! - [`region`]: the countries a national number may belong to.
//! - [`keys`]: which of two contacts a query means.
//!
//! The library is a feature of this crate: its metadata is hundreds of kilobytes, which only the worker carries.

pub mod keys;
#[cfg(feature = "libphonenumber")]
mod library;
pub mod region;

#[cfg(feature = "libphonenumber")]
pub use library::Libphonenumber;
pub use region::Region;

/// A number that was understood.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ParsedNumber {
    /// The number in E.164, without its extension: `+442079460018`.
    pub e164: String,
    /// The digits of the extension: `204`.
    pub extension: Option<String>,
    /// Whether the number is in a range that is in use; a number of the right length that is not (as fictional ones are) is possible only.
    pub valid: bool,
}

/// What calling a number means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum NumberKind {
    /// It costs more than others: the called party earns on it.
    Premium,
    /// The called party pays.
    TollFree,
    /// Any other number, or one of a range that is not in use.
    #[default]
    Ordinary,
}

/// The rules of the world's numbering plans.
pub trait Numbering {
    /// Returns the number that a text writes, if such a number is possible.
    ///
    /// `region` is where a number without country code is dialled.
    /// A text with words around the number, a number too short or too long, and an extension alone give nothing.
    fn parse(&self, raw: &str, region: Option<Region>) -> Option<ParsedNumber>;

    /// Returns what calling a number in E.164 means.
    fn kind(&self, e164: &str) -> NumberKind;

    /// Returns the country of a number in E.164; nothing for one of no country (`+800`, satellites), nor
    /// for one of a range that is not in use where several countries share a calling code.
    fn country(&self, e164: &str) -> Option<Region>;
}

/// Returns the digits of a text in ASCII, full-width and Arabic ones among them: what a search compares.
pub fn digits_of(raw: &str) -> String {
    raw.chars().filter_map(ascii_digit).collect()
}

/// Returns the digits of an extension that stands alone, as phone systems show their own: `102`, `x102`, `Ext. 102`, `*102`.
///
/// An extension has 2 to 6 digits; anything longer is a number.
pub fn bare_extension(text: &str) -> Option<&str> {
    let text = text.trim();
    let marks = ["extension", "ext.", "ext", "x", "#", "*"];
    let stripped = marks.iter().find_map(|mark| {
        let head = text.get(..mark.len())?;
        head.eq_ignore_ascii_case(mark)
            .then(|| text.get(mark.len()..))?
    });
    let digits = stripped.unwrap_or(text).trim_start_matches([' ', '.', ':']);
    let all = digits.bytes().all(|it| it.is_ascii_digit());
    (all && (2..=6).contains(&digits.len())).then_some(digits)
}

/// Returns the value of a digit of the scripts that phone numbers are written in.
fn ascii_digit(c: char) -> Option<char> {
    let zero = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        _ => return None,
    };
    char::from_digit(u32::from(c) - u32::from(zero), 10)
}
