import { createMemoryBooks } from "../../src/adapters/memoryBooks";
import { describeBooks } from "./booksBehaviour";

describeBooks("memory", async () => [createMemoryBooks()]);
