import * as vscode from "vscode";
import { asSentence, readNumber } from "../protocol/typedNumber";
import { SETTINGS_SECTION } from "./manifest";
import { RATE_RANGE, type UserPrice, type UserPrices } from "./userPrice";

interface Question {
  readonly name: keyof UserPrice;
  readonly prompt: string;
  /** Used when nothing is typed; `null` = something must be. */
  readonly fallback: number | null;
}

/** Asks what a model costs, offering the chosen one, and writes it to the user's `turnpike.prices`. Given up, nothing changes. */
export async function askPrice(set: UserPrices, chosenModel: string): Promise<void> {
  const model = await vscode.window.showInputBox({
    title: "Turnpike: Set a Price for a Model",
    prompt: "Id of the model, exactly as the endpoint names it",
    value: chosenModel,
    ignoreFocusOut: true,
    validateInput: (text) => (/^\S+$/.test(text.trim()) ? null : "The id of a model, without spaces."),
  });
  const id = model?.trim();
  const price = id ? await askRates(id, Object.hasOwn(set, id) ? set[id] : undefined) : null;
  if (!id || !price) return;
  const configuration = vscode.workspace.getConfiguration(SETTINGS_SECTION);
  await configuration.update("prices", { ...set, [id]: price }, vscode.ConfigurationTarget.Global);
}

async function askRates(model: string, known: UserPrice | undefined): Promise<UserPrice | null> {
  const title = `Price of ${model}, in dollars per million tokens`;
  const input = await ask(title, { name: "input", prompt: "Input", fallback: null }, known);
  if (input === undefined) return null;
  const output = await ask(title, { name: "output", prompt: "Output, reasoning included", fallback: null }, known);
  if (output === undefined) return null;
  const cacheRead = await ask(title, { name: "cacheRead", prompt: "Input read from the cache", fallback: input }, known);
  if (cacheRead === undefined) return null;
  const cacheWrite = await ask(title, { name: "cacheWrite", prompt: "Input written to the cache", fallback: input }, known);
  return cacheWrite === undefined ? null : { input, output, cacheRead, cacheWrite };
}

async function ask(title: string, question: Question, known: UserPrice | undefined): Promise<number | undefined> {
  const { name, prompt, fallback } = question;
  const before = known?.[name];
  const rest = fallback === null ? "0 for a model that costs nothing." : `Leave empty for the price of input (${fallback}).`;
  const typed = await vscode.window.showInputBox({
    title,
    prompt: `${prompt}. ${rest}`,
    value: before === undefined ? "" : String(before),
    ignoreFocusOut: true,
    validateInput: (text) => complaintAbout(text, fallback !== null),
  });
  const read = readNumber(typed ?? "", RATE_RANGE);
  if (typed === undefined || read.kind === "bad") return undefined;
  return read.kind === "number" ? read.value : (fallback ?? undefined);
}

function complaintAbout(text: string, optional: boolean): string | null {
  const read = readNumber(text, RATE_RANGE);
  switch (read.kind) {
    case "number":
      return null;
    case "empty":
      return optional ? null : asSentence(RATE_RANGE.words);
    case "bad":
      return asSentence(read.why);
  }
}
