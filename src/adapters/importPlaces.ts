import { type Dirent, existsSync } from "node:fs";
import { open, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import type { Agent, ImportFind, ImportPlace } from "../core/imports";
import { isEventFile } from "./importOpenHands";

type Env = { readonly [name: string]: string | undefined };

/** A file to be read, or a folder of events that make one run. */
export interface ImportFile {
  readonly agent: Agent;
  readonly path: string;
  readonly bytes: number;
  readonly mtimeMs: number;
}

/** Where Claude Code and Codex keep their sessions, as far as there is such a folder. */
export function defaultPlaces(env: Env = process.env, home: string = homedir()): readonly ImportPlace[] {
  const given = env.CLAUDE_CONFIG_DIR?.split(",").flatMap((folder) => folder.trim() || []);
  const claude = given?.length
    ? given
    : [path.join(home, ".claude"), path.join(env.XDG_CONFIG_HOME || path.join(home, ".config"), "claude")];
  const codex = env.CODEX_HOME?.trim() || path.join(home, ".codex");
  const places: readonly ImportPlace[] = [
    ...claude.map((folder) => ({ agent: "claude-code", path: path.join(folder, "projects") }) as const),
    ...["sessions", "archived_sessions"].map((folder) => ({ agent: "codex", path: path.join(codex, folder) }) as const),
  ];
  return places.filter((place) => existsSync(place.path));
}

/** How much there is at each place. A place that cannot be looked at has nothing. */
export async function survey(places: readonly ImportPlace[], signal: AbortSignal): Promise<readonly ImportFind[]> {
  const finds: ImportFind[] = [];
  for (const place of places) {
    const files = await filesAt(place, signal).catch(() => []);
    finds.push({ ...place, files: files.length, bytes: files.reduce((sum, file) => sum + file.bytes, 0) });
  }
  return finds;
}

/** The files of a place by their look. Links are not followed. Throws if there is no such place, or it may not be read. */
export async function filesAt(place: ImportPlace, signal: AbortSignal): Promise<readonly ImportFile[]> {
  const info = await stat(place.path);
  if (!info.isDirectory()) {
    if (!info.isFile()) throw new Error(`${place.path} is no file and no folder`);
    const agent = place.agent ?? (await agentOf(place.path));
    return agent === null ? [] : [{ agent, path: place.path, bytes: info.size, mtimeMs: info.mtimeMs }];
  }
  const found: ImportFile[] = [];
  await search(path.resolve(place.path), place.agent, found, signal);
  return found;
}

async function search(folder: string, agent: Agent | null, found: ImportFile[], signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const entries = await readdir(folder, { withFileTypes: true });
  const isEvents = (agent === null || agent === "openhands") && entries.some(isEvent) && path.basename(folder) === "events";
  if (isEvents) found.push(await eventFolder(folder, entries.filter(isEvent)));
  for (const entry of entries) {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory()) await search(full, agent, found, signal).catch(passOver(signal));
    else if (entry.isFile() && !(isEvents && isEvent(entry))) found.push(...(await fileOf(full, agent)));
  }
}

/** A folder below that may not be read hides no other. */
function passOver(signal: AbortSignal): () => void {
  return () => signal.throwIfAborted();
}

function isEvent(entry: Dirent): boolean {
  return entry.isFile() && isEventFile(entry.name);
}

async function eventFolder(folder: string, entries: readonly Dirent[]): Promise<ImportFile> {
  let bytes = 0;
  let mtimeMs = 0;
  for (const entry of entries) {
    const info = await stat(path.join(folder, entry.name));
    bytes += info.size;
    mtimeMs = Math.max(mtimeMs, info.mtimeMs);
  }
  return { agent: "openhands", path: folder, bytes, mtimeMs };
}

const NAMES: { readonly [agent in Agent]: RegExp } = {
  "claude-code": /\.jsonl$/,
  codex: /\.jsonl$/,
  "mini-swe-agent": /\.traj\.json$/,
  "swe-agent": /\.traj$/,
  openhands: /\.jsonl?$/,
  recorded: /\.jsonl(?:\.gz)?$/,
};

async function fileOf(file: string, wanted: Agent | null): Promise<readonly ImportFile[]> {
  if (wanted !== null ? !NAMES[wanted].test(file) : !Object.values(NAMES).some((name) => name.test(file))) return [];
  const agent = wanted ?? (await agentOf(file).catch(() => null));
  if (agent === null) return [];
  const { size, mtimeMs } = await stat(file);
  return [{ agent, path: file, bytes: size, mtimeMs }];
}

/** Enough of a file to tell whose it is. */
const HEAD_BYTES = 64 * 1024;

/** Codex writes its header first. */
const FIRST_CHARS = 2_000;

/** Whose file this is, by its name and its beginning; `null` = nobody's that is known here. */
async function agentOf(file: string): Promise<Agent | null> {
  if (NAMES["mini-swe-agent"].test(file)) return "mini-swe-agent";
  if (NAMES["swe-agent"].test(file)) return "swe-agent";
  if (file.endsWith(".gz")) return NAMES.recorded.test(file) ? "recorded" : null;
  if (!NAMES.openhands.test(file)) return null;
  const head = await headOf(file);
  if (file.endsWith(".jsonl")) {
    if (/"type"\s*:\s*"session_meta"/.test(head.slice(0, FIRST_CHARS))) return "codex";
    if (/"(?:sessionId|leafUuid|messageId)"\s*:/.test(head) && /"type"\s*:\s*"/.test(head)) return "claude-code";
    if (/"task_id"\s*:/.test(head) && /"turns"\s*:\s*\[/.test(head)) return "recorded";
    if (/"instance_id"\s*:/.test(head) && /"history"\s*:/.test(head)) return "openhands";
  }
  const isEvent = /"source"\s*:\s*"(?:agent|user|environment)"/.test(head) && /"(?:action|observation|kind)"\s*:/.test(head);
  if (isEvent || /"(?:llm_metrics|tool_call_metadata|llm_response_id)"\s*:/.test(head)) return "openhands";
  return null;
}

async function headOf(file: string): Promise<string> {
  const handle = await open(file, "r");
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const { bytesRead } = await handle.read(head, 0, HEAD_BYTES, 0);
    return head.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
