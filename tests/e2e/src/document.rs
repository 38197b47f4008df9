//! A document in the browser: a tab or any frame in it, however deep and however closed its shadow root.

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};
use thirtyfour::bidi::{BiDi, BrowsingContextId};

use crate::wait::{LIMIT, until};

/// A tab, or a frame in it.
#[derive(Clone, Debug)]
pub struct Document {
    pub(crate) bidi: BiDi,
    /// Its name in the protocol.
    pub(crate) id: BrowsingContextId,
}

/// A document in the tree of frames.
#[derive(Clone, Debug)]
pub struct Node {
    /// The document.
    pub document: Document,
    /// Its address.
    pub url: String,
    /// The frames in it.
    pub children: Vec<Self>,
}

impl Node {
    pub(crate) fn of(bidi: &BiDi, value: &Value) -> Result<Self> {
        let id = value
            .get("context")
            .and_then(Value::as_str)
            .context("a context without a name")?;
        let children = value.get("children").and_then(Value::as_array);
        Ok(Self {
            document: Document {
                bidi: bidi.clone(),
                id: id.into(),
            },
            url: value
                .get("url")
                .and_then(Value::as_str)
                .unwrap_or_default()
                .to_owned(),
            children: children
                .into_iter()
                .flatten()
                .map(|child| Self::of(bidi, child))
                .collect::<Result<_>>()?,
        })
    }

    /// The first document below this one whose address fits.
    pub fn find(&self, fits: &dyn Fn(&str) -> bool) -> Option<&Self> {
        self.children.iter().find_map(|child| {
            if fits(&child.url) {
                Some(child)
            } else {
                child.find(fits)
            }
        })
    }
}

impl Document {
    /// Goes to an address and waits until it is there.
    pub async fn goto(&self, url: &str) -> Result<()> {
        self.command(
            "browsingContext.navigate",
            json!({ "url": url, "wait": "none" }),
        )
        .await?;
        let wanted = url.to_owned();
        until(&format!("{url} is loaded"), async || {
            let state = self.eval("[location.href, document.readyState]").await?;
            Ok((state == json!([wanted, "complete"])).then_some(()))
        })
        .await
    }

    /// Loads it again.
    pub async fn reload(&self) -> Result<()> {
        self.command("browsingContext.reload", json!({ "wait": "complete" }))
            .await
            .map(drop)
    }

    /// Closes the tab without asking the page.
    pub async fn close(&self) -> Result<()> {
        self.command("browsingContext.close", json!({}))
            .await
            .map(drop)
    }

    /// Brings the tab to the front.
    pub async fn show(&self) -> Result<()> {
        self.command("browsingContext.activate", json!({}))
            .await
            .map(drop)
    }

    /// The value of an expression, promises waited for, as JSON.
    pub async fn eval(&self, expression: &str) -> Result<Value> {
        let wrapped = format!("(async () => JSON.stringify(await ({expression})))()");
        let answer = self
            .send(
                "script.evaluate",
                json!({
                    "expression": wrapped,
                    "target": { "context": self.id },
                    "awaitPromise": true,
                    "userActivation": false,
                }),
            )
            .await?;
        if let Some(wrong) = answer.pointer("/exceptionDetails/text") {
            bail!("{expression}: {wrong}");
        }
        match answer.pointer("/result/value").and_then(Value::as_str) {
            Some(text) => Ok(serde_json::from_str(text)?),
            None => Ok(Value::Null),
        }
    }

    /// The tree of frames from here.
    pub async fn tree(&self) -> Result<Node> {
        let tree = self
            .send("browsingContext.getTree", json!({ "root": self.id }))
            .await?;
        let root = tree
            .pointer("/contexts/0")
            .context("the document is gone")?;
        Node::of(&self.bidi, root)
    }

    /// Waits for a frame below this document.
    pub async fn frame(&self, wanted: &str, fits: impl Fn(&str) -> bool) -> Result<Self> {
        until(&format!("a frame: {wanted}"), async || {
            Ok(self
                .tree()
                .await?
                .find(&fits)
                .map(|node| node.document.clone()))
        })
        .await
    }

    /// Waits until an expression is true.
    pub async fn holds(&self, expression: &str) -> Result<()> {
        until(expression, async || {
            Ok((self.eval(expression).await? == json!(true)).then_some(()))
        })
        .await
    }

    /// Clicks the first visible element that fits the selector, as a user does.
    pub async fn click(&self, selector: &str) -> Result<()> {
        let element = self.element(selector).await?;
        let at = json!(selector);
        self.eval(&format!(
            "document.querySelector({at}).scrollIntoView({{ block: 'center' }})"
        ))
        .await?;
        self.mouse(json!([
            { "type": "pointerMove", "x": 0, "y": 0, "origin": { "type": "element", "element": element } },
            { "type": "pointerDown", "button": 0 },
            { "type": "pointerUp", "button": 0 },
        ]))
        .await
    }

    /// Presses the mouse's button at a point of the viewport, and holds it.
    pub async fn press(&self, x: i64, y: i64) -> Result<()> {
        self.mouse(json!([
            { "type": "pointerMove", "x": x, "y": y },
            { "type": "pointerDown", "button": 0 },
        ]))
        .await
    }

