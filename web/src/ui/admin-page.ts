import { html, nothing } from "lit";
import { get, post, put, remove, type Schemas } from "../api";
import { text as access } from "../text/access";
import { text } from "../text/account";
import { text as evening } from "../text/evening";
import { colon, formatDay, formatMoment } from "../text/format";
import { uuidV7 } from "../uuid";
import "./access-events";
import { AccountPage, field } from "./account-frame";

type Compte = Schemas["Compte"];
const roles = ["animateur", "analyste", "police", "bailleur", "admin", "dpo"] as const;
const kinds = Object.keys(evening.organisations) as Schemas["OrganisationKind"][];
const scopes = ["hexagones", "editions", "exports"] as const;
const YEAR = 365;

/** Whether an account of that role may answer for an organisation: those two read no content. */
const answers = (role: Compte["role"]) => role !== "admin" && role !== "dpo";

/** Accounts, organisations and tokens of a territoire, for its administrators. */
export class AdminPage extends AccountPage {
  static override properties = {
    comptes: { state: true },
    organisations: { state: true },
    jetons: { state: true },
    made: { state: true },
    token: { state: true },
  };
  declare private comptes: readonly Compte[] | null;
  declare private organisations: readonly Schemas["Organisation"][];
  declare private jetons: readonly Schemas["Jeton"][];
  declare private made: Schemas["CompteLink"] | null;
  declare private token: string;

  constructor() {
    super();
    this.comptes = null;
    this.organisations = [];
    this.jetons = [];
    this.made = null;
    this.token = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    document.title = `${text.admin.title} – ${access.name}`;
    void this.attempt(() => this.#load());
  }

  async #load(): Promise<void> {
    const [{ comptes }, { organisations }, { jetons }] = await Promise.all([
      get("/api/v1/comptes"),
      get("/api/v1/organisations"),
      get("/api/v1/jetons"),
    ]);
    this.comptes = comptes;
    this.organisations = organisations;
    this.jetons = jetons;
  }

  override render() {
    const words = text.admin;
    if (!this.comptes)
      return this.frame(words.title, html`<p>${this.problem ? "" : text.loading}</p>`);
    return this.frame(
      words.title,
      html`<p>${words.intro}</p>
        ${this.#link()}
        <ul class="account-list" aria-label=${words.title}>${this.comptes.map((one) => this.#account(one))}</ul>
        ${this.#invite()} ${this.#organisations()} ${this.#tokens()}
        <access-events></access-events>`,
    );
  }

