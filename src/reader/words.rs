//! The words that pages label people's facts with, as data: English, German, French, Spanish, Portuguese, Italian, Dutch, Japanese, Chinese.
//!
//! A label is brought to one form first ([`plain`]): lower case, no accents of case, no punctuation, `camelCase` and `snake_case` taken apart.
//! So `Phone:`, `phone_number` and `phoneNumber` are looked up alike.

use std::sync::OnceLock;

use switchboard_rules::pieces::{contains, cut, is_one_of, pieces, trim_end};

use super::index::{Index, hash};
use super::link::{DEEDS, KINDS, Kind};

use crate::protocol::page::PhoneKind;

/// What a label says its value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Name,
    FirstName,
    LastName,
    Phone(PhoneKind),
    Email,
    Company,
    JobTitle,
    /// How to reach somebody: numbers and addresses of any kind ("Contact", "Kontakt").
    Reach,
    /// A column of names of the people of companies: its rows are companies.
    MainContact,
    /// One fact per row, beside a column that says of which kind.
    Value,
}

use Meaning::{
    Company, Email, FirstName, JobTitle, LastName, MainContact, Name, Phone, Reach, Value,
};
use PhoneKind::{Business, Direct, Fax, Home, Mobile};

/// A number said to be a phone number and no more.
const ANY: Meaning = Phone(PhoneKind::Phone);

