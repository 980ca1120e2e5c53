import { turnsAtShare } from "../../src/core/policy/calibrate";
import { BadUse } from "./badUse";

/** A bound in turns: given, or a percentile (0..100) of the turns the unrestricted arm took. */
export type Bound =
  | { readonly kind: "turns"; readonly turns: number }
  | { readonly kind: "percentile"; readonly percent: number };

export type Strategy =
  | { readonly kind: "unrestricted" }
  | { readonly kind: "fixed"; readonly limit: Bound }
  /** `bounds` `null` = those the command line takes by itself. */
  | {
      readonly kind: "dynamic";
      readonly preset: "evidence" | "published";
      readonly bounds: { readonly base: Bound; readonly hard: Bound } | null;
    };

/** A strategy, and how it was written: that is its name in every figure. */
export interface Policy {
  readonly name: string;
  readonly strategy: Strategy;
}

export const GRAMMAR =
  "unrestricted, fixed:N, fixed:pNN, dynamic, dynamic:BASE-HARD, dynamic:published, dynamic:published:BASE-HARD (bounds in turns, or pNN)";

/** Reads `a,b,c`. Throws `BadUse` on what it does not know and on a name given twice. */
export function readPolicies(text: string): readonly Policy[] {
  const names = text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
  if (names.length === 0) throw new BadUse(`--policies is empty; it takes ${GRAMMAR}`);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) throw new BadUse(`--policies has ${twice} twice; --repeats is what repeats it`);
  const policies = names.map((name): Policy => ({ name, strategy: readStrategy(name) }));
  const needy = policies.find(({ strategy }) => needsBaseline(strategy));
  if (needy && !policies.some(({ strategy }) => strategy.kind === "unrestricted")) {
    throw new BadUse(
      `${needy.name} takes its limit from the runs of "unrestricted" in the same evaluation: add it to --policies, or give turns`,
    );
  }
  return policies;
}

function readStrategy(name: string): Strategy {
  const [kind, ...rest] = name.split(":");
  if (kind === "unrestricted" && rest.length === 0) return { kind };
  if (kind === "fixed" && rest.length === 1) return { kind, limit: readBound(name, rest[0] ?? "") };
  if (kind !== "dynamic" || rest.length > 2) throw unknown(name);
  const isPublished = rest[0] === "published";
  const range = rest[isPublished ? 1 : 0];
  if (rest.length > (isPublished ? 2 : 1)) throw unknown(name);
  const preset = isPublished ? "published" : "evidence";
  return { kind, preset, bounds: range === undefined ? null : readRange(name, range) };
}

function readRange(name: string, range: string) {
  const parts = range.split("-");
  if (parts.length !== 2) throw unknown(name);
  const [base, hard] = [readBound(name, parts[0] ?? ""), readBound(name, parts[1] ?? "")];
  const isUpsideDown =
    (base.kind === "turns" && hard.kind === "turns" && base.turns > hard.turns) ||
    (base.kind === "percentile" && hard.kind === "percentile" && base.percent > hard.percent);
  if (isUpsideDown) throw new BadUse(`--policies: in ${name} the base is above the hard limit`);
  return { base, hard };
}

function readBound(name: string, text: string): Bound {
  const [, p, digits] = /^(p?)(\d{1,6})$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits === undefined || value < 1 || (p === "p" && value > 99)) throw unknown(name);
  return p === "p" ? { kind: "percentile", percent: value } : { kind: "turns", turns: value };
}

function unknown(name: string): BadUse {
  return new BadUse(`--policies: there is no policy "${name}"; there are ${GRAMMAR}`);
}

/** Whether its limits come from the unrestricted arm, which must then have run before. */
export function needsBaseline(strategy: Strategy): boolean {
  switch (strategy.kind) {
    case "unrestricted":
      return false;
    case "fixed":
      return strategy.limit.kind === "percentile";
    case "dynamic":
      return strategy.bounds !== null && [strategy.bounds.base, strategy.bounds.hard].some(({ kind }) => kind === "percentile");
  }
}

/** What the command line is told. `baseline`: turns of the unrestricted runs; empty only if no bound is a percentile. */
export function policyArgs(strategy: Strategy, baseline: readonly number[]): readonly string[] {
  const turns = (bound: Bound) => (bound.kind === "turns" ? bound.turns : turnsAtShare(baseline, bound.percent / 100));
  switch (strategy.kind) {
    case "unrestricted":
      return ["--policy", "unrestricted"];
    case "fixed":
      return ["--policy", "fixed", "--max-turns", String(turns(strategy.limit))];
    case "dynamic": {
      const named = ["--policy", "dynamic", "--preset", strategy.preset];
      if (strategy.bounds === null) return named;
      const base = turns(strategy.bounds.base);
      const hard = Math.max(base, turns(strategy.bounds.hard));
      return [...named, "--base-turns", String(base), "--hard-turns", String(hard)];
    }
  }
}
