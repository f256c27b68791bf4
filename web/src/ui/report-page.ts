import { html, nothing } from "lit";
import { get, Problem, post, type Quartier, type Schemas, type Territoire } from "../api";
import { createMap } from "../map/leaflet";
import type { QuietudeMap } from "../map/map";
import { mapWords } from "../text/city";
import { text } from "../text/public";
import { extentOf, type LonLat, snap } from "../units";
import { uuidV7 } from "../uuid";
import { choiceIcon } from "./choice-icon";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { publicFrame } from "./public-frame";
import { namesOf } from "./quartier-shape";
import type { Place } from "./street-search";
import "./street-search";
import "./date-field";
import type { DateField } from "./date-field";

/** Characters of a free text, as the server counts them. */
const NOTE_MAX = 280;
const STREET_ZOOM = 17;

type Frequency = "once" | "recurrent" | "daily";
type ContactDraft = Readonly<Record<"nom" | "email" | "adresse", string>>;
const NO_CONTACT: ContactDraft = { nom: "", email: "", adresse: "" };
type State = "writing" | "sending" | "sent";

/** The form by which a resident tells the city of a trouble. */
export class ReportPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    kept: { state: true },
    theme: { state: true },
    at: { state: true },
    frequency: { state: true },
    note: { state: true },
    contact: { state: true },
    state: { state: true },
    problem: { state: true },
    receipt: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private kept: Schemas["Conservation"] | null;
  declare private theme: Schemas["Theme"] | "";
  declare private at: LonLat | null;
  declare private frequency: Frequency | "";
  declare private note: string;
  declare private contact: ContactDraft;
  declare private state: State;
  declare private problem: string;
  /** Code with which the reporter sees or erases the report. */
  declare private receipt: string;

  #map: QuietudeMap | null = null;
  #center: LonLat | null = null;
  #quartiers: readonly Quartier[] = [];
  // The same report sent twice is one.
  #id = uuidV7();

  constructor() {
    super();
    this.territoire = null;
    this.kept = null;
    this.theme = "";
    this.at = null;
    this.frequency = "";
    this.note = "";
    this.contact = NO_CONTACT;
    this.state = "writing";
    this.problem = "";
    this.receipt = "";
  }

  protected override firstUpdated(): void {
    void this.#load();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#map?.remove();
    this.#map = null;
  }

  async #load(): Promise<void> {
    try {
      const { territoires } = await get("/api/v1/territoires");
      const territoire = territoires.find((one) => one.dedicated) ?? territoires[0];
      if (!territoire) return;
      const query = { territoire: territoire.code };
      const [{ features }, kept] = await Promise.all([
        get("/api/v1/quartiers", { query }),
        get("/api/v1/conservation"),
      ]);
      this.#quartiers = features;
      this.territoire = territoire;
      this.kept = kept;
      document.title = text.form.title(territoire.nom);
      await this.updateComplete;
      this.#createMap(territoire);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }

  #createMap(territoire: Territoire): void {
    const element = this.querySelector<HTMLElement>("#map");
    if (!element || this.#map) return;
    const [west, south, east, north] = territoire.bbox as [number, number, number, number];
    const map = createMap({
      element,
      extent: [west, south, east, north],
      territoire: territoire.code,
      words: mapWords(territoire.nom),
      anyZoom: true,
    });
    map.on("view", ({ center }) => {
      this.#center = center;
    });
    map.on("tap", ({ at }) => this.#place(at));
    const all = extentOf(this.#quartiers.flatMap(({ bbox }) => corners(bbox)));
    if (all) map.fit(all);
    map.setQuartierNames(namesOf(this.#quartiers));
    this.#map = map;
  }

  #place(at: LonLat): void {
    this.at = snap(at);
    this.#map?.setPlace(this.at);
  }

  readonly #found = ({ detail }: CustomEvent<Place | null>) => {
    if (!detail) return;
    this.#place(detail.at);
    this.#map?.setView(detail.at, STREET_ZOOM);
  };

  readonly #middle = () => {
    if (this.#center) this.#place(this.#center);
  };

  /** The period in which it happened; false when it cannot be. */
  #period(): { occurred_from: string; occurred_to: string } | false | null {
    const day = this.querySelector<DateField>("#day");
    const hour = this.querySelector<DateField>("#hour");
    if (!day || !hour || day.wrong || hour.wrong) return false;
    if (day.value === "") return null;
    const from = new Date(`${day.value}T${hour.value || "00:00"}`);
    if (Number.isNaN(from.getTime()) || from.getTime() > Date.now()) return false;
    const end = new Date(`${day.value}T23:59:59`);
    const to = hour.value ? from : new Date(Math.min(end.getTime(), Date.now()));
    return { occurred_from: from.toISOString(), occurred_to: to.toISOString() };
  }

  readonly #send = async (event: Event) => {
    event.preventDefault();
    if (this.state === "sending") return;
    const period = this.#period();
    const missing =
      this.theme === ""
        ? text.form.missing.theme
        : !this.at
          ? text.form.missing.place
          : period === false
            ? text.form.missing.when
            : this.#nameAlone()
              ? text.form.missing.contact
              : "";
    const contact = filled(this.contact);
    if (missing !== "" || this.theme === "" || !this.at || period === false) {
      this.#refuse(missing);
      return;
    }
    this.state = "sending";
    this.problem = "";
    try {
      const { receipt } = await post(
        "/api/v1/signalements",
        {
          id: this.#id,
          geometry: { type: "Point", coordinates: [...this.at] },
          theme: this.theme,
          ...(period ?? {}),
          ...(this.frequency ? { frequency: this.frequency } : {}),
          ...(this.note.trim() ? { note: this.note.trim() } : {}),
          ...(contact ? { contact } : {}),
        },
        this.territoire ? { query: { territoire: this.territoire.code } } : {},
      );
      this.receipt = receipt ?? "";
      this.state = "sent";
      await this.updateComplete;
      this.querySelector<HTMLElement>("#sent")?.focus();
    } catch (error) {
      this.state = "writing";
      if (!(error instanceof Problem)) throw error;
      this.#refuse(`${error.message} ${text.form.kept}`);
    }
  };

  #refuse(problem: string): void {
    this.problem = problem;
    void this.updateComplete.then(() =>
      this.querySelector<HTMLElement>("#form-problem")?.scrollIntoView({ block: "center" }),
    );
  }

  /** A name without an address reaches nobody. */
  #nameAlone(): boolean {
    const { nom, email, adresse } = filled(this.contact) ?? {};
    return nom !== undefined && email === undefined && adresse === undefined;
  }

  readonly #again = async () => {
    this.#map?.remove();
    this.#map = null;
    this.#id = uuidV7();
    this.theme = "";
    this.at = null;
    this.frequency = "";
    this.note = "";
    this.contact = NO_CONTACT;
    this.state = "writing";
    await this.updateComplete;
    if (this.territoire) this.#createMap(this.territoire);
  };

  #quartierName(code: string): string {
    const found = this.#quartiers.find((one) => one.properties.code === code);
    return found?.properties.nom_court ?? code;
  }

  override render() {
    return publicFrame(
      this.territoire,
      nothing,
      this.state === "sent" ? this.#thanks() : this.#form(),
    );
  }

  #thanks() {
    return html`
      <h1 id="sent" tabindex="-1">${text.form.sent}</h1>
      <p class="lead">${text.form.sentMore}</p>
      ${
        this.receipt
          ? html`<p>${text.form.receipt} <strong class="receipt">${this.receipt}</strong></p>
            <p class="public-privacy"><a href="/ma-contribution">${text.contribution}</a></p>`
          : nothing
      }
      <p class="urgent">${text.urgent}</p>
      <div class="public-choice">
        <button type="button" class="button primary" @click=${this.#again}>${text.form.again}</button>
        <a class="button" href="/">${text.form.back}</a>
      </div>
    `;
  }

  #form() {
    const left = NOTE_MAX - [...this.note].length;
    return html`
      <h1>${text.form.title(this.territoire?.nom ?? "…")}</h1>
      <p class="lead">${text.form.lead}</p>
      <p class="urgent">${text.urgent}</p>
      <form class="public-form" novalidate @submit=${this.#send}>
        <fieldset>
          <legend>${text.form.what}</legend>
          <div class="themes">${this.#themes()}</div>
          ${
            this.theme === "VIO"
              ? html`<p class="urgent strong" role="alert">${text.form.danger}</p>`
              : nothing
          }
        </fieldset>
        <fieldset>
          <legend>${text.form.where}</legend>
          <p class="muted">${text.form.whereHelp}</p>
          <street-search
            .territoire=${this.territoire?.code ?? ""}
            .quartierName=${(code: string) => this.#quartierName(code)}
            @place=${this.#found}
          ></street-search>
          <div id="map" class="map"></div>
          <div class="public-choice">
            <button type="button" class="button" @click=${this.#middle}>${text.form.centre}</button>
            <p role="status">${this.at ? text.form.placed : text.form.notPlaced}</p>
          </div>
        </fieldset>
        <fieldset>
          <legend>${text.form.when}</legend>
          <div class="public-choice">
            <date-field id="day" label=${text.form.whenDay} max=${today()} value=${today()}></date-field>
            <date-field id="hour" kind="time" label=${text.form.whenHour}></date-field>
          </div>
          <div class="public-choice">
            <label for="frequency">${text.form.often}</label>
            <select id="frequency" @change=${(event: Event) => {
              this.frequency = (event.target as HTMLSelectElement).value as Frequency | "";
            }}>
              <option value="">–</option>
              ${Object.entries(text.form.frequencies).map(
                ([code, words]) =>
                  html`<option value=${code} ?selected=${code === this.frequency}>${words}</option>`,
              )}
            </select>
          </div>
        </fieldset>
        <fieldset>
          <legend><label for="note">${text.form.note}</label></legend>
          <p class="muted" id="note-help">${text.form.noteHelp}</p>
          <textarea
            id="note"
            rows="3"
            aria-describedby="note-help note-left"
            .value=${this.note}
            @input=${(event: Event) => {
              this.note = [...(event.target as HTMLTextAreaElement).value]
                .slice(0, NOTE_MAX)
                .join("");
            }}
          ></textarea>
          <p class="muted" id="note-left">${text.form.left(left)}</p>
        </fieldset>
        ${this.#contact()}
        ${
          this.kept
            ? html`<section class="notice" aria-labelledby="notice-title">
                <h2 id="notice-title">${text.form.notice}</h2>
                <p>${text.form.noticeText(this.kept.text_months, this.kept.position_months)}</p>
              </section>`
            : nothing
        }
        <p class="public-privacy"><a href="/vie-privee">${text.privacy}</a></p>
        ${this.problem ? html`<p id="form-problem" class="notice problem" role="alert">${this.problem}</p>` : nothing}
        <button type="submit" class="button primary big" ?disabled=${this.state === "sending"}>
          ${this.state === "sending" ? text.form.sending : text.form.send}
        </button>
      </form>
    `;
  }

  /** Shown once it can be said how long it is kept. */
  #contact() {
    if (!this.kept) return nothing;
    const field = (name: keyof ContactDraft, label: string, control: unknown) =>
      html`<div class="public-contact"><label for="contact-${name}">${label}</label>${control}</div>`;
    const take = (name: keyof ContactDraft) => (event: Event) => {
      this.contact = { ...this.contact, [name]: (event.target as HTMLInputElement).value };
    };
    return html`<fieldset>
      <legend>${text.form.contact}</legend>
      <p class="muted" id="contact-help">${text.form.contactHelp(this.kept.contact_months)}</p>
      ${field(
        "email",
        text.form.contactEmail,
        html`<input id="contact-email" type="email" maxlength="254" autocomplete="email" aria-describedby="contact-help" .value=${this.contact.email} @input=${take("email")} />`,
      )}
      ${field(
        "adresse",
        text.form.contactAddress,
        html`<textarea id="contact-adresse" rows="2" maxlength="300" autocomplete="street-address" aria-describedby="contact-help" .value=${this.contact.adresse} @input=${take("adresse")}></textarea>`,
      )}
      ${field(
        "nom",
        text.form.contactName,
        html`<input id="contact-nom" maxlength="120" autocomplete="name" aria-describedby="contact-help" .value=${this.contact.nom} @input=${take("nom")} />`,
      )}
    </fieldset>`;
  }

  #themes() {
    return Object.entries(text.form.themes).map(
      ([code, words]) => html`<label class="theme">
        <input
          type="radio"
          name="theme"
          value=${code}
          .checked=${code === this.theme}
          @change=${() => {
            this.theme = code as Schemas["Theme"];
          }}
        />
        ${icon(choiceIcon("themes", code))} <span>${words}</span>
      </label>`,
    );
  }
}

/** What was written of a contact, without its empty parts; null when there is none. */
function filled(contact: ContactDraft): Partial<ContactDraft> | null {
  const parts = Object.entries(contact).flatMap(([name, value]) =>
    value.trim() === "" ? [] : [[name, value.trim()] as const],
  );
  return parts.length === 0 ? null : Object.fromEntries(parts);
}

/** Today on this device, as a date-field gives it. */
function today(): string {
  const now = new Date();
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

function corners(bbox: readonly number[] | undefined): readonly (readonly number[])[] {
  const [west, south, east, north] = bbox ?? [];
  if (west === undefined || south === undefined || east === undefined || north === undefined)
    return [];
  return [
    [west, south],
    [east, north],
  ];
}

customElements.define("report-page", ReportPage);
