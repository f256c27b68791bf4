import { formatNumber as n, counted as some } from "./format";
import { nearFr } from "./near";
import { shared } from "./shared";
import { french } from "./text";

/** Texts of the animateur's page and of the projection. */
export const fr = french({
  title: "Animation",
  titleOf: (atelier: string) => `${atelier} – animation`,
  projectionTitle: (atelier: string) => `${atelier} – projection`,
  name: "Quiétude",
  demo: "Données fictives",
  loading: "Un instant…",
  retry: "Réessayer",
  back: "Tous les ateliers",
  close: "Fermer",
  cancel: "Annuler",

  steps: [
    "Avant l'atelier",
    "Accueil",
    "Diagnostic",
    "Restitution",
    "Cartographie",
    "Réponses",
    "Synthèse",
    "Suivi",
  ],
  stepHelp: [
    "Imprimez les cartes des tables, ouvrez la projection, puis accueillez les habitants.",
    "Présentations. Chacun rejoint sa table avec le code ou le QR.",
    "Les tables répondent aux quatre questions : quoi, pourquoi, que faire, quelle part pour les habitants.",
    "La police présente les principaux problèmes du quartier.",
    "Les tables placent sur la carte où l'on se sent en sécurité, et où l'on ne s'y sent pas.",
    "Les institutions disent ce qui peut répondre à ce qui est montré.",
    "Chaque constat et sa réponse sont relus à voix haute : consignes de patrouille, mesures de prévention.",
    "Ce qui est décidé, qui le suit, quand on se revoit.",
  ],

  kinds: { atelier: "Atelier", reunion: "Réunion spécifique" },
  states: {
    prepared: "À venir",
    open: "En cours",
    unclosed: "À clore",
    closed: "Clos",
    missed: "Non tenu",
  },

  list: {
    heading: "Ateliers",
    intro: "Préparez un atelier, imprimez ses cartes de table, puis ouvrez-le le soir venu.",
    now: "En cours et à venir",
    past: (count: number) => `Ateliers passés (${n(count)})`,
    empty:
      "Aucun atelier n'est en cours ni à venir. Préparez-en un : ses codes et ses cartes de table seront prêts aussitôt.",
    tables: (count: number) => some(count, "table", "tables"),
    said: (people: number, markers: number) =>
      `${some(people, "personne", "personnes")}, ${some(markers, "repère", "repères")}`,
    open: (title: string) => `Animer : ${title}`,
    step: (name: string) => `étape ${name}`,
    between: (name: string) => `étape ${name} terminée`,
  },

  form: {
    heading: "Préparer un atelier",
    copy: "Copier d'un atelier précédent",
    copyNone: "Ne rien copier",
    copied: "Quartier, lieu, heure, tables et durées des étapes sont repris. Choisissez la date.",
    quartier: "Quartier",
    choose: "Choisissez un quartier",
    kind: "Type",
    title: "Titre",
    titleHelp: "Proposé d'après le quartier et la date. Pas de nom de personne.",
    proposed: (quartier: string, day: string, meeting: boolean) =>
      `${meeting ? "Réunion spécifique" : "Atelier"} ${quartier}${day === "" ? "" : `, ${day}`}`,
    date: "Date",
    time: "Heure",
    place: "Lieu",
    placeHelp: "Par exemple : salle polyvalente, 12 rue du Biollay",
    tables: "Nombre de tables",
    tablesHelp: "Environ cinq personnes par table.",
    submit: "Créer l'atelier",
    sending: "Création…",
    again: "Réessayer",
    missing: {
      quartier: "Choisissez le quartier.",
      titre: "Donnez un titre.",
      starts_at: "Indiquez une date et une heure.",
      tables: "Indiquez un nombre de tables, de 1 à 20.",
    },
    unsure:
      "Le serveur n'a pas répondu. Rien n'est perdu : réessayez, l'atelier ne sera créé qu'une fois.",
  },

  head: {
    cards: "Cartes des tables (PDF)",
    projection: "Ouvrir la projection",
    projectionHelp: "s'ouvre dans un nouvel onglet",
    more: "Infos",
  },

  line: {
    live: "En direct",
    connecting: "Connexion…",
    lost: "Connexion perdue. La carte ne bouge plus ; elle reprendra toute seule. Les tables continuent de dessiner sur leurs appareils.",
    unsent: (count: number) =>
      `${some(count, "demande n'est pas encore partie", "demandes ne sont pas encore parties")}. Nouvel essai automatique.`,
    drop: "Abandonner",
    refusedOrder: (what: string, detail: string) => `${what} : refusé. ${detail}`,
    unknown: "Cet atelier n'existe pas, ou vous n'avez pas le droit de l'animer.",
    unreachable: "Le serveur ne répond pas. Vérifiez le réseau, puis réessayez.",
  },

  next: {
    heading: "À faire maintenant",
    step: (name: string) => `Ouvrir l'étape ${name}`,
    prepare: "Imprimer, inviter",
    draw: "Ouvrir le dessin à toutes les tables",
    drawHelp: "L'étape Cartographie est ouverte mais aucune table ne peut dessiner.",
    freeze: "Clore l'atelier",
    during: (step: string, help: string) => `${step} : ${help}`,
    between: (step: string) =>
      `L'étape ${step} est terminée. D'ici la suivante, la projection montre où en est la soirée.`,
    freezeHelp: "La dernière étape est ouverte. Clore fige la carte et donne son empreinte.",
    closed: "L'atelier est clos",
    closedHelp: "La carte est figée. Rien ne peut plus y être ajouté.",
    sending: "Envoi…",
  },

  plan: {
    heading: "Étapes",
    minutes: (name: string) => `Minutes prévues pour ${name}`,
    unit: "min",
    open: "Ouvrir",
    openNamed: (name: string) => `Ouvrir l'étape ${name}`,
    done: "étape passée",
    left: "restantes",
    overNow: "temps écoulé",
    over: (time: string) => `dépassé de ${time}`,
    since: (time: string) => `ouverte il y a ${time}`,
    more: "+ 5 min",
    close: "Terminer",
    closeNamed: (name: string) => `Terminer l'étape ${name}`,
    moreNamed: "Donner 5 minutes de plus à cette étape",
    total: (time: string) => `${time} prévues en tout`,
    end: (time: string) => `fin vers ${time}`,
    hours: (hours: number, minutes: number) =>
      hours === 0 ? `${n(minutes)} min` : `${n(hours)} h ${String(minutes).padStart(2, "0")}`,
    days: (count: number) => some(count, "jour", "jours"),
  },

  counts: {
    label: "Comptes",
    unsafe: (count: number) => `${n(count)} pas en sécurité`,
    safe: (count: number) => `${n(count)} plutôt en sécurité`,
    people: (count: number) => some(count, "participant·e", "participant·es"),
    hidden: (count: number) => some(count, "masqué", "masqués"),
  },

  filter: {
    label: "Ce que montre la carte",
    table: "Table",
    allTables: "Toutes les tables",
    felt: "Ressenti",
    all: "Tout",
    unsafe: "Pas en sécurité",
    safe: "Plutôt en sécurité",
  },

  map: {
    label: (quartier: string) =>
      `Carte des repères du quartier ${quartier}. Les mêmes repères sont dans la liste « Ce qui vient d'arriver ».`,
    empty: "Les repères apparaîtront ici dès que les tables dessinent.",
    filtered: "Aucun repère avec ce choix.",
    none: "Aucun repère n'a été placé.",
  },

  tables: {
    heading: "Tables",
    one: (numero: number) => `Table ${n(numero)}`,
    devices: (count: number) => some(count, "appareil", "appareils"),
    people: (count: number) => some(count, "personne", "personnes"),
    markers: (count: number) => some(count, "repère", "repères"),
    draw: (numero: number) => `Dessin de la table ${n(numero)}`,
    drawing: "Dessin",
    paused: "En pause",
    openAll: "Tout ouvrir",
    closeAll: "Tout fermer",
    codeOf: (numero: number) => `Voir le code de la table ${n(numero)}`,
    scan: "Scannez le code, ou touchez « Dessiner avec votre table » sur la page d'accueil de Quiétude.",
    scanAt: (address: string) =>
      `Scannez le code, ou ouvrez ${address} et touchez « Dessiner avec votre table ».`,
    qr: (numero: number) => `Code QR de la table ${n(numero)}`,
    share: "Partager les cartes entre les tables",
    shared: "Chaque table voit les repères de toutes les tables, en direct.",
    unshared:
      "Chaque table ne voit que ses propres repères, pour ne pas s'influencer. Vous et la projection voyez tout.",
  },

  feed: {
    heading: "Ce qui vient d'arriver",
    empty: "Rien pour l'instant. Chaque repère placé par une table s'affichera ici.",
    all: (count: number) => `Voir les ${n(count)} repères`,
    less: "Voir seulement les derniers",
    ago: (minutes: number) => (minutes < 1 ? "à l'instant" : `il y a ${n(minutes)}\u00a0min`),
    agoHours: (hours: number) => `il y a ${n(hours)}\u00a0h`,
    agoDays: (days: number) => `il y a ${n(days)}\u00a0jours`,
    zone: "zone",
    note: "avec un mot",
    hidden: "masqué",
    near: nearFr,
    nothing: "pas de précision",
  },

  marker: {
    heading: (numero: number) => `Repère de la table ${n(numero)}`,
    note: "Texte de l'habitant·e, à ne pas projeter",
    hide: "Masquer ce repère",
    hideAsk: "Masquer ce repère ?",
    hideHelp:
      "Il disparaîtra des autres appareils et de la projection. Son auteur continue de le voir, avec la mention qu'il est masqué. Vous pourrez le montrer de nouveau ; les deux gestes sont notés au journal.",
    hideDo: "Masquer",
    unhide: "Montrer de nouveau",
    unhideAsk: "Montrer de nouveau ce repère ?",
    unhideHelp:
      "Il reviendra sur les appareils qui peuvent le voir et sur la projection. Le geste est noté au journal.",
    unhideDo: "Montrer",
    hidden: "Masqué : seuls vous et son auteur le voyez.",
    gone: "Supprimé par son auteur.",
  },

  freeze: {
    open: "Clore l'atelier…",
    heading: "Clore l'atelier ?",
    final: "C'est définitif : la carte est figée et reçoit une empreinte qui prouve son contenu.",
    refused:
      "Tout ce qui arrivera ensuite sera refusé. Les appareils gardent ce qui n'est pas parti, et vous verrez ici combien, table par table.",
    connected: (devices: number) =>
      devices === 0
        ? "Aucun appareil n'est connecté en ce moment."
        : `${some(devices, "appareil est encore connecté", "appareils sont encore connectés")}.`,
    missing: (devices: number) =>
      `${some(devices, "appareil vu ce soir n'est plus connecté", "appareils vus ce soir ne sont plus connectés")} : ${devices < 2 ? "il peut" : "ils peuvent"} garder des repères non envoyés.`,
    check:
      "Le serveur ne peut pas savoir ce qu'un appareil hors ligne n'a pas envoyé : demandez aux tables si leur écran dit « non envoyé ».",
    own: (count: number) =>
      `${some(count, "de vos demandes n'est pas encore partie", "de vos demandes ne sont pas encore parties")}.`,
    submit: "Clore définitivement",
    hash: "Empreinte de la carte figée",
    at: (moment: string) => `Clos le ${moment}`,
    late: "Arrivé après la clôture",
    lateNone: "Rien n'est arrivé après la clôture.",
    lateTable: (numero: number, operations: number, people: number) =>
      `Table ${n(numero)} : ${some(operations, "envoi refusé", "envois refusés")}, ${some(people, "personne", "personnes")}. ${operations < 2 ? "Il reste sur son appareil" : "Ils restent sur leurs appareils"}.`,
    lateOwn: (operations: number) =>
      `${some(operations, "de vos demandes a été refusée", "de vos demandes ont été refusées")}.`,
    lateUnknown: "Le compte des arrivées tardives ne peut pas être lu maintenant.",
  },

  orders: {
    step: (name: string) => `Ouvrir l'étape ${name}`,
    stepClose: (name: string) => `Terminer l'étape ${name}`,
    minutes: "Donner 5 minutes de plus",
    plan: "Garder les durées prévues",
    tableOpen: (numero: number) => `Ouvrir le dessin, table ${n(numero)}`,
    tableClose: (numero: number) => `Fermer le dessin, table ${n(numero)}`,
    share: "Partager les cartes",
    unshare: "Ne plus partager les cartes",
    hide: "Masquer un repère",
    unhide: "Montrer un repère",
    freeze: "Clore l'atelier",
  },

  erasure: {
    heading: "Effacer ce qu'une personne a donné",
    help: "À sa demande, ce soir ou plus tard, sans avoir à dire pourquoi. Son code est sur son appareil, dans « Ma contribution » ; sans code, demandez sa table et son rang. Une carte déjà publiée ne change pas.",
    code: "Code de la personne",
    person: "Ou sa table et son rang",
    choose: "Choisir…",
    who: shared.seat,
    find: "Chercher",
    unknown: "Personne n'a ce code dans cet atelier : vérifiez-le, ou tout a déjà été effacé.",
    sure: (who: string, markers: number, remarks: number) =>
      `${who}\u00a0: ${some(markers, "repère", "repères")}, ${some(remarks, "apport", "apports")}. Tout sera effacé aussitôt, et ne pourra pas être rétabli.`,
    erase: "Effacer définitivement",
    cancel: "Annuler",
    done: (who: string) => `${who}\u00a0: tout est effacé.`,
  },

  publication: {
    heading: "Publication",
    help: "Ce que plusieurs personnes ont dit d'un même lieu peut être montré à tous. Modérez d'abord, puis préparez : rien n'est publié avant que vous ayez regardé.",
    merge: "Réunir avec d'autres ateliers du quartier",
    mergeHelp:
      "Un atelier n'est compté qu'une fois : ceux que vous réunissez ne pourront plus paraître seuls. À trois ou plus, la carte est plus fine.",
    alone: "Cet atelier seul.",
    merged: (ateliers: number, finer: boolean) =>
      `${n(ateliers)} ateliers réunis${finer ? " : la carte sera plus fine." : ". À partir de trois, la carte est plus fine."}`,
    together: (ateliers: number) => `Elle réunit ${n(ateliers)} ateliers.`,
    prepare: "Préparer la publication",
    again: "Préparer de nouveau",
    making: "L'aperçu se prépare…",
    preview: (places: number) =>
      places === 0
        ? "Aucun lieu n'a été nommé par assez de personnes : l'édition serait vide."
        : `Aperçu : ${some(places, "lieu paraîtrait", "lieux paraîtraient")} sur la carte publique.`,
    read: {
      unsafe: "pas en sécurité",
      safe: "plutôt en sécurité",
      contested: "avis partagés",
    } as Record<string, string>,
    strips: "Les moments et les thèmes paraîtraient aussi.",
    noStrips: "Les moments et les thèmes ne paraîtraient pas : l'un d'eux est trop rare.",
    final:
      "Publier est définitif : cet atelier ne sera plus jamais compté, et les appareils de la soirée ne pourront plus montrer ni retirer leurs repères.",
    publish: "Publier pour tous",
    publishing: "Publication…",
    published: (numero: number) => `Publiée : édition n° ${numero}.`,
    see: "Voir la page publique",
    withdraw: "Retirer cette édition",
    withdrawHelp: "Une édition retirée ne revient pas, et l'atelier reste compté.",
    withdrawSure: "Retirer pour toujours",
    withdrawn: "Cette édition a été retirée du public.",
  },

  projection: {
    sentence: (people: number, markers: number) =>
      `${n(people)} ${people < 2 ? "personne a placé" : "personnes ont placé"} ${some(markers, "repère", "repères")}`,
    empty: "Les repères apparaîtront ici dès que les tables dessinent",
    starts: (time: string) => `L'atelier commence à ${time}`,
    unsafe: "Je ne me sens pas en sécurité",
    safe: "Je me sens plutôt en sécurité",
    left: (minutes: number) => (minutes < 1 ? "moins d'une minute" : `encore ${n(minutes)} min`),
    over: "temps écoulé",
    closed: "Atelier clos",
    hexagons: "Combien de personnes",
    contested: "Avis partagés",
    unsafeMore: "Surtout pas en sécurité",
    safeMore: "Surtout en sécurité",
    smaller: "Personnes du côté le moins nombreux",
    noContested: "Aucun lieu n'a d'avis partagés pour l'instant.",
    orMore: (count: number) => `${n(count)} et +`,
    join: "Rejoignez votre table",
    table: (numero: number) => `Table ${n(numero)}`,
    lost: "Connexion perdue, la carte reprendra toute seule",
    unreachable:
      "La carte ne peut pas s'ouvrir maintenant. Vérifiez l'adresse et le réseau, puis rechargez la page.",
    mapLabel: (quartier: string) => `Carte du quartier ${quartier}`,
    controls: "Commandes de la projection",
    keys: {
      markers: "Repères",
      hexagons: "Hexagones",
      contested: "Avis partagés",
      codes: "Codes des tables",
      auto: "Alternance automatique",
      help: "Aide",
      full: "Plein écran",
    },
    help: "Touches de la projection",
    helpNote:
      "Sans choix, les repères et les hexagones alternent toutes les 20 secondes. Échap ferme cette aide.",
  },
});
