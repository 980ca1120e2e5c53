import { readdirSync, rmSync } from "node:fs";
import path from "node:path";
import { build } from "esbuild";

/** Our scripts find files beside themselves, so they are loaded from where they are. */
const ownScripts = {
  name: "own-scripts",
  setup(builder) {
    builder.onResolve({ filter: /^\..*\.mjs$/ }, ({ path: wanted, resolveDir }) => ({
      path: path.resolve(resolveDir, wanted),
      external: true,
    }));
  },
};

/**
 * Bundles every test file (`*.test.ts`) whose path holds one of `parts` (all if none) into `outdir`.
 * Packages stay outside the bundles, so tests and the product load the same copies.
 * @returns {Promise<string[]>} the built files
 */
export async function bundleTests(root, parts = [], outdir = path.join(root, "out/test")) {
  const sources = readdirSync(path.join(root, "test"), { recursive: true })
    .map((file) => path.join("test", String(file)))
    .filter((file) => file.endsWith(".test.ts"))
    .filter((file) => parts.length === 0 || parts.some((part) => file.includes(part)));
  rmSync(outdir, { recursive: true, force: true });
  await bundle(root, sources, outdir);
  return sources.map((file) => path.join(outdir, path.relative("test", file).replace(/\.ts$/, ".cjs")));
}

/** Bundles one TypeScript script of `test`, for Node to run. Returns the built file. */
export async function bundleScript(root, source, outdir = path.join(root, "out/scripts")) {
  await bundle(root, [source], outdir);
  return path.join(outdir, path.relative("test", source).replace(/\.ts$/, ".cjs"));
}

function bundle(root, entryPoints, outdir) {
  return build({
    absWorkingDir: root,
    entryPoints,
    outbase: "test",
    outdir,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outExtension: { ".js": ".cjs" },
    packages: "external",
    plugins: [ownScripts],
    sourcemap: "inline",
    logLevel: "warning",
    define: { __TEST_ROOT__: JSON.stringify(root) },
  });
}
