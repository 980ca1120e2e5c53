import * as vscode from "vscode";
import type { Engine } from "../core/engine";
import type { ImportFind, ImportPlace, ImportProgress, ImportReport } from "../core/imports";
import { findText, importProgressText, importSummary, importTroubles, sourceName } from "../present/imports";
import type { Log } from "./log";
import { COMMANDS } from "./manifest";

const TITLE = "Turnpike: Import History of Other Agents";

export interface ImportParts {
  readonly engine: () => Promise<Engine>;
  readonly log: Log;
  /** The history has changed. */
  readonly onImported: () => void;
}

/** Asks what to import, reads it with a way to stop, and says what came of it. Nothing of it happens without being asked for. */
export async function askImport({ engine, log, onImported }: ImportParts): Promise<void> {
  const built = await engine();
  const places = await choosePlaces(await built.findHistories(null, new AbortController().signal));
  if (places.length === 0) return;
  const report = await importing(built, places).finally(onImported);
  await tell(report, log);
}

/** What was read before it fails or is stopped is kept. */
async function importing(built: Engine, places: readonly ImportPlace[]): Promise<ImportReport> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: "Turnpike: importing history", cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      const heard = token.onCancellationRequested(() => stop.abort());
      try {
        return await built.importHistory({ places, signal: stop.signal, onProgress: teller(progress) });
      } finally {
        heard.dispose();
      }
    },
  );
}

type More = "folder" | "files";
type Item = vscode.QuickPickItem & ({ readonly place: ImportPlace } | { readonly more: More });

/** Empty when the user gave up. */
async function choosePlaces(found: readonly ImportFind[]): Promise<readonly ImportPlace[]> {
  const items: Item[] = [
    ...found
      .filter(({ files }) => files > 0)
      .map((find) => ({
        label: sourceName(find.agent ?? ""),
        description: findText(find),
        detail: find.path,
        place: find,
        picked: true,
      })),
    {
      label: "From a folder…",
      detail: "Runs of mini-swe-agent, SWE-agent, OpenHands and others, told by the look of their files",
      more: "folder",
    },
    { label: "From files…", detail: "Recorded runs as JSON lines, trajectories, session files", more: "files" },
  ];
  const picked = await vscode.window.showQuickPick(items, {
    title: TITLE,
    placeHolder: "What to import; the files are only read",
    canPickMany: true,
    matchOnDetail: true,
  });
  const places: ImportPlace[] = [];
  for (const item of picked ?? []) places.push(...("place" in item ? [item.place] : await openMore(item.more)));
  return places;
}

async function openMore(more: More): Promise<readonly ImportPlace[]> {
  const uris = await vscode.window.showOpenDialog({
    title: TITLE,
    openLabel: "Import",
    canSelectFolders: more === "folder",
    canSelectFiles: more === "files",
    canSelectMany: true,
  });
  return (uris ?? []).map((uri) => ({ agent: null, path: uri.fsPath }));
}

/** Tells progress in whole hundredths, so that a message is not sent for every piece that is read. */
function teller(progress: vscode.Progress<{ readonly message: string; readonly increment: number }>) {
  let told = 0;
  return (now: ImportProgress) => {
    const percent = now.bytesInAll === 0 ? 0 : Math.floor((100 * now.bytes) / now.bytesInAll);
    if (percent === told) return;
    progress.report({ message: importProgressText(now), increment: percent - told });
    told = percent;
  };
}

async function tell(report: ImportReport, log: Log): Promise<void> {
  const troubles = importTroubles(report);
  for (const line of troubles) log.warn(`import: ${line}`);
  const [open, show] = ["Open History", "Show Log"];
  const summary = importSummary(report);
  const chosen =
    troubles.length === 0
      ? await vscode.window.showInformationMessage(summary, open)
      : await vscode.window.showWarningMessage(`${summary} Some of it could not be used; the log says what.`, open, show);
  if (chosen === open) await vscode.commands.executeCommand(COMMANDS.openHistory);
  if (chosen === show) await vscode.commands.executeCommand(COMMANDS.showLog);
}
