//! A compact copy of a page: elements, texts, the attributes that matter, nothing else.
//!
//! The same reader works on a live page and on a saved one, because both are turned into this first.
//! Whoever walks the page asks [`wants_element`], [`wants_subtree`] and [`wants_attribute`] and drives a [`SnapshotBuilder`];
//! shadow roots and slots simply appear as children.
//! All text stands in one string, nodes in one list in document order: a subtree is a range of that list.

use switchboard_rules::pieces::{contains, is_one_of};

use super::index::{Index, hash};
use super::words;

/// Elements that hold nothing to read; the walker passes them by.
const UNWANTED: &[&str] = &[
    "base", "canvas", "embed", "head", "noscript", "object", "script", "style", "template",
];

/// Elements recorded for themselves (an icon's class, a control's value) but never walked into.
const LEAVES: &[&str] = &[
    "audio", "datalist", "iframe", "input", "link", "map", "math", "meta", "select", "svg",
    "textarea", "video",
];

/// Attributes that help to understand a page. All `data-*` are taken too, but for [`NOISE`].
const ATTRIBUTES: &[&str] = &[
    "alt",
    "aria-checked",
    "aria-colindex",
    "aria-current",
    "aria-describedby",
    "aria-label",
    "aria-labelledby",
    "aria-level",
    "aria-rowindex",
    "aria-selected",
    "autocomplete",
    "class",
    "col-id",
    "colspan",
    "content",
    "contenteditable",
    "cx-prop-value",
    "datetime",
    "field-label",
    "for",
    "headers",
    "height",
    "href",
    "id",
    "itemid",
    "itemprop",
    "itemscope",
    "itemtype",
    "label",
    "name",
    "placeholder",
    "rel",
    "role",
    "row-id",
    "scope",
    "src",
    "title",
    "type",
    "width",
];

/// Beginnings of `data-*` attributes that only frameworks read.
const NOISE: &[&str] = &[
    "data-bs-",
    "data-emotion",
    "data-radix-",
    "data-react",
    "data-slot",
    "data-state",
    "data-toggle",
    "data-v-",
];

/// Attribute values longer than this (bytes) are dropped: they are state, not facts.
const LONGEST_ATTRIBUTE: usize = 4096;

/// The most JSON-LD scripts of a page.
const MOST_LINKED_DATA: usize = 20;

/// A JSON-LD script longer than this (bytes) is dropped.
const LONGEST_LINKED_DATA: usize = 64 * 1024;

/// Whether an element with this tag (lower case) belongs into a snapshot at all.
pub fn wants_element(tag: &str) -> bool {
    UNWANTED.binary_search(&tag).is_err()
}

/// Whether the children of an element with this tag (lower case) are to be walked.
pub fn wants_subtree(tag: &str) -> bool {
    wants_element(tag) && LEAVES.binary_search(&tag).is_err()
}

/// Whether an attribute with this name (lower case) is worth its bytes.
pub fn wants_attribute(name: &str) -> bool {
    if name.starts_with("data-") {
        return !NOISE.iter().any(|noise| name.starts_with(noise));
    }
    ATTRIBUTES.binary_search(&name).is_ok()
}

/// What a tag or an attribute is to the reader, found out once for every name of a page.
pub(crate) mod is {
    /// A tag whose text runs on in the line.
    pub(crate) const INLINE: u16 = 1;
    /// A form control.
    pub(crate) const CONTROL: u16 = 2;
    /// A tag that is never a label.
    pub(crate) const NO_LABEL: u16 = 4;
    /// A tag that may be an icon.
    pub(crate) const ICON: u16 = 8;
    /// A part about the CRM, not about its records.
    pub(crate) const FURNITURE: u16 = 16;
    /// A tag that no value is looked for beyond.
    pub(crate) const VALUE_ENDS: u16 = 32;
    /// A tag that no card reaches beyond.
    pub(crate) const CARD_ENDS: u16 = 64;
    /// An attribute that holds a phone number.
    pub(crate) const PHONE: u16 = 128;
    /// An attribute that may hold an e-mail address.
    pub(crate) const MAIL: u16 = 256;
}

