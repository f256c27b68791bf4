import { html, nothing, type SVGTemplateResult, type TemplateResult } from "lit";
import type { Schemas } from "../api";
import { figure } from "../chart/figure";
import { type DrawnHexagon, drawHexagons, type MapGround } from "../chart/hexagon-map";
import { ramp } from "../map/colour";
import { text as city } from "../text/city";
import { formatDay } from "../text/format";
import { text } from "../text/quartiers";
import { exportsOf, type FigureView, type Saved } from "./figure-view";
import {
  type Change,
  caveatOf,
  chart,
  empty,
  intervals,
  number,
  type Portrait,
  p,
  table,
  upper,
  words,
  type ZoneChange,
} from "./quartier-figure";
import { frame, keyOf, placeNames } from "./quartier-maps";
import type { ChangeMeasure } from "./quartiers-state";

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
      ? w.sideAtelier(of.titre ?? "", formatDay(of.from))
      : text.period.text(
          formatDay(of.from),
          formatDay(new Date(Date.parse(of.to) - 1).toISOString()),
        );
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
  const period = `${text.period.text(formatDay(data.from), formatDay(last))}, ${w.cut(formatDay(data.at))}`;
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
