// Amounts are whole cents, so that sums are exact. Rates are fractions: 0.19 stands for 19 %.

/** Cents of a price as people write it: "2.50", "3", "-0.99". */
export function parsePrice(text) {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) throw new TypeError(`not a price: ${JSON.stringify(text)}`);
  const [, sign, whole, decimals = ""] = match;
  const cents = Number(whole) * 100 + Number(decimals.padEnd(2, "0"));
  return sign ? -cents : cents;
}

export function sum(amounts) {
  return amounts.reduce((total, cents) => total + cents, 0);
}

/** A share of an amount, rounded to the cent. Half a cent rounds up. */
export function portion(cents, rate) {
  return Math.round(cents * rate);
}

/** "$1,234.50", or "-$0.99" for a credit. */
export function formatCents(cents) {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  const whole = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${cents < 0 ? "-" : ""}$${whole}.${digits.slice(-2)}`;
}
