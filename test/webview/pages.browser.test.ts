import assert from "node:assert/strict";
import { FIXTURE_NAMES, FIXTURES } from "./fixtures";
import { openPages, type Pages } from "./pages";
import { colorsOf, neededColors, THEMES } from "./themes";

declare const __TEST_ROOT__: string;

/** Run in the page: what is wider than its place, and what has no name for those who do not see it. */
const WIDER = `[document.scrollingElement, ...document.querySelectorAll("#root, .page, .body, .head, .dock, .row, .detail, .question, .composer, .runs, .readout, .units, .unit, .key, .buttons, .terms")]
  .filter((element) => element && element.scrollWidth > element.clientWidth + 1)
  .map((element) => element.className + ": " + element.scrollWidth + " > " + element.clientWidth)`;
const NAMELESS = `[...document.querySelectorAll("button, input, select, textarea, [role=meter], [role=slider], [role=img], section")]
  .filter((element) => {
    const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.textContent ?? element.textContent ?? "";
    return label.trim() === "";
  })
  .map((element) => element.outerHTML.slice(0, 120))`;
const TWICE = `[...document.querySelectorAll("[id]")].map(({ id }) => id).filter((id, index, ids) => ids.indexOf(id) !== index)`;

describe("the pages in a browser", () => {
  let pages: Pages;
  before(async () => {
    pages = await openPages();
  });
  after(() => pages.close());

  it("are small: each script within 60 KiB", () => {
    for (const script of ["sidebar.js", "history.js"]) {
      const size = pages.sizes.get(script) ?? Number.POSITIVE_INFINITY;
      assert.ok(size <= 60 * 1024, `${script} has ${size} bytes`);
    }
  });

  for (const name of FIXTURE_NAMES) {
    it(`${name}: keeps to the policy and to every width, names every control`, async () => {
      const open = await pages.open(FIXTURES[name](), { width: 240 });
      for (const width of [600, 320, 311, 300, 240]) {
        await open.page.setViewportSize({ width, height: 900 });
        assert.deepEqual(await open.page.evaluate(WIDER), [], `${width} px`);
      }
      assert.deepEqual(await open.page.evaluate(NAMELESS), []);
      assert.deepEqual(await open.page.evaluate(TWICE), []);
      assert.deepEqual(open.complaints, []);
      await open.close();
    });
  }

  it("rest on no colour that a theme may not have", () => {
    const needed = [...neededColors(__TEST_ROOT__)];
    assert.ok(needed.length > 10);
    for (const theme of THEMES)
      assert.deepEqual(
        needed.filter((name) => !colorsOf(theme).has(name)),
        [],
        theme,
      );
  });

  it("would tell of a breach of the policy", async () => {
    const open = await pages.open(FIXTURES.first());
    await open.page.evaluate(`document.body.setAttribute("style", "color: red")`);
    assert.match(open.complaints.join(), /Content Security Policy/);
    await open.close();
  });

  for (const theme of THEMES) {
    it(`read well in ${theme}: no text fainter than 4.5 to 1`, async () => {
      const names = [
        ...(["opened", "approveCommand", "extension", "stuck", "tight", "decided", "stopped", "interrupted"] as const),
        ...(["infeasible", "estimated", "noKey", "tightStart", "history"] as const),
      ];
      for (const name of names) {
        const open = await pages.open(FIXTURES[name](), { theme, width: 340 });
        assert.deepEqual(await open.page.evaluate(FAINT), [], name);
        await open.close();
      }
    });
  }
});

/** Run in the page: texts whose colour is too near to what is behind them. Disabled controls may be faint. */
const FAINT = `(() => {
  const parse = (css) => {
    const canvas = parse.canvas ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d", { willReadFrequently: true });
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = css;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, below) => top.slice(0, 3).map((value, i) => value * (top[3] / 255) + below[i] * (1 - top[3] / 255));
  const light = (rgb) => rgb.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.push(parse(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const found = new Set();
  const walker = document.createTreeWalker(document.querySelector("#root"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || element.closest(".hidden, :disabled, svg, option")) continue;
    const back = behind(element);
    const fore = over(parse(getComputedStyle(element).color), back);
    const [a, b] = [light(fore), light(back)].sort((x, y) => y - x);
    const ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.add(element.className + " " + ratio.toFixed(2) + " " + walker.currentNode.data.trim().slice(0, 30));
  }
  return [...found];
})()`;
