import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { ToSidebar } from "../../protocol/sidebar";
import { useKeptFocus } from "../shared/useKeptFocus";

interface Listening {
  listen(listener: (message: ToSidebar) => void): () => void;
}

/**
 * Moves the keyboard only when it is asked to, or when the place where it was is gone. What is asked for before the page
 * is drawn waits for that, and every request counts once.
 */
export function useFocus(channel: Listening, dock: RefObject<HTMLElement | null>, hasRun: boolean): void {
  const due = useRef(false);
  const honour = () => {
    if (!due.current || !dock.current) return;
    due.current = false;
    (question(dock.current) ?? task(dock.current) ?? dock.current).focus();
  };
  useEffect(
    () =>
      channel.listen((message) => {
        if (message.kind !== "focus") return;
        due.current = true;
        honour();
      }),
    [channel],
  );
  useLayoutEffect(honour);
  // After the end of a run the task box would take the next keys, and Enter there spends: the dock takes none.
  useKeptFocus(() => dock.current && (question(dock.current) ?? (hasRun ? null : task(dock.current)) ?? dock.current));
}

function question(dock: HTMLElement): HTMLElement | null {
  return dock.querySelector<HTMLElement>(".question");
}

function task(dock: HTMLElement): HTMLElement | null {
  return dock.querySelector<HTMLElement>("textarea");
}
