import type { MatchLogic } from "@pydantic/genai-prices";

/** What may follow a model's name without making it another model: a date, a build number, `latest`, a region's version. */
const SAME_MODEL =
  /^(?:[-@:.](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{4}|\d{3}|latest|preview|exp|v\d+|\d{2}-\d{4}|\d{2}-\d{2})|:\d+)*$/i;
/** What may stand before it: a region or a vendor, as clouds write them. */
const SAME_VENDOR = /^(?:[a-z0-9-]+[./])*$/i;

/**
 * Whether the package's own matcher vouches that `modelId` is this very model. Its `starts_with` and `contains` clauses
 * would also take in names that do not exist yet (`claude-sonnet-5` takes in `claude-sonnet-5-5`); those need the rest
 * of the name to say no more than a version.
 */
export function vouchesFor(match: MatchLogic, modelId: string): boolean {
  const id = modelId.toLowerCase();
  if ("or" in match) return match.or.some((clause) => vouchesFor(clause, modelId));
  if ("and" in match) return match.and.every((clause) => vouchesFor(clause, modelId));
  if ("regex" in match) return new RegExp(match.regex).test(modelId);
  if ("equals" in match) return id === match.equals.toLowerCase();
  if ("ends_with" in match) return isName(id, match.ends_with, (before, after) => SAME_VENDOR.test(before) && after === "");
  if ("starts_with" in match) return isName(id, match.starts_with, (before, after) => before === "" && SAME_MODEL.test(after));
  return isName(id, match.contains, (before, after) => SAME_VENDOR.test(before) && SAME_MODEL.test(after));
}

function isName(id: string, name: string, fits: (before: string, after: string) => boolean): boolean {
  // A clause may end in a separator or a year ("claude-sonnet-4-2025"), which belong to what follows.
  const literal = name.toLowerCase().replace(/(?:[-@:.]|[-@]20\d\d)$/, "");
  const at = id.indexOf(literal);
  return at >= 0 && fits(id.slice(0, at), id.slice(at + literal.length));
}
