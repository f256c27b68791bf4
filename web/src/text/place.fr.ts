import { formatNumber as n } from "./format";
import { french } from "./text";

const some = (value: number, one: string, many: string) => `${n(value)} ${value < 2 ? one : many}`;

/** Texts of the place of an action. */
export const fr = french({
  legend: "Où ?",
  help: "Le lieu permettra de comparer avant et après l'action.",
  kinds: {
    kept: "Là où elle est aujourd'hui",
    finding: "Au lieu du constat",
    zone: "Dans une zone à dessiner",
    markers: "Aux repères auxquels elle répond",
    none: "Sans lieu précis",
  },
  zoneHelp:
    "Touchez la carte pour poser les coins de la zone. Au clavier : les flèches déplacent la carte, puis « Poser un coin au centre ».",
  corner: "Poser un coin au centre",
  undo: "Enlever le dernier coin",
  clear: "Effacer",
  corners: (count: number) =>
    count === 0
      ? "Aucun coin"
      : `${some(count, "coin", "coins")}${count < 3 ? " : il en faut trois" : ""}`,
  faults: {
    small: "Cette zone est trop petite : au moins 20 m².",
    large: "Cette zone est trop grande : au plus 1 km².",
    tangled: "Les côtés de cette zone se croisent.",
  },
  markersHelp: "Touchez les repères sur la carte, ou cochez-les dans la liste.",
  markers: (count: number) => `${some(count, "repère choisi", "repères choisis")}`,
  noMarkers: "Aucun repère n'est encore placé.",
  marker: (table: number, rank: number, felt: string) => `Table ${table}, repère ${rank} : ${felt}`,
  felts: { unsafe: "pas en sécurité", safe: "plutôt en sécurité" },
  map: "Carte du quartier, pour choisir le lieu de l'action",
  missing: {
    zone: "Posez au moins trois coins, ou choisissez un autre lieu.",
    markers: "Choisissez au moins un repère, ou un autre lieu.",
  },
});
