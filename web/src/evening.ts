/**
 * The findings of an evening with what is answered, as its screens need them:
 * read again when the log says so. Pure functions put them in order.
 */
import { get, type Schemas } from "./api";
import type { Seq, Uuid } from "./protocol";

export type Finding = Schemas["Finding"];
export type Action = Schemas["Action"];
export type ActionState = Schemas["ActionState"];
export type ActionCode = Schemas["ActionCode"];
export type Organisation = Schemas["Organisation"];
/** What was decided about the words of a remark. */
export type ReadRemark = Schemas["ReadRemark"];

export const ACTION_CODES: readonly ActionCode[] = [
  "PAT",
  "JUD",
  "MED",
  "TEC",
  "AME",
  "VID",
  "BAI",
  "PRE",
  "VIC",
  "INF",
  "REN",
];

/** States with which an action may begin as an answer; the others have forms of their own. */
export const FIRST_STATES: readonly ActionState[] = ["retained", "studied", "planned", "ongoing"];

export interface Cluster {
  readonly voices: number;
  readonly markers: readonly Uuid[];
  readonly at: { readonly coordinates: readonly number[] };
}

/** Findings that stand, in their order. */
export function standing(findings: readonly Finding[]): Finding[] {
  return findings
    .filter((f) => f.withdrawn !== true)
    .sort((a, b) => a.rang - b.rang || (a.id < b.id ? -1 : 1));
}

export function unanswered(findings: readonly Finding[]): Finding[] {
  return standing(findings).filter((f) => !f.answered);
}

/** What answers a finding, oldest first. */
export function answersOf(finding: Uuid, actions: readonly Action[]): Action[] {
  return actions
    .filter((a) => a.findings.includes(finding))
    .sort((a, b) => (a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0));
}

/** Place of a new finding: after the last. */
export function nextRank(findings: readonly Finding[]): number {
  return Math.max(0, ...findings.map((f) => f.rang)) + 1;
}

/** The two findings that change places when one moves up or down; null at the ends. */
export function swapped(
  findings: readonly Finding[],
  id: Uuid,
  by: -1 | 1,
): readonly [Finding, Finding] | null {
  const order = standing(findings);
  const at = order.findIndex((f) => f.id === id);
  const one = order[at];
  const other = order[at + by];
  return one === undefined || other === undefined ? null : [one, other];
}

/** A text as it was written, for a form: what is shown may be other words. */
export function written(of: Finding | Action, name: "titre" | "detail"): string {
  return of.written?.[name] ?? of[name];
}

/** What `PUT …/findings/{finding}` takes, from a finding as it stands. */
export function sentFinding(f: Finding): Schemas["NewFinding"] {
  return {
    base: f.version,
    rang: f.rang,
    titre: written(f, "titre"),
    detail: written(f, "detail"),
    themes: f.themes,
    tables: f.tables,
    ...(f.geometry === undefined ? {} : { geometry: f.geometry }),
    remarks: f.remarks ?? [],
    markers: f.markers ?? [],
    withdrawn: f.withdrawn ?? false,
  };
}

/** Reads the findings, answers and organisations of an atelier; one reading at a time. */
export class Book {
  findings: readonly Finding[] = [];
  actions: readonly Action[] = [];
  organisations: readonly Organisation[] = [];
  clusters: readonly Cluster[] = [];
  /** What was decided about remarks, for the animateur's screens. */
  reads: ReadonlyMap<Uuid, ReadRemark> = new Map();
  #seq: Seq = -1;
  #clustersSeq: Seq = -1;
  #reading = false;
  readonly #atelier: Uuid;
  readonly #territoire: string;
  readonly #onChange: () => void;

  constructor(atelier: Uuid, territoire: string, onChange: () => void) {
    this.#atelier = atelier;
    this.#territoire = territoire;
    this.#onChange = onChange;
  }

  /** The log has come to `seq`, what is read here was last changed at `findingsSeq`. */
  async follow(findingsSeq: Seq, seq: Seq, suggest: boolean): Promise<void> {
    if (this.#reading) return;
    this.#reading = true;
    try {
      if (findingsSeq !== this.#seq) await this.read(findingsSeq);
      if (suggest && seq !== this.#clustersSeq) {
        const { clusters } = await get("/api/v1/ateliers/{id}/suggestions", {
          path: { id: this.#atelier },
        });
        this.#clustersSeq = seq;
        this.clusters = clusters;
        this.#onChange();
      }
    } catch {
      // Without an answer the next call asks again.
    } finally {
      this.#reading = false;
    }
  }

  /** Reads all three; rejects with Problem. */
  async read(seq: Seq = this.#seq): Promise<void> {
    const query = { territoire: this.#territoire, atelier: this.#atelier };
    const [{ findings, remarks }, { actions }, { organisations }] = await Promise.all([
      get("/api/v1/ateliers/{id}/findings", { path: { id: this.#atelier } }),
      get("/api/v1/actions", { query }),
      get("/api/v1/organisations", { query: { territoire: this.#territoire } }),
    ]);
    this.#seq = seq;
    this.findings = findings;
    this.reads = new Map((remarks ?? []).map((one) => [one.id, one]));
    this.actions = actions;
    this.organisations = organisations;
    this.#onChange();
  }

  nameOf(organisation: Uuid | undefined): string {
    return this.organisations.find((o) => o.id === organisation)?.nom ?? "";
  }
}
