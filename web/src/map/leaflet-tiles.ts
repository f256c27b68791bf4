/** Vector tiles painted on Leaflet's grid: ground, limits, names, landmarks. */
import "../trusted";
import Point from "@mapbox/point-geometry";
import L from "leaflet";
import {
  type Label,
  Labelers,
  type LabelRule,
  type Layout,
  type PaintRule,
  type PreparedTile,
  paint,
  TileCache,
  type Feature as TileFeature,
  View,
  type Zxy,
  ZxySource,
} from "protomaps-leaflet";
import { extentOf } from "../units";
import { colour } from "./colour";
import { DENSITY_MAX, FONT, ZOOM_MAX, ZOOM_MIN } from "./leaflet-frame";
import { drawPictogram } from "./pictogram";
import { joined, lengthOf, middle, readable, straightest } from "./street-label";
import {
  domanialiteOf,
  landmarkZoom,
  type StreetStyle,
  streetNameSize,
  streetNameZoom,
  streetStyle,
} from "./style";

// Below this zoom a tile of data covers the whole city; above 15 the tiles of
// zoom 15 are enlarged: their grid of 4096 is 0.2 m fine at this latitude.
export const DATA_ZOOM_MAX = 15;

// Side of a tile of data in the units of the painter.
export const TILE_PIXELS = 512;

interface PaintedLayerOptions extends L.GridLayerOptions {
  views: Map<string, View>;
  paintRules: PaintRule[];
  labelRules: LabelRule[];
  background?: string;
  /** Tiles appear as soon as they are drawn, instead of fading in. */
  atOnce?: boolean;
  /** Pixels of a tile for one of CSS; as many as the screen has when left out. */
  density?: number;
}

/** Draws vector tiles on canvas tiles with the painter of protomaps-leaflet. */
export class PaintedLayer extends L.GridLayer {
  readonly #scratch = document.createElement("canvas").getContext("2d") as CanvasRenderingContext2D;
  readonly #density: number;
  readonly #painted: PaintedLayerOptions;
  #labelers: Labelers;

  constructor(options: PaintedLayerOptions) {
    super({
      minZoom: ZOOM_MIN - 2,
      maxZoom: ZOOM_MAX + 1,
      keepBuffer: 1,
      // Painting each zoom that two fingers pass through is what a phone has no time for.
      updateWhenZooming: false,
      ...options,
    });
    this.#painted = options;
    this.#density = options.density ?? Math.min(DENSITY_MAX, window.devicePixelRatio || 1);
    this.#labelers = this.#newLabelers();
    if (options.atOnce) {
      // Leaflet fades a tile in from the moment at which it was loaded.
      this.on("tileload", ({ tile }: L.TileEvent) => {
        for (const one of Object.values(this._tiles)) {
          if (one.el === tile) one.loaded = new Date(0);
        }
      });
    }
  }

  /** Draws everything again, after new data, fonts or dimming. */
  repaint(): void {
    this.#labelers = this.#newLabelers();
    for (const tile of this.#tiles()) void this.#paint(tile.coords, tile.el);
  }

  protected override createTile(coords: L.Coords, done: L.DoneCallback): HTMLElement {
    const canvas = document.createElement("canvas");
    this.#paint(coords, canvas).then(
      () => done(undefined, canvas),
      (error: Error) => done(error, canvas),
    );
    return canvas;
  }

