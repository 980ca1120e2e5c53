import { mkdirSync } from "node:fs";
import path from "node:path";
import { FIXTURE_NAMES, FIXTURES } from "./fixtures";
import { openPages, type Pages } from "./pages";
import { THEMES } from "./themes";

/**
 * Not a test but a camera: `TURNPIKE_PAGE_SHOTS=/tmp/shots node scripts/unit.mjs webview/shots`. Narrow it with
 * `TURNPIKE_PAGE_SHOTS_ONLY=approve,done` (part of a fixture's name), `_THEMES=dark,light` and `_WIDTHS=240,340`.
 */
const folder = process.env.TURNPIKE_PAGE_SHOTS;

if (folder !== undefined)
  describe("screenshots of the pages", () => {
    let pages: Pages;
    before(async () => {
      pages = await openPages();
    });
    after(() => pages.close());

    const picked = (name: string) => process.env[`TURNPIKE_PAGE_SHOTS_${name}`]?.split(",");
    const only = picked("ONLY");
    const widths = picked("WIDTHS")?.map(Number);
    for (const name of FIXTURE_NAMES.filter((fixture) => only?.some((part) => fixture.startsWith(part)) ?? true)) {
      it(name, async () => {
        const fixture = FIXTURES[name]();
        mkdirSync(folder, { recursive: true });
        for (const theme of THEMES.filter((one) => picked("THEMES")?.includes(one) ?? true)) {
          for (const width of widths ?? (fixture.page === "sidebar" ? [240, 320, 340, 600] : [360, 700, 1_100])) {
            const open = await pages.open(fixture, {
              theme,
              width,
              height: Number(process.env.TURNPIKE_PAGE_SHOTS_HEIGHT ?? 900),
            });
            await open.page.waitForTimeout(120);
            await open.page.screenshot({ path: path.join(folder, `${name}-${theme}-${width}.png`) });
            await open.close();
          }
        }
      });
    }
  });
