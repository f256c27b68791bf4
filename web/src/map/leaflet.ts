/**
 * The only door to Leaflet and protomaps-leaflet: everything else speaks of
 * positions in degrees (longitude first), hexagons and markers. Leaflet's
 * latitude-first order exists only in `toLatLng` and `fromLatLng`.
 *
 * Layers from the ground up: own basemap or raster, veil over the rest of the
 * city, hexagons, limits of the quartier in question, names, zones and markers,
 * what is being drawn, handles.
 */
import "../trusted";
import "leaflet/dist/leaflet.css";
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
import type { MapDrawing, Spot } from "../chart/map-drawing";
import { type CellId, cellId, type Extent, extentOf, inRing, type LonLat, lonLat } from "../units";
import { borderOf } from "./border";
import { colour } from "./colour";
import { drawPictogram } from "./pictogram";
import { distanceToLines, joined, lengthOf, middle, readable, straightest } from "./street-label";
import {
  domanialiteOf,
  landmarkZoom,
  type StreetStyle,
  streetNameSize,
  streetNameZoom,
  streetStyle,
} from "./style";
import { imageOf, type Picture } from "./surface";

export type Felt = "unsafe" | "safe";

/** GeoJSON geometry of a quartier, longitude first. */
export type QuartierShape = {
  readonly type: "Polygon" | "MultiPolygon";
  readonly coordinates: readonly unknown[];
};

/** How a hexagon is drawn; what it means is decided by the legend, not here. */
export interface HexagonShape {
  readonly id: CellId;
  /** Closed or open ring, longitude first. */
  readonly ring: readonly (readonly number[])[];
  readonly fill: string;
  readonly edge: string;
  /** Contested: diagonal hatch in the colour of the edge. */
  readonly hatched: boolean;
  /** Stands out from the others: a strong edge. */
  readonly strong?: boolean;
}

/** Some hexagons with one line around them and a number. */
export interface OutlinedPlace {
  /** Closed rings of its hexagons, longitude first. */
  readonly rings: readonly (readonly (readonly number[])[])[];
  readonly at: LonLat;
  readonly label: string;
  readonly dashed: boolean;
}

/** How hexagons of vector tiles are drawn: the properties of a tile's feature → a shape, null to leave it out. */
export type HexagonTilePaint = (
  properties: Readonly<Record<string, unknown>>,
) => { fill: string; edge: string; hatched: boolean } | null;

export interface MarkerShape {
  readonly id: string;
  readonly felt: Felt;
  /** A point, or the outer ring of a zone, longitude first. */
  readonly geometry:
    | { readonly type: "Point"; readonly coordinates: readonly number[] }
    | {
        readonly type: "Polygon";
        readonly coordinates: readonly (readonly (readonly number[])[])[];
      };
  /** Markers of others are drawn smaller and paler than one's own. */
  readonly emphasis?: "own" | "other";
  /** Not yet acknowledged by the server: drawn with a dashed edge. */
  readonly pending?: boolean;
  /** Taken off the others' map by the animateur: drawn hollow and struck out. */
  readonly hidden?: boolean;
}

/** What is being drawn and is not a marker yet. */
export interface Draft {
  readonly felt: Felt;
  readonly positions: readonly LonLat[];
  /** One position is a point; more are a line, or a zone when closed. */
  readonly closed: boolean;
}

export interface Tap {
  readonly at: LonLat;
  /** The topmost marker under the finger, with a tolerance of a finger's width. */
  readonly marker: string | null;
  readonly hexagon: CellId | null;
  /** Properties of the hexagon when it comes from vector tiles. */
  readonly properties: Readonly<Record<string, unknown>> | null;
}

/** One event of a finger or a mouse that draws; the map does not move meanwhile. */
export interface Stroke {
  readonly phase: "start" | "move" | "end" | "cancel";
  readonly at: LonLat;
}

export interface HandleMove {
  readonly index: number;
  readonly at: LonLat;
  /** "end" once the finger is lifted or the arrow key was pressed. */
  readonly phase: "move" | "end";
}

/** Where a mouse is over the map; null once it has left. */
export type Hover = { readonly at: LonLat; readonly hexagon: CellId | null } | null;

export interface MapEvents {
  tap: Tap;
  hover: Hover;
  /** The view has come to rest after a move or a zoom. */
  view: ViewState;
}

export interface ViewState {
  readonly center: LonLat;
  readonly zoom: number;
  readonly extent: Extent;
}

/** Room taken by panels over the map, CSS pixels. */
export interface Insets {
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
  readonly left?: number;
}

/** Visible words of the map, in the language of the page. */
export interface MapWords {
  /** Names the map to a screen reader and says how the keyboard moves it. */
  readonly map: string;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly attribution: string;
  readonly rasterAttribution: string;
}

export interface MapOptions {
  readonly element: HTMLElement;
  readonly words: MapWords;
  /** Surroundings of the territoire: the map stays about there. */
  readonly extent: Extent;
  /** INSEE code, when the server holds several territoires. */
  readonly territoire?: string;
  /** Without controls and gestures (projection). */
  readonly still?: boolean;
  /** On paper a picture stands for the map, which cannot follow the size of a page. */
  readonly printable?: boolean;
  /** Base size of names, 1 by default; the projection takes more. */
  readonly nameScale?: number;
  /** Zooms between whole steps, so that what is fitted fills the frame. */
  readonly anyZoom?: boolean;
  /** Size of markers and width of edges, 1 by default; the projection takes more. */
  readonly shapeScale?: number;
}