/// The names that are something, by what they are.
const NAMES: &[(u16, &str)] = &[
    (
        is::INLINE,
        "a abbr acronym b bdi bdo big cite code data em font i img input ins kbd label mark q ruby s samp \
         slot small span strong sub sup svg time tt u var wbr",
    ),
    (is::CONTROL | is::NO_LABEL, "input select textarea"),
    (
        is::NO_LABEL,
        "a button option h1 h2 body html li ul dl i svg img tr tbody thead table section form main \
         article fieldset",
    ),
    (is::ICON, "i svg span img mat-icon div use lightning-icon"),
    (is::FURNITURE, "nav footer"),
    (is::VALUE_ENDS, "td th tr dd section form main fieldset"),
    (is::CARD_ENDS, "body main form html section"),
    (
        is::PHONE,
        "data-phone-number data-phone data-tel data-number data-phonenumber",
    ),
];

fn what_is(name: &str) -> u16 {
    let mut flags = 0;
    for (flag, names) in NAMES {
        if is_one_of(name, names) {
            flags |= flag;
        }
    }
    if name.starts_with("data-") && contains(name, "mail") {
        flags |= is::MAIL;
    }
    flags
}

/// Returns the bit of an attribute's name in [`Node::bits`].
fn bit_of(name: &str) -> u32 {
    let ends = [name.bytes().next(), name.bytes().next_back()];
    let sum: usize = ends.iter().flatten().map(|it| usize::from(*it)).sum();
    1 << ((sum + name.len()) % 32)
}

/// A piece of the snapshot's text, in bytes.
#[derive(Clone, Copy, Debug, Default)]
struct Span {
    start: u32,
    end: u32,
}

/// One node; a text has the name [`TEXT`].
#[derive(Clone, Copy, Debug)]
struct Node {
    /// Index into `names`.
    name: u16,
    hidden: bool,
    /// Of an element: whether the value was given, be it empty. Of a text: see [`PageNode::refuses`].
    has_value: bool,
    parent: u32,
    /// One past the last node of the subtree.
    end: u32,
    /// The text itself, or the control's value.
    text: Span,
    attributes: Span,
    /// A bit for each attribute: most nodes lack most attributes, and one look tells.
    bits: u32,
}

/// The name of text nodes; no element can have it.
const TEXT: u16 = 0;
const NOTHING: Node = Node {
    name: TEXT,
    hidden: true,
    has_value: false,
    parent: u32::MAX,
    end: 0,
    text: Span { start: 0, end: 0 },
    attributes: Span { start: 0, end: 0 },
    bits: 0,
};

/// A page as the reader sees it.
#[derive(Debug)]
pub struct Snapshot {
    url: String,
    title: String,
    lang: String,
    /// The names of elements and attributes, with what they are.
    names: Vec<(String, u16)>,
    nodes: Vec<Node>,
    attributes: Vec<(u16, Span)>,
    text: String,
    linked_data: Vec<String>,
}

impl Snapshot {
    /// Returns the page's address, with its fragment.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the page's title.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the page's language as it states it (`de`, `en-GB`), or an empty text.
    pub fn lang(&self) -> &str {
        &self.lang
    }

    /// Returns the texts of the page's JSON-LD scripts that may be of use.
    pub fn linked_data(&self) -> &[String] {
        &self.linked_data
    }

