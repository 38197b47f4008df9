//! What is read from a number as people write it; a new case is a line of `tests/phone/cases.tsv`.

use switchboard::phone::{
    Libphonenumber, NumberKind, Numbering as _, Region, bare_extension, digits_of,
};

const CASES: &str = include_str!("phone/cases.tsv");

#[test]
fn every_notation_is_read_as_the_number_it_means() {
    let mut wrong = Vec::new();
    for line in CASES.lines().filter(|it| !it.starts_with('#')) {
        let [raw, region, e164, extension, valid] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("not five columns: {line}");
        };
        let region = (!region.is_empty()).then(|| Region::parse(region).expect(line));
        let parsed = Libphonenumber.parse(raw, region);
        let read = parsed.as_ref().map_or("-", |it| it.e164.as_str());
        let read_extension = parsed
            .as_ref()
            .and_then(|it| it.extension.as_deref())
            .unwrap_or("");
        let as_valid = parsed
            .as_ref()
            .is_none_or(|it| valid.is_empty() || it.valid == (valid == "yes"));
        if read != e164 || read_extension != extension || !as_valid {
            wrong.push(format!("{line}\n    read {parsed:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_number_in_e164_is_read_as_itself() {
    for line in CASES.lines().filter(|it| !it.starts_with('#')) {
        let Some(e164) = line.split('\t').nth(2).filter(|it| *it != "-") else {
            continue;
        };
        let again = Libphonenumber.parse(e164, Region::parse("US"));
        assert_eq!(again.map(|it| it.e164).as_deref(), Some(e164));
    }
}

#[test]
fn an_extension_alone_is_no_number_but_an_extension() {
    for (text, extension) in [
        ("102", Some("102")),
        (" x102 ", Some("102")),
        ("Ext. 102", Some("102")),
        ("*102", Some("102")),
        ("#1234", Some("1234")),
    ] {
        assert_eq!(bare_extension(text), extension, "{text}");
        assert_eq!(
            Libphonenumber.parse(text, Region::parse("US")),
            None,
            "{text}"
        );
    }
    for text in ["", "1", "1234567", "+44", "Ada 102", "extra", "ｘ102"] {
        assert_eq!(bare_extension(text), None, "{text}");
    }
}

#[test]
fn digits_are_compared_in_one_script() {
    assert_eq!(digits_of("+49 (0)221-471٠"), "4902214710");
    assert_eq!(digits_of("０３-３２２４"), "033224");
}

#[test]
fn a_number_says_what_calling_it_means_and_where() {
    for (e164, kind, country) in [
        ("+442079460321", NumberKind::Ordinary, Some("GB")),
        ("+449098790000", NumberKind::Premium, Some("GB")),
        ("+19002530000", NumberKind::Premium, Some("US")),
        ("+448081570192", NumberKind::TollFree, Some("GB")),
        ("+80012345678", NumberKind::TollFree, None),
        ("+18769261234", NumberKind::Ordinary, Some("JM")),
        ("+16505550100", NumberKind::Ordinary, Some("US")),
        ("nonsense", NumberKind::Ordinary, None),
    ] {
        assert_eq!(Libphonenumber.kind(e164), kind, "{e164}");
        let found = Libphonenumber.country(e164).map(Region::code);
        assert_eq!(found, country, "{e164}");
    }
}
