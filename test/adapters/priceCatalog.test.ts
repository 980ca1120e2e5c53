import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import * as genai from "@pydantic/genai-prices";
import { createPriceCatalog } from "../../src/adapters/priceCatalog";
import { vouchesFor } from "../../src/adapters/priceCatalogMatch";
import { PACKAGE_PRICES } from "../../src/adapters/priceCatalogPackage";
import { parsePriceFlag } from "../../src/adapters/priceFlag";
import { PRICE_OVERRIDES } from "../../src/adapters/priceOverrides";
import { toDollars } from "../../src/core/money";
import { costOf, type PriceRow } from "../../src/core/pricing";
import { NO_USAGE, type Usage } from "../../src/core/usage";

declare const __TEST_ROOT__: string;

const OPENAI = "https://api.openai.com/v1";
const ANTHROPIC = "https://api.anthropic.com/v1/";
const GOOGLE = "https://generativelanguage.googleapis.com/v1beta/openai/";
const DEEPSEEK = "https://api.deepseek.com";
const OPENROUTER = "https://openrouter.ai/api/v1";
const LOCAL = "http://127.0.0.1:11434/v1";

function catalog(today = "2026-11-21") {
  return createPriceCatalog(() => new Date(`${today}T12:00:00Z`));
}

async function known(modelId: string, baseUrl: string | null, today?: string): Promise<PriceRow> {
  const row = await catalog(today).priceOf(modelId, baseUrl);
  assert.ok(row, `${modelId} has no price`);
  return row;
}

/** First-tier rates in dollars per million: fresh, cache read, writes of 5 m and 1 h, output. */
function dollars(row: PriceRow | null, tier = 0): number[] | null {
  const found = row?.tiers[tier];
  if (!found) return null;
  return [found.freshInput, found.cacheRead, found.cacheWrite5m, found.cacheWrite1h, found.output].map((rate) => rate / 1e9);
}

describe("priceCatalog: costs worked by hand", () => {
  const examples: readonly [name: string, model: string, baseUrl: string, usage: Partial<Usage>, usd: number][] = [
    // 20k x 1.25 + 80k x 0.125 + 5k x 10, per million = 0.025 + 0.010 + 0.050
    ["gpt-5 with most of the prompt cached", "gpt-5", OPENAI, { freshInput: 20_000, cacheRead: 80_000, output: 5_000 }, 0.085],
    // 1k x 3 + 50k x 0.30 + 10k x 3.75 + 2k x 15 = 0.003 + 0.015 + 0.0375 + 0.030
    [
      "Sonnet 4.5 with a cache read and a 5 m write",
      "claude-sonnet-4-5",
      ANTHROPIC,
      { freshInput: 1_000, cacheRead: 50_000, cacheWrite5m: 10_000, output: 2_000 },
      0.0855,
    ],
    // above 200k the whole request: 50k x 6 + 180k x 0.60 + 4k x 22.5 = 0.300 + 0.108 + 0.090
    [
      "Sonnet 4.5 above 200,000 tokens",
      "claude-sonnet-4-5-20250929",
      ANTHROPIC,
      { freshInput: 50_000, cacheRead: 180_000, output: 4_000 },
      0.498,
    ],
    // 50k x 2.5 + 250k x 0.25 + 10k x 15 = 0.125 + 0.0625 + 0.150
    [
      "Gemini 2.5 Pro above 200,000 tokens, thoughts as output",
      "gemini-2.5-pro",
      GOOGLE,
      { freshInput: 50_000, cacheRead: 250_000, output: 10_000, reasoning: 6_000 },
      0.3375,
    ],
    // 10k x 0.28 + 90k x 0.028 + 3k x 0.42 = 0.0028 + 0.00252 + 0.00126
    ["DeepSeek V3.2", "deepseek-chat", DEEPSEEK, { freshInput: 10_000, cacheRead: 90_000, output: 3_000 }, 0.00658],
    // 2k x 5 + 20k x 10 + 1k x 25 = 0.010 + 0.200 + 0.025
    [
      "Opus 4.5 with a 1 h write",
      "claude-opus-4-5",
      ANTHROPIC,
      { freshInput: 2_000, cacheWrite1h: 20_000, output: 1_000 },
      0.235,
    ],
    // 100k x 5 + 200k x 0.5 + 10k x 22.5 = 0.500 + 0.100 + 0.225
    ["gpt-5.4 above 272,000 tokens", "gpt-5.4", OPENAI, { freshInput: 100_000, cacheRead: 200_000, output: 10_000 }, 0.825],
    // 100k x 0.30 + 900k x 0.006 + 10k x 1.20 = 0.030 + 0.0054 + 0.012
    [
      "DeepSeek V4.1 at its peak rate",
      "deepseek-flash",
      DEEPSEEK,
      { freshInput: 100_000, cacheRead: 900_000, output: 10_000 },
      0.0474,
    ],
  ];
  for (const [name, model, baseUrl, usage, usd] of examples) {
    it(name, async () => {
      assert.equal(toDollars(costOf({ ...NO_USAGE, ...usage }, await known(model, baseUrl))), usd);
    });
  }
});

