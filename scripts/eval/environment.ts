import path from "node:path";
import { commandEnv } from "../../src/adapters/shellEnv";

/** What tells where the harness lives, or changes how Node runs. */
const OURS = /^(npm_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|NODE_V8_COVERAGE$|INIT_CWD$|OLDPWD$|PWD$|TURNPIKE_)/i;

/** The environment of the agent: as ours, without what leads to the tasks, and with the Node that runs us before any other. */
export function agentEnv(env: NodeJS.ProcessEnv, node: string): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !OURS.test(name));
  const pathName = kept.find(([name]) => name.toUpperCase() === "PATH")?.[0] ?? "PATH";
  const rest = Object.fromEntries(kept);
  return { ...rest, [pathName]: [path.dirname(node), rest[pathName]].filter(Boolean).join(path.delimiter) };
}

/** The environment of a check: the agent's, without keys. */
export function checkEnv(env: NodeJS.ProcessEnv, node: string): NodeJS.ProcessEnv {
  return commandEnv(agentEnv(env, node));
}
