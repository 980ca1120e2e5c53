// Builds and packages: `node scripts/package.mjs [-o FILE]` makes turnpike.vsix, one for all platforms, and checks it.
// Its readme is ours without the pictures: they stay in the repository, and no address serves them to the editor's page.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { OUTPUTS } from "./entries.mjs";
import { listVsix } from "./vsix.mjs";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const MOST_BYTES = 3 * 1024 * 1024;
const MOST_FILES = 30;

/** What a package may hold, below `extension/`. */
const ALLOWED =
  /^(package\.json|package\.nls(\.[\w-]+)?\.json|readme\.md|changelog\.md|LICENSE(\.txt|\.md)?|dist\/[^/]+\.(js|json|wasm|txt)|dist\/webview\/[^/]+\.(js|css)|media\/.+\.(png|svg|md))$/i;
/** ELF, Windows, Mach-O (both byte orders, and fat). */
const NATIVE = ["7f454c46", "4d5a", "feedface", "feedfacf", "cefaedfe", "cffaedfe", "cafebabe"];

/** What is wrong with a package, in words; nothing if it is fit to ship. */
export function complaintsAbout(file) {
  const all = listVsix(file);
  const entries = all.filter(({ name }) => name.startsWith("extension/"));
  const names = entries.map(({ name }) => name.slice("extension/".length));
  const bytes = statSync(file).size;
  return [
    ...(bytes > MOST_BYTES ? [`it has ${bytes} bytes; ${MOST_BYTES} are allowed`] : []),
    ...(all.length > MOST_FILES ? [`it has ${all.length} files; ${MOST_FILES} are allowed`] : []),
    ...names.filter((name) => !ALLOWED.test(name)).map((name) => `${name} does not belong in it`),
    ...OUTPUTS.filter((name) => !names.includes(`dist/${name}`)).map((name) => `dist/${name} is missing`),
    ...entries.flatMap((entry) => missingPictures(entry, names)),
    ...entries.filter(isNative).map(({ name }) => `${name} is a native binary`),
  ];
}

const PICTURE = /!\[[^\]]*\]\(([^)\s]+)[^)]*\)/g;

/** A readme for where the repository is not: whole lines that are pictures are left out. */
export function withoutPictures(readme) {
  const lines = readme.split("\n").filter((line) => line.trim() === "" || line.replaceAll(PICTURE, "").trim() !== "");
  return lines.join("\n").replaceAll(/\n{3,}/g, "\n\n");
}

function missingPictures({ name, read }, names) {
  if (!/\.md$/i.test(name)) return [];
  const shown = [...read().toString("utf8").matchAll(PICTURE)].map(([, file]) => file);
  const missing = shown.filter((file) => !names.includes(file));
  return missing.map((file) => `${name.slice("extension/".length)} shows ${file}, which is not in it`);
}

function isNative(entry) {
  const start = entry.read().subarray(0, 4).toString("hex");
  return NATIVE.some((magic) => start.startsWith(magic)) || /\.(node|dll|so|dylib|exe)$/i.test(entry.name);
}

function run(script, args) {
  const { status } = spawnSync(process.execPath, [path.join(root, script), ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (status !== 0) process.exit(status ?? 1);
}

function main() {
  const { values } = parseArgs({ options: { out: { type: "string", short: "o" } } });
  const file = path.resolve(values.out ?? path.join(root, "turnpike.vsix"));
  run("scripts/build.mjs", []);
  // vsce makes a pattern of it: with slashes on every system.
  const readme = "out/README.md";
  mkdirSync(path.join(root, "out"), { recursive: true });
  writeFileSync(path.join(root, readme), withoutPictures(readFileSync(path.join(root, "README.md"), "utf8")));
  // No repository is named, and links in the readme stay as they are; the bundles need no node_modules.
  run("node_modules/@vscode/vsce/vsce", [
    "package",
    "--no-dependencies",
    "--allow-missing-repository",
    "--no-rewrite-relative-links",
    "--readme-path",
    readme,
    "-o",
    file,
  ]);
  const entries = listVsix(file);
  for (const { name, size, packedSize } of entries) {
    console.log(`${String(size).padStart(9)} ${String(packedSize).padStart(9)}  ${name}`);
  }
  console.log(
    `${path.relative(process.cwd(), file)}: ${entries.length} files, ${(statSync(file).size / 1024 / 1024).toFixed(2)} MiB`,
  );
  const complaints = complaintsAbout(file);
  for (const complaint of complaints) console.error(`error: ${complaint}`);
  process.exit(complaints.length === 0 ? 0 : 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();
