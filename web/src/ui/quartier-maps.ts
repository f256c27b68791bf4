import { html, nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Schemas } from "../api";
import { figure } from "../chart/figure";
import {
  type DrawnHexagon,
  drawHexagons,
  type Frame,
  frameOf,
  type MapGround,
} from "../chart/hexagon-map";
import { drawKey, type KeyEntry } from "../chart/key";
import { colour, ramp } from "../map/colour";
import { classes, classOf, rangeOf } from "../map/legend";
import { text as city } from "../text/city";
import { formatDay } from "../text/format";
import { text } from "../text/quartiers";
import { exportsOf, type FigureView, type Saved } from "./figure-view";
import {
  type Agreements,
  chart,
  empty,
  limits,
  nParticipants,
  number,
  type Portrait,
  p,
  share,
  table,
  words,
} from "./quartier-figure";
import type { MapMeasure, Size } from "./quartiers-state";

/** Names of hexagons by street; two of one street get a number. */
export function placeNames(
  names: Readonly<Record<string, string>>,
  ids: readonly string[],
): ReadonlyMap<string, string> {
  const seen = new Map<string, number>();
  return new Map(
    [...new Set(ids)].sort().map((id, i) => {
      const street = names[id] ?? text.multiples.unnamed(i + 1);
      const times = (seen.get(street) ?? 0) + 1;
      seen.set(street, times);
      return [id, times === 1 ? street : `${street} (${times})`];
    }),
  );
}

/** The ground of a quartier's maps and a frame for all of one width. */
export function groundOf(
  quartier: Schemas["QuartierCollection"]["features"][number],
  streets: Portrait["streets"],
): MapGround {
  return {
    outline: (quartier.geometry.coordinates as unknown as number[][][][]).flat(),
    streets: streets as unknown as MapGround["streets"],
  };
}

export function frame(
  ground: MapGround,
  cells: Readonly<Record<string, unknown>>,
  width: number,
): Frame {
  const rings = Object.values(cells) as number[][][];
  return frameOf([...ground.outline.flat(), ...rings.flat()], width, 12);
}

/** A legend, which is saved with its map. */
export function keyOf(entries: readonly KeyEntry[], width: number, label: string) {
  const { height, content } = drawKey(entries, width);
  return html`<svg class="chart key" viewBox="0 0 ${width} ${height}" .style="max-width: ${width}px" role="img" aria-label=${`${label} : ${entries.map((one) => one.words).join(" ; ")}`}>${content}</svg>`;
}

function classKey(measure: MapMeasure, size: Size): readonly KeyEntry[] {
  return [
    ...classes(measure, size).map((step) => ({
      words:
        step.to === null
          ? city.legend.orMore(step.from)
          : city.legend.people(rangeOf(step), step.to),
      fill: step.fill,
      edge: step.edge,
      hatched: step.hatched,
    })),
    { words: text.multiples.none, fill: colour.land, edge: "#8a8f9a" },
  ];
}

export function multiplesFigure(
  view: FigureView,
  portrait: Portrait,
  ground: MapGround,
  show: MapMeasure,
  size: Size,
  links: Saved["links"],
  controls: TemplateResult,
) {
  const w = text.multiples;
  const names = placeNames(portrait.names, Object.keys(portrait.cells));
  const columns = Math.max(1, Math.min(portrait.panels.length, Math.floor(view.width / 270)));
  const width = Math.min(440, view.width / columns - 16);
  const on = frame(ground, portrait.cells, width);
  const value = (h: Schemas["PanelHexagon"]) =>
    show === "contested" ? Math.min(h.unsafe, h.safe) : h[show];
  let most: { id: string; value: number } = { id: "", value: 0 };
  const named = new Set<string>();
  const panels = portrait.panels.map((panel) => {
    const of = show === "signalements" ? panel.reporters : panel.participants;
    const hexagons = panel.hexagons.flatMap((h): DrawnHexagon[] => {
      const step = classOf(show, size, { ...h, contested: h.contested.value });
      const ring = portrait.cells[h.h3];
      if (!step || !ring) return [];
      named.add(h.h3);
      if (value(h) > most.value) most = { id: h.h3, value: value(h) };
      return [
        {
          id: h.h3,
          ring,
          fill: step.fill,
          edge: step.edge,
          ...(step.hatched ? { sign: "hatch" as const } : {}),
          title: w.hexagon(names.get(h.h3) ?? "", value(h), of),
        },
      ];
    });
    const head = portrait.by === "atelier" ? formatDay(panel.from) : text.choose.year(panel.key);
    return { panel, hexagons, head, of };
  });
  const sentence = w.sentence(panels.length, named.size, names.get(most.id) ?? "", most.value);
  if (panels.length === 0) return empty(w.title, sentence, controls);
  const sum = panels.reduce((total, { of }) => total + of, 0);
  return figure(
    words(w.title, sentence, w.how, w.method),
    html`${controls} ${show === "signalements" && portrait.by === "atelier" ? html`<p class="hint">${w.signalementsByYear}</p>` : nothing}
    <div class="multiples maps">${panels.map(
      ({ hexagons, head, of }) => html`<div class="panel-figure" .style="width: ${width}px">
        <h3>${head} <span class="n">${show === "signalements" ? w.reporters(of) : w.panelOf(of)}</span></h3>
        ${chart(width, on.height, `${head} : ${sentence}`, drawHexagons(on, ground, hexagons, { scale: w.scale }) as unknown as SVGTemplateResult, `${head}, n = ${number(of)}`)}
      </div>`,
    )}</div>
    ${keyOf(classKey(show, size), Math.min(view.width, 900), city.legend.label)}`,
    exportsOf(view, {
      title: `${w.title} – ${city.measureLong[show]}`,
      n: show === "signalements" ? text.exports.reporters(sum, 0) : nParticipants(sum),
      caveat: show === "signalements" ? text.exports.reports : text.exports.voices,
      links,
      name: "cartes",
    }),
    table(
      w.title,
      [
        w.columns.place,
        w.columns.panel,
        w.columns.value,
        w.columns.of,
        ...(show === "unsafe" ? [w.columns.low, w.columns.high] : []),
      ],
      panels.flatMap(({ panel, head, of }) =>
        panel.hexagons
          .filter((h) => value(h) > 0)
          .sort((a, b) => value(b) - value(a))
          .map((h) => [
            names.get(h.h3),
            head,
            number(value(h)),
            number(of),
            ...(show === "unsafe"
              ? [share(limits(h.unsafe_interval)[0]), share(limits(h.unsafe_interval)[1])]
              : []),
          ]),
      ),
    ),
  );
}