describe("priceCatalog", () => {
  it("prefers a dated override to the package, and names its date", async () => {
    const row = await known("deepseek-v4-pro", DEEPSEEK);
    assert.deepEqual([row.source, row.asOf, dollars(row)], ["override", "2026-09-10", [1.32, 0.044, 1.32, 1.32, 3.96]]);
  });

  it("applies an override only where it is sold, and from the day it holds", async () => {
    assert.equal((await known("deepseek/deepseek-chat", OPENROUTER)).source, "genai-prices");
    assert.equal((await known("deepseek/deepseek-chat", "https://litellm.example/v1")).source, "override");
    assert.deepEqual(dollars(await known("gpt-5.6-sol", OPENAI, "2026-11-21")), [4, 0.4, 5, 5, 20]);
    assert.deepEqual(dollars(await known("gpt-5.6-sol", OPENAI, "2026-11-22")), [5, 0.5, 6.25, 6.25, 30]);
  });

  it("matches dated ids and the package's own aliases to the same row", async () => {
    const undated = await known("gpt-5", null);
    const dated = await known("gpt-5-2025-08-07", null);
    assert.deepEqual(dated, { ...undated, model: "gpt-5-2025-08-07" });
    assert.deepEqual([undated.source, undated.asOf], ["genai-prices", PACKAGE_PRICES.asOf]);
  });

  it("knows no price for names that are merely similar", async () => {
    const similar: [string, string | null][] = [
      ["gpt-5-ultra", null],
      ["gpt-7", null],
      ["my-gpt-5", null],
      ["claude-sonnet-5-5", ANTHROPIC],
      ["claude-sonnet-4-5-mini", ANTHROPIC],
      ["gemini-3.6-flash-lite", GOOGLE],
      ["deepseek-v9", DEEPSEEK],
      ["deepseek-chat:free", OPENROUTER],
      ["", OPENAI],
    ];
    for (const [id, url] of similar) assert.equal(await catalog().priceOf(id, url), null, id);
    // A model of its own in the table, not a kind of gemini-2.5-pro.
    assert.equal(dollars(await known("gemini-2.5-pro-tts", GOOGLE))?.at(-1), 20);
  });

  it("lets the address choose the provider", async () => {
    assert.equal(await catalog().priceOf("claude-sonnet-4-5", OPENAI), null);
    assert.deepEqual(
      dollars(await known("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "https://bedrock-runtime.us-east-1.amazonaws.com")),
      [3.3, 0.33, 4.125, 4.125, 16.5],
    );
    assert.equal((await known("models/gemini-2.5-flash", GOOGLE)).model, "models/gemini-2.5-flash");
    assert.equal((await known("gpt-5", "https://myproject.openai.azure.com/openai/v1")).source, "genai-prices");
  });

  it("prices what a proxy names, but nothing a local server could run itself", async () => {
    assert.deepEqual(dollars(await known("openai/gpt-5", "http://localhost:4000")), [1.25, 0.125, 1.25, 1.25, 10]);
    assert.deepEqual(dollars(await known("gpt-5", "http://192.168.1.5:4000")), [1.25, 0.125, 1.25, 1.25, 10]);
    for (const id of ["gpt-oss-20b", "deepseek-r1:8b", "deepseek-chat", "gemma-3", "qwen3:8b", "llama3.2"]) {
      assert.equal(await catalog().priceOf(id, LOCAL), null, id);
    }
  });

  it("takes prices that change with the hour at their dearest", async () => {
    const evening = createPriceCatalog(() => new Date("2026-09-01T18:00:00Z"));
    // A dated name that only the package's table takes in, which bills half of this at 18:00 UTC.
    assert.deepEqual(dollars(await evening.priceOf("deepseek-v4-pro-0813", DEEPSEEK)), [1.32, 0.044, 1.32, 1.32, 3.96]);
  });

  it("follows announced price changes by date", async () => {
    assert.deepEqual(dollars(await known("gemini-3.6-flash", GOOGLE, "2026-12-31")), [0.75, 0.075, 0.75, 0.75, 3.75]);
    assert.deepEqual(dollars(await known("gemini-3.6-flash", GOOGLE, "2027-01-01")), [1.5, 0.15, 1.5, 1.5, 7.5]);
  });

  it("prices the demo model with play money, on this machine only", async () => {
    const row = await known("turnpike-demo", "http://127.0.0.1:4321/v1");
    assert.deepEqual([row.source, dollars(row)], ["demo", [1.25, 0.125, 1.25, 1.25, 10]]);
    assert.equal(await catalog().priceOf("turnpike-demo", "https://api.openai.com/v1"), null);
    assert.equal(await catalog().priceOf("gpt-5", "not an address"), null);
  });
});

describe("price tables", () => {
  it("date the package's prices by the version that is installed", () => {
    const manifest = path.join(__TEST_ROOT__, "node_modules/@pydantic/genai-prices/package.json");
    assert.equal(JSON.parse(readFileSync(manifest, "utf8")).version, PACKAGE_PRICES.version);
  });

  it("are the same in the product, which loads them from JSON", async () => {
    const outdir = mkdtempSync(path.join(os.tmpdir(), "turnpike-prices-"));
    try {
      const build = path.join(__TEST_ROOT__, "scripts/build.mjs");
      execFileSync(process.execPath, [build, "--only", "prices", "--outdir", outdir], { stdio: "pipe" });
      const product: typeof genai = createRequire(__filename)(path.join(outdir, "genaiPrices.js"));
      for (const providerId of ["openai", "anthropic", "google", "deepseek", "openrouter", "x-ai", "mistral", "aws", "azure"]) {
        const [theirs, ours] = [genai, product].map((table) => table.findProvider({ providerId }));
        const prices = (provider: typeof theirs) => provider?.models.map(({ id, match, prices }) => ({ id, match, prices }));
        assert.ok((prices(theirs)?.length ?? 0) > 5, providerId);
        assert.deepEqual(prices(ours), prices(theirs), providerId);
      }
    } finally {
      rmSync(outdir, { recursive: true, force: true });
    }
  });

  it("give every override a date, a source and rising tiers", () => {
    for (const row of PRICE_OVERRIDES) {
      assert.match(row.asOf, /^2026-\d{2}-\d{2}$/);
      assert.ok(row.source.length > 30 && row.ids.length > 0 && row.seller.hosts.length > 0, row.ids[0]);
      row.tiers.reduce((before, tier) => {
        assert.ok(tier.above > before, `${row.ids[0]}: tiers out of order`);
        return tier.above;
      }, -1);
    }
  });
});

describe("vouchesFor", () => {
  it("takes versions of a name for the name, and nothing longer", () => {
    const match = { or: [{ starts_with: "claude-sonnet-5" }, { contains: "claude-v2" }] };
    for (const id of [
      "claude-sonnet-5",
      "claude-sonnet-5-20260101",
      "claude-sonnet-5@20260101",
      "claude-sonnet-5-latest",
      "anthropic.claude-v2:1",
    ]) {
      assert.ok(vouchesFor(match, id), id);
    }
    for (const id of ["claude-sonnet-5-5", "claude-sonnet-50", "claude-sonnet-5-mini", "my claude-v2"])
      assert.ok(!vouchesFor(match, id), id);
  });
});

describe("parsePriceFlag", () => {
  it("reads the documented form", () => {
    const row = parsePriceFlag("in=1.25,cacheRead=0.125,cacheWrite=1.25,out=10", "m");
    assert.deepEqual([row.model, row.source, row.asOf, dollars(row)], ["m", "user", null, [1.25, 0.125, 1.25, 1.25, 10]]);
  });

  it("needs in and out only; spaces and order do not matter", () => {
    assert.deepEqual(dollars(parsePriceFlag(" out = 2 , in = .5 ", "m")), [0.5, 0.5, 0.5, 0.5, 2]);
    assert.deepEqual(dollars(parsePriceFlag("in=0,out=0", "m")), [0, 0, 0, 0, 0]);
    assert.deepEqual(dollars(parsePriceFlag("in=1,out=2,cacheWrite=3,cacheWrite1h=4", "m")), [1, 1, 3, 4, 2]);
  });

  it("says what is wrong", () => {
    const wrong: [string, RegExp][] = [
      ["", /"" is not a price/],
      ["in=1", /in and out are both needed/],
      ["in=1,out=2,in=3", /in is given twice/],
      ["in=1,out=abc", /out is a number of dollars .* not "abc"/],
      ["in=-1,out=2", /in is a number/],
      ["in=1e3,out=2", /in is a number/],
      ["in=,out=2", /in is a number/],
      ["in=1000000,out=2", /in is a number of dollars from 0 to 100000/],
      ["input=1,out=2", /"input=1" is not a price; write in=1.25/],
      ["in=1=2,out=2", /is not a price/],
    ];
    for (const [text, expected] of wrong) assert.throws(() => parsePriceFlag(text, "m"), expected, text);
  });
});
