import type { Cadence } from "../core/runConfig";
import { SETTINGS, SETTINGS_SECTION, type SettingName, type SettingSpec } from "./manifest";

type Values = { readonly [name in SettingName]: (typeof SETTINGS)[name] extends SettingSpec<infer T> ? T : never };

/** All settings of one moment, checked. A run keeps those it was started with. */
export interface Settings extends Omit<Values, "reminder" | "reminderTurns"> {
  readonly cadence: Cadence;
  /** One sentence per setting that cannot be used, naming it. While there is one, no run starts. */
  readonly problems: readonly string[];
}

/** What of `vscode.workspace.getConfiguration("turnpike")` is needed. */
export interface SettingSource {
  get(name: string): unknown;
}

export function readSettings(source: SettingSource): Settings {
  const problems: string[] = [];
  const read = <T>(name: SettingName, { check, default: fallback }: SettingSpec<T>): T => {
    const value = source.get(name);
    const checked = check(value === undefined ? fallback : value);
    if (checked.ok) return checked.value;
    problems.push(`${SETTINGS_SECTION}.${name} ${checked.complaint}.`);
    const safe = check(fallback);
    if (!safe.ok) throw new Error(`the default of ${name} ${safe.complaint}`);
    return safe.value;
  };
  const baseTurns = read("baseTurns", SETTINGS.baseTurns);
  const hardTurns = read("hardTurns", SETTINGS.hardTurns);
  if (baseTurns > 0 && hardTurns > 0 && hardTurns < baseTurns) {
    problems.push(`turnpike.hardTurns (${hardTurns}) must not be below turnpike.baseTurns (${baseTurns}).`);
  }
  return {
    model: read("model", SETTINGS.model),
    models: read("models", SETTINGS.models),
    baseUrl: read("baseUrl", SETTINGS.baseUrl),
    maxOutputTokens: read("maxOutputTokens", SETTINGS.maxOutputTokens),
    policy: read("policy", SETTINGS.policy),
    preset: read("preset", SETTINGS.preset),
    onLimit: read("onLimit", SETTINGS.onLimit),
    maxTurns: read("maxTurns", SETTINGS.maxTurns),
    baseTurns,
    hardTurns,
    cadence: cadenceOf(read("reminder", SETTINGS.reminder), read("reminderTurns", SETTINGS.reminderTurns)),
    maxUsd: read("maxUsd", SETTINGS.maxUsd),
    maxTokens: read("maxTokens", SETTINGS.maxTokens),
    maxMinutes: read("maxMinutes", SETTINGS.maxMinutes),
    warnAt: read("warnAt", SETTINGS.warnAt),
    prices: read("prices", SETTINGS.prices),
    approval: read("approval", SETTINGS.approval),
    store: read("store", SETTINGS.store),
    ripgrepPath: read("ripgrepPath", SETTINGS.ripgrepPath),
    problems,
  };
}

function cadenceOf(reminder: "every" | "last" | "off", turns: number): Cadence {
  return reminder === "last" ? { kind: "last", turns } : { kind: reminder };
}