/// Whole labels in plain form.
const LABELS: &[(Meaning, &str)] = &[
    (
        Name,
        "name|full name|contact name|person name|display name|customer name|party|person|\
         lead name|lead|fullname|displayname|employee|patient|member|candidate|name nickname|\
         contact person|vollständiger name|anzeigename|kontaktname|ansprechpartner|\
         ansprechperson|nom complet|nom et prénom|nom prénom|nombre completo|\
         nombre y apellidos|nombre y apellido|nome completo|nome e cognome|nominativo|\
         volledige naam|naam|contactpersoon|氏名|名前|お名前|姓名|名称|联系人|联系人姓名|聯絡人|担当者|担当者名",
    ),
    (
        FirstName,
        "first name|given name|firstname|forename|givenname|vorname|rufname|prénom|prenom|\
         nombre|nombres|nombre de pila|primeiro nome|nome|nome proprio|voornaam|名|first",
    ),
    (
        LastName,
        "last name|family name|surname|lastname|familyname|nachname|familienname|zuname|nom|\
         nom de famille|apellido|apellidos|sobrenome|apelido|último nome|cognome|achternaam|\
         familienaam|姓|last",
    ),
    (
        ANY,
        "phone|telephone|phone number|phone numbers|telephone number|phones|tel|tel no|call|\
         calls|contact number|number|phonenumber|telephone1|primary phone|main phone|phone 1|\
         phone 2|phone1|phone2|other phone|telefon|telefonnummer|rufnummer|telefonnr|telefon 1|\
         telefon 2|téléphone|numéro de téléphone|n de téléphone|teléfono|telefono|\
         número de teléfono|teléfonos|telefone|número de telefone|telefones|numero di telefono|\
         recapito telefonico|telefoon|telefoonnummer|電話|電話番号|电话|电话号码|電話號碼|tel nr|telnr",
    ),
    (
        Phone(Business),
        "work phone|business phone|office phone|work|office|business|bus phone|work number|\
         office number|phone work|phone office|phone business|prof phone|professional phone|\
         geschäftlich|telefon geschäftlich|geschäftstelefon|büro|telefon büro|dienstlich|\
         arbeit|téléphone professionnel|tél professionnel|tél pro|téléphone bureau|travail|\
         bureau|professionnel|teléfono del trabajo|teléfono de trabajo|teléfono oficina|\
         trabajo|oficina|telefone comercial|trabalho|comercial|escritório|telefono ufficio|\
         ufficio|lavoro|telefono lavoro|werk|telefoon werk|kantoor|zakelijk|勤務先電話|勤務先|会社電話|会社|\
         办公电话|工作电话|工作",
    ),
    (
        Phone(PhoneKind::Company),
        "company phone|main|main number|switchboard|main line|zentrale|telefonzentrale|\
         standard|centralino|代表電話|公司电话",
    ),
    (
        Phone(Direct),
        "direct|direct phone|direct line|direct dial|ddi|durchwahl|ligne directe|línea directa|\
         linha direta|linea diretta|doorkiesnummer",
    ),
    (
        Phone(Mobile),
        "mobile|mobile phone|mobile number|cell|cell phone|cellphone|cell number|mobile no|\
         mobilephone|phone mobile|mobil|handy|handynummer|mobiltelefon|mobilnummer|mobilfunk|\
         portable|téléphone portable|mobile phone number|tél portable|téléphone mobile|móvil|\
         teléfono móvil|celular|teléfono celular|telemóvel|telefone celular|cellulare|mobiel|\
         mobiele telefoon|mobiele nummer|gsm|携帯|携帯電話|携帯番号|手机|手机号|手机号码|移动电话|手機|whatsapp|sms",
    ),
    (
        Phone(Home),
        "home phone|home|private|pers phone|personal phone|phone home|home number|privat|\
         telefon privat|private nummer|domicile|téléphone domicile|téléphone personnel|\
         personnel|casa|teléfono de casa|particular|residencial|telefone residencial|\
         abitazione|telefono casa|thuis|privé|自宅|自宅電話|家庭电话|住宅电话",
    ),
    (
        Phone(Fax),
        "fax|fax number|telefax|faxnummer|télécopie|télécopieur|numéro de fax|ファックス|fax番号|传真|傳真",
    ),
    (
        Email,
        "email|e mail|email address|e mail address|mail|emails|email addresses|emailaddress|\
         primary email|work email|other email|email 1|email1|emailaddress1|e mail adresse|\
         emailadresse|mailadresse|courriel|adresse e mail|adresse email|adresse mail|correo|\
         correo electrónico|dirección de correo electrónico|correio eletrônico|\
         correio eletrónico|endereço de e mail|posta elettronica|indirizzo email|\
         indirizzo e mail|e mailadres|mailadres|メール|メールアドレス|eメール|电子邮件|电子邮箱|邮箱|電子郵件",
    ),
    (
        Company,
        "company|company name|account|accounts|account name|organization|organisation|\
         organization name|organisation name|client|client name|customer|business name|\
         employer|third party|thirdparty|companies|organizations|organisations|companyname|\
         accountname|primary company|works for|works at|party name|firma|firmenname|\
         unternehmen|unternehmensname|kunde|gesellschaft|arbeitgeber|société|entreprise|tiers|\
         compte|organisme|nom de la société|raison sociale|empresa|compañía|cuenta|\
         organización|cliente|organização|conta|nome da empresa|nombre de la empresa|azienda|\
         società|ragione sociale|organizzazione|bedrijf|bedrijfsnaam|organisatie|klant|会社名|企業|\
         取引先|取引先名|公司|公司名称|客户|单位|組織",
    ),
    (
        JobTitle,
        "job title|title|position|job position|role|function|job|jobtitle|occupation|\
         designation|post|berufsbezeichnung|jobtitel|funktion|beruf|stellung|fonction|poste|\
         intitulé du poste|cargo|puesto|función|título|função|mansione|ruolo|posizione|\
         qualifica|functie|functietitel|役職|肩書|职位|职务|職稱|職位",
    ),
    (
        Reach,
        "contact|contact info|contact information|contact details|contacts|kontakt|\
         kontaktdaten|coordonnées|contacto|contato|contatti|recapiti|contactgegevens|連絡先|联系方式",
    ),
    (Value, "value|wert|valeur|valor|valore|waarde|値|值"),
    (
        MainContact,
        "primary contact|main contact|key contact|contact principal|hauptansprechpartner|\
         hauptkontakt|contacto principal|contatto principale|hoofdcontact|主要联系人",
    ),
];

