import * as vscode from "vscode";
import { type SidebarInput, sidebarModel } from "../present/sidebar";
import { statusBarModel } from "../present/status";
import type { SidebarModel } from "../protocol/sidebar";
import { Coalescer } from "./coalescer";
import type { Log } from "./log";
import { COMMANDS, CONTEXT_KEYS, type ContextKey } from "./manifest";
import type { StatusBar } from "./statusBar";

/** The least time between two drawings, however fast events come. */
const DRAW_INTERVAL_MS = 100;
/** Times and time caps move on their own; of a run that has ended, the price of going on, as the provider forgets it. */
const CLOCK_INTERVAL_MS = 1_000;
const ENDED_INTERVAL_MS = 60_000;

export interface ScreenParts {
  readonly statusBar: StatusBar;
  /** What to draw, of this moment. */
  readonly input: () => SidebarInput;
  readonly onModel: (model: SidebarModel) => void;
  readonly log: Log;
}

/** Draws the state of the window: status bar, sidebar and context keys, all from one model, at most ten times a second. */
export class Screen {
  readonly #draws = new Coalescer(() => this.#draw(), DRAW_INTERVAL_MS);
  readonly #context = new Map<ContextKey, boolean>();
  #clock: { readonly everyMs: number; readonly timer: NodeJS.Timeout } | null = null;

  constructor(private readonly parts: ScreenParts) {}

  /** Something has changed. */
  update(): void {
    this.#draws.poke();
  }

  /** Someone has just begun to look. */
  now(): void {
    this.#draws.flush();
  }

  dispose(): void {
    this.#draws.dispose();
    this.#tick(null);
  }

  #draw(): void {
    const { statusBar, input, onModel, log } = this.parts;
    try {
      const present = input();
      const model = sidebarModel(present);
      onModel(model);
      statusBar.draw(statusBarModel(present.run, present.now, present));
      this.#setContext(model);
      this.#tick(model.run === null ? null : model.run.phase === "ended" ? ENDED_INTERVAL_MS : CLOCK_INTERVAL_MS);
    } catch (cause) {
      log.error("drawing", cause);
    }
  }

  #setContext({ run, composer }: SidebarModel): void {
    this.#set("hasRun", run !== null);
    this.#set("canStop", run?.can.stop ?? false);
    this.#set("canLand", run?.can.land ?? false);
    this.#set("canExtend", run?.can.extend ?? false);
    this.#set("canResume", run?.can.resume ?? false);
    this.#set("canSetBack", (run?.best ?? null) !== null);
    this.#set("canAnswer", run?.question?.kind === "approval");
    this.#set("canOpenFolder", composer.blocked?.command === COMMANDS.openRunFolder);
  }

  #set(key: ContextKey, value: boolean): void {
    if (this.#context.get(key) === value) return;
    this.#context.set(key, value);
    this.parts.log.track("setting a context key", vscode.commands.executeCommand("setContext", CONTEXT_KEYS[key], value));
  }

  #tick(everyMs: number | null): void {
    if (everyMs === (this.#clock?.everyMs ?? null)) return;
    if (this.#clock) clearInterval(this.#clock.timer);
    this.#clock = everyMs === null ? null : { everyMs, timer: setInterval(() => this.update(), everyMs) };
  }
}
