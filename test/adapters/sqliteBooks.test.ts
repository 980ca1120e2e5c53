import path from "node:path";
import type { SqliteStore } from "../../src/adapters/sqliteStore";
import { describeBooks } from "./booksBehaviour";
import { openForTest } from "./sqliteOpen";
import { scratchFolder } from "./storeSamples";

describe("sqlite", () => {
  const folder = scratchFolder();
  const stores: SqliteStore[] = [];

  after(async () => {
    await Promise.all(stores.map((store) => store.close()));
    folder.remove();
  });

  describeBooks("sqlite, three windows", async () => {
    const file = path.join(folder.path, "books.db");
    const first = await openForTest(file);
    stores.push(first, await openForTest(file), await openForTest(file));
    return [first.books, ...stores.slice(1).map((store) => store.books)];
  });
});
