import { html, nothing, type SVGTemplateResult } from "lit";
import { figure } from "../chart/figure";
import type { IntervalRow } from "../chart/intervals";
import { drawWeek } from "../chart/week-grid";
import { colour } from "../map/colour";
import { text as city } from "../text/city";
import { formatDay, formatMonth, formatMonthTick, formatNumber } from "../text/format";
import { text } from "../text/quartiers";
import { exportsOf, type FigureView, type Saved } from "./figure-view";
import {
  avoidsLook,
  chart,
  empty,
  intervals,
  limits,
  nParticipants,
  number,
  type Portrait,
  type Share,
  safeLook,
  share,
  shareRow,
  table,
  tickShare,
  unsafeLook,
  words,
} from "./quartier-figure";
import "../chart/month-series";

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
        ...first.ateliers.map((one) => ({
          name: formatDay(one.starts_at),
          of: one,
          day: one.starts_at,
        })),
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
