//! A small CRM: invented people, a list, their pages and their companies' pages, in ordinary markup.
//!
//! It knows nothing of the product: no attribute or class in here is meant for it.
//! No style is inline, so that the pages look the same under the strictest headers.

mod people;

use std::fmt::Write as _;

use serde_json::Value;

use crate::clock::{Clock, iso_seconds};
use crate::html::{escape, hue, initials};
use crate::platform::{Direction, MessageKind, PastCall, PastMeeting, PastMessage};
pub use people::{COMPANIES, Company, PEOPLE, Person, Phone, company, company_of, person};

/// Returns a few calls that happened before anybody looked, newest first.
#[must_use]
pub fn past_calls() -> Vec<PastCall> {
    let call = |direction, number: &str, name: &str, minutes_ago, duration, recorded| PastCall {
        direction,
        number: number.to_owned(),
        name: name.to_owned(),
        minutes_ago,
        duration,
        recorded,
    };
    let (inbound, outbound) = (Direction::Inbound, Direction::Outbound);
    vec![
        call(inbound, "+14155550142", "WHITFIELD ADA", 22, 184, true),
        call(outbound, "+493023125014", "", 65, 421, false),
        call(inbound, "+13035550110", "REDWOOD DENTAL", 130, 0, false),
        call(inbound, "+17135550155", "WIRELESS CALLER", 190, 37, false),
        call(outbound, "+442079460018", "", 1460, 96, false),
        call(inbound, "102", "Kim Ito", 1530, 61, false),
    ]
}

/// Returns a few messages from before anybody looked, newest first.
#[must_use]
pub fn past_messages() -> Vec<PastMessage> {
    let message =
        |kind, direction, number: &str, name: &str, text: &str, minutes_ago| PastMessage {
            kind,
            direction,
            number: number.to_owned(),
            name: name.to_owned(),
            text: text.to_owned(),
            minutes_ago,
        };
    let (inbound, outbound) = (Direction::Inbound, Direction::Outbound);
    let (sms, voicemail, fax) = (MessageKind::Sms, MessageKind::VoiceMail, MessageKind::Fax);
    let (ada, redwood) = ("+14155550142", "+13035550110");
    vec![
        message(
            sms,
            inbound,
            ada,
            "WHITFIELD ADA",
            "Perfect, thank you!",
            40,
        ),
        message(
            sms,
            outbound,
            ada,
            "WHITFIELD ADA",
            "It is in your inbox now.",
            44,
        ),
        message(
            sms,
            inbound,
            ada,
            "WHITFIELD ADA",
            "Is the quote for the 40 seats ready?",
            51,
        ),
        message(
            voicemail,
            inbound,
            redwood,
            "REDWOOD DENTAL",
            "We would like to move the installation to next week.",
            128,
        ),
        message(fax, inbound, "+17135550155", "WIRELESS CALLER", "", 190),
        message(
            sms,
            inbound,
            "+442079460018",
            "HARBOUR",
            "See you on Tuesday.",
            1500,
        ),
    ]
}

/// Returns a few video meetings from before anybody looked, newest first.
#[must_use]
pub fn past_meetings() -> Vec<PastMeeting> {
    let meeting = |title: &str, minutes_ago, duration, recorded| PastMeeting {
        title: title.to_owned(),
        minutes_ago,
        duration,
        recorded,
    };
    vec![
        meeting("Forecast review with Northwind", 300, 1830, true),
        meeting("Weekly sync", 1700, 2400, false),
    ]
}

/// Returns the page at `path`, with links under `base`; `None` where there is none.
#[must_use]
pub fn page(path: &str, base: &str, nonce: &str) -> Option<String> {
    let mut parts = path.trim_start_matches('/').split('/');
    let (kind, id) = (parts.next()?, parts.next().filter(|it| !it.is_empty()));
    if parts.next().is_some() {
        return None;
    }
    let (title, main) = match (kind, id) {
        // A hostile page is the list with another script.
        ("contacts", None) | ("hostile", Some(_)) => ("Contacts".to_owned(), list(base)),
        ("contacts", Some(id)) => {
            let person = person(id.parse().ok()?)?;
            (person.name.to_owned(), detail(person, base))
        }
        ("calendar", None) => ("Calendar".to_owned(), calendar(Clock::new().now_ms())),
        ("companies", None) => ("Companies".to_owned(), companies(base)),
        ("links", None) => ("Links".to_owned(), LINKS.to_owned()),
        ("phone", None) => ("Phone".to_owned(), methods()),
        ("soon", None) => ("Soon".to_owned(), soon(base, nonce)),
        ("companies", Some(id)) => {
            let company = company(id.parse().ok()?)?;
            (company.name.to_owned(), company_page(company, base))
        }
        _ => return None,
    };
    Some(frame(&title, &main, base, nonce, kind))
}

