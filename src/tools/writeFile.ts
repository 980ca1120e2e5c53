import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, object, path, text } from "./arguments";
import { withoutReturns } from "./lines";
import type { LoadedText, Missing, TextForm } from "./ports";
import { usualLineEnd } from "./replace";
import { failed, sizeText } from "./results";
import { runsCode } from "./runsCode";
import { unsavedText, type Writing, writeChecked } from "./writeChecked";

const schema = object({ path, content: text });
const PLAIN: TextForm = { encoding: "utf8", bom: false };

/** Makes a file or puts a whole new text in one, keeping its encoding and line ends. */
export function writeFileTool(writing: Writing): Tool {
  return {
    spec: {
      name: "write_file",
      description: "Create a file, or overwrite one you have read.",
      parameters: {
        type: "object",
        properties: { path: { type: "string" }, content: { type: "string" } },
        required: ["path", "content"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const loaded = await writing.files.load(checked.value.path);
      switch (loaded.kind) {
        case "refused":
          return loaded;
        case "folder":
          return { complaint: `${loaded.path} is a folder. Give the path of a file.` };
        case "binary":
          return {
            complaint: `${loaded.path} is a binary file (${loaded.type}, ${sizeText(loaded.bytes)}): it is not overwritten with text.`,
          };
        case "missing":
        case "text": {
          const after = inFormOf(loaded, checked.value.content);
          const before = loaded.kind === "text" ? loaded.text : null;
          const complaint = await whyNotOverwritten(writing, loaded.path, before, after);
          if (complaint !== null) return { complaint };
          return {
            access: "edit",
            subject: loaded.path,
            edit: { path: loaded.path, before, after },
            runsCode: runsCode(loaded.path),
            run: () => write(writing, loaded, after),
          };
        }
      }
    },
  };
}

function inFormOf(loaded: LoadedText | Missing, content: string): string {
  const isCrlf = loaded.kind === "text" && usualLineEnd(loaded.text) === "\r\n";
  return isCrlf ? withoutReturns(content).replaceAll("\n", "\r\n") : content;
}

/** A text that would be lost has to be known: the user may have changed it since, or the model may never have seen it. */
async function whyNotOverwritten(
  { reads, isUnsaved }: Writing,
  path: string,
  before: string | null,
  after: string,
): Promise<string | null> {
  if (before === after) return null;
  if (await isUnsaved(path)) return unsavedText(path);
  if (before === null || before.trim() === "") return null;
  switch (reads.knows(path, before)) {
    case "yes":
      return null;
    case "unread":
      return `${path} exists and you have not read it. Read it first, or use edit_file.`;
    case "otherVersion":
      return `${path} has changed since you read it. Read it again, or use edit_file.`;
  }
}

async function write(writing: Writing, loaded: LoadedText | Missing, after: string): Promise<ToolResult> {
  const isNew = loaded.kind === "missing";
  const before = isNew ? null : loaded.text;
  if (before === after) return { ok: true, text: `${loaded.path} already has this content` };
  const written = await writeChecked(writing, { path: loaded.path, before, after, form: isNew ? PLAIN : loaded.form });
  if (!written.ok) return failed(written.complaint);
  return { ok: true, text: `${isNew ? "created" : "wrote"} ${loaded.path} (${written.counts} lines)`, changes: [written.change] };
}
