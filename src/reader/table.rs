//! Tables and grids with headers that can be recognised: one person per row.

use switchboard_rules::pieces::{contains, cut, is_one_of, pieces};
use switchboard_rules::selector::Selector;

use super::draft::{Draft, Told, rank, tell};
use super::index::{Index, hash};
use super::link::{Kind, RecordLink};
use super::picture;
use super::refusal;
use super::snapshot::PageNode;
use super::text::{self, can_be_name, emails_in, find_phone, is_initials, looks_personal};
use super::view::{Marks, View, collect_typed, dialled, icon_meaning};
use super::words::{self, Meaning};
use crate::protocol::page::{PhoneKind, Source};

/// Attributes by which a grid says which column a cell belongs to.
const COLUMN_IDS: &[&str] = &[
    "col-id",
    "data-field",
    "data-column-id",
    "data-col-id",
    "aria-colindex",
];

/// Attributes in which a header without a text says what it is.
const HEADER_NAMES: &[&str] = &["aria-label", "title", "data-name", "data-field", "col-id"];

/// Attributes by which parts of one row, drawn apart, name the row they belong to.
const ROW_IDS: &[&str] = &["row-id", "data-rowindex", "row-index", "aria-rowindex"];

/// A column: where its cells stand and what they mean.
struct Column<'p> {
    at: usize,
    /// The attribute and value that its cells carry, where the grid has such.
    id: Option<(&'static str, &'p str)>,
    meaning: Option<Meaning>,
    /// Whether its cells say if there is to be no contact.
    refuses: bool,
}

/// A row; grids with pinned columns draw one in several elements.
struct Row<'p> {
    node: PageNode<'p>,
    parts: Vec<PageNode<'p>>,
    cells: Vec<PageNode<'p>>,
}

impl<'p> Row<'p> {
    fn new(node: PageNode<'p>, cells: Vec<PageNode<'p>>) -> Self {
        Self {
            node,
            parts: vec![node],
            cells,
        }
    }

    /// Returns the cell of a column: by its id where the grid has ids, else by its place.
    fn cell(&self, column: &Column<'_>) -> Option<PageNode<'p>> {
        let found = match &column.id {
            Some((name, id)) if self.cells.iter().any(|it| it.attribute(name).is_some()) => {
                let own = |it: &&PageNode<'p>| it.attribute(name) == Some(id);
                self.cells.iter().find(own).copied()
            }
            _ => self.cell_at(column.at),
        };
        found.filter(|it| self.node.is_hidden() || !it.is_hidden())
    }

    fn cell_at(&self, at: usize) -> Option<PageNode<'p>> {
        let mut place = 0;
        self.cells.iter().copied().find(|cell| {
            let here = place;
            place += span_of(*cell);
            here == at
        })
    }
}

/// Reads every table of the page into `drafts`; takes the rows they came from.
pub(crate) fn read(view: &View<'_>, taken: &mut Marks, drafts: &mut Vec<Draft>) {
    let mut tables = Vec::new();
    for table in view.page.nodes().filter(|it| is_table(*it)) {
        tables.push(rows_of(table));
    }
    tables.extend(hinted(view));
    bare_grids(view, &mut tables);
    for (index, rows) in tables.iter().enumerate() {
        let Some((header_at, columns)) = header_of(rows) else {
            continue;
        };
        let Some(shape) = shape_of(view, rows, header_at, &columns) else {
            continue;
        };
        for row in rows.iter().skip(header_at + 1) {
            if let Some(mut draft) = read_row(view, row, &columns, &shape) {
                draft.place = Some((index, row.node.index()));
                drafts.push(draft);
            }
            // What was refused as a person is not to be read again as a card.
            for part in &row.parts {
                taken.mark(*part);
            }
        }
    }
}

fn is_table(node: PageNode<'_>) -> bool {
    matches!(node.attribute("role"), Some("grid" | "table" | "treegrid"))
        || (node.tag() == "table"
            && !matches!(node.attribute("role"), Some("presentation" | "none")))
}

fn is_row(node: PageNode<'_>) -> bool {
    node.tag() == "tr" || node.attribute("role") == Some("row")
}

fn is_header_cell(node: PageNode<'_>) -> bool {
    node.tag() == "th" && node.attribute("scope") != Some("row")
        || node.attribute("role") == Some("columnheader")
}

