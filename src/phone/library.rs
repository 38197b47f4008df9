//! [`Numbering`] by libphonenumber, in its Rust port.

use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, PhoneNumberType,
};

use super::{NumberKind, Numbering, ParsedNumber, Region, ascii_digit, bare_extension, digits_of};

/// The numbering plans of libphonenumber's metadata.
///
/// The first number of a country costs milliseconds, for its patterns are compiled then.
#[derive(Clone, Copy, Debug, Default)]
pub struct Libphonenumber;

impl Numbering for Libphonenumber {
    fn parse(&self, raw: &str, region: Option<Region>) -> Option<ParsedNumber> {
        let raw = plain(raw);
        if bare_extension(&raw).is_some() {
            return None;
        }
        let (base, extension) = split_extension(&raw);
        let digits = digits_of(base).len();
        // Numbers have at most 15 digits; "(0)" and a trunk prefix may come on top. Words are no numbers.
        if !(5..=20).contains(&digits) || base.chars().filter(|it| it.is_alphabetic()).count() > 20
        {
            return None;
        }
        let region = region.and_then(|it| rlibphonenumber::Region::from_code(it.code()).ok());
        let number = PHONE_NUMBER_UTIL.parse(base, region).ok()?;
        if number.is_possible_with_reason().ok()? != NumberLengthType::IsPossible {
            return None;
        }
        let own = number.extension().to_owned();
        Some(ParsedNumber {
            e164: number.format_as(PhoneNumberFormat::E164).into_owned(),
            extension: extension
                .map(str::to_owned)
                .or(Some(own))
                .filter(|it| !it.is_empty()),
            valid: number.is_valid(),
        })
    }

    fn kind(&self, e164: &str) -> NumberKind {
        match in_e164(e164).map(|number| number.get_type()) {
            Some(PhoneNumberType::PremiumRate) => NumberKind::Premium,
            Some(PhoneNumberType::TollFree) => NumberKind::TollFree,
            _ => NumberKind::Ordinary,
        }
    }

    fn country(&self, e164: &str) -> Option<Region> {
        Region::parse(&in_e164(e164)?.get_region_code()?.to_string())
    }
}

fn in_e164(e164: &str) -> Option<PhoneNumber> {
    PHONE_NUMBER_UTIL.parse(e164, None).ok()
}

/// Writes full-width digits and marks in ASCII.
fn plain(raw: &str) -> String {
    raw.trim()
        .chars()
        .map(|c| match c {
            '＋' => '+',
            '（' => '(',
            '）' => ')',
            '－' | '‐' | '‑' | '–' => '-',
            _ => ascii_digit(c).unwrap_or(c),
        })
        .collect()
}

/// Takes an extension off that is marked as telephone systems mark it (`*101`) or in a language the library does not read.
fn split_extension(raw: &str) -> (&str, Option<&str>) {
    const MARKS: &[&str] = &[
        "*",
        ";ext=",
        "Durchwahl",
        "durchwahl",
        "Nebenstelle",
        "poste",
        "interno",
        "toestel",
        "内線",
        "分机",
    ];
    for mark in MARKS {
        let Some((base, rest)) = raw.rsplit_once(mark) else {
            continue;
        };
        let digits = rest.trim_matches([' ', '.', ':', ')', '-']);
        if digits_of(base).len() >= 5
            && (1..=8).contains(&digits.len())
            && digits.bytes().all(|it| it.is_ascii_digit())
        {
            return (
                base.trim_end_matches([' ', ',', '(', ';', '-']),
                Some(digits),
            );
        }
    }
    (raw, None)
}
