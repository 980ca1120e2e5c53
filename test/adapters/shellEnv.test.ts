import assert from "node:assert/strict";
import { commandEnv } from "../../src/adapters/shellEnv";

describe("environment of commands", () => {
  it("has nothing in it that looks like a secret", () => {
    const secrets = [
      ...[
        "OPENAI_API_KEY",
        "ANTHROPIC_API_KEY",
        "GITHUB_TOKEN",
        "GH_TOKEN",
        "NPM_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_ACCESS_KEY_ID",
      ],
      ...[
        "DB_PASSWORD",
        "PGPASSWORD_FILE_SECRET",
        "MY_APIKEY",
        "STRIPE_KEY",
        "AZURE_CLIENT_SECRET",
        "GOOGLE_CREDENTIALS",
        "api_key",
        "GITLAB_PAT",
      ],
    ];
    const env = commandEnv({
      ...Object.fromEntries(secrets.map((name) => [name, "x"])),
      OTHER: `sk-${"a".repeat(40)}`,
      ODD: `ghp_${"b".repeat(36)}`,
    });
    for (const name of [...secrets, "OTHER", "ODD"]) assert.equal(name in env, false, name);
  });

  it("keeps what commands need, names that only resemble secrets included", () => {
    const kept = {
      PATH: "/bin",
      HOME: "/h",
      PWD: "/w",
      TOKENIZERS_PARALLELISM: "false",
      KEYBOARD: "de",
      MONKEY: "1",
      SSH_AUTH_SOCK: "/s",
      COMPASS: "n",
      PATTERN: "x",
    };
    assert.deepEqual({ ...commandEnv(kept), ...kept }, commandEnv(kept));
  });

  it("has nothing of the editor's, and asks for plain quiet output", () => {
    const env = commandEnv({ VSCODE_PID: "1", ELECTRON_RUN_AS_NODE: "1", FORCE_COLOR: "3", TERM: "xterm-256color" });
    assert.deepEqual(env, { TERM: "dumb", NO_COLOR: "1", PAGER: "cat", GIT_PAGER: "cat", GIT_TERMINAL_PROMPT: "0" });
  });

  it("follows lists of what to drop and what to keep", () => {
    const env = commandEnv({ MINE: "x", DEPLOY_TOKEN: "y" }, { drop: ["mine"], keep: ["DEPLOY_TOKEN"] });
    assert.equal("MINE" in env, false);
    assert.equal(env.DEPLOY_TOKEN, "y");
  });
});
