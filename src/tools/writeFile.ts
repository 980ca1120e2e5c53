import * as v from "valibot";
import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, path, text } from "./arguments";
import type { ChangeLog } from "./changeLog";
import { withoutReturns } from "./lines";
import type { LoadedText, Missing, TextForm, WorkspaceFiles } from "./ports";
import { usualLineEnd } from "./replace";
import { failed, sizeText } from "./results";
import { writeChecked } from "./writeChecked";

const schema = v.object({ path, content: text });
const PLAIN: TextForm = { encoding: "utf8", bom: false };

/** Makes a file or puts a whole new text in one, keeping its encoding and line ends. */
export function writeFileTool(files: WorkspaceFiles, changes: ChangeLog): Tool {
  return {
    spec: {
      name: "write_file",
      description: "Create or overwrite a whole file.",
      parameters: {
        type: "object",
        properties: { path: { type: "string" }, content: { type: "string" } },
        required: ["path", "content"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const loaded = await files.load(checked.value.path);
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
          return {
            access: "edit",
            subject: loaded.path,
            edit: { path: loaded.path, before, after },
            run: () => write(files, changes, loaded, after),
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

async function write(
  files: WorkspaceFiles,
  changes: ChangeLog,
  loaded: LoadedText | Missing,
  after: string,
): Promise<ToolResult> {
  const isNew = loaded.kind === "missing";
  const before = isNew ? null : loaded.text;
  if (before === after) return { ok: true, text: `${loaded.path} already has this content` };
  const written = await writeChecked(files, changes, { path: loaded.path, before, after, form: isNew ? PLAIN : loaded.form });
  if (!written.ok) return failed(written.complaint);
  return { ok: true, text: `${isNew ? "created" : "wrote"} ${loaded.path} (${written.counts} lines)`, changes: [written.change] };
}
