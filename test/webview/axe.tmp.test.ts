import { readFileSync } from "node:fs";
import { FIXTURE_NAMES, FIXTURES } from "./fixtures";
import { openPages } from "./pages";
describe("axe", () => {
  it("finds", async function () {
    this.timeout(300000);
    const pages = await openPages();
    const axe = readFileSync("/tmp/axe/node_modules/axe-core/axe.min.js", "utf8");
    const seen = new Map<string, string>();
    for (const theme of ["dark", "light", "hc-dark", "hc-light"] as const)
    for (const name of FIXTURE_NAMES) {
      const open = await pages.open(FIXTURES[name](), { theme, width: 340 });
      await open.page.evaluate(axe);
      const result: any = await open.page.evaluate("axe.run()");
      for (const v of result.violations) for (const n of v.nodes) seen.set(`${v.impact} ${v.id} ${n.html.slice(0, 140)} | ${(n.any[0]?.message ?? n.failureSummary).slice(0, 160)}`, `${name} ${theme}`);
      await open.close();
    }
    for (const [k, v] of seen) console.log(v, k);
    await pages.close();
  });
});
