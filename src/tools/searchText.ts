import * as v from "valibot";
import type { Tool, ToolResult } from "../core/ports";
import { checkArguments, object, optionalFlag, optionalPath, text } from "./arguments";
import type { SearchFound, SearchQuery, TextSearch } from "./ports";
import { failed, plural } from "./results";

/** Most lines shown. */
const MAX_HITS = 100;

const schema = object({
  pattern: v.pipe(text, v.minLength(1, "must not be empty")),
  path: optionalPath,
  glob: optionalPath,
  ignoreCase: optionalFlag,
});

/** Finds lines in files by a regular expression. */
export function searchTextTool(search: TextSearch): Tool {
  return {
    spec: {
      name: "search_text",
      description: "Search files by regex.",
      parameters: {
        type: "object",
        properties: {
          pattern: { type: "string" },
          path: { type: "string" },
          glob: { type: "string" },
          ignoreCase: { type: "boolean" },
        },
        required: ["pattern"],
      },
    },
    async prepare(args) {
      const checked = checkArguments(schema, args);
      if (!checked.ok) return checked;
      const { pattern, path, glob, ignoreCase } = checked.value;
      const query = { pattern, ignoreCase: ignoreCase ?? false, path: path ?? ".", glob: glob ?? null, limit: MAX_HITS };
      const subject = [pattern, ...(path ? [`in ${path}`] : []), ...(glob ? [`(${glob})`] : [])].join(" ");
      return { access: "read", subject, run: ({ signal }) => find(search, query, signal) };
    },
  };
}

async function find(search: TextSearch, query: SearchQuery, signal: AbortSignal): Promise<ToolResult> {
  const found = await search.search(query, signal);
  if (signal.aborted) return failed("cancelled");
  if (found.kind === "refused") return failed(found.complaint);
  const notes = [
    ...(found.asPlainText ? ["[not a valid regular expression: searched as plain text]"] : []),
    ...(found.skipped > 0 ? [`[${plural(found.skipped, "file")} too large to search]`] : []),
    ...(found.slow.length > 0 ? [`[the pattern takes too long on ${found.slow.join(", ")}: not searched to the end]`] : []),
  ];
  return { ok: true, text: [...hitLines(found), ...notes].join("\n") };
}

function hitLines({ hits, total, end }: SearchFound): readonly string[] {
  const isCut = end === "timeLimit";
  if (hits.length === 0) return [isCut ? "nothing found before the time limit; narrow the path" : "no match"];
  const lines = hits.map((hit) => `${hit.path}:${hit.line}: ${hit.text}`);
  if (total <= hits.length) return [...lines, ...(isCut ? ["[stopped at the time limit; narrow the path]"] : [])];
  const orMore = end === "whole" ? "" : " or more";
  return [...lines, `[${hits.length} of ${total}${orMore} matching lines; narrow by path, glob or pattern]`];
}
