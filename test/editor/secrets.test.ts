import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { until } from "../../scripts/host/processes.mjs";
import { openStage, type Stage } from "./support/stage";

/** Looks like no key at all, so that nothing but knowing it can hide it. */
const KEY = "open-sesame-7f3a91";

describe("a key in the real editor", () => {
  let stage: Stage;
  const asked: IncomingMessage["headers"][] = [];
  /** A provider that turns the key down and, as some do, says it again. */
  const server = createServer((request, response) => {
    asked.push(request.headers);
    const message = `Incorrect API key provided: ${request.headers.authorization}. Check ${KEY}.`;
    response.writeHead(401, { "content-type": "application/json" }).end(JSON.stringify({ error: { message } }));
  });

  before(async function () {
    this.timeout(120_000);
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const address: AddressInfo = Object(server.address());
    const baseUrl = `http://127.0.0.1:${address.port}/v1`;
    const prices = { strict: { input: 1, output: 1 } };
    const settings = { "turnpike.baseUrl": baseUrl, "turnpike.model": "strict", "turnpike.prices": prices };
    stage = await openStage({ settings });
  });
  after(async () => {
    await stage?.close();
    server.close();
  });

  it("goes to its endpoint, and into no log and no page, not even when the provider says it", async function () {
    this.timeout(120_000);
    await stage.bench.openView("Turnpike");
    const page = await stage.bench.webview(".composer");
    await stage.bench.runCommand("Turnpike: Set API Key");
    await stage.bench.enterText(KEY);
    await stage.bench.toast("was saved").waitFor();
    await page.getByRole("textbox", { name: "Task" }).fill("Fix the failing test");
    await page.getByRole("button", { name: "Run" }).click();
    await page.locator(".outcome").waitFor({ timeout: 60_000 });
    const shown = await page.locator("body").innerText();
    await stage.shot("key-refused");

    assert.ok(asked.length > 0 && asked.every(({ authorization }) => authorization === `Bearer ${KEY}`));
    assert.match(shown, /Failed/);
    assert.match(shown, /401/);
    const logged = await until(() => /run .* ended: failed \(.*401/.test(stage.log()), 15_000);
    assert.ok(logged, stage.log());
    assert.ok(!shown.includes(KEY), "on the page");
    assert.ok(!stage.log().includes(KEY), "in the log");
  });
});
