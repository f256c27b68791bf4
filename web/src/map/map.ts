/**
 * What every page asks of a map and gives to it, in positions in degrees, longitude
 * first, hexagons and markers. `leaflet.ts` draws it.
 */
import type { MapDrawing } from "../chart/map-drawing";
import type { CellId, Extent, LonLat } from "../units";
import type { Picture } from "./surface";

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
