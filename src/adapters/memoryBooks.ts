import { addUsd, type NanoUsd, nano, ZERO_USD } from "../core/money";
import type { Amounts, Books, ReservationRequest, Scope, ScopeBalance, Settlement } from "../core/ports";
import {
  checkRequest,
  checkScope,
  checkSettlement,
  countedUsd,
  doubleReservation,
  firstWithoutRoom,
  isUsableRatio,
  noSuchScope,
  notOpen,
} from "./storeRules";

interface Entry {
  readonly scopes: readonly string[];
  readonly worst: Amounts;
  readonly state: "open" | "settled" | "released";
}

/** Books of one process, gone with it: for tests, and where there is no shared store. Same rules as the shared books. */
export function createMemoryBooks(): Books {
  return new MemoryBooks();
}

class MemoryBooks implements Books {
  readonly #scopes = new Map<string, ScopeBalance>();
  readonly #entries = new Map<string, Entry>();
  readonly #factors = new Map<string, number>();

  async openScope(scope: Scope): Promise<void> {
    checkScope(scope);
    const known = this.#scopes.get(scope.id) ?? { ...scope, ...EMPTY };
    const { id, capUsd, capTokens, settled } = scope;
    const settledUsd = nano(Math.max(known.settledUsd, settled?.usd ?? 0));
    const settledTokens = Math.max(known.settledTokens, settled?.tokens ?? 0);
    this.#scopes.set(id, { ...known, capUsd, capTokens, settledUsd, settledTokens });
  }

  async balances(scopeIds: readonly string[]): Promise<readonly ScopeBalance[]> {
    return scopeIds.map((id) => this.#scope(id));
  }

  async reserve(request: ReservationRequest): ReturnType<Books["reserve"]> {
    const ids = checkRequest(request);
    if (this.#entries.has(request.id)) throw doubleReservation(request.id);
    const { worst } = request;
    const full = firstWithoutRoom(
      ids.map((id) => this.#scope(id)),
      worst,
    );
    if (full) return { ok: false, scope: full };
    this.#entries.set(request.id, { scopes: ids, worst, state: "open" });
    for (const id of ids) this.#move(id, 1, worst, NOTHING);
    return { ok: true };
  }

  async settle(id: string, settlement: Settlement): Promise<void> {
    checkSettlement(settlement);
    const entry = this.#close(id, "settled");
    const counted = { usd: countedUsd(settlement, entry.worst), tokens: settlement.tokens };
    for (const scope of entry.scopes) this.#move(scope, -1, entry.worst, counted);
  }

  async release(id: string, _reason: string): Promise<void> {
    const entry = this.#close(id, "released");
    for (const scope of entry.scopes) this.#move(scope, -1, entry.worst, NOTHING);
  }

  async inputFactor(modelId: string): Promise<number | null> {
    return this.#factors.get(modelId) ?? null;
  }

  async observeInput(modelId: string, ratio: number): Promise<void> {
    if (isUsableRatio(ratio)) this.#factors.set(modelId, Math.max(ratio, this.#factors.get(modelId) ?? 0));
  }

  #scope(id: string): ScopeBalance {
    const scope = this.#scopes.get(id);
    if (!scope) throw noSuchScope(id);
    return scope;
  }

  #close(id: string, state: "settled" | "released"): Entry {
    const entry = this.#entries.get(id);
    if (entry?.state !== "open") throw notOpen(id, entry?.state ?? null);
    this.#entries.set(id, { ...entry, state });
    return entry;
  }

  /** `reserved` is +1 to hold the worst case, -1 to let go of it; `settled` is what stays for good. */
  #move(id: string, reserved: 1 | -1, worst: Amounts, settled: { readonly usd: NanoUsd; readonly tokens: number }): void {
    const scope = this.#scope(id);
    this.#scopes.set(id, {
      ...scope,
      settledUsd: addUsd(scope.settledUsd, settled.usd),
      settledTokens: scope.settledTokens + settled.tokens,
      reservedUsd: nano(scope.reservedUsd + reserved * (worst.usd ?? 0)),
      reservedTokens: scope.reservedTokens + reserved * worst.tokens,
    });
  }
}

const NOTHING = { usd: ZERO_USD, tokens: 0 };
const EMPTY = { settledUsd: ZERO_USD, settledTokens: 0, reservedUsd: ZERO_USD, reservedTokens: 0 };
