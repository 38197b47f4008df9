//! Recordings and attachments: played, shown, saved, or explained.

use std::cell::RefCell;
use std::rc::Rc;

use anyhow::Result;
use switchboard::protocol::book::FileView;
use switchboard::view::file::{self, Shown};
use switchboard::view::person::web_link;
use switchboard_ui::{Part as _, by_id, number, show};
use switchboard_webext::{media, text, text_with};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlTemplateElement, Url};

use crate::shell::{append, copy, drawn, put, write};

/// The files of the open entry.
pub(crate) struct Files {
    template: HtmlTemplateElement,
    /// The addresses under which files are loaded now.
    addresses: RefCell<Vec<String>>,
}

impl Files {
    pub(crate) fn find() -> Result<Rc<Self>> {
        Ok(Rc::new(Self {
            template: by_id("file")?,
            addresses: RefCell::new(Vec::new()),
        }))
    }

    /// Lets go of every file that was loaded.
    pub(crate) fn release(&self) {
        for address in self.addresses.take() {
            // An address that is none any more is no loss.
            drop(Url::revoke_object_url(&address));
        }
    }

    /// Shows files; one without a name of its own is called `unnamed`.
    pub(crate) fn draw(
        self: &Rc<Self>,
        into: &Element,
        files: &[FileView],
        unnamed: &str,
    ) -> Result<()> {
        for file in files {
            let element = copy(&self.template)?;
            append(into, &element)?;
            self.fill(&element, file, unnamed)?;
        }
        Ok(())
    }

    fn fill(self: &Rc<Self>, element: &Element, file: &FileView, unnamed: &str) -> Result<()> {
        let name = if file.name.is_empty() {
            unnamed
        } else {
            &file.name
        };
        let shown = file::shown(file);
        let size = match shown {
            Shown::Nowhere => String::new(),
            _ => text_with("file_kilobytes", &[&number(file.bytes.div_ceil(1_000))]),
        };
        let title = [name, size.as_str()].join(" ");
        write(element, ".file-name", title.trim_end())?;
        let why = file::why_not_kept(file).map(text).unwrap_or_default();
        write(element, ".words", &why)?;
        let away: Element = element.part("a.away")?;
        match web_link(file.link.as_deref()) {
            Some(address) => put(&away, "href", address)?,
            None => away.remove(),
        }
        // Its place is kept while it is loaded.
        show(&element.part("audio")?, shown == Shown::Player);
        show(&element.part("img")?, shown == Shown::Picture);
        if let (Some((key, _)), false) = (&file.media, shown == Shown::Nowhere) {
            put(&element.part("img")?, "alt", name)?;
            put(&element.part("a.keep")?, "download", name)?;
            let (files, element, key) = (self.clone(), element.clone(), key.clone());
            spawn_local(async move {
                let address = media::object_url(&key).await.ok().flatten();
                drawn(files.loaded(&element, shown, address));
            });
        }
        Ok(())
    }

    fn loaded(&self, element: &Element, shown: Shown, address: Option<String>) -> Result<()> {
        let Some(address) = address else {
            show(&element.part("audio")?, false);
            show(&element.part("img")?, false);
            return write(element, ".words", &text(file::GONE));
        };
        match shown {
            Shown::Player => put(&element.part("audio")?, "src", &address)?,
            Shown::Picture => put(&element.part("img")?, "src", &address)?,
            Shown::Download | Shown::Nowhere => {}
        }
        let keep: Element = element.part("a.keep")?;
        put(&keep, "href", &address)?;
        show(&keep, true);
        self.addresses.borrow_mut().push(address);
        if !element.is_connected() {
            // Another entry was opened meanwhile.
            self.release();
        }
        Ok(())
    }
}
