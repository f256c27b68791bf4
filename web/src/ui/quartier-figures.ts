import { html, nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Schemas } from "../api";
import { figure } from "../chart/figure";
import { drawFunnel, type FunnelOptions, layoutFunnel } from "../chart/funnel";
import {
  type DrawnHexagon,
  drawHexagons,
  type Frame,
  frameOf,
  type MapGround,
} from "../chart/hexagon-map";
import {
  drawIntervals,
  type IntervalOptions,
  type IntervalRow,
  layoutIntervals,
} from "../chart/intervals";
import "../chart/month-series";
import { drawKey, type KeyEntry } from "../chart/key";
import { drawWeek } from "../chart/week-grid";
import { colour, ramp } from "../map/colour";
import { classes, classOf, rangeOf } from "../map/legend";
import { text as city } from "../text/city";
import { text as evening } from "../text/evening";
import { formatDay, formatMonth, formatMonthTick, formatNumber } from "../text/format";
import { text } from "../text/quartiers";
import { exportsOf, type FigureView, type Saved } from "./figure-view";
import type { ChangeMeasure, MapMeasure, Size } from "./quartiers-state";

export type Portrait = Schemas["Portrait"];
export type Change = Schemas["Change"];
export type Agreements = Schemas["StatAgreements"];
export type ZoneChange = Schemas["ZoneChange"];
export type Between = Schemas["Between"];
export type Action = Schemas["Action"];
type Share = Schemas["Share"];
type Interval = Schemas["ResultInterval"];

