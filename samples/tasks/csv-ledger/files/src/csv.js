/** Records of a CSV text as objects, keyed by the header. */
export function parseCsv(text) {
  const [header, ...rows] = text.split("\n").map((line) => line.split(","));
  return rows.filter((row) => row.length === header.length).map((row) => toRecord(header, row));
}

function toRecord(header, row) {
  return Object.fromEntries(header.map((name, at) => [name, row[at].replaceAll('"', "")]));
}
