import { html, nothing, type PropertyDeclarations } from "lit";
import { get, Problem, type Quartier, type Territoire } from "../api";
import { text as city } from "../text/city";
import { colon } from "../text/format";
import { LightElement } from "./light-element";

/** The territoire that this address serves; a Problem when there is none. */
export async function currentTerritoire(signal?: AbortSignal): Promise<Territoire> {
  const { territoires } = await get("/api/v1/territoires", signal ? { signal } : {});
  const territoire = territoires.find((one) => one.dedicated) ?? territoires[0];
  if (!territoire) throw new Problem(404, "territoire_absent", city.status.noTerritoire);
  return territoire;
}

export async function quartiersOf(
  territoire: Territoire,
  signal?: AbortSignal,
): Promise<readonly Quartier[]> {
  const query = { territoire: territoire.code };
  const { features } = await get("/api/v1/quartiers", signal ? { query, signal } : { query });
  return features;
}

/** A page about a territoire and its quartiers, whose state is in the address bar. */
export abstract class TerritoirePage extends LightElement {
  static override properties: PropertyDeclarations = {
    territoire: { state: true },
    quartiers: { state: true },
    problem: { state: true },
  };
  declare protected territoire: Territoire | null;
  declare protected quartiers: readonly Quartier[];
  declare protected problem: string;
  readonly #back = () => this.restore();

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.problem = "";
  }

  /** Reads the address bar again, after a step in the history. */
  protected abstract restore(): void;

  /** Territoire and quartiers are known and on the page. */
  protected abstract begin(): Promise<void> | void;

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener("popstate", this.#back);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    window.removeEventListener("popstate", this.#back);
  }

  protected async start(): Promise<void> {
    this.problem = "";
    try {
      const territoire = await currentTerritoire();
      this.quartiers = await quartiersOf(territoire);
      this.territoire = territoire;
      await this.updateComplete;
      await this.begin();
    } catch (error) {
      this.fail(error);
    }
  }

  protected fail(error: unknown): void {
    this.problem = error instanceof Problem ? error.message : city.api.refused;
    if (!(error instanceof Problem)) throw error;
  }

  /** Puts a state into the address bar; a step can be gone back. */
  protected remember(query: string, step = false): void {
    const target = location.pathname + query;
    if (step) history.pushState(null, "", target);
    else history.replaceState(null, "", target);
  }

  protected quartier(code: string | null): Quartier | undefined {
    return this.quartiers.find((one) => one.properties.code === code);
  }

  protected readonly nameOf = (code: string): string =>
    this.quartier(code)?.properties.nom_court ?? code;

  protected banner() {
    return this.territoire?.demo
      ? html`<p class="demo-banner"><strong>${city.demo}</strong><span class="demo-more">${colon}${city.demoMore}</span></p>`
      : nothing;
  }

  /** What went wrong, and a way on. */
  protected trouble(again: () => unknown) {
    return html`<div class="notice error" role="alert"><p>${this.problem}</p>
      <button type="button" class="button" @click=${again}>${city.status.retry}</button></div>`;
  }
}
