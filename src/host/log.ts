import type { LogOutputChannel } from "vscode";
import { redact } from "../core/redact";

/** The output channel "Turnpike". Its level is VS Code's own (Developer: Set Log Level). Nothing secret gets through. */
export class Log {
  readonly #known = new Set<string>();

  constructor(private readonly channel: LogOutputChannel) {}

  /** A key in use, hidden from now on whatever it looks like. */
  hide(secret: string): void {
    this.#known.add(secret);
  }

  /** `text` as it may be shown to others. */
  clean(text: string): string {
    return redact(text, this.#known);
  }

  debug(text: string): void {
    this.channel.debug(this.clean(text));
  }

  info(text: string): void {
    this.channel.info(this.clean(text));
  }

  warn(text: string): void {
    this.channel.warn(this.clean(text));
  }

  /** What was being done, and what went wrong with it. */
  error(doing: string, cause: unknown): void {
    this.channel.error(this.clean(`${doing}: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`));
  }

  show(): void {
    this.channel.show(true);
  }

  /** Lets a task go on by itself; if it fails, the log says what it was doing. */
  track(doing: string, task: PromiseLike<unknown>): void {
    void Promise.resolve(task).catch((cause: unknown) => this.error(doing, cause));
  }
}

/** A fault in a sentence for people. */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
