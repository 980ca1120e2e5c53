// Makes the side bar a given width, the way a person does: by dragging the sash at its right edge.
import { sleep } from "../../../scripts/host/processes.mjs";

/** CSS pixels a view in the side bar has. */
export async function contentWidth(sideBar) {
  const box = await sideBar.locator(".content").first().boundingBox();
  return Math.round(box?.width ?? 0);
}

/** Rejects when the width cannot be had to within a pixel. */
export async function dragToWidth(page, sideBar, width) {
  let now = await contentWidth(sideBar);
  for (let tries = 0; tries < 4 && now !== width; tries += 1) {
    const { x, y } = await sashOf(page, sideBar);
    await drag(page.mouse, { x, y }, { x: x + width - now, y });
    now = await contentWidth(sideBar);
  }
  if (Math.abs(now - width) > 1) throw new Error(`the side bar stays at ${now} px, wanted ${width}`);
}

/** A point on the sash, off the grip in its middle. */
async function sashOf(page, sideBar) {
  const bar = await sideBar.boundingBox();
  if (!bar) throw new Error("the side bar is not shown");
  const sashes = await page.locator(".monaco-sash.vertical:not(.disabled)").evaluateAll((nodes) =>
    nodes.map((node) => {
      const { x, y, width, height } = node.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 3, height };
    }),
  );
  const far = (sash) => Math.abs(sash.x - (bar.x + bar.width));
  const [nearest] = sashes.filter((sash) => sash.height > bar.height / 2).sort((a, b) => far(a) - far(b));
  if (!nearest || far(nearest) > 12) throw new Error("the side bar has no sash at its right edge");
  return nearest;
}

/** With pauses: a sash arms itself a moment after the press and drops moves that come all at once. */
async function drag(mouse, from, to) {
  await mouse.move(from.x, from.y);
  await sleep(100);
  await mouse.down();
  for (let step = 1; step <= 5; step += 1) {
    await sleep(40);
    await mouse.move(from.x + ((to.x - from.x) * step) / 5, from.y + ((to.y - from.y) * step) / 5);
  }
  await sleep(40);
  await mouse.up();
  await sleep(150);
}
