import type { RecordedRun } from "../recordedRun";
import { fitForecaster } from "./fitForecaster";
import type { Forecaster } from "./forecast";

/**
 * A forecaster that is fitted once it is first asked, of runs that are looked up then: the first request of a run does not
 * wait for it, and until it is there it knows nothing. A look-up that fails leaves it so.
 */
export function lateForecaster(pastRuns: () => Promise<readonly RecordedRun[]>): Forecaster {
  let fitted: Forecaster | null = null;
  let asked = false;
  const prepare = async () => {
    fitted = fitForecaster(await pastRuns());
  };
  return {
    forecast(soFar) {
      if (!asked) {
        asked = true;
        prepare().catch(() => {});
      }
      return fitted?.forecast(soFar) ?? null;
    },
  };
}
