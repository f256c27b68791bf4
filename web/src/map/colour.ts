/**
 * The colours of the product, once. Orange against blue stays apart for
 * colour-blind readers and in grey print; every colour also has a shape or a
 * pattern. style/tokens.css repeats those that style sheets need; a test keeps
 * the two equal.
 */
export const colour = {
  ink: "#1d2433",
  muted: "#5a6272",
  paper: "#ffffff",
  sand: "#f7f5f0",
  focus: "#1746c4",
  unsafe: "#a83a12",
  safe: "#0d6283",
  contested: "#5f4694",
  signalement: "#4d5566",
  land: "#f4f2ec",
  street: "#ffffff",
  casing: "#d9d4c7",
  mainStreet: "#f3dfae",
  mainCasing: "#d8bf80",
  motorway: "#e9c9a0",
  motorwayCasing: "#c79f6b",
  landmark: "#e3ddef",
  landmarkEdge: "#c6bcdc",
  landmarkInk: "#54467a",
  limit: "#5b6472",
} as const;

/** Five steps each, light to dark; the luminance falls at every step. */
export const ramp = {
  unsafe: ["#fdebdc", "#f8c79d", "#ec965b", "#cf6128", "#8a360f"],
  safe: ["#dff0f5", "#addae6", "#6bb5cc", "#2785a5", "#0a506b"],
  contested: ["#ece7f5", "#cdc1e4", "#a795cf", "#7d65b0", "#4a3478"],
  signalements: ["#eceef1", "#c9ced6", "#9ba3b0", "#687182", "#343b4a"],
} as const;

/** Relative luminance of "#rrggbb" as WCAG 2.2 defines it, 0 (black) to 1 (white). */
export function luminance(hex: string): number {
  const channel = (start: number) => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
