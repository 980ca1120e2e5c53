import { isLocal, isLoopback } from "../core/hosts";
import type { PriceRow } from "../core/pricing";
import { DEMO_MODEL_ID } from "./demoModelId";
import { listPrice, priceAt, providerAt } from "./priceCatalogPackage";
import { priceRow } from "./priceCatalogRow";
import { overrideFor } from "./priceOverrides";

export interface PriceCatalog {
  /** `baseUrl` `null` = OpenAI's own. `null` = no price known, which is never the same as free. */
  priceOf(modelId: string, baseUrl: string | null): Promise<PriceRow | null>;
}

const OPENAI_URL = "https://api.openai.com/v1";

/**
 * Finds what a model costs where the user does not say: our dated overrides, then the table of `@pydantic/genai-prices`
 * (loaded on first need), then nothing. Only exact ids, the package's own matchers and dated versions count; a price is
 * never taken from a similar name.
 */
export function createPriceCatalog(today: () => Date): PriceCatalog {
  return {
    async priceOf(modelId, baseUrl) {
      const address = baseUrl ?? OPENAI_URL;
      if (!URL.canParse(address)) return null;
      const url = new URL(address);
      if (modelId === DEMO_MODEL_ID) return isLoopback(url.hostname) ? DEMO_PRICE : null;
      return overrideFor(modelId, url.hostname, isoDate(today())) ?? packagePrice(modelId, url, today());
    },
  };
}

async function packagePrice(modelId: string, url: URL, today: Date): Promise<PriceRow | null> {
  const genai = await import("@pydantic/genai-prices");
  const provider = providerAt(genai, url.href);
  if (provider) return priceAt(genai, provider, modelId, today);
  const local = isLocal(url.hostname);
  const override = local && !modelId.includes("/") ? null : overrideFor(modelId, null, isoDate(today));
  return override ?? listPrice(genai, modelId, local, today);
}

/** Play money at real rates (those of gpt-5), so that what a demo shows is what a session would cost. */
const DEMO_PRICE = priceRow(DEMO_MODEL_ID, "demo", null, [{ above: 0, input: 1.25, cacheRead: 0.125, output: 10 }]);

function isoDate(day: Date): string {
  return day.toISOString().slice(0, 10);
}
