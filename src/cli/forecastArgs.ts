import { parseArgs } from "node:util";
import { parse, takeLists, UsageError } from "./flags";

export interface ForecastArgs {
  readonly command: "forecast";
  readonly fit: readonly string[];
  readonly score: readonly string[];
  readonly json: boolean;
}

const OPTIONS = {
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

export function readForecast(argv: readonly string[]): ForecastArgs | { readonly command: "help" } {
  const { lists, rest } = takeLists(argv, ["fit", "score"]);
  const { values } = parse(() => parseArgs({ args: [...rest], options: OPTIONS, allowPositionals: false }));
  if (values.help) return { command: "help" };
  const { fit, score } = lists;
  if (!fit) throw new UsageError("--fit is missing: the files of recorded runs that the forecast is fitted on");
  if (!score) throw new UsageError("--score is missing: the files of recorded runs that the forecast is scored on");
  return { command: "forecast", fit, score, json: values.json };
}
