// Prints the milliseconds that `require` and `activate` of the built extension take in a plain Node.
import "../host/stub/install";
import { createRequire } from "node:module";
import path from "node:path";
import { FakeMemento, FakeSecrets } from "../host/stub/memento";
import { Uri } from "../host/stub/uri";

declare const __TEST_ROOT__: string;

const load = createRequire(path.join(__TEST_ROOT__, "package.json"));
const context = {
  subscriptions: [],
  extensionUri: Uri.file(__TEST_ROOT__),
  globalStorageUri: Uri.file(path.join(__TEST_ROOT__, "out/global-storage")),
  secrets: new FakeSecrets(),
  workspaceState: new FakeMemento(),
  globalState: new FakeMemento(),
  extension: { id: "turnpike.turnpike" },
};
const startedAt = performance.now();
load("./dist/extension.js").activate(context);
const ms = performance.now() - startedAt;
console.log(ms);
process.exit(0);