    /// Returns how many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Returns whether nothing was recorded.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Returns the node at a place in document order; beyond the end an empty hidden text.
    pub fn at(&self, index: u32) -> PageNode<'_> {
        PageNode { page: self, index }
    }

    /// Returns every node, in document order.
    pub fn nodes(&self) -> Nodes<'_> {
        Nodes {
            page: self,
            at: 0,
            end: length(self.nodes.len()),
            deep: true,
        }
    }

    fn node(&self, index: u32) -> &Node {
        self.nodes.get(index as usize).unwrap_or(&NOTHING)
    }

    fn name(&self, name: u16) -> &str {
        self.names
            .get(usize::from(name))
            .map_or("", |(name, _)| name.as_str())
    }

    fn flags(&self, name: u16) -> u16 {
        self.names
            .get(usize::from(name))
            .map_or(0, |(_, flags)| *flags)
    }

    fn slice(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or("")
    }
}

/// A walk over nodes, see [`Snapshot::nodes`], [`PageNode::descendants`], [`PageNode::children`].
#[derive(Clone, Debug)]
pub struct Nodes<'p> {
    page: &'p Snapshot,
    at: u32,
    end: u32,
    /// Whether what is inside a node comes after it, or its next sibling.
    deep: bool,
}

impl<'p> Iterator for Nodes<'p> {
    type Item = PageNode<'p>;

    #[inline(never)]
    fn next(&mut self) -> Option<PageNode<'p>> {
        let at = self.at;
        if at >= self.end {
            return None;
        }
        self.at = at + 1;
        if !self.deep {
            self.at = self.at.max(self.page.node(at).end);
        }
        Some(self.page.at(at))
    }
}

/// A node of a [`Snapshot`]: an element or a text.
#[derive(Clone, Copy)]
pub struct PageNode<'p> {
    page: &'p Snapshot,
    index: u32,
}

impl PartialEq for PageNode<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.index == other.index
    }
}

impl Eq for PageNode<'_> {}

impl std::fmt::Debug for PageNode<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}@{}", self.tag(), self.index)
    }
}

