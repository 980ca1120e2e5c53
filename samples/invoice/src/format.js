import { formatCents } from "./money.js";

const WIDTH = 44;

/** The invoice as plain text, amounts aligned to the right. */
export function formatInvoice({ number, lines, totals }) {
  const rows = lines.map((line) => row(`${line.quantity} x ${line.title}`, line.cents));
  const extras = [
    ...(totals.discount > 0 ? [row("Discount", -totals.discount)] : []),
    row("Tax", totals.tax),
  ];
  const rule = "-".repeat(WIDTH);
  return [`Invoice ${number}`, rule, ...rows, rule, ...extras, row("Due", totals.due)].join("\n");
}

function row(label, cents) {
  const amount = formatCents(cents);
  const room = WIDTH - amount.length - 1;
  const shown = label.length > room ? `${label.slice(0, room - 1)}…` : label;
  return `${shown.padEnd(room)} ${amount}`;
}
