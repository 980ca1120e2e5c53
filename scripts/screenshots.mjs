// `npm run screenshots`: packages the extension, plays a session in the real editor, and writes docs/images.
import { spawnSync } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { bundleScript } from "./bundleTests.mjs";
import { ensureNode } from "./host/setup.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const packaged = spawnSync(process.execPath, ["scripts/package.mjs"], { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
if (packaged.status !== 0) process.exit(packaged.status ?? 1);
const script = await bundleScript(root, "test/editor/screenshots.ts");
const env = { ...process.env, TURNPIKE_SHOTS: path.join(root, "docs/images") };
process.exit(spawnSync(await ensureNode(), [script], { cwd: root, stdio: "inherit", env }).status ?? 1);
