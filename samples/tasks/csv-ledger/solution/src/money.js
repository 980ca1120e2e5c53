/** Whole cents of an amount as it is written, `null` when it is none. */
export function centsOf(amount) {
  const [, sign, whole, cents] = /^(-?)(\d+|\d{1,3}(?:,\d{3})+)\.(\d\d)$/.exec(amount.trim()) ?? [];
  if (whole === undefined) return null;
  const value = Number(whole.replaceAll(",", "")) * 100 + Number(cents);
  return sign ? -value : value;
}

export function formatCents(cents) {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
