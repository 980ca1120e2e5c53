import assert from "node:assert/strict";
import { redact } from "../../src/core/redact";

describe("redact", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["Authorization: Bearer abc.def-ghi", "Authorization: [hidden]"],
    ['{"authorization":"Bearer abcdefgh"}', '{"authorization":"[hidden]"}'],
    ["proxy-authorization=Basic dXNlcjpwYXNz", "proxy-authorization=[hidden]"],
    ["sent bearer 0123456789abcdef to it", "sent bearer [hidden] to it"],
    ["invalid key sk-proj-abcdefghijklmnop1234 given", "invalid key [hidden] given"],
    ["api_key=topsecret&x=1", "api_key=[hidden]&x=1"],
    ["x-api-key: topsecret", "x-api-key: [hidden]"],
    ["OPENAI_API_KEY='topsecret'", "OPENAI_API_KEY='[hidden]'"],
    ["https://h.test/v1?key=AIzaSyTopSecret&alt=sse", "https://h.test/v1?key=[hidden]&alt=sse"],
    ["https://me:pass@h.test/v1", "https://[hidden]@h.test/v1"],
    ["hf_abcdefghijklmnopqrstuvwxyz", "[hidden]"],
  ];
  for (const [dirty, clean] of cases) it(`cleans ${dirty}`, () => assert.equal(redact(dirty), clean));

  it("hides a known key whatever it looks like", () => {
    assert.equal(redact("GET /x?q=plainword", ["plainword"]), "GET /x?q=[hidden]");
  });

  it("leaves ordinary lines alone", () => {
    const lines = [
      "run 01-ab ended: done, 12 turns, $0.18",
      "401 Unauthorized from https://api.test/v1",
      "task: ask-for-a-token",
    ];
    for (const line of lines) assert.equal(redact(line), line);
  });
});