impl<'p> PageNode<'p> {
    fn node(self) -> &'p Node {
        self.page.node(self.index)
    }

    /// Returns the place in document order.
    pub fn index(self) -> u32 {
        self.index
    }

    /// Returns the place just after the node's subtree.
    pub fn end(self) -> u32 {
        self.node().end
    }

    /// Returns whether this is a text.
    pub fn is_text(self) -> bool {
        self.node().name == TEXT
    }

    /// Returns the tag in lower case; empty for a text.
    #[inline(never)]
    pub fn tag(self) -> &'p str {
        self.page.name(self.node().name)
    }

    /// Returns whether the node or one above it is not displayed.
    #[inline(never)]
    pub fn is_hidden(self) -> bool {
        self.node().hidden
    }

    /// Returns the text of a text node; empty for an element.
    #[inline(never)]
    pub fn own_text(self) -> &'p str {
        if self.is_text() {
            self.page.slice(self.node().text)
        } else {
            ""
        }
    }

    /// Returns a form control's current value: what was typed, or the chosen option's text.
    #[inline(never)]
    pub fn value(self) -> Option<&'p str> {
        let node = self.node();
        (node.has_value && node.name != TEXT).then(|| self.page.slice(node.text))
    }

    /// Returns whether a text names somebody's wish not to be contacted. It is a line of its own, wherever it stands.
    pub(crate) fn refuses(self) -> bool {
        let node = self.node();
        node.has_value && node.name == TEXT
    }

    /// Returns whether the node's tag is one of these, see [`is`].
    #[inline(never)]
    pub(crate) fn is(self, flags: u16) -> bool {
        self.page.flags(self.node().name) & flags != 0
    }

    fn attributes(self) -> &'p [(u16, Span)] {
        let span = self.node().attributes;
        self.page
            .attributes
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// Returns the value of an attribute.
    #[inline(never)]
    pub fn attribute(self, name: &str) -> Option<&'p str> {
        if self.node().bits & bit_of(name) == 0 {
            return None;
        }
        let mut all = self.attributes().iter();
        let (_, value) = all.find(|(own, _)| self.page.name(*own) == name)?;
        Some(self.page.slice(*value))
    }

    /// Returns the values of the attributes that are one of these, see [`is`].
    pub(crate) fn attributes_that_are(self, flags: u16) -> impl Iterator<Item = &'p str> {
        let page = self.page;
        let all = self.attributes().iter();
        all.filter(move |(name, _)| page.flags(*name) & flags != 0)
            .map(move |(_, value)| page.slice(*value))
    }

    /// Returns the node around this one.
    pub fn parent(self) -> Option<Self> {
        let parent = self.node().parent;
        (parent != u32::MAX).then(|| self.page.at(parent))
    }

    /// Returns the nodes around this one, nearest first.
    pub fn ancestors(self) -> Ancestors<'p> {
        Ancestors(self)
    }

    /// Returns whether `other` is this node or inside it.
    pub fn contains(self, other: Self) -> bool {
        (self.index..self.end()).contains(&other.index)
    }

    /// Returns the children, in document order.
    pub fn children(self) -> Nodes<'p> {
        self.walk(self.index + 1, self.end(), false)
    }

    /// Returns everything inside, in document order, without the node itself.
    pub fn descendants(self) -> Nodes<'p> {
        self.walk(self.index + 1, self.end(), true)
    }

    /// Returns the node and everything inside, in document order.
    pub fn subtree(self) -> Nodes<'p> {
        self.walk(self.index, self.end(), true)
    }

    /// Returns the siblings behind this node.
    pub fn following(self) -> Nodes<'p> {
        let end = self.parent().map_or(0, Self::end);
        self.walk(self.end(), end, false)
    }

    fn walk(self, at: u32, end: u32, deep: bool) -> Nodes<'p> {
        Nodes {
            page: self.page,
            at,
            end,
            deep,
        }
    }

    /// Returns how many nodes there are, with all inside.
    pub fn size(self) -> u32 {
        self.end() - self.index
    }

    /// Returns whether there is something to read in this very node: more than white space.
    #[inline(never)]
    pub fn is_written(self) -> bool {
        !self.own_text().trim().is_empty()
    }

    /// Returns the visible text inside (all of it where the node itself is hidden), white space collapsed,
    /// parts on lines of their own joined by a line feed.
    pub fn text(self) -> String {
        let mut out = String::new();
        self.write_text(&mut out, self.is_hidden());
        let trimmed = out.trim_end().len();
        out.truncate(trimmed);
        out
    }

    fn write_text(self, out: &mut String, with_hidden: bool) {
        if self.is_text() {
            if self.refuses() {
                break_with(out, '\n');
            }
            for c in self.own_text().chars() {
                if c.is_whitespace() {
                    break_with(out, ' ');
                } else {
                    out.push(c);
                }
            }
            if self.refuses() {
                break_with(out, '\n');
            }
            return;
        }
        if self.tag() == "br" {
            break_with(out, '\n');
            return;
        }
        let block = !self.is(is::INLINE);
        if block {
            break_with(out, '\n');
        }
        for child in self.children() {
            if with_hidden || !child.is_hidden() {
                child.write_text(out, with_hidden);
            }
        }
        if block {
            break_with(out, '\n');
        }
    }
}

/// See [`PageNode::ancestors`].
#[derive(Clone, Debug)]
pub struct Ancestors<'p>(PageNode<'p>);

impl<'p> Iterator for Ancestors<'p> {
    type Item = PageNode<'p>;

    fn next(&mut self) -> Option<PageNode<'p>> {
        self.0 = self.0.parent()?;
        Some(self.0)
    }
}

/// Ends what was written with `separator`; a line feed outdoes a blank, and nothing begins with either.
fn break_with(out: &mut String, separator: char) {
    if out.is_empty() || out.ends_with('\n') {
        return;
    }
    if out.ends_with(' ') {
        if separator == ' ' {
            return;
        }
        out.pop();
    }
    out.push(separator);
}

