// Writes the table of settings in the README from package.json: `node scripts/settingsTable.mjs`.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const START = "<!-- settings -->";
const END = "<!-- /settings -->";

/** The README with its settings table as the manifest has it. */
export function withSettingsTable(root) {
  const readme = readFileSync(path.join(root, "README.md"), "utf8");
  const [head, rest] = split(readme, START);
  const [, tail] = split(rest, END);
  return `${head}${START}\n${table(root)}\n${END}${tail}`;
}

function table(root) {
  const { contributes } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8"));
  const words = JSON.parse(readFileSync(path.join(root, "package.nls.json"), "utf8"));
  const rows = contributes.configuration
    .flatMap((section) => Object.entries(section.properties))
    .map(([name, { markdownDescription = "", default: value }]) => {
      const text = words[markdownDescription.replaceAll("%", "")] ?? markdownDescription;
      const cells = [`\`${name}\``, `\`${JSON.stringify(value)}\``, text.replaceAll(/`#([^#]+)#`/g, "`$1`")];
      return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("\n", " ")).join(" | ")} |`;
    });
  return ["| setting | default | |", "| --- | --- | --- |", ...rows].join("\n");
}

function split(text, mark) {
  const at = text.indexOf(mark);
  if (at < 0) throw new Error(`README.md has no ${mark}`);
  return [text.slice(0, at), text.slice(at + mark.length)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
  writeFileSync(path.join(root, "README.md"), withSettingsTable(root));
}