/// Words that, with others around them, still say what a longer label means ("Phone (day)", "fa-mobile-alt").
const PARTS: &[(Meaning, &str)] = &[
    (Phone(Fax), "fax|telefax"),
    (
        Phone(Mobile),
        "mobile|mobil|cell|cellular|handy|portable|móvil|celular|cellulare|mobiel|mobilephone|\
         smartphone|携帯|手机",
    ),
    (
        ANY,
        "phone|telephone|tel|telefon|téléphone|teléfono|telefono|telefone|telefoon|電話|电话|\
         telephone1|telephone2",
    ),
    (
        Email,
        "email|mail|envelope|courriel|emailaddress1|メール|邮箱",
    ),
];

/// What pages write where there is nothing.
const BLANKS: &str = "none|n a|na|null|empty|not set|not available|unknown|no value|keine|keiner|\
    nicht angegeben|leer|aucun|aucune|non renseigné|ninguno|ninguna|sin valor|nenhum|\
    nenhuma|nessuno|nessuna|geen|なし|未設定|无|add|add phone|add email|click to add|enter value|\
    select";

/// Words that are no name though they stand where names stand: verbs of links, titles of parts.
const VERBS: &str = "view|show|open|edit|details|detail|profile|more|actions|action|delete|remove|call|email|\
    sms|send|select|preview|back|next|previous|new|create|add|save|cancel|close|see all|\
    view all|show all|history|notes|note|overview|activity|activities|tasks|files|documents|\
    related|related items|personal data|summary|timeline|dashboard|home|search|settings|\
    link|copy|merge|print|export|import|all|anzeigen|bearbeiten|öffnen|löschen|voir|\
    modifier|supprimer|ouvrir|ver|editar|eliminar|abrir|vedi|modifica|elimina|apri|bekijken|\
    bewerken|verwijderen|contacts|people|persons|leads|customers|clients|companies|accounts|\
    organizations|organisations|parties|deals|tickets|kontakte|personen|firmen|kunden|\
    unternehmen|contactos|personas|empresas|clientes|personnes|entreprises|sociétés|\
    contatti|aziende|contacten|bedrijven|連絡先|联系人";

/// Legal forms and kinds of business: a name that ends with one is a company's.
const COMPANY_WORDS: &str = "ltd|limited|llc|llp|lp|plc|inc|incorporated|corp|corporation|company|co|gmbh|ag|kg|kgaa|\
    ohg|ug|mbh|ev|se|sa|sas|sarl|sàrl|eurl|srl|spa|snc|sl|slu|ltda|eireli|bv|nv|vof|ab|as|\
    asa|aps|oy|oyj|kk|pty|pvt|pte|bhd|sdn|sp|zoo|doo|kft|holdings|holding|group|gruppe|\
    groupe|grupo|gruppo|partners|associates|industries|enterprises|solutions|systems|\
    technologies|technology|services|consulting|foundation|university|institute|bank|\
    hospital|clinic|logistics|söhne|sons|brothers|bros|株式会社|有限会社|合同会社|有限公司|公司|集团";

/// What says that somebody does not want to be contacted: labels of fields and columns, badges.
const REFUSALS: &str = "do not call|do not contact|do not phone|dont call|dont contact|dnc|do not call list|\
    donotcall|donotcontact|no calls|no contact|opt out|opted out|optout|call opt out|phone opt out|\
    contact opt out|nicht anrufen|bitte nicht anrufen|nicht kontaktieren|keine anrufe|kein kontakt|\
    werbesperre|anrufsperre|kontaktsperre|telefonsperre|ne pas appeler|ne pas contacter|\
    ne pas téléphoner|opposition téléphonique|no llamar|no contactar|não ligar|não telefonar|\
    não contactar|não contatar|non chiamare|non contattare|non telefonare|niet bellen|\
    niet contacteren|bel me niet|電話禁止|電話不可|架電禁止|連絡禁止|連絡不要|禁止致电|请勿致电|请勿联系|請勿致電";

/// The three letters that those of [`REFUSALS`] in Latin letters begin with: most texts of a page are told by them.
const BEGINNINGS: &[u8] = b"do dondncno optcalphoconnicbitkeiweranrkontelne oppnonniebel";

/// Values that affirm a label.
const AFFIRMATIONS: &str = "yes|y|true|1|on|checked|check|check box|ja|j|wahr|oui|vrai|sí|si|verdadero|sim|verdadeiro|\
    vero|waar|はい|有|是";