export function sharedFigure(
  view: FigureView,
  data: Agreements,
  ground: MapGround,
  links: Saved["links"],
) {
  const w = text.shared;
  const streets = data.ateliers.flatMap((one) =>
    one.places.map((place) => [place.h3, place.name] as const),
  );
  const names = placeNames(
    Object.fromEntries(streets.filter(([, name]) => name)),
    streets.map(([id]) => id),
  );
  const found = data.ateliers.filter((one) => one.places.length > 0);
  if (data.ateliers.length === 0) return empty(w.title, w.none);
  const sentence = w.total(found.length, data.ateliers.length);
  const said = (one: Agreements["ateliers"][number]) => {
    const [first] = one.places;
    return one.why
      ? w.why(one.participants, one.why.code === "too_few_participants")
      : w.sentence(
          one.participants,
          one.places.length,
          first ? (names.get(first.h3) ?? "") : "",
          first?.n ?? 0,
          first?.p ?? 1,
        );
  };
  const silent = data.ateliers.filter((one) => one.places.length === 0);
  const width = Math.min(
    520,
    found.length > 1 && view.width > 700 ? view.width / 2 - 12 : view.width,
  );
  const on = frame(ground, data.cells, width);
  const [seed] = data.ateliers;
  return figure(
    words(
      w.title,
      sentence,
      w.how,
      w.method(seed?.maps ?? 0, seed?.seed ?? 0, seed?.hexagons ?? 0),
    ),
    html`${
      found.length > 0
        ? html`<div class="multiples maps">${found.map((one) => {
            const head = `${formatDay(one.on)}, n = ${number(one.participants)}`;
            const hexagons = one.places.flatMap((place, i) =>
              place.hexagons.flatMap((id): DrawnHexagon[] => {
                const ring = data.cells[id];
                return ring
                  ? [
                      {
                        id,
                        ring,
                        fill: ramp.unsafe[3],
                        edge: "#7a2f0c",
                        title: w.place(i + 1, names.get(place.h3) ?? ""),
                        ...(id === place.h3 ? { sign: "dot" as const } : {}),
                      },
                    ]
                  : [];
              }),
            );
            return html`<div class="panel-figure" .style="width: ${width}px"><h3>${head}</h3>
              ${chart(width, on.height, `${head} : ${said(one)}`, drawHexagons(on, ground, hexagons, { scale: text.multiples.scale }) as unknown as SVGTemplateResult, head)}
              <p>${said(one)}</p>
              <ol class="places">${one.places.map((place) => html`<li>${names.get(place.h3)} : ${w.around(place.n, place.of)}</li>`)}</ol></div>`;
          })}</div>`
        : nothing
    }
    ${silent.map((one) => html`<p><strong>${formatDay(one.on)}, n = ${number(one.participants)}</strong> : ${said(one)}</p>`)}`,
    exportsOf(view, {
      title: w.title,
      n: nParticipants(data.ateliers.reduce((sum, one) => sum + one.participants, 0)),
      caveat: text.exports.shared,
      links,
      name: "lieux-partages",
      ...(found.length === 0 ? { charts: "none" } : {}),
    }),
    found.length > 0
      ? table(
          w.title,
          [
            w.columns.atelier,
            w.columns.place,
            w.columns.people,
            w.columns.of,
            w.columns.low,
            w.columns.high,
            w.columns.expected,
            w.columns.p,
          ],
          found.flatMap((one) =>
            one.places.map((place) => [
              formatDay(one.on),
              names.get(place.h3),
              number(place.n),
              number(place.of),
              share(place.share?.lo),
              share(place.share?.hi),
              number(place.expected, 1),
              p(place.p),
            ]),
          ),
        )
      : nothing,
  );
}