fn is_cell(node: PageNode<'_>) -> bool {
    matches!(node.tag(), "td" | "th")
        || node
            .attribute("role")
            .is_some_and(|it| is_one_of(it, "gridcell cell columnheader rowheader"))
}

fn span_of(cell: PageNode<'_>) -> usize {
    cell.attribute("colspan")
        .and_then(|it| it.parse().ok())
        .unwrap_or(1)
        .max(1)
}

/// Returns the rows of a table, without those of tables inside it; parts of one row are joined.
fn rows_of(table: PageNode<'_>) -> Vec<Row<'_>> {
    let nested = |node: PageNode<'_>| node.ancestors().find(|it| is_table(*it)) != Some(table);
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut known = Index::default();
    for node in table.descendants() {
        if !is_row(node) || nested(node) || (node.is_hidden() && !table.is_hidden()) {
            continue;
        }
        let cells = cells_of(node);
        if let Some((name, id)) = id_of(node, ROW_IDS) {
            let hash = hash(&[name, id]);
            let same = known.find(hash, &mut |at| {
                let row = rows.get(at as usize);
                row.and_then(|it| id_of(it.node, ROW_IDS)) == Some((name, id))
            });
            if let Some(first) = same.and_then(|at| rows.get_mut(at as usize)) {
                first.cells.extend(cells);
                first.parts.push(node);
                continue;
            }
            known.add(hash, u32::try_from(rows.len()).unwrap_or(u32::MAX));
        }
        rows.push(Row::new(node, cells));
    }
    rows
}

/// Returns the first of some attributes that a node has.
fn id_of<'p>(node: PageNode<'p>, names: &[&'static str]) -> Option<(&'static str, &'p str)> {
    for name in names {
        if let Some(id) = node.attribute(name) {
            return Some((name, id));
        }
    }
    None
}

/// Returns the cells of a row; those not displayed count, for they keep the others in their columns.
fn cells_of(row: PageNode<'_>) -> Vec<PageNode<'_>> {
    let mut cells = Vec::new();
    let mut skip_to = row.index();
    for node in row.descendants() {
        if node.index() >= skip_to && is_cell(node) {
            cells.push(node);
            skip_to = node.end();
        }
    }
    cells
}

/// Returns the list that the site's rule points at, as a table.
fn hinted<'p>(view: &View<'p>) -> Option<Vec<Row<'p>>> {
    let list = view.rule?.list.as_ref()?;
    let fitting = |selector: &Selector<'_>, node: PageNode<'p>| {
        !node.is_text()
            && !node.is_hidden()
            && selector.fits(node.tag(), |name| node.attribute(name))
    };
    let header = Selector::parse(list.header.as_deref()?).ok()?;
    let cell = Selector::parse(list.cell.as_deref()?).ok()?;
    let row = Selector::parse(&list.row).ok()?;
    let mut headers = Vec::new();
    let mut rows = Vec::new();
    for node in view.page.nodes() {
        if fitting(&header, node) {
            headers.push(node);
        }
        if fitting(&row, node) {
            let mut cells = Vec::new();
            cells.extend(node.descendants().filter(|it| fitting(&cell, *it)));
            rows.push(Row::new(node, cells));
        }
    }
    rows.insert(0, Row::new(*headers.first()?, headers));
    Some(rows)
}

/// Finds grids that say nothing of themselves: an element whose children are labels, followed by elements with as many children.
fn bare_grids<'p>(view: &View<'p>, grids: &mut Vec<Vec<Row<'p>>>) {
    let mut after = 0;
    for header in view.page.nodes() {
        if header.index() < after
            || header.is_text()
            || header.is_hidden()
            || header.size() < 4
            || header.size() > 150
            || is_row(header)
            || is_table(header)
            || !is_labels(header)
        {
            continue;
        }
        let cells = parts_of(header);
        let alike = |node: PageNode<'p>| parts_of(node).len() == cells.len();
        let mut bodies = Vec::new();
        bodies.extend(header.following().filter(|it| alike(*it)));
        if bodies.is_empty()
            && let Some(holder) = header.parent()
        {
            bodies.extend(holder.following().filter(|it| alike(*it)));
            for beside in holder.following() {
                bodies.extend(beside.children().filter(|it| alike(*it)));
            }
        }
        let Some(last) = bodies.last() else {
            continue;
        };
        after = last.end();
        let mut rows = vec![Row::new(header, cells)];
        for body in bodies {
            if !body.is_hidden() {
                rows.push(Row::new(body, parts_of(body)));
            }
        }
        grids.push(rows);
    }
}