export interface QuietudeMap {
  on<K extends keyof MapEvents>(event: K, handler: (value: MapEvents[K]) => void): () => void;

  fit(shape: QuartierShape | Extent, insets?: Insets): void;
  view(): ViewState;
  setView(center: LonLat, zoom: number, insets?: Insets): void;
  /** Brings a position into view, zooming in to `zoom` at least. */
  show(at: LonLat, zoom?: number, insets?: Insets): void;
  zoomBy(levels: number): void;
  /** After the element has changed its size. */
  resized(): void;

  /** Dims the rest of the city and marks the limit; null for the whole city. */
  setQuartier(shape: QuartierShape | null): void;
  /** Names of quartiers, written while the whole city is in view. */
  setQuartierNames(names: readonly { name: string; at: LonLat }[]): void;
  /** "" for the own basemap, or the address of raster tiles with {z}, {x}, {y}. */
  setRaster(url: string): void;

  setHexagons(hexagons: readonly HexagonShape[]): void;
  /**
   * Address of vector tiles with {z}, {x}, {y}; null takes them away. Tiles of
   * an earlier address stay until all of the new one are drawn, which `shown`
   * tells; what is still asked for in their name is given up.
   */
  setHexagonTiles(url: string | null, paint?: HexagonTilePaint, shown?: () => void): void;
  /**
   * Lines around places; they replace those before. Numbers of `far` ones stay
   * when the map is far away, where others would hide each other.
   */
  setOutlines(places: readonly OutlinedPlace[], far?: boolean): void;
  /** Null takes it away. */
  setPicture(picture: Picture | null): void;
  /** Marks one hexagon with a strong edge. */
  highlightHexagon(id: CellId | null): void;

  /** Replaces all markers; those that did not change are not drawn again. */
  setMarkers(markers: readonly MarkerShape[]): void;
  selectMarker(id: string | null): void;
  setDraft(draft: Draft | null): void;
  /** A ring at a position that was searched for; null takes it away. */
  setPlace(at: LonLat | null): void;
  /** A cross in the middle of the view, for placing with the keyboard. */
  setCross(visible: boolean): void;

  /** While a handler is set, a finger or mouse draws instead of moving the map. */
  setStroke(handler: ((stroke: Stroke) => void) | null): void;
  /** Draggable handles, also moved by arrow keys; an empty list takes them away. */
  setHandles(
    handles: readonly { at: LonLat; label: string }[],
    onMove?: (move: HandleMove) => void,
  ): void;

  /** Name of the street nearest to a position, from the tiles; null when none is near. */
  streetNear(at: LonLat): Promise<string | null>;

  /** What is on the screen now, without controls, as a picture for a file. */
  picture(): HTMLCanvasElement;
  /** The same as shapes, where it is not made of tiles. */
  drawing(): MapDrawing;

  remove(): void;
}

// Below this zoom a tile of data covers the whole city; above 15 the tiles of
// zoom 15 are enlarged: their grid of 4096 is 0.2 m fine at this latitude.
const DATA_ZOOM_MAX = 15;
// The server holds landmarks from this zoom on.
const LANDMARK_DATA_ZOOM = 12;
const ZOOM_MIN = 11;
const ZOOM_MAX = 19;
// Side of a tile of data in the units of the painter.
const TILE_PIXELS = 512;
// About 200 m at 45° of latitude, in the same units at zoom 15.
const STREET_NEAR_PIXELS = 120;
const FINGER = 22; // half a touch target of 44 px
// Twice the density is as sharp as the eye sees on a street map; three times
// would more than double the memory of the tiles on a phone.
const DENSITY_MAX = 2;
const FONT = '"Atkinson Hyperlegible", system-ui, sans-serif';

const toLatLng = (at: readonly number[]): L.LatLng =>
  L.latLng(at[1] ?? Number.NaN, at[0] ?? Number.NaN);

function fromLatLng(at: L.LatLng): LonLat {
  const wrapped = at.wrap();
  return lonLat(wrapped.lng, Math.max(-90, Math.min(90, wrapped.lat)));
}

function toBounds(extent: Extent): L.LatLngBounds {
  return L.latLngBounds(toLatLng([extent[0], extent[1]]), toLatLng([extent[2], extent[3]]));
}

type Ring = readonly (readonly number[])[];

function polygonsOf(shape: QuartierShape): readonly (readonly Ring[])[] {
  return (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) as readonly Ring[][];
}

export function createMap(options: MapOptions): QuietudeMap {
  return new LeafletMap(options);
}

