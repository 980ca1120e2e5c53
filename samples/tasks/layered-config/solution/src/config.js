import { readFileSync } from "node:fs";
import path from "node:path";
import { isObject, merge } from "./merge.js";

export class ConfigError extends Error {}

/** What a file says, laid upon what it extends. Throws `ConfigError`. */
export function loadConfig(file) {
  return layersOf(path.resolve(file), []).reduce(merge, {});
}

/** What is to be laid upon each other, lowest first: as written, for a `null` must reach what lies below. */
function layersOf(file, chain) {
  const names = chain.map((one) => path.basename(one));
  const name = path.basename(file);
  const at = chain.indexOf(file);
  if (at >= 0) throw new ConfigError(`circle: ${[...names.slice(at), name].join(" -> ")}`);
  const where = chain.length === 0 ? name : `${name} (from ${names.join(" -> ")})`;
  const own = read(file, where);
  const { extends: parents = [], ...rest } = own;
  const list = typeof parents === "string" ? [parents] : parents;
  if (!Array.isArray(list) || list.some((one) => typeof one !== "string"))
    throw new ConfigError(`${where}: "extends" is a path or a list of paths`);
  const below = list.flatMap((parent) => layersOf(path.resolve(path.dirname(file), parent), [...chain, file]));
  return [...below, rest];
}

function read(file, where) {
  let value;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new ConfigError(`${where}: ${error.message}`);
  }
  if (!isObject(value)) throw new ConfigError(`${where}: the top is not an object`);
  return value;
}
