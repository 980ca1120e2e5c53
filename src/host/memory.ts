import type { Memento } from "vscode";
import { parseChoice } from "../protocol/guards";
import type { ComposerChoice } from "../protocol/sidebar";
import { RUNNING_RUN } from "./runningMark";
import { isRecord } from "./settingChecks";

const CHOICE = "choice";
const SHOWN = "shownRun";
const OPENED = "openedInHistory";
const NONE = "none";

/** A choice, and what would have been chosen by default when it was made. */
export interface KeptChoice {
  readonly choice: ComposerChoice;
  readonly defaults: ComposerChoice;
}

/** What a window remembers about its workspace between reloads. Everything else is in the settings or the store. */
export class Memory {
  constructor(private readonly memento: Pick<Memento, "get" | "update">) {}

  /** `null` when nothing was chosen yet, or by a version that knew other choices. */
  get choice(): KeptChoice | null {
    const kept = this.memento.get<unknown>(CHOICE);
    if (!isRecord(kept)) return null;
    const choice = parseChoice(kept.choice);
    const defaults = parseChoice(kept.defaults);
    return choice && defaults && { choice, defaults };
  }

  async keepChoice(kept: KeptChoice): Promise<void> {
    await this.memento.update(CHOICE, kept);
  }

  /** The run to show again: `none` after the user put it away, `null` when there never was one. */
  get shown(): { readonly runId: string } | "none" | null {
    const value = this.memento.get<unknown>(SHOWN);
    if (typeof value !== "string") return null;
    return value === NONE ? NONE : { runId: value };
  }

  async keepShown(runId: string | null): Promise<void> {
    await this.memento.update(SHOWN, runId ?? NONE);
  }

  /** The run that the history tab has open; `null` = its list. */
  get opened(): string | null {
    const value = this.memento.get<unknown>(OPENED);
    return typeof value === "string" ? value : null;
  }

  async keepOpened(runId: string | null): Promise<void> {
    await this.memento.update(OPENED, runId ?? undefined);
  }

  /** Marks that a run is in progress; see `wasRunning`. */
  async keepRunning(runId: string | null): Promise<void> {
    await this.memento.update(RUNNING_RUN, runId ?? undefined);
  }
}
