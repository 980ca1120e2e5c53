import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/**
 * Collects, once, what starting has left on the heap. Otherwise V8 does so in the middle of the run, where some turn
 * would pay 10 to 20 ms for it; here it is a few milliseconds before the first request.
 */
export function collectStartUpGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}
