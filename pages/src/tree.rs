//! The tree that html5ever builds into: just enough of a DOM to be walked once.

use std::borrow::Cow;
use std::cell::{Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::{StrTendril, TendrilSink as _};
use html5ever::{Attribute, QualName, parse_document};

/// A node's place in its tree.
pub(crate) type NodeId = usize;

/// The document itself.
pub(crate) const DOCUMENT: NodeId = 0;

/// What a node is.
pub(crate) enum Data {
    /// An element with its tag.
    Element(String),
    /// A text.
    Text(String),
    /// The document, a comment, a template's contents.
    Other,
}

struct Node {
    data: Data,
    name: Option<QualName>,
    attributes: Vec<(String, String)>,
    parent: Option<NodeId>,
    children: Vec<NodeId>,
}

impl Node {
    fn new(data: Data) -> Self {
        Self {
            data,
            name: None,
            attributes: Vec::new(),
            parent: None,
            children: Vec::new(),
        }
    }
}

/// A parsed page.
pub(crate) struct Tree {
    nodes: Vec<Node>,
}

/// Parses a whole page, however broken.
pub(crate) fn parse(html: &str) -> Tree {
    let builder = Builder {
        tree: RefCell::new(Tree {
            nodes: vec![Node::new(Data::Other)],
        }),
    };
    parse_document(builder, html5ever::ParseOpts::default()).one(html)
}

impl Tree {
    fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    /// Returns what a node is.
    pub(crate) fn data(&self, id: NodeId) -> &Data {
        self.node(id).map_or(&Data::Other, |it| &it.data)
    }

    /// Returns a node's children, in order.
    pub(crate) fn children(&self, id: NodeId) -> &[NodeId] {
        self.node(id).map_or(&[], |it| &it.children)
    }

    /// Returns an element's attributes, in order.
    pub(crate) fn attributes(&self, id: NodeId) -> impl Iterator<Item = (&str, &str)> {
        let own = self.node(id).map_or(&[][..], |it| &it.attributes);
        own.iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Returns an attribute's value.
    pub(crate) fn attribute(&self, id: NodeId, name: &str) -> Option<&str> {
        self.attributes(id)
            .find(|(own, _)| *own == name)
            .map(|(_, value)| value)
    }

    /// Returns the elements of a tag inside a node.
    pub(crate) fn all(&self, id: NodeId, tag: &str) -> Vec<NodeId> {
        let mut found = Vec::new();
        for child in self.children(id) {
            if matches!(self.data(*child), Data::Element(own) if own == tag) {
                found.push(*child);
            }
            found.extend(self.all(*child, tag));
        }
        found
    }

    /// Returns the first element of a tag inside a node.
    pub(crate) fn find(&self, id: NodeId, tag: &str) -> Option<NodeId> {
        self.all(id, tag).first().copied()
    }

    /// Returns all text inside a node.
    pub(crate) fn text(&self, id: NodeId) -> String {
        match self.data(id) {
            Data::Text(text) => text.clone(),
            Data::Element(_) | Data::Other => {
                self.children(id).iter().map(|it| self.text(*it)).collect()
            }
        }
    }

    fn push(&mut self, node: Node) -> NodeId {
        self.nodes.push(node);
        self.nodes.len() - 1
    }

    fn detach(&mut self, id: NodeId) {
        let parent = self.nodes.get_mut(id).and_then(|it| it.parent.take());
        if let Some(parent) = parent.and_then(|it| self.nodes.get_mut(it)) {
            parent.children.retain(|it| *it != id);
        }
    }

    /// Puts a node or text before the child at `at` of a parent, or at its end.
    fn insert(&mut self, parent: NodeId, at: Option<usize>, child: NodeOrText<NodeId>) {
        let siblings = self.children(parent);
        let at = at.unwrap_or(siblings.len());
        let before = at.checked_sub(1).and_then(|it| siblings.get(it)).copied();
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let last = before.and_then(|it| self.nodes.get_mut(it));
                if let Some(Data::Text(own)) = last.map(|it| &mut it.data) {
                    own.push_str(&text);
                    return;
                }
                self.push(Node::new(Data::Text(text.to_string())))
            }
        };
        if let Some(node) = self.nodes.get_mut(id) {
            node.parent = Some(parent);
        }
        if let Some(parent) = self.nodes.get_mut(parent) {
            let at = at.min(parent.children.len());
            parent.children.insert(at, id);
        }
    }

    fn place_of(&self, id: NodeId) -> Option<(NodeId, usize)> {
        let parent = self.node(id)?.parent?;
        let at = self.children(parent).iter().position(|it| *it == id)?;
        Some((parent, at))
    }
}

