/** Editions as everybody reads them: legend, table, and the names of their places. */
import { html, nothing } from "lit";
import { get, type Schemas } from "../api";
import { outer, type Said } from "../map/edition-shapes";
import { editionStyle, type Reading } from "../map/edition-style";
import type { QuietudeMap } from "../map/map";
import { text } from "../text/public";
import { type LonLat, lonLat } from "../units";

type Content = Schemas["EditionContent"];
type Features = Schemas["EditionFeatures"]["features"];
type People = Schemas["PeopleClass"];

/** An edition that is shown, with its outlines. */
export interface Shown {
  readonly content: Content;
  readonly features: Features;
}

/** Rejects with Problem. */
export async function readEdition({
  quartier,
  numero,
  territoire,
}: Schemas["Edition"]): Promise<Shown> {
  const options = { path: { code: quartier, numero }, query: { territoire } };
  const [content, { features }] = await Promise.all([
    get("/api/v1/quartiers/{code}/editions/{numero}", options),
    get("/api/v1/quartiers/{code}/editions/{numero}/hexagones", options),
  ]);
  return { content, features };
}

/** A street for every hexagon, from the tiles that a map has drawn. */
export async function namedBy(
  map: QuietudeMap,
  features: Features,
): Promise<ReadonlyMap<string, string>> {
  const found = await Promise.all(
    features.map(async (feature) => {
      const street = await map.streetNear(middle(feature)).catch(() => null);
      return [nameKey(feature), street] as const;
    }),
  );
  return new Map(found.flatMap(([key, street]) => (street ? [[key, street] as const] : [])));
}

/** The colours of editions, in words. */
export function legendOf(shown: readonly Shown[]) {
  const k = shown[0]?.content.threshold ?? 5;
  const swatches = (reading: Reading, steps: readonly number[]) =>
    steps.map(
      (n) =>
        html`<li>${swatch(reading, n, k)} ${text.people(n, n < 3 * k ? n + k - 1 : null)}</li>`,
    );
  return html`<div class="public-legend">
      <h3>${text.legend.title}</h3>
      <p>${text.legend.unsafe}</p>
      <ul>${swatches("unsafe", [k, 2 * k, 3 * k])}</ul>
      <p>${text.legend.safe}</p>
      <ul>${swatches("safe", [k, 2 * k, 3 * k])}</ul>
      <ul><li>${swatch("contested", k, k)} ${text.legend.contested}</li></ul>
      <p class="muted">${text.legend.none}</p>
    </div>`;
}

/**
 * What editions say of each place, as a table; `quartierName` where they are of
 * several quartiers.
 */
export function tableOf(
  shown: readonly Shown[],
  names: ReadonlyMap<string, string>,
  quartierName: ((code: string) => string) | null,
) {
  const rows = shown.flatMap(({ content, features }) =>
    features.map((feature) => ({ content, feature })),
  );
  if (rows.length === 0) return html`<p class="empty">${text.editions.nothing}</p>`;
  return html`
      <h3 id="table-title">${text.table.title}</h3>
      <div class="table-scroll" tabindex="0" role="region" aria-labelledby="table-title">
        <table>
          <caption>${text.table.caption}</caption>
          <thead>
            <tr>
              <th scope="col">${text.table.place}</th>
              ${quartierName ? html`<th scope="col" class="wide-only">${text.table.quartier}</th>` : nothing}
              <th scope="col">${text.table.unsafe}</th>
              <th scope="col">${text.table.safe}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map(
              ({ content, feature }) => html`<tr>
                <th scope="row">
                  ${swatchOf(content, feature.properties)}
                  ${names.get(nameKey(feature)) ?? text.table.unnamed}
                  ${quartierName ? html`<span class="place-quartier">${quartierName(content.quartier)}</span>` : nothing}
                </th>
                ${quartierName ? html`<td class="wide-only">${quartierName(content.quartier)}</td>` : nothing}
                <td>${peopleOf(feature.properties.unsafe)}</td>
                <td>${peopleOf(feature.properties.safe)}</td>
              </tr>`,
            )}
          </tbody>
        </table>
      </div>
    `;
}

function peopleOf(people: People | null | undefined) {
  if (!people) {
    return html`<span aria-hidden="true">${text.table.none}</span><span class="visually-hidden">${text.table.noneLong}</span>`;
  }
  return text.people(people.at_least, people.at_most ?? null);
}

const swatchOf = (content: Content, said: Said) =>
  swatch(
    said.reading ?? "contested",
    (said.reading === "safe" ? said.safe : said.unsafe)?.at_least ?? 0,
    content.threshold ?? 5,
  );

/** A small hexagon; the words beside it say the same. */
function swatch(reading: Reading, people: number, k: number) {
  const { fill, edge, hatched } = editionStyle(reading, people, k);
  return html`<svg class="swatch" viewBox="0 0 24 24" aria-hidden="true">
    <path d="M12 1.5 21 6.75v10.5L12 22.5l-9-5.25V6.75Z" fill=${fill} stroke=${edge} stroke-width="1.5"></path>
    <path d="M4 14 14 4M5 20 20 5M11 21 21 11" stroke=${edge} stroke-width=${hatched ? 1.6 : 0}></path>
  </svg>`;
}

const nameKey = (feature: Features[number]) => `${feature.properties.quartier}/${feature.id}`;

/** The middle of the corners of the first part. */
function middle(feature: Features[number]): LonLat {
  const ring = outer(feature)[0]?.slice(1) ?? [];
  const mean = (axis: 0 | 1) => ring.reduce((sum, at) => sum + (at[axis] ?? 0), 0) / ring.length;
  return lonLat(mean(0), mean(1));
}
