/**
 * The only door to Leaflet and protomaps-leaflet, with the files `leaflet-*.ts` beside
 * it: everything else speaks of positions in degrees (longitude first), hexagons and
 * markers (`map.ts`). Leaflet's latitude-first order exists only in `toLatLng` and
 * `fromLatLng`.
 *
 * Layers from the ground up: own basemap or raster, veil over the rest of the
 * city, hexagons, limits of the quartier in question, names, zones and markers,
 * what is being drawn, handles.
 */
import "../trusted";
import "leaflet/dist/leaflet.css";
import L from "leaflet";
import type { View } from "protomaps-leaflet";
import type { MapDrawing, Spot } from "../chart/map-drawing";
import { type CellId, cellId, type Extent, extentOf, inRing, type LonLat } from "../units";
import { borderOf } from "./border";
import { colour } from "./colour";
import {
  DENSITY_MAX,
  FONT,
  fromLatLng,
  toBounds,
  toLatLng,
  ZOOM_MAX,
  ZOOM_MIN,
} from "./leaflet-frame";
import {
  Attribution,
  crowdScale,
  hexagonOptions,
  MarkerPath,
  texture,
  ZoomButtons,
  zoneOptions,
} from "./leaflet-shapes";
import {
  DATA_ZOOM_MAX,
  groundRules,
  nameRules,
  PaintedLayer,
  Source,
  TILE_PIXELS,
  textOf,
  trace,
  viewOf,
} from "./leaflet-tiles";
import type {
  Draft,
  HandleMove,
  HexagonShape,
  HexagonTilePaint,
  Insets,
  MapEvents,
  MapOptions,
  MapWords,
  MarkerShape,
  OutlinedPlace,
  QuartierShape,
  QuietudeMap,
  Stroke,
  Tap,
  ViewState,
} from "./map";
import { distanceToLines } from "./street-label";
import { imageOf, type Picture } from "./surface";

// The server holds landmarks from this zoom on.
const LANDMARK_DATA_ZOOM = 12;

// About 200 m at 45° of latitude, in the same units at zoom 15.
const STREET_NEAR_PIXELS = 120;

const FINGER = 22; // half a touch target of 44 px

type Ring = readonly (readonly number[])[];

function polygonsOf(shape: QuartierShape): readonly (readonly Ring[])[] {
  return (shape.type === "Polygon" ? [shape.coordinates] : shape.coordinates) as readonly Ring[][];
}

export function createMap(options: MapOptions): QuietudeMap {
  return new LeafletMap(options);
}

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
