import { html } from "lit";
import { get, type Territoire } from "../api";
import type { Action, ActionState } from "../evening";
import { createMap, type HexagonShape, type QuartierShape, type QuietudeMap } from "../map/leaflet";
import { text } from "../text/actions";
import { mapWords } from "../text/city";
import { text as evening } from "../text/evening";
import { type CellId, type Extent, extentOf, type LonLat, lonLat } from "../units";
import { LightElement } from "./light-element";

/** What a state looks like: a colour and, so that nothing hangs on colour alone, a hatch. */
const LOOKS = {
  open: { fill: "#f3dfae", edge: "#6b5a1e", hatched: false },
  late: { fill: "#ffffff", edge: "#1d2433", hatched: true },
  done: { fill: "#6bb5cc", edge: "#0a506b", hatched: false },
  closed: { fill: "#e4e1d9", edge: "#5a6272", hatched: false },
} as const;

type Look = keyof typeof LOOKS;

const CLOSED: readonly ActionState[] = ["refused", "abandoned", "forwarded"];

export function lookOf(action: Pick<Action, "state" | "late">): Look {
  if (action.state === "done" || action.state === "verified") return "done";
  if (CLOSED.includes(action.state) && !action.late) return "closed";
  return action.late ? "late" : "open";
}

/** Radius of a dot on the screen, CSS pixels: half a touch target is 22. */
const RADIUS = 11;
const CORNERS = 20;
const EQUATOR_METRES_PER_PIXEL = 156_543;
const METRES_PER_DEGREE = 111_320;

/** A ring around a position, as many pixels wide at every zoom. */
function dot([lon, lat]: readonly number[], zoom: number, at: number, among: number): number[][] {
  const squeeze = Math.cos(((lat ?? 0) * Math.PI) / 180);
  const degrees = (RADIUS * EQUATOR_METRES_PER_PIXEL * squeeze) / 2 ** zoom / METRES_PER_DEGREE;
  // Actions of the same place stand around it, so that each can be touched.
  const turn = (2 * Math.PI * at) / Math.max(1, among);
  const away = among > 1 ? degrees * Math.max(1.4, among / 2.6) : 0;
  return Array.from({ length: CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CORNERS;
    return [
      (lon ?? 0) + (Math.cos(turn) * away + Math.cos(angle) * degrees) / squeeze,
      (lat ?? 0) + Math.sin(turn) * away + Math.sin(angle) * degrees,
    ];
  });
}

/** Where the actions are, on the own basemap; the list beside it says the same. */
export class ActionsMap extends LightElement {
  static override properties = { actions: {}, territoire: {}, quartier: {} };
  declare actions: readonly Action[];
  declare territoire: Territoire | null;
  declare quartier: string;
  #map: QuietudeMap | null = null;
  #shapes: ReadonlyMap<string, QuartierShape> = new Map();
  #fitted = "";

  constructor() {
    super();
    this.actions = [];
    this.territoire = null;
    this.quartier = "";
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
    this.#map = null;
  }

  override updated(): void {
    void this.#show();
  }

  async #show(): Promise<void> {
    const element = this.querySelector<HTMLElement>(".map");
    const { territoire } = this;
    if (!element || !territoire) return;
    if (!this.#map) {
      this.#map = createMap({
        element,
        extent: territoire.bbox as unknown as Extent,
        territoire: territoire.code,
        words: mapWords(territoire.nom, text.map.label),
      });
      this.#map.on("view", () => this.#draw());
      this.#map.on("tap", ({ hexagon }) => {
        if (hexagon) this.#choose(hexagon);
      });
      const { features } = await get("/api/v1/quartiers", {
        query: { territoire: territoire.code },
      });
      this.#shapes = new Map(
        features.map((one) => [one.properties.code, one.geometry as QuartierShape]),
      );
    }
    if (!this.#map) return;
    if (this.#shapes.size > 0 && this.#fitted !== `/${this.quartier}`) {
      const shape = this.#shapes.get(this.quartier) ?? null;
      this.#map.setQuartier(shape);
      const whole = extentOf([...this.#shapes.values()].flatMap(cornersOf));
      if (shape) this.#map.fit(shape);
      else if (whole) this.#map.fit(whole);
      this.#fitted = `/${this.quartier}`;
    }
    this.#draw();
  }

  #draw(): void {
    const map = this.#map;
    if (!map) return;
    const { zoom } = map.view();
    const places = new Map<string, Action[]>();
    const shapes: HexagonShape[] = [];
    for (const action of this.actions) {
      if (!action.place) continue;
      const key = action.place.at.join(" ");
      places.set(key, [...(places.get(key) ?? []), action]);
      const zone = action.geometry?.type === "Polygon" ? action.geometry.coordinates[0] : undefined;
      if (zone) {
        shapes.push({
          id: `${action.id}/zone` as CellId,
          ring: zone as number[][],
          ...LOOKS[lookOf(action)],
        });
      }
    }
    for (const here of places.values()) {
      for (const [i, action] of here.entries()) {
        shapes.push({
          id: `${action.id}/${zoom}/${i}/${here.length}` as CellId,
          ring: dot(action.place?.at ?? [], zoom, i, here.length),
          ...LOOKS[lookOf(action)],
        });
      }
    }
    map.setHexagons(shapes);
  }

  #choose(id: string): void {
    const [action = ""] = id.split("/");
    this.dispatchEvent(new CustomEvent("choose-action", { detail: action }));
  }

  override render() {
    const legend = (look: Look, words: string) => html`<li>
      <svg class="swatch" viewBox="0 0 24 24" aria-hidden="true">
        <circle cx="12" cy="12" r="9" fill=${LOOKS[look].fill} stroke=${LOOKS[look].edge} stroke-width="2"></circle>
        <path d="M6 14 14 6M8 18 18 8" stroke=${LOOKS[look].edge} stroke-width=${LOOKS[look].hatched ? 1.6 : 0}></path>
      </svg>
      ${words}
    </li>`;
    return html`<div class="map"></div>
      <ul class="ledger-legend">
        ${legend("open", text.map.open)} ${legend("late", evening.late)} ${legend("done", text.map.done)} ${legend("closed", text.map.closed)}
      </ul>
      <p class="hint">${text.map.help}</p>`;
  }
}

function cornersOf(shape: QuartierShape): LonLat[] {
  const out: LonLat[] = [];
  const walk = (value: unknown): void => {
    if (!Array.isArray(value)) return;
    if (typeof value[0] === "number") out.push(lonLat(value[0], Number(value[1])));
    else for (const one of value) walk(one);
  };
  walk(shape.coordinates);
  return out;
}

customElements.define("actions-map", ActionsMap);
