import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { withSettingsTable } from "../scripts/settingsTable.mjs";
import { USAGE } from "../src/cli/usage";

declare const __TEST_ROOT__: string;

const read = (file: string) => readFileSync(path.join(__TEST_ROOT__, file), "utf8");

describe("the documents", () => {
  it("have the settings as package.json has them (node scripts/settingsTable.mjs writes the table)", () => {
    assert.equal(read("README.md"), withSettingsTable(__TEST_ROOT__));
  });

  it("name every option of the command line", () => {
    const options = USAGE.match(/--[a-z-]+/g) ?? [];
    assert.ok(options.length > 15);
    const readme = read("README.md");
    assert.deepEqual(
      options.filter((option) => !readme.includes(option)),
      [],
    );
  });

  it("point to files that are there", () => {
    for (const file of [
      "README.md",
      "ARCHITECTURE.md",
      "CONTRIBUTING.md",
      ...readdirSync(path.join(__TEST_ROOT__, "docs"))
        .filter((name) => name.endsWith(".md"))
        .map((name) => `docs/${name}`),
    ]) {
      const links = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1] ?? "");
      const missing = links.filter((link) => !existsSync(path.join(__TEST_ROOT__, path.dirname(file), link)));
      assert.deepEqual(missing, [], file);
    }
  });

  it("name source files that are there", () => {
    const text = read("ARCHITECTURE.md") + read("CONTRIBUTING.md");
    const named = [...text.matchAll(/`((?:src|core|adapters|present|host|protocol|test|tools)\/[\w./]+\.(?:ts|tsx|mjs))`/g)].map(
      (match) => match[1] ?? "",
    );
    assert.ok(named.length > 20);
    const places = (file: string) => [file, `src/${file}`].some((place) => existsSync(path.join(__TEST_ROOT__, place)));
    assert.deepEqual(
      named.filter((file) => !places(file)),
      [],
    );
  });
});
