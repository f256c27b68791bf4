import { html, nothing } from "lit";
import { get, Problem, post, type Schemas } from "../api";
import type { Action } from "../evening";
import { text as all } from "../text/actions";
import { uuidV7 } from "../uuid";
import { LightElement } from "./light-element";

const text = all.suivi;

type Suivi = Schemas["Suivi"];
const FIELDS = ["said", "titre", "answer"] as const;
const LIMITS = { said: 500, titre: 160, answer: 500 } as const;

/** What the public is to read of an action: read again, corrected, decided. */
export class ActionsSuivi extends LightElement {
  static override properties = {
    action: {},
    suivi: { state: true },
    confirm: { state: true },
    problem: { state: true },
  };
  declare action: Action | null;
  declare private suivi: Suivi | null;
  /** Something looks like a name, and somebody has to say that it is none. */
  declare private confirm: boolean;
  declare private problem: string;

  constructor() {
    super();
    this.action = null;
    this.suivi = null;
    this.confirm = false;
    this.problem = "";
  }

  /** Opens the dialog for an action. */
  async open(action: Action): Promise<void> {
    this.action = action;
    this.suivi = null;
    this.confirm = false;
    this.problem = "";
    await this.updateComplete;
    this.querySelector("dialog")?.showModal();
    await this.#try(async () => {
      this.suivi = await get("/api/v1/actions/{action}/suivi", { path: { action: action.id } });
    });
  }

  async #try(work: () => Promise<void>): Promise<boolean> {
    this.problem = "";
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.code === "nom_possible") this.confirm = true;
      this.problem = error.message;
      return false;
    }
  }

  override render() {
    const { action, suivi } = this;
    if (action === null) return nothing;
    return html`<dialog class="ledger-dialog" aria-labelledby="suivi-title" @close=${() => {
      this.action = null;
    }}>
      <form class="stack" @submit=${this.#submit}>
        <h2 id="suivi-title">${text.title}</h2>
        <p>${text.lead}</p>
        ${suivi === null ? html`<p>${this.problem === "" ? all.loading : ""}</p>` : FIELDS.map((field) => this.#field(field, suivi))}
        ${suivi?.state === "outdated" ? html`<p class="hint">${text.outdatedHelp(suivi.ledger.answer)}</p>` : nothing}
        ${
          this.confirm
            ? html`<label class="check"><input type="checkbox" name="confirmed" /> ${text.confirm}</label>`
            : nothing
        }
        ${this.problem ? html`<p role="alert" class="ledger-problem">${this.problem}</p>` : nothing}
        <div class="ledger-tools">
          <button class="button primary" ?disabled=${suivi === null}>${text.publish}</button>
          ${
            suivi !== null && (suivi.state === "shown" || suivi.state === "outdated")
              ? html`<button type="button" class="button" @click=${() => this.#decide({ shown: false })}>${text.hide}</button>`
              : nothing
          }
          <button type="button" class="button" @click=${() => this.querySelector("dialog")?.close()}>${text.cancel}</button>
        </div>
      </form>
    </dialog>`;
  }

  #field(field: (typeof FIELDS)[number], suivi: Suivi) {
    const { texte, segments, kinds } = suivi[field];
    return html`<label>${text[field]}
        <textarea name=${field} rows=${field === "titre" ? 2 : 3} maxlength=${LIMITS[field]} ?required=${field === "titre"} .value=${texte}></textarea>
      </label>
      ${
        kinds.length === 0
          ? nothing
          : html`<p class="hint">${text.found} ${segments.map(({ text: piece, kind }) => (kind ? html`<mark>${piece}</mark>` : piece))}</p>`
      }`;
  }

  readonly #submit = (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const given = (name: string) => String(data.get(name) ?? "").trim();
    void this.#decide({
      shown: true,
      said: given("said"),
      titre: given("titre"),
      answer: given("answer"),
      confirmed: data.get("confirmed") !== null,
    });
  };

  async #decide(decision: {
    shown: boolean;
    said?: string;
    titre?: string;
    answer?: string;
    confirmed?: boolean;
  }): Promise<void> {
    const { action, suivi } = this;
    if (action === null || suivi === null) return;
    const done = await this.#try(async () => {
      await post(
        "/api/v1/actions/{action}/suivi",
        { id: uuidV7(), digest: suivi.digest, ...decision },
        { path: { action: action.id } },
      );
    });
    if (!done) return;
    this.querySelector("dialog")?.close();
    this.dispatchEvent(
      new CustomEvent("decided", {
        detail: decision.shown ? text.published(action.titre) : text.hidden(action.titre),
      }),
    );
  }
}

customElements.define("actions-suivi", ActionsSuivi);
