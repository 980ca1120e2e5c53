import * as vscode from "vscode";
import type { Unit } from "../core/runConfig";
import type { RunState } from "../core/runState";
import type { Extension, RunModel } from "../protocol/sidebar";

const NAMES: { readonly [unit in Unit]: string } = { turns: "Turns", usd: "Dollars", tokens: "Tokens", minutes: "Minutes" };
const WHOLE: ReadonlySet<Unit> = new Set(["turns", "tokens"]);

/** Asks what to add to the limits of a run; `null` when given up, or when nothing is limited. */
export async function askExtension(state: RunState, suggested: RunModel["extendBy"]): Promise<Extension | null> {
  const { caps, limit } = state;
  const limited = { turns: limit !== null, usd: caps.usd !== null, tokens: caps.tokens !== null, minutes: caps.minutes !== null };
  const units = (["turns", "usd", "tokens", "minutes"] as const).filter((unit) => limited[unit]);
  const items = units.map((unit) => ({ label: NAMES[unit], unit, picked: suggested[unit] !== null }));
  const sorted = items.sort((a, b) => Number(b.picked) - Number(a.picked));
  const picked = await vscode.window.showQuickPick(sorted, { title: "Turnpike: Extend", placeHolder: "Limit to extend" });
  if (!picked) return null;
  const { unit } = picked;
  const typed = await vscode.window.showInputBox({
    title: `Turnpike: Extend, ${NAMES[unit]}`,
    prompt: `${NAMES[unit]} to add to the present limit`,
    value: String(suggested[unit] ?? ""),
    validateInput: (text) => (amountOf(text, unit) === null ? `A ${WHOLE.has(unit) ? "whole " : ""}number above 0.` : null),
  });
  const amount = typed === undefined ? null : amountOf(typed, unit);
  return amount === null ? null : { turns: null, usd: null, tokens: null, minutes: null, [unit]: amount };
}

function amountOf(text: string, unit: Unit): number | null {
  const amount = Number(text.trim().replace(/^\$/, "").replace(",", "."));
  const fits = Number.isFinite(amount) && amount > 0 && amount <= 1_000_000_000;
  return fits && (!WHOLE.has(unit) || Number.isInteger(amount)) ? amount : null;
}
