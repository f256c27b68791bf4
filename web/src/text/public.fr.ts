import { shared } from "./shared";
import { french } from "./text";

const people = (from: number, to: number | null) =>
  to === null ? `${from} personnes ou plus` : `${from} à ${to} personnes`;

/** French texts of the public pages; the reference for other languages. */
export const fr = french({
  name: "Quiétude",
  title: (commune: string) => `Tranquillité publique à ${commune} – Quiétude`,
  demo: "Données fictives",
  demoMore: "rien de ce qui suit ne concerne de vraies personnes ni de vrais faits.",
  skip: "Aller au contenu",
  heading: (commune: string) => `Où se sent-on en sécurité à ${commune} ?`,
  lead: "Des habitantes et des habitants se réunissent, quartier par quartier, et placent sur la carte les lieux où ils se sentent en sécurité et ceux où ils ne le sont pas. Voici ce que plusieurs d'entre eux ont dit du même lieu.",
  loading: "Chargement…",
  retry: "Réessayer",
  staff: "Espace des équipes",
  report: "Signaler un problème",
  follow: shared.saidAndDone,
  print: "Imprimer",
  people,

  editions: {
    title: "Ce que les habitants ont dit",
    choose: "Quartier",
    all: "Toute la ville, dernières éditions",
    one: (quartier: string, numero: number) => `${quartier}, édition n° ${numero}`,
    empty:
      "Aucune carte n'est encore publiée. Après chaque atelier, ce que plusieurs habitants ont dit d'un même lieu paraît ici, jamais ce qu'une personne seule a dit.",
    missing:
      "L'édition demandée n'existe pas, ou a été retirée. Voici la dernière de chaque quartier.",
    nothing:
      "Dans cette édition, aucun lieu n'a été nommé par assez de personnes pour paraître sur la carte.",
    source: (days: string) => `D'après ${days}.`,
    ateliers: (days: string[]) =>
      days.length === 1 ? `l'atelier du ${days[0]}` : `les ateliers du ${days.join(", du ")}`,
    period: (from: string, to: string) => `les signalements du ${from} au ${to} exclu`,
  },

  legend: {
    title: "Lire les couleurs",
    unsafe: "On ne s'y sent pas en sécurité",
    safe: "On s'y sent plutôt en sécurité",
    contested: "Avis partagés : des personnes disent l'un, des personnes disent l'autre",
    none: "Sans couleur : trop peu de personnes en ont parlé, ou personne. Cela ne veut pas dire que le lieu est sûr.",
  },

  table: {
    title: "Les mêmes chiffres en tableau",
    caption: "Par hexagone, le nombre de personnes qui l'ont dit",
    place: "Lieu, au plus près",
    quartier: "Quartier",
    unsafe: "Pas en sécurité",
    safe: "Plutôt en sécurité",
    unnamed: "Sans rue proche",
    none: "–",
    noneLong: "trop peu pour être dit",
  },

  strips: {
    when: "Quand on ne s'y sent pas en sécurité",
    what: "De quoi il s'agit",
    absent:
      "Les moments et les thèmes de cette édition ne sont pas publiés : l'un d'eux au moins n'a pas été nommé par assez de personnes, et le montrer désignerait quelqu'un.",
    caption: "Nombre de personnes, pour tout le quartier",
    part: "Moment",
    theme: "Thème",
    number: "Personnes",
    parts: {
      weekday_morning: "Semaine, matin",
      weekday_afternoon: "Semaine, après-midi",
      weekday_evening: "Semaine, soirée",
      weekday_night: "Semaine, nuit",
      weekend_morning: "Week-end, matin",
      weekend_afternoon: "Week-end, après-midi",
      weekend_evening: "Week-end, soirée",
      weekend_night: "Week-end, nuit",
    } as Record<string, string>,
    themes: {
      BRUIT: "Bruit, voisinage",
      ESPACE: "Occupation de l'espace, trafics",
      CADRE: "Propreté, dégradations, éclairage",
      CIRCULATION: "Circulation",
      ATTEINTES: "Atteintes aux personnes et aux biens",
    } as Record<string, string>,
  },

  about: {
    title: "Comment lire cette carte",
    felt: "Elle montre ce que ressentent les personnes venues aux ateliers. Elle ne mesure pas la délinquance, et quelques personnes ne parlent pas pour tout un quartier.",
    person:
      "Chaque personne compte une fois par hexagone, quel que soit le nombre de repères qu'elle a posés.",
    leftOut: "Ce qui n'y est pas, et pourquoi",
    omissions: {
      hexagons_below_threshold_are_absent: (k: number) =>
        `Un lieu dont moins de ${k} personnes ont parlé n'apparaît pas, exactement comme un lieu dont personne n'a parlé.`,
      hexagons_with_few_addresses_appear_in_their_parent: () =>
        "Un hexagone où il y a très peu d'adresses est réuni à ses voisins, quand les adresses sont connues.",
      places_outside_the_list_are_not_counted: () =>
        "Ce qui a été placé hors du quartier de l'atelier n'est pas compté.",
      strips_below_threshold_are_absent: () =>
        "Les moments et les thèmes paraissent tous ensemble ou pas du tout.",
      counts_are_classes_with_a_secret_margin: () =>
        "Les nombres sont donnés par tranches, et le seuil exact de chaque lieu est secret.",
      colluding_participants_may_learn_of_others: () =>
        "Limite : des participants qui mettraient en commun ce qu'ils ont dit pourraient deviner qu'une autre personne a parlé d'un lieu.",
    } as Record<string, (k: number) => string>,
    texts:
      "Aucun texte, aucune heure précise, aucun point n'est publié. Une édition ne change plus une fois publiée.",
  },

  meetings: {
    begun: "Aujourd'hui",
    title: "Prochains ateliers",
    none: "Aucun atelier n'est annoncé pour le moment.",
    untitled: "Atelier de tranquillité publique",
  },

  list: {
    title: "Toutes les éditions",
    published: (day: string) => `publiée le ${day}`,
    withdrawn: (day: string) => `retirée le ${day}`,
    places: (count: number) => (count === 1 ? "1 lieu" : `${count} lieux`),
    hash: "Empreinte",
    hashHelp:
      "L'empreinte (SHA-256 du texte) permet de vérifier qu'une édition n'a pas été changée.",
    fetch: "Télécharger :",
    geojson: "GeoJSON",
    csv: "tableau CSV",
    canonical: "texte",
    tiles: "Tuiles vectorielles pour un SIG :",
  },

  privacy: shared.privacy,
  contribution: "Voir ou effacer ce que j'ai donné",
  urgent: shared.urgent,

  form: {
    title: (commune: string) => `Signaler un problème de tranquillité à ${commune}`,
    lead: "Votre signalement va aux équipes de la ville. Sans compte ; votre nom n'est pas nécessaire.",
    what: "De quoi s'agit-il ?",
    where: "Où est-ce ?",
    whereHelp:
      "Cherchez une rue, ou touchez la carte. Au clavier, déplacez la carte avec les flèches, puis « Placer au milieu ».",
    centre: "Placer au milieu de la carte",
    placed: "Le lieu est placé. Touchez ailleurs pour le déplacer.",
    notPlaced: "Aucun lieu n'est encore placé.",
    when: "Quand ?",
    whenDay: "Jour",
    whenHour: "Vers quelle heure (si vous le savez)",
    often: "Est-ce que cela se répète ?",
    frequencies: { once: "Une fois", recurrent: "Souvent", daily: "Tous les jours" } as Record<
      string,
      string
    >,
    note: "Voulez-vous ajouter un mot ? (facultatif)",
    noteHelp:
      "280 caractères au plus. Pas de nom, pas de plaque, pas de numéro d'appartement, rien qui désigne une personne : le texte est lu par un agent avant toute autre chose, et n'est jamais public.",
    left: (count: number) => `encore ${count} caractères`,
    danger:
      "Une personne est en danger, ou vient d'être agressée : appelez le 17 ou le 112, ou le 114 par SMS. Ce formulaire n'est pas lu la nuit.",
    notice: "Ce que devient votre signalement",
    noticeText: (text: number, position: number) =>
      `La ville garde le lieu exact ${position} mois, puis seulement un hexagone de 50 m environ ; le texte ${text} mois au plus. Les agents de la ville et la police le voient ; le public jamais. Sans adresse laissée ci-dessus, rien ne permet de vous reconnaître.`,
    contact: "Voulez-vous être invité·e à en parler ? (facultatif)",
    contactHelp: (months: number) =>
      `La ville organise dans les quartiers des ateliers d'une vingtaine d'habitants. Laissez une adresse électronique ou postale pour y être invité·e : elle ne sert qu'à cela. Elle est rangée à part de votre signalement, seule la personne qui organise les ateliers s'en sert, et elle est effacée au bout de ${months} mois. Ni la police ni le public ne la voient.`,
    contactName: "Votre nom, pour l'enveloppe",
    contactEmail: "Adresse électronique",
    contactAddress: "Adresse postale",
    send: "Envoyer le signalement",
    sending: "Envoi…",
    sent: "Merci, votre signalement est enregistré.",
    sentMore:
      "La ville ne peut pas vous répondre en personne, mais ce qui est fait paraît sur cette page.",
    receipt: "Votre reçu, à noter si vous voulez un jour revoir ou effacer ce signalement :",
    again: "Faire un autre signalement",
    back: "Retour à la carte",
    missing: {
      theme: "Choisissez de quoi il s'agit.",
      place: "Placez le lieu sur la carte ou cherchez une rue.",
      when: "Cette date est à venir, ou trop ancienne.",
      contact:
        "Avec votre nom, donnez une adresse électronique ou postale, ou laissez les trois cases vides.",
    },
    kept: "Rien n'est perdu : ce que vous avez écrit est encore là.",
    themes: {
      BRU: "Bruit, tapage",
      OCC: "Rassemblements, occupation de l'espace",
      STU: "Trafic ou consommation, en apparence",
      DEG: "Dégradations",
      CIR: "Circulation, rodéos, stationnement",
      PRO: "Saleté, dépôts sauvages",
      AMB: "Éclairage en panne, lieu mal entretenu",
      VIO: "Insultes, menaces, agression",
      VOL: "Vol, cambriolage",
      VOI: "Conflit de voisinage, personne isolée",
    } as Record<string, string>,
  },
});