  #newLabelers(): Labelers {
    return new Labelers(this.#scratch, this.#painted.labelRules, 64, (keys) => {
      for (const tile of this.#tiles()) {
        const { x, y, z } = tile.coords;
        if (keys.has(`${x}:${y}:${z}`)) void this.#paint(tile.coords, tile.el);
      }
    });
  }

  #tiles(): { coords: L.Coords; el: HTMLCanvasElement }[] {
    return Object.values(this._tiles as Record<string, { coords: L.Coords; el: HTMLElement }>).map(
      ({ coords, el }) => ({ coords, el: el as HTMLCanvasElement }),
    );
  }

  async #paint(coords: L.Coords, canvas: HTMLCanvasElement): Promise<void> {
    const prepared = new Map<string, PreparedTile[]>();
    const labelers = this.#labelers;
    await Promise.all(
      [...this.#painted.views].map(async ([name, view]) => {
        // A layer that cannot be fetched leaves the others to be drawn: in the
        // hall the network comes and goes. The map repaints when it is back.
        const tile = await view.getDisplayTile(coords).catch(() => null);
        if (tile) prepared.set(name, [tile]);
      }),
    );
    labelers.add(coords.z, prepared);
    const size = 256 * this.#density;
    canvas.width = size;
    canvas.height = size;
    const context = canvas.getContext("2d");
    if (!context) return;
    context.scale(this.#density, this.#density);
    if (this.#painted.background) {
      context.fillStyle = this.#painted.background;
      context.fillRect(0, 0, 256, 256);
    }
    const origin = new Point(256 * coords.x, 256 * coords.y);
    const margin = 16;
    const box = {
      minX: origin.x - margin,
      minY: origin.y - margin,
      maxX: origin.x + 256 + margin,
      maxY: origin.y + 256 + margin,
    };
    const index = labelers.getIndex(coords.z) ?? null;
    paint(context, coords.z, prepared, index, this.#painted.paintRules, box, origin, false);
  }
}

/** Asks for tiles from a zoom on; there is nothing to see below, and nothing to ask. */
export class Source extends ZxySource {
  readonly #zoomMin: number;

  constructor(url: string, zoomMin: number) {
    super(url, false);
    this.#zoomMin = zoomMin;
  }

  override get(tile: Zxy, tileSize: number): Promise<Map<string, TileFeature[]>> {
    return tile.z < this.#zoomMin ? Promise.resolve(new Map()) : super.get(tile, tileSize);
  }

  /** Gives up what has not come yet; the server then stops working on it. */
  abort(): void {
    for (const { controller } of this.zoomaborts.splice(0)) controller.abort();
  }
}

export function viewOf(source: Source): View {
  // levelDiff 1: one tile of data (512 px) feeds four on the screen.
  return new View(new TileCache(source, TILE_PIXELS), DATA_ZOOM_MAX, 1);
}

export function trace(
  context: CanvasRenderingContext2D,
  geometry: readonly (readonly Point[])[],
): void {
  context.beginPath();
  for (const line of geometry) {
    line.forEach((point, i) => {
      if (i === 0) context.moveTo(point.x, point.y);
      else context.lineTo(point.x, point.y);
    });
  }
}

function streetRule(rank: 0 | 1 | 2, part: "casing" | "fill"): PaintRule {
  const styleOf = (feature: TileFeature, zoom: number) =>
    streetStyle(domanialiteOf(feature.props.domanialite), zoom);
  return {
    dataSource: "voirie",
    dataLayer: "voirie",
    filter: (zoom, feature) => styleOf(feature, zoom).rank === rank,
    symbolizer: {
      before(context) {
        context.globalAlpha = 1;
        context.lineCap = "round";
        context.lineJoin = "round";
      },
      draw(context, geometry, zoom, feature) {
        const style: StreetStyle = styleOf(feature, zoom);
        context.strokeStyle = part === "casing" ? style.casing : style.fill;
        context.lineWidth = part === "casing" ? style.casingWidth : style.width;
        trace(context, geometry);
        context.stroke();
      },
    },
  };
}

export function groundRules(): PaintRule[] {
  return [
    {
      dataSource: "reperes",
      dataLayer: "reperes",
      symbolizer: {
        before(context) {
          context.globalAlpha = 1;
          context.fillStyle = colour.landmark;
          context.strokeStyle = colour.landmarkEdge;
          context.lineWidth = 1;
        },
        draw(context, geometry, zoom) {
          trace(context, geometry);
          context.fill();
          if (zoom >= 15) context.stroke();
        },
      },
    },
    // All casings below all surfaces of a rank, so that streets join at crossings.
    streetRule(0, "casing"),
    streetRule(0, "fill"),
    streetRule(1, "casing"),
    streetRule(1, "fill"),
    streetRule(2, "casing"),
    streetRule(2, "fill"),
    limitRule(),
  ];
}

