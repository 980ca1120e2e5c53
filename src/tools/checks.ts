import type { CheckResult } from "../core/agentEvent";
import { checkCommand } from "./checkCommands";
import { type Reading, readCounts } from "./checkCounts";

/**
 * The verdict of a test or build command; `null` when it is none, when its verdict cannot be told, or when nothing was
 * there to be checked.
 *
 * An exit code that is the check's own decides, for a test may print anything. Two things are stronger. Behind the name of
 * a script (`npm test`) the code may be that of `|| true`: a whole summary at the end that has failures is then believed.
 * And no tests are no pass. Where the exit code is hidden, or switched off, the words decide alone.
 */
export function readCheck(command: string, exitCode: number, output: string): CheckResult | null {
  const check = checkCommand(command);
  if (!check) return null;
  const reading = readCounts(output, check);
  if (check.exitCode === "silenced" && reading.kind === "counted" && reading.passes === null) return null;
  if (check.exitCode !== "own") return byWords(command, reading);
  if (exitCode !== 0) return didNotRun(exitCode, reading) ? null : failed(command, reading);
  if (check.isWrapped && reading.kind === "counted" && reading.endsFailing) return failed(command, reading);
  if (reading.kind === "empty") return null;
  const isClean = reading.kind === "counted" && reading.failures === 0;
  return { command, passed: true, failures: 0, passes: isClean ? reading.passes : null };
}

function byWords(command: string, reading: Reading): CheckResult | null {
  switch (reading.kind) {
    case "nothing":
    case "empty":
      return null;
    case "failing":
      return failed(command, reading);
    case "counted":
      return reading.failures > 0 ? failed(command, reading) : { command, passed: true, failures: 0, passes: reading.passes };
  }
}

function failed(command: string, reading: Reading): CheckResult {
  const failures = reading.kind === "counted" && reading.failures > 0 ? reading.failures : null;
  const passes = reading.kind === "counted" || reading.kind === "failing" ? reading.passes : null;
  return { command, passed: false, failures, passes };
}

/** The shell's codes for a program that is not there or cannot be started; runners and npm have words for no tests. */
function didNotRun(exitCode: number, reading: Reading): boolean {
  if (reading.kind === "empty") return reading.isSaid;
  return (exitCode === 126 || exitCode === 127) && reading.kind !== "counted";
}
