import type { PriceRow } from "../core/pricing";
import { type DollarTier, priceRow } from "./priceCatalogRow";

/** Prices that the package's table lacks or has wrong, entered by hand. See CONTRIBUTING.md, "to add a price". */
export interface PriceOverride {
  /** Exact model ids. */
  readonly ids: readonly string[];
  readonly seller: Seller;
  /** The day the price was read from its source. */
  readonly asOf: string;
  /** First day the price holds, for changes announced ahead; of several rows the newest in force counts. */
  readonly from?: string;
  /** Where it was read, and why the package's row is not used. */
  readonly source: string;
  readonly tiers: readonly [DollarTier, ...DollarTier[]];
}

/** Who sells at a price: its hosts (subdomains count), and what proxies write before a model's id, as in "openai/gpt-5". */
interface Seller {
  readonly hosts: readonly string[];
  readonly names: readonly string[];
}

const DEEPSEEK: Seller = { hosts: ["api.deepseek.com"], names: ["deepseek"] };
const OPENAI: Seller = { hosts: ["api.openai.com"], names: ["openai"] };
const QWEN: Seller = {
  hosts: ["dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com"],
  names: ["dashscope", "alibaba", "qwen"],
};
const XAI: Seller = { hosts: ["api.x.ai"], names: ["xai", "x-ai"] };
const ZAI: Seller = { hosts: ["api.z.ai", "open.bigmodel.cn"], names: ["zai", "z-ai", "zhipuai"] };
const MISTRAL: Seller = { hosts: ["api.mistral.ai"], names: ["mistral", "mistralai"] };

export const PRICE_OVERRIDES: readonly PriceOverride[] = [
  {
    ids: ["deepseek-flash", "deepseek-v4-flash", "deepseek-v4-flash-vision-exp"],
    seller: DEEPSEEK,
    asOf: "2026-09-10",
    source:
      "api-docs.deepseek.com/quick_start/pricing as quoted in BerriAI/litellm#37255: V4.1 serves the older names too. Peak rates; off-peak is half. genai-prices 0.1.8 has the V4 rates of August.",
    tiers: [{ above: 0, input: 0.3, cacheRead: 0.006, output: 1.2 }],
  },
  {
    ids: ["deepseek-v4-pro"],
    seller: DEEPSEEK,
    asOf: "2026-09-10",
    source: "api-docs.deepseek.com/quick_start/pricing (litellm#37255, ccusage#1643). Peak rates; off-peak is half.",
    tiers: [{ above: 0, input: 1.32, cacheRead: 0.044, output: 3.96 }],
  },
  {
    ids: ["deepseek-chat", "deepseek-reasoner"],
    seller: DEEPSEEK,
    asOf: "2026-04-13",
    source:
      "api-docs.deepseek.com/quick_start/pricing, V3.2 list price, the dearest these names had in 2026; retired on 2026-07-24. genai-prices 0.1.8 has the rates of early 2025 with a night discount.",
    tiers: [{ above: 0, input: 0.28, cacheRead: 0.028, output: 0.42 }],
  },
  {
    ids: ["gpt-5.6-sol", "gpt-5.6"],
    seller: OPENAI,
    asOf: "2026-09-24",
    from: "2026-11-22",
    source:
      "developers.openai.com/api/docs/models/gpt-5.6-sol: the reduced price is a promotion, certain until 2026-11-21 only; from then the list price is assumed. genai-prices 0.1.8 has the reduced price without an end.",
    tiers: [
      { above: 0, input: 5, cacheRead: 0.5, cacheWrite: 6.25, output: 30 },
      { above: 271_999, input: 10, cacheRead: 1, cacheWrite: 12.5, output: 45 },
    ],
  },
  {
    ids: ["gpt-6.1-sol"],
    seller: OPENAI,
    asOf: "2026-09-30",
    source:
      "developers.openai.com/api/docs/models/gpt-6.1-sol as quoted in two trackers' releases (Codex-Manager 0.4.7, codex-token-watch 0.3.3). Cache writes at 1.25 x input as for all of OpenAI's since 5.6. Newer than genai-prices 0.1.8.",
    tiers: [
      { above: 0, input: 2, cacheRead: 0.1, cacheWrite: 2.5, output: 10 },
      { above: 271_999, input: 4, cacheRead: 0.2, cacheWrite: 5, output: 15 },
    ],
  },
  {
    ids: ["grok-4.5"],
    seller: XAI,
    asOf: "2026-07-09",
    source:
      "docs.x.ai as quoted in Zoo-Code#866: cached input 0.50. genai-prices 0.1.8 has 0.30, litellm 0.50; the dearer is taken.",
    tiers: [
      { above: 0, input: 2, cacheRead: 0.5, output: 6 },
      { above: 199_999, input: 4, cacheRead: 1, output: 12 },
    ],
  },
  {
    ids: ["qwen3-max"],
    seller: QWEN,
    asOf: "2026-05-08",
    source:
      "alibabacloud.com/help/en/model-studio/models, international: 1.20 in and 6.00 out to 32K, 3.00 in above 128K (api-evangelist/qwen); the middle step and outputs above 32K from the same 1:5 scheme. Cache discounts not entered.",
    tiers: [
      { above: 0, input: 1.2, output: 6 },
      { above: 32_000, input: 2.4, output: 12 },
      { above: 128_000, input: 3, output: 15 },
    ],
  },
  {
    ids: ["qwen3-coder-plus"],
    seller: QWEN,
    asOf: "2026-02-26",
    source:
      "alibabacloud.com/help/en/model-studio/models, international: 6 in and 60 out is the step for 256K to 1M, confirmed in a second table (theopenco/llmgateway); lower steps from memory of the same page. Cache discounts not entered.",
    tiers: [
      { above: 0, input: 1, output: 5 },
      { above: 32_000, input: 1.8, output: 9 },
      { above: 128_000, input: 3, output: 15 },
      { above: 256_000, input: 6, output: 60 },
    ],
  },
  {
    ids: ["glm-4.6"],
    seller: ZAI,
    asOf: "2026-11-21",
    source:
      "Z.AI's list price as shown by getmaxim.ai/bifrost (0.60 in, 2.20 out). Cache discount not entered. Not in genai-prices 0.1.8.",
    tiers: [{ above: 0, input: 0.6, output: 2.2 }],
  },
  {
    ids: ["devstral-medium-latest", "devstral-medium-2507"],
    seller: MISTRAL,
    asOf: "2026-11-21",
    source: "mistral.ai's list price as shown by two resellers (0.40 in, 2.00 out). Not in genai-prices 0.1.8.",
    tiers: [{ above: 0, input: 0.4, output: 2 }],
  },
];

/**
 * The override in force on a day (ISO date) at `host`. At a host that tells nothing (`null`) the id may name the seller.
 */
export function overrideFor(modelId: string, host: string | null, today: string): PriceRow | null {
  let found: PriceOverride | null = null;
  for (const row of PRICE_OVERRIDES) {
    if ((row.from ?? "") > today || !sells(row, modelId, host)) continue;
    if (found === null || (row.from ?? "") >= (found.from ?? "")) found = row;
  }
  return found && priceRow(modelId, "override", found.asOf, found.tiers);
}

function sells({ ids, seller }: PriceOverride, modelId: string, host: string | null): boolean {
  if (host !== null) return ids.includes(modelId) && seller.hosts.some((sold) => host === sold || host.endsWith(`.${sold}`));
  return ids.includes(modelId) || seller.names.some((name) => ids.some((id) => modelId === `${name}/${id}`));
}
