import type { JSX } from "preact";
import { useRef } from "preact/hooks";
import { useNear } from "./hooks";

/** The end of what is drawn of a long list: asks for more when it comes near. */
export function More({ onNear }: { onNear(): void }): JSX.Element {
  const ref = useRef<HTMLDivElement>(null);
  useNear(ref, onNear);
  return <div ref={ref} class="more-rows" />;
}
