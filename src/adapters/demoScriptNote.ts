import type { Facts } from "./demoScriptFacts";
import { MONEY_FILE } from "./demoScriptSample";

/** The note a session leaves when it has to stop, from what really happened in it. */
export function handOffNote(facts: Facts): string {
  return `## Changed\n${changed(facts)}\n\n## Verified\n${verified(facts)}\n\n## Open\n${open(facts)}\n\n## Next step\n${next(facts)}`;
}

function changed({ edited, code }: Facts): string {
  if (edited.length === 0) return "Nothing yet.";
  const what =
    code === "roundsUp"
      ? " (`portion` rounds every fraction up: a first try)"
      : code === "fixed"
        ? " (`portion` cuts noise before rounding)"
        : "";
  return `${edited.map((file) => `\`${file}\``).join(", ")}${what}.`;
}

function verified({ verdict, edited, mayRun }: Facts): string {
  if (!mayRun) return "Nothing: commands were not allowed.";
  switch (verdict) {
    case "passed":
      return "`npm test` passes.";
    case "failed":
      return "`npm test` fails.";
    case "unclear":
      return "`npm test` gave no clear result.";
    case null:
      return edited.length > 0 ? "Nothing since the last edit." : "Nothing yet.";
  }
}

function open({ code, verdict }: Facts): string {
  switch (code) {
    case "unread":
      return 'The failing test "half a cent of tax is rounded up"; its cause is not found yet.';
    case "buggy":
      return `\`portion\` in \`${MONEY_FILE}\` loses half a cent to floating point.`;
    case "roundsUp":
      return "`Math.ceil` rounds all fractions up, which breaks other tests.";
    case "fixed":
      return verdict === "passed" ? "Nothing." : "Whether all tests pass.";
    case "strange":
      return `\`portion\` in \`${MONEY_FILE}\` is not as expected.`;
  }
}

function next({ code, verdict }: Facts): string {
  switch (code) {
    case "unread":
      return `Read \`${MONEY_FILE}\`, where amounts are rounded.`;
    case "buggy":
    case "roundsUp":
      return `In \`${MONEY_FILE}\`, cut the noise of the multiplication before \`Math.round\`, then run \`npm test\`.`;
    case "fixed":
      return verdict === "passed" ? "None; the task is done." : "Run `npm test`.";
    case "strange":
      return `Look at \`${MONEY_FILE}\` again.`;
  }
}