/// Values that deny one.
const DENIALS: &str = "no|n|false|0|off|unchecked|check box outline blank|nein|falsch|non|faux|não|falso|nee|onwaar|\
    いいえ|否";

/// Marks that affirm a label.
const TICKS: &[&str] = &["✓", "✔", "✔\u{fe0f}", "☑", "☑\u{fe0f}", "✅"];

/// What a word is in one of the lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sense {
    Label(Meaning),
    /// One of [`PARTS`], by its place there.
    Part(usize),
    Blank,
    Verb,
    Refusal,
    Affirmation,
    Denial,
    CompanyWord,
    Kind(Kind),
    Deed,
}

/// All lists in one: they are asked for every small text of a page.
#[derive(Default)]
struct Lexicon {
    words: Vec<(&'static str, Sense)>,
    index: Index,
}

static LEXICON: OnceLock<Lexicon> = OnceLock::new();

impl Lexicon {
    /// What is added last is found first, so every list begins with its last group.
    fn new() -> Self {
        let mut all = Self::default();
        for (meaning, words) in LABELS.iter().rev() {
            all.add(Sense::Label(*meaning), words);
        }
        for (at, (_, words)) in PARTS.iter().enumerate().rev() {
            all.add(Sense::Part(at), words);
        }
        for (kind, words) in KINDS.iter().rev() {
            all.add(Sense::Kind(*kind), words);
        }
        all.add(Sense::Blank, BLANKS);
        all.add(Sense::Verb, VERBS);
        all.add(Sense::Refusal, REFUSALS);
        all.add(Sense::Affirmation, AFFIRMATIONS);
        all.add(Sense::Denial, DENIALS);
        all.add(Sense::CompanyWord, COMPANY_WORDS);
        all.add(Sense::Deed, DEEDS);
        all
    }

    fn add(&mut self, sense: Sense, words: &'static str) {
        for word in pieces(words, "|") {
            let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
            self.index.add(hash(&[word]), place);
            self.words.push((word, sense));
        }
    }
}

/// Returns what a word in plain form is in the lists, the first sense that fits.
pub(crate) fn sense_of(word: &str, fits: fn(Sense) -> bool) -> Option<Sense> {
    let all = LEXICON.get_or_init(Lexicon::new);
    let mut found = None;
    all.index.find(hash(&[word]), &mut |at| {
        if let Some((own, sense)) = all.words.get(at as usize)
            && *own == word
            && fits(*sense)
        {
            found = Some(*sense);
        }
        found.is_some()
    });
    found
}

/// Returns a letter in lower case, in the scripts that our words are written in.
///
/// The full table of Unicode would be a tenth of the reader.
pub(crate) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_lowercase();
    }
    let code = u32::from(c);
    let lower = match code {
        0xC0..=0xD6
        | 0xD8..=0xDE
        | 0x391..=0x3A1
        | 0x3A3..=0x3AB
        | 0x410..=0x42F
        | 0xFF21..=0xFF3A => code + 32,
        0x178 => 0xFF,
        0x400..=0x40F => code + 80,
        // Where capitals and small letters take turns, the capitals are the even ones, or the odd ones.
        0x139..=0x148 | 0x179..=0x17E => code + (code & 1),
        0x100..=0x137
        | 0x14A..=0x177
        | 0x460..=0x481
        | 0x48A..=0x4BF
        | 0x1E00..=0x1E95
        | 0x1EA0..=0x1EFF => code | 1,
        0x386 => 0x3AC,
        0x388..=0x38A => code + 37,
        0x38C => 0x3CC,
        0x38E | 0x38F => code + 63,
        _ => code,
    };
    char::from_u32(lower).unwrap_or(c)
}

/// Brings a label to the form of the tables.
pub(crate) fn plain(label: &str) -> String {
    plain_start(label, usize::MAX)
}

