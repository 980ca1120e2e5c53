import assert from "node:assert/strict";
import test from "node:test";
import { loadConfig } from "../src/config.js";

test("reads a file", () => {
  assert.equal(loadConfig("configs/tls.json").server.port, 9443);
});
