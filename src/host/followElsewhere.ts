import type { Log } from "./log";
import type { Session } from "./session";

/** Reading a run anew is not free, and another window draws it as it happens. */
const PAUSE_MS = 2_000;

/** A shown run that goes on in another window is read anew, again and again, until it has ended. */
export function followElsewhere(session: Session, log: Log): () => void {
  let timer: NodeJS.Timeout | null = null;
  let reading = false;
  let stopped = false;
  const read = async () => {
    timer = null;
    reading = true;
    await session.reread().finally(() => {
      reading = false;
      schedule();
    });
  };
  const schedule = () => {
    if (stopped || reading || timer || !session.elsewhere) return;
    timer = setTimeout(() => log.track("reading a run of another window", read()), PAUSE_MS);
  };
  const stopHearing = session.onChange(schedule);
  return () => {
    stopped = true;
    stopHearing();
    if (timer) clearTimeout(timer);
  };
}
