//! Invented people. Every number is from a range that its country keeps for fiction.

/// A company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Company {
    /// Its record number.
    pub id: u32,
    /// Its name.
    pub name: &'static str,
    /// Where it is.
    pub city: &'static str,
    /// What it does.
    pub trade: &'static str,
    /// Its main number as the page shows it, and in E.164.
    pub phone: (&'static str, &'static str),
    /// Its site.
    pub site: &'static str,
}

/// A number of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Phone {
    /// `Mobile`, `Direct`, `Main`, …
    pub kind: &'static str,
    /// As the page shows it.
    pub shown: &'static str,
    /// In E.164.
    pub e164: &'static str,
    /// The extension, empty where there is none.
    pub extension: &'static str,
}

/// A person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    /// The record number.
    pub id: u32,
    /// First and last name.
    pub name: &'static str,
    /// What they do.
    pub title: &'static str,
    /// The record number of their company.
    pub company: u32,
    /// Their numbers, which may be none.
    pub phones: &'static [Phone],
    /// Their address, empty where there is none.
    pub email: &'static str,
    /// `Lead`, `Customer`, `Partner`.
    pub stage: &'static str,
    /// Who looks after them.
    pub owner: &'static str,
    /// A line from their history.
    pub note: &'static str,
}

const fn phone(kind: &'static str, shown: &'static str, e164: &'static str) -> Phone {
    Phone {
        kind,
        shown,
        e164,
        extension: "",
    }
}

const fn with_extension(shown: &'static str, e164: &'static str, extension: &'static str) -> Phone {
    Phone {
        kind: "Direct",
        shown,
        e164,
        extension,
    }
}

/// Every company.
pub const COMPANIES: &[Company] = &[
    Company {
        id: 11,
        name: "Northwind Analytics",
        city: "San Francisco, CA",
        trade: "Forecasting software",
        phone: ("(415) 555-0100", "+14155550100"),
        site: "northwind.example",
    },
    Company {
        id: 12,
        name: "Harbour & Sons",
        city: "London",
        trade: "Freight and shipping",
        phone: ("020 7946 0000", "+442079460000"),
        site: "harbour.example",
    },
    Company {
        id: 13,
        name: "Lindenwerk GmbH",
        city: "Berlin",
        trade: "Precision tools",
        phone: ("+49 30 23125-0", "+493023125000"),
        site: "lindenwerk.example",
    },
    Company {
        id: 14,
        name: "Atelier Marceau",
        city: "Paris",
        trade: "Interior architecture",
        phone: ("01 99 00 10 00", "+33199001000"),
        site: "marceau.example",
    },
    Company {
        id: 15,
        name: "Redwood Dental Group",
        city: "Denver, CO",
        trade: "Clinics",
        phone: ("(303) 555-0110", "+13035550110"),
        site: "redwood-dental.example",
    },
    Company {
        id: 16,
        name: "Coral Bay Tours",
        city: "Cairns",
        trade: "Travel",
        phone: ("+61 7 5550 1000", "+61755501000"),
        site: "coralbay.example",
    },
];

