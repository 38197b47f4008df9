//! Reading and writing single fields of JSON without panics.

use serde_json::Value;

static NULL: Value = Value::Null;

/// Returns a field; of anything that has no such field, null.
pub(crate) fn field<'a>(value: &'a Value, key: &str) -> &'a Value {
    value.get(key).unwrap_or(&NULL)
}

/// Returns a field that is text, else the empty text.
pub(crate) fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    field(value, key).as_str().unwrap_or_default()
}

/// Returns the items of a field that is a list, else none.
pub(crate) fn items<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    field(value, key).as_array().map_or(&[], |it| it.as_slice())
}

/// Puts a field into an object; anything else stays as it is.
pub(crate) fn put(object: &mut Value, key: &str, value: impl Into<Value>) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(key.to_owned(), value.into());
    }
}
