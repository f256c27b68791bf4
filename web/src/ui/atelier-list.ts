import { html, nothing, type TemplateResult } from "lit";
import { type Atelier, get, type Quartier, type Territoire } from "../api";
import { text } from "../text/animation";
import { formatMomentOf } from "../text/format";
import { sorted } from "./animation-draft";

/** What the lists of ateliers are made of: the city of the page, its quartiers and evenings. */
export interface City {
  readonly territoire: Territoire | null;
  readonly quartiers: readonly Quartier[];
  readonly ateliers: readonly Atelier[];
}

/** Throws Problem. */
export async function loadCity(): Promise<City> {
  const { territoires } = await get("/api/v1/territoires");
  const territoire = territoires.find((one) => one.dedicated) ?? territoires[0] ?? null;
  const query = territoire ? { query: { territoire: territoire.code } } : {};
  const [{ features }, { ateliers }] = await Promise.all([
    get("/api/v1/quartiers", query),
    get("/api/v1/ateliers", query),
  ]);
  return { territoire, quartiers: features, ateliers };
}

/** Evenings in progress and to come, then those that are over, folded. */
export function atelierList(
  ateliers: readonly Atelier[],
  empty: string,
  card: (one: Atelier) => TemplateResult,
): TemplateResult {
  const { current, past } = sorted(ateliers, Date.now());
  const cards = (list: readonly Atelier[]) => html`<ul class="ateliers">${list.map(card)}</ul>`;
  return html`
    ${current.length === 0 ? html`<p class="empty">${empty}</p>` : cards(current)}
    ${
      past.length === 0
        ? nothing
        : html`<details class="past"><summary>${text.list.past(past.length)}</summary>${cards(past)}</details>`
    }
  `;
}

/** One evening of such a list; facts are said after its quartier and place. */
export function atelierCard(
  one: Atelier,
  city: Pick<City, "territoire" | "quartiers">,
  link: { href: string; label: string },
  state: string,
  facts: readonly string[] = [],
): TemplateResult {
  return html`<li class="atelier">
    <a href=${link.href} aria-label=${link.label}>
      <span class="atelier-title">${one.titre}</span>
      <span class="state ${one.state}">${state}</span>
    </a>
    <p>${formatMomentOf(one.titre, one.starts_at, city.territoire?.fuseau)}</p>
    <p class="muted">
      ${[quartierName(city.quartiers, one.quartier), one.lieu, ...facts].filter(Boolean).join("\u00a0· ")}
    </p>
  </li>`;
}

/** The short name of a quartier. */
export function quartierName(quartiers: readonly Quartier[], code: string): string {
  return quartiers.find(({ properties }) => properties.code === code)?.properties.nom_court ?? code;
}
