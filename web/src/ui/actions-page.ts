import { html, nothing } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { FileText, Plus } from "lucide";
import { address, get, Problem, type Schemas, type Territoire } from "../api";
import type { Action, Finding, Organisation } from "../evening";
import { session } from "../session";
import { text as access } from "../text/access";
import { text } from "../text/actions";
import { text as evening } from "../text/evening";
import { formatDay, formatNumber } from "../text/format";
import type { ActionsChange, Changed } from "./actions-change";
import "./actions-change";
import "./actions-form";
import type { ActionsForm } from "./actions-form";
import "./actions-map";
import "./actions-organisations";
import { asked, format, type LedgerChoice, parse } from "./actions-state";
import "./actions-suivi";
import type { ActionsSuivi } from "./actions-suivi";
import "./demo-banner";
import { FocusKeeper } from "./focus-keeper";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import "./pilot-actions";
import "./staff-head";

type Indicators = Schemas["Indicators"];
type Role = keyof typeof access.roles;

/** The ledger: what was promised, by whom, for when, and what became of it. */
export class ActionsPage extends LightElement {
  static override properties = {
    territoire: { state: true },
    quartiers: { state: true },
    ateliers: { state: true },
    organisations: { state: true },
    findings: { state: true },
    actions: { state: true },
    histories: { state: true },
    indicators: { state: true },
    choice: { state: true },
    reader: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  declare private territoire: Territoire | null;
  declare private quartiers: readonly { code: string; nom: string }[];
  declare private ateliers: readonly { id: string; titre: string; quartier: string }[];
  declare private organisations: readonly Organisation[];
  declare private findings: ReadonlyMap<string, Finding>;
  declare private actions: readonly Action[] | null;
  declare private histories: ReadonlyMap<string, Action>;
  declare private indicators: Indicators | null;
  declare private choice: LedgerChoice;
  declare private reader: Role | "";
  declare private said: string;
  declare private problem: string;

  constructor() {
    super();
    this.territoire = null;
    this.quartiers = [];
    this.ateliers = [];
    this.organisations = [];
    this.findings = new Map();
    this.actions = null;
    this.histories = new Map();
    this.indicators = null;
    this.choice = parse(location.search);
    this.reader = "";
    this.said = "";
    this.problem = "";
    // An action that no longer belongs to the choice is not in the list.
    new FocusKeeper(this, () => this.querySelector("#ledger-count"));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.documentTitle;
    addEventListener("popstate", this.#back);
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("popstate", this.#back);
  }

  readonly #back = () => {
    this.choice = parse(location.search);
    void this.#try(() => this.#load());
  };

  readonly #start = () =>
    this.#try(async () => {
      this.reader = (await session()).role;
      // An organisation reads its own actions only.
      if (this.reader === "bailleur") return;
      const [{ territoires }, quartiers, { ateliers }, { organisations }] = await Promise.all([
        get("/api/v1/territoires"),
        get("/api/v1/quartiers"),
        get("/api/v1/ateliers"),
        get("/api/v1/organisations"),
      ]);
      this.territoire = territoires[0] ?? null;
      this.quartiers = quartiers.features.map(({ properties: { code, nom_court } }) => ({
        code,
        nom: nom_court,
      }));
      this.ateliers = ateliers.map(({ id, titre, quartier }) => ({ id, titre, quartier }));
      this.organisations = organisations;
      await this.#load();
    });

