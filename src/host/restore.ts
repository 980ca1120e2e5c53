import type { Engine } from "../core/engine";
import { OWN_SOURCE } from "../core/imports";
import type { Memory } from "./memory";
import { openProjects } from "./projects";
import type { Session } from "./session";

/** Shows again the run that this workspace showed last, or its newest one; nothing after the user put it away. */
export async function restoreRun(session: Session, memory: Memory, engine: () => Promise<Engine>): Promise<void> {
  const { shown } = memory;
  if (shown === "none") return;
  const runId = shown?.runId ?? (await newestRun(engine));
  if (runId !== null) await session.open(runId);
  await memory.keepRunning(null);
}

/** The newest run that has ended here: one in progress belongs to another window, or to the command line. */
async function newestRun(engine: () => Promise<Engine>): Promise<string | null> {
  const [project] = openProjects();
  if (!project) return null;
  const { store } = await engine();
  const runs = await store.runs({ limit: 5, projectPath: project.path, source: OWN_SOURCE });
  return runs.find(({ outcome }) => outcome !== null)?.runId ?? null;
}
