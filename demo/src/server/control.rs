//! The control page: what the rest of the world does, by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::World;
use super::pages::text;
use crate::crm;
use crate::platform::{Direction, PastCall, RingOptions};

pub(super) async fn control(world: &Arc<World>, request: Request) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    match (method, path.as_str()) {
        (Method::POST, "/control") => {
            let form = request
                .headers()
                .get(header::CONTENT_TYPE)
                .is_some_and(|it| {
                    it.as_bytes()
                        .starts_with(b"application/x-www-form-urlencoded")
                });
            let Ok(bytes) = to_bytes(request.into_body(), 64 * 1024).await else {
                return StatusCode::PAYLOAD_TOO_LARGE.into_response();
            };
            let order = if form {
                form_order(&bytes)
            } else {
                serde_json::from_slice(&bytes).unwrap_or_default()
            };
            let done = obey(world, &order);
            if form {
                return (StatusCode::SEE_OTHER, [(header::LOCATION, "/control")]).into_response();
            }
            json_text(
                if done.is_null() {
                    StatusCode::BAD_REQUEST
                } else {
                    StatusCode::OK
                },
                &done,
            )
        }
        (Method::GET, "/control/state") => json_text(StatusCode::OK, &world.state()),
        (Method::GET, "/control/live") => text("text/html", &crm::live_page(&world.state())),
        (Method::GET, "/control") => text("text/html", &crm::control_page()),
        (Method::GET, "/control/crm.css") => text("text/css", include_str!("../../assets/crm.css")),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn json_text(status: StatusCode, value: &Value) -> Response {
    (
        status,
        [(header::CONTENT_TYPE, "application/json")],
        value.to_string(),
    )
        .into_response()
}

fn form_order(bytes: &[u8]) -> Value {
    let uri = format!("/?{}", String::from_utf8_lossy(bytes));
    let pairs = uri
        .parse::<Uri>()
        .ok()
        .and_then(|it| axum::extract::Query::<BTreeMap<String, String>>::try_from_uri(&it).ok());
    pairs.map_or(Value::Null, |it| json!(it.0))
}

/// Does what `{"do": …}` says; returns `null` when it does not know how.
fn obey(world: &Arc<World>, order: &Value) -> Value {
    let given = |key: &str| {
        order
            .get(key)
            .and_then(Value::as_str)
            .filter(|it| !it.is_empty())
    };
    let number = order.get("widget").and_then(Value::as_u64);
    let open = world.open_widgets();
    let mut mine = open
        .iter()
        .filter(|it| number.is_none_or(|id| it.id() == id));
    let signed_in = open.iter().find(|it| it.is_signed_in());
    let platform = &world.platform;
    match given("do").unwrap_or_default() {
        "ring" => {
            let options = RingOptions {
                name: given("name").map(str::to_owned),
            };
            json!({ "session": platform.ring(given("from").unwrap_or("+14155550142"), &options) })
        }
        "answer" => {
            // In a widget if one is there, as the person would; else on the desk phone.
            for call in platform.live() {
                platform.answer(
                    &call.session_id,
                    signed_in
                        .filter(|_| given("on") != Some("desk"))
                        .map(|it| it.id()),
                );
            }
            json!({})
        }
        "end" => {
            for call in platform.live() {
                platform.end(&call.session_id);
            }
            json!({})
        }
        "record" => {
            let live = platform.live().first().map(|it| it.session_id.clone());
            let newest = platform.history().first().map(|it| it.session_id.clone());
            if let Some(session) = live.or(newest) {
                platform.record(&session);
            }
            json!({})
        }
        "past" => {
            let past = PastCall {
                direction: Direction::Inbound,
                number: given("from").unwrap_or("+14155550142").to_owned(),
                name: given("name").unwrap_or("WIRELESS CALLER").to_owned(),
                minutes_ago: 5,
                duration: 0,
                recorded: false,
            };
            json!({ "session": platform.add_past_call(&past) })
        }
        "text" => {
            let words = given("text").unwrap_or("Is the quote ready?");
            json!({ "conversation": platform.receive_sms(given("from").unwrap_or("+14155550142"), words) })
        }
        "voicemail" => {
            let words = given("text").unwrap_or("Please call me back about the quote.");
            json!({ "conversation": platform.leave_voicemail(given("from").unwrap_or("+14155550142"), 14, words) })
        }
        "fax" => {
            json!({ "conversation": platform.receive_fax(given("from").unwrap_or("+14155550142"), 2) })
        }
        "sign-in" => mine.next().map_or(Value::Null, |it| {
            it.sign_in();
            json!({})
        }),
        "sign-out" => mine.next().map_or(Value::Null, |it| {
            it.sign_out();
            json!({})
        }),
        "sync" => mine.next().map_or(Value::Null, |it| {
            it.sync_contacts();
            json!({})
        }),
        "auto-log" => mine.next().map_or(Value::Null, |it| {
            it.set_auto_log(
                order
                    .get("value")
                    .is_none_or(|it| it != false && it != "false"),
            );
            json!({})
        }),
        "press" => match (mine.next(), order.get("press")) {
            (Some(widget), Some(press)) => {
                widget.press(press);
                json!({})
            }
            _ => Value::Null,
        },
        _ => Value::Null,
    }
}
