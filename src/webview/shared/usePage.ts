import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { RunModel, StepDetail } from "../../protocol/sidebar";
import type { StepActions } from "./stepRow";
import { type RunPage, useRunPage } from "./useRunPage";

/** What the host sends to both pages; a page hears what else is meant for it by itself. */
type Told<M> =
  | { readonly kind: "model"; readonly model: M }
  | { readonly kind: "detail"; readonly detail: StepDetail }
  | { readonly kind: "focus" | "rejected" };

type Asked =
  | { readonly kind: "ready" }
  | { readonly kind: "detail"; readonly turn: number }
  | { readonly kind: "openDiff"; readonly callId: string; readonly path: string }
  | { readonly kind: "openFile"; readonly path: string }
  | { readonly kind: "copy"; readonly text: string };

interface PageChannel<M> {
  post(message: Asked): void;
  listen(listener: (message: Told<M>) => void): () => void;
  load(): { readonly [key: string]: unknown };
  save(state: { readonly [key: string]: unknown }): void;
}

interface Page<M> extends RunPage {
  /** What the host sent last; `null` before it did. */
  readonly model: M | null;
  readonly run: RunModel | null;
  readonly actions: StepActions;
}

/** The model of a page, the run in it, and what both pages do alike with its rows. */
export function usePage<M>(channel: PageChannel<M>, runOf: (model: M) => RunModel | null): Page<M> {
  const [model, setModel] = useState<M | null>(null);
  const run = model && runOf(model);
  const page = useRunPage(run, channel);
  const receive = useRef(page.receive);
  receive.current = page.receive;
  const actions = useMemo(() => stepActions(channel), [channel]);
  useEffect(() => {
    const stop = channel.listen((message) => {
      if (message.kind === "model") setModel(message.model);
      else if (message.kind === "detail") receive.current(message.detail);
    });
    channel.post({ kind: "ready" });
    return stop;
  }, [channel]);
  return { ...page, model, run, actions };
}

function stepActions({ post }: Pick<PageChannel<never>, "post">): StepActions {
  return {
    detail: (turn) => post({ kind: "detail", turn }),
    openDiff: (callId, path) => post({ kind: "openDiff", callId, path }),
    openFile: (path) => post({ kind: "openFile", path }),
    copy: (text) => post({ kind: "copy", text }),
  };
}
