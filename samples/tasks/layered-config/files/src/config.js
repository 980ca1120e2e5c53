import { readFileSync } from "node:fs";
import { merge } from "./merge.js";

export class ConfigError extends Error {}

const DEFAULTS = {};

/** What a file says. */
export function loadConfig(file) {
  return merge(DEFAULTS, JSON.parse(readFileSync(file, "utf8")));
}
