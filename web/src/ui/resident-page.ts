import { html, type TemplateResult } from "lit";
import { Problem } from "../api";
import { Device } from "../device";
import type { TableView } from "../protocol";
import { lookTable, normalCode, seatsAt } from "../seat";
import type { StoredSeat } from "../storage";
import { text } from "../text/atelier";
import { problemSentence, problemWords } from "../text/problem";
import { LightElement } from "./light-element";
import "./resident-join";
import type { Wrong } from "./resident-wrong";
import "./resident-wrong";

type Phase =
  | { readonly name: "loading" }
  | { readonly name: "wrong"; readonly reason: Wrong; readonly detail: string }
  | { readonly name: "join"; readonly table: TableView; readonly seats: readonly StoredSeat[] }
  | { readonly name: "map"; readonly seat: StoredSeat; readonly seats: readonly StoredSeat[] };

/** A seat is taken up again without a question for so long after its last use, milliseconds. */
const SAME_EVENING = 6 * 3600 * 1000;

/** The page of a table: joining screen, then the resident's map, which loads meanwhile. */
export class ResidentPage extends LightElement {
  static override properties = {
    status: { type: Number },
    problem: {},
    detail: {},
    phase: { state: true },
  };
  /** The refusal that the server wrote into the page together with its status: 0, "" for none. */
  declare status: number;
  declare problem: string;
  declare detail: string;
  declare private phase: Phase;
  readonly #code = normalCode(decodeURIComponent(location.pathname.split("/")[2] ?? ""));
  #device: Device | null = null;
  /** The last thing pressed was a key. */
  #keyboard = false;

  constructor() {
    super();
    this.status = 0;
    this.problem = "";
    this.detail = "";
    this.phase = { name: "loading" };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener("keydown", () => {
      this.#keyboard = true;
    });
    this.addEventListener("pointerdown", () => {
      this.#keyboard = false;
    });
    void this.#open();
  }

  override render(): TemplateResult {
    const { phase } = this;
    const device = this.#device;
    if (phase.name === "loading" || device === null) {
      return html`<main class="join"><p role="status">${text.loading}</p></main>`;
    }
    if (phase.name === "wrong") {
      return html`<resident-wrong .reason=${phase.reason} .detail=${phase.detail} .code=${this.#code}></resident-wrong>`;
    }
    if (phase.name === "join") {
      return html`<resident-join
        .code=${this.#code}
        .table=${phase.table}
        .seats=${phase.seats}
        .storage=${device.storage}
        @seated=${(event: CustomEvent<StoredSeat>) => void this.#seated(event.detail)}
      ></resident-join>`;
    }
    return html`<resident-map
      .device=${device}
      .seat=${phase.seat}
      .seats=${phase.seats}
      @seated=${(event: CustomEvent<StoredSeat>) => void this.#seated(event.detail)}
      @unseated=${() => void this.#unseated()}
    ></resident-map>`;
  }

  async #open(): Promise<void> {
    const device = await Device.open();
    this.#device = device;
    const seats = await seatsAt(this.#code, device.storage);
    const [last] = seats;
    // After a reload the same resident goes on drawing, with or without a network.
    if (last !== undefined && Date.now() - last.used < SAME_EVENING) return this.#seated(last);
    await this.#look(seats);
  }

  async #look(seats: readonly StoredSeat[]): Promise<void> {
    try {
      const table = await this.#table();
      document.title = text.title(table.atelier.quartier_nom);
      this.phase = { name: "join", table, seats };
      void import("./resident-map");
    } catch (error) {
      const [known] = seats;
      const wrong = wrongOf(error);
      // Without a network, a table that this device has sat at needs no server.
      if (wrong.reason === "unreachable" && known !== undefined) {
        this.phase = { name: "join", table: known.table, seats };
      } else {
        this.phase = { name: "wrong", ...wrong };
      }
    }
  }

  /** What the code opens. A refusal that came with the page is not asked for again: each asking counts. */
  async #table(): Promise<TableView> {
    const { status, problem, detail } = this;
    this.status = 0;
    if (status === 0) return lookTable(this.#code);
    await problemWords;
    throw new Problem(status, problem, problemSentence(problem, detail));
  }

  async #seated(seat: StoredSeat): Promise<void> {
    const device = this.#device as Device;
    const used = { ...seat, used: Date.now() };
    await device.storage.putSeat(used).catch(() => undefined);
    document.title = text.title(seat.table.atelier.quartier_nom);
    void navigator.storage?.persist?.().catch(() => false);
    try {
      await import("./resident-map");
    } catch {
      this.phase = { name: "wrong", reason: "unreachable", detail: "" };
      return;
    }
    this.phase = { name: "map", seat: used, seats: await seatsAt(this.#code, device.storage) };
    if (!this.#keyboard) return;
    // The button that was pressed went with its screen.
    await this.updateComplete;
    const map = this.querySelector<LightElement>("resident-map");
    await map?.updateComplete;
    map?.querySelector<HTMLElement>(".bar button:enabled")?.focus();
  }

  /** The next resident of this device sits down. */
  async #unseated(): Promise<void> {
    this.phase = { name: "loading" };
    const { storage } = this.#device as Device;
    await this.#look(await seatsAt(this.#code, storage));
  }
}

/** 404 and 410 are about the code; everything else passes. */
function wrongOf(error: unknown): { reason: Wrong; detail: string } {
  if (error instanceof Problem && error.code !== "reponse_etrangere") {
    if (error.status === 404 || error.status === 400)
      return { reason: "unknown", detail: error.status === 404 ? error.message : "" };
    if (error.status === 410) return { reason: "expired", detail: error.message };
    return { reason: "unreachable", detail: error.status === 429 ? error.message : "" };
  }
  return { reason: "unreachable", detail: "" };
}

customElements.define("resident-page", ResidentPage);
