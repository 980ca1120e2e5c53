import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { deflateRawSync } from "node:zlib";
import { OUTPUTS } from "../../scripts/entries.mjs";

declare const __TEST_ROOT__: string;

/** A zip as vsce makes them: local headers, then the directory, then its end. Checksums are left out; nobody reads them. */
function zipOf(files: { readonly [name: string]: Buffer }): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const packed = deflateRawSync(content);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const body = Buffer.concat([Buffer.from("504b0304", "hex"), fields, Buffer.from(name), packed]);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    directory.push(Buffer.concat([Buffer.from("504b01020000", "hex"), fields, place, Buffer.from(name)]));
    bodies.push(body);
    at += body.length;
  }
  const end = Buffer.alloc(18);
  end.writeUInt16LE(directory.length, 6);
  end.writeUInt32LE(
    directory.reduce((sum, entry) => sum + entry.length, 0),
    8,
  );
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...bodies, ...directory, Buffer.from("504b0506", "hex"), end]);
}

const FIT = Object.fromEntries(OUTPUTS.map((name) => [`extension/dist/${name}`, Buffer.from(`content of ${name}`)]));

describe("package check", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "turnpike-vsix-"));
  const file = path.join(folder, "some.vsix");
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs an expression on the functions of the scripts, which are plain modules. */
  const evaluate = (expression: string): unknown => {
    const url = (script: string) => JSON.stringify(pathToFileURL(path.join(__TEST_ROOT__, "scripts", script)).href);
    const script = `const { listVsix } = await import(${url("vsix.mjs")}); const { complaintsAbout, withoutPictures } = await import(${url("package.mjs")});
      const file = ${JSON.stringify(file)}; console.log(JSON.stringify(${expression}));`;
    return JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8", stdio: "pipe" }));
  };

  it("lists the files of a package and reads them", () => {
    writeFileSync(file, zipOf({ "extension.vsixmanifest": Buffer.from("<xml/>"), ...FIT }));
    assert.deepEqual(
      evaluate("listVsix(file).map((entry) => entry.name)"),
      [...Object.keys(FIT), "extension.vsixmanifest"].sort(),
    );
    assert.equal(
      evaluate(`listVsix(file).find((entry) => entry.name.endsWith("cli.js")).read().toString()`),
      "content of cli.js",
    );
    assert.deepEqual(evaluate("complaintsAbout(file)"), []);
  });

  it("names what does not belong in it, what is missing, and native code under any name", () => {
    const { "extension/dist/tiktoken_bg.wasm": _wasm, ...rest } = FIT;
    const odd = {
      "extension/.env": Buffer.from("KEY=1"),
      "extension/node_modules/a/index.js": Buffer.from("1"),
      "extension/dist/cli.js.map": Buffer.from("{}"),
      "extension/dist/rg.txt": Buffer.from("7f454c460201", "hex"),
    };
    writeFileSync(file, zipOf({ ...rest, ...odd }));
    assert.deepEqual(evaluate("complaintsAbout(file)"), [
      ".env does not belong in it",
      "dist/cli.js.map does not belong in it",
      "node_modules/a/index.js does not belong in it",
      "dist/tiktoken_bg.wasm is missing",
      "extension/dist/rg.txt is a native binary",
    ]);
  });

  it("misses each file that the build makes", () => {
    for (const name of ["window.js", "genaiPrices.js", "cl100k_base.json", "webview/sidebar.css", "webview/history.js"]) {
      const { [`extension/dist/${name}`]: _one, ...rest } = FIT;
      writeFileSync(file, zipOf(rest));
      assert.deepEqual(evaluate("complaintsAbout(file)"), [`dist/${name} is missing`]);
    }
  });

  it("shows no picture that is not in it: the readme goes along without its pictures", () => {
    const readme = "# T\n\n![Shot](docs/a.png)\n\nText ![icon](media/icon.png) here.\n\n![B](docs/b.png)\n![C](docs/c.png)\n";
    const named = { "extension/readme.md": Buffer.from(readme), "extension/media/icon.png": Buffer.from("1") };
    writeFileSync(file, zipOf({ ...FIT, ...named }));
    assert.deepEqual(
      evaluate("complaintsAbout(file)"),
      ["a", "b", "c"].map((name) => `readme.md shows docs/${name}.png, which is not in it`),
    );
    const bare = String(evaluate(`withoutPictures(${JSON.stringify(readme)})`));
    assert.equal(bare, "# T\n\nText ![icon](media/icon.png) here.\n\n");
    const own = readFileSync(path.join(__TEST_ROOT__, "README.md"), "utf8");
    const packed = String(evaluate(`withoutPictures(${JSON.stringify(own)})`));
    assert.ok(own.includes("![") && !packed.includes("!["));
    assert.equal(packed.match(/^#/gm)?.length, own.match(/^#/gm)?.length);
  });

  it("counts files and bytes", () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`extension/dist/chunk${n}.js`, Buffer.from("1")]));
    writeFileSync(file, zipOf({ ...FIT, ...many }));
    assert.deepEqual(evaluate("complaintsAbout(file)"), [`it has ${30 + OUTPUTS.length} files; 30 are allowed`]);
    const large = { "extension/dist/large.js": randomBytes(3 * 1024 * 1024) };
    writeFileSync(file, zipOf({ ...FIT, ...large }));
    assert.match(JSON.stringify(evaluate("complaintsAbout(file)")), /bytes; 3145728 are allowed/);
  });

  it("refuses a file that is no zip", () => {
    writeFileSync(file, "not a zip");
    assert.throws(() => evaluate("listVsix(file)"), /is not a zip file/);
  });
});
