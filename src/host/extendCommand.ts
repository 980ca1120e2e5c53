import * as vscode from "vscode";
import type { Unit } from "../core/runConfig";
import type { RunState } from "../core/runState";
import { LIMITS } from "../protocol/limits";
import type { Extension, RunModel } from "../protocol/sidebar";
import { asSentence, readNumber } from "../protocol/typedNumber";

const NAMES: { readonly [unit in Unit]: string } = { turns: "Turns", usd: "Dollars", tokens: "Tokens", minutes: "Minutes" };

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
    validateInput: (text) => complaintAbout(text, unit),
  });
  const read = readNumber(typed ?? "", LIMITS[unit]);
  return read.kind === "number" && read.value > 0
    ? { turns: null, usd: null, tokens: null, minutes: null, [unit]: read.value }
    : null;
}

function complaintAbout(text: string, unit: Unit): string | null {
  const read = readNumber(text, LIMITS[unit]);
  if (read.kind === "bad") return asSentence(read.why);
  return read.kind === "number" && read.value > 0 ? null : "A number above 0.";
}
