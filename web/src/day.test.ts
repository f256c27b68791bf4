import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readDay, readTime, writeDay } from "./day";
import { formatClock } from "./text/format";

describe("a day that is typed", () => {
  test("in the ways in which people write one", () => {
    for (const typed of [
      "12/03/2026",
      "12/3/2026",
      " 12.03.2026 ",
      "12 3 2026",
      "12032026",
      "2026-03-12",
    ])
      expect(readDay(typed, false), typed).toBe("2026-03-12");
  });

  test("two digits are a year only once the typing is done", () => {
    expect(readDay("12/03/26", false)).toBeNull();
    expect(readDay("12/03/26", true)).toBe("2026-03-12");
  });

  test("is none when the calendar has no such day", () => {
    for (const typed of [
      "31/02/2026",
      "29/02/2027",
      "00/01/2026",
      "12/13/2026",
      "mars",
      "",
      "12/03",
    ])
      expect(readDay(typed, true), typed).toBeNull();
    expect(readDay("29/02/2028", true)).toBe("2028-02-29");
  });

  test("what is written is read again", () => {
    const day = fc.date({
      min: new Date("1900-01-01"),
      max: new Date("2199-12-31"),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(day, (date) => {
        const iso = date.toISOString().slice(0, 10);
        expect(readDay(writeDay(iso), true)).toBe(iso);
      }),
    );
    expect(writeDay("")).toBe("");
  });
});

describe("a time that is typed", () => {
  test("in the ways in which people write one", () => {
    for (const typed of ["18 h 30", "18h30", "18:30", "18.30", "1830", "18\u202fh\u202f30"])
      expect(readTime(typed, false), typed).toBe("18:30");
    expect(readTime("9h05", false)).toBe("09:05");
    expect(readTime("18 h", false)).toBeNull();
    expect(readTime("18 h", true)).toBe("18:00");
    expect(readTime("0", true)).toBe("00:00");
  });

  test("is none when no clock shows it", () => {
    for (const typed of ["24:00", "18:60", "6 PM", "183", "", "h"])
      expect(readTime(typed, true), typed).toBeNull();
  });

  test("what is written is read again", () => {
    expect(readTime(formatClock("09:05"), true)).toBe("09:05");
    expect(formatClock("18:30")).toBe("18\u00a0h\u00a030");
  });
});
