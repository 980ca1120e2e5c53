/** Records of a CSV text as objects, keyed by the header. Empty lines are left out. */
export function parseCsv(text) {
  const [header, ...rows] = rowsOf(text);
  return rows.map((row) => Object.fromEntries(header.map((name, at) => [name, row[at] ?? ""])));
}

function rowsOf(text) {
  const rows = [];
  let row = [];
  let field = "";
  let quoted = false;
  let wasQuoted = false;
  const endField = () => {
    row.push(field);
    field = "";
  };
  const endRow = () => {
    endField();
    if (row.length > 1 || row[0] !== "" || wasQuoted) rows.push(row);
    row = [];
    wasQuoted = false;
  };
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (quoted) {
      if (char !== '"') field += char;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (char === '"') {
      quoted = true;
      wasQuoted = true;
    } else if (char === ",") endField();
    else if (char === "\n") endRow();
    else if (char === "\r" && text[at + 1] === "\n") continue;
    else field += char;
  }
  endRow();
  return rows;
}
