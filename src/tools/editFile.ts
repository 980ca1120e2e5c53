import * as v from "valibot";
import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, path, text } from "./arguments";
import type { ChangeLog } from "./changeLog";
import type { LoadedText, WorkspaceFiles } from "./ports";
import { type Edit, replaceAll } from "./replace";
import { failed, sizeText } from "./results";
import { writeChecked } from "./writeChecked";

const edit = v.object({ old: text, new: text });
/** Some models send the list as JSON text, or a single edit without a list. */
const edits = v.pipe(v.unknown(), v.transform(asList), v.array(edit, "must be a list of {old, new}"), v.minLength(1, "is empty"));
const schema = v.object({ path, edits });

function asList(given: unknown): unknown {
  const value = typeof given === "string" ? parsed(given) : given;
  return v.is(edit, value) ? [value] : value;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Replaces exact texts in a file, several at once, all or nothing. What is approved is what is written. */
export function editFileTool(files: WorkspaceFiles, changes: ChangeLog): Tool {
  return {
    spec: {
      name: "edit_file",
      description: "Replace exact texts in a file. Each `old` must occur once. All edits apply, in order, or none.",
      parameters: {
        type: "object",
        properties: {
          path: { type: "string" },
          edits: {
            type: "array",
            items: {
              type: "object",
              properties: { old: { type: "string" }, new: { type: "string" } },
              required: ["old", "new"],
            },
          },
        },
        required: ["path", "edits"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const loaded = await loadText(files, checked.value.path);
      if ("complaint" in loaded) return loaded;
      const replaced = replaceAll(loaded.text, checked.value.edits, loaded.path);
      if (!replaced.ok) return replaced;
      return {
        access: "edit",
        subject: loaded.path,
        edit: { path: loaded.path, before: loaded.text, after: replaced.text },
        run: () => apply(files, changes, loaded, replaced.text, checked.value.edits),
      };
    },
  };
}

async function loadText(files: WorkspaceFiles, wanted: string): Promise<LoadedText | { readonly complaint: string }> {
  const loaded = await files.load(wanted);
  switch (loaded.kind) {
    case "text":
    case "refused":
      return loaded;
    case "missing":
      return { complaint: `There is no ${loaded.path}. Make a new file with write_file.` };
    case "folder":
      return { complaint: `${loaded.path} is a folder.` };
    case "binary":
      return {
        complaint: `${loaded.path} is a binary file (${loaded.type}, ${sizeText(loaded.bytes)}): it cannot be edited as text.`,
      };
  }
}

async function apply(
  files: WorkspaceFiles,
  changes: ChangeLog,
  loaded: LoadedText,
  after: string,
  edits: readonly Edit[],
): Promise<ToolResult> {
  const written = await writeChecked(files, changes, { path: loaded.path, before: loaded.text, after, form: loaded.form });
  if (!written.ok) return failed(written.complaint);
  const times = edits.length === 1 ? "" : `${edits.length} edits, `;
  return { ok: true, text: `edited ${loaded.path} (${times}${written.counts} lines)`, changes: [written.change] };
}
