/** Why a command ended before it was done. */
export class Interrupted extends Error {}

/** Signals within this time of the first are the same one: `timeout`, and Ctrl-C under npx, deliver it twice. */
const SAME_SIGNAL_MS = 500;

/**
 * Aborts when the command is to end: at Ctrl-C, at SIGTERM, when its terminal closes, or when nobody takes its output any more. A signal that comes
 * later calls `endAtOnce`. Never stops listening: from here on nothing else ends the process in between.
 */
export function watchInterruption(endAtOnce: () => void): AbortSignal {
  const controller = new AbortController();
  let signalledAt: number | null = null;
  const signalled = () => {
    signalledAt ??= performance.now();
    if (performance.now() - signalledAt > SAME_SIGNAL_MS) endAtOnce();
    controller.abort(new Interrupted("the process was asked to end"));
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"] as const) listen(signal, signalled);
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE" && !controller.signal.aborted) reportLoss(error);
      controller.abort(new Interrupted("nobody takes the output any more"));
    });
  }
  return controller.signal;
}

/** A signal that this system does not have is not listened for. */
function listen(signal: NodeJS.Signals, listener: () => void): void {
  try {
    process.on(signal, listener);
  } catch {
    return;
  }
}

/** A reader that has enough is no error; a full disk is one, even for a command that would have been done. */
function reportLoss(error: Error): void {
  console.error(`turnpike: the output cannot be written: ${error.message}`);
  process.once("exit", () => {
    process.exitCode = 1;
  });
}
