import type { ActionState } from "../evening";
import { text } from "../text/evening";

/** Which actions are shown: what the address bar keeps, so that a link shows the same. */
export interface LedgerChoice {
  readonly quartier: string;
  readonly atelier: string;
  readonly pilote: string;
  readonly state: ActionState | "";
  readonly late: boolean;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads a query string; whatever cannot be understood is left out, never an error. */
export function parse(query: string): LedgerChoice {
  const search = new URLSearchParams(query);
  const read = (name: string, form: RegExp) => {
    const value = search.get(name) ?? "";
    return form.test(value) ? value : "";
  };
  const state = search.get("etat") ?? "";
  return {
    quartier: read("quartier", /^[A-Z0-9_-]{1,12}$/),
    atelier: read("atelier", UUID),
    pilote: read("pilote", UUID),
    state: Object.hasOwn(text.states, state) ? (state as ActionState) : "",
    late: search.get("retard") === "oui",
  };
}

/** The query string of a choice; "" when nothing is chosen. */
export function format(choice: LedgerChoice): string {
  const search = new URLSearchParams();
  for (const name of ["quartier", "atelier", "pilote"] as const)
    if (choice[name] !== "") search.set(name, choice[name]);
  if (choice.state !== "") search.set("etat", choice.state);
  if (choice.late) search.set("retard", "oui");
  const query = search.toString();
  return query === "" ? "" : `?${query}`;
}

/** What the server is asked for a choice. */
export function asked(choice: LedgerChoice) {
  return {
    ...(choice.quartier === "" ? {} : { quartier: choice.quartier }),
    ...(choice.atelier === "" ? {} : { atelier: choice.atelier }),
    ...(choice.pilote === "" ? {} : { pilote: choice.pilote }),
    ...(choice.state === "" ? {} : { state: choice.state }),
    ...(choice.late ? { late: true } : {}),
  };
}