/// Brings the beginning of a label to the form of the tables: enough of it to see that it is none of our words.
fn plain_start(label: &str, enough: usize) -> String {
    let mut out = String::with_capacity(label.len().min(enough));
    let mut after_small = false;
    for c in label.chars() {
        // "phoneNumber" is "phone number", "ID" stays together.
        if after_small && c.is_uppercase() {
            out.push(' ');
        }
        after_small = c.is_lowercase();
        if c.is_alphanumeric() {
            if out.len() > enough {
                break;
            }
            out.push(fold(c));
        } else if !out.ends_with(' ') && !out.is_empty() && c != '\'' && c != '’' {
            out.push(' ');
        }
    }
    if out.ends_with(' ') {
        out.pop();
    }
    out
}

/// No word of the tables is longer, in bytes.
const LONGEST: usize = 60;

/// Returns what a label means that is known as a whole.
pub(crate) fn meaning_of(label: &str) -> Option<Meaning> {
    if label.len() > LONGEST {
        return None;
    }
    let label = plain(label);
    if let Some(meaning) = label_meaning(&label) {
        return Some(meaning);
    }
    // "contact first name", "Company (primary)", "phone 2".
    let trimmed = trim_end(&label, "0123456789 ");
    if trimmed.len() < label.len()
        && let Some(meaning) = label_meaning(trimmed)
    {
        return Some(meaning);
    }
    let (first, rest) = cut(trimmed, " ")?;
    if is_one_of(first, OWNERS) {
        return label_meaning(rest);
    }
    None
}

/// Words before a label that say whose it is.
const OWNERS: &str = "contact person lead customer primary party account field kontakt";

fn label_meaning(label: &str) -> Option<Meaning> {
    match sense_of(label, |it| matches!(it, Sense::Label(_)))? {
        Sense::Label(meaning) => Some(meaning),
        _ => None,
    }
}

/// Returns what a text means in which some word is telling: a class, an icon's title, a test id.
pub(crate) fn meaning_in(text: &str) -> Option<Meaning> {
    let text = plain(text);
    let mut best = PARTS.len();
    for word in pieces(&text, " ") {
        if let Some(Sense::Part(at)) = sense_of(word, |it| matches!(it, Sense::Part(_))) {
            best = best.min(at);
        }
    }
    PARTS.get(best).map(|(meaning, _)| *meaning)
}

/// Returns what a number is for, where a short text beside it says so.
pub(crate) fn kind_in(text: &str) -> Option<PhoneKind> {
    if let Some(Phone(kind)) = meaning_of(text) {
        return Some(kind);
    }
    match meaning_in(text)? {
        Phone(kind) => Some(kind),
        _ => None,
    }
}

/// Returns whether a text says that there is no value.
pub(crate) fn is_blank(text: &str) -> bool {
    let text = plain_start(text, LONGEST);
    text.is_empty() || sense_of(&text, |it| it == Sense::Blank).is_some()
}

/// Returns whether a text is a word of the interface rather than a name.
pub(crate) fn is_interface(text: &str) -> bool {
    let text = plain_start(text, LONGEST);
    let interface = |it| matches!(it, Sense::Verb | Sense::Blank | Sense::Refusal);
    sense_of(&text, interface).is_some()
}

/// Returns what stands behind the colon, be it empty, of a text that names the wish not to be contacted.
pub(crate) fn refusal_of(text: &str) -> Option<&str> {
    let text = text.trim();
    if !(3..=LONGEST).contains(&text.len()) || !may_refuse(text.as_bytes()) {
        return None;
    }
    let (label, value) = cut(text, ":")
        .or_else(|| cut(text, "："))
        .unwrap_or((text, ""));
    sense_of(&plain(label), |it| it == Sense::Refusal)?;
    Some(value.trim())
}

fn may_refuse(text: &[u8]) -> bool {
    match text {
        [a, b, c, ..] if a.is_ascii_alphabetic() && b.is_ascii_alphabetic() => {
            let third = if c.is_ascii_alphabetic() { *c } else { b' ' };
            let begins = [*a, *b, third].map(|it| it.to_ascii_lowercase());
            BEGINNINGS.chunks_exact(3).any(|it| it == begins)
        }
        [first, ..] => !first.is_ascii_digit() && *first != b'+',
        [] => false,
    }
}