/// Returns whether an element has three children or more, of which two are different labels.
fn is_labels(node: PageNode<'_>) -> bool {
    if node.children().filter(|it| !it.is_text()).count() < 3 {
        return false;
    }
    let mut first = None;
    for cell in node.children() {
        // Labels alone: what stands with a value or a field is a form.
        if cell.is_text() || cell.size() > 30 || cell.descendants().any(|it| it.value().is_some()) {
            continue;
        }
        let known = words::meaning_of(&cell.text());
        if first.is_some() && known.is_some() && known != first {
            return true;
        }
        first = first.or(known);
    }
    false
}

fn parts_of(node: PageNode<'_>) -> Vec<PageNode<'_>> {
    node.children().filter(|it| !it.is_text()).collect()
}

/// Finds the row whose cells are headers, the one with most known labels.
fn header_of<'p>(rows: &[Row<'p>]) -> Option<(usize, Vec<Column<'p>>)> {
    let mut best: Option<(usize, usize, Vec<Column<'p>>)> = None;
    for (index, row) in rows.iter().enumerate().take(6) {
        let in_head = row.node.ancestors().any(|it| it.tag() == "thead");
        let headers = row.cells.iter().filter(|it| is_header_cell(**it)).count();
        // Labels beside values ("Phone | 020 …") are no header.
        let values = row
            .cells
            .iter()
            .filter(|it| !is_header_cell(**it) && !it.text().is_empty())
            .count();
        let header = in_head
            || (headers > 0 && (values == 0 || headers > 2 * values))
            || (headers == 0 && index == 0);
        if !header || row.cells.len() < 2 {
            continue;
        }
        let mut at = 0;
        let mut columns = Vec::new();
        for cell in &row.cells {
            let seen = row.node.is_hidden() || !cell.is_hidden();
            let refuses = seen && header_refuses(*cell);
            columns.push(Column {
                at,
                id: id_of(*cell, COLUMN_IDS),
                meaning: (seen && !refuses).then(|| header_meaning(*cell)).flatten(),
                refuses,
            });
            at += span_of(*cell);
        }
        let known = columns.iter().filter(|it| it.meaning.is_some()).count();
        // A first row of plain cells is a header only if it says so in more than one word.
        let needed = if in_head || headers > 0 { 1 } else { 2 };
        if known >= needed && best.as_ref().is_none_or(|(count, _, _)| known > *count) {
            best = Some((known, index, columns));
        }
    }
    best.map(|(_, index, columns)| (index, columns))
}

fn header_meaning(cell: PageNode<'_>) -> Option<Meaning> {
    let text = cell.text();
    let shown = text::lines(&text).next().unwrap_or("");
    if !shown.is_empty() {
        return words::meaning_of(shown)
            .or_else(|| words::meaning_in(shown).filter(|_| shown.len() <= 40));
    }
    HEADER_NAMES
        .iter()
        .filter_map(|it| cell.attribute(it))
        .find_map(words::meaning_of)
}

fn header_refuses(cell: PageNode<'_>) -> bool {
    let text = cell.text();
    if !text.is_empty() {
        return text::lines(&text).any(|it| words::refusal_of(it).is_some());
    }
    let mut said = HEADER_NAMES.iter().filter_map(|it| cell.attribute(it));
    said.any(|it| words::refusal_of(it).is_some())
}

/// Returns whether a row says that there is to be no contact: in a column for it, or with a badge.
fn row_refuses<'p>(view: &View<'p>, row: &Row<'p>, columns: &[Column<'_>]) -> bool {
    let mut of_column = columns.iter().filter(|it| it.refuses);
    let affirms = |cell: PageNode<'p>| refusal::state_of(cell) == Some(true);
    if of_column.any(|it| row.cell(it).is_some_and(affirms)) {
        return true;
    }
    // A company can have such a name.
    let is_value = |named: PageNode<'p>| {
        let mut of_others = columns.iter().filter(|it| it.meaning.is_some());
        of_others.any(|it| {
            row.cell(it).is_some_and(|cell| {
                cell.contains(named) && words::refusal_of(&cell.text()).is_some()
            })
        })
    };
    row.parts.iter().any(|part| {
        let mut named = view.refusals_in(*part).iter();
        named.any(|it| !is_value(*it) && refusal::holds(view, *it, Some(*part)))
    })
}