fn length(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

/// Builds a [`Snapshot`] from a walk over a page.
///
/// ```
/// use switchboard::reader::snapshot::SnapshotBuilder;
/// let mut builder = SnapshotBuilder::new("https://crm.example/people/17", "Ada", "en");
/// builder.open("a", false).attribute("href", "/people/17").text("Ada").close();
/// assert_eq!(builder.finish().len(), 2);
/// ```
#[derive(Debug)]
pub struct SnapshotBuilder {
    page: Snapshot,
    known: Index,
    open: Vec<u32>,
}

impl SnapshotBuilder {
    /// Begins a page with its address, title and language (each may be empty).
    pub fn new(url: &str, title: &str, lang: &str) -> Self {
        Self {
            page: Snapshot {
                url: url.to_owned(),
                title: title.to_owned(),
                lang: lang.to_owned(),
                names: vec![(String::new(), 0)],
                nodes: Vec::new(),
                attributes: Vec::new(),
                text: String::new(),
                linked_data: Vec::new(),
            },
            known: Index::default(),
            open: Vec::new(),
        }
    }

    /// Opens an element; `tag` may be in any case. `hidden` says that it is not displayed, which holds for all inside.
    pub fn open(&mut self, tag: &str, hidden: bool) -> &mut Self {
        let name = if tag.bytes().any(|byte| byte.is_ascii_uppercase()) {
            self.name(&tag.to_ascii_lowercase())
        } else {
            self.name(tag)
        };
        let index = self.push(name, hidden, Span::default());
        self.open.push(index);
        self
    }

    /// Adds an attribute to the element opened last, before its first child; those not wanted are dropped.
    pub fn attribute(&mut self, name: &str, value: &str) -> &mut Self {
        if !wants_attribute(name) || value.len() > LONGEST_ATTRIBUTE {
            return self;
        }
        let bit = bit_of(name);
        let name = self.name(name);
        let value = self.write(value);
        let index = self.open.last().copied();
        if let Some(node) = index.and_then(|at| self.page.nodes.get_mut(at as usize)) {
            self.page.attributes.push((name, value));
            node.attributes.end = length(self.page.attributes.len());
            node.bits |= bit;
        }
        self
    }

    /// Sets the current value of the form control opened last: its text, for a `select` the text of the chosen option.
    pub fn value(&mut self, value: &str) -> &mut Self {
        let span = self.write(value);
        let index = self.open.last().copied();
        if let Some(node) = index.and_then(|at| self.page.nodes.get_mut(at as usize)) {
            node.text = span;
            node.has_value = true;
        }
        self
    }

    /// Says that the check box opened last is ticked, before its other attributes.
    pub fn ticked(&mut self) -> &mut Self {
        self.attribute("aria-checked", "true")
    }

    /// Adds the text of a JSON-LD script; one that is too long, too many or of no use is dropped.
    pub fn linked_data(&mut self, text: String) -> &mut Self {
        let all = &mut self.page.linked_data;
        // Events are what they are read for.
        let wanted = text.len() <= LONGEST_LINKED_DATA && contains(&text, "Event");
        if wanted && all.len() < MOST_LINKED_DATA {
            all.push(text);
        }
        self
    }

    /// Adds a text to the element opened last.
    pub fn text(&mut self, text: &str) -> &mut Self {
        if !text.is_empty() {
            let span = if text.trim().is_empty() {
                self.write(" ")
            } else {
                self.write(text)
            };
            let index = self.push(TEXT, false, span);
            if let Some(node) = self.page.nodes.get_mut(index as usize) {
                node.has_value = words::refusal_of(text).is_some();
            }
        }
        self
    }

    /// Closes the element opened last.
    pub fn close(&mut self) -> &mut Self {
        let end = length(self.page.nodes.len());
        let index = self.open.pop();
        if let Some(node) = index.and_then(|at| self.page.nodes.get_mut(at as usize)) {
            node.end = end;
        }
        self
    }

    /// Returns the page; elements still open are closed.
    pub fn finish(mut self) -> Snapshot {
        while !self.open.is_empty() {
            self.close();
        }
        self.page
    }

    fn push(&mut self, name: u16, hidden: bool, text: Span) -> u32 {
        let index = length(self.page.nodes.len());
        let parent = self.open.last().copied();
        let first = length(self.page.attributes.len());
        let inherited = parent.is_some_and(|at| self.page.node(at).hidden);
        self.page.nodes.push(Node {
            name,
            hidden: hidden || inherited,
            has_value: false,
            parent: parent.unwrap_or(u32::MAX),
            end: index + 1,
            text,
            attributes: Span {
                start: first,
                end: first,
            },
            bits: 0,
        });
        index
    }

    fn write(&mut self, text: &str) -> Span {
        let start = length(self.page.text.len());
        self.page.text.push_str(text);
        Span {
            start,
            end: length(self.page.text.len()),
        }
    }

    fn name(&mut self, name: &str) -> u16 {
        let hash = hash(&[name]);
        let same = |at: u32| u16::try_from(at).is_ok_and(|it| self.page.name(it) == name);
        if let Some(known) = self.known.find(hash, &mut |at| same(at)) {
            return u16::try_from(known).unwrap_or(u16::MAX);
        }
        let Ok(index) = u16::try_from(self.page.names.len()) else {
            return u16::MAX;
        };
        self.page.names.push((name.to_owned(), what_is(name)));
        self.known.add(hash, u32::from(index));
        index
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted_for_binary_search() {
        for table in [UNWANTED, LEAVES, ATTRIBUTES] {
            assert!(table.is_sorted());
        }
    }

    #[test]
    fn names_are_what_the_lists_say() {
        assert_eq!(what_is("div"), is::ICON);
        assert_eq!(what_is("wbr"), is::INLINE);
        assert_eq!(what_is("select"), is::CONTROL | is::NO_LABEL);
        assert_eq!(what_is("data-mail-to"), is::MAIL);
    }

    #[test]
    fn what_is_inside_a_hidden_element_is_hidden() {
        let mut builder = SnapshotBuilder::new("", "", "");
        builder.open("DIV", true).open("b", false).text("x");
        let page = builder.finish();
        assert!(page.nodes().all(PageNode::is_hidden));
        assert_eq!(page.at(0).tag(), "div");
        assert_eq!(page.at(0).end(), 3);
    }

    #[test]
    fn text_keeps_lines_apart_and_words_together() {
        let mut builder = SnapshotBuilder::new("", "", "");
        builder.open("td", false);
        builder.open("div", false).text("  Ada\n ").close();
        builder.open("span", false).text("By").close().text("ron  ");
        builder.open("br", false).close().text(" Analyst ");
        let page = builder.finish();
        assert_eq!(page.at(0).text(), "Ada\nByron\nAnalyst");
    }

    #[test]
    fn linked_data_is_kept_where_it_may_state_an_event() {
        let mut builder = SnapshotBuilder::new("", "", "");
        builder.linked_data(r#"{"@type":"Person"}"#.to_owned());
        builder.linked_data(format!("Event{}", " ".repeat(LONGEST_LINKED_DATA)));
        for at in 0..25 {
            builder.linked_data(format!(r#"{{"@type":"Event","name":"{at}"}}"#));
        }
        let page = builder.finish();
        assert_eq!(page.linked_data().len(), MOST_LINKED_DATA);
        assert!(page.linked_data()[0].ends_with(r#""0"}"#));
    }

    #[test]
    fn attributes_belong_to_the_element_opened_last() {
        let mut builder = SnapshotBuilder::new("", "", "");
        builder.open("tr", false).attribute("data-id", "17");
        builder
            .open("td", false)
            .attribute("style", "x")
            .attribute("class", "a b");
        let page = builder.finish();
        assert_eq!(page.at(0).attribute("data-id"), Some("17"));
        assert_eq!(page.at(1).attribute("data-id"), None);
        assert_eq!(page.at(1).attribute("style"), None);
        assert_eq!(page.at(1).attribute("class"), Some("a b"));
    }
}
