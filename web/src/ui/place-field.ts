import { html, nothing, type PropertyValues } from "lit";
import type { Quartier, Schemas, Territoire } from "../api";
import { AREA_MAX, AREA_MIN, areaOf, crossesItself, hullOf, middleOf } from "../draw/shape";
import type { Finding } from "../evening";
import { createMap } from "../map/leaflet";
import type { QuartierShape, QuietudeMap } from "../map/map";
import type { MarkerState, Position, Uuid } from "../protocol";
import { mapWords } from "../text/city";
import { text } from "../text/place";
import type { Extent, LonLat } from "../units";
import "../style/place-field.css";
import { LightElement } from "./light-element";

const KINDS = ["kept", "finding", "zone", "markers", "none"] as const;
type Kind = (typeof KINDS)[number];
type Geometry = NonNullable<Schemas["NewAction"]["geometry"]>;

/** Where an action takes place, as the server keeps it. */
export interface ActionPlace {
  readonly markers: readonly Uuid[];
  readonly geometry?: Geometry;
}

/** A marker, as far as an action stands at it. */
export type PlacedMarker = Pick<MarkerState, "id" | "table" | "felt" | "geometry">;

/** A ring as a polygon, closed and on the grid of the server. */
function polygonOf(ring: readonly Position[]): Geometry {
  const rounded = ring.map(([lon, lat]) => [Number(lon.toFixed(6)), Number(lat.toFixed(6))]);
  return { type: "Polygon", coordinates: [[...rounded, rounded[0]]] } as unknown as Geometry;
}

/** The place of markers: what they span, or their middle when that is no area. */
export function spanOf(markers: readonly Pick<MarkerState, "geometry">[]): Geometry | null {
  const positions = markers.flatMap(({ geometry }) =>
    geometry.type === "Point" ? [geometry.coordinates] : (geometry.coordinates[0] ?? []),
  ) as Position[];
  if (positions.length === 0) return null;
  const hull = hullOf(positions);
  const area = hull.length < 3 ? 0 : areaOf(hull);
  if (area >= AREA_MIN && area <= AREA_MAX) return polygonOf(hull);
  const [lon, lat] = middleOf(positions);
  return {
    type: "Point",
    coordinates: [Number(lon.toFixed(6)), Number(lat.toFixed(6))],
  } as Geometry;
}

/** Where an action takes place: at its finding, in a zone that is drawn, at markers, or nowhere. */
export class PlaceField extends LightElement {
  static override properties = {
    territoire: { attribute: false },
    quartier: { attribute: false },
    markers: { attribute: false },
    finding: { attribute: false },
    kept: { attribute: false },
    kind: { state: true },
    corners: { state: true },
    chosen: { state: true },
    problem: { state: true },
  };
  declare territoire: Territoire | null;
  declare quartier: Quartier | null;
  /** Those on the map of the evening. */
  declare markers: readonly PlacedMarker[];
  declare finding: Pick<Finding, "geometry" | "markers">;
  /** Where the action is today; null for one that is being written. */
  declare kept: ActionPlace | null;
  declare private kind: Kind;
  declare private corners: readonly LonLat[];
  declare private chosen: ReadonlySet<Uuid>;
  declare private problem: string;
  #map: QuietudeMap | null = null;

