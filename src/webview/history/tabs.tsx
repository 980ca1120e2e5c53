import type { JSX } from "preact";

/** The two faces of the tab: what was spent, and what limits would have made of it. */
export function Tabs({
  at,
  onList,
  onWhatIf,
}: {
  readonly at: "list" | "whatIf";
  onList(): void;
  onWhatIf(): void;
}): JSX.Element {
  return (
    <header class="list-head">
      <h1 tabIndex={-1}>{at === "list" ? "History" : "What if"}</h1>
      <nav class="tabs" aria-label="Views of past runs">
        <button type="button" aria-current={at === "list" ? "page" : undefined} onClick={onList}>
          History
        </button>
        <button type="button" aria-current={at === "whatIf" ? "page" : undefined} onClick={onWhatIf}>
          What if
        </button>
      </nav>
    </header>
  );
}
