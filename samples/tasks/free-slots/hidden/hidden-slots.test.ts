import assert from "node:assert/strict";
import test from "node:test";
import { freeSlots } from "./src/calendar.ts";

const day = { start: 480, end: 1020 };
const at = (start: number, end: number, more = {}) => ({ title: "m", start, end, ...more });

test("answers the same on every call and changes nothing", () => {
  const meetings = [at(660, 720), at(540, 600), at(560, 580), at(600, 610)];
  const before = structuredClone(meetings);
  const wish = Object.freeze({ day: Object.freeze({ ...day }), minMinutes: 30 });
  const first = freeSlots(meetings, wish);
  assert.deepEqual(first, [at2(480, 540), at2(610, 660), at2(720, 1020)]);
  assert.deepEqual(freeSlots(meetings, wish), first);
  assert.deepEqual(meetings, before);
  const frozen = Object.freeze(meetings.map((one) => Object.freeze(one)));
  assert.deepEqual(freeSlots(frozen, wish), first);
  first[0]!.start = 0;
  assert.deepEqual(freeSlots(meetings, wish)[0], at2(480, 540));
});

function at2(start: number, end: number) {
  return { start, end };
}

test("a short meeting inside a long one frees nothing", () => {
  assert.deepEqual(freeSlots([at(500, 900), at(520, 540)], { day, minMinutes: 1 }), [at2(480, 500), at2(900, 1020)]);
});

test("meetings beyond the opening hours", () => {
  assert.deepEqual(freeSlots([at(0, 500), at(1000, 1400)], { day, minMinutes: 1 }), [at2(500, 1000)]);
  assert.deepEqual(freeSlots([at(0, 100), at(1100, 1200)], { day, minMinutes: 1 }), [at2(480, 1020)]);
  assert.deepEqual(freeSlots([at(0, 1400)], { day, minMinutes: 0 }), []);
});

test("no slot of nothing, and slots just long enough", () => {
  assert.deepEqual(freeSlots([at(480, 600), at(600, 1020)], { day, minMinutes: 0 }), []);
  assert.deepEqual(freeSlots([at(510, 990)], { day, minMinutes: 30 }), [at2(480, 510), at2(990, 1020)]);
  assert.deepEqual(freeSlots([at(509, 991)], { day, minMinutes: 30 }), []);
});

test("cancelled meetings do not count", () => {
  assert.deepEqual(freeSlots([at(600, 700, { cancelled: true })], { day, minMinutes: 5 }), [at2(480, 1020)]);
  assert.deepEqual(freeSlots([at(600, 700, { cancelled: false })], { day, minMinutes: 5 }), [at2(480, 600), at2(700, 1020)]);
});

test("buffers around meetings, not around the day", () => {
  const wish = { day, minMinutes: 10, bufferMinutes: 15 };
  assert.deepEqual(freeSlots([at(600, 700), at(730, 800)], wish), [at2(480, 585), at2(815, 1020)]);
  assert.deepEqual(freeSlots([], wish), [at2(480, 1020)]);
  assert.deepEqual(freeSlots([at(480, 490), at(1010, 1020)], wish), [at2(505, 995)]);
  assert.deepEqual(freeSlots([at(400, 470)], wish), [at2(485, 1020)]);
});
