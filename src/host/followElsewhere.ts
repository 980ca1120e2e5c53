import type { Log } from "./log";
import type { Session } from "./session";

/** Reading a run anew is not free, and another window draws it as it happens. */
const PAUSE_MS = 2_000;

/** A shown run that goes on in another window is read anew, again and again, until it has ended. */
export function followElsewhere(session: Session, log: Log): () => void {
  let timer: NodeJS.Timeout | null = null;
  const read = () => {
    timer = null;
    log.track("reading a run of another window", session.reread().finally(schedule));
  };
  const schedule = () => {
    if (session.elsewhere && !timer) timer = setTimeout(read, PAUSE_MS);
  };
  const stop = session.onChange(schedule);
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}
