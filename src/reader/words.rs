//! The words that pages label people's facts with, as data: English, German, French, Spanish, Portuguese, Italian, Dutch, Japanese, Chinese.
//!
//! A label is brought to one form first ([`plain`]): lower case, no accents of case, no punctuation, `camelCase` and `snake_case` taken apart.
//! So `Phone:`, `phone_number` and `phoneNumber` are looked up alike.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

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

/// The labels by their text: the list is asked for every small text of a page.
static LABEL_INDEX: OnceLock<BTreeMap<&str, Meaning>> = OnceLock::new();

/// A list of the tables as a set, made when it is first asked.
struct Set(OnceLock<BTreeSet<&'static str>>, &'static str);

impl Set {
    fn has(&self, word: &str) -> bool {
        self.0
            .get_or_init(|| self.1.split('|').collect())
            .contains(word)
    }
}

static BLANK_SET: Set = Set(OnceLock::new(), BLANKS);
static VERB_SET: Set = Set(OnceLock::new(), VERBS);
static COMPANY_SET: Set = Set(OnceLock::new(), COMPANY_WORDS);

/// Returns whether a list of the tables, words parted by `|`, has a word.
///
/// One text per list costs a fraction of a list of texts in the package.
pub(crate) fn has(list: &str, word: &str) -> bool {
    !word.is_empty() && list.split('|').any(|it| it == word)
}

/// Brings a label to the form of the tables.
pub(crate) fn plain(label: &str) -> String {
    let mut out = String::with_capacity(label.len());
    let mut before = ' ';
    for c in label.chars() {
        // "phoneNumber" is "phone number", "ID" stays together.
        if c.is_uppercase() && before.is_lowercase() && !out.ends_with(' ') {
            out.push(' ');
        }
        if c.is_alphanumeric() {
            out.extend(c.to_lowercase());
        } else if !out.ends_with(' ') && !out.is_empty() && c != '\'' && c != '’' {
            out.push(' ');
        }
        before = c;
    }
    out.truncate(out.trim_end().len());
    out
}

/// Returns what a label means that is known as a whole.
pub(crate) fn meaning_of(label: &str) -> Option<Meaning> {
    if label.len() > 60 {
        return None;
    }
    let label = plain(label);
    if label.is_empty() {
        return None;
    }
    let labels = LABEL_INDEX.get_or_init(|| {
        let words = LABELS.iter().rev();
        words
            .flat_map(|(meaning, list)| list.split('|').map(|it| (it, *meaning)))
            .collect()
    });
    let known = |text: &str| labels.get(text).copied();
    known(&label).or_else(|| {
        // "contact first name", "Company (primary)", "phone 2".
        let trimmed = label.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ');
        let words = [
            "contact ",
            "person ",
            "lead ",
            "customer ",
            "primary ",
            "party ",
            "account ",
            "field ",
            "kontakt ",
        ];
        known(trimmed).or_else(|| {
            words
                .iter()
                .find_map(|word| known(trimmed.strip_prefix(word)?))
        })
    })
}

/// Returns what a text means in which some word is telling: a class, an icon's title, a test id.
pub(crate) fn meaning_in(text: &str) -> Option<Meaning> {
    let text = plain(text);
    PARTS
        .iter()
        .find(|(_, words)| text.split(' ').any(|it| has(words, it)))
        .map(|(meaning, _)| *meaning)
}

/// Returns what a number is for, where a short text beside it says so.
pub(crate) fn kind_in(text: &str) -> Option<PhoneKind> {
    match meaning_of(text)
        .filter(|it| matches!(it, Phone(_)))
        .or_else(|| meaning_in(text))
    {
        Some(Phone(kind)) => Some(kind),
        _ => None,
    }
}

/// Returns whether a text says that there is no value.
pub(crate) fn is_blank(text: &str) -> bool {
    let text = plain(text);
    text.is_empty() || BLANK_SET.has(&text)
}

/// Returns whether a text is a word of the interface rather than a name.
pub(crate) fn is_interface(text: &str) -> bool {
    let text = plain(text);
    VERB_SET.has(&text) || BLANK_SET.has(&text)
}

/// Returns whether a name ends as companies' names do.
pub(crate) fn is_company(name: &str) -> bool {
    let name: String = name
        .to_lowercase()
        .chars()
        .filter(|it| *it != '.')
        .collect();
    let telling = |word: &str| COMPANY_SET.has(word);
    let words = || {
        name.split(|c: char| !c.is_alphanumeric())
            .filter(|it| !it.is_empty())
    };
    words().skip(1).any(telling)
        || name.contains('&')
        || ["株式会社", "有限公司", "有限会社"]
            .iter()
            .any(|it| name.contains(it))
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