  get #mayChange(): boolean {
    return this.reader === "animateur" || this.reader === "police";
  }

  async #load(): Promise<void> {
    const { choice } = this;
    const { quartier } = choice;
    const inside = quartier === "" ? {} : { quartier };
    const [{ actions }, { findings }, indicators] = await Promise.all([
      get("/api/v1/actions", { query: asked(choice) }),
      get("/api/v1/findings", { query: inside }),
      get("/api/v1/indicateurs", { query: inside }),
    ]);
    if (choice !== this.choice) return; // another choice was made meanwhile
    this.actions = actions;
    this.findings = new Map(findings.map((f) => [f.id, f]));
    this.indicators = indicators;
    // Those that are unfolded and still listed are read again.
    const known = [...this.histories.keys()];
    this.histories = new Map();
    const listed = known.filter((id) => actions.some((one) => one.id === id));
    await Promise.all(listed.map((id) => this.#read(id)));
  }

  async #read(action: string): Promise<void> {
    const whole = await get("/api/v1/actions/{action}", { path: { action } });
    this.histories = new Map(this.histories).set(action, whole);
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.problem = "";
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      return false;
    }
  }

  override render() {
    if (this.reader === "bailleur") {
      return html`${this.#header()}
        <main class="ledger"><pilot-actions></pilot-actions></main>`;
    }
    return html`
      ${this.#header()}
      <main class="ledger">
        <h1>${text.title}</h1>
        <p>${text.lead}</p>
        ${this.#filters()}
        <p role="status" class="ledger-said">${this.said}</p>
        ${
          this.problem
            ? html`<div class="ledger-problem" role="alert">
                <p>${this.problem}</p>
                <button type="button" class="button" @click=${this.#start}>${text.retry}</button>
              </div>`
            : nothing
        }
        ${this.#list()} ${this.#figures()}
        ${
          this.reader === "animateur"
            ? html`<actions-organisations .organisations=${this.organisations}></actions-organisations>
                <actions-suivi @decided=${this.#told}></actions-suivi>`
            : nothing
        }
        ${
          this.#mayChange
            ? html`<actions-change .organisations=${this.organisations} @changed=${this.#changed}></actions-change>
                <actions-form .territoire=${this.territoire} .reader=${this.reader} .organisations=${this.organisations} .quartiers=${this.quartiers} .ateliers=${this.ateliers} @kept=${this.#told} @organisation=${this.#added}></actions-form>`
            : nothing
        }
      </main>
    `;
  }

  /** Something was written: says so, and reads again. */
  readonly #told = (event: Event) => {
    const { detail } = event as CustomEvent<string>;
    void this.#try(() => this.#load()).then(() => {
      this.said = detail;
    });
  };

  /** An organisation added in the form pilots, and may be chosen above the list. */
  readonly #added = ({ detail }: CustomEvent<Organisation>) => {
    this.organisations = [...this.organisations, detail];
  };

  readonly #changed = ({ detail: { action, state } }: CustomEvent<Changed>) => {
    void this.#try(() => this.#load()).then(() => {
      this.said = text.changed(action.titre, evening.states[state]);
    });
  };

  #header() {
    return html`<header>
      <demo-banner></demo-banner>
      <staff-head .place=${this.territoire?.nom ?? ""}></staff-head>
    </header>`;
  }

  #filters() {
    const { choice } = this;
    const select = (
      name: "quartier" | "atelier" | "pilote" | "state",
      words: string,
      all: string,
      options: readonly (readonly [string, string])[],
    ) =>
      html`<label><span>${words}</span>
        <select name=${name} @change=${this.#choose}>
          <option value="" ?selected=${choice[name] === ""}>${all}</option>
          ${options.map(([value, label]) => html`<option value=${value} ?selected=${choice[name] === value}>${label}</option>`)}
        </select>
      </label>`;
    return html`<div class="ledger-filters" role="group" aria-label=${text.filters}>
      ${select(
        "quartier",
        text.quartier,
        text.everywhere,
        this.quartiers.map(({ code, nom }) => [code, nom] as const),
      )}
      ${select(
        "atelier",
        text.atelier,
        text.anyAtelier,
        this.ateliers
          .filter((a) => choice.quartier === "" || a.quartier === choice.quartier)
          .map(({ id, titre }) => [id, titre] as const),
      )}
      ${select(
        "pilote",
        text.pilote,
        text.anyPilote,
        this.organisations.map(({ id, nom }) => [id, nom] as const),
      )}
      ${select("state", text.state, text.anyState, Object.entries(evening.states))}
      <label class="check"><input type="checkbox" .checked=${choice.late} @change=${this.#chooseLate} /> ${text.late}</label>
      <a class="button" href=${address("/api/v1/actions.xlsx", {}, asked(choice))} download>${icon(FileText)} ${text.workbook}</a>
      <a class="button" href="#indicators-title">${text.indicators.heading}</a>
      ${
        this.#mayChange
          ? html`<button type="button" class="button" @click=${() => this.querySelector<ActionsForm>("actions-form")?.open(null)}>${icon(Plus)} ${text.form.add}</button>`
          : nothing
      }
    </div>`;
  }

  readonly #choose = (event: Event) => {
    const { name, value } = event.target as HTMLSelectElement;
    const atelier =
      name === "quartier" &&
      value !== "" &&
      this.ateliers.some((a) => a.id === this.choice.atelier && a.quartier !== value)
        ? { atelier: "" }
        : {};
    this.#turn({ ...this.choice, [name]: value, ...atelier });
  };

  readonly #chooseLate = (event: Event) =>
    this.#turn({ ...this.choice, late: (event.target as HTMLInputElement).checked });

  #turn(choice: LedgerChoice): void {
    this.choice = choice;
    this.said = "";
    history.pushState(null, "", `/actions${format(choice)}`);
    void this.#try(() => this.#load());
  }

  #list() {
    const { actions } = this;
    if (actions === null) return this.problem ? nothing : html`<p>${text.loading}</p>`;
    if (actions.length === 0)
      return html`<p id="ledger-count" tabindex="-1" class="ledger-empty">${format(this.choice) === "" ? text.none : text.empty}</p>`;
    const late = actions.filter((a) => a.late).length;
    return html`<h2 id="ledger-count" tabindex="-1">${text.count(actions.length, late)}</h2>
      <actions-map .actions=${actions} .territoire=${this.territoire} .quartier=${this.choice.quartier} @choose-action=${this.#chosen}></actions-map>
      <ul class="ledger-list">${repeat(
        actions,
        ({ id }) => id,
        (action) => this.#action(action),
      )}</ul>`;
  }

  readonly #chosen = (event: Event) => {
    const card = this.querySelector<HTMLElement>(
      `#action-${(event as CustomEvent<string>).detail}`,
    );
    card?.scrollIntoView({ block: "center" });
    card?.focus();
  };

  #nameOf(id: string | undefined): string {
    return this.organisations.find((o) => o.id === id)?.nom ?? "";
  }

  #action(action: Action) {
    const pilote = this.#nameOf(action.pilote);
    const partners = action.partners.map((id) => this.#nameOf(id)).filter(Boolean);
    const titles = action.findings.map((id) => this.findings.get(id)?.titre ?? "").filter(Boolean);
    const atelier = this.ateliers.find((a) => a.id === action.atelier);
    const quartier = this.quartiers.find((q) => q.code === action.quartier)?.nom ?? "";
    const facts = [
      pilote === "" ? text.noPilote : evening.answers.by(pilote),
      ...(partners.length > 0 ? [evening.answers.with(partners.join(", "))] : []),
      ...(action.echeance ? [evening.answers.due(formatDay(action.echeance))] : []),
      ...(action.done_on ? [text.doneOn(formatDay(action.done_on))] : []),
    ];
    return html`<li class="ledger-action ${action.state}" id="action-${action.id}" tabindex="-1">
      <h3>${action.titre}${action.held ? html` <span class="tag open">${evening.toRead}</span>` : nothing}</h3>
      <p>
        <span class="ledger-state">${evening.states[action.state]}</span>
        ${action.late ? html`<strong class="ledger-late">${evening.late}</strong>` : nothing}
        <span class="ledger-kind">${evening.codes[action.code]}</span>
      </p>
      ${action.detail === "" ? nothing : html`<p>${action.detail}</p>`}
      <p>${facts.join("\u00a0· ")}</p>
      ${action.reason ? html`<p>${action.reason}</p>` : nothing}
      ${action.proof ? html`<p>${action.proof}</p>` : nothing}
      ${action.proof_url ? html`<p><a href=${action.proof_url} target="_blank" rel="noopener noreferrer">${text.proofLink}</a></p>` : nothing}
      ${
        action.voices
          ? html`<p>${text.voices(action.voices.better, action.voices.better + action.voices.worse)}</p>`
          : nothing
      }
      ${action.suivi ? html`<p class="hint">${text.suivi.states[action.suivi]}</p>` : nothing}
      ${titles.length > 0 ? html`<p class="hint">${text.answers(titles.join(" ; "))}</p>` : nothing}
      <p class="hint">${[quartier, atelier?.titre ?? "", action.demo ? text.demo : ""].filter(Boolean).join("\u00a0· ")}</p>
      <div class="ledger-tools">
        <details @toggle=${(event: Event) => this.#unfold(action, (event.target as HTMLDetailsElement).open)}>
          <summary aria-label=${text.historyOf(action.titre)}>${text.history}</summary>
          ${this.#history(action)}
        </details>
        ${
          this.#mayChange && action.next.some((s) => s !== "verified")
            ? html`<button type="button" class="button small" aria-label=${evening.answers.change(action.titre)} @click=${() => void this.querySelector<ActionsChange>("actions-change")?.open(action)}>${evening.answers.changeState}</button>`
            : nothing
        }
        ${
          this.#mayChange
            ? html`<button type="button" class="button small" aria-label=${text.form.editOf(action.titre)} @click=${() => this.querySelector<ActionsForm>("actions-form")?.open(action)}>${text.form.change}</button>`
            : nothing
        }
        ${
          this.reader === "animateur"
            ? html`<button type="button" class="button small" aria-label=${text.suivi.of(action.titre)} @click=${() => this.querySelector<ActionsSuivi>("actions-suivi")?.open(action)}>${text.suivi.open}</button>`
            : nothing
        }
      </div>
    </li>`;
  }

  #unfold(action: Action, open: boolean): void {
    if (!open || this.histories.has(action.id)) return;
    void this.#try(() => this.#read(action.id));
  }

  #history(action: Action) {
    const events = this.histories.get(action.id)?.history;
    if (!events) return html`<p>${text.loading}</p>`;
    return html`<ol class="ledger-history">
      ${events.map(
        (event) => html`<li>
          ${text.event(formatDay(event.at, this.territoire?.fuseau), evening.states[event.state], this.#author(event))}
          ${event.reason ? html`<br />${event.reason}` : nothing} ${event.proof ? html`<br />${event.proof}` : nothing}
        </li>`,
      )}
    </ol>`;
  }

  /** Who wrote an entry: an organisation by its name, others by their role. */
  #author(event: NonNullable<Action["history"]>[number]): string {
    const own = event.role === "bailleur" ? this.#nameOf(event.pilote) : "";
    return own || (access.roles[event.role as Role] ?? "");
  }

  // ── Indicators ───────────────────────────────────────────────────────────

  #figures() {
    const n = this.indicators;
    if (n === null) return nothing;
    const words = text.indicators;
    const value = (code: keyof typeof words.rows): string => {
      if (code === "in_time") return n.due === 0 ? words.missing : words.share(n.in_time, n.due);
      if (code === "median_days")
        return n.median_days === null ? words.missing : words.days(n.median_days);
      if (code === "by_state") {
        const some = Object.entries(evening.states).filter(([state]) => n.by_state[state]);
        return (
          some
            .map(([state, name]) => `${name}\u00a0${formatNumber(n.by_state[state] ?? 0)}`)
            .join(", ") || words.missing
        );
      }
      return formatNumber(n[code]);
    };
    return html`<section aria-labelledby="indicators-title">
      <h2 id="indicators-title">${words.heading}</h2>
      <div class="ledger-wide" role="region" aria-label=${words.caption} tabindex="0">
        <table>
          <caption class="visually-hidden">${words.caption}</caption>
          <thead>
            <tr><th scope="col">${words.name}</th><th scope="col">${words.value}</th><th scope="col">${words.definition}</th></tr>
          </thead>
          <tbody>
            ${(Object.keys(words.rows) as (keyof typeof words.rows)[]).map((code) => {
              const { name, definition } = words.rows[code];
              return html`<tr><th scope="row">${name}</th><td>${value(code)}</td><td>${definition}</td></tr>`;
            })}
          </tbody>
        </table>
      </div>
      <p class="ledger-tools">
        <a class="button small" href=${address("/api/v1/indicateurs.csv", {}, this.choice.quartier === "" ? {} : { quartier: this.choice.quartier })} download>${icon(FileText)} ${words.csv}</a>
        ${
          this.reader === "animateur"
            ? html`<a class="button small" href="/api/v1/decidim/resultats.csv" download>${icon(FileText)} ${text.decidim.results}</a>
                <a class="button small" href="/api/v1/decidim/rencontres.csv" download>${icon(FileText)} ${text.decidim.meetings}</a>`
            : nothing
        }
      </p>
      ${this.reader === "animateur" ? html`<p class="hint">${text.decidim.help}</p>` : nothing}
    </section>`;
  }
}

customElements.define("actions-page", ActionsPage);
