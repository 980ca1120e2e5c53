import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, object, optionalCount, optionalPath } from "./arguments";
import type { Listing, WorkspaceFiles } from "./ports";
import { failed } from "./results";

/** Most entries shown; deeper ones are left out first. */
const MAX_ENTRIES = 500;
const DEFAULT_DEPTH = 2;
const MAX_DEPTH = 20;

const schema = object({ path: optionalPath, depth: optionalCount });

/** Shows what is in a folder, without what git ignores. */
export function listFilesTool(files: WorkspaceFiles): Tool {
  return {
    spec: {
      name: "list_files",
      description: "List a folder.",
      parameters: { type: "object", properties: { path: { type: "string" }, depth: { type: "integer" } } },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const folder = checked.value.path ?? ".";
      const depth = Math.min(checked.value.depth ?? DEFAULT_DEPTH, MAX_DEPTH);
      return { access: "read", subject: folder, run: ({ signal }) => list(files, folder, depth, signal) };
    },
  };
}

async function list(files: WorkspaceFiles, folder: string, depth: number, signal: AbortSignal): Promise<ToolResult> {
  const listing = await files.list(folder, depth, signal);
  if (signal.aborted) return failed("cancelled");
  switch (listing.kind) {
    case "refused":
      return failed(listing.complaint);
    case "missing":
      return failed(`There is no folder ${listing.path}.`);
    case "text":
      return failed(`${listing.path} is a file. Use read_file.`);
    case "listing":
      return { ok: true, text: listingText(listing) };
  }
}

function listingText({ path, entries, more }: Listing): string {
  if (entries.length === 0) return `${path} has no files, ignored ones apart`;
  const shown = shallowestFirst(entries).slice(0, MAX_ENTRIES);
  const left = entries.length - shown.length;
  if (left === 0 && !more) return entries.join("\n");
  const kept = new Set(shown);
  const note = `[${left}${more ? " or more" : ""} deeper entries left out: list a folder of these, or a smaller depth]`;
  return [...entries.filter((entry) => kept.has(entry)), note].join("\n");
}

function shallowestFirst(entries: readonly string[]): readonly string[] {
  const depth = (entry: string) => entry.split("/").length - (entry.endsWith("/") ? 1 : 0);
  return [...entries].sort((a, b) => depth(a) - depth(b));
}
