/** Adds an amount, written with two decimals, to a sum. */
export function addAmount(sum, amount) {
  const value = Number.parseFloat(amount);
  return Math.floor((sum + value) * 100) / 100;
}
