//! `content/fallback.js`: the page agent as plain JavaScript, for pages that refuse wasm.
//!
//! Chromium applies the page's policy to wasm in content scripts, so a page with a strict `script-src` refuses it.
//! The same crate is compiled for the first version of wasm, which `wasm2js` can translate, and wasm-bindgen's glue is
//! given a `WebAssembly` of its own that hands out the translation.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::bundle::{self, Glue};
use crate::setup::WasmStd;
use crate::{cargo, checked, target_dir};

const PROFILE: &str = "wasm";

/// Compiles the crate for the first version of wasm. The standard library is compiled with it: the one that comes with
/// the target uses later features.
pub(crate) fn compile(context: &str) -> Result<Vec<u8>> {
    let target_dir = target_dir().join("fallback");
    let mut command = cargo();
    let flags = ["-Ctarget-cpu=mvp"];
    bundle::compile_args(&mut command, context, PROFILE, WasmStd::Source, &flags);
    command.arg("--target-dir").arg(&target_dir);
    checked(
        &mut command,
        &format!("compiling {context} for the fallback"),
    )?;
    bundle::read(&bundle::compiled(&target_dir, context, PROFILE))
}

/// Translates the crate's wasm into one ES module. Its default export is what `wasm_bindgen` is once it is initialised.
pub(crate) fn translate(context: &str, wasm: &[u8]) -> Result<String> {
    let (glue, wasm) = bundle::bindgen(context, wasm, Glue::Script)?;
    let folder = target_dir().join("bundle");
    fs::create_dir_all(&folder)?;
    let (before, after) = (
        folder.join("fallback.in.wasm"),
        folder.join("fallback.out.js"),
    );
    fs::write(&before, wasm)?;
    checked(
        Command::new("wasm2js")
            .arg("-Oz")
            .arg(&before)
            .arg("-o")
            .arg(&after),
        "wasm2js",
    )?;
    let translation = fs::read_to_string(&after).context("reading what wasm2js wrote")?;
    fs::remove_file(&before)?;
    fs::remove_file(&after)?;
    assembled(&glue, &translation)
}

/// Puts the translation and the glue together.
fn assembled(glue: &str, translation: &str) -> Result<String> {
    let glue = glue
        .strip_prefix("globalThis.wasm_bindgen ??=")
        .context("the glue does not begin as expected")?;
    // From here on wasm2js instantiates and exports by itself; that is the glue's business.
    let (translation, _) = translation
        .split_once("var retasmFunc")
        .context("the translation does not end as expected")?;
    // wasm2js copies a growing memory. A real one leaves its old buffer detached, which is how the glue notices that
    // its views are stale.
    let grown = "buffer = newBuffer;";
    ensure!(
        translation.matches(grown).count() == 1,
        "the translation does not grow its memory as expected"
    );
    let translation = translation.replace(
        grown,
        "structuredClone(buffer, { transfer: [buffer] }); buffer = newBuffer;",
    );
    let mut out = String::from(HEAD);
    for line in translation.lines().map(str::trim) {
        // Only the data segments hold text, in base64: no line begins or ends inside a string.
        if !line.is_empty() && !line.starts_with("import ") && !line.starts_with("//") {
            writeln!(out, "{line}")?;
        }
    }
    write!(out, "const wasm_bindgen ={glue}\n{TAIL}")?;
    Ok(out)
}

/// Hides the real `WebAssembly` from the glue below it.
const HEAD: &str = r#"// The page agent, translated to JavaScript for pages that refuse wasm.
const WebAssembly = {
Module: class {},
Instance: class { constructor(module, imports) { this.exports = asmFunc(environment(imports)); } },
};
function environment(imports) {
let high = 0;
const env = {
abort() { throw new Error("trap"); },
setTempRet0(bits) { high = bits; },
getTempRet0() { return high; },
};
return Object.assign({ env }, imports, ...Object.values(imports), env);
}
"#;

const TAIL: &str = "\
wasm_bindgen.initSync({ module: new WebAssembly.Module() });
export default wasm_bindgen;
";

#[cfg(test)]
mod tests {
    use super::*;

    const GLUE: &str = "globalThis.wasm_bindgen ??= (() => {})();";
    const TRANSLATION: &str = "import { f } from './content_bg.js';

function asmFunc(env) {
   buffer = newBuffer;
 return {};
}
var retasmFunc = asmFunc({});
export var f = retasmFunc.f;
";

    #[test]
    fn the_glue_is_given_the_translation_and_a_memory_that_leaves_no_stale_views() {
        let module = assembled(GLUE, TRANSLATION).unwrap();
        let body = module
            .strip_prefix(HEAD)
            .unwrap()
            .strip_suffix(TAIL)
            .unwrap();
        assert_eq!(
            body,
            "function asmFunc(env) {
structuredClone(buffer, { transfer: [buffer] }); buffer = newBuffer;
return {};
}
const wasm_bindgen = (() => {})();
"
        );
    }

    #[test]
    fn what_another_version_of_a_tool_might_write_is_refused() {
        for (glue, translation) in [
            ("let wasm_bindgen = (() => {})();", TRANSLATION),
            (GLUE, "function asmFunc(env) { buffer = newBuffer; }"),
            (
                GLUE,
                "function asmFunc(env) { buffer = grown; }\nvar retasmFunc = asmFunc({});",
            ),
        ] {
            assembled(glue, translation).unwrap_err();
        }
    }
}
