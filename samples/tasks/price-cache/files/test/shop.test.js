import assert from "node:assert/strict";
import test from "node:test";
import { createShop } from "../src/shop.js";

test("asks once for an article", async () => {
  let asked = 0;
  const service = {
    async price() {
      asked += 1;
      return { amount: 3, currency: "EUR" };
    },
  };
  const shop = createShop(service);
  assert.equal(await shop.displayPrice("a"), "3.00");
  assert.equal(await shop.displayPrice("a"), "3.00");
  assert.equal(asked, 1);
});
