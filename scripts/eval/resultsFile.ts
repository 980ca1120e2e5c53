import { appendFileSync, existsSync, readFileSync, statSync, truncateSync } from "node:fs";
import path from "node:path";
import { BadUse } from "./badUse";
import { readRecord, type TryRecord } from "./record";

/** What a results file holds; a last line that was cut short in the writing is removed. Throws `BadUse` on any other bad line. */
export function readResults(file: string, say: (line: string) => void): readonly TryRecord[] {
  const folder = path.dirname(path.resolve(file));
  if (!existsSync(folder)) throw new BadUse(`--out: there is no folder ${folder}`);
  if (!existsSync(file)) return [];
  if (!statSync(file).isFile()) throw new BadUse(`--out: ${file} is not a file`);
  const bytes = readFileSync(file);
  const whole = bytes.lastIndexOf("\n") + 1;
  if (whole < bytes.length) {
    say(`${file}: its last line was cut short and is removed`);
    truncateSync(file, whole);
  }
  const lines = bytes.subarray(0, whole).toString("utf8").split("\n");
  return lines.flatMap((line, at) => {
    if (line.trim() === "") return [];
    const record = readRecord(line);
    if (typeof record === "string") {
      throw new BadUse(`--out: line ${at + 1} of ${file} is no try of an evaluation (${record}); give another file`);
    }
    return [record];
  });
}

export function appendResult(file: string, record: TryRecord): void {
  appendFileSync(file, `${JSON.stringify(record)}\n`);
}
