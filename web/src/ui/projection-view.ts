/** What the wall shows, as a value that keys and time change. */
export interface WallView {
  readonly shown: "markers" | "hexagons" | "contested";
  /** A key has chosen: it no longer turns by itself. */
  readonly chosen: boolean;
  readonly codes: boolean;
  readonly help: boolean;
}

export const firstView: WallView = { shown: "markers", chosen: false, codes: false, help: false };

/** Milliseconds between markers and hexagons while nobody has chosen. */
export const TURN = 20_000;

/** What a key asks for; the same on every keyboard layout, in either case. */
export const keys = {
  m: "markers",
  h: "hexagons",
  c: "contested",
  j: "codes",
  a: "auto",
  "?": "help",
} as const;
export type Wish = (typeof keys)[keyof typeof keys] | "close";

export function wishOf(key: string): Wish | null {
  if (key === "Escape") return "close";
  const name = key.toLowerCase();
  return Object.hasOwn(keys, name) ? keys[name as keyof typeof keys] : null;
}

export function wished(view: WallView, wish: Wish): WallView {
  switch (wish) {
    case "codes":
      return { ...view, codes: !view.codes };
    case "help":
      return { ...view, help: !view.help };
    case "close":
      return { ...view, codes: false, help: false };
    case "auto":
      return { ...view, chosen: false };
    default:
      return { ...view, shown: wish, chosen: true };
  }
}

/** The next picture, when the time has come. */
export function turned(view: WallView): WallView {
  if (view.chosen) return view;
  return { ...view, shown: view.shown === "markers" ? "hexagons" : "markers" };
}
