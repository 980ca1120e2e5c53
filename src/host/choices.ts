import type { RunState } from "../core/runState";
import type { ComposerChoice } from "../protocol/sidebar";
import type { Memory } from "./memory";
import { choiceOf, defaultChoice } from "./runRequest";
import type { Settings } from "./settings";

/** What the composer is set to: for new tasks, kept per workspace; for a follow-up, kept while its run is shown. */
export class Choices {
  #followUp: { readonly runId: string; readonly choice: ComposerChoice } | null = null;
  #revision = 0;

  constructor(
    private readonly memory: Memory,
    private readonly settings: () => Settings,
  ) {}

  /** Number of the page's newest change that was taken in. */
  get revision(): number {
    return this.#revision;
  }

  /** For a message that would continue `run`, or start a run when there is none. */
  of(run: RunState | null): ComposerChoice {
    const start = this.#forStart();
    if (run === null) return start;
    const { runId } = run.config;
    return this.#followUp?.runId === runId ? this.#followUp.choice : choiceOf(run, start);
  }

  /** Takes in a change that the page made to what it was shown. */
  async change(change: Partial<ComposerChoice>, revision: number, run: RunState | null): Promise<ComposerChoice> {
    const choice = { ...this.of(run), ...change };
    this.#revision = revision;
    await this.set(choice, run);
    return choice;
  }

  async set(choice: ComposerChoice, run: RunState | null): Promise<void> {
    if (run) this.#followUp = { runId: run.config.runId, choice };
    else await this.memory.keepChoice({ choice, defaults: defaultChoice(this.settings()) });
  }

  /** What was chosen for a follow-up is in force now, or void. */
  settle(): void {
    this.#followUp = null;
  }

  /** A setting that changed after the choice was made wins over it. */
  #forStart(): ComposerChoice {
    const now = defaultChoice(this.settings());
    const kept = this.memory.choice;
    if (!kept) return now;
    const { choice, defaults } = kept;
    const pick = <K extends keyof ComposerChoice>(key: K) => (defaults[key] === now[key] ? choice[key] : now[key]);
    const policy = pick("policy");
    return {
      policy,
      preset: pick("preset"),
      // A number of turns means another thing under another policy.
      turns: policy === choice.policy ? pick("turns") : now.turns,
      usd: pick("usd"),
      tokens: pick("tokens"),
      minutes: pick("minutes"),
      model: pick("model"),
      approval: pick("approval"),
    };
  }
}
