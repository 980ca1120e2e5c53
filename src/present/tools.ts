/** How tools are spoken of: the verb before a subject, what the agent is doing meanwhile, and what the subject is. */
export interface ToolWords {
  readonly verb: string;
  readonly doing: string;
  readonly about: "path" | "command" | "words";
}

const KNOWN: { readonly [tool: string]: ToolWords } = {
  read: { verb: "read", doing: "reading", about: "path" },
  edit: { verb: "edit", doing: "editing", about: "path" },
  write: { verb: "write", doing: "writing", about: "path" },
  list: { verb: "list", doing: "reading", about: "path" },
  search: { verb: "search", doing: "searching", about: "words" },
  find: { verb: "find", doing: "searching", about: "words" },
  run: { verb: "run", doing: "running", about: "command" },
  finish: { verb: "finish", doing: "finishing", about: "words" },
  updateplan: { verb: "plan", doing: "planning", about: "words" },
  askforturns: { verb: "ask for turns", doing: "asking for turns", about: "words" },
  readoutput: { verb: "read output", doing: "reading", about: "words" },
};

/** A tool by its name, `read_file` and `readFile` alike; one that is not known speaks for itself. */
export function toolWords(tool: string): ToolWords {
  const name = tool.replace(/[_\s-]/g, "").toLowerCase();
  const first = tool.split(/[_\s-]|(?=[A-Z])/, 1)[0]?.toLowerCase() ?? "";
  const known = KNOWN[name] ?? KNOWN[first];
  return known ?? { verb: tool.replaceAll("_", " "), doing: "working", about: "words" };
}
