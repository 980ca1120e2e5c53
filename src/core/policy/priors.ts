import { PRIORS } from "./priorsData";

/** Turns that published runs of a family of models took. */
export interface Prior {
  /** As `familyOf` names it; `null` = all families together. */
  readonly family: string | null;
  readonly n: number;
  readonly p50: number;
  readonly p75: number;
  readonly p90: number;
}

/** What the published runs say of a model: those of its family, else all of them. */
export function priorFor(modelId: string): Prior {
  const family = familyOf(modelId);
  const found = PRIORS.find((prior) => prior.family === family) ?? PRIORS.find((prior) => prior.family === null);
  if (!found) throw new Error("there are no priors");
  return found;
}

/** Words in model ids that tell a family, whoever serves it. */
const FAMILIES = ["claude", "gemini", "gpt", "deepseek", "qwen", "kimi", "glm", "grok", "mistral", "llama", "doubao"];

/** `claude` of `anthropic/claude-sonnet-4.5`; `null` = none that is known. */
export function familyOf(modelId: string): string | null {
  const id = modelId.toLowerCase();
  return FAMILIES.find((family) => id.includes(family)) ?? (/(^|\/)o\d(-|$)|codex/.test(id) ? "gpt" : null);
}