/**
 * Limits between quartiers are dashed. Two neighbours bring the same line: drawn
 * twice, its dashes would fill each other's gaps, so each segment is drawn once.
 */
function limitRule(): PaintRule {
  const drawn = new Set<string>();
  return {
    dataSource: "quartiers",
    dataLayer: "quartiers",
    symbolizer: {
      before(context) {
        drawn.clear();
        context.globalAlpha = 0.8;
        context.strokeStyle = colour.limit;
        context.lineWidth = 1.4;
        context.lineJoin = "round";
      },
      draw(context, geometry) {
        context.save();
        context.setLineDash([5, 4]);
        context.beginPath();
        for (const line of geometry) {
          let joined = false;
          line.forEach((to, i) => {
            const from = line[i - 1];
            if (!from) return;
            const ends = [from, to].map(({ x, y }) => `${Math.round(x * 4)},${Math.round(y * 4)}`);
            const segment = ends.sort().join(" ");
            const fresh = !drawn.has(segment);
            drawn.add(segment);
            if (fresh && !joined) context.moveTo(from.x, from.y);
            if (fresh) context.lineTo(to.x, to.y);
            joined = fresh;
          });
        }
        context.stroke();
        context.restore();
      },
    },
  };
}

/** Tells whether a name stands outside of the quartier in question. */
type Dimmed = (worldX: number, worldY: number, zoom: number) => boolean;

