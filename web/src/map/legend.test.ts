import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { contrast, luminance, ramp } from "./colour";
import { classes, classOf, measures, rangeOf, resolutions, shownCount } from "./legend";

const counts = (unsafe: number, safe: number, signalements = 0) => ({
  unsafe,
  safe,
  signalements,
  contested: unsafe + safe > 0 ? 1 - Math.abs(unsafe - safe) / (unsafe + safe) : null,
});

describe("classes", () => {
  for (const measure of measures) {
    for (const resolution of resolutions) {
      test(`of ${measure} at ${resolution} leave no count out and overlap nowhere`, () => {
        const steps = classes(measure, resolution);
        expect(steps).toHaveLength(5);
        expect(steps[0]?.from).toBe(1);
        steps.slice(1).forEach((step, i) => {
          expect(step.from).toBe((steps[i]?.to ?? Number.NaN) + 1);
        });
        expect(steps[4]?.to).toBeNull();
      });
    }
  }

  test("are found for every count: its bounds hold it", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...measures),
        fc.constantFrom(...resolutions),
        fc.nat(400),
        fc.nat(400),
        fc.nat(400),
        (measure, resolution, unsafe, safe, signalements) => {
          const it = counts(unsafe, safe, signalements);
          const value = shownCount(measure, it);
          const step = classOf(measure, resolution, it);
          if (value === 0) return step === null;
          return step !== null && value >= step.from && value <= (step.to ?? value);
        },
      ),
    );
  });

  test("are written as ranges of counts", () => {
    expect(classes("unsafe", 10).map(rangeOf)).toEqual(["1", "2", "3–4", "5–7", "8"]);
  });
});

describe("contested", () => {
  test("counts the smaller side", () => {
    expect(shownCount("contested", counts(4, 3))).toBe(3);
  });

  test("wants one voice in four at least on the smaller side", () => {
    expect(shownCount("contested", counts(9, 3))).toBe(3);
    expect(shownCount("contested", counts(10, 3))).toBe(0);
    expect(shownCount("contested", counts(0, 0))).toBe(0);
  });
});

describe("ramps", () => {
  for (const [name, steps] of Object.entries(ramp)) {
    test(`${name} darkens at every step, also in grey print`, () => {
      const light = steps.map(luminance);
      light.slice(1).forEach((value, i) => {
        expect(value).toBeLessThan(light[i] as number);
        expect(contrast(steps[i] as string, steps[i + 1] as string)).toBeGreaterThan(1.2);
      });
    });
  }
});
