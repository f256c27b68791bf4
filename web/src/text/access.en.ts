import type { fr } from "./access.fr";
import type { Translation } from "./text";

/** Texts about accounts: signing in, who one is. */
export const en: Translation<typeof fr> = {
  name: "Quiétude",
  roles: {
    public: "public",
    habitant: "resident",
    animateur: "facilitation",
    analyste: "analysis",
    police: "police",
    bailleur: "social landlord",
    admin: "administration",
    dpo: "data protection",
  },
  bar: {
    label: "Your account",
    signOut: "Sign out",
    signingOut: "Signing out…",
    menu: "Pages",
    purpose: "You read this to",
    noPurpose: "choose a reason",
    logged: (why) => `Readings go on the record: ${why}`,
    pages: {
      "/animation": "Ateliers",
      "/moderation": "Moderation",
      "/carte": "Map of the city",
      "/quartiers": "Compare quartiers",
      "/police": "Where and when",
      "/restitution": "Prepare the restitution",
      "/actions": "Promises and answers",
      "/comptes": "Accounts",
      "/journal": "Access log",
      "/conservation": "Retention",
      "/compte": "My account",
    },
  },
  error: {
    account: "See your account, or use another",
    public: "Go to the first page",
    forbidden: {
      name: "This page is for another role",
      detail: "Your account does not give access to this page.",
    },
    missing: {
      name: "This page does not exist",
      detail: "Check the address, or start again from the first page.",
    },
  },
  signIn: {
    title: "Sign in",
    intro:
      "This space is for the city's staff and its partners: it shows what residents have confided, before anything is published.",
    back: "You will then come back to the page you asked for.",
    email: "E-mail address",
    password: "Password",
    code2: "Code from your application, or recovery code",
    show: "Show the password",
    hide: "Hide the password",
    go: "Sign in",
    going: "Checking…",
    missing: "Fill in both fields.",
    forgotten: "Forgotten password? The service's administrators in your city send a new link.",
    external: (name: string) => `Sign in with ${name}`,
    or: "Or with your password:",
    failures: {
      interrompue: "Signing in did not succeed: it was interrupted or took too long. Try again.",
      facteur:
        "Your identity provider did not ask for a second factor, which your city demands. Add one there, then try again.",
      "sans-compte":
        "You were identified, but no open account here is yours. Ask your city's administration of the service for access.",
    },
    residentTitle: "Taking part in a workshop?",
    resident: "There is no account to make. The code of 8 characters is on the card on your table.",
    code: "Table code",
    codeGo: "Open the map of the table",
    codeWrong: "The code has 8 letters or digits. Check it on the card on your table.",
    already: (name, role) => `You are signed in: ${name}, ${role}.`,
    home: "Go to your space",
  },
};
