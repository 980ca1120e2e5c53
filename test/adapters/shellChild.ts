import { createShell } from "../../src/adapters/shell";

/** Another process that runs a command and exits while it runs: `node shellChild.cjs <command>`. */
const [, , command = ""] = process.argv;
const shell = createShell({ cwd: process.cwd(), env: process.env });
const signal = new AbortController().signal;
void shell.run(command, { timeoutMs: 60_000, signal, onOutput: (text) => text.includes("ready") && process.exit(7) });
