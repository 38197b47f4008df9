//! Windows of our own.

use js_sys::{Array, Reflect};
use serde_json::{Value, json};
use switchboard::protocol::stored::WindowPlace;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Window;

use crate::chrome;
use crate::error::JsError;
use crate::scripting::to_js;
use crate::tabs;

/// A first window is as big as a phone, with the browser's own frame around it; after that it is as big as it
/// was left.
const WIDTH: i32 = 400;
const HEIGHT: i32 = 680;

/// Opens a page of ours as a window without a tab strip and returns its tab, where the browser says it.
///
/// # Errors
/// The browser's. A place that is on no screen any more is such an error in Chromium: then the window is
/// opened where the browser likes.
pub async fn open(url: &str, place: Option<WindowPlace>) -> Result<Option<i32>, JsError> {
    let plain = json!({ "url": url, "type": "popup", "width": WIDTH, "height": HEIGHT });
    if let Some(place) = place {
        let WindowPlace {
            left,
            top,
            width,
            height,
        } = place;
        let bounds = json!({ "left": left, "top": top, "width": width, "height": height });
        let placed = json!({
            "url": url, "type": "popup",
            "left": left, "top": top, "width": width, "height": height,
        });
        if let Ok(tab) = create(&placed).await {
            if let Some(tab) = tab {
                // Browsers take the place as a wish; what is said again of a window that is there holds.
                drop(update(tab, &bounds).await);
            }
            return Ok(tab);
        }
    }
    create(&plain).await
}

/// Shows a tab and brings its window to the front.
///
/// # Errors
/// The browser's: the tab is gone.
pub async fn raise(tab: i32) -> Result<(), JsError> {
    tabs::show(tab, None).await?;
    update(tab, &json!({ "focused": true })).await
}

/// Has the window of a tab ask for attention without taking the focus.
///
/// # Errors
/// The browser's: the tab is gone.
pub async fn draw_attention(tab: i32) -> Result<(), JsError> {
    update(tab, &json!({ "drawAttention": true })).await
}

/// Returns where the window of this page stands; `None` where the browser does not say.
pub fn own_place(window: &Window) -> Option<WindowPlace> {
    Some(WindowPlace {
        left: whole(&window.screen_x().ok()?)?,
        top: whole(&window.screen_y().ok()?)?,
        width: whole(&window.outer_width().ok()?)?,
        height: whole(&window.outer_height().ok()?)?,
    })
}

async fn create(properties: &Value) -> Result<Option<i32>, JsError> {
    let window = JsFuture::from(chrome::windows_create(&to_js(properties)?)?).await?;
    let tabs = Reflect::get(&window, &"tabs".into())?;
    let tabs = Array::from(&tabs);
    Ok(number(&tabs.get(0), "id"))
}

async fn update(tab: i32, properties: &Value) -> Result<(), JsError> {
    let tab = JsFuture::from(chrome::tabs_get(tab)?).await?;
    let window = number(&tab, "windowId").ok_or_else(|| JsError::new("a tab without a window"))?;
    JsFuture::from(chrome::windows_update(window, &to_js(properties)?)?).await?;
    Ok(())
}

fn number(object: &JsValue, property: &str) -> Option<i32> {
    whole(&Reflect::get(object, &property.into()).ok()?)
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "ids of tabs and windows are 32-bit whole numbers, as are pixels on a screen"
)]
fn whole(value: &JsValue) -> Option<i32> {
    value.as_f64().map(|it| it as i32)
}
