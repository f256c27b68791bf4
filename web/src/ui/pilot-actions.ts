import { html, nothing } from "lit";
import { type CallOptions, get, Problem, type Schemas } from "../api";
import type { Action } from "../evening";
import { text as access } from "../text/access";
import { text as ledger } from "../text/actions";
import { text as evening } from "../text/evening";
import { formatDate } from "../text/format";
import { text as all } from "../text/suivi";
import type { ActionsChange, Changed } from "./actions-change";
import "./actions-change";
import { LightElement } from "./light-element";
import { SETTLED } from "./state-fields";

const text = all.pilot;

/**
 * The actions that an organisation pilots, for whoever answers for it: by an
 * account, or by a link, whose secret is `token`.
 */
export class PilotActions extends LightElement {
  static override properties = {
    token: {},
    who: { state: true },
    actions: { state: true },
    quartiers: { state: true },
    histories: { state: true },
    said: { state: true },
    problem: { state: true },
    gone: { state: true },
  };
  /** Secret of a link; "" for the session of an account. */
  declare token: string;
  declare private who: Schemas["Pilote"] | null;
  declare private actions: readonly Action[] | null;
  declare private quartiers: ReadonlyMap<string, string>;
  declare private histories: ReadonlyMap<string, Action>;
  declare private said: string;
  declare private problem: string;
  /** The link has ended, as far as the server knows it. */
  declare private gone: boolean;

  constructor() {
    super();
    this.token = "";
    this.who = null;
    this.actions = null;
    this.quartiers = new Map();
    this.histories = new Map();
    this.said = "";
    this.problem = "";
    this.gone = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = text.documentTitle;
    void this.#try(() => this.#load());
  }

  #as<T extends CallOptions>(options: T): T {
    return this.token === "" ? options : { ...options, token: this.token };
  }

  async #load(): Promise<void> {
    this.who = await get("/api/v1/pilote", this.#as({}));
    if (this.who.organisation === undefined) return;
    const [{ actions }, { features }] = await Promise.all([
      get("/api/v1/actions", this.#as({})),
      get("/api/v1/quartiers"),
    ]);
    this.actions = actions;
    this.quartiers = new Map(
      features.map(({ properties: { code, nom_court } }) => [code, nom_court] as const),
    );
    // Those that are unfolded are read again.
    await Promise.all([...this.histories.keys()].map((id) => this.#read(id)));
  }

  async #read(action: string): Promise<void> {
    const whole = await get("/api/v1/actions/{action}", this.#as({ path: { action } }));
    this.histories = new Map(this.histories).set(action, whole);
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.problem = "";
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.gone = this.token !== "" && error.status === 401;
      this.problem = this.gone ? text.gone : error.message;
      return false;
    }
  }

  override render() {
    const { who, actions } = this;
    if (this.gone) {
      return html`<h1>${who?.nom ? text.title(who.nom) : text.untitled}</h1>
        <p class="ledger-problem" role="alert">${this.problem}</p>`;
    }
    const open = (actions ?? []).filter((one) => !SETTLED.includes(one.state));
    const settled = (actions ?? []).filter((one) => SETTLED.includes(one.state));
    return html`<h1>${who?.nom ? text.title(who.nom) : text.untitled}</h1>
      <p>${text.lead}</p>
      ${this.token === "" ? nothing : html`<p class="hint">${text.link}</p>`}
      <p role="status" class="ledger-said">${this.said}</p>
      ${
        this.problem
          ? html`<div class="ledger-problem" role="alert"><p>${this.problem}</p>
              <button type="button" class="button" @click=${() => this.#try(() => this.#load())}>${ledger.retry}</button></div>`
          : nothing
      }
      ${who && who.organisation === undefined ? html`<p class="ledger-empty">${text.noOrganisation}</p>` : nothing}
      ${actions === null && who === null && this.problem === "" ? html`<p>${ledger.loading}</p>` : nothing}
      ${actions?.length === 0 ? html`<p class="ledger-empty">${text.none}</p>` : nothing}
      ${
        open.length > 0
          ? html`<h2>${text.count(open.length, open.filter((one) => one.late).length)}</h2>
              <ul class="ledger-list">${open.map((one) => this.#action(one))}</ul>`
          : nothing
      }
      ${settled.length > 0 ? html`<h2>${text.settled}</h2><ul class="ledger-list">${settled.map((one) => this.#action(one))}</ul>` : nothing}
      <actions-change .own=${true} .token=${this.token} @changed=${this.#changed}></actions-change>`;
  }

  readonly #changed = ({ detail }: CustomEvent<Changed>) => {
    void this.#try(() => this.#load()).then(() => {
      this.said = text.changed(detail.action.titre);
    });
  };

  #action(action: Action) {
    const day = (date: string) => formatDate(`${date}T12:00:00Z`);
    const quartier = this.quartiers.get(action.quartier);
    const facts = [
      ...(quartier ? [quartier] : []),
      ...(action.echeance ? [evening.answers.due(day(action.echeance))] : []),
      ...(action.done_on ? [ledger.doneOn(day(action.done_on))] : []),
    ];
    const said = action.constats ?? [];
    return html`<li class="ledger-action ${action.state}">
      <h3>${action.titre}</h3>
      <p>
        <span class="ledger-state">${evening.states[action.state]}</span>
        ${action.late ? html`<strong class="ledger-late">${evening.late}</strong>` : nothing}
        <span class="ledger-kind">${evening.codes[action.code]}</span>
      </p>
      ${action.detail === "" ? nothing : html`<p>${action.detail}</p>`}
      ${facts.length > 0 ? html`<p>${facts.join("\u00a0· ")}</p>` : nothing}
      ${action.reason ? html`<p>${action.reason}</p>` : nothing}
      ${action.proof ? html`<p>${action.proof}</p>` : nothing}
      ${said.length > 0 ? html`<p class="hint">${text.answers(said.join(" ; "))}</p>` : nothing}
      <div class="ledger-tools">
        <details @toggle=${(event: Event) => this.#unfold(action, (event.target as HTMLDetailsElement).open)}>
          <summary aria-label=${ledger.historyOf(action.titre)}>${ledger.history}</summary>
          ${this.#history(action)}
        </details>
        ${
          action.state === "refused" || action.state === "abandoned"
            ? nothing
            : html`<button type="button" class="button small" aria-label=${text.changeOf(action.titre)} @click=${() => void this.querySelector<ActionsChange>("actions-change")?.open(action)}>${text.change}</button>`
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
    if (!events) return html`<p>${ledger.loading}</p>`;
    return html`<ol class="ledger-history">
      ${events.map(
        (event) => html`<li>
          ${ledger.event(
            formatDate(event.at, this.who?.fuseau),
            evening.states[event.state],
            event.role === "bailleur"
              ? (this.who?.nom ?? "")
              : (access.roles[event.role as keyof typeof access.roles] ?? ""),
          )}
          ${event.reason ? html`<br />${event.reason}` : nothing} ${event.proof ? html`<br />${event.proof}` : nothing}
        </li>`,
      )}
    </ol>`;
  }
}

customElements.define("pilot-actions", PilotActions);
