import { useCallback, useState } from "preact/hooks";
import type { RunModel, StepDetail } from "../../protocol/sidebar";
import { isRecord } from "./channel";

interface Memory {
  load(): { readonly [key: string]: unknown };
  save(state: { readonly [key: string]: unknown }): void;
}

interface Opened {
  readonly runId: string;
  readonly turns: ReadonlySet<number>;
}

export interface RunPage {
  readonly opened: ReadonlySet<number>;
  readonly details: ReadonlyMap<number, StepDetail>;
  open(turns: ReadonlySet<number>): void;
  receive(detail: StepDetail): void;
}

/** Which rows of the run are open, kept over reloads, and what the host sent for them. Another run begins afresh. */
export function useRunPage(run: RunModel | null, memory: Memory): RunPage {
  const runId = run?.runId ?? "";
  const [opened, setOpened] = useState<Opened>(() => recall(memory));
  const [details, setDetails] = useState<{ readonly runId: string; readonly byTurn: ReadonlyMap<number, StepDetail> }>(EMPTY);
  const open = useCallback(
    (turns: ReadonlySet<number>) => {
      setOpened({ runId, turns });
      memory.save({ opened: { runId, turns: [...turns] } });
    },
    [runId, memory],
  );
  const receive = useCallback(
    (detail: StepDetail) =>
      setDetails((before) => ({ runId, byTurn: new Map(before.runId === runId ? before.byTurn : []).set(detail.turn, detail) })),
    [runId],
  );
  return {
    opened: opened.runId === runId ? opened.turns : NONE,
    details: details.runId === runId ? details.byTurn : EMPTY.byTurn,
    open,
    receive,
  };
}

const NONE: ReadonlySet<number> = new Set();
const EMPTY = { runId: "", byTurn: new Map<number, StepDetail>() };

function recall(memory: Memory): Opened {
  const { opened } = memory.load();
  if (!isRecord(opened) || typeof opened.runId !== "string" || !Array.isArray(opened.turns)) return { runId: "", turns: NONE };
  return { runId: opened.runId, turns: new Set(opened.turns.filter((turn) => typeof turn === "number")) };
}