  constructor() {
    super();
    this.territoire = null;
    this.quartier = null;
    this.markers = [];
    this.kept = null;
    this.kind = "none";
    this.corners = [];
    this.chosen = new Set();
    this.problem = "";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has("finding") && !changed.has("kept")) return;
    const { kept } = this;
    this.kind = this.#placed ? "kept" : this.#located && kept === null ? "finding" : "none";
    const ring = kept?.geometry?.type === "Polygon" ? kept.geometry.coordinates[0] : undefined;
    // What is there already is changed, not drawn again.
    this.corners = kept?.markers.length === 0 && ring ? (ring.slice(1) as unknown as LonLat[]) : [];
    this.chosen = new Set(kept?.markers.length ? kept.markers : (this.finding.markers ?? []));
    this.problem = "";
  }

  override updated(): void {
    const element = this.querySelector<HTMLElement>(".map");
    if (!element) {
      this.#map?.remove();
      this.#map = null;
      return;
    }
    if (!this.#map) this.#createMap(element);
    this.#paint();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
    this.#map = null;
  }

  get #located(): boolean {
    return this.finding.geometry !== undefined || (this.finding.markers ?? []).length > 0;
  }

  get #placed(): boolean {
    return this.kept?.geometry !== undefined || (this.kept?.markers ?? []).length > 0;
  }

  #offered(kind: Kind): boolean {
    if (kind === "kept") return this.#placed;
    if (kind === "finding") return this.#located;
    // The ledger has no map of an evening beside it, and not everybody reads one.
    return kind !== "markers" || this.kept === null || this.markers.length > 0;
  }

  /** What was chosen; null, and said on the page, when it is no place yet. */
  take(): ActionPlace | null {
    this.problem = "";
    const { finding, corners } = this;
    switch (this.kind) {
      case "kept":
        return this.kept;
      case "finding": {
        const markers = finding.markers ?? [];
        const geometry =
          finding.geometry ?? spanOf(this.markers.filter(({ id }) => markers.includes(id)));
        return { markers, ...(geometry ? { geometry: geometry as Geometry } : {}) };
      }
      case "zone": {
        const area = corners.length < 3 ? 0 : areaOf(corners);
        if (corners.length < 3) this.problem = text.missing.zone;
        else if (area < AREA_MIN) this.problem = text.faults.small;
        else if (area > AREA_MAX) this.problem = text.faults.large;
        else if (crossesItself(corners)) this.problem = text.faults.tangled;
        return this.problem === "" ? { markers: [], geometry: polygonOf(corners) } : null;
      }
      case "markers": {
        const answered = this.markers.filter(({ id }) => this.chosen.has(id));
        const geometry = spanOf(answered);
        if (geometry === null) this.problem = text.missing.markers;
        return geometry === null ? null : { markers: answered.map(({ id }) => id), geometry };
      }
      default:
        return { markers: [] };
    }
  }

  #createMap(element: HTMLElement): void {
    if (!this.territoire) return;
    this.#map = createMap({
      element,
      extent: this.territoire.bbox as unknown as Extent,
      territoire: this.territoire.code,
      words: { ...mapWords(this.territoire.nom), map: text.map },
    });
    const shape = (this.quartier?.geometry ?? null) as QuartierShape | null;
    this.#map.setQuartier(shape);
    if (shape) this.#map.fit(shape);
    this.#map.on("tap", ({ at, marker }) => {
      if (this.kind === "zone") this.corners = [...this.corners, at];
      else if (marker !== null) this.#toggle(marker);
    });
  }

  #toggle(id: Uuid): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.chosen = next;
  }

  #paint(): void {
    const map = this.#map;
    if (!map) return;
    const zone = this.kind === "zone";
    map.setCross(zone);
    map.setMarkers(
      this.markers.map(({ id, felt, geometry }) => ({
        id,
        felt,
        geometry,
        emphasis: !zone && this.chosen.has(id) ? ("own" as const) : ("other" as const),
      })),
    );
    map.setDraft(
      zone && this.corners.length > 0
        ? { felt: "unsafe", positions: this.corners, closed: this.corners.length > 2 }
        : null,
    );
  }

  override render() {
    return html`<fieldset class="place-field">
      <legend>${text.legend}</legend>
      <p class="hint">${text.help}</p>
      ${KINDS.filter((one) => this.#offered(one)).map(
        (one) => html`<label class="check">
          <input type="radio" name="place" value=${one} .checked=${this.kind === one} @change=${() => {
            this.kind = one;
            this.problem = "";
          }} />
          ${text.kinds[one]}
        </label>`,
      )}
      ${this.kind === "zone" || this.kind === "markers" ? this.#chooser() : nothing}
      <p class="form-error" role="alert">${this.problem}</p>
    </fieldset>`;
  }

  #chooser() {
    const zone = this.kind === "zone";
    return html`<p class="hint">${zone ? text.zoneHelp : text.markersHelp}</p>
      <div class="map place-map"></div>
      ${zone ? this.#zoneTools() : this.#markerList()}`;
  }

  #zoneTools() {
    const { corners } = this;
    return html`<p role="status">${text.corners(corners.length)}</p>
      <p class="row">
        <button type="button" class="button small" @click=${() => {
          const at = this.#map?.view().center;
          if (at) this.corners = [...corners, at];
        }}>${text.corner}</button>
        <button type="button" class="button small" ?disabled=${corners.length === 0} @click=${() => {
          this.corners = corners.slice(0, -1);
        }}>${text.undo}</button>
        <button type="button" class="button small" ?disabled=${corners.length === 0} @click=${() => {
          this.corners = [];
        }}>${text.clear}</button>
      </p>`;
  }

  #markerList() {
    if (this.markers.length === 0) return html`<p class="hint">${text.noMarkers}</p>`;
    const rank = new Map<number, number>();
    return html`<p role="status">${text.markers([...this.chosen].length)}</p>
      <div class="place-markers" tabindex="0" role="group" aria-label=${text.kinds.markers}>
        ${this.markers.map(({ id, table, felt }) => {
          const count = (rank.get(table) ?? 0) + 1;
          rank.set(table, count);
          return html`<label class="check"><input type="checkbox" .checked=${this.chosen.has(id)} @change=${() => this.#toggle(id)} /> ${text.marker(table, count, text.felts[felt])}</label>`;
        })}
      </div>`;
  }
}

customElements.define("place-field", PlaceField);
