import type { RunState } from "../core/runState";
import type { Session } from "./session";

/** Tells when a run of this window begins and when it ends; a session only says that something has changed. */
export function watchRuns(
  session: Session,
  on: { readonly begun: (state: RunState) => void; readonly ended: (state: RunState) => void },
): () => void {
  let was = false;
  return session.onChange(() => {
    const { state, running } = session;
    if (running === was || state === null) return;
    was = running;
    if (running) on.begun(state);
    else on.ended(state);
  });
}
