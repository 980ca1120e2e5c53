import * as vscode from "vscode";
import type { ApprovalRequest, FileChange } from "../core/agentEvent";
import type { RunStore } from "../core/history";
import { DIFF_SCHEME } from "./manifest";
import { isRecord } from "./settingChecks";

type Edit = NonNullable<ApprovalRequest["edit"]>;

/** How a document of ours says what it shows: a text of the store, one side of a proposed edit, or no file at all. */
type Source =
  | { readonly kind: "stored"; readonly key: string }
  | { readonly kind: "proposed"; readonly callId: string; readonly side: "before" | "after" }
  | { readonly kind: "absent" };

const TEXT_GONE = "This text was not kept: it was larger than the store keeps, or its run was deleted.\n";
const PROPOSAL_GONE = "This proposal was answered; its text is no longer kept.\n";

/** Read-only documents of files before and after an edit, and the diff editors that show them. */
export class DiffPreview implements vscode.TextDocumentContentProvider {
  /** Proposals still shown; the newest last, a few at most. */
  readonly #proposals = new Map<string, Edit>();

  constructor(private readonly store: () => Promise<Pick<RunStore, "loadText">>) {}

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const source = parseSource(uri.query);
    switch (source.kind) {
      case "absent":
        return "";
      case "stored":
        return (await (await this.store()).loadText(source.key)) ?? TEXT_GONE;
      case "proposed": {
        const edit = this.#proposals.get(source.callId);
        return edit ? ((source.side === "before" ? edit.before : edit.after) ?? "") : PROPOSAL_GONE;
      }
    }
  }

  /** Shows a proposed edit beside the file as it is. */
  async showProposal(callId: string, edit: Edit): Promise<void> {
    this.#proposals.delete(callId);
    this.#proposals.set(callId, edit);
    for (const old of [...this.#proposals.keys()].slice(0, -KEPT_PROPOSALS)) this.#proposals.delete(old);
    const side = (side: "before" | "after") => documentUri(edit.path, { kind: "proposed", callId, side });
    const before = edit.before === null ? documentUri(edit.path, { kind: "absent" }) : side("before");
    await showDiff(before, side("after"), `${baseName(edit.path)} (proposed)`);
  }

  /** Closes the editors of a proposal that was answered. */
  async closeProposal(callId: string): Promise<void> {
    if (!this.#proposals.delete(callId)) return;
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs).filter((tab) => showsProposal(tab, callId));
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs);
  }

  /** Shows an edit of the past. */
  async showChange(change: FileChange, turn: number): Promise<void> {
    const side = (key: string | null) => documentUri(change.path, key === null ? { kind: "absent" } : { kind: "stored", key });
    await showDiff(side(change.before), side(change.after), `${baseName(change.path)} (step ${turn})`);
  }
}

const KEPT_PROPOSALS = 8;

async function showDiff(before: vscode.Uri, after: vscode.Uri, title: string): Promise<void> {
  await vscode.commands.executeCommand("vscode.diff", before, after, title, { preview: true });
}

function documentUri(path: string, source: Source): vscode.Uri {
  return vscode.Uri.from({ scheme: DIFF_SCHEME, path: `/${path}`, query: JSON.stringify(source) });
}

function parseSource(query: string): Source {
  let value: unknown;
  try {
    value = JSON.parse(query);
  } catch {
    return { kind: "absent" };
  }
  if (!isRecord(value)) return { kind: "absent" };
  const { kind, key, callId, side } = value;
  if (kind === "stored" && typeof key === "string") return { kind, key };
  if (kind === "proposed" && typeof callId === "string" && (side === "before" || side === "after")) return { kind, callId, side };
  return { kind: "absent" };
}

function showsProposal(tab: vscode.Tab, callId: string): boolean {
  if (!(tab.input instanceof vscode.TabInputTextDiff) || tab.input.modified.scheme !== DIFF_SCHEME) return false;
  const source = parseSource(tab.input.modified.query);
  return source.kind === "proposed" && source.callId === callId;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
