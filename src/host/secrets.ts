import type { SecretStorage } from "vscode";
import { isLocal } from "../core/hosts";

/** Where a key came from; `null` = there is none. */
export interface FoundKey {
  readonly key: string;
  readonly from: "secretStorage" | "environment";
}

/** The environment variables that stand in for what was not set. */
export interface KeyEnvironment {
  readonly OPENAI_API_KEY?: string | undefined;
  readonly OPENAI_BASE_URL?: string | undefined;
}

/** One key per endpoint, so that no endpoint ever gets another's. `null` is OpenAI's own. */
export class Secrets {
  constructor(
    private readonly storage: Pick<SecretStorage, "get" | "store" | "delete">,
    private readonly env: KeyEnvironment,
  ) {}

  /** The endpoint in use: the setting, else the environment's, else OpenAI's own (`null`). */
  endpoint(setting: string | null): string | null {
    return setting ?? this.#envEndpoint();
  }

  /** The environment's key goes to the environment's endpoint only. */
  async find(endpoint: string | null): Promise<FoundKey | null> {
    const stored = await this.storage.get(slot(endpoint));
    if (stored) return { key: stored, from: "secretStorage" };
    const fromEnv = this.env.OPENAI_API_KEY?.trim();
    return fromEnv && slot(endpoint) === slot(this.#envEndpoint()) ? { key: fromEnv, from: "environment" } : null;
  }

  async save(endpoint: string | null, key: string): Promise<void> {
    await this.storage.store(slot(endpoint), key.trim());
  }

  async clear(endpoint: string | null): Promise<void> {
    await this.storage.delete(slot(endpoint));
  }

  #envEndpoint(): string | null {
    return this.env.OPENAI_BASE_URL?.trim() || null;
  }
}

/** Addresses that differ in case of the host or a slash at the end are one endpoint. */
function slot(endpoint: string | null): string {
  return `turnpike.apiKey:${endpoint === null ? "default" : canonical(endpoint)}`;
}

function canonical(address: string): string {
  const url = parseUrl(address);
  return url ? `${url.origin}${url.pathname.replace(/\/+$/, "")}` : address;
}

function parseUrl(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

/** Whether an endpoint wants a key: OpenAI does, the own machine and network do not, and of others nobody can tell. */
export function keyNeed(endpoint: string | null): "always" | "perhaps" | "never" {
  if (endpoint === null) return "always";
  const url = parseUrl(endpoint);
  return url && isLocal(url.hostname) ? "never" : "perhaps";
}
