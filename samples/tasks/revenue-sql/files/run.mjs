// Runs report.sql on the data of seed.sql: node --no-warnings run.mjs
import { readFileSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

const db = new DatabaseSync(":memory:");
for (const file of ["schema.sql", "seed.sql"]) db.exec(readFileSync(file, "utf8"));
console.table(db.prepare(readFileSync("report.sql", "utf8")).all());
