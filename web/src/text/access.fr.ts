import { shared } from "./shared";
import { french } from "./text";

/** Texts about accounts: signing in, who one is. */
export const fr = french({
  name: "Quiétude",
  roles: {
    public: "public",
    habitant: "habitant·e",
    animateur: "animation",
    analyste: "analyse",
    police: "police",
    bailleur: "bailleur",
    admin: "administration",
    dpo: "protection des données",
  },
  bar: {
    label: "Votre compte",
    signOut: "Se déconnecter",
    signingOut: "Déconnexion…",
    menu: "Pages",
    purpose: "Vous consultez pour",
    noPurpose: "choisissez une raison",
    logged: (why: string) => `Lectures inscrites au journal : ${why}`,
    pages: {
      "/animation": "Ateliers",
      "/moderation": "Modération",
      "/carte": "Carte de la ville",
      "/quartiers": "Comparer les quartiers",
      "/police": "Où et quand",
      "/restitution": "Préparer la restitution",
      "/actions": "Engagements et réponses",
      "/comptes": "Comptes",
      "/journal": "Journal des consultations",
      "/conservation": "Conservation",
      "/compte": "Mon compte",
    },
  },
  error: {
    account: "Voir votre compte, ou en utiliser un autre",
    public: "Aller à l'accueil",
    // In French the server has said it more closely.
    forbidden: {
      name: "Cette page est réservée à un autre rôle",
      detail: "Votre compte ne donne pas accès à cette page.",
    },
    missing: {
      name: "Cette page n'existe pas",
      detail: "Vérifiez l'adresse, ou reprenez depuis l'accueil.",
    },
  },
  signIn: {
    title: "Se connecter",
    intro:
      "Cet espace est réservé aux agents de la ville et à ses partenaires : il montre ce que des habitants ont confié, avant toute publication.",
    back: "Vous reviendrez ensuite à la page demandée.",
    email: "Adresse électronique",
    password: "Mot de passe",
    code2: "Code de votre application, ou code de secours",
    show: "Montrer le mot de passe",
    hide: "Cacher le mot de passe",
    go: "Se connecter",
    going: "Vérification…",
    missing: "Remplissez les deux champs.",
    forgotten:
      "Mot de passe oublié ? L'administration du service dans votre ville vous envoie un nouveau lien.",
    external: (name: string) => `Se connecter avec ${name}`,
    or: "Ou par votre mot de passe :",
    failures: {
      interrompue:
        "La connexion n'a pas abouti : elle a été interrompue ou a duré trop longtemps. Réessayez.",
      facteur:
        "Votre fournisseur d'identité n'a pas demandé de second facteur, que votre ville exige. Ajoutez-en un chez lui, puis réessayez.",
      "sans-compte":
        "Vous êtes bien identifié·e, mais aucun compte ouvert ne vous correspond ici. Demandez un accès à l'administration du service dans votre ville.",
    },
    residentTitle: "Vous participez à un atelier ?",
    resident:
      "Il n'y a pas de compte à créer. Le code de 8 caractères est sur le carton de votre table.",
    code: "Code de la table",
    codeGo: "Ouvrir la carte de la table",
    codeWrong: shared.codeWrong,
    already: (name: string, role: string) => `Vous êtes connecté·e : ${name}, ${role}.`,
    home: "Aller à votre espace",
  },
});
