import { expect, test } from "vitest";
import { asked, format, parse } from "./actions-state";

test("a choice goes through the address bar unchanged", () => {
  const id = "0198c0de-0000-7000-8000-000000000001";
  const query = `?quartier=CE&atelier=${id}&pilote=${id}&etat=planned&retard=oui`;
  const choice = parse(query);
  expect(choice).toEqual({ quartier: "CE", atelier: id, pilote: id, state: "planned", late: true });
  expect(format(choice)).toBe(query);
  expect(asked(choice)).toEqual({
    quartier: "CE",
    atelier: id,
    pilote: id,
    state: "planned",
    late: true,
  });
});

test("what cannot be understood is left out", () => {
  const choice = parse("?quartier=<b>&atelier=1&pilote=x&etat=toString&retard=1");
  expect(choice).toEqual({ quartier: "", atelier: "", pilote: "", state: "", late: false });
  expect(format(choice)).toBe("");
  expect(asked(choice)).toEqual({});
});
