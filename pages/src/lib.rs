//! Saved HTML pages as snapshots, for the tests and the reader's command line.
//!
//! A saved page has no layout, so only what it says itself is hidden: the `hidden` attribute, `display: none` and
//! `visibility: hidden` in a `style` attribute, `input type=hidden`.
//! Declarative shadow roots (`<template shadowrootmode>`) appear as children, as they do to the live walk.

mod tree;

use switchboard::reader::snapshot::{Snapshot, SnapshotBuilder, wants_element, wants_subtree};

use tree::{Data, NodeId, Tree};

/// Returns the snapshot of a saved page.
pub fn snapshot(html: &str, url: &str) -> Snapshot {
    let tree = tree::parse(html);
    let title = tree
        .find(tree::DOCUMENT, "title")
        .map(|it| tree.text(it))
        .unwrap_or_default();
    let lang = tree
        .find(tree::DOCUMENT, "html")
        .and_then(|it| tree.attribute(it, "lang"))
        .unwrap_or_default();
    let mut builder = SnapshotBuilder::new(url, title.trim(), lang);
    for script in tree.all(tree::DOCUMENT, "script") {
        if tree.attribute(script, "type") == Some("application/ld+json") {
            builder.linked_data(tree.text(script));
        }
    }
    for child in tree.children(tree::DOCUMENT) {
        walk(&tree, *child, &mut builder);
    }
    builder.finish()
}

fn walk(tree: &Tree, node: NodeId, builder: &mut SnapshotBuilder) {
    let tag = match tree.data(node) {
        Data::Text(text) => {
            builder.text(text);
            return;
        }
        Data::Element(tag) => tag.as_str(),
        Data::Other => return,
    };
    let shadow_root = tag == "template" && tree.attribute(node, "shadowrootmode").is_some();
    if shadow_root {
        for child in tree.children(node) {
            walk(tree, *child, builder);
        }
        return;
    }
    if !wants_element(tag) {
        return;
    }
    builder.open(tag, is_hidden(tree, node, tag));
    if tag == "input" && tree.attribute(node, "checked").is_some() {
        builder.ticked();
    }
    for (name, value) in tree.attributes(node) {
        builder.attribute(name, value);
    }
    if let Some(value) = value_of(tree, node, tag) {
        builder.value(&value);
    }
    if wants_subtree(tag) {
        for child in tree.children(node) {
            walk(tree, *child, builder);
        }
    }
    builder.close();
}

fn is_hidden(tree: &Tree, node: NodeId, tag: &str) -> bool {
    let style: String = tree
        .attribute(node, "style")
        .unwrap_or_default()
        .chars()
        .filter(|it| !it.is_whitespace())
        .collect::<String>()
        .to_ascii_lowercase();
    matches!(tag, "link" | "meta")
        || tree.attribute(node, "hidden").is_some()
        || tree
            .attribute(node, "type")
            .is_some_and(|it| it.eq_ignore_ascii_case("hidden"))
        || style.contains("display:none")
        || style.contains("visibility:hidden")
}

/// What a form control holds; a tick is no value, and buttons hold nothing of interest.
fn value_of(tree: &Tree, node: NodeId, tag: &str) -> Option<String> {
    match tag {
        "input" => {
            let kind = tree.attribute(node, "type").unwrap_or("text");
            let silent = [
                "button", "checkbox", "file", "image", "password", "radio", "reset", "submit",
            ];
            (!silent.contains(&kind))
                .then(|| tree.attribute(node, "value").unwrap_or_default().to_owned())
        }
        "textarea" => Some(tree.text(node)),
        "select" => {
            let options = tree.all(node, "option");
            let chosen = options
                .iter()
                .find(|it| tree.attribute(**it, "selected").is_some())
                .or(options.first())?;
            Some(tree.text(*chosen).trim().to_owned())
        }
        _ => None,
    }
}
