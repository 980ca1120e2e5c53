import type { JSX, TargetedKeyboardEvent, TargetedPointerEvent } from "preact";
import { useRef } from "preact/hooks";
import type { LabLine, LabModel, LabPoint } from "../../protocol/history";
import { useWidth } from "../shared/hooks";

const HEIGHT = 220;
/** Room for the shares at the left, the limits below, and the mark of the present setting above. */
const LEFT = 40;
const BELOW = 38;
const ABOVE = 18;
const RIGHT = 12;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

interface Props {
  readonly lab: LabModel;
  /** Index of the chosen point. */
  readonly at: number;
  onMove(to: number): void;
}

/** What each limit would have saved, cut and lost. The limit is dragged, or moved with the arrow keys. */
export function Curve({ lab: { points, lines, present }, at, onMove }: Props): JSX.Element {
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame, 600);
  const longest = points.at(-1)?.limit ?? 1;
  const x = (limit: number) => LEFT + (limit / longest) * (width - LEFT - RIGHT);
  const y = (share: number) => ABOVE + (1 - share) * HEIGHT;
  const chosen = points[at];

  const drag = (event: TargetedPointerEvent<SVGSVGElement>) => {
    if (event.buttons !== 1) return;
    const wanted = ((event.clientX - event.currentTarget.getBoundingClientRect().left - LEFT) / (width - LEFT - RIGHT)) * longest;
    onMove(closest(points, wanted));
  };
  const press = (event: TargetedPointerEvent<SVGSVGElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    drag(event);
  };
  const key = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const to = target(event.key, at, points.length);
    if (to === null) return;
    onMove(to);
    event.preventDefault();
  };

  return (
    <section class="curve" aria-label="What each limit would have done">
      <ul class="legend" aria-label="Lines">
        {lines.map(({ of, label }) => (
          <li key={of}>
            <i class={`key line-${of}`} />
            {label}
          </li>
        ))}
      </ul>
      <div
        ref={frame}
        class="plot"
        role="slider"
        tabIndex={0}
        aria-label="Limit in turns"
        aria-orientation="horizontal"
        aria-valuemin={points[0]?.limit ?? 0}
        aria-valuemax={longest}
        aria-valuenow={chosen?.limit ?? 0}
        aria-valuetext={chosen?.text ?? ""}
        onKeyDown={key}
      >
        <svg width={width} height={ABOVE + HEIGHT + BELOW} aria-hidden="true" onPointerDown={press} onPointerMove={drag}>
          {SHARES.map((share) => (
            <g key={share}>
              <path class={share === 0 ? "axis" : "grid"} d={`M${LEFT} ${y(share) + 0.5}H${width - RIGHT}`} />
              <text class="tick" x={LEFT - 6} y={y(share) + 4} text-anchor="end">
                {Math.round(share * 100)} %
              </text>
            </g>
          ))}
          {ticks(longest, width).map((limit) => (
            <text key={limit} class="tick" x={x(limit)} y={ABOVE + HEIGHT + 16} text-anchor="middle">
              {limit}
            </text>
          ))}
          <text class="tick" x={LEFT + (width - LEFT - RIGHT) / 2} y={ABOVE + HEIGHT + 33} text-anchor="middle">
            limit in turns
          </text>
          {present && (
            <g class="present">
              <path d={`M${x(present.limit)} ${ABOVE - 4}V${ABOVE + HEIGHT}`} />
              <text x={x(present.limit)} y={ABOVE - 7} text-anchor={x(present.limit) > width - 60 ? "end" : "middle"}>
                {present.label}
              </text>
            </g>
          )}
          {lines.map((line) => (
            <path key={line.of} class={`line line-${line.of}`} d={pathOf(points, line, x, y)} />
          ))}
          {chosen && (
            <g class="handle">
              <path d={`M${x(chosen.limit)} ${ABOVE}V${ABOVE + HEIGHT}`} />
              {lines.map(({ of }) => (
                <Dot key={of} of={of} x={x(chosen.limit)} y={chosen[of] === null ? null : y(chosen[of] ?? 0)} />
              ))}
              <circle cx={x(chosen.limit)} cy={ABOVE + HEIGHT} r={6} />
            </g>
          )}
        </svg>
      </div>
    </section>
  );
}

function Dot({ of, x, y }: { readonly of: LabLine["of"]; readonly x: number; readonly y: number | null }): JSX.Element | null {
  return y === null ? null : <circle class={`dot line-${of}`} cx={x} cy={y} r={3.5} />;
}

function pathOf(
  points: readonly LabPoint[],
  { of }: LabLine,
  x: (limit: number) => number,
  y: (share: number) => number,
): string {
  const known = points.flatMap((point) =>
    point[of] === null ? [] : [`${x(point.limit).toFixed(1)} ${y(point[of] ?? 0).toFixed(1)}`],
  );
  return known.length === 0 ? "" : `M${known.join("L")}`;
}

/** Round numbers of turns, as many as there is room for. */
function ticks(longest: number, width: number): readonly number[] {
  const most = Math.max(2, Math.floor((width - LEFT - RIGHT) / 56));
  const step = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1_000].find((one) => longest / one <= most) ?? longest;
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, index) => index * step);
}

/** Index of the point nearest to a limit. */
export function closest(points: readonly LabPoint[], limit: number): number {
  let best = 0;
  for (const [index, point] of points.entries()) {
    if (Math.abs(point.limit - limit) < Math.abs((points[best]?.limit ?? 0) - limit)) best = index;
  }
  return best;
}

function target(key: string, at: number, count: number): number | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return Math.max(0, at - 1);
    case "ArrowRight":
    case "ArrowUp":
      return Math.min(count - 1, at + 1);
    case "PageDown":
      return Math.max(0, at - 5);
    case "PageUp":
      return Math.min(count - 1, at + 5);
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}