  #link() {
    if (!this.made) return nothing;
    return html`<div class="account-secret" role="status">
      <p>${text.admin.linkFor(this.made.compte.nom)}</p>
      <p><code>${this.made.lien}</code></p>
      <p class="hint">${text.admin.linkNote}</p>
    </div>`;
  }

  #account(one: Compte) {
    const words = text.admin;
    const state = [
      !one.open ? words.closed : one.waiting ? words.waiting : words.open,
      one.demo ? words.fictional : "",
      one.second_factor ? words.factor : "",
      one.signed_in_at ? words.last(formatMoment(one.signed_in_at)) : words.neverIn,
    ];
    return html`<li>
      <div class="account-who">
        <span><strong>${one.nom}${one.self ? ` (${words.self})` : ""}</strong> · ${access.roles[one.role]}</span>
        <span class="hint">${one.email}</span>
        <span class="hint">${state.filter(Boolean).join(", ")}</span>
        ${one.self ? nothing : this.#role(one)} ${answers(one.role) ? this.#answersFor(one) : nothing}
      </div>
      <div class="account-acts">
        ${one.self ? nothing : this.#act(one.open ? words.close : words.reopen, one, () => this.#setOpen(one, !one.open))}
        ${one.open && !one.demo ? this.#act(words.link, one, () => this.#renew(one)) : nothing}
        ${one.second_factor ? this.#act(words.dropFactor, one, () => this.#drop(one)) : nothing}
      </div>
    </li>`;
  }

  #role(one: Compte) {
    return html`<label class="account-organisation">
      <span>${text.admin.role}<span class="visually-hidden">${colon}${one.nom}</span></span>
      <select @change=${(event: Event) => this.#setRole(one, event.target as HTMLSelectElement)}>
        ${roles.map((role) => html`<option value=${role} ?selected=${role === one.role}>${access.roles[role]}</option>`)}
      </select>
    </label>`;
  }

  #answersFor(one: Compte) {
    const words = text.admin;
    return html`<label class="account-organisation">
      <span>${words.organisation}<span class="visually-hidden">${colon}${one.nom}</span></span>
      <select @change=${(event: Event) => this.#setOrganisation(one, (event.target as HTMLSelectElement).value)}>
        ${this.#choices(one.organisation?.id ?? "")}
      </select>
    </label>
    ${one.role === "bailleur" && one.open && !one.organisation ? html`<span class="form-error">${words.alone}</span>` : nothing}`;
  }

  /** What one may choose, and an archived one only where it is chosen already. */
  #choices(chosen: string) {
    return html`<option value="" ?selected=${chosen === ""}>${text.admin.noOrganisation}</option>
      ${this.organisations
        .filter(({ id, archived }) => !archived || id === chosen)
        .map(
          ({ id, nom }) => html`<option value=${id} ?selected=${id === chosen}>${nom}</option>`,
        )}`;
  }

  #act(words: string, one: Compte, act: () => void) {
    return html`<button type="button" class="button small" aria-label=${text.admin.of(words, one.nom)} @click=${act}>${words}</button>`;
  }

  #invite() {
    const words = text.admin;
    return html`<section aria-labelledby="invite-title">
      <h2 id="invite-title">${words.invite}</h2>
      <form @submit=${this.#add}>
        <label for="nom">${words.name}</label>
        <input id="nom" name="nom" required maxlength="120" autocomplete="off" />
        <label for="email">${words.email}</label>
        <input id="email" name="email" type="email" required maxlength="254" autocomplete="off" />
        <label for="role">${words.role}</label>
        <select id="role" name="role">${roles.map((role) => html`<option value=${role}>${access.roles[role]}</option>`)}</select>
        <label for="organisation">${words.organisation}</label>
        <select id="organisation" name="organisation" aria-describedby="organisation-hint">${this.#choices("")}</select>
        <p id="organisation-hint" class="hint">${words.organisationHint}</p>
        <button class="button primary">${words.go}</button>
      </form>
    </section>`;
  }

  #organisations() {
    const words = text.admin;
    const listed = this.organisations.filter(({ archived }) => !archived);
    return html`<section aria-labelledby="organisations-title">
      <h2 id="organisations-title">${words.organisations}</h2>
      <p>${words.organisationsIntro}</p>
      ${
        listed.length === 0
          ? html`<p class="hint">${words.noOrganisations}</p>`
          : html`<ul class="account-list">
              ${listed.map(
                ({ nom, kind, demo }) =>
                  html`<li><span><strong>${nom}</strong> · ${evening.organisations[kind]}${demo ? `, ${words.fictional}` : ""}</span></li>`,
              )}
            </ul>`
      }
      <form @submit=${this.#addOrganisation}>
        <label for="organisation-nom">${words.organisationName}</label>
        <input id="organisation-nom" name="nom" required maxlength="160" autocomplete="off" />
        <label for="organisation-kind">${words.kind}</label>
        <select id="organisation-kind" name="kind">${kinds.map((kind) => html`<option value=${kind} ?selected=${kind === "bailleur"}>${evening.organisations[kind]}</option>`)}</select>
        <button class="button">${words.addOrganisation}</button>
      </form>
    </section>`;
  }

  #tokens() {
    const words = text.admin;
    return html`<section aria-labelledby="tokens-title">
      <h2 id="tokens-title">${words.tokens}</h2>
      <p>${words.tokensIntro}</p>
      ${this.token ? html`<div class="account-secret" role="status"><p>${words.token}</p><p><code>${this.token}</code></p></div>` : nothing}
      ${
        this.jetons.length === 0
          ? html`<p class="hint">${words.noTokens}</p>`
          : html`<ul class="account-list">
              ${this.jetons.map(
                (one) => html`<li>
                  <span>
                    <strong>${one.label}</strong> · ${one.scopes.map((scope) => words.scope[scope]).join(", ")}<br />
                    <span class="hint">${words.until} ${one.expires_at ? formatDay(one.expires_at.slice(0, 10)) : ""} · ${words.used} ${one.used_at ? formatMoment(one.used_at) : words.never}</span>
                  </span>
                  <button type="button" class="button small" aria-label=${words.of(words.revoke, one.label)} @click=${() => this.#revoke(one.id)}>${words.revoke}</button>
                </li>`,
              )}
            </ul>`
      }
      <form @submit=${this.#addToken}>
        <label for="label">${words.label}</label>
        <input id="label" name="label" required maxlength="120" autocomplete="off" />
        <fieldset>
          <legend>${words.scopes}</legend>
          ${scopes.map(
            (scope) =>
              html`<label class="check"><input type="checkbox" name="scope" value=${scope} ?checked=${scope === "hexagones"} /> ${words.scope[scope]}</label>`,
          )}
        </fieldset>
        <label for="days">${words.days}</label>
        <input id="days" name="days" type="number" min="1" max="730" value=${YEAR} required />
        <button class="button">${words.addToken}</button>
      </form>
    </section>`;
  }

  #setOpen(one: Compte, open: boolean): void {
    void this.attempt(async () => {
      await put("/api/v1/comptes/{id}/etat", { open }, { path: { id: one.id } });
      await this.#load();
    });
  }

  #setOrganisation(one: Compte, organisation: string): void {
    void this.attempt(async () => {
      await put(
        "/api/v1/comptes/{id}/organisation",
        { organisation: organisation || null },
        { path: { id: one.id } },
      );
      await this.#load();
    });
  }

  async #setRole(one: Compte, choice: HTMLSelectElement): Promise<void> {
    const role = choice.value as Compte["role"];
    const done = await this.attempt(async () => {
      await put("/api/v1/comptes/{id}/role", { role }, { path: { id: one.id } });
    });
    if (!done) {
      choice.value = one.role;
      return;
    }
    await this.#load();
    this.note = text.admin.roleChanged(one.nom, access.roles[role]);
  }

  #renew(one: Compte): void {
    void this.attempt(async () => {
      this.made = await post("/api/v1/comptes/{id}/lien", undefined as never, {
        path: { id: one.id },
      });
    });
  }

  #drop(one: Compte): void {
    void this.attempt(async () => {
      await remove("/api/v1/comptes/{id}/second-facteur", { path: { id: one.id } });
      await this.#load();
    });
  }

  #revoke(id: string): void {
    void this.attempt(async () => {
      await remove("/api/v1/jetons/{id}", { path: { id } });
      await this.#load();
    });
  }

  readonly #add = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const body = {
      nom: field(event, "nom"),
      email: field(event, "email").trim(),
      role: field(event, "role") as Compte["role"],
      ...(field(event, "organisation") ? { organisation: field(event, "organisation") } : {}),
    };
    void this.attempt(async () => {
      this.made = await post("/api/v1/comptes", body);
      form.reset();
      await this.#load();
    });
  };

  readonly #addOrganisation = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const body = {
      nom: field(event, "nom").trim(),
      kind: field(event, "kind") as Schemas["OrganisationKind"],
    };
    void this.attempt(async () => {
      await put("/api/v1/organisations/{id}", body, { path: { id: uuidV7() } });
      form.reset();
      await this.#load();
    });
  };

  readonly #addToken = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const chosen = new FormData(form).getAll("scope") as Schemas["Scope"][];
    const body = {
      label: field(event, "label"),
      scopes: chosen,
      days: Number(field(event, "days")),
    };
    void this.attempt(async () => {
      this.token = (await post("/api/v1/jetons", body)).jeton;
      form.reset();
      await this.#load();
    });
  };
}

customElements.define("admin-page", AdminPage);
