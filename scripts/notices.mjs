// Licence notices of the packages whose code is inside the bundles, and of the data behind bundled figures.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const RULE = "=".repeat(80);
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and associated
documentation files (the "Software"), to deal in the Software without restriction, including without limitation the
rights to use, copy, modify, merge, publish, distribute, sublicense, and/or sell copies of the Software, and to permit
persons to whom the Software is furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial portions of the
Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT LIMITED TO THE
WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE AUTHORS OR
COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR
OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.`;

/** Published data from which figures in the product were worked out (`src/core/policy/priorsData.ts`). */
const DATA = [
  {
    name: "Recorded runs of gruckion/mini-swe-agent (MIT)",
    where: "https://github.com/gruckion/mini-swe-agent",
    text: `Turn percentiles of runs of gemini-3-pro-preview on SWE-bench Verified. No text of the runs is in the product.\n\nCopyright (c) 2025 Kilian A. Lieret and Carlos E. Jimenez\n\n${MIT}`,
  },
  {
    name: "Recorded runs of ISO-Bench/ISO-Bench (Apache-2.0)",
    where: "https://github.com/ISO-Bench/ISO-Bench",
    text: `Turn percentiles of runs of claude-sonnet-4.5, gpt-5 and gpt-4o on performance tasks; changed in that only percentiles of
the number of turns were kept. No text of the runs is in the product. The licence: http://www.apache.org/licenses/LICENSE-2.0`,
  },
];

/**
 * @param {string} root folder of `node_modules`
 * @param {{ inputs: Record<string, unknown> }[]} metafiles of esbuild
 * @param {string[]} copied packages of which files are shipped as they are
 * @returns {string} one text, the same for the same packages
 */
export function noticesFor(root, metafiles, copied) {
  const inputs = metafiles.flatMap((metafile) => Object.keys(metafile.inputs));
  const bundled = inputs.flatMap((input) => /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)\//.exec(input)?.[1] ?? []);
  const names = [...new Set([...bundled, ...copied])].sort();
  const notices = names.map((name) => notice(path.join(root, "node_modules", name), name));
  const data = DATA.map(({ name, where, text }) => section(`${name}\n${where}`, text));
  return `Turnpike contains code of these packages, under their licences, and figures worked out from the data at the end.\n\n${[...notices, ...data].join("\n")}`;
}

function notice(folder, name) {
  const { version, license, repository } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
  const where = typeof repository === "string" ? repository : repository?.url;
  const files = existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => LICENCE_FILE.test(file))
        .sort()
    : [];
  const texts = files.map((file) => readFileSync(path.join(folder, file), "utf8").replaceAll("\r\n", "\n").trim());
  const text =
    texts.join("\n\n") ||
    `The package ships no licence file; its manifest says ${license}.${license === "MIT" ? `\n\n${MIT}` : ""}`;
  return section(`${name} ${version} (${license})${where ? `\n${where}` : ""}`, text);
}

function section(title, text) {
  return `${RULE}\n${title}\n${RULE}\n\n${text}\n`;
}