/// Every person.
pub const PEOPLE: &[Person] = &[
    Person {
        id: 101,
        name: "Ada Whitfield",
        title: "Head of Operations",
        company: 11,
        phones: &[
            phone("Mobile", "(415) 555-0142", "+14155550142"),
            with_extension("(415) 555-0100 ext. 214", "+14155550100", "214"),
        ],
        email: "ada.whitfield@northwind.example",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "Renewal is due in spring; asked for a quote for 40 seats.",
    },
    Person {
        id: 102,
        name: "Benjamin Okafor",
        title: "Procurement",
        company: 11,
        phones: &[phone("Direct", "+1 415-555-0143", "+14155550143")],
        email: "ben.okafor@northwind.example",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "Wants invoices by the first of the month.",
    },
    Person {
        id: 103,
        name: "Clara Voss",
        title: "Geschäftsführerin",
        company: 13,
        phones: &[
            phone("Direct", "+49 30 23125-014", "+493023125014"),
            phone("Mobile", "0171 3920012", "+491713920012"),
        ],
        email: "c.voss@lindenwerk.example",
        stage: "Lead",
        owner: "Jo Abara",
        note: "Met at the tools fair; prefers calls before ten.",
    },
    Person {
        id: 104,
        name: "Daniel Reyes",
        title: "Office Manager",
        company: 15,
        phones: &[phone("Main", "(303) 555-0110", "+13035550110")],
        email: "daniel@redwood-dental.example",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "Front desk; shares the main line with Priya.",
    },
    Person {
        id: 105,
        name: "Priya Raman",
        title: "Clinic Director",
        company: 15,
        phones: &[
            phone("Main", "(303) 555-0110", "+13035550110"),
            phone("Mobile", "303.555.0177", "+13035550177"),
        ],
        email: "priya@redwood-dental.example",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "Decides on all three clinics.",
    },
    Person {
        id: 106,
        name: "Edward Harbour",
        title: "Partner",
        company: 12,
        phones: &[
            phone("Direct", "020 7946 0018", "+442079460018"),
            phone("Mobile", "07700 900123", "+447700900123"),
        ],
        email: "edward@harbour.example",
        stage: "Partner",
        owner: "Jo Abara",
        note: "Introduced us to two more shipping houses.",
    },
    Person {
        id: 107,
        name: "Françoise Marceau",
        title: "Architecte",
        company: 14,
        phones: &[phone("Mobile", "06 39 98 12 34", "+33639981234")],
        email: "francoise@marceau.example",
        stage: "Lead",
        owner: "Jo Abara",
        note: "Devis envoyé, attend la réponse du client.",
    },
    Person {
        id: 108,
        name: "George Lindqvist",
        title: "Data Lead",
        company: 11,
        phones: &[with_extension("415 555 0100 x231", "+14155550100", "231")],
        email: "george@northwind.example",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "Technical contact for the integration.",
    },
    Person {
        id: 109,
        name: "Hannah Ito",
        title: "Tour Planner",
        company: 16,
        phones: &[phone("Mobile", "0491 570 006", "+61491570006")],
        email: "hannah@coralbay.example",
        stage: "Lead",
        owner: "Sam Rivera",
        note: "Nine hours ahead; write first.",
    },
    Person {
        id: 110,
        name: "Ingrid Sommer",
        title: "Einkauf",
        company: 13,
        phones: &[phone("Direct", "+49 (0)30 23125-027", "+493023125027")],
        email: "i.sommer@lindenwerk.example",
        stage: "Lead",
        owner: "Jo Abara",
        note: "Compares three offers.",
    },
    Person {
        id: 111,
        name: "James O'Neill",
        title: "Dispatcher",
        company: 12,
        phones: &[phone("Direct", "+44 20 7946 0032", "+442079460032")],
        email: "james@harbour.example",
        stage: "Customer",
        owner: "Jo Abara",
        note: "Calls from the yard, bad line.",
    },
    Person {
        id: 112,
        name: "Keiko Tanaka",
        title: "Analyst",
        company: 11,
        phones: &[phone("Mobile", "(628) 555-0119", "+16285550119")],
        email: "keiko@northwind.example",
        stage: "Lead",
        owner: "Sam Rivera",
        note: "Trial account until Friday.",
    },
    Person {
        id: 113,
        name: "Luc Bernard",
        title: "Chef de projet",
        company: 14,
        phones: &[
            phone("Direct", "01 99 00 10 22", "+33199001022"),
            phone("Mobile", "+33 6 39 98 45 67", "+33639984567"),
        ],
        email: "luc@marceau.example",
        stage: "Lead",
        owner: "Jo Abara",
        note: "Rappeler mardi.",
    },
    Person {
        id: 114,
        name: "Maria Esteban",
        title: "Reception",
        company: 15,
        phones: &[phone("Direct", "(303) 555-0134", "+13035550134")],
        email: "maria@redwood-dental.example",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "Knows everybody's diary.",
    },
    Person {
        id: 115,
        name: "Nikhil Shah",
        title: "Finance",
        company: 12,
        phones: &[],
        email: "nikhil@harbour.example",
        stage: "Customer",
        owner: "Jo Abara",
        note: "Email only, please.",
    },
    Person {
        id: 116,
        name: "Olivia Brandt",
        title: "Vertrieb",
        company: 13,
        phones: &[phone("Mobile", "+49 171 3920045", "+491713920045")],
        email: "o.brandt@lindenwerk.example",
        stage: "Partner",
        owner: "Jo Abara",
        note: "Resells to the south.",
    },
    Person {
        id: 117,
        name: "Peter Quill",
        title: "Boat Captain",
        company: 16,
        phones: &[phone("Mobile", "+61 491 570 110", "+61491570110")],
        email: "",
        stage: "Customer",
        owner: "Sam Rivera",
        note: "On the water until four.",
    },
    Person {
        id: 118,
        name: "Quinn Delaney",
        title: "Consultant",
        company: 11,
        phones: &[
            phone("Mobile", "(917) 555-0188", "+19175550188"),
            phone("Home", "(917) 555-0189", "+19175550189"),
        ],
        email: "quinn@delaney.example",
        stage: "Partner",
        owner: "Sam Rivera",
        note: "Two numbers; the mobile first.",
    },
    Person {
        id: 119,
        name: "Rosa Lindgren",
        title: "Hygienist",
        company: 15,
        phones: &[],
        email: "",
        stage: "Lead",
        owner: "Sam Rivera",
        note: "Met at the open day, no number yet.",
    },
    Person {
        id: 120,
        name: "Samuel Adeyemi",
        title: "Fleet Manager",
        company: 12,
        phones: &[phone("Mobile", "+44 7700 900456", "+447700900456")],
        email: "samuel@harbour.example",
        stage: "Customer",
        owner: "Jo Abara",
        note: "Twelve trucks, four ships.",
    },
    Person {
        id: 121,
        name: "Théo Girard",
        title: "Stagiaire",
        company: 14,
        phones: &[phone("Main", "+33 1 99 00 10 00", "+33199001000")],
        email: "theo@marceau.example",
        stage: "Lead",
        owner: "Jo Abara",
        note: "Passes calls on.",
    },
    Person {
        id: 122,
        name: "Ursula Keller",
        title: "Werkstatt",
        company: 13,
        phones: &[phone("Direct", "030 23125 041", "+493023125041")],
        email: "u.keller@lindenwerk.example",
        stage: "Customer",
        owner: "Jo Abara",
        note: "Needs the spare parts list.",
    },
    Person {
        id: 123,
        name: "Victor Almeida",
        title: "Guide",
        company: 16,
        phones: &[phone("Mobile", "0491 570 156", "+61491570156")],
        email: "victor@coralbay.example",
        stage: "Lead",
        owner: "Sam Rivera",
        note: "Speaks Portuguese and Japanese.",
    },
    Person {
        id: 124,
        name: "Wen Zhao",
        title: "CTO",
        company: 11,
        phones: &[phone("Direct", "+1 (415) 555-0150", "+14155550150")],
        email: "wen@northwind.example",
        stage: "Lead",
        owner: "Sam Rivera",
        note: "Wants to see the security paper.",
    },
];

/// Returns a person's company.
#[must_use]
pub fn company_of(person: &Person) -> Option<&'static Company> {
    company(person.company)
}

/// Returns a company by its record number.
#[must_use]
pub fn company(id: u32) -> Option<&'static Company> {
    COMPANIES.iter().find(|it| it.id == id)
}

/// Returns a person by the record number.
#[must_use]
pub fn person(id: u32) -> Option<&'static Person> {
    PEOPLE.iter().find(|it| it.id == id)
}
