/**
 * The slides of an atelier and which one is on the wall, as a page needs them.
 * The state is the server's; a page of the same browser (the wall beside the
 * animateur's) is told at once, the others ask again.
 */
import { get, post, put } from "./api";
import type { Uuid } from "./protocol";
import type { Slide, Told } from "./slide";

/** Milliseconds between two questions of a wall that shows slides. */
const EVERY = 700;

export class Deck {
  slides: readonly Slide[] = [];
  version = 0;
  /** Rank of the slide on the wall; 0 for the opening page. */
  shown = 0;
  /** Another number once something that slides count was taken out or put back. */
  recounted = 0;
  /** Null until the server has answered once. */
  known = false;
  readonly #atelier: Uuid;
  readonly #onChange: () => void;
  readonly #channel: BroadcastChannel;
  readonly #told = new Map<number, Told>();
  #timer: ReturnType<typeof setInterval> | undefined;
  #asking = false;

  constructor(atelier: Uuid, onChange: () => void) {
    this.#atelier = atelier;
    this.#onChange = onChange;
    this.#channel = new BroadcastChannel(`quietude.restitution.${atelier}`);
    this.#channel.onmessage = () => void this.read().catch(() => undefined);
  }

  /** Asks again and again while `on`; without an answer what is known stays. */
  follow(on: boolean): void {
    if (on === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = on
      ? setInterval(() => {
          if (!this.#asking) void this.read().catch(() => undefined);
        }, EVERY)
      : undefined;
    if (on) void this.read().catch(() => undefined);
  }

  stop(): void {
    this.follow(false);
    this.#channel.close();
  }

  /** Rejects with Problem. */
  async read(): Promise<void> {
    this.#asking = true;
    try {
      this.#take(await get("/api/v1/ateliers/{id}/restitution", { path: { id: this.#atelier } }));
    } finally {
      this.#asking = false;
    }
  }

  /** Replaces the slides; rejects with Problem. */
  async choose(slides: readonly Slide[]): Promise<void> {
    const body = { base: this.version, slides: [...slides] };
    this.#take(
      await put("/api/v1/ateliers/{id}/restitution", body, { path: { id: this.#atelier } }),
    );
    this.#channel.postMessage("changed");
  }

  /** Puts a slide on the wall; rejects with Problem. */
  async show(rang: number): Promise<void> {
    const body = { version: this.version, rang };
    this.#take(
      await post("/api/v1/ateliers/{id}/restitution/montree", body, {
        path: { id: this.#atelier },
      }),
    );
    this.#channel.postMessage("shown");
  }

  /** A slide with its figures; rejects with Problem. */
  async tell(rang: number): Promise<Told> {
    const { version, recounted } = this;
    const told =
      this.#told.get(rang) ??
      (await get("/api/v1/ateliers/{id}/restitution/{rang}", {
        path: { id: this.#atelier, rang },
      }));
    if (version === this.version && recounted === this.recounted) this.#told.set(rang, told);
    return told;
  }

  #take(state: {
    version: number;
    shown: number;
    recounted: number;
    slides: readonly Slide[];
  }): void {
    const { version, shown, recounted, slides } = state;
    const same = shown === this.shown && recounted === this.recounted;
    if (this.known && version === this.version && same) return;
    // Figures move with time: they are counted again whenever the wall moves, and
    // while it stands when something is taken out. Not with each new one: to see a
    // rounded number change would tell what it hides.
    this.#told.clear();
    this.known = true;
    this.version = version;
    this.shown = shown;
    this.recounted = recounted;
    this.slides = slides;
    this.#onChange();
  }
}