fn frame(title: &str, main: &str, base: &str, nonce: &str, kind: &str) -> String {
    let root = base.strip_suffix("/app").unwrap_or(base);
    let script = match kind {
        "phone" => format!(r#"<script nonce="{nonce}" src="{root}/page-api.js" defer></script>"#),
        "hostile" => format!(r#"<script nonce="{nonce}" src="{root}/hostile.js" defer></script>"#),
        _ => String::new(),
    };
    let current = |name: &str| {
        if name == kind {
            " aria-current=\"page\""
        } else {
            ""
        }
    };
    format!(
        r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} · Meadow CRM</title>
<link rel="stylesheet" href="{root}/crm.css">
<script nonce="{nonce}" src="{root}/crm.js" defer></script>
{script}
</head>
<body>
<header class="bar">
  <a class="brand" href="{base}/contacts"><span class="leaf" aria-hidden="true"></span>Meadow</a>
  <nav><a href="{base}/contacts"{contacts}>Contacts</a><a href="{base}/companies"{companies}>Companies</a><a href="{base}/calendar"{calendar}>Calendar</a></nav>
  <form class="find" role="search"><input type="search" placeholder="Search" aria-label="Search"></form>
  <span class="me" title="Sam Rivera">SR</span>
</header>
<main>
{main}
</main>
</body>
</html>
"#,
        title = escape(title),
        contacts = current("contacts"),
        companies = current("companies"),
        calendar = current("calendar"),
    )
}

fn badge(name: &str) -> String {
    format!(
        r#"<span class="face hue{}" aria-hidden="true">{}</span>"#,
        hue(name) / 30,
        escape(&initials(name))
    )
}

fn phone_link(phone: &Phone) -> String {
    let extension = if phone.extension.is_empty() {
        String::new()
    } else {
        format!(";ext={}", phone.extension)
    };
    format!(
        r#"<a href="tel:{}{extension}">{}</a>"#,
        phone.e164,
        escape(phone.shown)
    )
}

fn mail_link(email: &str) -> String {
    if email.is_empty() {
        r#"<span class="none">–</span>"#.to_owned()
    } else {
        format!(r#"<a href="mailto:{email}">{email}</a>"#)
    }
}

fn row(person: &Person, base: &str) -> String {
    let company = company_of(person);
    let phones: Vec<String> = person.phones.iter().map(phone_link).collect();
    let phones = if phones.is_empty() {
        r#"<span class="none">–</span>"#.to_owned()
    } else {
        phones.join("<br>")
    };
    format!(
        r#"<tr>
  <td class="who">{badge}<a href="{base}/contacts/{id}">{name}</a></td>
  <td>{title}</td>
  <td><a href="{base}/companies/{company_id}">{company}</a></td>
  <td class="phones">{phones}</td>
  <td>{mail}</td>
  <td><span class="stage {stage_class}">{stage}</span></td>
</tr>
"#,
        badge = badge(person.name),
        id = person.id,
        name = escape(person.name),
        title = escape(person.title),
        company_id = person.company,
        company = escape(company.map_or("", |it| it.name)),
        mail = mail_link(person.email),
        stage_class = person.stage.to_lowercase(),
        stage = person.stage,
    )
}

fn table(people: &[&Person], base: &str) -> String {
    let mut rows = String::new();
    for person in people {
        rows.push_str(&row(person, base));
    }
    format!(
        r#"<div class="card"><table class="people">
<thead><tr><th aria-sort="ascending"><button>Name</button></th><th><button>Title</button></th><th><button>Company</button></th><th><button>Phone</button></th><th><button>Email</button></th><th><button>Stage</button></th></tr></thead>
<tbody>
{rows}</tbody>
</table></div>"#
    )
}

fn list(base: &str) -> String {
    let people: Vec<&Person> = PEOPLE.iter().collect();
    format!(
        r#"<div class="head"><h1>Contacts</h1><span class="count">{} people</span><button class="primary">New contact</button></div>
{}"#,
        people.len(),
        table(&people, base),
    )
}

fn detail(person: &Person, base: &str) -> String {
    let company = company_of(person);
    let mut fields = String::new();
    let mut field = |label: &str, value: &str| {
        let _written = write!(
            fields,
            "<div class=\"field\"><dt>{}</dt><dd>{value}</dd></div>",
            escape(label)
        );
    };
    for phone in person.phones {
        field(&format!("{} phone", phone.kind), &phone_link(phone));
    }
    field("Email", &mail_link(person.email));
    let company_link = company.map_or_else(String::new, |it| {
        format!(
            r#"<a href="{base}/companies/{}">{}</a>"#,
            it.id,
            escape(it.name)
        )
    });
    field("Company", &company_link);
    field("Job title", &escape(person.title));
    field("City", company.map_or("", |it| it.city));
    field("Owner", &escape(person.owner));
    field(
        "Stage",
        &format!(
            r#"<span class="stage {}">{}</span>"#,
            person.stage.to_lowercase(),
            person.stage
        ),
    );
    format!(
        r#"<nav class="crumbs"><a href="{base}/contacts">Contacts</a> / <span>{name}</span></nav>
<div class="person">
  <section class="card">
    <div class="title">{badge}<div><h1>{name}</h1><p>{title} at {company}</p></div></div>
    <dl>
{fields}    </dl>
  </section>
  <section class="card">
    <h2>Activity</h2>
    <form class="note">
      <label for="note">New note</label>
      <textarea id="note" name="note" rows="4" placeholder="What was said?"></textarea>
      <button type="button" class="primary">Save note</button>
    </form>
    <ol class="timeline">
      <li><time>Yesterday</time><p>{note}</p></li>
      <li><time>Last week</time><p>Contact created by {owner}.</p></li>
    </ol>
  </section>
</div>"#,
        name = escape(person.name),
        badge = badge(person.name),
        title = escape(person.title),
        company = escape(company.map_or("", |it| it.name)),
        note = escape(person.note),
        owner = escape(person.owner),
    )
}

/// Every kind of link to a number.
const LINKS: &str = r#"<div class="head"><h1>Links</h1></div>
<ul class="card">
<li><a id="tel" href="tel:+1-415-555-0142">Call Ada Whitfield</a></li>
<li><a id="sms" href="sms:+14155550142?body=On%20my%20way">Write to Ada Whitfield</a></li>
<li><a id="callto" href="callto:+493023125014">Call Berlin</a></li>
</ul>"#;

/// Methods of `RCAdapter` that the page's own script calls, each with its arguments as JSON.
const METHODS: [(&str, &str); 10] = [
    ("clickToCall", r#"["+14155550142", true]"#),
    ("clickToSMS", r#"["+14155550142", "On my way"]"#),
    ("controlCall", r#"["hangup"]"#),
    ("navigateTo", r#"["/history"]"#),
    ("getUnloggedCalls", "[10, 1]"),
    ("getCallLog", r#"[{ "sessionId": "1" }]"#),
    (
        "alertMessage",
        r#"[{ "message": "Said by the page", "level": "info", "ttl": 0 }]"#,
    ),
    ("toggleMinimized", "[]"),
    ("setAutoLog", r#"[{ "call": true }]"#),
    ("popupWindow", "[]"),
];

fn methods() -> String {
    let mut rows = String::new();
    for (method, values) in METHODS {
        let _written = write!(
            rows,
            r#"<tr><td><button type="button" id="{method}" data-method data-values="{}">{method}</button></td><td><output id="{method}-said"></output></td></tr>"#,
            escape(values)
        );
    }
    format!(
        r#"<div class="head"><h1>Phone</h1></div>
<div class="card"><table><tbody>
{rows}<tr><td>Unasked</td><td><output id="unasked"></output></td></tr>
</tbody></table></div>"#
    )
}

/// A page that has the list rendered before anybody goes there, where the browser does that.
fn soon(base: &str, nonce: &str) -> String {
    format!(
        r#"<div class="head"><h1>Soon</h1></div>
<p><a id="next" href="{base}/contacts">Contacts</a></p>
<script nonce="{nonce}" type="speculationrules">{{"prerender": [{{"urls": ["{base}/contacts"], "eagerness": "immediate"}}]}}</script>"#
    )
}

fn companies(base: &str) -> String {
    let mut rows = String::new();
    for company in COMPANIES {
        let _written = write!(
            rows,
            r#"<tr><td class="who">{}<a href="{base}/companies/{}">{}</a></td><td>{}</td><td>{}</td><td><a href="tel:{}">{}</a></td></tr>"#,
            badge(company.name),
            company.id,
            escape(company.name),
            escape(company.trade),
            escape(company.city),
            company.phone.1,
            escape(company.phone.0),
        );
    }
    format!(
        r#"<div class="head"><h1>Companies</h1><span class="count">{} companies</span></div>
<div class="card"><table><thead><tr><th>Name</th><th>Industry</th><th>City</th><th>Phone</th></tr></thead><tbody>
{rows}</tbody></table></div>"#,
        COMPANIES.len(),
    )
}

/// What is planned, in the markup that search engines read: one appointment is tomorrow, one was yesterday.
fn calendar(now_ms: u64) -> String {
    const DAY_MS: u64 = 24 * 60 * 60 * 1000;
    let mut events = String::new();
    for (id, name, from_ms) in [
        (1, "Kick-off with Northwind", now_ms - DAY_MS),
        (2, "Review with Harbour & Sons", now_ms + DAY_MS),
    ] {
        let (from, to) = (iso_seconds(from_ms), iso_seconds(from_ms + 45 * 60_000));
        let _written = write!(
            events,
            r#"<li itemscope itemtype="https://schema.org/BusinessEvent">
  <h2 itemprop="name">{}</h2>
  <p><time itemprop="startDate" datetime="{from}">{from}</time> to <time itemprop="endDate" datetime="{to}">{to}</time></p>
  <p>Join at <a itemprop="location" href="https://video.example-phone.test/join/555000{id}">https://video.example-phone.test/join/555000{id}</a></p>
</li>
"#,
            escape(name),
        );
    }
    format!(
        r#"<div class="head"><h1>Calendar</h1></div>
<ul class="card">
{events}</ul>"#
    )
}

fn company_page(company: &Company, base: &str) -> String {
    let people: Vec<&Person> = PEOPLE
        .iter()
        .filter(|it| it.company == company.id)
        .collect();
    format!(
        r#"<nav class="crumbs"><a href="{base}/companies">Companies</a> / <span>{name}</span></nav>
<section class="card">
  <div class="title">{badge}<div><h1>{name}</h1><p>{trade}</p></div></div>
  <dl>
    <div class="field"><dt>Phone</dt><dd><a href="tel:{e164}">{shown}</a></dd></div>
    <div class="field"><dt>City</dt><dd>{city}</dd></div>
    <div class="field"><dt>Website</dt><dd><a href="https://{site}/" rel="noreferrer">{site}</a></dd></div>
  </dl>
</section>
<h2>People</h2>
{table}"#,
        name = escape(company.name),
        badge = badge(company.name),
        trade = escape(company.trade),
        e164 = company.phone.1,
        shown = escape(company.phone.0),
        city = escape(company.city),
        site = company.site,
        table = table(&people, base),
    )
}

/// Returns the page with the demonstration's own buttons.
#[must_use]
pub fn control_page() -> String {
    let mut callers = String::new();
    for person in PEOPLE {
        if let Some(phone) = person.phones.first() {
            let _written = write!(
                callers,
                "<option value=\"{}\">{}</option>",
                phone.e164,
                escape(person.name)
            );
        }
    }
    let button = |order: &str, label: &str, class: &str| {
        format!(
            r#"<form method="post" action="/control"><input type="hidden" name="do" value="{order}"><button class="{class}">{label}</button></form>"#
        )
    };
    format!(
        r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Demo controls</title><link rel="stylesheet" href="/control/crm.css"></head>
<body><main class="control">
<h1>Demo controls</h1>
<p>What the rest of the world does: somebody calls, picks up, hangs up.</p>
<section class="card">
<form method="post" action="/control" class="ring"><input type="hidden" name="do" value="ring">
<label>Who calls <input name="from" list="callers" value="+14155550142"></label><datalist id="callers">{callers}</datalist>
<button class="primary">Ring</button></form>
<div class="orders">{answer}{record}{end}{past}{text}{voicemail}{fax}</div>
</section>
<iframe class="live" src="/control/live" title="What is going on"></iframe>
</main></body></html>
"#,
        answer = button("answer", "Answer", "primary"),
        record = button("record", "Record", ""),
        end = button("end", "End", "danger"),
        past = button("past", "A missed call while away", ""),
        text = button("text", "A text", ""),
        voicemail = button("voicemail", "A voicemail", ""),
        fax = button("fax", "A fax", ""),
    )
}

/// Returns what is going on, for the control page; it loads itself again every two seconds.
#[must_use]
pub fn live_page(state: &Value) -> String {
    let word = |it: &Value, key: &str| match it.get(key) {
        Some(Value::String(text)) => escape(text),
        Some(other) => escape(&other.to_string()),
        None => String::new(),
    };
    let rows = |list: &str, keys: &[&str]| {
        let mut out = String::new();
        for item in state
            .get(list)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .take(8)
        {
            out.push_str("<tr>");
            for key in keys {
                let _written = write!(out, "<td>{}</td>", word(item, key));
            }
            out.push_str("</tr>");
        }
        out
    };
    format!(
        r#"<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="2"><link rel="stylesheet" href="/control/crm.css"></head>
<body class="small">
<h2>Widgets</h2><table><tr><th>Page</th><th>Signed in</th><th>Service</th><th>Contacts</th><th>Auto log</th><th>Requests</th><th>Missed</th></tr>{widgets}</table>
<h2>Calls</h2><table>{calls}</table>
<h2>History</h2><table>{history}</table>
</body></html>
"#,
        widgets = rows(
            "widgets",
            &[
                "id", "signedIn", "service", "contacts", "autoLog", "requests", "missed"
            ]
        ),
        calls = rows(
            "calls",
            &["direction", "fromName", "toName", "telephonyStatus"]
        ),
        history = rows(
            "history",
            &["direction", "fromName", "toName", "result", "duration"]
        ),
    )
}
