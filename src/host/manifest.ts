import { LIMITS } from "../protocol/limits";
import {
  amount,
  type Check,
  fileOrNone,
  oneOf,
  orNone,
  recordOf,
  text,
  textOrNone,
  texts,
  warnLevels,
  whole,
} from "./settingChecks";
import { checkPrice } from "./userPrice";

/**
 * What VS Code reads from package.json, as the code knows it: the one source for ids and settings.
 * `test/host/manifest.test.ts` compares it with package.json both ways.
 */

export const COMMANDS = {
  startTask: "turnpike.startTask",
  stop: "turnpike.stop",
  landNow: "turnpike.landNow",
  extend: "turnpike.extend",
  resume: "turnpike.resume",
  setBack: "turnpike.setBack",
  newTask: "turnpike.newTask",
  allow: "turnpike.allow",
  reject: "turnpike.reject",
  openRunFolder: "turnpike.openRunFolder",
  openHistory: "turnpike.openHistory",
  importHistory: "turnpike.importHistory",
  setApiKey: "turnpike.setApiKey",
  clearApiKey: "turnpike.clearApiKey",
  setPrice: "turnpike.setPrice",
  openSettings: "turnpike.openSettings",
  showLog: "turnpike.showLog",
} as const;

export type CommandName = keyof typeof COMMANDS;

/** Facts that menus and key bindings depend on. */
export const CONTEXT_KEYS = {
  hasRun: "turnpike.hasRun",
  canStop: "turnpike.canStop",
  canLand: "turnpike.canLand",
  canExtend: "turnpike.canExtend",
  canResume: "turnpike.canResume",
  canSetBack: "turnpike.canSetBack",
  canAnswer: "turnpike.canAnswer",
  canOpenFolder: "turnpike.canOpenFolder",
} as const;

export type ContextKey = keyof typeof CONTEXT_KEYS;

export const SIDEBAR_VIEW = "turnpike.sidebar";
export const HISTORY_PANEL = "turnpike.history";
export const STATUS_ITEM = "turnpike.status";
export const SETTINGS_SECTION = "turnpike";

/** Documents that show a file before or after an edit; never on disk. */
export const DIFF_SCHEME = "turnpike-diff";

/** The scripted model that `npm start` serves; it needs no key and costs play money. */
export const DEMO_MODEL = "turnpike-demo";

export interface SettingSpec<T> {
  /** As package.json declares it, not yet checked. */
  readonly default: unknown;
  readonly check: Check<T>;
}

function spec<T>(fallback: unknown, check: Check<T>): SettingSpec<T> {
  return { default: fallback, check };
}

/** Every setting by its name after `turnpike.`, with the default that package.json declares and the guard of its value. */
export const SETTINGS = {
  model: spec("gpt-5", text(/^\S+$/, "the id of a model, without spaces")),
  models: spec(["gpt-5", "gpt-5-mini", "gpt-5-nano"], texts()),
  baseUrl: spec("", textOrNone(/^https?:\/\/[^\s?#]+$/i, "an address that begins with http:// or https://")),
  maxOutputTokens: spec(16_384, whole(1_024, 1_000_000)),
  policy: spec("dynamic", oneOf("unrestricted", "fixed", "dynamic")),
  preset: spec("evidence", oneOf("evidence", "published")),
  onLimit: spec("ask", oneOf("ask", "askAlways", "land")),
  maxTurns: spec(60, whole(1, LIMITS.turns.most)),
  baseTurns: spec(0, whole(0, LIMITS.turns.most)),
  hardTurns: spec(0, whole(0, LIMITS.turns.most)),
  reminder: spec("every", oneOf("every", "last", "off")),
  reminderTurns: spec(5, whole(1, 1_000)),
  maxUsd: spec(0.5, orNone(amount(LIMITS.usd.most, "a number of dollars"))),
  maxTokens: spec(null, orNone(whole(0, LIMITS.tokens.most))),
  maxMinutes: spec(30, orNone(amount(LIMITS.minutes.most, "a number of minutes"))),
  warnAt: spec({ turns: 80, usd: 80, tokens: 80, minutes: 80 }, warnLevels()),
  prices: spec({}, recordOf(checkPrice)),
  approval: spec("ask", oneOf("ask", "autoEdit", "autoAll")),
  store: spec("", fileOrNone()),
  ripgrepPath: spec("", fileOrNone()),
} as const;

export type SettingName = keyof typeof SETTINGS;
