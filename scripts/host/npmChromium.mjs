// The Chromium that comes from npm (@sparticuz/chromium: headless, statically linked but for NSS and expat, which it
// brings along) together with the fonts the workbench is drawn with. Linux x64 only.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { installPart } from "./install.mjs";
import { runOrThrow } from "./processes.mjs";
import { ensureNode24 } from "./setup.mjs";

export const npmHasChromium = () => process.platform === "linux" && process.arch === "x64";

const inDir = (dir) => ({ executablePath: path.join(dir, "unpacked/chromium"), env: chromiumEnv(dir) });

/**
 * @param {(chromium: {executablePath: string, env: Record<string, string>}) => Promise<void>} verify
 *   rejects when it does not run on this machine; then it does not count as installed
 * @returns {Promise<{executablePath: string, env: Record<string, string>}>} `env` is to be laid over the environment
 */
export async function ensureNpmChromium(verify) {
  const finish = async (dir) => {
    await unpack(dir);
    await verify(inDir(dir));
  };
  return inDir(await installPart("browser", { about: "Chromium and fonts", finish, recipe: "3" }));
}

const UNPACK = `
  import { inflate } from "@sparticuz/chromium";
  for (const file of process.argv.slice(1)) await inflate(file);`;

/** The package unpacks into the temp folder, which may be shared, wiped or mounted noexec; here it unpacks into the install. */
async function unpack(dir) {
  const node = await ensureNode24();
  const modules = path.join(dir, "node_modules");
  const unpacked = path.join(dir, "unpacked");
  mkdirSync(unpacked);
  const packed = ["chromium", "al2023.tar", "swiftshader.tar"].map((name) =>
    path.join(modules, `@sparticuz/chromium/bin/${name}.br`),
  );
  const env = { ...process.env, TMPDIR: unpacked };
  await runOrThrow(node, ["--input-type=module", "-e", UNPACK, ...packed], { cwd: dir, env, timeoutMs: 120_000 });
  copyFonts(path.join(modules, "@expo-google-fonts"), path.join(unpacked, "fonts"));
  rmSync(modules, { recursive: true, force: true });
}

function copyFonts(from, to) {
  mkdirSync(to);
  const wanted = /_(400Regular|400Regular_Italic|500Medium|600SemiBold|700Bold)\.ttf$/;
  for (const file of readdirSync(from, { recursive: true }).map(String)) {
    if (wanted.test(file)) cpSync(path.join(from, file), path.join(to, path.basename(file)));
  }
}

/** Fonts of ours first, the system's after them for other scripts and symbols. Absolute paths, so written where it is used. */
function chromiumEnv(dir) {
  const unpacked = path.join(dir, "unpacked");
  const file = path.join(unpacked, "fonts.conf");
  const text = fontsConf(path.join(unpacked, "fonts"));
  if (!existsSync(file) || readFileSync(file, "utf8") !== text) writeFileSync(file, text);
  const libraries = [path.join(unpacked, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean).join(":");
  return { LD_LIBRARY_PATH: libraries, FONTCONFIG_FILE: file };
}

const prefer = (family, ours) =>
  `<alias binding="strong"><family>${family}</family><prefer><family>${ours}</family></prefer></alias>`;

const fontsConf = (fonts) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <cachedir>${path.dirname(fonts)}/fontcache</cachedir>
  ${["system-ui", "sans-serif", "sans"].map((family) => prefer(family, "Inter")).join("\n  ")}
  ${["monospace", "ui-monospace"].map((family) => prefer(family, "Source Code Pro")).join("\n  ")}
</fontconfig>
`;