function chart(
  width: number,
  height: number,
  label: string,
  content: SVGTemplateResult,
  head = "",
) {
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label=${label} data-label=${head}>${content}</svg>`;
}

function words(title: string, sentence: string, how: string, method: string) {
  return {
    title,
    sentence,
    how,
    howTitle: text.howTitle,
    numbers: text.numbers,
    method: { title: text.methodTitle, text: method },
  };
}

/** A table of numbers; the first column names the rows. */
function table(caption: string, columns: readonly string[], rows: readonly (readonly unknown[])[]) {
  return html`<table class="numbers">
    <caption>${caption}</caption>
    <thead><tr>${columns.map((name) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${rows.map(
      ([first, ...rest]) =>
        html`<tr><th scope="row">${first}</th>${rest.map((cell) => html`<td>${cell}</td>`)}</tr>`,
    )}</tbody>
  </table>`;
}

/** A figure without anything to draw: what will appear, and when. */
export const empty = (title: string, sentence: string, controls: unknown = nothing) =>
  html`<section class="figure empty"><h2>${title}</h2>${controls}<p class="figure-said">${sentence}</p></section>`;

const number = (value: number | null | undefined, digits = 0) =>
  value == null ? text.none : formatNumber(value, digits);
const share = (value: number | null | undefined) => (value == null ? text.none : text.share(value));
const limits = (interval: Interval) =>
  [interval.value?.lo ?? null, interval.value?.hi ?? null] as const;
/** The upper limit of a ratio may be infinite. */
const upper = (interval: Schemas["RatioInterval"]) =>
  interval.hi.value === null ? text.unbounded : text.ratio(interval.hi.value);
const p = (value: number | null | undefined) =>
  value == null ? text.none : formatNumber(value, value < 0.01 ? 4 : 3);

const tickShare = (value: number) => text.share(value);

function shareRow(label: string, of: Share, look: Partial<IntervalRow>): IntervalRow {
  const [lo, hi] = limits(of.interval);
  return {
    label,
    value: of.n > 0 ? of.people / of.n : null,
    lo,
    hi,
    missing: text.rates.noAtelier,
    note: of.n > 0 ? text.voices.of(of.people, of.n) : "",
    ...look,
  };
}

function intervals(
  rows: readonly IntervalRow[],
  options: IntervalOptions,
  label: string,
  head = "",
) {
  const layout = layoutIntervals(rows, options);
  return chart(
    options.width,
    layout.height,
    label,
    drawIntervals(layout, options) as unknown as SVGTemplateResult,
    head,
  );
}

const unsafeLook = { colour: colour.unsafe, mark: "triangle" } as const;
const safeLook = { colour: colour.safe, mark: "circle" } as const;
const avoidsLook = { colour: colour.ink, mark: "square" } as const;

// ── Between quartiers ────────────────────────────────────────────────────

export type NameOf = (code: string) => string;

/** Quartiers beyond the funnel: above it, and below. */
const beyond = (data: Between, nameOf: NameOf) =>
  ([1, -1] as const).map((side) =>
    data.places.filter((place) => place.position === side).map((place) => nameOf(place.quartier)),
  ) as [string[], string[]];

export function ratesFigure(
  view: FigureView,
  data: Between,
  nameOf: NameOf,
  links: Saved["links"],
) {
  const w = text.rates;
  if (data.mean.value === null && data.per === "inhabitants") {
    return empty(w.title, w.noPopulation);
  }
  const known = data.places.filter((place) => place.raw.value !== null);
  if (known.length === 0) return empty(w.title, w.sentence([], [], 0));
  const rows = data.places.flatMap((place): IntervalRow[] => {
    const [lo, hi] = limits(place.interval);
    const chosen = data.quartiers.includes(place.quartier);
    const raw: IntervalRow = {
      label: nameOf(place.quartier),
      value: place.raw.value,
      lo,
      hi,
      missing: data.per === "participants" ? w.noAtelier : w.noInhabitants,
      note: place.raw.value === null ? "" : w.rawNote(place.people, place.exposure),
      colour: chosen ? colour.ink : colour.muted,
      mark: "circle",
    };
    const shrunk = place.shrunk.value;
    return shrunk && chosen
      ? [
          raw,
          {
            label: w.shrunk,
            value: shrunk.rate,
            lo: shrunk.interval.lo,
            // The Gamma law of the smoothed rate does not know that a share ends at 1.
            hi: data.per === "participants" ? Math.min(1, shrunk.interval.hi) : shrunk.interval.hi,
            mark: "square",
            colour: colour.safe,
          },
        ]
      : [raw];
  });
  const tick =
    data.per === "participants"
      ? tickShare
      : (value: number) => `${formatNumber(value * 1000, 1)} ‰`;
  const options: IntervalOptions = {
    width: view.width,
    axis: "rate",
    ...(data.per === "participants" ? { top: 1 } : {}),
    reference: data.mean.value,
    tick,
  };
  const sentence = `${w.sentence(...beyond(data, nameOf), known.length)}${data.year ? ` ${w.populationSource(data.year, data.source ?? "")}` : ""}`;
  const title = w.titleOf(text.choose.rates[data.rate]);
  return figure(
    words(title, sentence, w.how, w.method),
    html`${intervals(rows, options, sentence)}`,
    exportsOf(view, {
      title,
      n: nBetween(data),
      caveat: `${caveatOf(data.rate)} ${text.exports.noRanking}`,
      links,
      name: "quartiers",
    }),
    table(
      w.title,
      [
        w.columns.quartier,
        w.columns.people,
        w.columns.of,
        w.columns.raw,
        w.columns.low,
        w.columns.high,
        w.columns.shrunk,
      ],
      data.places.map((place) => {
        const [lo, hi] = limits(place.interval);
        return [
          nameOf(place.quartier),
          number(place.people),
          number(place.exposure),
          rate(place.raw.value),
          rate(lo),
          rate(hi),
          rate(place.shrunk.value?.rate),
        ];
      }),
    ),
  );
  function rate(value: number | null | undefined) {
    return value == null ? text.none : tick(value);
  }
}

/** n of all quartiers together; that of each stands on its line. */
const nBetween = (data: Between) =>
  text.exports[data.per](data.places.reduce((sum, place) => sum + place.exposure, 0));

const caveatOf = (measure: string) =>
  measure === "signalements" ? text.exports.reports : text.exports.voices;

export function funnelFigure(
  view: FigureView,
  data: Between,
  nameOf: NameOf,
  links: Saved["links"],
) {
  const w = text.funnel;
  if (data.mean.value === null || data.funnel.length === 0) return nothing;
  const tickY =
    data.per === "participants"
      ? tickShare
      : (value: number) => `${formatNumber(value * 1000, 1)} ‰`;
  const options: FunnelOptions = {
    width: view.width,
    height: Math.min(460, Math.max(320, view.width * 0.5)),
    mean: data.mean.value,
    xLabel: text.choose.per[data.per],
    tickX: (value) => formatNumber(value),
    tickY,
    meanLabel: w.mean,
    innerLabel: w.inner,
    outerLabel: w.outer,
  };
  const pair = (of: Interval) => (of.value ? ([of.value.lo, of.value.hi] as const) : null);
  const layout = layoutFunnel(
    data.places.flatMap((place) =>
      place.raw.value === null
        ? []
        : [
            {
              label: nameOf(place.quartier),
              exposure: place.exposure,
              rate: place.raw.value,
              chosen: data.quartiers.includes(place.quartier),
            },
          ],
    ),
    data.funnel.map((point) => ({
      exposure: point.exposure,
      inner: pair(point.limits95),
      outer: pair(point.limits998),
    })),
    options,
  );
  const sentence = w.sentence(beyond(data, nameOf).flat());
  return figure(
    words(w.title, sentence, w.how, w.method),
    html`${chart(view.width, options.height, sentence, drawFunnel(layout, options) as unknown as SVGTemplateResult)}`,
    exportsOf(view, {
      title: `${w.title} – ${text.choose.rates[data.rate]}`,
      n: nBetween(data),
      caveat: `${caveatOf(data.rate)} ${text.exports.noRanking}`,
      links,
      name: "entonnoir",
    }),
    table(
      w.title,
      [text.rates.columns.quartier, text.rates.columns.of, text.rates.columns.raw],
      data.places.map((place) => [
        nameOf(place.quartier),
        number(place.exposure),
        place.raw.value === null ? text.none : tickY(place.raw.value),
      ]),
    ),
  );
}

export function pairsFigure(
  view: FigureView,
  data: Between,
  nameOf: NameOf,
  links: Saved["links"],
) {
  const w = text.pairs;
  const known = data.pairs.filter((pair) => pair.ratio.value !== null);
  if (known.length === 0) return nothing;
  const differs = (ratio: Schemas["RateRatio"]) =>
    ratio.mid_p_interval.lo > 1 ||
    (ratio.mid_p_interval.hi.value !== null && ratio.mid_p_interval.hi.value < 1);
  const sentence = w.sentence(
    known.filter((pair) => pair.ratio.value && differs(pair.ratio.value)).length,
    known.length,
  );
  const options: IntervalOptions = {
    width: view.width,
    axis: "ratio",
    reference: 1,
    tick: text.ratio,
  };
  const rows = known.map((pair): IntervalRow => {
    const ratio = pair.ratio.value;
    return {
      label: w.pair(nameOf(pair.first), nameOf(pair.second)),
      value: ratio?.ratio.value ?? null,
      lo: ratio?.mid_p_interval.lo ?? null,
      hi: ratio?.mid_p_interval.hi.value ?? null,
      note: ratio?.ratio.value == null ? "" : text.ratio(ratio.ratio.value),
    };
  });
  return figure(
    words(w.title, sentence, w.how, w.method),
    html`${intervals(rows, options, sentence)}`,
    exportsOf(view, {
      title: `${w.title} – ${text.choose.rates[data.rate]}`,
      n: nBetween(data),
      caveat: caveatOf(data.rate),
      links,
      name: "paires",
    }),
    table(
      w.title,
      [w.columns.pair, w.columns.ratio, w.columns.low, w.columns.high, w.columns.p],
      known.map((pair) => {
        const ratio = pair.ratio.value;
        return [
          w.pair(nameOf(pair.first), nameOf(pair.second)),
          ratio?.ratio.value == null ? text.none : text.ratio(ratio.ratio.value),
          ratio ? text.ratio(ratio.mid_p_interval.lo) : text.none,
          ratio ? upper(ratio.mid_p_interval) : text.none,
          p(ratio?.mid_p),
        ];
      }),
    ),
  );
}

// ── One quartier, or several side by side ────────────────────────────────

const day = (instant: string) => formatDay(instant);
const nParticipants = (of: number) => text.exports.participants(of);
/** n of several quartiers is said of each. */
const nOf = (portraits: readonly Portrait[], say: (of: Portrait) => string) =>
  portraits
    .map((one) => (portraits.length > 1 ? `${one.quartier.nom_court} : ${say(one)}` : say(one)))
    .join(" ");
const nReporters = (portraits: readonly Portrait[]) =>
  nOf(portraits, (one) => text.exports.reporters(one.reporters, one.anonymous));
const nResidents = (portraits: readonly Portrait[]) =>
  nOf(portraits, (one) => nParticipants(one.participants));

/** Feelings of participants: by atelier for one quartier, by quartier for several. */
export function voicesFigure(
  view: FigureView,
  portraits: readonly Portrait[],
  links: Saved["links"],
) {
  const w = text.voices;
  const [first] = portraits;
  if (!first) return nothing;
  const several = portraits.length > 1;
  const groups = several
    ? portraits.map((one) => ({ name: one.quartier.nom_court, of: one, day: "" }))
    : [
        ...(first.ateliers.length > 1 ? [{ name: w.all, of: first, day: "" }] : []),
        ...first.ateliers.map((one) => ({ name: day(one.starts_at), of: one, day: one.starts_at })),
      ];
  const rows = groups.flatMap(({ name, of }): IntervalRow[] => [
    shareRow(w.unsafe, of.unsafe, { ...unsafeLook, heading: name }),
    shareRow(w.safe, of.safe, { ...safeLook, heading: name }),
    shareRow(w.avoids, of.avoids, { ...avoidsLook, heading: name }),
  ]);
  const [lo, hi] = limits(first.unsafe.interval);
  const sentence = several
    ? portraits
        .map((one) =>
          w.side(one.quartier.nom_court, one.unsafe.people, one.avoids.people, one.participants),
        )
        .join(" ")
    : `${w.sentence(first.unsafe.people, first.participants, lo ?? 0, hi ?? 0)} ${first.participants > 0 ? w.contested(first.contested, first.spoken) : ""}`;
  const title = several ? text.side.voicesTitle : w.title;
  if (portraits.every((one) => one.participants === 0)) return empty(title, sentence);
  return figure(
    words(title, sentence, w.how, w.method),
    html`${intervals(rows, { width: view.width, axis: "rate", top: 1, tick: tickShare }, sentence)}`,
    exportsOf(view, {
      title,
      n: nResidents(portraits),
      caveat: text.exports.voices,
      links,
      name: "ressentis",
    }),
    table(
      title,
      [
        w.columns.atelier,
        w.columns.felt,
        w.columns.people,
        w.columns.of,
        w.columns.low,
        w.columns.high,
      ],
      groups.flatMap(({ name, of }) =>
        (
          [
            [w.unsafe, of.unsafe],
            [w.safe, of.safe],
            [w.avoids, of.avoids],
          ] as const
        ).map(([felt, one]) => [
          name,
          felt,
          number(one.people),
          number(one.n),
          share(limits(one.interval)[0]),
          share(limits(one.interval)[1]),
        ]),
      ),
    ),
  );
}

export function themesFigure(
  view: FigureView,
  portraits: readonly Portrait[],
  links: Saved["links"],
) {
  const w = text.themes;
  const [first] = portraits;
  if (!first) return nothing;
  const several = portraits.length > 1;
  const ranked = (of: Portrait) =>
    [...of.themes].sort(
      (a, b) => b.residents.people - a.residents.people || b.reporters.people - a.reporters.people,
    );
  const rows = several
    ? first.themes.flatMap((theme) =>
        portraits.flatMap((one): IntervalRow[] => {
          const found = one.themes.find(({ theme: code }) => code === theme.theme);
          return found
            ? [
                shareRow(one.quartier.nom_court, found.residents, {
                  ...unsafeLook,
                  heading: city.theme[theme.theme],
                }),
              ]
            : [];
        }),
      )
    : ranked(first).flatMap((theme): IntervalRow[] => [
        ...(first.participants > 0
          ? [
              shareRow(w.residents, theme.residents, {
                ...unsafeLook,
                heading: city.theme[theme.theme],
              }),
            ]
          : []),
        shareRow(w.reporters, theme.reporters, {
          colour: colour.signalement,
          mark: "circle",
          heading: city.theme[theme.theme],
          missing: text.none,
        }),
      ]);
  const [top] = ranked(first);
  const reported = [...first.themes].sort((a, b) => b.reporters.people - a.reporters.people)[0];
  const [lo, hi] = limits(top?.residents.interval ?? { value: null });
  const sentence = several
    ? portraits
        .map((one) => {
          const [a] = ranked(one);
          return `${one.quartier.nom_court} : ${text.side.themesSentence(a && a.residents.people > 0 ? city.theme[a.theme] : "")}`;
        })
        .join(" ")
    : first.participants > 0
      ? w.sentence(
          top ? city.theme[top.theme] : "",
          top?.residents.people ?? 0,
          top?.residents.n ?? 0,
          lo ?? 0,
          hi ?? 0,
        )
      : w.reported(
          reported && reported.reporters.people > 0 ? city.theme[reported.theme] : "",
          reported?.reporters.people ?? 0,
          reported?.reporters.n ?? 0,
        );
  const title = several ? text.side.themesTitle : w.title;
  const silent = (one: Portrait) => one.participants === 0 && (several || one.reporters === 0);
  if (portraits.every(silent)) return empty(title, sentence);
  return figure(
    words(title, sentence, w.how, w.method),
    html`${intervals(rows, { width: view.width, axis: "rate", tick: tickShare }, sentence)}`,
    exportsOf(view, {
      title,
      n: several ? nResidents(portraits) : `${nResidents(portraits)} ${nReporters(portraits)}`,
      caveat: `${text.exports.voices} ${text.exports.reports}`,
      links,
      name: "themes",
    }),
    table(
      title,
      [
        w.columns.theme,
        ...portraits.flatMap((one) => {
          const of = several ? ` (${one.quartier.nom_court})` : "";
          return [
            `${w.columns.residents}${of}`,
            `${w.columns.reporters}${of}`,
            `${w.columns.reports}${of}`,
          ];
        }),
      ],
      first.themes.map((theme) => [
        city.theme[theme.theme],
        ...portraits.flatMap((one) => {
          const found = one.themes.find(({ theme: code }) => code === theme.theme);
          const said = (of: Share | undefined) =>
            of && of.n > 0
              ? `${text.voices.of(of.people, of.n)} (${share(limits(of.interval)[0])} – ${share(limits(of.interval)[1])})`
              : text.none;
          return [said(found?.residents), said(found?.reporters), number(found?.signalements)];
        }),
      ]),
    ),
  );
}

export function hoursFigure(
  view: FigureView,
  portraits: readonly Portrait[],
  links: Saved["links"],
) {
  const w = text.hours;
  const [first] = portraits;
  if (!first) return nothing;
  const several = portraits.length > 1;
  const largest = Math.max(0, ...portraits.flatMap((one) => one.hours.flat()));
  const total = (of: Portrait) => of.hours.flat().reduce((sum, value) => sum + value, 0);
  const night = (of: Portrait) =>
    of.hours.reduce(
      (sum, hours) =>
        sum + hours.reduce((s, value, hour) => (hour >= 20 || hour < 4 ? s + value : s), 0),
      0,
    );
  const names = w.dayNames.split(" ");
  const sentence = portraits
    .map(
      (one) =>
        `${several ? `${one.quartier.nom_court} : ` : ""}${w.sentence(one.timed, total(one) > 0 ? night(one) / total(one) : 0)}`,
    )
    .join(" ");
  const width = several && view.width > 700 ? view.width / 2 - 12 : Math.min(view.width, 760);
  const title = several ? text.side.hoursTitle : w.title;
  if (largest === 0) return empty(title, sentence);
  return figure(
    words(title, sentence, w.how, w.method(portraits.reduce((sum, one) => sum + one.untimed, 0))),
    html`<div class="multiples">${portraits.map((one) => {
      const { height, content } = drawWeek(one.hours, width, largest, {
        days: w.days.split(" "),
        hour: w.hour,
        cell: (d, hour, value) => w.cell(names[d - 1] ?? "", hour, value),
      });
      const head = several ? `${one.quartier.nom_court}, n = ${number(one.timed)}` : "";
      return html`<div class="panel-figure" .style="width: ${width}px">${head ? html`<h3>${head}</h3>` : nothing}
        ${chart(width, height, sentence, content as unknown as SVGTemplateResult, head)}</div>`;
    })}</div>`,
    exportsOf(view, {
      title,
      n: nReporters(portraits),
      caveat: text.exports.reports,
      links,
      name: "heures",
    }),
    html`${portraits.map((one) =>
      table(
        several ? one.quartier.nom_court : title,
        [w.columns.day, ...Array.from({ length: 24 }, (_, hour) => w.hour(hour))],
        one.hours.map((hours, d) => [names[d], ...hours.map((value) => number(value, 1))]),
      ),
    )}`,
  );
}

const seriesWords = {
  month: formatMonth,
  tick: formatMonthTick,
  number: (value: number) => formatNumber(value),
};

export function monthsFigure(
  view: FigureView,
  portraits: readonly Portrait[],
  links: Saved["links"],
) {
  const w = text.months;
  const [first] = portraits;
  if (!first) return nothing;
  const several = portraits.length > 1;
  const top = Math.max(
    1,
    ...portraits.flatMap((one) => one.months.map((month) => month.interval.hi)),
  );
  const width = several && view.width > 700 ? view.width / 2 - 12 : view.width;
  const sentence = portraits
    .map((one) => {
      const [a, b] = [one.months[0], one.months.at(-1)];
      return `${several ? `${one.quartier.nom_court} : ` : ""}${w.sentence(a ? formatMonth(a.month) : "", b ? formatMonth(b.month) : "", one.signalements, one.reporters)}`;
    })
    .join(" ");
  const title = several ? text.side.monthsTitle : w.title;
  if (portraits.every((one) => one.months.length === 0)) return empty(title, sentence);
  return figure(
    words(title, sentence, w.how, w.method),
    html`<div class="multiples">${portraits.map((one) => {
      const head = several
        ? `${one.quartier.nom_court}, ${text.multiples.reporters(one.reporters)}`
        : "";
      const points = one.months.map((month) => ({
        month: month.month,
        n: month.reporters,
        interval: month.interval,
        partial: month.partial,
      }));
      return html`<div class="panel-figure" .style="width: ${width}px">${head ? html`<h3>${head}</h3>` : nothing}
        ${
          points.length === 0
            ? nothing
            : html`<month-series class="pictured" .points=${points} .words=${seriesWords} .top=${top} .height=${190} .label=${sentence} .head=${head}></month-series>`
        }</div>`;
    })}</div>`,
    exportsOf(view, {
      title,
      n: nReporters(portraits),
      caveat: text.exports.reports,
      links,
      name: "mois",
    }),
    html`${portraits.map((one) =>
      table(
        several ? one.quartier.nom_court : title,
        [w.columns.month, w.columns.reports, w.columns.people, w.columns.low, w.columns.high],
        one.months.map((month) => [
          formatMonth(month.month),
          number(month.signalements),
          number(month.reporters),
          number(month.interval.lo, 1),
          number(month.interval.hi, 1),
        ]),
      ),
    )}`,
  );
}

// ── Maps ─────────────────────────────────────────────────────────────────

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

function frame(ground: MapGround, cells: Readonly<Record<string, unknown>>, width: number): Frame {
  const rings = Object.values(cells) as number[][][];
  return frameOf([...ground.outline.flat(), ...rings.flat()], width, 12);
}

/** A legend, which is saved with its map. */
function keyOf(entries: readonly KeyEntry[], width: number, label: string) {
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
    const head = portrait.by === "atelier" ? day(panel.from) : text.choose.year(panel.key);
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

// ── Lists ────────────────────────────────────────────────────────────────

const listed = (title: string, columns: readonly string[], rows: readonly (readonly unknown[])[]) =>
  html`<div class="figure-table list" tabindex="0" role="region" aria-label=${title}>${table(title, columns, rows)}</div>`;

/** What was answered, whatever the period: an action may last for years. */
export function actionsFigure(view: FigureView, actions: readonly Action[], links: Saved["links"]) {
  const w = text.actions;
  if (actions.length === 0) return empty(w.title, w.none);
  const sentence = w.sentence(
    actions.length,
    actions.filter((one) => one.done_on).length,
    actions.filter((one) => one.late).length,
  );
  return figure(
    words(w.title, sentence, w.how, w.method),
    listed(
      w.title,
      [w.columns.titre, w.columns.state, w.columns.done, w.columns.due],
      actions.map((one) => [
        one.titre,
        `${evening.states[one.state]}${one.late ? ` (${evening.late})` : ""}`,
        one.done_on ? formatDay(one.done_on) : text.none,
        one.echeance ? formatDay(one.echeance) : text.none,
      ]),
    ),
    exportsOf(view, {
      title: w.title,
      n: sentence,
      caveat: w.how,
      links,
      name: "actions",
      charts: "none",
    }),
    nothing,
  );
}

/** The evenings that the other figures rest on. */
export function ateliersFigure(view: FigureView, portrait: Portrait, links: Saved["links"]) {
  const w = text.ateliers;
  const { ateliers, participants } = portrait;
  if (ateliers.length === 0) return empty(w.title, w.none);
  return figure(
    words(w.title, w.sentence(ateliers.length, participants), w.how, w.method),
    listed(
      w.title,
      [w.columns.titre, w.columns.day, w.columns.participants, w.columns.state],
      ateliers.map((one) => [
        one.titre,
        formatDay(one.starts_at),
        number(one.participants),
        w.states[one.state as keyof typeof w.states] ?? "",
      ]),
    ),
    exportsOf(view, {
      title: w.title,
      n: nParticipants(participants),
      caveat: text.exports.voices,
      links,
      name: "ateliers",
      charts: "none",
    }),
    nothing,
  );
}

// ── Change ───────────────────────────────────────────────────────────────

const verdictLook = {
  "-1": { fill: ramp.safe[3], edge: "#083f56", sign: "down" as const },
  "0": { fill: "#d3d1cb", edge: "#8a8f9a", sign: undefined },
  "1": { fill: ramp.unsafe[3], edge: "#7a2f0c", sign: "up" as const },
};

export function changeFigure(
  view: FigureView,
  data: Change,
  ground: MapGround,
  links: Saved["links"],
  controls: TemplateResult,
) {
  const w = text.change;
  const names = placeNames(data.names, Object.keys(data.cells));
  const side = (of: Schemas["ComparedSide"]) =>
    of.atelier
      ? w.sideAtelier(of.titre ?? "", day(of.from))
      : text.period.text(day(of.from), day(new Date(Date.parse(of.to) - 1).toISOString()));
  const sentence = w.sentence(data.pattern.fewer, data.pattern.more, data.pattern.compared);
  const { n1, n2 } = data.visible;
  const [most] = data.visible.hexagons;
  const visible = w.visible(most?.from ?? 0, n1, n2, most?.change.value?.fall.value ?? null);
  const seen = new Map(data.visible.hexagons.map((one) => [one.from, one.change.value]));
  const shown = data.agrees || !data.coarser ? [data.pattern] : [data.pattern, data.coarser];
  const width = Math.min(
    460,
    shown.length > 1 && view.width > 640 ? view.width / 2 - 16 : view.width,
  );
  const on = frame(ground, data.cells, width);
  const maps = shown.map((pattern) => {
    const hexagons = pattern.hexagons.flatMap((h): DrawnHexagon[] => {
      const ring = data.cells[h.h3];
      if (!ring) return [];
      const { sign, ...look } = verdictLook[`${h.verdict}`];
      return [
        {
          id: h.h3,
          ring,
          ...look,
          ...(sign ? { sign } : {}),
          title: `${names.get(h.h3)} : ${h.before} → ${h.after}, ${w.verdicts[`${h.verdict}`]}`,
        },
      ];
    });
    const head = w.sizeLabel[`${pattern.resolution}` as "8" | "9" | "10" | "11"];
    return html`<div class="panel-figure" .style="width: ${width}px"><h3>${head}</h3>
      ${chart(width, on.height, `${head} : ${sentence}`, drawHexagons(on, ground, hexagons, { scale: text.multiples.scale }) as unknown as SVGTemplateResult, head)}</div>`;
  });
  const ratio = data.ratio.value;
  const concluded =
    ratio !== null &&
    (ratio.exact.lo > 1 || (ratio.exact.hi.value !== null && ratio.exact.hi.value < 1));
  const ratioSaid = ratio
    ? ratio.ratio.value === null
      ? w.ratioNone
      : w.ratioSentence(
          data.measure === "signalements",
          text.ratio(ratio.ratio.value),
          text.ratio(ratio.exact.lo),
          upper(ratio.exact),
          concluded,
        )
    : w.similarityUnknown;
  const residents = data.residents.value;
  const bound = (
    of: Schemas["ResultNumber"] | undefined,
    words: (count: number, of: number) => string,
  ) => (of?.value == null ? w.never : words(of.value, n2));
  const period = w.sides(side(data.before), side(data.after));
  const caveat = caveatOf(data.measure);
  return figure(
    words(w.title, sentence, w.how, w.method),
    html`${controls}
    <p>${visible}</p>
    <div class="multiples maps">${maps}</div>
    ${keyOf(
      (["-1", "0", "1"] as const).map((verdict) => {
        const { sign, ...look } = verdictLook[verdict];
        return { words: w.key[verdict], ...look, ...(sign ? { sign } : {}) };
      }),
      Math.min(view.width, 900),
      city.legend.label,
    )}
    <p class=${data.agrees ? "hint" : "warning"}>${data.agrees ? w.agrees : w.disagrees}</p>
    <h3>${w.ratioTitle}</h3>
    <p>${ratioSaid}</p>
    ${
      ratio
        ? intervals(
            [
              {
                label: w.ratio,
                value: ratio.ratio.value,
                lo: ratio.exact.lo,
                hi: ratio.exact.hi.value,
                note: `n = ${number(data.before.people)}, ${number(data.after.people)}`,
              },
            ],
            { width: view.width, axis: "ratio", reference: 1, tick: text.ratio },
            ratioSaid,
          )
        : nothing
    }
    <p>${residents ? w.residents(residents.difference, residents.p_two_sided) : w.residentsUnknown}</p>
    <p>${data.pattern.similarity.value === null ? w.similarityUnknown : w.similarity(data.pattern.similarity.value, data.pattern.differing)}</p>`,
    exportsOf(view, {
      title: `${w.title} – ${text.choose.measures[data.measure as ChangeMeasure]}`,
      n: text.exports.twoSides(data.before.people, data.after.people),
      caveat,
      links,
      name: "changement",
      period,
    }),
    table(
      w.title,
      [
        w.columns.place,
        w.columns.before,
        w.columns.after,
        w.columns.p,
        w.columns.adjusted,
        w.columns.verdict,
        w.columns.fall,
        w.columns.rise,
      ],
      [...data.pattern.hexagons]
        .sort(
          (a, b) =>
            (a.adjusted.value ?? 1) - (b.adjusted.value ?? 1) ||
            b.before + b.after - a.before - a.after,
        )
        .map((h) => [
          names.get(h.h3),
          text.voices.of(h.before, data.before.people),
          text.voices.of(h.after, data.after.people),
          p(h.p.value),
          p(h.adjusted.value),
          w.verdicts[`${h.verdict}`],
          bound(seen.get(h.before)?.fall, w.atMost),
          bound(seen.get(h.before)?.rise, w.atLeast),
        ]),
    ),
  );
}

export function zoneFigure(
  view: FigureView,
  data: ZoneChange,
  links: Saved["links"],
  controls: TemplateResult,
) {
  const w = text.zone;
  const change = data.change.value;
  const last = new Date(Date.parse(data.to) - 1).toISOString();
  const period = `${text.period.text(day(data.from), day(last))}, ${w.cut(day(data.at))}`;
  if (!change) return empty(w.title, w.nothing, controls);
  const value = change.ratio.value === null ? text.none : text.ratio(change.ratio.value);
  const sentence =
    change.ratio.value === null
      ? w.few
      : w.sentence[change.conclusion](
          value,
          text.ratio(change.interval.lo),
          upper(change.interval),
        );
  const { counts } = change;
  return figure(
    words(w.title, sentence, w.how, w.method),
    html`${controls}<p>${w.counts(counts.zone_before, counts.zone_after, counts.rest_before, counts.rest_after)}</p>
    ${intervals(
      [
        {
          label: w.label,
          value: change.ratio.value,
          lo: change.interval.lo,
          hi: change.interval.hi.value,
          note: value,
        },
      ],
      { width: view.width, axis: "ratio", reference: 1, tick: text.ratio },
      sentence,
    )}`,
    exportsOf(view, {
      title: w.title,
      n: text.exports.reporters(
        counts.zone_before + counts.zone_after + counts.rest_before + counts.rest_after,
        data.anonymous,
      ),
      caveat: `${text.exports.reports} ${text.exports.moved}`,
      links,
      name: "avant-apres",
      period,
    }),
    table(
      w.title,
      [w.columns.where, w.columns.before, w.columns.after],
      [
        [w.inZone, number(counts.zone_before), number(counts.zone_after)],
        [w.rest, number(counts.rest_before), number(counts.rest_after)],
      ],
    ),
  );
}

/** The map on which a zone is chosen by hand. */
export function zoneMap(
  view: FigureView,
  portrait: Portrait,
  ground: MapGround,
  zone: readonly string[],
  choose: (id: string) => void,
) {
  const names = placeNames(portrait.names, Object.keys(portrait.cells));
  const width = Math.min(460, view.width);
  const on = frame(ground, portrait.cells, width);
  const hexagons = Object.entries(portrait.cells).map(
    ([id, ring]): DrawnHexagon => ({
      id,
      ring,
      fill: zone.includes(id) ? "#8fb2ff" : "#e4e1d8",
      edge: "#8a8f9a",
      chosen: zone.includes(id),
      title: names.get(id) ?? "",
    }),
  );
  return html`<svg viewBox="0 0 ${width} ${on.height}" .style="width: ${width}px; max-width: 100%" aria-hidden="true">${drawHexagons(
    on,
    ground,
    hexagons,
    { scale: text.multiples.scale },
    choose,
  )}</svg>
  <details class="figure-more"><summary>${text.zone.list}</summary><div class="zone-list">${[
    ...names,
  ]
    .sort((a, b) => a[1].localeCompare(b[1]))
    .map(
      ([id, name]) =>
        html`<label><input type="checkbox" .checked=${zone.includes(id)} @change=${() => choose(id)} /> ${name}</label>`,
    )}</div></details>`;
}
