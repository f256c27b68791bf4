import { html, nothing, type PropertyValues } from "lit";
import type { Action, ActionState, Organisation } from "../evening";
import { text as ledger } from "../text/actions";
import { text as evening } from "../text/evening";
import { text as suivi } from "../text/suivi";
import { LightElement } from "./light-element";

export const SETTLED: readonly ActionState[] = ["done", "verified", "refused", "abandoned"];
/** States whose reason residents will read. */
const REASONED: readonly ActionState[] = ["refused", "forwarded", "abandoned"];

/** What the form says of a state, as the server takes it. */
export interface StateWish {
  readonly state: ActionState;
  readonly reason?: string;
  readonly proof?: string;
  readonly proof_url?: string;
  readonly pilote?: string;
}

/**
 * The fields of a form in which an action goes to another state: which, and what
 * the state asks for. Who pilots it may also give news of the state it is in.
 */
export class StateFields extends LightElement {
  static override properties = {
    action: { attribute: false },
    organisations: { attribute: false },
    own: { attribute: false },
    to: { state: true },
  };
  declare action: Action;
  /** To whom it may be forwarded. */
  declare organisations: readonly Organisation[];
  /** By the organisation that pilots it: news, and nobody to forward to. */
  declare own: boolean;
  declare private to: ActionState;

  constructor() {
    super();
    this.organisations = [];
    this.own = false;
    this.to = "ongoing";
  }

  override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has("action"))
      this.to = this.own ? this.action.state : (this.#next[0] ?? "ongoing");
  }

  get #next(): readonly ActionState[] {
    return this.action.next.filter((s) => s !== "verified" && !(this.own && s === "forwarded"));
  }

  /** What was filled in; empty fields are left out. */
  wish(): StateWish {
    const given = (name: string) => {
      const value = this.querySelector<HTMLInputElement>(`[name=${name}]`)?.value.trim() ?? "";
      return value === "" ? {} : { [name]: value };
    };
    return {
      state: this.to,
      ...given("reason"),
      ...given("proof"),
      ...given("proof_url"),
      ...given("pilote"),
    };
  }

  override render() {
    const { action, to, own } = this;
    const same = to === action.state;
    const settled = SETTLED.includes(action.state);
    const proof = (to === "done" && !same) || (same && settled);
    const reason = REASONED.includes(to) || (settled && !same);
    return html`<label>${evening.answers.state}
        <select name="state" @change=${(event: Event) => {
          this.to = (event.target as HTMLSelectElement).value as ActionState;
        }}>
          ${own ? html`<option value=${action.state} ?selected=${same}>${settled ? suivi.pilot.again : suivi.pilot.same(evening.states[action.state])}</option>` : nothing}
          ${this.#next.map((s) => html`<option value=${s} ?selected=${s === to}>${evening.states[s]}</option>`)}
        </select>
      </label>
      ${
        to === "forwarded"
          ? html`<label>${evening.answers.recipient}
              <select name="pilote" required>
                <option value=""></option>
                ${this.organisations.filter((o) => !o.archived).map((o) => html`<option value=${o.id}>${o.nom}</option>`)}
              </select>
            </label>`
          : nothing
      }
      ${
        reason || (own && !proof)
          ? html`<label>${reason ? evening.answers.reason : suivi.pilot.news}
              <textarea name="reason" ?required=${reason || same} rows="3" maxlength="500" aria-describedby="state-reason-help"></textarea>
            </label>
            <p id="state-reason-help" class="hint">${reason ? evening.answers.reasonHelp : suivi.pilot.newsHelp}</p>`
          : nothing
      }
      ${
        proof
          ? html`<label>${evening.answers.proof}
              <textarea name="proof" required rows="3" maxlength="500"></textarea>
            </label>
            <label>${ledger.proofUrl}<input type="url" name="proof_url" maxlength="500" /></label>`
          : nothing
      }`;
  }
}

customElements.define("state-fields", StateFields);
