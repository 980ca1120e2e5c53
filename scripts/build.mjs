// Builds the product into `dist/`: `node scripts/build.mjs [--watch] [--sourcemap] [--only tokenizer|prices] [--outdir DIR]`.
//
// Every entry is one CommonJS file that VS Code's extension host and Node can `require`. esbuild does not split
// CommonJS, and an `import()` inside one file still costs the parsing of all of it, so what is not needed at once is an
// entry of its own. Sources write a plain `await import("openai")` or `await import("./engine")`; the plugin below
// points such imports at the entry beside the importing file, and esbuild turns them into a late `require`. In tests,
// where packages stay outside the bundles, the same import loads the package itself.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { context, build as esbuild } from "esbuild";
import { LAZY_PACKAGES, NODE_ENTRIES, NOTICES, TOKENIZER_FILES, WEBVIEW_PAGES } from "./entries.mjs";
import { noticesFor } from "./notices.mjs";
import { lightPriceTable } from "./priceTable.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const source = (file) => path.join(root, "src", file);

/** Most bytes of a file; a build that passes one fails. */
const LIMITS = {
  "extension.js": 30 * 1024,
  "webview/sidebar.js": 60 * 1024,
  "webview/history.js": 60 * 1024,
};

/**
 * @param {{ only?: "tokenizer" | "prices", outdir?: string, sourcemap?: boolean, watch?: boolean }} options
 * @returns {Promise<string[]>} the files made, relative to `outdir`
 */
export async function buildProduct({ only, outdir = path.join(root, "dist"), sourcemap = false, watch = false } = {}) {
  if (existsSync(path.join(outdir, "package.json"))) throw new Error(`${outdir} is a project, not a folder for build results`);
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const common = {
    absWorkingDir: root,
    outdir,
    bundle: true,
    minify: true,
    legalComments: "none",
    logLevel: "warning",
    metafile: true,
    ...(sourcemap ? { sourcemap: "linked" } : {}),
  };
  const jobs = jobsFor(only, common);
  const metafiles = await Promise.all(jobs.map((job) => (watch ? watched(job) : esbuild(job).then((done) => done.metafile))));
  for (const file of TOKENIZER_FILES)
    copyFileSync(path.join(root, "node_modules/tiktoken", file), path.join(outdir, path.basename(file)));
  if (!watch) writeFileSync(path.join(outdir, NOTICES), noticesFor(root, metafiles, ["tiktoken"]));
  if (existsSync(path.join(outdir, "cli.js"))) chmodSync(path.join(outdir, "cli.js"), 0o755);
  return readdirSync(outdir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(outdir, path.join(entry.parentPath, entry.name)).replaceAll("\\", "/"))
    .sort();
}

/** A part alone is what tests of that part need. */
function jobsFor(only, common) {
  switch (only) {
    case "tokenizer":
      return [nodeJob(common, ["tokenizerWorker"])];
    case "prices":
      return [packageJob(common, "@pydantic/genai-prices", LAZY_PACKAGES["@pydantic/genai-prices"])];
    case undefined:
      return allJobs(common);
    default:
      throw new Error(`there is no part "${only}"`);
  }
}

function allJobs(common) {
  const names = Object.keys(NODE_ENTRIES).filter((name) => name !== "cli");
  return [
    nodeJob(common, names),
    { ...nodeJob(common, ["cli"]), banner: { js: "#!/usr/bin/env node" } },
    ...Object.entries(LAZY_PACKAGES).map(([name, output]) => packageJob(common, name, output)),
    webviewJob(common),
  ];
}

function nodeJob(common, names) {
  const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  return {
    ...common,
    entryPoints: Object.fromEntries(names.map((name) => [name, source(NODE_ENTRIES[name])])),
    platform: "node",
    format: "cjs",
    target: "node20",
    external: ["vscode"],
    // `import()` becomes a late `require`: no second module system in the extension host.
    supported: { "dynamic-import": false },
    define: { __VERSION__: JSON.stringify(version) },
    plugins: [lateEntries],
  };
}

/** A package as an entry of its own. */
function packageJob(common, name, output) {
  return {
    ...common,
    stdin: {
      contents: `export * from ${JSON.stringify(name)};`,
      resolveDir: root,
      sourcefile: `${output}.js`,
    },
    outdir: undefined,
    outfile: path.join(common.outdir, `${output}.js`),
    platform: "node",
    format: "cjs",
    target: "node20",
    plugins: [lightPriceTable],
  };
}

const lateEntries = {
  name: "late-entries",
  setup(builder) {
    builder.onResolve({ filter: /.*/ }, ({ path: wanted, kind, resolveDir }) => {
      if (kind !== "dynamic-import") return undefined;
      const file = `${path.resolve(resolveDir, wanted)}.ts`;
      const output = LAZY_PACKAGES[wanted] ?? Object.keys(NODE_ENTRIES).find((name) => source(NODE_ENTRIES[name]) === file);
      if (output) return { path: `./${output}.js`, external: true };
      return wanted.startsWith("node:")
        ? undefined
        : {
            warnings: [
              {
                text: `import("${wanted}") is not late: it has no entry in scripts/build.mjs`,
              },
            ],
          };
    });
  },
};

function webviewJob(common) {
  return {
    ...common,
    entryPoints: Object.fromEntries(WEBVIEW_PAGES.map((page) => [page, source(`webview/${page}/main.tsx`)])),
    outdir: path.join(common.outdir, "webview"),
    platform: "browser",
    target: "es2022",
    tsconfig: source("webview/tsconfig.json"),
    format: "iife",
    jsx: "automatic",
    jsxImportSource: "preact",
  };
}

async function watched(job) {
  const watching = await context({ ...job, logLevel: "info" });
  await watching.watch();
  return { inputs: {} };
}

/** Throws when a file is too large or tells where it was built. */
function check(outdir, files) {
  for (const file of files) {
    const { size } = statSync(path.join(outdir, file));
    if (size > (LIMITS[file] ?? Number.POSITIVE_INFINITY))
      throw new Error(`${file} has ${size} bytes; ${LIMITS[file]} are allowed`);
    if (/\.(js|css)$/.test(file) && readFileSync(path.join(outdir, file), "utf8").includes(root)) {
      throw new Error(`${file} holds the path it was built in`);
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: {
      watch: { type: "boolean" },
      sourcemap: { type: "boolean" },
      only: { type: "string" },
      outdir: { type: "string" },
    },
  });
  const outdir = path.resolve(values.outdir ?? path.join(root, "dist"));
  try {
    const files = await buildProduct({ ...values, outdir });
    for (const file of files) console.log(`${String(statSync(path.join(outdir, file)).size).padStart(9)}  ${file}`);
    if (!values.watch && !values.sourcemap) check(outdir, files);
  } catch (error) {
    // esbuild has already said where its errors are.
    if (!Array.isArray(error.errors)) console.error(`error: ${error.message}`);
    process.exit(1);
  }
}