/// Returns whether a value says yes.
pub(crate) fn affirms(value: &str) -> bool {
    let value = value.trim();
    TICKS.contains(&value)
        || sense_of(&plain_start(value, LONGEST), |it| it == Sense::Affirmation).is_some()
}

/// Returns whether a value says no, or that there is none.
pub(crate) fn denies(value: &str) -> bool {
    let value = plain_start(value, LONGEST);
    sense_of(&value, |it| matches!(it, Sense::Denial | Sense::Blank)).is_some()
}

/// Returns whether a name ends as companies' names do.
pub(crate) fn is_company(name: &str) -> bool {
    let mut words = String::with_capacity(name.len());
    for c in name.chars().filter(|it| *it != '.') {
        words.push(if c.is_alphanumeric() { fold(c) } else { ' ' });
    }
    pieces(&words, " ")
        .skip(1)
        .any(|it| sense_of(it, |it| it == Sense::CompanyWord).is_some())
        || ["&", "株式会社", "有限公司", "有限会社"]
            .iter()
            .any(|it| contains(name, it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_label_written_in_many_ways_is_one_meaning() {
        for label in [
            "Phone:",
            "phone_number",
            "phoneNumber",
            "PHONE",
            "Phone *",
            "Telefon",
            "Téléphone",
            "电话",
            "phone 2",
        ] {
            assert_eq!(meaning_of(label), Some(ANY), "{label}");
        }
        assert_eq!(meaning_of("Contact first name"), Some(FirstName));
        assert_eq!(meaning_of("E-Mail-Adresse"), Some(Email));
        assert_eq!(meaning_of("Zip code"), None);
    }

    #[test]
    fn letters_are_folded_as_unicode_says() {
        for c in ('\0'..='\u{4BF}').chain('\u{1E00}'..='\u{1EFF}') {
            let lower: Vec<char> = c.to_lowercase().collect();
            if lower.len() == 1 && !matches!(c, '\u{180}'..='\u{385}' | '\u{3CF}'..='\u{3FF}' | 'ẞ')
            {
                assert_eq!(lower, [fold(c)], "{c} {:x}", u32::from(c));
            }
        }
    }

    #[test]
    fn no_word_is_longer_than_the_longest() {
        let all = Lexicon::new();
        assert!(all.words.len() > 700);
        for (word, _) in all.words {
            assert!(word.len() <= LONGEST && plain(word) == word, "{word}");
        }
    }

    #[test]
    fn the_wish_not_to_be_contacted_is_known_in_many_words() {
        for text in [
            "Do Not Call",
            "doNotCall",
            "do_not_contact",
            "DNC",
            "Opted out",
            "Don’t call",
            "Werbesperre",
            "Ne pas téléphoner",
            "電話禁止",
            "🚫 Do not call!",
        ] {
            assert_eq!(refusal_of(text), Some(""), "{text}");
        }
        for text in pieces(REFUSALS, "|") {
            assert_eq!(refusal_of(text), Some(""), "{text}");
        }
        assert_eq!(refusal_of("Do not call: No"), Some("No"));
        assert_eq!(refusal_of("Do not call before noon"), None);
        assert!(affirms("YES") && affirms(" ✓ ") && affirms("Sí") && !affirms("No"));
        assert!(denies("Nein") && !denies("since May"));
    }

    #[test]
    fn an_icon_tells_what_stands_beside_it() {
        assert_eq!(meaning_in("fas fa-mobile-alt"), Some(Phone(Mobile)));
        assert_eq!(meaning_in("lucide lucide-mail"), Some(Email));
        assert_eq!(meaning_in("fas fa-building"), None);
    }

    #[test]
    fn a_company_is_known_by_its_legal_form() {
        for name in [
            "Engines Ltd",
            "Rossi S.p.A.",
            "Meyer & Partner",
            "Nordic AB",
        ] {
            assert!(is_company(name), "{name}");
        }
        for name in ["Ada Byron", "Co Nguyen", "AG Bell"] {
            assert!(!is_company(name), "{name}");
        }
    }
}
