import "./stub/install";

import assert from "node:assert/strict";
import { engineNeeds } from "../../src/host/engineNeeds";
import { Log } from "../../src/host/log";
import { readSettings } from "../../src/host/settings";
import { newEditor } from "./stub/install";
import { Uri } from "./stub/uri";

describe("what the engine gets from a window", () => {
  it("is which files have unsaved changes at the moment", () => {
    const editor = newEditor();
    const context = Object({ extensionUri: Uri.file("/ext"), globalStorageUri: Uri.file("/storage") });
    const { unsavedFiles } = engineNeeds(context, readSettings({ get: () => undefined }), new Log(Object({})));
    assert.deepEqual(unsavedFiles?.(), []);
    editor.documents.push(
      { uri: Uri.file("/sample/typed.ts"), isDirty: true },
      { uri: Uri.file("/sample/saved.ts"), isDirty: false },
      { uri: Uri.from({ scheme: "untitled", path: "/new.ts" }), isDirty: true },
    );
    assert.deepEqual(unsavedFiles?.(), ["/sample/typed.ts"]);
  });
});
