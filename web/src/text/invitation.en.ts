import type { fr } from "./invitation.fr";
import type { Translation } from "./text";

export const en: Translation<typeof fr> = {
  title: "Invitation to a workshop",
  unknown:
    "This link is no longer valid, or its code was copied wrongly. Check it in your letter or message.",
  loading: "One moment…",
  demo: "Fictional data: this is an example.",
  invited: (quartier) => `You are invited to a workshop about public tranquillity in ${quartier}.`,
  question: "Will you come?",
  yes: "Yes, I will come",
  no: "No, I cannot",
  saidYes: "Noted: we look forward to seeing you. You will be shown to a table on arrival.",
  saidNo: "Noted: you will not come. Thank you for answering.",
  change: "You can change your answer until the workshop.",
  over: "This workshop is past. Thank you for your interest.",
  privacy:
    "Your answer serves only to prepare the tables. It is shown neither to the police nor to the public.",
  retry: "Try again",
};
