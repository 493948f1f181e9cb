import { expect, test } from "vitest";
import { clock, isMoment, moment, zone } from "../src/clock.js";
import { EMPTY, merge } from "../src/log.js";
import type { Event } from "../src/wire.js";

const SEOUL = { locale: "en-GB", timezone: "Asia/Seoul" };

test("a moment is written as the customer's clock has it", () => {
  expect(moment("2026-11-25T23:34:39Z", SEOUL)).toBe("26 Nov 2026, 08:34:39");
  expect(moment("2026-11-25T23:34:39.123+09:00", { locale: "en-US", timezone: "America/New_York" })).toMatch(/^Nov 25, 2026, 9:34:39.AM$/);
});

test.each(["2026-11-25", "2026-11-25T23:34:39", "2026-13-45T99:00:00Z", "x2026-11-25T23:34:39Z", "", null, 20261125, undefined])("%s is no moment", (value) => {
  expect(isMoment(value)).toBe(false);
});

test("the clock is the session's, where it is known", () => {
  const started = { type: "SessionStarted", number: 0, ...SEOUL } as Event;
  expect(clock(merge(EMPTY, 0, [started]))).toEqual(SEOUL);
  expect(zone(clock(EMPTY))).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
});

test("a zone or language the browser does not know is no reason to fail", () => {
  expect(moment("2026-11-25T23:34:39Z", { locale: "xx-nonsense-$", timezone: "Mars/Base" })).toContain("2026");
});