    /// Moves the mouse.
    pub async fn move_to(&self, x: i64, y: i64) -> Result<()> {
        self.mouse(json!([{ "type": "pointerMove", "x": x, "y": y }]))
            .await
    }

    /// Lets the mouse's button go.
    pub async fn release(&self) -> Result<()> {
        self.mouse(json!([{ "type": "pointerUp", "button": 0 }]))
            .await
    }

    async fn mouse(&self, actions: Value) -> Result<()> {
        let source = json!({ "type": "pointer", "id": "mouse", "actions": actions });
        self.command("input.performActions", json!({ "actions": [source] }))
            .await
            .map(drop)
    }

    /// Presses one key after the other.
    pub async fn keys(&self, keys: &str) -> Result<()> {
        let actions: Vec<Value> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key.to_string() }),
                    json!({ "type": "keyUp", "value": key.to_string() }),
                ]
            })
            .collect();
        self.command(
            "input.performActions",
            json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] }),
        )
        .await
        .map(drop)
    }

    /// Replaces what stands in an input.
    pub async fn fill(&self, selector: &str, text: &str) -> Result<()> {
        self.element(selector).await?;
        self.eval(&format!(
            "document.querySelector({}).select()",
            json!(selector)
        ))
        .await?;
        self.click(selector).await?;
        self.eval(&format!(
            "document.querySelector({}).select()",
            json!(selector)
        ))
        .await?;
        if text.is_empty() {
            self.keys("\u{e017}").await?;
        } else {
            self.keys(text).await?;
        }
        // Leaving the input is what makes it count.
        self.keys("\u{e004}").await
    }

    /// Chooses an option of a `<select>` by its value, as a user does who types its name.
    pub async fn choose(&self, selector: &str, value: &str) -> Result<()> {
        self.element(selector).await?;
        let selector = json!(selector);
        self.eval(&format!(
            "(select => {{ select.value = {}; select.dispatchEvent(new Event('input', {{ bubbles: true }})); \
             select.dispatchEvent(new Event('change', {{ bubbles: true }})); }})(document.querySelector({selector}))",
            json!(value)
        ))
        .await
        .map(drop)
    }

    /// Gives the page a viewport of this size, or its own again.
    pub async fn set_viewport(&self, size: Option<(u32, u32)>) -> Result<()> {
        let viewport = size.map(|(width, height)| json!({ "width": width, "height": height }));
        self.command(
            "browsingContext.setViewport",
            json!({ "viewport": viewport }),
        )
        .await
        .map(drop)
    }

    /// Whether the browser asks the user when the page is to be loaded again; the answer given is no.
    pub async fn asks_before_leaving(&self) -> Result<bool> {
        use futures_util::StreamExt as _;
        use thirtyfour::bidi::events::UserPromptOpened;
        let mut prompts = self.bidi.subscribe::<UserPromptOpened>().await?;
        // By the page itself: the protocol's own reload would wait for the answer.
        self.eval("void setTimeout(() => location.reload())")
            .await?;
        if tokio::time::timeout(LIMIT, prompts.next())
            .await
            .ok()
            .flatten()
            .is_none()
        {
            return Ok(false);
        }
        self.command(
            "browsingContext.handleUserPrompt",
            json!({ "accept": false }),
        )
        .await?;
        Ok(true)
    }

    /// Opens a `<details>`, if it is not open.
    pub async fn open_details(&self, selector: &str) -> Result<()> {
        if self
            .eval(&format!("document.querySelector({}).open", json!(selector)))
            .await?
            == json!(false)
        {
            self.click(&format!("{selector} > summary")).await?;
        }
        Ok(())
    }

    /// A picture of what is seen of it, as PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        use base64::Engine as _;
        let answer = self
            .command("browsingContext.captureScreenshot", json!({}))
            .await?;
        let data = answer
            .get("data")
            .and_then(Value::as_str)
            .context("no picture")?;
        Ok(base64::engine::general_purpose::STANDARD.decode(data)?)
    }

    async fn element(&self, selector: &str) -> Result<Value> {
        until(&format!("{selector} is there"), async || {
            let found = self
                .command(
                    "browsingContext.locateNodes",
                    json!({ "locator": { "type": "css", "value": selector }, "maxNodeCount": 1 }),
                )
                .await?;
            Ok(found
                .pointer("/nodes/0/sharedId")
                .map(|id| json!({ "sharedId": id })))
        })
        .await
    }

    pub(crate) async fn command(&self, method: &str, mut parameters: Value) -> Result<Value> {
        if let Some(object) = parameters.as_object_mut() {
            object.insert("context".to_owned(), json!(self.id));
        }
        self.send(method, parameters).await
    }

    async fn send(&self, method: &str, parameters: Value) -> Result<Value> {
        send(&self.bidi, method, parameters).await
    }
}

/// Sends a command to the browser. Some are never answered when their document goes away meanwhile.
pub(crate) async fn send(bidi: &BiDi, method: &str, parameters: Value) -> Result<Value> {
    let sent = bidi.send_raw(method, parameters);
    let answer = tokio::time::timeout(LIMIT, sent).await;
    Ok(answer.with_context(|| format!("the browser does not answer {method}"))??)
}
