import { formatNumber as n } from "./format";
import { french } from "./text";

const some = (value: number, one: string, many: string) =>
  `${n(value)} ${Math.abs(value) < 2 ? one : many}`;

/** Texts of the resident's page. */
export const fr = french({
  title: (quartier: string) => `Quiétude, ${quartier}`,
  demo: "Données fictives : ceci est un exemple.",
  loading: "Un instant…",

  join: {
    welcome: "Bienvenue",
    table: (numero: number) => `Table ${numero}`,
    kept: "Nous gardons les lieux que vous montrez et vos réponses. Jamais votre nom, ni votre adresse, ni votre téléphone.",
    time: (text: number, position: number) =>
      `Vos textes sont effacés après ${text}\u00a0mois, les lieux précis après ${position}\u00a0mois.`,
    seen: "Votre table et l'animateur voient vos repères. Le public ne voit que des comptes, à partir de cinq personnes.",
    start: "Commencer",
    joining: "Un instant…",
    again: (rang: number) => `Reprendre : habitant·e ${rang}`,
    other: "Une autre personne",
    haveLink: "J'ai déjà commencé sur un autre appareil",
    link: "Code affiché sur l'autre appareil",
    useLink: "Continuer ici",
    back: "Retour",
    prepared: "L'atelier n'a pas encore commencé. Vous pouvez déjà vous asseoir à votre table.",
    volatile:
      "Ce navigateur refuse de garder vos repères (navigation privée, ou mémoire pleine). Sans réseau, ils seraient perdus si vous fermez cette page. Demandez une carte en papier, ou un autre appareil.",
  },

  wrong: {
    unknown: "Ce code n'est pas celui d'une table",
    unknownHelp: "Vérifiez les 8 lettres et chiffres de la carte posée sur la table.",
    expired: "Cet atelier est terminé",
    expiredHelp:
      "Le code de cette table n'ouvre plus la carte. Ce que votre table a montré est gardé.",
    unreachable: "La carte ne peut pas s'ouvrir maintenant",
    unreachableHelp: "Vérifiez le Wi-Fi, puis réessayez. Rien n'est perdu.",
    code: "Code de la table",
    open: "Ouvrir la carte",
    retry: "Réessayer",
    short: "Le code compte 8 lettres et chiffres.",
  },

  bar: {
    table: (numero: number) => `Table ${numero}`,
    who: (rang: number) => `habitant·e ${rang}`,
    devices: (count: number) => some(count, "appareil", "appareils"),
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
    left: (minutes: number) =>
      minutes < 1 ? "moins d'une minute" : `encore\u00a0${n(minutes)}\u00a0min`,
    over: "temps écoulé",
    unsent: (count: number) => some(count, "non envoyé", "non envoyés"),
    saved: "Tout est envoyé",
    more: "Plus",
    list: "Mes repères",
    undo: "Annuler",
  },

  trouble: {
    network: "Pas de réseau. Continuez : tout est gardé sur cet appareil et partira plus tard.",
    portal:
      "Le Wi-Fi demande une connexion. Ouvrez une autre page pour vous connecter. Vos repères sont gardés ici.",
    server: "Le serveur ne répond pas bien. Vos repères sont gardés ici et partiront plus tard.",
    rate: "Beaucoup de monde dessine. Vos repères partent un peu plus tard.",
    seat: "Votre place à la table n'est plus reconnue. Vos repères sont gardés ici.",
    volatile:
      "Attention : ce navigateur ne garde rien. Ne fermez pas cette page tant que tout n'est pas envoyé.",
    closed: "L'atelier est terminé. La carte ne change plus.",
    tableClosed: "L'animateur a mis le dessin en pause pour votre table.",
    refused: (count: number) =>
      `${some(count, "changement refusé", "changements refusés")} : voyez « Mes repères ».`,
    late: (count: number) =>
      `${some(count, "repère dessiné", "repères dessinés")} trop tard : ${count < 2 ? "il reste" : "ils restent"} sur cet appareil.`,
  },

  draw: {
    unsafe: "Je ne me sens pas en sécurité ici",
    safe: "Je me sens plutôt en sécurité ici",
    unsafeShort: "Pas en sécurité",
    safeShort: "Plutôt en sécurité",
    point: "Un endroit",
    finger: "Entourer",
    corners: "Coin par coin",
    how: "Que voulez-vous montrer ?",
    tapPoint: "Touchez l'endroit sur la carte.",
    dragZone: "Entourez la zone avec le doigt.",
    tapCorners: "Touchez chaque coin de la zone.",
    cornersCount: (count: number) => some(count, "coin posé", "coins posés"),
    centre: "Placer au centre de la carte",
    centreCorner: "Poser un coin au centre",
    centreHelp: "Avec le clavier, les flèches déplacent la carte.",
    finish: "Fermer la zone",
    lastCorner: "Enlever le dernier coin",
    cancel: "Ne rien placer",
    outside: (quartier: string) =>
      `Ce lieu est en dehors du quartier ${quartier}. Choisissez un lieu dans la partie claire.`,
    small: "La zone est trop petite. Entourez plus large, ou choisissez « Un endroit ».",
    large: "La zone est trop grande. Montrez plutôt une rue, une place ou un immeuble.",
    tangled: "La zone se croise. Recommencez d'un seul trait.",
    placed: "C'est placé.",
    undone: "C'est annulé.",
  },

  ask: {
    progress: (step: number, total: number) => `Question ${step} sur ${total}`,
    several: "Plusieurs réponses possibles.",
    skip: "Passer",
    next: "Continuer",
    end: "Terminer",
    stop: "Répondre plus tard",
    moments: "Quand ?",
    reasons: "Pourquoi ?",
    themes: "De quoi s'agit-il ?",
    nature: "Comment le savez-vous ?",
    note: "Voulez-vous ajouter un mot ?",
    noteHelp: "Pas de nom, pas d'adresse, pas de numéro de plaque. 280 caractères au plus.",
    noteLeft: (count: number) => `encore ${some(count, "caractère", "caractères")}`,
    danger: "En cas de danger, appelez le 17 ou le 112. Par SMS, le 114.",
    thanks: "Merci, c'est noté.",
  },

  moments: { day: "En journée", evening: "En soirée", night: "La nuit" },
  reasonsUnsafe: {
    light: "Mal éclairé",
    visibility: "On ne voit pas loin",
    people: "Personne autour",
    teams: "Pas d'équipes présentes",
    upkeep: "Mal entretenu",
    exit: "Difficile de partir",
    wayfinding: "On se repère mal",
    mood: "Bruit, ambiance",
    groups: "Groupes, trafic",
    traffic: "Circulation",
    shops: "Commerces fermés",
    memory: "Souvenir d'un fait",
  },
  reasonsSafe: {
    light: "Bien éclairé",
    visibility: "On voit loin, on est vu",
    people: "Du monde autour",
    teams: "Équipes présentes",
    upkeep: "Bien entretenu",
    exit: "On peut partir",
    wayfinding: "On se repère bien",
    mood: "Calme, bonne ambiance",
    groups: "Pas de groupes gênants",
    traffic: "Circulation calme",
    shops: "Commerces ouverts",
    memory: "Bon souvenir",
  },
  themes: {
    BRU: "Bruit",
    OCC: "Occupation, rassemblements",
    STU: "Stupéfiants, en apparence",
    DEG: "Dégradations",
    CIR: "Circulation, deux-roues",
    PRO: "Propreté, dépôts",
    AMB: "Éclairage, bâti, ambiance",
    VIO: "Atteintes aux personnes",
    VOL: "Vols",
    VOI: "Voisinage, vie collective",
  },
  natures: {
    lived: "Je l'ai vécu",
    witnessed: "Je l'ai vu",
    told: "On me l'a rapporté",
    sensed: "Je le ressens",
  },

  marker: {
    mine: "Votre repère",
    theirs: "Repère d'une autre personne de votre table",
    other: (table: number) => `Repère de la table ${table}`,
    zone: "Zone",
    point: "Endroit",
    hidden: "L'animateur l'a retiré de la carte des autres.",
    pending: "pas encore envoyé",
    move: "Déplacer",
    reshape: "Changer la forme",
    edit: "Changer les réponses",
    remove: "Supprimer",
    removed: "Repère supprimé.",
    close: "Fermer",
    done: "C'est bien ici",
    moveHelp: "Glissez le rond bleu, ou utilisez les flèches du clavier.",
    reshapeHelp: "Glissez les coins de la zone.",
    handle: "Déplacer le repère",
    corner: (index: number) => `Coin ${index}`,
    nothing: "Pas de précision.",
    felt: "Changer : ici je me sens…",
  },

  list: {
    title: "Mes repères",
    empty: "Vos repères apparaîtront ici dès que vous en placerez un.",
    show: "Voir sur la carte",
    add: "Ajouter un repère par le nom d'une rue",
    where: (name: string) => `Lieu choisi : ${name}`,
    none: "Choisissez d'abord une rue ou un lieu.",
    refused: "Refusés",
    retry: "Renvoyer",
    discard: "Abandonner",
    close: "Fermer la liste",
    number: (index: number) => `Repère ${index}`,
  },

  more: {
    title: "Plus",
    close: "Fermer",
    next: "Habitant·e suivant·e",
    nextHelp: "Passez l'appareil à une autre personne de la table. Elle compte pour elle-même.",
    nextConfirm: "Passer l'appareil ?",
    resume: (rang: number) => `Reprendre : habitant·e ${rang}`,
    device: "Continuer sur un autre appareil",
    deviceHelp: (code: string) =>
      `Sur l'autre appareil, ouvrez la table ${code} et choisissez « J'ai déjà commencé ». Entrez ce code dans les dix minutes :`,
    save: "Enregistrer mes repères dans un fichier",
    saveHelp:
      "Utile si le réseau ne revient pas : le fichier peut être envoyé depuis un autre appareil. Gardez-le pour vous.",
    open: "Reprendre un fichier",
    opened: (count: number) =>
      count === 0 ? "Tout était déjà ici." : `${some(count, "repère repris", "repères repris")}.`,
    wrongFile: "Ce fichier ne contient pas de repères de Quiétude.",
    otherAtelier: "Ce fichier vient d'un autre atelier. Ouvrez d'abord la table de cet atelier.",
    privacy: "Ce qui est gardé",
    language: "Langue",
  },

  notice: {
    over: "Ce repère avait été changé sur un autre appareil. Votre changement l'a remplacé.",
    refused: (detail: string) => `Refusé : ${detail}`,
    offlineTiles: "Cette carte marche maintenant sans réseau.",
    nothingToUndo: "Il n'y a rien à annuler.",
  },

  map: {
    label: (quartier: string) =>
      `Carte du quartier ${quartier}. Les flèches déplacent la carte, + et − changent l'échelle. Vos repères sont aussi dans « Mes repères ».`,
    legend: "Triangle : pas en sécurité. Rond : plutôt en sécurité.",
  },
});
