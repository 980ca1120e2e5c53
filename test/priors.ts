// Makes src/core/policy/priorsData.ts of the published runs that may be bundled; run by `node scripts/priors.mjs`.
import { writeFileSync } from "node:fs";
import path from "node:path";
import { priorsSource } from "./support/priors";

declare const __TEST_ROOT__: string;

void priorsSource().then((source) => writeFileSync(path.join(__TEST_ROOT__, "src/core/policy/priorsData.ts"), source));
