import Module from "node:module";
import { Editor, fakeVscode } from "./vscode";

/**
 * Lets `require("vscode")` find the fake editor. Import this before anything of the host layer. Every test bundle has
 * its own copy of this file; the last one to call `newEditor` before a test owns what the host layer sees.
 */
const SLOT = Symbol.for("turnpike.test.editor");

const shared: { [SLOT]?: Editor } = Object(globalThis);
const PATH = "/turnpike-test/vscode.js";

if (!require.cache[PATH]) {
  const stub = new Module(PATH);
  stub.filename = PATH;
  stub.loaded = true;
  stub.exports = fakeVscode(editor);
  require.cache[PATH] = stub;
  const loader: { _resolveFilename(request: string, ...rest: unknown[]): string } = Object(Module);
  const resolve = loader._resolveFilename.bind(Module);
  loader._resolveFilename = (request, ...rest) => (request === "vscode" ? PATH : resolve(request, ...rest));
}

/** The editor of the present test. */
export function editor(): Editor {
  shared[SLOT] ??= new Editor();
  return shared[SLOT];
}

/** A fresh editor, for `beforeEach`. */
export function newEditor(): Editor {
  shared[SLOT] = new Editor();
  return shared[SLOT];
}
