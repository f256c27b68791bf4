import { html, nothing } from "lit";
import { type CallOptions, Problem, post } from "../api";
import type { Action, ActionState, Organisation } from "../evening";
import { text as evening } from "../text/evening";
import { uuidV7 } from "../uuid";
import { LightElement } from "./light-element";
import type { StateFields } from "./state-fields";
import "./state-fields";

/** What was written. */
export interface Changed {
  readonly action: Action;
  readonly state: ActionState;
}

/** The dialog in which an action goes to another state; sends "changed" once it has. */
export class ActionsChange extends LightElement {
  static override properties = {
    organisations: { attribute: false },
    own: { attribute: false },
    token: { attribute: false },
    action: { state: true },
    problem: { state: true },
  };
  declare organisations: readonly Organisation[];
  /** By the organisation that pilots it. */
  declare own: boolean;
  /** Secret of a link; "" for the session of an account. */
  declare token: string;
  declare private action: Action | null;
  declare private problem: string;
  /** One id until it is kept: sent twice, it is one change. */
  #id = "";

  constructor() {
    super();
    this.organisations = [];
    this.own = false;
    this.token = "";
    this.action = null;
    this.problem = "";
  }

  async open(action: Action): Promise<void> {
    this.action = action;
    this.#id = uuidV7();
    this.problem = "";
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
  }

  readonly #close = () => this.querySelector("dialog")?.close();

  override render() {
    const { action } = this;
    if (action === null) return nothing;
    return html`<dialog class="ledger-dialog" aria-labelledby="change-title" @close=${() => {
      this.action = null;
    }}>
      <form class="stack" @submit=${this.#submit}>
        <h2 id="change-title">${action.titre}</h2>
        <state-fields class="stack" .action=${action} .organisations=${this.organisations} .own=${this.own}></state-fields>
        ${this.problem ? html`<p role="alert" class="ledger-problem">${this.problem}</p>` : nothing}
        <div class="ledger-tools">
          <button class="button primary">${evening.answers.submit}</button>
          <button type="button" class="button" @click=${this.#close}>${evening.answers.cancel}</button>
        </div>
      </form>
    </dialog>`;
  }

  readonly #submit = async (event: Event) => {
    event.preventDefault();
    const { action } = this;
    const wish = this.querySelector<StateFields>("state-fields")?.wish();
    if (action === null || wish === undefined) return;
    this.problem = "";
    const options: CallOptions = {
      path: { action: action.id },
      ...(this.token === "" ? {} : { token: this.token }),
    };
    try {
      await post("/api/v1/actions/{action}/events", { id: this.#id, ...wish }, options);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      return;
    }
    this.#close();
    this.send<Changed>("changed", { action, state: wish.state });
  };
}

customElements.define("actions-change", ActionsChange);
