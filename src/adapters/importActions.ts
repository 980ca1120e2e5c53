import { actionOfWord, strongest } from "../core/recordedAction";
import type { TurnAction } from "../core/recordedRun";

/** What tools and shell commands of other agents are for. */

const SHELLS = /^(?:bash|shell|sh|local_shell|shell_command|exec_command|execute_bash|run|terminal|run_command)$/i;
const EDITORS = /^(?:str_replace_(?:based_)?edit|str_replace_editor|text_editor|file_editor|edit_file_editor)/i;

/** A tool call by the tool's name and its arguments. */
export function actionOfTool(name: string, input: unknown): TurnAction {
  const command = commandOf(input);
  if (SHELLS.test(name)) return command === null ? "command" : actionOfCommand(command);
  if (EDITORS.test(name)) return command === "view" ? "read" : command === null ? actionOfWord(name, null) : "edit";
  if (name === "write_stdin") return "command";
  if (/^(?:task|agent|subagent)$/i.test(name)) return "other";
  if (/^task_?(?:tracker|create|update|list|get)/i.test(name) || /^think$/i.test(name)) return "plan";
  return actionOfWord(name, null);
}

function commandOf(input: unknown): string | null {
  if (typeof input !== "object" || input === null) return null;
  const command = "command" in input ? input.command : "cmd" in input ? input.cmd : null;
  if (typeof command === "string") return command;
  if (!Array.isArray(command)) return null;
  const words = command.filter((word) => typeof word === "string");
  // ["bash", "-lc", "cd x && make"]
  return /^-\w*c$/.test(words[1] ?? "") ? (words[2] ?? "") : words.join(" ");
}

/** More of a command than this says no more about it. */
const MAX_COMMAND = 20_000;

/** A shell command by what it runs; of several, the one that says most. */
export function actionOfCommand(command: string): TurnAction {
  const bare = command.slice(0, MAX_COMMAND).replaceAll(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?(?:\n\s*\2(?=\s|$)|$)/g, "$3");
  const actions = bare.split(/&&|\|\||;|\n/).flatMap((part) => actionOfPart(part.trim()) ?? []);
  return actions.length === 0 ? "command" : strongest(actions);
}

const WRAPPERS =
  /^(?:sudo|time|nohup|env|npx|bunx|uvx|xvfb-run|timeout\s+\S+|(?:uv|poetry|pipenv|pdm)\s+run|bundle\s+exec|pnpm\s+exec|python[\d.]*\s+-m)\s+(?:-\S+\s+)*/;

/** `null` = says nothing of its own, like a change of folder. */
function actionOfPart(part: string): TurnAction | null {
  let words = part.replace(/^(?:\w+=\S*\s+)+/, "");
  for (let before = ""; before !== words; ) {
    before = words;
    words = words.replace(WRAPPERS, "");
  }
  const [first = "", ...rest] = words.split(/\s+/);
  const second = (rest[0] === "run" ? rest[1] : rest[0]) ?? "";
  const verb = first.replace(/^.*\//, "").toLowerCase();
  if (verb === "" || verb === "cd" || verb === "export" || verb === "source" || verb.startsWith("#")) return null;
  if (/^(?:cat|echo|printf)$/.test(verb) && writesFile(words)) return "edit";
  if (verb === "tee" || /\|\s*tee\s/.test(words)) return "edit";
  if (verb === "sed" || verb === "perl") return /\s-\w*i/.test(words) ? "edit" : "read";
  if (verb === "git") return gitAction(second);
  if (/^(?:awk|nl|wc|diff|file|stat|sort|cut|jq|od|xxd|strings)$/.test(verb)) return "read";
  return actionOfWord(/^[a-z][\w:-]*$/i.test(second) ? `${verb} ${second}` : verb, null);
}

function writesFile(words: string): boolean {
  return /(?:^|[^\d&>])>>?\s*[^\s&>]/.test(words.replaceAll(/>>?\s*\/dev\/null/g, ""));
}

function gitAction(verb: string): TurnAction {
  if (/^(?:diff|show|log|status|blame|ls-files)$/.test(verb)) return "read";
  if (verb === "grep") return "search";
  return verb === "apply" ? "edit" : "command";
}

/** Tokens of a text by its length, where nobody counted them. */
export function roughTokens(chars: number): number {
  return Math.ceil(chars / 4);
}