// ── Vector tiles ───────────────────────────────────────────────────────────

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
class PaintedLayer extends L.GridLayer {
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
class Source extends ZxySource {
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

function viewOf(source: Source): View {
  // levelDiff 1: one tile of data (512 px) feeds four on the screen.
  return new View(new TileCache(source, TILE_PIXELS), DATA_ZOOM_MAX, 1);
}

function trace(context: CanvasRenderingContext2D, geometry: readonly (readonly Point[])[]): void {
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

function groundRules(): PaintRule[] {
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

function nameRules(scale: () => number, dimmed: Dimmed): LabelRule[] {
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

function textOf(value: unknown): string {
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

// ── Shapes on one canvas per pane ──────────────────────────────────────────

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
class MarkerPath extends L.CircleMarker {
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
const crowdScale = (markers: number): number => (markers <= 60 ? 1 : markers <= 120 ? 0.85 : 0.7);

const patterns = new Map<string, CanvasPattern>();

/** A repeating texture: diagonal lines for "unsafe" and contested, dots for "safe". */
function texture(kind: "lines" | "dots", ink: string, ground: string): CanvasPattern | string {
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

function zoneOptions(
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

function hexagonOptions(
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
class Attribution extends L.Control {
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

class ZoomButtons extends L.Control {
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

// ── The map ────────────────────────────────────────────────────────────────

const panes = {
  veil: 350,
  hexagonTiles: 390,
  hexagons: 400,
  quartier: 410,
  names: 420,
  markers: 450,
  draft: 500,
  places: 505,
  quartierNames: 510,
  handles: 520,
} as const;

type Pane = keyof typeof panes;

const orderOf = (pane: HTMLElement) => Number(getComputedStyle(pane).zIndex) || 0;

/** Paints what a pane holds of points; `box` is where the map is. */
function drawPane(context: CanvasRenderingContext2D, pane: HTMLElement, box: DOMRect): void {
  const drawings = pane.querySelectorAll<HTMLCanvasElement | HTMLImageElement>(
    "canvas, img.leaflet-image-layer",
  );
  for (const drawing of drawings) {
    const at = drawing.getBoundingClientRect();
    const image = drawing instanceof HTMLImageElement;
    context.globalAlpha = image ? Number(getComputedStyle(drawing).opacity) : 1;
    context.imageSmoothingEnabled = !image;
    context.drawImage(drawing, at.left - box.left, at.top - box.top, at.width, at.height);
  }
  context.globalAlpha = 1;
  context.imageSmoothingEnabled = true;
}

/** Names and numbers; panes hide theirs at some zooms. */
const shownWords = (within: HTMLElement) =>
  [...within.querySelectorAll<HTMLElement>(".map-word span")].filter((one) => one.offsetWidth > 0);

class LeafletMap implements QuietudeMap {
  readonly #map: L.Map;
  readonly #words: MapWords;
  readonly #handlers: { [K in keyof MapEvents]: Set<(value: MapEvents[K]) => void> } = {
    tap: new Set(),
    hover: new Set(),
    view: new Set(),
  };
  readonly #renderers = new Map<Pane, L.Renderer>();
  readonly #attribution = new Attribution();
  readonly #ground: PaintedLayer;
  readonly #names: PaintedLayer;
  readonly #territoire: string;
  readonly #shapeScale: number;
  #crowd = 1;
  readonly #still: boolean;
  /** Size of the names' tiles on the screen, 1 at whole zooms. */
  #tileScale = 1;
  readonly #streets: View;
  readonly #repaint = () => {
    this.#ground.repaint();
    this.#names.repaint();
  };

  #raster: L.TileLayer | null = null;
  #quartier: QuartierShape | null = null;
  #veil: L.Layer | null = null;
  #limit: L.Layer | null = null;
  #quartierNames = L.layerGroup();
  #hexagons = new Map<CellId, { shape: HexagonShape; path: L.Polygon }>();
  #hexagonTiles: {
    layer: PaintedLayer;
    source: Source;
    view: View;
    url: string;
    shown: boolean;
  } | null = null;
  /** Hexagons of an earlier choice, still on the screen. */
  readonly #leaving: PaintedLayer[] = [];
  #highlight: L.Polygon | null = null;
  readonly #outlines = L.layerGroup();
  #farNumbers = false;
  readonly #printed = document.createElement("img");
  readonly #print = () => {
    const element = this.#map.getContainer();
    this.#printed.className = "map-printed";
    this.#printed.alt = element.getAttribute("aria-label") ?? "";
    this.#printed.src = this.picture().toDataURL();
    element.after(this.#printed);
  };
  #highlighted: CellId | null = null;
  #markers = new Map<string, { shape: MarkerShape; path: MarkerPath | L.Polygon }>();
  #selected: string | null = null;
  #draft: L.Layer | null = null;
  #place: L.Marker | null = null;
  #picture: L.ImageOverlay | null = null;
  #cross: HTMLElement | null = null;
  #handles = L.layerGroup();
  #endStroke: (() => void) | null = null;
  #projectedQuartier = new Map<number, Ring[][]>();

  constructor(options: MapOptions) {
    this.#words = options.words;
    this.#territoire = options.territoire ?? "";
    this.#shapeScale = options.shapeScale ?? 1;
    const still = options.still ?? false;
    this.#still = still;
    const element = options.element;
    this.#map = L.map(element, {
      zoomControl: false,
      attributionControl: false,
      minZoom: ZOOM_MIN,
      maxZoom: ZOOM_MAX,
      // Half steps fit a quartier better; on a coarse screen they would blur names,
      // unless tiles are painted finer than the screen.
      zoomSnap: options.anyZoom ? 0 : window.devicePixelRatio >= 2 ? 0.5 : 1,
      dragging: !still,
      keyboard: !still,
      scrollWheelZoom: !still,
      doubleClickZoom: false,
      boxZoom: false,
      touchZoom: !still,
      // Wide enough that a tall phone can show the whole extent above a sheet.
      maxBounds: toBounds(options.extent).pad(2),
      maxBoundsViscosity: 0.6,
    });
    this.#map.fitBounds(toBounds(options.extent));
    element.setAttribute("role", still ? "img" : "application");
    element.setAttribute("aria-label", options.words.map);
    for (const [name, zIndex] of Object.entries(panes)) {
      const pane = this.#map.createPane(name);
      pane.style.zIndex = String(zIndex);
      if (name !== "handles") pane.style.pointerEvents = "none";
    }

    this.#streets = viewOf(new Source(this.#tiles("voirie"), 0));
    const views = new Map([
      ["voirie", this.#streets],
      ["reperes", viewOf(new Source(this.#tiles("reperes"), LANDMARK_DATA_ZOOM))],
      ["quartiers", viewOf(new Source(this.#tiles("quartiers"), 0))],
    ]);
    const density = options.anyZoom ? { density: DENSITY_MAX } : {};
    this.#ground = new PaintedLayer({
      ...density,
      views,
      paintRules: groundRules(),
      labelRules: [],
      background: colour.land,
    });
    this.#names = new PaintedLayer({
      ...density,
      views,
      paintRules: [],
      labelRules: nameRules(
        () => (options.nameScale ?? 1) / this.#tileScale,
        (x, y, zoom) => this.#outside(x, y, zoom),
      ),
      pane: "names",
    });
    this.#ground.addTo(this.#map);
    this.#names.addTo(this.#map);
    this.#quartierNames.addTo(this.#map);
    this.#outlines.addTo(this.#map);
    this.#handles.addTo(this.#map);

    if (options.printable) window.addEventListener("beforeprint", this.#print);
    this.#attribution.addTo(this.#map).say(options.words.attribution);
    L.control
      .scale({
        imperial: false,
        position: "bottomleft",
        // Its words and width at each move of a finger would lay the page out again.
        updateWhenIdle: true,
        maxWidth: 100 * (options.nameScale ?? 1),
      })
      .addTo(this.#map);
    if (!still) new ZoomButtons(options.words).addTo(this.#map);

    this.#map.on("click", (event) => this.#emit("tap", this.#tapAt(event)));
    this.#map.on("mousemove", ({ latlng }) => {
      if (this.#handlers.hover.size === 0) return;
      const at = fromLatLng(latlng);
      this.#emit("hover", { at, hexagon: this.#hexagonAt(at) });
    });
    this.#map.on("mouseout", () => this.#emit("hover", null));
    this.#map.on("moveend", () => this.#emit("view", this.view()));
    this.#map.on("zoomend", () => {
      this.#showQuartierNames();
      this.#rescale();
    });
    window.addEventListener("online", this.#repaint);
    // Names drawn before the font has come would keep the fallback's shape.
    void document.fonts
      ?.load(`14px ${FONT}`)
      .then((faces) => faces.length && this.#names.repaint());
  }

  on<K extends keyof MapEvents>(event: K, handler: (value: MapEvents[K]) => void): () => void {
    this.#handlers[event].add(handler);
    return () => this.#handlers[event].delete(handler);
  }

  fit(shape: QuartierShape | Extent, insets: Insets = {}): void {
    const extent = isExtent(shape)
      ? shape
      : extentOf(polygonsOf(shape).flatMap((rings) => rings[0] ?? []));
    if (!extent) return;
    this.#map.fitBounds(toBounds(extent), {
      paddingTopLeft: [12 + (insets.left ?? 0), 12 + (insets.top ?? 0)],
      paddingBottomRight: [12 + (insets.right ?? 0), 12 + (insets.bottom ?? 0)],
      animate: false,
    });
  }

  view(): ViewState {
    const bounds = this.#map.getBounds();
    return {
      center: fromLatLng(this.#map.getCenter()),
      zoom: this.#map.getZoom(),
      extent: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
    };
  }

  setView(center: LonLat, zoom: number, insets: Insets = {}): void {
    const shift = L.point(
      ((insets.right ?? 0) - (insets.left ?? 0)) / 2,
      ((insets.bottom ?? 0) - (insets.top ?? 0)) / 2,
    );
    const target = this.#map.project(toLatLng(center), zoom).add(shift);
    this.#map.setView(this.#map.unproject(target, zoom), zoom, { animate: false });
  }

  show(at: LonLat, zoom = 0, insets: Insets = {}): void {
    this.setView(at, Math.max(zoom, this.#map.getZoom()), insets);
  }

  zoomBy(levels: number): void {
    this.#map.setZoom(this.#map.getZoom() + levels);
  }

  resized(): void {
    this.#map.invalidateSize({ animate: false });
  }

  setQuartier(shape: QuartierShape | null): void {
    this.#veil?.remove();
    this.#limit?.remove();
    this.#veil = null;
    this.#limit = null;
    this.#quartier = shape;
    this.#projectedQuartier.clear();
    if (shape) {
      const polygons = polygonsOf(shape).map((rings) => rings.map((ring) => ring.map(toLatLng)));
      const world = [
        [-180, -85],
        [180, -85],
        [180, 85],
        [-180, 85],
      ].map(toLatLng);
      // One polygon with a hole where the quartier is; holes of the quartier
      // (there are none today) would stay clear, which is harmless.
      this.#veil = L.polygon([world, ...polygons.map((rings) => rings[0] ?? [])], {
        renderer: this.#renderer("veil"),
        interactive: false,
        stroke: false,
        fillColor: colour.land,
        fillOpacity: 0.62,
      }).addTo(this.#map);
      this.#limit = L.polygon(polygons, {
        renderer: this.#renderer("quartier"),
        interactive: false,
        fill: false,
        color: colour.limit,
        weight: 2.5,
        dashArray: "8 6",
      }).addTo(this.#map);
    }
    this.#names.repaint();
    this.#showQuartierNames();
  }

  setQuartierNames(names: readonly { name: string; at: LonLat }[]): void {
    this.#quartierNames.clearLayers();
    for (const { name, at } of names) {
      const element = document.createElement("span");
      element.className = "map-quartier-name";
      element.textContent = name;
      L.marker(toLatLng(at), {
        pane: "quartierNames",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "map-word", html: element, iconSize: [0, 0] }),
      }).addTo(this.#quartierNames);
    }
    this.#showQuartierNames();
  }

  setRaster(url: string): void {
    this.#raster?.remove();
    this.#raster = null;
    if (url) {
      this.#raster = L.tileLayer(url, { maxZoom: ZOOM_MAX, zIndex: 2 }).addTo(this.#map);
      this.#names.remove();
    } else {
      this.#names.addTo(this.#map);
    }
    this.#attribution.say(
      url
        ? `${this.#words.rasterAttribution} · ${this.#words.attribution}`
        : this.#words.attribution,
    );
  }

  setHexagons(hexagons: readonly HexagonShape[]): void {
    const renderer = this.#renderer("hexagons");
    const next = new Map(hexagons.map((shape) => [shape.id, shape]));
    for (const [id, { path }] of this.#hexagons) {
      if (!next.has(id)) {
        path.remove();
        this.#hexagons.delete(id);
      }
    }
    for (const [id, shape] of next) {
      const known = this.#hexagons.get(id);
      if (!known) {
        const style = hexagonOptions(shape, renderer, this.#shapeScale);
        const path = L.polygon(shape.ring.map(toLatLng), style).addTo(this.#map);
        this.#hexagons.set(id, { shape, path });
      } else if (
        known.shape.fill !== shape.fill ||
        known.shape.edge !== shape.edge ||
        known.shape.hatched !== shape.hatched ||
        known.shape.strong !== shape.strong
      ) {
        known.path.setStyle(hexagonOptions(shape, renderer, this.#shapeScale));
        known.shape = shape;
      }
    }
    this.highlightHexagon(this.#highlighted);
  }

  setHexagonTiles(url: string | null, paintOf?: HexagonTilePaint, shown?: () => void): void {
    const before = this.#hexagonTiles;
    if (before?.url !== url) before?.source.abort();
    // What is on the screen stays until what comes after it is there.
    if (before?.shown && url) this.#leaving.push(before.layer);
    else before?.layer.remove();
    this.#hexagonTiles = null;
    if (!url || !paintOf) {
      this.#removeLeaving();
      return;
    }
    // Another measure of the same numbers needs no request.
    const source = before?.url === url ? before.source : new Source(url, 0);
    const view = before?.url === url ? before.view : viewOf(source);
    const layer = new PaintedLayer({
      views: new Map([["hexagones", view]]),
      paintRules: [
        {
          dataSource: "hexagones",
          dataLayer: "hexagones",
          symbolizer: {
            draw(context, geometry, _zoom, feature) {
              const style = paintOf(feature.props);
              if (!style) return;
              trace(context, geometry);
              context.globalAlpha = 0.7;
              context.fillStyle = style.hatched
                ? texture("lines", style.edge, style.fill)
                : style.fill;
              context.fill();
              context.globalAlpha = 0.9;
              context.strokeStyle = style.edge;
              context.lineWidth = 1;
              context.stroke();
            },
          },
        },
      ],
      labelRules: [],
      pane: "hexagonTiles",
      atOnce: true,
    });
    const current = { layer, source, view, url, shown: false };
    layer.once("load", () => {
      // Leaflet shows finished tiles in the next frame.
      requestAnimationFrame(() =>
        requestAnimationFrame(() => {
          if (this.#hexagonTiles !== current) return;
          current.shown = true;
          this.#removeLeaving();
          shown?.();
        }),
      );
    });
    this.#hexagonTiles = current;
    layer.addTo(this.#map);
  }

  #removeLeaving(): void {
    for (const layer of this.#leaving.splice(0)) layer.remove();
  }

  setPicture(picture: Picture | null): void {
    this.#picture?.remove();
    this.#picture = null;
    if (!picture) return;
    this.#picture = L.imageOverlay(imageOf(picture), toBounds(picture.extent), {
      pane: "hexagonTiles",
      opacity: 0.72,
      interactive: false,
    }).addTo(this.#map);
  }

  setOutlines(places: readonly OutlinedPlace[], far = false): void {
    this.#outlines.clearLayers();
    this.#farNumbers = far;
    this.#showQuartierNames();
    for (const { rings, at, label, dashed } of places) {
      L.polyline(
        borderOf(rings).map((side) => side.map(toLatLng)),
        {
          renderer: this.#renderer("quartier"),
          interactive: false,
          color: colour.ink,
          weight: 3,
          ...(dashed ? { dashArray: "6 5" } : {}),
        },
      ).addTo(this.#outlines);
      const element = document.createElement("span");
      element.className = "map-place-number";
      element.textContent = label;
      L.marker(toLatLng(at), {
        pane: "places",
        interactive: false,
        keyboard: false,
        icon: L.divIcon({ className: "map-word", html: element, iconSize: [0, 0] }),
      }).addTo(this.#outlines);
    }
  }

  picture(): HTMLCanvasElement {
    const container = this.#map.getContainer();
    const box = container.getBoundingClientRect();
    const scale = Math.max(2, window.devicePixelRatio || 1);
    const out = document.createElement("canvas");
    out.width = Math.round(box.width * scale);
    out.height = Math.round(box.height * scale);
    const context = out.getContext("2d");
    if (!context) return out;
    context.scale(scale, scale);
    context.fillStyle = colour.land;
    context.fillRect(0, 0, box.width, box.height);
    for (const pane of this.#panes()) {
      drawPane(context, pane, box);
      for (const word of shownWords(pane)) {
        const at = word.getBoundingClientRect();
        const style = getComputedStyle(word);
        context.font = style.font;
        context.textAlign = "center";
        context.textBaseline = "middle";
        const [x, y] = [at.left + at.width / 2 - box.left, at.top + at.height / 2 - box.top];
        context.lineWidth = 4;
        context.strokeStyle = colour.paper;
        context.strokeText(word.textContent, x, y);
        context.fillStyle = colour.ink;
        context.fillText(word.textContent, x, y);
      }
    }
    context.font = `12px ${FONT}`;
    context.textAlign = "right";
    context.textBaseline = "bottom";
    context.lineWidth = 3;
    context.strokeStyle = colour.paper;
    context.fillStyle = colour.ink;
    context.strokeText(this.#words.attribution, box.width - 6, box.height - 4);
    context.fillText(this.#words.attribution, box.width - 6, box.height - 4);
    return out;
  }

  /** From the lowest to the highest. */
  #panes(): readonly HTMLElement[] {
    return Object.values(this.#map.getPanes())
      .filter((pane) => !pane.querySelector(":scope > .leaflet-pane")) // the pane of all panes
      .sort((a, b) => orderOf(a) - orderOf(b));
  }

  drawing(): MapDrawing {
    const container = this.#map.getContainer();
    const box = container.getBoundingClientRect();
    const [width, height] = [Math.round(box.width), Math.round(box.height)];
    const layer = (holds: (order: number) => boolean, fill: string) => {
      const out = document.createElement("canvas");
      const scale = Math.max(2, window.devicePixelRatio || 1);
      [out.width, out.height] = [width * scale, height * scale];
      const context = out.getContext("2d");
      if (!context) return out;
      context.scale(scale, scale);
      context.fillStyle = fill;
      context.fillRect(0, 0, width, height);
      for (const pane of this.#panes()) {
        if (holds(orderOf(pane))) drawPane(context, pane, box);
      }
      return out;
    };
    const at = (one: L.LatLng): Spot => {
      const { x, y } = this.#map.latLngToContainerPoint(one);
      return [x, y];
    };
    const sides = (layer: L.Polyline) => {
      const flat = (all: unknown): L.LatLng[][] =>
        Array.isArray(all) && Array.isArray(all[0]) ? all.flatMap(flat) : [all as L.LatLng[]];
      return flat(layer.getLatLngs());
    };
    const lines: MapDrawing["lines"][number][] = [];
    const draw = (layer: L.Layer, closed: boolean) => {
      if (!(layer instanceof L.Polyline)) return;
      for (const side of sides(layer)) {
        const [first] = side;
        lines.push({
          line: [...side, ...(closed && first ? [first] : [])].map(at),
          colour: layer.options.color ?? colour.ink,
          width: layer.options.weight ?? 1,
          dashes: String(layer.options.dashArray ?? "none"),
        });
      }
    };
    if (this.#limit) draw(this.#limit, true);
    this.#outlines.eachLayer((one) => draw(one, false));
    const bar = container.querySelector<HTMLElement>(".leaflet-control-scale-line");
    return {
      width,
      height,
      ground: layer((order) => order < panes.hexagons, colour.land),
      names: layer((order) => order > panes.quartier, "transparent"),
      hexagons: [...this.#hexagons.values()].map(({ shape }) => ({
        ...shape,
        ring: shape.ring.map((one) => at(toLatLng(one))),
      })),
      lines,
      words: shownWords(container).map((word) => {
        const place = word.getBoundingClientRect();
        return {
          text: word.textContent,
          at: [
            place.left + place.width / 2 - box.left,
            place.top + place.height / 2 - box.top,
          ] as const,
          size: Number.parseFloat(getComputedStyle(word).fontSize),
        };
      }),
      attribution: this.#words.attribution,
      scale: bar ? { words: bar.textContent, width: bar.offsetWidth } : null,
    };
  }

  highlightHexagon(id: CellId | null): void {
    this.#highlight?.remove();
    this.#highlight = null;
    this.#highlighted = id;
    const hexagon = id === null ? undefined : this.#hexagons.get(id);
    if (!hexagon) return;
    this.#highlight = L.polygon(hexagon.shape.ring.map(toLatLng), {
      renderer: this.#renderer("quartier"),
      interactive: false,
      fill: false,
      color: colour.focus,
      weight: 3,
    }).addTo(this.#map);
  }

  setMarkers(markers: readonly MarkerShape[]): void {
    const next = new Map(markers.map((shape) => [shape.id, shape]));
    const crowd = crowdScale(next.size);
    const resized = crowd !== this.#crowd;
    this.#crowd = crowd;
    for (const [id, { path }] of this.#markers) {
      if (!next.has(id)) {
        path.remove();
        this.#markers.delete(id);
      }
    }
    for (const [id, shape] of next) {
      const known = this.#markers.get(id);
      if (known && !resized && sameMarker(known.shape, shape)) continue;
      known?.path.remove();
      this.#markers.set(id, { shape, path: this.#markerPath(shape).addTo(this.#map) });
    }
  }

  selectMarker(id: string | null): void {
    const before = this.#selected;
    this.#selected = id;
    for (const changed of new Set([before, id])) {
      const marker = changed === null ? undefined : this.#markers.get(changed);
      if (!marker) continue;
      marker.path.remove();
      marker.path = this.#markerPath(marker.shape).addTo(this.#map);
    }
  }

  setDraft(draft: Draft | null): void {
    this.#draft?.remove();
    this.#draft = null;
    const [first] = draft?.positions ?? [];
    if (!draft || !first) return;
    const renderer = this.#renderer("draft");
    if (draft.positions.length === 1) {
      const shape: MarkerShape = {
        id: "draft",
        felt: draft.felt,
        geometry: { type: "Point", coordinates: first },
      };
      const path = new MarkerPath(shape, { renderer });
      path.selected = true;
      this.#draft = path.addTo(this.#map);
      return;
    }
    const positions = draft.positions.map(toLatLng);
    const shape: MarkerShape = {
      id: "draft",
      felt: draft.felt,
      geometry: { type: "Polygon", coordinates: [] },
    };
    const style = zoneOptions(shape, renderer, true);
    this.#draft = draft.closed
      ? L.polygon(positions, style).addTo(this.#map)
      : L.polyline(positions, { ...style, fill: false }).addTo(this.#map);
  }

  setPlace(at: LonLat | null): void {
    this.#place?.remove();
    this.#place = null;
    if (!at) return;
    const element = document.createElement("span");
    element.className = "map-place";
    this.#place = L.marker(toLatLng(at), {
      pane: "handles",
      interactive: false,
      keyboard: false,
      icon: L.divIcon({ className: "map-word", html: element, iconSize: [0, 0] }),
    }).addTo(this.#map);
  }

  setCross(visible: boolean): void {
    if (visible === (this.#cross !== null)) return;
    this.#cross?.remove();
    this.#cross = null;
    if (!visible) return;
    this.#cross = document.createElement("span");
    this.#cross.className = "map-cross";
    this.#cross.setAttribute("aria-hidden", "true");
    this.#map.getContainer().append(this.#cross);
  }

  setStroke(handler: ((stroke: Stroke) => void) | null): void {
    this.#endStroke?.();
    this.#endStroke = null;
    if (!handler) return;
    const map = this.#map;
    const element = map.getContainer();
    let pointer: number | null = null;
    const positionOf = (event: PointerEvent) => fromLatLng(map.mouseEventToLatLng(event));
    const down = (event: PointerEvent) => {
      if (pointer !== null || event.button !== 0 || isControl(event.target)) return;
      pointer = event.pointerId;
      element.setPointerCapture(pointer);
      event.preventDefault();
      handler({ phase: "start", at: positionOf(event) });
    };
    const follow = (phase: Stroke["phase"]) => (event: PointerEvent) => {
      if (event.pointerId !== pointer) return;
      if (phase !== "move") pointer = null;
      handler({ phase, at: positionOf(event) });
    };
    const [move, up, cancel] = [follow("move"), follow("end"), follow("cancel")];
    map.dragging.disable();
    element.classList.add("map-drawing");
    element.addEventListener("pointerdown", down, true);
    element.addEventListener("pointermove", move, true);
    element.addEventListener("pointerup", up, true);
    element.addEventListener("pointercancel", cancel, true);
    this.#endStroke = () => {
      map.dragging.enable();
      element.classList.remove("map-drawing");
      element.removeEventListener("pointerdown", down, true);
      element.removeEventListener("pointermove", move, true);
      element.removeEventListener("pointerup", up, true);
      element.removeEventListener("pointercancel", cancel, true);
    };
  }

  setHandles(
    handles: readonly { at: LonLat; label: string }[],
    onMove: (move: HandleMove) => void = () => {},
  ): void {
    this.#handles.clearLayers();
    handles.forEach(({ at, label }, index) => {
      const knob = document.createElement("button");
      knob.type = "button";
      knob.className = "map-handle";
      knob.setAttribute("aria-label", label);
      const marker = L.marker(toLatLng(at), {
        pane: "handles",
        draggable: true,
        keyboard: false,
        autoPan: true,
        icon: L.divIcon({ className: "map-word", html: knob, iconSize: [44, 44] }),
      });
      const tell = (phase: HandleMove["phase"]) =>
        onMove({ index, at: fromLatLng(marker.getLatLng()), phase });
      marker.on("drag", () => tell("move"));
      marker.on("dragend", () => tell("end"));
      knob.addEventListener("keydown", (event) => {
        const step = event.shiftKey ? 20 : 4;
        const by = {
          ArrowLeft: [-step, 0],
          ArrowRight: [step, 0],
          ArrowUp: [0, -step],
          ArrowDown: [0, step],
        }[event.key] as [number, number] | undefined;
        if (!by) return;
        event.preventDefault();
        event.stopPropagation();
        const pixel = this.#map.latLngToLayerPoint(marker.getLatLng()).add(by);
        marker.setLatLng(this.#map.layerPointToLatLng(pixel));
        tell("end");
      });
      marker.addTo(this.#handles);
    });
  }

  async streetNear(at: LonLat): Promise<string | null> {
    const world = L.CRS.EPSG3857.latLngToPoint(toLatLng(at), DATA_ZOOM_MAX).divideBy(256);
    const [x, y] = [Math.floor(world.x), Math.floor(world.y)];
    const tile = await this.#streets.tileCache.get({ z: DATA_ZOOM_MAX, x, y });
    const here = { x: (world.x - x) * TILE_PIXELS, y: (world.y - y) * TILE_PIXELS };
    let best = STREET_NEAR_PIXELS;
    let name: string | null = null;
    for (const street of tile.get("voirie") ?? []) {
      const nom = textOf(street.props.nom);
      const { minX, minY, maxX, maxY } = street.bbox;
      const beyond =
        here.x < minX - best ||
        here.x > maxX + best ||
        here.y < minY - best ||
        here.y > maxY + best;
      if (!nom || beyond) continue;
      const away = distanceToLines(here, street.geom);
      if (away < best) {
        best = away;
        name = nom;
      }
    }
    return name;
  }

  remove(): void {
    window.removeEventListener("beforeprint", this.#print);
    this.#printed.remove();
    window.removeEventListener("online", this.#repaint);
    this.#endStroke?.();
    this.#map.remove();
  }

  #emit<K extends keyof MapEvents>(event: K, value: MapEvents[K]): void {
    for (const handler of this.#handlers[event]) handler(value);
  }

  #tiles(layer: string): string {
    const query = this.#territoire ? `?territoire=${this.#territoire}` : "";
    return `/tiles/${layer}/{z}/{x}/{y}.mvt${query}`;
  }

  #renderer(pane: Pane): L.Renderer {
    const known = this.#renderers.get(pane);
    if (known) return known;
    const renderer = L.canvas({ pane, padding: 0.3 });
    this.#renderers.set(pane, renderer);
    return renderer;
  }

  #markerPath(shape: MarkerShape): MarkerPath | L.Polygon {
    const renderer = this.#renderer("markers");
    const selected = shape.id === this.#selected;
    if (shape.geometry.type === "Point") {
      const path = new MarkerPath(shape, { renderer }, this.#shapeScale * this.#crowd);
      path.selected = selected;
      return path;
    }
    const ring = shape.geometry.coordinates[0] ?? [];
    return L.polygon(ring.map(toLatLng), zoneOptions(shape, renderer, selected, this.#shapeScale));
  }

  #showQuartierNames(): void {
    // Places are some 100 m wide: farther away their numbers would hide each other.
    // Who cannot come nearer needs them all the same.
    this.#map
      .getPane("places")
      ?.classList.toggle(
        "map-hidden",
        !this.#still && !this.#farNumbers && this.#map.getZoom() < 13.5,
      );
    const visible = this.#quartier === null && this.#map.getZoom() < 15;
    const pane = this.#map.getPane("quartierNames");
    pane?.classList.toggle("map-hidden", !visible);
    if (pane && visible) spread([...pane.querySelectorAll<HTMLElement>(".map-quartier-name")]);
  }

  /** Tiles of a whole zoom are shown larger or smaller in between; names keep their size. */
  #rescale(): void {
    const zoom = this.#map.getZoom();
    const scale = 2 ** (zoom - Math.round(zoom));
    if (Math.abs(scale - this.#tileScale) < 0.01) return;
    this.#tileScale = scale;
    this.#names.repaint();
  }

  #outside(worldX: number, worldY: number, zoom: number): boolean {
    if (!this.#quartier) return false;
    let projected = this.#projectedQuartier.get(zoom);
    if (!projected) {
      projected = polygonsOf(this.#quartier).map((rings) =>
        rings.map((ring) =>
          ring.map((position) => {
            const pixel = this.#map.project(toLatLng(position), zoom);
            return [pixel.x, pixel.y];
          }),
        ),
      );
      this.#projectedQuartier.set(zoom, projected);
    }
    return !projected.some((rings) => inRing([worldX, worldY], rings[0] ?? []));
  }

  #tapAt(event: L.LeafletMouseEvent): Tap {
    const at = fromLatLng(event.latlng);
    const tile = this.#hexagonTiles?.view
      .queryFeatures(at[0], at[1], this.#map.getZoom(), 1)
      .find((picked) => picked.layerName === "hexagones");
    const tileCell = textOf(tile?.feature.props.h3);
    return {
      at,
      marker: this.#markerNear(event.containerPoint, at),
      hexagon: this.#hexagonAt(at) ?? (tileCell ? cellId(tileCell) : null),
      properties: tile?.feature.props ?? null,
    };
  }

  #markerNear(pixel: L.Point, at: LonLat): string | null {
    let nearest: string | null = null;
    let best = FINGER;
    let zone: string | null = null;
    for (const [id, { shape, path }] of this.#markers) {
      if (path instanceof MarkerPath) {
        const away = this.#map.latLngToContainerPoint(path.getLatLng()).distanceTo(pixel);
        if (away <= best) {
          best = away;
          nearest = id;
        }
      } else if (
        shape.geometry.type === "Polygon" &&
        inRing(at, shape.geometry.coordinates[0] ?? [])
      ) {
        zone = id;
      }
    }
    return nearest ?? zone;
  }

  #hexagonAt(at: LonLat): CellId | null {
    for (const [id, { shape }] of this.#hexagons) if (inRing(at, shape.ring)) return id;
    return null;
  }
}

/** Pushes words that would cover each other downwards, from the top one on. */
function spread(words: readonly HTMLElement[]): void {
  for (const word of words) word.style.transform = "";
  const boxes = words
    .map((word) => ({ word, box: word.getBoundingClientRect() }))
    .sort((a, b) => a.box.top - b.box.top);
  const placed: { left: number; right: number; top: number; bottom: number }[] = [];
  for (const { word, box } of boxes) {
    let down = 0;
    for (const other of placed) {
      const beside = box.left > other.right || box.right < other.left;
      const apart = box.top + down >= other.bottom || box.bottom + down <= other.top;
      if (!beside && !apart) down = other.bottom - box.top;
    }
    if (down > 0) word.style.transform = `translateY(${Math.round(down)}px)`;
    placed.push({
      left: box.left,
      right: box.right,
      top: box.top + down,
      bottom: box.bottom + down,
    });
  }
}

function isExtent(value: QuartierShape | Extent): value is Extent {
  return Array.isArray(value);
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("button, a, input, .leaflet-control") !== null;
}

function sameMarker(a: MarkerShape, b: MarkerShape): boolean {
  return (
    a === b ||
    (a.felt === b.felt &&
      a.emphasis === b.emphasis &&
      a.pending === b.pending &&
      a.hidden === b.hidden &&
      JSON.stringify(a.geometry) === JSON.stringify(b.geometry))
  );
}
