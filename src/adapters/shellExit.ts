import type { ProcessTree } from "./shellTree";

const trees = new Set<ProcessTree>();

function endAll(): void {
  for (const tree of trees) tree.killNow();
}

/** Ends a tree with this process, should it exit without waiting for anything. The answer takes that back. */
export function endAtExit(tree: ProcessTree): () => void {
  if (trees.size === 0) process.on("exit", endAll);
  trees.add(tree);
  return () => {
    trees.delete(tree);
    if (trees.size === 0) process.off("exit", endAll);
  };
}
