import { html, nothing } from "lit";
import { get, Problem, remove } from "../api";
import { text } from "../text/animation";
import { LightElement } from "./light-element";
import { tableCode } from "./table-code";

type Person = Awaited<ReturnType<typeof read>>[number];

const read = async (id: string) =>
  (await get("/api/v1/ateliers/{id}/participants", { path: { id } })).participants;

/** Erases what one resident gave, who asks for it in the hall or later. */
export class AnimationErasure extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    people: { state: true },
    found: { state: true },
    said: { state: true },
    problem: { state: true },
  };
  declare atelierId: string;
  declare private people: readonly Person[];
  declare private found: Person | null;
  declare private said: string;
  declare private problem: string;

  constructor() {
    super();
    this.atelierId = "";
    this.people = [];
    this.found = null;
    this.said = "";
    this.problem = "";
  }

  override render() {
    return html`<details class="erasure" @toggle=${this.#open}>
      <summary>${text.erasure.heading}</summary>
      <p class="hint">${text.erasure.help}</p>
      ${this.problem ? html`<p class="problem" role="alert">${this.problem}</p>` : nothing}
      <p role="status">${this.said}</p>
      ${this.found ? this.#sure(this.found) : this.#form()}
    </details>`;
  }

  #form() {
    return html`<form class="stack" @submit=${this.#find}>
      <label>${text.erasure.code}
        <input name="code" autocomplete="off" spellcheck="false" maxlength="12" />
      </label>
      <label>${text.erasure.person}
        <select name="person">
          <option value="">${text.erasure.choose}</option>
          ${this.people.map((one) => html`<option value=${one.id}>${text.erasure.who(one.table, one.rang)}</option>`)}
        </select>
      </label>
      <button class="button">${text.erasure.find}</button>
    </form>`;
  }

  #sure(one: Person) {
    return html`<p>${text.erasure.sure(text.erasure.who(one.table, one.rang), one.markers, one.remarks)}</p>
      <p class="row">
        <button type="button" class="button danger" @click=${() => this.#erase(one)}>${text.erasure.erase}</button>
        <button type="button" class="button" @click=${() => {
          this.found = null;
        }}>${text.erasure.cancel}</button>
      </p>`;
  }

  readonly #open = (event: Event) => {
    if ((event.target as HTMLDetailsElement).open) void this.#try(() => this.#load());
  };

  async #load(): Promise<void> {
    this.people = await read(this.atelierId);
  }

  readonly #find = (event: SubmitEvent) => {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const typed = String(form.get("code") ?? "").trim();
    void this.#try(async () => {
      this.said = "";
      await this.#load();
      const code = tableCode(typed);
      const wanted = String(form.get("person") ?? "");
      this.found =
        this.people.find((one) => (typed === "" ? one.id === wanted : one.code === code)) ?? null;
      if (!this.found) this.problem = text.erasure.unknown;
    });
  };

  #erase(one: Person): void {
    void this.#try(async () => {
      await remove("/api/v1/ateliers/{id}/participants/{participant}", {
        path: { id: this.atelierId, participant: one.id },
      });
      this.found = null;
      this.said = text.erasure.done(text.erasure.who(one.table, one.rang));
      await this.#load();
    });
  }

  async #try(act: () => Promise<void>): Promise<void> {
    this.problem = "";
    try {
      await act();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
    }
  }
}

customElements.define("animation-erasure", AnimationErasure);
