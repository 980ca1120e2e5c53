import * as vscode from "vscode";
import type { Engine } from "../core/engine";
import type { Forecast } from "../core/forecast/forecast";
import { calibrateTurns, type TurnPercentiles } from "../core/policy/calibrate";
import type { PriceRow } from "../core/pricing";
import { type Log, messageOf } from "./log";
import { SETTINGS_SECTION } from "./manifest";
import { openProjects, type Project } from "./projects";
import type { Secrets } from "./secrets";
import { readSettings, type Settings } from "./settings";
import { userPriceOf } from "./userPrice";

/** What the host knows of the world around a run. */
export interface Known {
  readonly settings: Settings;
  readonly trusted: boolean;
  readonly projects: readonly Project[];
  /** `null` = OpenAI's own. */
  readonly endpoint: string | null;
  /** `null` = not looked up yet. */
  readonly hasKey: boolean | null;
  /** Prices by model; a model that was not looked up yet is absent, one without a price is `null`. */
  readonly prices: ReadonlyMap<string, PriceRow | null>;
  /** By model, the largest share by which a prompt was billed above its count; `null` before the first observation. */
  readonly inputErrors: ReadonlyMap<string, number | null>;
  /** What runs of the chosen model took, in the first folder. */
  readonly typical: TurnPercentiles;
  /** What a new run of the chosen model is likely to take; `null` = too few past runs, or not looked up yet. */
  readonly expected: Forecast | null;
  /** The store's trouble, in words. */
  readonly degraded: string | null;
  /** Why the engine could not be had, in words. */
  readonly engineTrouble: string | null;
}

type AtHand = Pick<Known, "settings" | "trusted" | "projects" | "endpoint">;

/** Looks the world up, and keeps the answers for views, which must not wait. */
export class Facts {
  #known: Known;
  #round = 0;
  #newest: Promise<void> = Promise.resolve();

  constructor(
    private readonly engine: () => Promise<Engine>,
    private readonly secrets: Secrets,
    private readonly log: Log,
    private readonly onChange: () => void,
  ) {
    const none = {
      hasKey: null,
      prices: new Map(),
      inputErrors: new Map(),
      typical: calibrateTurns([], ""),
      expected: null,
      degraded: null,
      engineTrouble: null,
    };
    this.#known = { ...this.#atHand(), ...none };
  }

  get known(): Known {
    return this.#known;
  }

  /**
   * Looks everything up anew, for a chosen model. What is at hand is known at once; settles when the newest such look-up
   * has been taken in, and never rejects.
   */
  refresh(model: string): Promise<void> {
    this.#newest = this.#refresh(model);
    return this.#newest;
  }

  async #refresh(model: string): Promise<void> {
    this.#round += 1;
    const round = this.#round;
    const atHand = this.#atHand();
    const moved = atHand.endpoint !== this.#known.endpoint;
    this.#known = { ...this.#known, ...atHand, ...(moved ? { prices: new Map(), hasKey: null } : {}) };
    this.onChange();
    const lookedUp = await this.#lookUp(atHand, model);
    if (round !== this.#round) return this.#newest;
    this.#known = { ...this.#known, ...lookedUp };
    this.onChange();
  }

  /** What runs of a model took, here and anywhere. */
  async typical(model: string, projectPath: string | null): Promise<TurnPercentiles> {
    const { store } = await this.engine();
    return calibrateTurns(await store.lengths({ model, projectPath }), model);
  }

  #atHand(): AtHand {
    const settings = readSettings(vscode.workspace.getConfiguration(SETTINGS_SECTION));
    const endpoint = this.secrets.endpoint(settings.baseUrl);
    return { settings, trusted: vscode.workspace.isTrusted, projects: openProjects(), endpoint };
  }

  async #lookUp({ settings, endpoint, projects }: AtHand, model: string): Promise<Partial<Known>> {
    try {
      const hasKey = (await this.secrets.find(endpoint)) !== null;
      const engine = await this.engine();
      const models = [...new Set([...settings.models, settings.model, model])];
      const prices = await byModel(models, (id) => this.#priceOf(engine, settings, id, endpoint));
      const inputErrors = await byModel(models, async (id) => errorOf(await engine.inputFactor(id)));
      const [project] = projects;
      const typical = await this.typical(model, project?.path ?? null);
      const expected = await this.#expected(engine, model);
      return { hasKey, prices, inputErrors, typical, expected, degraded: engine.store.degraded, engineTrouble: null };
    } catch (cause) {
      this.log.error("looking up what runs need", cause);
      return { engineTrouble: messageOf(cause) };
    }
  }

  /** A forecast that cannot be had keeps nobody from a start. */
  async #expected(engine: Engine, model: string): Promise<Forecast | null> {
    try {
      return await engine.forecastStart(model);
    } catch (cause) {
      this.log.error("forecasting a start", cause);
      return null;
    }
  }

  async #priceOf(engine: Engine, { prices }: Settings, model: string, endpoint: string | null): Promise<PriceRow | null> {
    return userPriceOf(prices, model) ?? (await engine.priceOf(model, endpoint));
  }
}

async function byModel<T>(models: readonly string[], find: (model: string) => Promise<T>): Promise<ReadonlyMap<string, T>> {
  return new Map(await Promise.all(models.map(async (model) => [model, await find(model)] as const)));
}

/** A prompt that was billed below its count is no error: the bound held. */
function errorOf(factor: number | null): number | null {
  return factor === null ? null : Math.max(0, factor - 1);
}
