import { readFileSync } from "node:fs";
import { parseCsv } from "./csv.js";
import { report } from "./report.js";

const file = process.argv[2];
if (!file) {
  console.error("usage: node src/cli.js FILE");
  process.exit(2);
}
try {
  console.log(report(parseCsv(readFileSync(file, "utf8"))));
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
