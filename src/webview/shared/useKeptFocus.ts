import { useEffect, useRef } from "preact/hooks";

/**
 * The keyboard's place must not be lost with an element that goes: when what had the focus is taken away, it moves to
 * where `next` says. Not when the keyboard is elsewhere in the editor by then: the user is typing there.
 */
export function useKeptFocus(next: () => HTMLElement | null): void {
  const latest = useRef(next);
  latest.current = next;
  useEffect(() => {
    let last: Node | null = null;
    const note = ({ target }: FocusEvent) => {
      last = target instanceof Node ? target : null;
    };
    const observer = new MutationObserver(() => {
      if (last === null || last.isConnected) return;
      last = null;
      if (!document.hasFocus()) return;
      if (document.activeElement === null || document.activeElement === document.body) {
        latest.current()?.focus({ preventScroll: true });
      }
    });
    document.addEventListener("focusin", note);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener("focusin", note);
      observer.disconnect();
    };
  }, []);
}
