import { html, nothing, type SVGTemplateResult } from "lit";
import type { Schemas } from "../api";
import { figure } from "../chart/figure";
import { drawFunnel, type FunnelOptions, layoutFunnel } from "../chart/funnel";
import type { IntervalOptions, IntervalRow } from "../chart/intervals";
import { colour } from "../map/colour";
import { formatNumber } from "../text/format";
import { text } from "../text/quartiers";
import { exportsOf, type FigureView, type Saved } from "./figure-view";
import {
  type Between,
  caveatOf,
  chart,
  empty,
  type Interval,
  intervals,
  limits,
  number,
  p,
  table,
  tickShare,
  upper,
  words,
} from "./quartier-figure";

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
