import assert from "node:assert/strict";
import { complaintFrom, complaintFromText, oneLine, refusalFor } from "../../src/adapters/openaiErrors";
import { holds } from "../support/providerClient";

const caller = { apiKey: "sk-test-0123456789abcdef", modelId: "m", baseUrl: "https://host.example/v1?token=x", query: {} };
const refuse = (status: number, body: string, headers = {}) =>
  refusalFor(status, complaintFromText(body), new Headers(headers), caller, 0);

describe("reading what providers complain about", () => {
  // Shapes as documented or quoted in public issues of the providers named.
  const shapes: readonly [string, string, string][] = [
    ["OpenAI", '{"error":{"message":"Bad","type":"invalid_request_error","param":"x","code":"y"}}', "Bad"],
    ["Gemini, in a list", '[{"error":{"code":400,"message":"Bad","status":"INVALID_ARGUMENT"}}]', "Bad"],
    ["Anthropic", '{"type":"error","error":{"type":"invalid_request_error","message":"Bad"}}', "Bad"],
    ["vLLM", '{"object":"error","message":"Bad","type":"BadRequestError","param":null,"code":400}', "Bad"],
    ["Ollama", '{"error":"Bad"}', "Bad"],
    ["Mistral", '{"object":"error","message":"Bad","type":"invalid_request"}', "Bad"],
    [
      "Mistral, in a list in an object",
      '{"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"Extra inputs are not permitted"}]},"type":"invalid_request_error","param":null,"code":null}',
      "body.stream_options: Extra inputs are not permitted",
    ],
    ["a proxy that nests them", '{"error":{"message":[{"message":"Bad"},{"detail":"Worse"}]}}', "Bad; Worse"],
    ["nobody, endlessly", `${'{"message":'.repeat(50)}"Bad"${"}".repeat(50)}`, ""],
    ["FastAPI", '{"detail":"Bad"}', "Bad"],
    ["FastAPI, in a list", '{"detail":[{"loc":["body","messages"],"msg":"field required"}]}', "body.messages: field required"],
    [
      "OpenRouter, nested",
      '{"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"too many tools"}}}',
      "Provider returned error (too many tools)",
    ],
    ["a proxy's page", "<html><head><title>502 Bad Gateway</title></head></html>", "a web page: 502 Bad Gateway"],
    ["plain text", "upstream connect error", "upstream connect error"],
    ["nothing", "", ""],
  ];
  for (const [who, body, message] of shapes) {
    it(`by ${who}`, () => assert.equal(complaintFromText(body).message, message));
  }

  it("finds the status an error names inside a stream", () => {
    assert.equal(complaintFrom({ error: { code: 429 } }).status, 429);
    assert.equal(complaintFrom({ error: { code: "503" } }).status, 503);
    assert.equal(complaintFrom({ error: { type: "overloaded_error" } }).status, 529);
    assert.equal(complaintFrom({ error: { type: "authentication_error" } }).status, 401);
    assert.equal(complaintFrom({ error: { code: "boom" } }).status, null);
    assert.equal(complaintFrom({ error: {} }).status, null);
  });
});

describe("telling an empty account from a full minute", () => {
  it("retries Google's quota of the minute when it says", () => {
    const body = JSON.stringify([
      {
        error: {
          code: 429,
          message: "You exceeded your current quota, please check your plan and billing details.",
          status: "RESOURCE_EXHAUSTED",
          details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34.5s" }],
        },
      },
    ]);
    holds(refuse(429, body), { retry: "later", askedMs: 34_500 });
  });

  const empty: readonly [string, number, string][] = [
    ["OpenAI", 429, '{"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}}'],
    ["Anthropic", 400, '{"error":{"message":"Your credit balance is too low to access the Anthropic API."}}'],
    ["DeepSeek", 402, '{"error":{"message":"Insufficient Balance"}}'],
    ["LiteLLM", 429, '{"error":{"message":"Budget has been exceeded! Current cost: 5","type":"budget_exceeded"}}'],
    ["OpenRouter", 402, '{"error":{"code":402,"message":"Insufficient credits."}}'],
  ];
  for (const [who, status, body] of empty) {
    it(`does not retry ${who}'s empty account`, () => {
      const { retry, reason } = refuse(status, body, { "retry-after": "3" });
      assert.equal(retry, "never");
      assert.match(reason, /no credit or quota left/);
    });
  }

  it("obeys a server that says not to try again", () => {
    assert.equal(refuse(500, "", { "x-should-retry": "false" }).retry, "never");
    assert.equal(refuse(501, "").retry, "never");
  });
});

describe("wording a refusal", () => {
  it("takes out keys, control characters and length", () => {
    const key = `sk-proj-${"x".repeat(40)}`;
    const line = oneLine(`a\u0000b\r\n\tc Bearer abcd.efgh ${key} x-api-key: plain ${caller.apiKey} ${"y".repeat(999)}`, caller);
    assert.match(line, /^a b c Bearer \[hidden\] \[hidden\] x-api-key: \[hidden\] \[hidden\] y+…$/);
    assert.equal(line.length, 300);
  });

  it("shows addresses without what may be secret in them", () => {
    assert.match(refuse(404, "").reason, /base URL https:\/\/host\.example\/v1$/);
  });

  it("asks for a key where none is set", () => {
    assert.match(refusalFor(401, complaintFromText(""), null, { ...caller, apiKey: null }, 0).reason, /none is set/);
  });
});
