import type { TurnAction } from "./recordedRun";

/**
 * What a tool of some other agent was for, by the word it goes by: a tool's name, a shell command, or a label that a
 * record gives. General words of the trade only: what none of them fits is `other`.
 */
export function actionOfWord(word: string | null, answerTokens: number | null): TurnAction {
  const parts = (word ?? "")
    .toLowerCase()
    .split("+")
    .map((part) => actionOfPart(part.trim(), answerTokens));
  return strongest(parts);
}

/** Of several, the one that says most about how far a run is. */
export function strongest(actions: readonly TurnAction[]): TurnAction {
  return BY_WEIGHT.find((action) => actions.includes(action)) ?? "none";
}

const BY_WEIGHT: readonly TurnAction[] = ["finish", "edit", "check", "command", "read", "search", "plan", "other"];

/** Editors that both show and change: an answer longer than this holds a text to be written. */
const WRITTEN_TOKENS = 200;

function actionOfPart(part: string, answerTokens: number | null): TurnAction {
  const name = part.replace(/\(.*$/, "").replace(/^.*\//, "");
  if (name === "") return "none";
  if (/^(?:str_replace_(?:based_)?edit|text_editor|str_replace_editor)/.test(name)) {
    if (answerTokens === null) return "other";
    return answerTokens > WRITTEN_TOKENS ? "edit" : "read";
  }
  const [verb = "", ...rest] = name.split(/[^a-z0-9]+/).filter((piece) => piece !== "");
  return actionOfVerb(verb, rest.join(" "));
}

function actionOfVerb(verb: string, rest: string): TurnAction {
  const kind = VERBS.get(verb) ?? VERBS.get(verb.replace(/\d+$/, "")) ?? "other";
  switch (kind) {
    case "edit":
      return /\b(?:test|tests|repro|verify|documentation|docs?)\b/.test(rest) ? "other" : "edit";
    case "read":
      return /\b(?:directory|dir|folder)\b/.test(rest) ? "search" : "read";
    case "check":
      return /\b(?:version|tool|exists)\b/.test(rest) ? "command" : "check";
    case "command":
      return /\b(?:tests?|verify|repro|build|check|lint)\b/.test(rest) ? "check" : "command";
    default:
      return kind;
  }
}

const WORDS: readonly (readonly [TurnAction, string])[] = [
  ["read", "read open view cat goto scroll head tail less more inspect show fetch"],
  ["search", "search find grep rg ag ls list locate which glob dir tree codebase"],
  ["edit", "edit write create insert apply replace patch undo ed sed str multiedit notebookedit applypatch"],
  ["check", "test tests pytest unittest tox jest mocha vitest rspec mvn mvnw gradle gradlew make cmake cargo go dotnet"],
  ["check", "javac gcc tsc compile build lint pylint eslint ruff mypy syntax check verify"],
  ["plan", "todo todowrite todoread think thinking sequentialthinking plan update"],
  ["finish", "submit finish done exit complete attempt task"],
  ["none", "none empty discussion"],
  ["command", "run exec execute bash sh shell terminal command python node java ruby perl git cd echo pip npm apt"],
  ["command", "sudo rm mv cp mkdir touch chmod install fs curl wget env export start"],
];

const VERBS: ReadonlyMap<string, TurnAction> = new Map(
  WORDS.flatMap(([action, verbs]) => verbs.split(" ").map((verb): [string, TurnAction] => [verb, action])),
);
