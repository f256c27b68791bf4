import { html, nothing } from "lit";
import { get, Problem, remove, type Schemas } from "../api";
import { openStorage, type Storage, type StoredSeat } from "../storage";
import { text as cityText } from "../text/city";
import { formatMoment, formatNumber } from "../text/format";
import { text as pageText } from "../text/privacy";
import { LightElement } from "./light-element";
import "./demo-banner";
import "./language-switch";

const text = pageText.contribution;

type Contribution = Schemas["Contribution"];
type Own = Schemas["OwnSignalement"];

/** A marker of the export, as far as the page shows it. */
interface Marker {
  readonly id: string;
  readonly geometry: { readonly type: string; readonly coordinates: readonly unknown[] };
  readonly properties: {
    readonly felt: "unsafe" | "safe";
    readonly deleted: boolean;
    readonly note?: string;
    readonly themes?: readonly string[];
  };
}

interface Given {
  readonly seat: StoredSeat;
  readonly own: Contribution;
}

/**
 * What a person gave: by the seats of this device, and by the receipt of a
 * signalement. Erasing asks once more, and then leaves nothing here either.
 */
export class ContributionPage extends LightElement {
  static override properties = {
    given: { state: true },
    own: { state: true },
    asking: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  declare private given: readonly Given[] | null;
  declare private own: Own | null;
  /** Key of the seat, or "recu", whose erasure waits for a yes. */
  declare private asking: string;
  declare private said: string;
  declare private problem: string;
  #storage: Storage | null = null;
  #receipt = "";

  constructor() {
    super();
    this.given = null;
    this.own = null;
    this.asking = "";
    this.said = "";
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.documentTitle;
    void this.#load();
  }

  async #load(): Promise<void> {
    const storage = await openStorage();
    this.#storage = storage;
    const given: Given[] = [];
    await this.#try(async () => {
      for (const seat of await storage.seats()) {
        try {
          given.push({ seat, own: await this.#read(seat) });
        } catch (error) {
          // A seat that was erased, or whose evening is forgotten, has nothing to show.
          if (!(error instanceof Problem) || error.passing) throw error;
        }
      }
    });
    this.given = given;
  }

