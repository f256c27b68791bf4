import { html } from "lit";
import { get, type Territoire } from "../api";
import type { Action, ActionState } from "../evening";
import { createMap } from "../map/leaflet";
import type { HexagonShape, OutlinedPlace, QuartierShape, QuietudeMap } from "../map/map";
import { text } from "../text/actions";
import { mapWords } from "../text/city";
import { text as evening } from "../text/evening";
import { type CellId, type Extent, extentOf, type LonLat, lonLat } from "../units";
import { dot, gathered, type Located, middleOf, severalPlaces } from "./actions-dots";
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

/** From this zoom on, what is close together stands around its middle. */
const NEAREST = 17;
/** Ids of dots that stand for several actions. */
const GROUP = "several-";

/** Where the actions are, on the own basemap; the list beside it says the same. */
export class ActionsMap extends LightElement {
  static override properties = { actions: {}, territoire: {}, quartier: {} };
  declare actions: readonly Action[];
  declare territoire: Territoire | null;
  declare quartier: string;
  #map: QuietudeMap | null = null;
  #shapes: ReadonlyMap<string, QuartierShape> = new Map();
  #fitted = "";
  #groups: readonly (readonly Located[])[] = [];

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
        anyZoom: true,
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
    const located: Located[] = [];
    const shapes: HexagonShape[] = [];
    for (const action of this.actions) {
      if (!action.place) continue;
      const [lon = 0, lat = 0] = action.place.at;
      located.push({ action, at: lonLat(lon, lat) });
      const zone = action.geometry?.type === "Polygon" ? action.geometry.coordinates[0] : undefined;
      if (zone) {
        shapes.push({
          id: `${action.id}/zone` as CellId,
          ring: zone as number[][],
          ...LOOKS[lookOf(action)],
        });
      }
    }
    const numbers: OutlinedPlace[] = [];
    this.#groups = gathered(located, zoom).filter(
      (group) => zoom < NEAREST && severalPlaces(group),
    );
    for (const [g, group] of this.#groups.entries()) {
      const at = middleOf(group);
      const looks = group.map(({ action }) => lookOf(action));
      const look = (["late", "open", "done"] as const).find((one) => looks.includes(one));
      shapes.push({
        id: `${GROUP}${g}/${zoom}/${group.length}/${look}` as CellId,
        ring: dot(at, zoom, 0, 1, 1.7),
        ...LOOKS[look ?? "closed"],
      });
      numbers.push({ rings: [], at, label: String(group.length), dashed: false });
    }
    const grouped = new Set(this.#groups.flat());
    for (const here of gathered(
      located.filter((one) => !grouped.has(one)),
      zoom,
    )) {
      for (const [i, { action }] of here.entries()) {
        shapes.push({
          id: `${action.id}/${zoom}/${i}/${here.length}` as CellId,
          ring: dot(middleOf(here), zoom, i, here.length),
          ...LOOKS[lookOf(action)],
        });
      }
    }
    map.setHexagons(shapes);
    map.setOutlines(numbers, true);
  }

  /** An action is looked up in the list; several are taken apart by going nearer. */
  #choose(id: string): void {
    const [action = ""] = id.split("/");
    if (action.startsWith(GROUP)) {
      const group = this.#groups[Number(action.slice(GROUP.length))] ?? [];
      const all = extentOf(group.map(({ at }) => at));
      if (all) this.#map?.fit(all);
      return;
    }
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
