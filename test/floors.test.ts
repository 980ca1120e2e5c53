import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

declare const __TEST_ROOT__: string;

/** Which floor may import which: the table of ARCHITECTURE.md. `*` = any package. */
const FLOORS: { readonly [floor: string]: readonly string[] } = {
  core: ["core"],
  protocol: ["protocol", "core", "valibot"],
  present: ["present", "protocol", "core"],
  tools: ["tools", "core", "node:path", "valibot", "diff"],
  adapters: ["adapters", "core", "tools", "node:", "*"],
  host: ["host", "present", "protocol", "core", "vscode", "node:path", "node:crypto"],
  webview: ["webview", "protocol", "preact"],
  cli: ["cli", "present", "adapters", "core", "node:"],
};

const src = path.join(__TEST_ROOT__, "src");

function imports(file: string): { from: string; typeOnly: boolean }[] {
  const text = readFileSync(file, "utf8");
  const found = [
    ...text.matchAll(/^(import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"|import\("([^"]+)"\)|^import\s+"([^"]+)"/gms),
  ];
  return found.map((match) => ({ from: match[3] ?? match[4] ?? match[5] ?? "", typeOnly: match[2] !== undefined }));
}

/** Floor of a source file or of what it imports; packages keep their name. */
function floorOf(file: string, from: string): string {
  if (!from.startsWith(".")) return from;
  const [top = ""] = path.relative(src, path.resolve(path.dirname(file), from)).split(path.sep);
  return top;
}

describe("the floors", () => {
  for (const [floor, allowed] of Object.entries(FLOORS)) {
    it(`${floor} imports only ${allowed.join(", ")}`, () => {
      const files = readdirSync(path.join(src, floor), { recursive: true })
        .map((file) => path.join(src, floor, String(file)))
        .filter((file) => /\.tsx?$/.test(file));
      assert.ok(files.length > 0);
      const broken = files.flatMap((file) =>
        imports(file)
          .map(({ from }) => ({ from, to: floorOf(file, from) }))
          .filter(
            ({ from, to }) =>
              !allowed.some(
                (one) =>
                  to === one ||
                  to.startsWith(`${one}/`) ||
                  (one === "node:" && to.startsWith(one)) ||
                  (one === "*" && !from.startsWith(".")),
              ),
          )
          .filter(({ to }) => !(allowed.includes("*") && to === "vscode"))
          .map(({ from }) => `${path.relative(src, file)} imports ${from}`),
      );
      assert.deepEqual(broken, []);
    });
  }

  it("keep vscode out of everything but the host and the entry", () => {
    const files = readdirSync(src, { recursive: true })
      .map(String)
      .filter((file) => /\.tsx?$/.test(file));
    const users = files.filter((file) => imports(path.join(src, file)).some(({ from }) => from === "vscode"));
    assert.deepEqual(
      users.filter((file) => !file.startsWith(`host${path.sep}`) && file !== "extension.ts"),
      [],
    );
  });
});
