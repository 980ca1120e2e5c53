// Runs built mocha files and leaves the counts behind: `node scripts/mochaRun.mjs STATS_FILE TIMEOUT_MS FILE...`.
import { writeFileSync } from "node:fs";
import Mocha from "mocha";

const [statsFile, timeoutMs, ...files] = process.argv.slice(2);
const mocha = new Mocha({ timeout: Number(timeoutMs), reporter: "spec", forbidOnly: true, forbidPending: true });
for (const file of files) mocha.addFile(file);
await mocha.loadFilesAsync();
const runner = mocha.run((failures) => {
  const { passes = 0, pending = 0 } = runner.stats ?? {};
  writeFileSync(statsFile, JSON.stringify({ passed: passes, failed: failures + pending }));
  process.exit(failures === 0 ? 0 : 1);
});