/// Which column names the row, and whether its rows are people or companies.
struct Shape {
    name: NameColumn,
    rows: Kind,
}

enum NameColumn {
    Whole(usize),
    Parts,
}

fn shape_of(
    view: &View<'_>,
    rows: &[Row<'_>],
    header_at: usize,
    columns: &[Column<'_>],
) -> Option<Shape> {
    let has = |wanted: fn(&Meaning) -> bool| {
        columns
            .iter()
            .any(|it| it.meaning.as_ref().is_some_and(wanted))
    };
    let place = |wanted: Meaning| {
        columns
            .iter()
            .find(|it| it.meaning == Some(wanted))
            .map(|it| it.at)
    };
    let first = place(Meaning::FirstName);
    let last = place(Meaning::LastName);
    // Of several columns of names the fullest is meant, the first of those that are as full.
    let filled = |at: usize| {
        let cells = rows
            .iter()
            .skip(header_at + 1)
            .filter_map(|it| it.cell_at(at));
        cells.filter(|it| !lines_of(*it).is_empty()).count()
    };
    let mut named = columns
        .iter()
        .filter(|it| it.meaning == Some(Meaning::Name))
        .map(|it| it.at);
    let mut whole = named.next();
    if let (Some(first), Some(second)) = (whole, named.next()) {
        let mut most = filled(first);
        for at in std::iter::once(second).chain(named) {
            let count = filled(at);
            if count > most {
                (most, whole) = (count, Some(at));
            }
        }
    }
    let reach = |it: &Meaning| matches!(it, Meaning::Phone(_) | Meaning::Email | Meaning::Reach);
    let of_companies = has(|it| *it == Meaning::MainContact);
    let body = rows.get(header_at + 1..)?;
    let linked = |at: usize| {
        body.iter()
            .filter_map(|row| row.cell_at(at))
            .find_map(|cell| name_link(view, cell))
    };
    let (name, at) = match (whole, first, last) {
        (_, Some(_), Some(last)) => (NameColumn::Parts, last),
        (Some(at), _, _) | (None, Some(at), None) | (None, None, Some(at)) => {
            (NameColumn::Whole(at), at)
        }
        (None, None, None) => {
            // "Contact" may be the column of names; "Client" is one where the rows are companies.
            let named = columns
                .iter()
                .find(|it| it.meaning == Some(Meaning::Reach) && linked(it.at).is_some());
            let company = || {
                columns
                    .iter()
                    .find(|it| it.meaning == Some(Meaning::Company) && linked(it.at).is_some())
            };
            let at = named.or_else(company)?.at;
            (NameColumn::Whole(at), at)
        }
    };
    let link = linked(at);
    let own_column = columns
        .iter()
        .find(|it| it.at == at)
        .and_then(|it| it.meaning);
    let rows_are = match link.as_ref().map(|it| it.kind) {
        Some(Kind::Other) => return None,
        Some(kind @ (Kind::Person | Kind::Company)) => kind,
        _ if of_companies || own_column == Some(Meaning::Company) => Kind::Company,
        _ if matches!(name, NameColumn::Parts)
            || has(|it| matches!(it, Meaning::Company | Meaning::JobTitle)) =>
        {
            Kind::Person
        }
        other => {
            // Only a name: the page must be about people.
            let told = other.is_some()
                || has(reach)
                || (view.own.is_none() && (has(|it| *it == Meaning::Value) || about_people(view)));
            told.then_some(Kind::Either)?
        }
    };
    Some(Shape {
        name,
        rows: rows_are,
    })
}

/// Returns whether the page's address or title says that it lists people.
fn about_people(view: &View<'_>) -> bool {
    const PEOPLE: &str = "contacts contact people persons parties party partner customers customer \
                          clients leads members patients kontakte personen kunden contactos \
                          personas clientes clienti contatti contacten klanten personnes";
    let said = |text: &str| {
        let text = words::plain(text);
        pieces(&text, " ").any(|it| is_one_of(it, PEOPLE))
    };
    said(view.page.url()) || said(view.page.title())
}

fn name_link<'p>(view: &View<'p>, cell: PageNode<'p>) -> Option<RecordLink> {
    cell.descendants()
        .filter(|it| it.tag() == "a")
        .find_map(|it| view.record(it))
        .cloned()
}

/// Returns the lines of a cell or card that may be names or titles: no initials, no numbers, no addresses.
pub(crate) fn lines_of(node: PageNode<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for line in text::lines(&node.text()) {
        if can_be_name(line)
            && !is_initials(line)
            && emails_in(line).is_empty()
            && !text::is_surely_phone(line)
        {
            lines.push(line.to_owned());
        }
    }
    // "ABAda Byron": an avatar's letters run into the name where styles alone part them.
    let letters = node.descendants().find(|it| it.is_written());
    let letters = letters.map_or("", |it| it.own_text().trim());
    if letters.chars().count() <= 3
        && let Some(first) = lines.first_mut()
        && let Some(rest) = first.strip_prefix(letters).map(str::trim)
        && text::is_initials_of(letters, rest)
    {
        *first = rest.to_owned();
    }
    if let Some((first, rest)) = lines.split_first()
        && rest.iter().any(|it| text::is_initials_of(first, it))
    {
        lines.remove(0);
    }
    lines
}

/// Returns the first of [`lines_of`].
pub(crate) fn first_line(node: PageNode<'_>) -> Option<String> {
    lines_of(node).into_iter().next()
}

/// Returns whether a text stands small or pale below the name, as titles do.
fn is_subtitle(cell: PageNode<'_>, line: &str) -> bool {
    let pale = |it: &PageNode<'_>| {
        it.tag() == "small"
            || it.attribute("class").is_some_and(|it| {
                ["muted", "secondary", "subtitle", "caption"]
                    .iter()
                    .any(|word| contains(it, word))
            })
    };
    cell.descendants().any(|it| pale(&it) && it.text() == line)
}

