/** Markers, zones and hexagons on one canvas per pane, and the map's controls. */
import "../trusted";
import L from "leaflet";
import { colour } from "./colour";
import { toLatLng } from "./leaflet-frame";
import type { HexagonShape, MapWords, MarkerShape } from "./map";

/** What Leaflet's canvas renderer offers to a path; its types keep it to themselves. */
interface CanvasPath {
  _renderer: {
    _ctx: CanvasRenderingContext2D;
    _drawing: boolean;
    _updatePoly(path: L.Path, closed: boolean): void;
  };
  _point: L.Point;
  _empty(): boolean;
}

/** A rounded triangle for "unsafe", a circle for "safe": told apart without colour. */
export class MarkerPath extends L.CircleMarker {
  readonly shape: MarkerShape;
  selected = false;
  readonly #scale: number;

  constructor(shape: MarkerShape, options: L.CircleMarkerOptions, scale = 1) {
    super(toLatLng(shape.geometry.coordinates as readonly number[]), {
      ...options,
      interactive: false,
      // The radius covers the drawing and its ring of selection, so that
      // Leaflet clears all of it.
      radius: 20 * scale,
    });
    this.shape = shape;
    this.#scale = scale;
  }

  protected _updatePath(): void {
    const path = this as unknown as CanvasPath;
    if (!path._renderer._drawing || path._empty()) return;
    const { x, y } = path._point;
    drawMarker(path._renderer._ctx, x, y, this.shape, this.selected, this.#scale);
  }
}

/** Draws a marker with its middle at x, y; also used by legends. */
export function drawMarker(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  shape: Pick<MarkerShape, "felt" | "emphasis" | "pending" | "hidden">,
  selected: boolean,
  scale = 1,
): void {
  const radius = (shape.emphasis === "other" ? 7.5 : 10) * scale;
  context.save();
  context.translate(x, y);
  if (selected) {
    context.beginPath();
    context.arc(0, 0, radius + 7, 0, 2 * Math.PI);
    context.strokeStyle = colour.focus;
    context.lineWidth = 3;
    context.stroke();
  }
  context.beginPath();
  if (shape.felt === "safe") {
    context.arc(0, 0, radius, 0, 2 * Math.PI);
  } else {
    const corner = radius * 0.28;
    const at = (turn: number): [number, number] => [
      // A triangle looks smaller than a circle of the same reach.
      1.5 * radius * Math.sin(turn),
      -1.5 * radius * Math.cos(turn) + radius * 0.25,
    ];
    const [a, b, c] = [at(0), at((2 * Math.PI) / 3), at((4 * Math.PI) / 3)];
    context.moveTo((a[0] + b[0]) / 2, (a[1] + b[1]) / 2);
    context.arcTo(b[0], b[1], c[0], c[1], corner);
    context.arcTo(c[0], c[1], a[0], a[1], corner);
    context.arcTo(a[0], a[1], b[0], b[1], corner);
    context.closePath();
  }
  const ink = shape.felt === "safe" ? colour.safe : colour.unsafe;
  context.fillStyle = shape.hidden ? colour.paper : ink;
  context.globalAlpha = shape.emphasis === "other" ? 0.75 : 1;
  context.fill();
  context.globalAlpha = 1;
  context.lineWidth = 2 * scale;
  context.strokeStyle = shape.hidden ? ink : colour.paper;
  if (shape.pending) context.setLineDash([3, 3]);
  context.stroke();
  if (shape.hidden) {
    context.beginPath();
    context.moveTo(-radius, radius);
    context.lineTo(radius, -radius);
    context.stroke();
  }
  context.restore();
}

/** Many markers are drawn smaller, so that one still sees between them what is below. */
export const crowdScale = (markers: number): number =>
  markers <= 60 ? 1 : markers <= 120 ? 0.85 : 0.7;

const patterns = new Map<string, CanvasPattern>();

/** A repeating texture: diagonal lines for "unsafe" and contested, dots for "safe". */
export function texture(
  kind: "lines" | "dots",
  ink: string,
  ground: string,
): CanvasPattern | string {
  const key = `${kind} ${ink} ${ground}`;
  const known = patterns.get(key);
  if (known) return known;
  const tile = document.createElement("canvas");
  tile.width = 8;
  tile.height = 8;
  const context = tile.getContext("2d");
  if (!context) return ground;
  context.fillStyle = ground;
  context.fillRect(0, 0, 8, 8);
  context.strokeStyle = ink;
  context.fillStyle = ink;
  context.lineWidth = 1.6;
  if (kind === "lines") {
    for (const shift of [-8, 0, 8]) {
      context.beginPath();
      context.moveTo(shift - 1, 9);
      context.lineTo(shift + 9, -1);
      context.stroke();
    }
  } else {
    context.beginPath();
    context.arc(4, 4, 1.4, 0, 2 * Math.PI);
    context.fill();
  }
  const pattern = context.createPattern(tile, "repeat");
  if (!pattern) return ground;
  patterns.set(key, pattern);
  return pattern;
}

/** Leaflet hands `fillColor` to the canvas as it is, and a canvas takes a pattern for a colour. */
const asFill = (fill: CanvasPattern | string): string => fill as string;

export function zoneOptions(
  shape: MarkerShape,
  renderer: L.Renderer,
  selected: boolean,
  scale = 1,
): L.PolylineOptions {
  const ink = shape.felt === "safe" ? colour.safe : colour.unsafe;
  const ground = shape.felt === "safe" ? "rgba(13,98,131,.16)" : "rgba(168,58,18,.16)";
  return {
    renderer,
    interactive: false,
    color: selected ? colour.focus : ink,
    weight: (selected ? 4 : 2.5) * scale,
    opacity: shape.emphasis === "other" ? 0.7 : 1,
    fill: true,
    fillColor: asFill(texture(shape.felt === "safe" ? "dots" : "lines", ink, ground)),
    fillOpacity: shape.hidden ? 0.12 : shape.emphasis === "other" ? 0.4 : 0.65,
    ...(shape.pending || shape.hidden ? { dashArray: "6 5" } : {}),
  };
}

export function hexagonOptions(
  shape: Pick<HexagonShape, "fill" | "edge" | "hatched" | "strong">,
  renderer: L.Renderer,
  scale: number,
): L.PolylineOptions {
  return {
    renderer,
    interactive: false,
    color: shape.strong ? colour.ink : shape.edge,
    weight: shape.strong ? 3 * scale : scale,
    opacity: 0.9,
    fill: true,
    fillColor: asFill(shape.hatched ? texture("lines", shape.edge, shape.fill) : shape.fill),
    fillOpacity: 0.7,
  };
}

/** One control with plain text; Leaflet's own would write HTML. */
export class Attribution extends L.Control {
  readonly #element = document.createElement("div");

  constructor() {
    super({ position: "bottomright" });
    this.#element.className = "map-attribution";
  }

  override onAdd(): HTMLElement {
    return this.#element;
  }

  say(text: string): void {
    this.#element.textContent = text;
  }
}

export class ZoomButtons extends L.Control {
  readonly #words: MapWords;

  constructor(words: MapWords) {
    super({ position: "topright" });
    this.#words = words;
  }

  override onAdd(map: L.Map): HTMLElement {
    const box = document.createElement("div");
    box.className = "map-zoom";
    const button = (sign: string, label: string, levels: number) => {
      const element = document.createElement("button");
      element.type = "button";
      element.textContent = sign;
      element.setAttribute("aria-label", label);
      element.title = label;
      element.addEventListener("click", () => map.setZoom(map.getZoom() + levels));
      box.append(element);
    };
    button("+", this.#words.zoomIn, 1);
    button("−", this.#words.zoomOut, -1);
    L.DomEvent.disableClickPropagation(box);
    return box;
  }
}
