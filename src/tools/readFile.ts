import type { Tool, ToolContext, ToolResult } from "../core/ports";
import { checkArguments, lineRange, object, optionalLine, path } from "./arguments";
import { createLineWindow, type LineRange, type LinesTaken, MAX_LINE } from "./lines";
import type { IsUnsaved, WorkspaceFiles } from "./ports";
import { createDigest, type ReadMemory } from "./readMemory";
import { failed, sizeText } from "./results";

/** Most text one read takes in; the core cuts further, to tokens. */
const MAX_CHARS = 4 * 1024 * 1024;

const schema = object({ path, from: optionalLine, to: optionalLine });

/** What reading needs. */
export interface Reading {
  readonly files: WorkspaceFiles;
  readonly reads: ReadMemory;
  readonly isUnsaved: IsUnsaved;
}

/** Reads a text as it is, without line numbers or frame: every token given is sent again with each later request. */
export function readFileTool(reading: Reading): Tool {
  return {
    spec: {
      name: "read_file",
      description: "Read a file, or lines from..to (1-based).",
      parameters: {
        type: "object",
        properties: { path: { type: "string" }, from: { type: "integer" }, to: { type: "integer" } },
        required: ["path"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const { path: wanted, from, to } = checked.value;
      const range = lineRange(from, to);
      if (!range.ok) return range;
      return { access: "read", subject: wanted, run: (context) => read(reading, wanted, range.value, context) };
    },
  };
}

async function read(
  { files, reads, isUnsaved }: Reading,
  wanted: string,
  range: LineRange,
  { signal, turn }: ToolContext,
): Promise<ToolResult> {
  const window = createLineWindow(range, MAX_CHARS);
  const version = createDigest();
  const take = (piece: string) => {
    version.take(piece);
    return window.take(piece);
  };
  const scanned = await files.scan(wanted, take, signal);
  if (signal.aborted) return failed("cancelled");
  switch (scanned.kind) {
    case "refused":
      return failed(scanned.complaint);
    case "missing":
      return failed(`There is no ${scanned.path}. Look with list_files or search_text.`);
    case "folder":
      return failed(`${scanned.path} is a folder. Use list_files.`);
    case "binary":
      return failed(`${scanned.path} is a binary file (${scanned.type}, ${sizeText(scanned.bytes)}); its bytes are not shown.`);
    case "text": {
      const taken = window.end();
      if (taken.seen === 0) return { ok: true, text: `${scanned.path} is empty` };
      if (taken.seen < range.from) return failed(`${scanned.path} has ${taken.seen} lines.`);
      reads.saw(scanned.path, version.end());
      const notes = (await isUnsaved(scanned.path)) ? ["[unsaved changes in the editor are not in this text]"] : [];
      return given(reads, scanned.path, range, taken, turn, notes);
    }
  }
}

function given(
  reads: ReadMemory,
  path: string,
  range: LineRange,
  taken: LinesTaken,
  turn: number,
  unsaved: readonly string[],
): ToolResult {
  const key = `${path}\n${range.from}-${range.to ?? ""}`;
  const seen = reads.seenIn(key, taken.text);
  if (seen !== null) return { ok: true, text: [`unchanged since turn ${seen}`, ...unsaved].join("\n") };
  const takeBack = reads.given(key, taken.text, turn);
  const notes = [
    ...(taken.broken ? [`[lines over ${MAX_LINE} characters are shown, and counted, as several]`] : []),
    ...(taken.full ? [`[stopped for size after line ${taken.last}; read on from ${taken.last + 1}]`] : []),
    ...unsaved,
  ];
  return {
    ok: true,
    text: [taken.text, ...notes].join("\n"),
    readOn(fromLine) {
      takeBack();
      const from = range.from + fromLine - 1;
      return `read_file ${JSON.stringify({ path, from, ...(range.to === null ? {} : { to: range.to }) })}`;
    },
  };
}
