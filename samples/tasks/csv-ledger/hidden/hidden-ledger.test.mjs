import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import test from "node:test";

let n = 0;
function run(text) {
  const file = `hidden-${(n += 1)}.csv`;
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, ["src/cli.js", file], { encoding: "utf8" });
  return { status, stdout: stdout.trimEnd(), stderr };
}
const head = "date,payee,category,amount";

test("the sample", () => {
  const rows = ['1,"Miller, Sons & Co.",rent,900.00', "2,Bakery,food,4.35", '3,"The ""Old"" Mill",food,16.60'];
  const more = ['4,"Corner shop\r\n(late)",food,20.10', '5,"Rail, refund",travel,-12.10'];
  assert.equal(run([head, ...rows, ...more].join("\r\n")).stdout, "food 41.05\nrent 900.00\ntravel -12.10");
});

test("quotes, commas and line ends in any field, and a trailing line end", () => {
  const { stdout } = run(`${head}\n1,x,"a, ""b""",1.00\n\n2,"y\n\nz","a, ""b""",0.05\n`);
  assert.equal(stdout, 'a, "b" 1.05');
});

test("exact sums of many rows, negative ones too", () => {
  const rows = Array.from({ length: 30_000 }, (_, i) => `1,x,${i % 2 ? "plus" : "minus"},${i % 2 ? "" : "-"}0.07`);
  assert.equal(run([head, ...rows].join("\n")).stdout, "minus -1050.00\nplus 1050.00");
});

test("thousands, and sums below one", () => {
  assert.equal(run(`${head}\r\n1,x,big,"1,240,000.10"\r\n2,x,big,"-1,000.00"\r\n3,x,small,-0.05\r\n`).stdout, "big 1239000.10\nsmall -0.05");
});

test("an amount that is none is named by its record, not its line", () => {
  const bad = run(`${head}\n1,"two\nlines",a,1.00\n2,x,a,abc\n`);
  assert.notEqual(bad.status, 0);
  assert.match(bad.stderr, /record 3: "abc" is no amount/);
  assert.match(run(`${head}\n1,x,a,1.00zzz\n`).stderr, /record 2: "1\.00zzz" is no amount/);
});
