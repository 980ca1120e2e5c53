// Computes the bundled priors anew from the published runs in test/fixtures/recorded: `node scripts/priors.mjs`.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScript } from "./bundleTests.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const script = await bundleScript(root, "test/priors.ts");
process.exit(spawnSync(process.execPath, [script], { stdio: "inherit" }).status ?? 1);
