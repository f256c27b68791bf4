import { html, nothing } from "lit";
import { FileText } from "lucide";
import { get, Problem, post, put, type Schemas } from "../api";
import type { Uuid } from "../protocol";
import { text } from "../text/evening";
import { formatDay } from "../text/format";
import "../style/evening.css";
import { icon } from "./icon";
import { LightElement } from "./light-element";

type Institution = Schemas["Institution"];
const reporters = (id: Uuid) => get("/api/v1/ateliers/{id}/reporters", { path: { id } });
const invitations = (id: Uuid) => get("/api/v1/ateliers/{id}/invitations", { path: { id } });
const institutions = (id: Uuid) => get("/api/v1/ateliers/{id}/institutions", { path: { id } });
type Reporter = Awaited<ReturnType<typeof reporters>>["reporters"][number];
type Invitations = Awaited<ReturnType<typeof invitations>>;

/** Printed kit, in the order in which it is needed. */
const KIT = ["cartes-tables", "plans-tables", "presence", "lettres"] as const;

/** What is prepared before an evening: invitations and answers, institutions, the printed kit. */
export class AnimationBefore extends LightElement {
  static override properties = {
    atelierId: { attribute: false },
    reporters: { state: true },
    invited: { state: true },
    institutions: { state: true },
    chosen: { state: true },
    message: { state: true },
  };
  declare atelierId: Uuid;
  declare private reporters: readonly Reporter[];
  declare private invited: Invitations;
  declare private institutions: readonly Institution[];
  declare private chosen: ReadonlySet<Uuid>;
  declare private message: string;

  constructor() {
    super();
    this.reporters = [];
    this.invited = { invitations: [], by_email: false };
    this.institutions = [];
    this.chosen = new Set();
    this.message = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    void this.#try(() => this.#read());
  }

  async #read(): Promise<void> {
    const [people, sent, present] = await Promise.all([
      reporters(this.atelierId),
      invitations(this.atelierId),
      institutions(this.atelierId),
    ]);
    this.reporters = people.reporters;
    this.invited = sent;
    this.institutions = present.institutions;
  }

  async #try(call: () => Promise<void>): Promise<void> {
    this.message = "";
    try {
      await call();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.message = error.message;
    }
  }

  override render() {
    return html`<div class="evening">
      <p role="status">${this.message}</p>
      <h2>${text.before.kit}</h2>
      <p class="row">
        ${KIT.map(
          (name) =>
            html`<a class="button" href="/api/v1/ateliers/${this.atelierId}/${name}.pdf" target="_blank">${icon(FileText)} ${text.before.files[name]}</a>`,
        )}
      </p>
      <h2>${text.before.invite}</h2>
      ${this.#invite()}
      <h2>${text.before.answers}</h2>
      ${this.#answers()}
      <h2>${text.before.institutions}</h2>
      ${this.#institutions()}
    </div>`;
  }

  #invite() {
    const open = this.reporters.filter((r) => !r.invited);
    if (open.length === 0) return html`<p class="hint">${text.before.nobody}</p>`;
    return html`
      <p class="hint">${text.before.inviteHelp}</p>
      <ul class="remarks">
        ${open.map((r, i) => {
          const name = r.nom || text.before.person(i + 1);
          return html`<li class="remark">
            <label><input type="checkbox" .checked=${this.chosen.has(r.id)} @change=${() => this.#choose(r.id)} /> <span>${name}</span></label>
            <p class="hint">${[r.has_email ? text.before.email : text.before.letter, text.before.agreed(formatDay(r.agreed_at))].join("\u00a0· ")}</p>
          </li>`;
        })}
      </ul>
      <p class="row">
        <button type="button" class="button" @click=${() => {
          this.chosen = new Set(open.map((r) => r.id));
        }}>${text.before.all}</button>
        <button type="button" class="button primary" ?disabled=${this.chosen.size === 0} @click=${() => void this.#try(() => this.#send())}>${text.before.send(this.chosen.size)}</button>
      </p>`;
  }

  #choose(id: Uuid): void {
    const next = new Set(this.chosen);
    if (!next.delete(id)) next.add(id);
    this.chosen = next;
  }

  async #send(): Promise<void> {
    await post(
      "/api/v1/ateliers/{id}/invitations",
      { reporters: [...this.chosen] },
      { path: { id: this.atelierId } },
    );
    this.chosen = new Set();
    await this.#read();
  }

  #answers() {
    const all = this.invited.invitations;
    if (all.length === 0) return html`<p class="hint">${text.before.none}</p>`;
    const count = (answer: string) => all.filter((i) => (i.answer ?? "") === answer).length;
    return html`
      <p><strong>${text.before.counts(count("yes"), count("no"), count(""))}</strong></p>
      ${this.invited.by_email ? nothing : html`<p class="hint">${text.before.noMail}</p>`}
      <ul class="remarks">
        ${all.map((i, n) => {
          const facts = [
            i.answer === "yes"
              ? text.before.yes
              : i.answer === "no"
                ? text.before.no
                : text.before.waiting,
            ...(i.table ? [text.table(i.table)] : []),
            i.channel === "email" ? text.before.email : text.before.letter,
            ...(i.channel === "email" && !i.sent_at ? [text.before.unsent] : []),
          ];
          return html`<li class="remark"><p>${i.nom || text.before.person(n + 1)}</p><p class="hint">${facts.join("\u00a0· ")}</p></li>`;
        })}
      </ul>`;
  }

  #institutions() {
    const known = new Map(this.institutions.map((i) => [i.institution, i]));
    const names = Object.entries(text.before.institutionNames) as [
      Institution["institution"],
      string,
    ][];
    return html`<form class="stack" @submit=${(event: Event) => void this.#keep(event)}>
      <p class="hint">${text.before.institutionsHelp}</p>
      <table>
        <thead><tr><th scope="col">${text.before.institution}</th><th scope="col">${text.before.expected}</th><th scope="col">${text.before.present}</th></tr></thead>
        <tbody>
          ${names.map(
            ([code, name]) => html`<tr>
              <th scope="row">${name}</th>
              <td><input type="number" min="0" max="100" name="${code}.expected" aria-label="${name}, ${text.before.expected}" .value=${String(known.get(code)?.expected ?? 0)} /></td>
              <td><input type="number" min="0" max="100" name="${code}.present" aria-label="${name}, ${text.before.present}" .value=${known.get(code)?.present === undefined ? "" : String(known.get(code)?.present)} /></td>
            </tr>`,
          )}
        </tbody>
      </table>
      <button class="button">${text.before.keep}</button>
    </form>`;
  }

  async #keep(event: Event): Promise<void> {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const list = Object.keys(text.before.institutionNames).map((code) => {
      const present = String(data.get(`${code}.present`) ?? "");
      return {
        institution: code as Institution["institution"],
        expected: Number(data.get(`${code}.expected`)) || 0,
        ...(present === "" ? {} : { present: Number(present) }),
      };
    });
    await this.#try(async () => {
      const { institutions: kept } = await put(
        "/api/v1/ateliers/{id}/institutions",
        { institutions: list },
        { path: { id: this.atelierId } },
      );
      this.institutions = kept;
      this.message = text.before.kept;
    });
  }
}

customElements.define("animation-before", AnimationBefore);
