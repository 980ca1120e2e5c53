// Licence notices of the packages whose code is inside the bundles.
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
  return `Turnpike contains code of these packages, under their licences.\n\n${notices.join("\n")}`;
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
  return `${RULE}\n${name} ${version} (${license})${where ? `\n${where}` : ""}\n${RULE}\n\n${text}\n`;
}
