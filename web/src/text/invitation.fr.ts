import { shared } from "./shared";
import { french } from "./text";

/** Texts of the page where an invited person answers. */
export const fr = french({
  title: "Invitation à un atelier",
  unknown:
    "Ce lien d'invitation n'est plus valable, ou son code est mal recopié. Vérifiez-le sur votre lettre ou votre message.",
  loading: "Un instant…",
  demo: shared.demo,
  invited: (quartier: string) =>
    `Vous êtes invité·e à un atelier de tranquillité publique du quartier ${quartier}.`,
  question: "Viendrez-vous ?",
  yes: "Oui, je viens",
  no: "Non, je ne peux pas",
  saidYes: "C'est noté : nous vous attendons. Une table vous sera indiquée à l'accueil.",
  saidNo: "C'est noté : vous ne venez pas. Merci d'avoir répondu.",
  change: "Vous pouvez changer de réponse jusqu'à l'atelier.",
  over: "Cet atelier est passé. Merci de l'intérêt que vous lui avez porté.",
  privacy:
    "Votre réponse ne sert qu'à préparer les tables. Elle n'est montrée ni à la police ni au public.",
  retry: "Réessayer",
});