  #read(seat: StoredSeat): Promise<Contribution> {
    return get("/api/v1/ateliers/{id}/contribution", {
      path: { id: seat.table.atelier.id },
      token: seat.token,
    });
  }

  async #try(work: () => Promise<void>): Promise<void> {
    this.problem = "";
    this.said = "";
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  override render() {
    return html`
      <header>
        <demo-banner></demo-banner>
        <div class="privacy-head">
          <a href="/vie-privee">${pageText.title}</a>
          <language-switch></language-switch>
        </div>
      </header>
      <main class="privacy">
        <h1>${text.title}</h1>
        <p class="privacy-lead">${text.lead}</p>
        <p role="status" class="privacy-said">${this.said}</p>
        ${this.problem ? html`<p role="alert" class="privacy-problem">${this.problem}</p>` : nothing}
        <section>
          <h2>${text.seats}</h2>
          ${
            this.given === null
              ? html`<p>${pageText.loading}</p>`
              : this.given.length === 0
                ? html`<p>${text.none}</p>`
                : this.given.map((one) => this.#seat(one))
          }
        </section>
        <section>
          <h2>${text.receipt}</h2>
          <form @submit=${this.#look}>
            <label>
              <span>${text.code}</span>
              <input name="code" required autocomplete="off" spellcheck="false" maxlength="20" aria-describedby="code-help" />
            </label>
            <p id="code-help">${text.codeHelp}</p>
            <button type="submit" class="button">${text.look}</button>
          </form>
          ${this.own ? this.#signalement(this.own) : nothing}
        </section>
      </main>
    `;
  }

  #seat({ seat, own }: Given) {
    const markers = own.markers as unknown as readonly Marker[];
    return html`<article class="privacy-card">
      <h3>${own.atelier.titre}</h3>
      <p>${text.seat(own.table, own.rang)}, ${formatMoment(own.seated_at)}</p>
      <p>${text.erasureCode} <strong>${own.code.slice(0, 4)}-${own.code.slice(4)}</strong></p>
      <p>${markers.length === 0 ? text.noMarker : text.markers(markers.length)}</p>
      <ul>
        ${markers.map(
          (marker) => html`<li>
            <strong>${text.felt[marker.properties.felt]}</strong>${marker.properties.deleted ? ` (${text.deleted})` : ""},
            ${where(marker)}
            ${(marker.properties.themes ?? []).map((theme) => html`<br />${cityText.theme[theme as keyof typeof cityText.theme]}`)}
            ${marker.properties.note ? html`<br />« ${marker.properties.note} »` : nothing}
          </li>`,
        )}
      </ul>
      ${
        own.remarks.length === 0
          ? nothing
          : html`<h4>${text.remarks}</h4>
              <ul>${own.remarks.map((one) => html`<li>« ${one.text} »${one.deleted ? ` (${text.deleted})` : ""}</li>`)}</ul>`
      }
      ${own.votes.length === 0 ? nothing : html`<p>${text.votes(own.votes.reduce((sum, { dots }) => sum + dots, 0))}</p>`}
      <p>${text.log(own.operations)} ${text.kept(own.retention.text_months, own.retention.position_months)}</p>
      <div class="privacy-actions">
        <button type="button" class="button" @click=${() => this.#save(own)}>${text.save}</button>
        ${this.#eraser(seat.key, text.erase, text.sure, () => this.#eraseSeat(seat))}
      </div>
    </article>`;
  }

  #signalement(own: Own) {
    return html`<article class="privacy-card">
      <h3>${cityText.theme[own.theme as keyof typeof cityText.theme]}</h3>
      <p>${text.received} ${formatMoment(own.received_at)}</p>
      ${own.subtheme ? html`<p>${text.subtheme} : ${own.subtheme}</p>` : nothing}
      ${own.note ? html`<p>${text.note} : « ${own.note} »</p>` : nothing}
      ${own.coarse ? html`<p>${text.coarse}</p>` : nothing}
      ${own.hidden ? html`<p>${text.hidden}</p>` : nothing}
      <p>${text.kept(own.retention.text_months, own.retention.position_months)}</p>
      <div class="privacy-actions">
        <button type="button" class="button" @click=${() => this.#save(own)}>${text.save}</button>
        ${this.#eraser("recu", text.eraseReceipt, text.sureReceipt, this.#eraseReceipt)}
      </div>
    </article>`;
  }

  #eraser(key: string, label: string, sure: string, erase: () => void) {
    if (this.asking !== key) {
      return html`<button type="button" class="button danger" @click=${() => this.#ask(key)}>${label}</button>`;
    }
    return html`<div class="privacy-sure" role="group" aria-label=${label}>
      <p>${sure}</p>
      <button type="button" class="button danger" @click=${erase}>${text.confirm}</button>
      <button type="button" class="button" @click=${() => this.#ask("")}>${text.cancel}</button>
    </div>`;
  }

  #ask(key: string): void {
    this.asking = key;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>(".privacy-sure .button:last-child")?.focus(),
    );
  }

  #save(content: unknown): void {
    const anchor = document.createElement("a");
    const json = JSON.stringify(content, null, 2);
    anchor.href = URL.createObjectURL(new Blob([json], { type: "application/json" }));
    anchor.download = "quietude-ma-contribution.json";
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  }

  #eraseSeat(seat: StoredSeat): Promise<void> {
    return this.#try(async () => {
      await remove("/api/v1/ateliers/{id}/contribution", {
        path: { id: seat.table.atelier.id },
        token: seat.token,
      });
      await this.#storage?.forget(seat.key);
      this.given = (this.given ?? []).filter((one) => one.seat !== seat);
      this.asking = "";
      this.said = text.erased;
    });
  }

  readonly #look = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = String(new FormData(event.target as HTMLFormElement).get("code") ?? "");
    // A header carries ASCII only; what else was typed is no code.
    this.#receipt = typed.replace(/[^0-9A-Za-z]/g, "");
    this.own = null;
    void this.#try(async () => {
      this.own = await get("/api/v1/recu", { receipt: this.#receipt || "-" });
    });
  };

  readonly #eraseReceipt = () => {
    void this.#try(async () => {
      await remove("/api/v1/recu", { receipt: this.#receipt });
      this.own = null;
      this.asking = "";
      this.said = text.erased;
    });
  };
}

/** A place in words: a point, or how many corners an area has. */
function where({ geometry }: Marker): string {
  if (geometry.type === "Point") {
    const [lon, lat] = geometry.coordinates as readonly [number, number];
    return text.place(formatNumber(lon, 5), formatNumber(lat, 5));
  }
  const [ring] = geometry.coordinates as readonly (readonly unknown[])[];
  return text.zone(Math.max(0, (ring?.length ?? 1) - 1));
}

customElements.define("contribution-page", ContributionPage);
