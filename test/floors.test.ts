import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

declare const __TEST_ROOT__: string;

/**
 * Which floor may import what: the table of ARCHITECTURE.md. A name is a floor, a file of one, or a package; `node:` is
 * all of Node, `packages` all of npm but vscode.
 */
const FLOORS: { readonly [floor: string]: readonly string[] } = {
  core: ["core"],
  protocol: ["protocol", "core", "valibot"],
  present: ["present", "protocol", "core"],
  tools: ["tools", "core", "node:path", "valibot", "diff"],
  adapters: ["adapters", "core", "tools/ports", "node:", "packages"],
  host: ["host", "present", "protocol", "core", "vscode", "node:path", "node:crypto"],
  webview: ["webview", "protocol", "preact"],
  cli: ["cli", "present", "adapters", "core", "node:"],
};

const src = path.join(__TEST_ROOT__, "src");
const files = readdirSync(src, { recursive: true })
  .map((file) => String(file).replaceAll("\\", "/"))
  .filter((file) => /\.tsx?$/.test(file));

/** What a file imports: files as paths from `src`, packages by name. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(src, file), "utf8");
  const found = text.matchAll(/^(?:import|export)\s[^;]*?from\s+"([^"]+)"|\bimport\("([^"]+)"\)|^import\s+"([^"]+)"/gms);
  return [...found].map((match) => {
    const from = match[1] ?? match[2] ?? match[3] ?? "";
    return from.startsWith(".") ? path.posix.join(path.posix.dirname(file), from) : from;
  });
}

function isAllowed(wanted: string, allowed: string): boolean {
  if (allowed === "node:") return wanted.startsWith("node:");
  if (allowed === "packages") return wanted !== "vscode" && !Object.keys(FLOORS).includes(wanted.split("/")[0] ?? "");
  return wanted === allowed || wanted.startsWith(`${allowed}/`);
}

describe("the floors", () => {
  for (const [floor, allowed] of Object.entries(FLOORS)) {
    it(`${floor} imports only ${allowed.join(", ")}`, () => {
      const own = files.filter((file) => file.startsWith(`${floor}/`));
      assert.ok(own.length > 0);
      const broken = own.flatMap((file) =>
        importsOf(file)
          .filter((wanted) => !allowed.some((one) => isAllowed(wanted, one)))
          .map((wanted) => `${file} imports ${wanted}`),
      );
      assert.deepEqual(broken, []);
    });
  }

  it("keep vscode to the host and the entry", () => {
    const users = files.filter((file) => importsOf(file).includes("vscode"));
    const strangers = users.filter((file) => !file.startsWith("host/") && file !== "extension.ts");
    assert.deepEqual(strangers, []);
    assert.ok(users.length > 0);
  });

  it("leave time, chance and the world out of the core", () => {
    const worldly = /\b(Date\.now|new Date|Math\.random|performance\.\w|process\.\w|setTimeout|setInterval|fetch\()/;
    const broken = files.filter((file) => file.startsWith("core/") && worldly.test(readFileSync(path.join(src, file), "utf8")));
    assert.deepEqual(broken, []);
  });
});