struct Builder {
    tree: RefCell<Tree>,
}

impl Builder {
    fn write(&self, parent: NodeId, attributes: Vec<Attribute>) {
        if let Some(node) = self.tree.borrow_mut().nodes.get_mut(parent) {
            for attribute in attributes {
                let name = attribute.name.local.to_string();
                if !node.attributes.iter().any(|(own, _)| *own == name) {
                    node.attributes.push((name, attribute.value.to_string()));
                }
            }
        }
    }
}

/// An element's name, borrowed from the tree under construction.
#[derive(Debug)]
pub(crate) struct Name<'a>(Ref<'a, QualName>);

impl html5ever::interface::ElemName for Name<'_> {
    fn ns(&self) -> &html5ever::Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &html5ever::LocalName {
        &self.0.local
    }
}

impl TreeSink for Builder {
    type Handle = NodeId;
    type Output = Tree;
    type ElemName<'a> = Name<'a>;

    fn finish(self) -> Tree {
        self.tree.into_inner()
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> NodeId {
        DOCUMENT
    }

    fn elem_name<'a>(&'a self, target: &'a NodeId) -> Name<'a> {
        Name(Ref::map(self.tree.borrow(), |tree| {
            let name = tree.node(*target).and_then(|it| it.name.as_ref());
            #[expect(
                clippy::expect_used,
                reason = "html5ever asks for the names of elements only"
            )]
            name.expect("an element has a name")
        }))
    }

    fn create_element(
        &self,
        name: QualName,
        attributes: Vec<Attribute>,
        _flags: ElementFlags,
    ) -> NodeId {
        let mut node = Node::new(Data::Element(name.local.to_string()));
        node.name = Some(name);
        let id = self.tree.borrow_mut().push(node);
        self.write(id, attributes);
        id
    }

    fn create_comment(&self, _text: StrTendril) -> NodeId {
        self.tree.borrow_mut().push(Node::new(Data::Other))
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> NodeId {
        self.tree.borrow_mut().push(Node::new(Data::Other))
    }

    fn append(&self, parent: &NodeId, child: NodeOrText<NodeId>) {
        self.tree.borrow_mut().insert(*parent, None, child);
    }

    fn append_based_on_parent_node(
        &self,
        element: &NodeId,
        previous: &NodeId,
        child: NodeOrText<NodeId>,
    ) {
        let has_parent = self.tree.borrow().place_of(*element).is_some();
        if has_parent {
            self.append_before_sibling(element, child);
        } else {
            self.append(previous, child);
        }
    }

    fn append_doctype_to_document(
        &self,
        _name: StrTendril,
        _public: StrTendril,
        _system: StrTendril,
    ) {
    }

    /// A template's contents are its children here, which is what a shadow root is to the snapshot.
    fn get_template_contents(&self, target: &NodeId) -> NodeId {
        *target
    }

    fn same_node(&self, one: &NodeId, other: &NodeId) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &NodeId, child: NodeOrText<NodeId>) {
        let mut tree = self.tree.borrow_mut();
        if let NodeOrText::AppendNode(id) = &child {
            tree.detach(*id);
        }
        if let Some((parent, at)) = tree.place_of(*sibling) {
            tree.insert(parent, Some(at), child);
        }
    }

    fn add_attrs_if_missing(&self, target: &NodeId, attributes: Vec<Attribute>) {
        self.write(*target, attributes);
    }

    fn remove_from_parent(&self, target: &NodeId) {
        self.tree.borrow_mut().detach(*target);
    }

    fn reparent_children(&self, node: &NodeId, new_parent: &NodeId) {
        let children = self.tree.borrow().children(*node).to_vec();
        for child in children {
            self.append(new_parent, NodeOrText::AppendNode(child));
        }
    }
}
