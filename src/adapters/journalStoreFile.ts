import { closeSync, openSync, readdirSync, readFileSync, statSync, writeSync } from "node:fs";
import path from "node:path";
import * as v from "valibot";
import type { StampedEvent } from "../core/agentEvent";
import { storedEvent } from "./storeEvents";
import { makePrivateFolder } from "./storeFile";
import { OwnerWatch, type StoreOwner, thisOwner } from "./storeOwner";

/** What one process has written, and whether it may still write. */
export interface Journal {
  readonly file: string;
  readonly writerGone: boolean;
  readonly entries: readonly JournalEntry[];
}

export interface JournalEntry {
  readonly runId: string;
  readonly event: StampedEvent;
}

/** Where journals are kept when the store at `file` cannot be used. */
export function journalFolderOf(file: string): string {
  return path.join(path.dirname(file), "journal");
}

/**
 * Appends events to a file of this process alone, one JSON text per line, the first line saying whose it is. So no two
 * processes ever write to the same file.
 */
export class JournalWriter {
  readonly #handle: number;
  #torn = false;

  /** Throws if the folder cannot be made or written to. */
  constructor(folder: string, now: number, owner: StoreOwner = thisOwner()) {
    makePrivateFolder(folder);
    const name = `${new Date(now).toISOString().replaceAll(/[:.]/g, "")}-${owner.pid}-${owner.instance.slice(0, 8)}.jsonl`;
    this.file = path.join(folder, name);
    this.#handle = openSync(this.file, "ax", 0o600);
    this.#line({ owner });
  }

  readonly file: string;

  /** Returns when the operating system has the line: it survives the death of the process. Throws if the disk is full. */
  write(runId: string, event: StampedEvent): void {
    this.#line({ runId, event });
  }

  close(): void {
    closeSync(this.#handle);
  }

  /** A line that was cut by a full disk must not swallow the next one. */
  #line(value: unknown): void {
    const bytes = Buffer.from(`${this.#torn ? "\n" : ""}${JSON.stringify(value)}\n`);
    this.#torn = true;
    if (writeSync(this.#handle, bytes) < bytes.length) throw new Error(`the disk is full: ${this.file}`);
    this.#torn = false;
  }
}

interface Content {
  /** What tells a changed file from an unchanged one. */
  readonly stamp: string;
  readonly mtimeMs: number;
  readonly owner: StoreOwner | undefined;
  readonly entries: readonly JournalEntry[];
}

/** The journals of a folder, read again only where they have changed. */
export class JournalFolder {
  readonly #watch = new OwnerWatch();
  readonly #contents = new Map<string, Content>();

  constructor(readonly folder: string) {}

  /** All but `except`, by the time they were begun; none if the folder cannot be read. Torn lines are passed over. */
  read(now: number, except: string | null): readonly Journal[] {
    let names: string[];
    try {
      names = readdirSync(this.folder).filter((name) => name.endsWith(".jsonl"));
    } catch {
      return [];
    }
    const files = names.sort().map((name) => path.join(this.folder, name));
    return files.filter((file) => file !== except).flatMap((file) => this.#journal(file, now) ?? []);
  }

  #journal(file: string, now: number): Journal | null {
    const content = this.#content(file);
    if (!content) return null;
    const { owner, mtimeMs, entries } = content;
    const writerGone = !owner || this.#watch.isDead({ ...owner, heartbeatAt: mtimeMs, closedAt: null }, now);
    return { file, writerGone, entries };
  }

  #content(file: string): Content | null {
    try {
      const { mtimeMs, size } = statSync(file);
      const stamp = `${mtimeMs} ${size}`;
      const known = this.#contents.get(file);
      if (known?.stamp === stamp) return known;
      const lines = readFileSync(file, "utf8").split("\n").flatMap(parseLine);
      const owner = lines.flatMap((line) => ("owner" in line ? [line.owner] : []))[0];
      const entries = lines.flatMap((line) => ("runId" in line ? [line] : []));
      const content = { stamp, mtimeMs, owner, entries };
      this.#contents.set(file, content);
      return content;
    } catch {
      return null;
    }
  }
}

const OwnerLine = v.object({
  owner: v.object({ instance: v.string(), pid: v.number(), host: v.string(), processStart: v.nullable(v.string()) }),
});
const EventLine = v.object({ runId: v.string(), event: v.unknown() });

type Line = v.InferOutput<typeof OwnerLine> | JournalEntry;

function parseLine(text: string): readonly Line[] {
  try {
    const value: unknown = JSON.parse(text);
    if (v.is(OwnerLine, value)) return [value];
    if (!v.is(EventLine, value)) return [];
    const event = storedEvent(value.event);
    return event ? [{ runId: value.runId, event }] : [];
  } catch {
    return [];
  }
}
