import assert from "node:assert/strict";
import { keyNeed, Secrets } from "../../src/host/secrets";
import { FakeSecrets } from "./stub/memento";

describe("Secrets", () => {
  it("keeps one key per endpoint", async () => {
    const secrets = new Secrets(new FakeSecrets(), {});
    await secrets.save("https://a.test/v1/", " key-a ");
    assert.deepEqual(await secrets.find("https://A.test/v1"), { key: "key-a", from: "secretStorage" });
    assert.equal(await secrets.find("https://b.test/v1"), null);
    assert.equal(await secrets.find(null), null);
    await secrets.clear("https://a.test/v1");
    assert.equal(await secrets.find("https://a.test/v1/"), null);
  });

  it("falls back to the environment when nothing is set", async () => {
    const secrets = new Secrets(new FakeSecrets(), { OPENAI_API_KEY: "env-key", OPENAI_BASE_URL: "https://env.test/v1" });
    assert.equal(secrets.endpoint(null), "https://env.test/v1");
    assert.equal(secrets.endpoint("https://set.test"), "https://set.test");
    assert.deepEqual(await secrets.find("https://env.test/v1"), { key: "env-key", from: "environment" });
  });

  it("never sends the environment's key to another endpoint than the environment's", async () => {
    const elsewhere = new Secrets(new FakeSecrets(), { OPENAI_API_KEY: "env-key", OPENAI_BASE_URL: "https://env.test" });
    assert.equal(await elsewhere.find("https://set.test"), null);
    assert.equal(await elsewhere.find(null), null);
    const openai = new Secrets(new FakeSecrets(), { OPENAI_API_KEY: "env-key" });
    assert.equal((await openai.find(null))?.key, "env-key");
    assert.equal(await openai.find("https://set.test"), null);
  });

  it("expects a key of OpenAI, none of the own machine and network, and cannot tell of others", () => {
    const own = ["http://localhost:11434/v1", "http://a.localhost", "http://127.0.0.1:8000", "http://[::1]:1/v1"];
    const near = ["http://192.168.1.20:11434", "http://10.0.0.7/v1", "http://ollama:11434", "http://box.local/v1"];
    for (const address of [...own, ...near, "http://host.docker.internal:11434"])
      assert.equal(keyNeed(address), "never", address);
    for (const far of ["https://api.test/v1", "http://8.8.8.8:8000", "https://localhost.evil.test", "https://10.evil.test"]) {
      assert.equal(keyNeed(far), "perhaps", far);
    }
    assert.equal(keyNeed(null), "always");
  });
});