fn read_row<'p>(
    view: &View<'p>,
    row: &Row<'p>,
    columns: &[Column<'_>],
    shape: &Shape,
) -> Option<Draft> {
    let mut draft = Draft::new(row.node.index(), Source::Table);
    draft.hidden = row.node.is_hidden();
    draft.fact = columns.iter().any(|it| it.meaning == Some(Meaning::Value));
    let mut names: Vec<String> = Vec::new();
    let mut name_cell = None;
    let mut first_cell = None;
    for column in columns {
        let Some(cell) = row.cell(column) else {
            continue;
        };
        let is_name = matches!(shape.name, NameColumn::Whole(at) if at == column.at);
        if is_name {
            names = lines_of(cell);
            name_cell = Some(cell);
            let link = cell.descendants().find(|it| {
                it.tag() == "a" && view.record(*it).is_some_and(|it| it.kind != Kind::Other)
            });
            if let Some(first) = link.and_then(first_line) {
                names.retain(|it| *it != first);
                names.insert(0, first);
            }
            draft.link = name_link(view, cell);
            continue;
        }
        match column.meaning {
            Some(Meaning::FirstName) => {
                draft.first = first_line(cell);
                first_cell = Some(cell);
            }
            Some(Meaning::LastName) => {
                draft.last = first_line(cell);
                draft.link = name_link(view, cell).or(draft.link);
                name_cell = Some(cell);
            }
            Some(Meaning::Company) => {
                let company = first_line(cell).unwrap_or_default();
                tell(&mut draft.company, &company, rank(Source::Table));
            }
            Some(Meaning::JobTitle) => {
                let title = first_line(cell).unwrap_or_default();
                tell(&mut draft.title, &title, rank(Source::Table));
            }
            Some(Meaning::Phone(kind)) => read_numbers(cell, Some(kind), true, &mut draft),
            Some(Meaning::Email | Meaning::Reach) => {
                read_numbers(cell, None, false, &mut draft);
            }
            Some(Meaning::Value) => read_fact(row, columns, cell, &mut draft),
            _ => read_numbers(cell, None, false, &mut draft),
        }
    }
    if let Some(cell) = name_cell {
        collect_typed(cell, &mut draft, None, &Marks::default());
        let mut names = names.into_iter();
        if let Some(name) = names.next() {
            if is_subtitle(cell, &name) || words::meaning_of(&name).is_some() {
                return None;
            }
            tell(&mut draft.name, &name, rank(Source::Table));
            if let Some(second) = names.next() {
                tell(&mut draft.title, &second, rank(Source::Table) + 1);
            }
        }
        draft.title = draft.title.take().or_else(|| tooltip_title(cell));
    }
    let full = draft.full_name()?;
    draft.refuses = row_refuses(view, row, columns);
    if draft.link.is_none() {
        draft.link = row_id(row);
    }
    let kind = match (&draft.link, shape.rows) {
        (Some(link), _) if matches!(link.kind, Kind::Person | Kind::Company) && !link.part => {
            link.kind
        }
        (_, kind) => kind,
    };
    draft.organisation = match kind {
        Kind::Company => true,
        Kind::Person => false,
        Kind::Either | Kind::Other => draft.company.is_none() && !looks_personal(&full),
    };
    let cells = [first_cell, name_cell];
    draft.avatar = row
        .parts
        .iter()
        .find_map(|it| picture::beside_name(view, *it, &cells, None, &draft));
    Some(draft)
}

