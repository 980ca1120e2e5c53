/**
 * Proportional hazards (Cox 1972) over landmarks: at each of some numbers of turns taken, the runs that went on are one
 * stratum, and what is explained is how much was still to come of each. Only the order within a stratum matters, so the
 * same fit serves turns and dollars.
 */

/** The runs that went on at one landmark, those with most still to come first. */
export interface Stratum {
  /** What was still to come, descending; where `isKnown` is not set, at least so much. */
  readonly left: Float64Array;
  readonly isKnown: Uint8Array;
  /** Standardised features, row after row. */
  readonly features: Float64Array;
}

const MOST_STEPS = 12;
const CONVERGED = 1e-4;
/** Bound of the logarithm of a hazard ratio: no run is told apart by more. */
export const MOST_LOG_RATIO = 8;

/**
 * Coefficients of the log hazard, by Newton's method on Breslow's partial likelihood with a ridge penalty. `penalty`: its
 * weight in rows.
 */
export function fitHazards(strata: readonly Stratum[], width: number, penalty: number): Float64Array {
  const coefficients = new Float64Array(width);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const gradient = new Float64Array(width);
    const information = new Float64Array(width * width);
    for (const stratum of strata) addStratum(stratum, coefficients, gradient, information);
    for (let i = 0; i < width; i += 1) {
      gradient[i] = at(gradient, i) - penalty * at(coefficients, i);
      information[i * width + i] = at(information, i * width + i) + penalty;
    }
    const change = solve(information, gradient, width);
    let largest = 0;
    for (let i = 0; i < width; i += 1) {
      coefficients[i] = at(coefficients, i) + at(change, i);
      largest = Math.max(largest, Math.abs(at(change, i)));
    }
    if (largest < CONVERGED) break;
  }
  return coefficients;
}

export function logRatio(coefficients: Float64Array, features: Float64Array, offset = 0): number {
  let sum = 0;
  for (let i = 0; i < coefficients.length; i += 1) sum += at(coefficients, i) * at(features, offset + i);
  return Math.max(-MOST_LOG_RATIO, Math.min(MOST_LOG_RATIO, sum));
}

/** Adds a stratum's part of the gradient and of the observed information. */
function addStratum(stratum: Stratum, coefficients: Float64Array, gradient: Float64Array, information: Float64Array): void {
  const { left, isKnown, features } = stratum;
  const width = coefficients.length;
  const rows = left.length;
  const weights = Float64Array.from(left, (_, row) => Math.exp(logRatio(coefficients, features, row * width)));
  const riskOfEvents = new Float64Array(rows);
  const sums = new Float64Array(width);
  const means = new Float64Array(width);
  let risk = 0;
  for (let row = 0; row < rows; ) {
    // All that end at the same time have the same risk set: everything so far and each other.
    let end = row;
    while (end < rows && left[end] === left[row]) {
      const weight = at(weights, end);
      risk += weight;
      for (let i = 0; i < width; i += 1) sums[i] = at(sums, i) + weight * at(features, end * width + i);
      end += 1;
    }
    for (let i = 0; i < width; i += 1) means[i] = at(sums, i) / risk;
    let events = 0;
    for (let one = row; one < end; one += 1) {
      if (!isKnown[one]) continue;
      events += 1;
      for (let i = 0; i < width; i += 1) gradient[i] = at(gradient, i) + at(features, one * width + i) - at(means, i);
    }
    if (events > 0) {
      riskOfEvents[end - 1] = events / risk;
      addOuter(information, means, 0, width, -events);
    }
    row = end;
  }
  let later = 0;
  for (let row = rows - 1; row >= 0; row -= 1) {
    later += at(riskOfEvents, row);
    addOuter(information, features, row * width, width, at(weights, row) * later);
  }
  // Only the lower half was filled.
  for (let i = 0; i < width; i += 1) for (let j = 0; j < i; j += 1) information[j * width + i] = at(information, i * width + j);
}

function addOuter(matrix: Float64Array, vector: Float64Array, offset: number, width: number, factor: number): void {
  if (factor === 0) return;
  for (let i = 0; i < width; i += 1) {
    const scaled = factor * at(vector, offset + i);
    if (scaled === 0) continue;
    const row = i * width;
    for (let j = 0; j <= i; j += 1) matrix[row + j] = at(matrix, row + j) + scaled * at(vector, offset + j);
  }
}

/** Solves a symmetric, positive definite system by Cholesky's method; the matrix is overwritten. */
function solve(matrix: Float64Array, right: Float64Array, width: number): Float64Array {
  for (let j = 0; j < width; j += 1) {
    for (let i = j; i < width; i += 1) {
      let sum = at(matrix, i * width + j);
      for (let k = 0; k < j; k += 1) sum -= at(matrix, i * width + k) * at(matrix, j * width + k);
      matrix[i * width + j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / at(matrix, j * width + j);
    }
  }
  const found = Float64Array.from(right);
  for (let i = 0; i < width; i += 1) {
    for (let k = 0; k < i; k += 1) found[i] = at(found, i) - at(matrix, i * width + k) * at(found, k);
    found[i] = at(found, i) / at(matrix, i * width + i);
  }
  for (let i = width - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < width; k += 1) found[i] = at(found, i) - at(matrix, k * width + i) * at(found, k);
    found[i] = at(found, i) / at(matrix, i * width + i);
  }
  return found;
}

/** An element that is there by construction. */
function at(array: Float64Array, index: number): number {
  return array[index] ?? 0;
}
