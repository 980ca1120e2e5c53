import { run, workspace } from "../support/cli";
import { startProvider } from "../support/provider";
import { call, say } from "../support/providerReply";
async function main() {
  const text = Array.from({length: 100}, (_, i) => `export const value${i} = compute(${i}, total${i % 7}, rate);\n`).join("");
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`src/file${i}.ts`, `${i}\n${text}`]));
  const all: number[][] = [];
  for (let k = 0; k < 3; k++) {
    const server = await startProvider((_r, i) => (i < 30 ? call("read_file", { path: `src/file${i}.ts` }) : say("done")));
    const ended = await run(server.url, ["--policy","fixed","--max-turns","40","--max-usd","5","--price","in=3,cacheRead=0.3,cacheWrite=3.75,out=15"], { folder: workspace(files), env: { NODE_OPTIONS: process.env.PROF ?? "" } });
    all.push(server.requests.slice(1).map((r, i) => r.at - (server.finishedAt[i] ?? 0)));
    if (k === 0) { let prev: any = null; for (const e of ended.events as any[]) { if (e.turn === 2 || e.turn === 3 || e.turn === 15) console.log(e.turn, e.kind, prev ? e.at - prev.at : 0); prev = e; } }
    await server.close();
  }
  for (let i = 0; i < 30; i++) console.log(i + 1, all.map((a) => a[i]?.toFixed(1)).join("  "));
}
void main();