/// Reads the numbers and addresses of a cell; `labelled` says that its header promises numbers.
pub(crate) fn read_numbers(
    cell: PageNode<'_>,
    kind: Option<PhoneKind>,
    labelled: bool,
    draft: &mut Draft,
) {
    collect_typed(cell, draft, kind, &Marks::default());
    let mut icon: Option<PhoneKind> = None;
    for node in cell.descendants() {
        if node.is_hidden() && !draft.hidden {
            continue;
        }
        if !node.is_text() {
            if let Some(Meaning::Phone(own)) = icon_meaning(node) {
                icon = Some(own);
            }
            continue;
        }
        let own = node.own_text().trim();
        if own.is_empty() || is_dialled(node, cell) {
            continue;
        }
        if contains(own, "@") {
            for email in emails_in(own) {
                draft.add_email(email);
            }
            continue;
        }
        if !labelled && icon.is_none() && !text::is_surely_phone(own) {
            continue;
        }
        for piece in pieces(own, "\n;|") {
            if let Some(found) = find_phone(piece) {
                let said = words::kind_in(&found.around())
                    .or(icon.filter(|it| *it != PhoneKind::Phone))
                    .or(kind)
                    .or(icon);
                draft.add_phone(found.number, said.unwrap_or_default());
            }
        }
    }
}

/// Returns whether a text stands in what dials a number, inside `cell`.
fn is_dialled(text: PageNode<'_>, cell: PageNode<'_>) -> bool {
    for around in text.ancestors() {
        if !cell.contains(around) {
            break;
        }
        if dialled(around).is_some() {
            return true;
        }
    }
    false
}

/// Reads a row's one fact, which another cell says the kind of: "Mobile | 07700 900900".
fn read_fact(row: &Row<'_>, columns: &[Column<'_>], cell: PageNode<'_>, draft: &mut Draft) {
    let said = columns
        .iter()
        .filter(|it| it.meaning.is_none())
        .filter_map(|it| row.cell(it))
        .find_map(|it| words::meaning_of(&it.text()));
    match said {
        Some(Meaning::Phone(kind)) => read_numbers(cell, Some(kind), true, draft),
        _ => read_numbers(cell, None, false, draft),
    }
}

/// Returns the record id that a row states in an attribute, where no link does.
fn row_id(row: &Row<'_>) -> Option<RecordLink> {
    const NAMES: &[&str] = &[
        "data-id",
        "data-row-key-value",
        "data-record-id",
        "data-recordid",
        "data-row-id",
        "row-id",
        "data-key",
        "data-entity-id",
        "data-contact-id",
        "data-item-id",
    ];
    let (_, id) = id_of(row.node, NAMES).filter(|(_, it)| !it.is_empty() && it.len() <= 64)?;
    Some(RecordLink {
        kind: Kind::Either,
        id: id.to_owned(),
        url: String::new(),
        part: false,
    })
}

/// Returns the job title that only a tooltip of markup states, as label and value: `<b>Job position:</b> Analyst<br>`.
fn tooltip_title(node: PageNode<'_>) -> Option<Told> {
    let markup = node
        .descendants()
        .filter_map(|it| it.attribute("title"))
        .find(|it| contains(it, "<"))?;
    let mut text = String::new();
    let mut rest = markup;
    while let Some((before, tag)) = cut(rest, "<") {
        text.push_str(before);
        // A line break ends the line; other tags part nothing.
        if tag.starts_with("br") {
            text.push('\n');
        }
        rest = cut(tag, ">").map_or("", |(_, behind)| behind);
    }
    text.push_str(rest);
    let mut told = None;
    for line in text::lines(&text) {
        if let Some((label, value)) = cut(line, ":")
            && words::meaning_of(label) == Some(Meaning::JobTitle)
        {
            tell(&mut told, value, rank(Source::Table) + 1);
        }
    }
    told
}
