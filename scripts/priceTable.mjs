// Makes the table of @pydantic/genai-prices cheap to load. The package holds it as one literal of 31,000 lines, which
// takes V8 40 ms and 19 MB to compile; as JSON without the descriptions it takes half. Matching and dates stay the
// package's own code.
import { readFileSync } from "node:fs";

/** What is not needed to find a price. */
const UNUSED = {
  provider: ["description", "extractors", "name", "price_comments", "pricing_urls"],
  model: ["context_window", "deprecated", "description", "name", "price_comments"],
};

export const lightPriceTable = {
  name: "light-price-table",
  setup(builder) {
    builder.onLoad({ filter: /genai-prices[\\/]dist[\\/]index\.c?js$/ }, ({ path }) => {
      const contents = lighten(readFileSync(path, "utf8"));
      return contents ? { contents } : { warnings: [{ text: "the price table has another form now: it is bundled as it is" }] };
    });
  },
};

/** The package's source with its table as JSON; `null` when the table is not where it was. */
function lighten(source) {
  const start = /^const \w+ = (?=\[\n)/.exec(source)?.[0].length;
  const end = /^\](?=, \w+ = \{$)/m.exec(source)?.index;
  if (start === undefined || end === undefined) return null;
  // The package's own code, which is about to be bundled anyway.
  const providers = new Function(`return ${source.slice(start, end + 1)}`)();
  for (const provider of providers) {
    for (const key of UNUSED.provider) delete provider[key];
    for (const model of provider.models) for (const key of UNUSED.model) delete model[key];
  }
  return `${source.slice(0, start)}JSON.parse(${JSON.stringify(JSON.stringify(providers))})${source.slice(end + 1)}`;
}
