import { useEffect, useRef, useState } from "preact/hooks";
import type { ComposerChoice, FromSidebar } from "../../protocol/sidebar";

/** How long the user's own choice stands against a different one from the host: answers to earlier keys come late. */
const GRACE_MS = 600;

/**
 * What is chosen: at once here, told to the host, and taken back from it, since it may put a choice right or learn of
 * another from the settings.
 */
export function useChoice(
  given: ComposerChoice,
  post: (message: FromSidebar) => void,
): readonly [ComposerChoice, (change: Partial<ComposerChoice>) => void] {
  const [own, setOwn] = useState<ComposerChoice | null>(null);
  const changedAt = useRef(0);
  const key = JSON.stringify(given);
  useEffect(() => {
    if (own && (JSON.stringify(own) === key || performance.now() - changedAt.current > GRACE_MS)) setOwn(null);
  }, [key]);
  const choice = own ?? given;
  const change = (part: Partial<ComposerChoice>) => {
    const next = { ...choice, ...part };
    changedAt.current = performance.now();
    setOwn(next);
    post({ kind: "choose", choice: next });
  };
  return [choice, change];
}