export function nameRules(scale: () => number, dimmed: Dimmed): LabelRule[] {
  const streetRuleOf = (rank: 0 | 1 | 2): LabelRule => ({
    dataSource: "voirie",
    dataLayer: "voirie",
    minzoom: streetNameZoom(rank),
    filter: (zoom, feature) =>
      streetStyle(domanialiteOf(feature.props.domanialite), zoom).rank === rank,
    symbolizer: {
      place: (layout, geometry, feature) =>
        placeStreet(layout, geometry, feature, rank, scale(), dimmed),
    },
  });
  const landmarkRule = (name: boolean): LabelRule => ({
    dataSource: "reperes",
    dataLayer: "reperes",
    symbolizer: {
      place: (layout, geometry, feature) =>
        placeLandmark(layout, geometry, feature, scale(), dimmed, name),
    },
  });
  return [
    landmarkRule(true),
    streetRuleOf(2),
    streetRuleOf(1),
    streetRuleOf(0),
    landmarkRule(false),
  ];
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function placeStreet(
  layout: Layout,
  geometry: readonly (readonly Point[])[],
  feature: TileFeature,
  rank: 0 | 1 | 2,
  scale: number,
  dimmed: Dimmed,
): Label[] | undefined {
  const name = textOf(feature.props.nom);
  if (!name) return undefined;
  const size = streetNameSize(rank, layout.zoom) * scale;
  const font = `${size}px ${FONT}`;
  layout.scratch.font = font;
  const width = layout.scratch.measureText(name).width + 6;
  const longest = joined(geometry).slice(0, 3);
  for (const line of longest) {
    const stretch = straightest(line, width);
    if (!stretch || stretch.straightness < 0.94) continue;
    const { start, end } = readable(stretch);
    return [streetLabel({ name, font, size, start, end, zoom: layout.zoom, dimmed })];
  }
  // A street shorter than its name, or winding, is named at its middle: in its
  // own direction when it has one.
  const line = longest[0];
  const centre = line && layout.zoom >= 17 ? middle(line) : null;
  const length = line ? lengthOf(line) : 0;
  if (!line || !centre || length < width * 0.6) return undefined;
  const whole = straightest(line, length);
  const turn =
    whole && whole.straightness > 0.9
      ? Math.atan2(whole.end.y - whole.start.y, whole.end.x - whole.start.x)
      : 0;
  const half = { x: (Math.cos(turn) * width) / 2, y: (Math.sin(turn) * width) / 2 };
  const { start, end } = readable({
    start: { x: centre.x - half.x, y: centre.y - half.y },
    end: { x: centre.x + half.x, y: centre.y + half.y },
    straightness: 1,
  });
  return [streetLabel({ name, font, size, start, end, zoom: layout.zoom, dimmed })];
}

function streetLabel(it: {
  name: string;
  font: string;
  size: number;
  start: { x: number; y: number };
  end: { x: number; y: number };
  zoom: number;
  dimmed: Dimmed;
}): Label {
  const { start, end, size } = it;
  const length = Math.hypot(end.x - start.x, end.y - start.y);
  const boxes = Math.max(1, Math.ceil(length / (size * 1.4)));
  const half = size * 0.75;
  const bboxes = Array.from({ length: boxes + 1 }, (_, i) => {
    const x = start.x + ((end.x - start.x) * i) / boxes;
    const y = start.y + ((end.y - start.y) * i) / boxes;
    return { minX: x - half, minY: y - half, maxX: x + half, maxY: y + half };
  });
  const anchor = new Point((start.x + end.x) / 2, (start.y + end.y) / 2);
  return {
    anchor,
    bboxes,
    deduplicationKey: it.name,
    deduplicationDistance: 420,
    draw(context) {
      context.rotate(Math.atan2(end.y - start.y, end.x - start.x));
      writeName(context, it.name, it.font, colour.ink, it.dimmed(anchor.x, anchor.y, it.zoom));
    },
  };
}

function writeName(
  context: CanvasRenderingContext2D,
  text: string,
  font: string,
  ink: string,
  dimmed: boolean,
): void {
  context.globalAlpha = dimmed ? 0.45 : 1;
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  context.lineWidth = 3.5;
  context.strokeStyle = "rgba(255,255,255,.92)";
  context.strokeText(text, 0, 0);
  context.fillStyle = ink;
  context.fillText(text, 0, 0);
}

function placeLandmark(
  layout: Layout,
  geometry: readonly (readonly Point[])[],
  feature: TileFeature,
  scale: number,
  dimmed: Dimmed,
  named: boolean,
): Label[] | undefined {
  const name = textOf(feature.props.nom);
  const type = textOf(feature.props.type_bien);
  const from = landmarkZoom(type);
  if (layout.zoom < from.icon || (named && (layout.zoom < from.name || !name))) return undefined;
  const box = extentOf((geometry[0] ?? []).map((point) => [point.x, point.y]));
  if (!box) return undefined;
  const anchor = new Point((box[0] + box[2]) / 2, (box[1] + box[3]) / 2);
  const radius = 9 * scale;
  const size = 12.5 * scale;
  const font = `${size}px ${FONT}`;
  layout.scratch.font = font;
  const lines = named ? broken(name, 18) : [];
  const width = Math.max(0, ...lines.map((line) => layout.scratch.measureText(line).width));
  const half = Math.max(radius, width / 2) + 3;
  const bboxes = [
    {
      minX: anchor.x - half,
      minY: anchor.y - radius - 2,
      maxX: anchor.x + half,
      maxY: anchor.y + radius + 2 + lines.length * size * 1.15,
    },
  ];
  const dim = dimmed(anchor.x, anchor.y, layout.zoom);
  return [
    {
      anchor,
      bboxes,
      // A school has many buildings; it is named once.
      deduplicationKey: name || "repere",
      deduplicationDistance: 400,
      draw(context) {
        context.globalAlpha = dim ? 0.4 : 1;
        drawPictogram(context, type, radius);
        lines.forEach((line, i) => {
          context.save();
          context.translate(0, radius + size * (0.75 + i * 1.15));
          writeName(context, line, font, colour.landmarkInk, dim);
          context.restore();
        });
      },
    },
  ];
}

/** Breaks a name into lines of about `width` characters, between words. */
function broken(name: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of name.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
