//! Empties a module's list of the wasm features that it was compiled with.
//!
//! With reference types wasm-bindgen keeps JavaScript's values in a table of the module. Binaryen 108, Debian 12's, then
//! exports that table under another's index and cannot read `table.fill` (seen 2026-11-20). Without them the values are
//! in an array of the glue; so it must be in the fallback anyway, and both now hold them alike.
//! Our crates are compiled without reference types, but the standard library is not: it uses none, yet the list says so,
//! and wasm-bindgen goes by the list.

use anyhow::{Context as _, Result};

const CUSTOM_SECTION: u8 = 0;
const NAME: &[u8] = b"target_features";
/// The section as it is without an entry.
const EMPTY: &[u8] = b"\0\x11\x0ftarget_features\0";

/// Returns the module with an empty list of features.
///
/// # Errors
///
/// When the bytes are not a wasm module.
pub(crate) fn without(wasm: &[u8]) -> Result<Vec<u8>> {
    copied(wasm).context("the module cannot be read")
}

fn copied(wasm: &[u8]) -> Option<Vec<u8>> {
    let mut at = 8; // After the magic word and the version.
    let mut copy = wasm.get(..at)?.to_vec();
    while at < wasm.len() {
        let begin = at;
        let kind = byte(wasm, &mut at)?;
        let length = number(wasm, &mut at)?;
        let end = at.checked_add(length)?;
        let is_list = kind == CUSTOM_SECTION && {
            let length = number(wasm, &mut at)?;
            wasm.get(at..at.checked_add(length)?)? == NAME
        };
        let section = wasm.get(begin..end)?;
        copy.extend(if is_list { EMPTY } else { section });
        at = end;
    }
    Some(copy)
}

fn byte(wasm: &[u8], at: &mut usize) -> Option<u8> {
    let byte = *wasm.get(*at)?;
    *at += 1;
    Some(byte)
}

/// Reads a number as wasm writes them: seven bits a byte, the lowest first.
fn number(wasm: &[u8], at: &mut usize) -> Option<usize> {
    let (mut value, mut shift) = (0, 0);
    loop {
        let next = byte(wasm, at)?;
        value |= usize::from(next & 0x7f).checked_shl(shift)?;
        shift += 7;
        if next < 0x80 {
            return Some(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"\0asm\x01\0\0\0";
    const OTHERS: &[u8] = b"\x05\x03\x01\0\x01\0\x06\x04nameA";
    const LIST: &[u8] = b"\0\x17\x0ftarget_features\x01+\x04bulk";

    #[test]
    fn only_the_list_is_emptied() {
        let whole = [HEAD, OTHERS, LIST, OTHERS].concat();
        assert_eq!(
            without(&whole).unwrap(),
            [HEAD, OTHERS, EMPTY, OTHERS].concat()
        );
    }

    #[test]
    fn a_module_that_ends_early_is_an_error() {
        let whole = [HEAD, OTHERS].concat();
        for end in [HEAD.len() + 1, HEAD.len() + 3, whole.len() - 1] {
            without(whole.get(..end).unwrap()).unwrap_err();
        }
    }
}
