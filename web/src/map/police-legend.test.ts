import { expect, test } from "vitest";
import { luminance } from "./colour";
import { quadrants } from "./police-legend";

test("the quadrants stay apart in grey print", () => {
  const grey = (["felt", "reported", "both"] as const).map((one) => luminance(quadrants[one].fill));
  expect(grey[0]).toBeGreaterThan((grey[2] ?? 0) + 0.3);
  expect(grey[1]).toBeGreaterThan((grey[2] ?? 0) + 0.3);
  // The two pale ones differ by their pattern.
  expect(quadrants.felt.hatched).not.toBe(quadrants.reported.hatched);
});
