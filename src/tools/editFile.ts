import * as v from "valibot";
import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, object, optionalFlag, path, text } from "./arguments";
import type { LoadedText, WorkspaceFiles } from "./ports";
import { replaceAll } from "./replace";
import { failed, sizeText } from "./results";
import { runsCode } from "./runsCode";
import { unsavedText, type Writing, writeChecked } from "./writeChecked";

const edit = object({ old: text, new: text, all: optionalFlag });
const edits = v.pipe(v.array(edit, "must be a list of {old, new}"), v.minLength(1, "is empty"));
const schema = v.pipe(v.unknown(), v.transform(inOurWords), object({ path, edits }));

/** What other agents' tools call the same, out of habit. */
const OUR_WORDS: ReadonlyMap<string, string> = new Map([
  ["old_string", "old"],
  ["new_string", "new"],
  ["old_str", "old"],
  ["new_str", "new"],
  ["replace_all", "all"],
]);

/** Some models send the list as JSON text, or a single edit without a list, or without `edits`. */
function inOurWords(args: unknown): unknown {
  if (!isRecord(args)) return args;
  const { path, edits, ...rest } = args;
  if (edits === undefined && Object.keys(rest).length > 0) return { path, edits: [renamed(rest)] };
  const given = typeof edits === "string" ? parsed(edits) : edits;
  return { ...args, edits: Array.isArray(given) ? given.map(renamed) : isRecord(given) ? [renamed(given)] : given };
}

function renamed(edit: unknown): unknown {
  if (!isRecord(edit)) return edit;
  return Object.fromEntries(Object.entries(edit).map(([name, value]) => [OUR_WORDS.get(name) ?? name, value]));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

/** Replaces exact texts in a file, several at once, all or nothing. What is approved is what is written. */
export function editFileTool(writing: Writing): Tool {
  return {
    spec: {
      name: "edit_file",
      description: "Replace exact texts in a file. Each `old` must occur once, unless `all`. All edits apply, in order, or none.",
      parameters: {
        type: "object",
        properties: {
          path: { type: "string" },
          edits: {
            type: "array",
            items: {
              type: "object",
              properties: { old: { type: "string" }, new: { type: "string" }, all: { type: "boolean" } },
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
      const loaded = await loadText(writing.files, checked.value.path);
      if ("complaint" in loaded) return loaded;
      if (await writing.isUnsaved(loaded.path)) return { complaint: unsavedText(loaded.path) };
      const replaced = replaceAll(loaded.text, checked.value.edits, loaded.path);
      if (!replaced.ok) return replaced;
      return {
        access: "edit",
        subject: loaded.path,
        edit: { path: loaded.path, before: loaded.text, after: replaced.text },
        runsCode: runsCode(loaded.path),
        run: () => apply(writing, loaded, replaced.text, timesText(checked.value.edits.length, replaced.places)),
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

function timesText(edits: number, places: number): string {
  if (places > edits) return `${places} places, `;
  return edits === 1 ? "" : `${edits} edits, `;
}

async function apply(writing: Writing, loaded: LoadedText, after: string, times: string): Promise<ToolResult> {
  const written = await writeChecked(writing, { path: loaded.path, before: loaded.text, after, form: loaded.form });
  if (!written.ok) return failed(written.complaint);
  return { ok: true, text: `edited ${loaded.path} (${times}${written.counts} lines)`, changes: [written.change] };
}
