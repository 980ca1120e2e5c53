import { useEffect, useRef, useState } from "preact/hooks";
import type { ComposerChoice, ComposerModel, FromSidebar, ToSidebar } from "../../protocol/sidebar";

/** A change the user made here, for the run that was shown then. */
interface Change {
  readonly runId: string | null;
  readonly revision: number;
  readonly part: Partial<ComposerChoice>;
}

interface Wire {
  post(message: FromSidebar): void;
  listen(listener: (message: ToSidebar) => void): () => void;
}

/**
 * What is chosen: the host's choice, and upon it the user's own changes that it does not hold yet, so that none is lost
 * to an answer to an earlier one. A change that the host turned down is taken back.
 */
export function useChoice(
  { post, listen }: Wire,
  composer: Pick<ComposerModel, "choice" | "revision"> | null,
  runId: string | null,
): { readonly pending: Partial<ComposerChoice>; change(part: Partial<ComposerChoice>): void } {
  const [own, setOwn] = useState<readonly Change[]>([]);
  const newest = useRef(0);
  useEffect(() => listen(({ kind }) => kind === "rejected" && setOwn([])), [listen]);
  const held = composer?.revision ?? 0;
  const open = own.filter((change) => change.runId === runId && change.revision > held);
  const change = (part: Partial<ComposerChoice>) => {
    const revision = Math.max(newest.current, held) + 1;
    newest.current = revision;
    setOwn([...open, { runId, revision, part }]);
    post({ kind: "choose", runId, revision, change: part });
  };
  let pending: Partial<ComposerChoice> = {};
  for (const { part } of open) pending = { ...pending, ...part };
  return { pending, change };
}
