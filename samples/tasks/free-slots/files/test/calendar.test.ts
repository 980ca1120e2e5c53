import assert from "node:assert/strict";
import test from "node:test";
import { freeSlots } from "../src/calendar.ts";

test("finds the gaps between meetings", () => {
  const meetings = [
    { title: "b", start: 660, end: 720 },
    { title: "a", start: 540, end: 600 },
  ];
  assert.deepEqual(freeSlots(meetings, { day: { start: 480, end: 1020 }, minMinutes: 30 }), [
    { start: 480, end: 540 },
    { start: 600, end: 660 },
    { start: 720, end: 1020 },
  ]);
});
