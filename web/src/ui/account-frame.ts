import { html, type PropertyDeclarations, type TemplateResult } from "lit";
import { Problem } from "../api";
import "./demo-banner";
import { LightElement } from "./light-element";
import "./staff-head";

/** What the pages about accounts share: head, title, and how a failure is said. */
export abstract class AccountPage extends LightElement {
  static override properties: PropertyDeclarations = {
    problem: { state: true },
    note: { state: true },
  };
  declare problem: string;
  declare note: string;

  constructor() {
    super();
    this.problem = "";
    this.note = "";
  }

  protected frame(title: string, content: unknown): TemplateResult {
    return html`
      <header>
        <demo-banner></demo-banner>
        <staff-head></staff-head>
      </header>
      <main class="account">
        <h1>${title}</h1>
        <p class="form-error" role="alert">${this.problem}</p>
        <p class="account-note" role="status">${this.note}</p>
        ${content}
      </main>
    `;
  }

  /** Does something; what goes wrong is said at the top. */
  protected async attempt(act: () => Promise<void>): Promise<boolean> {
    this.problem = "";
    this.note = "";
    try {
      await act();
      return true;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      this.problem = error.message;
      return false;
    }
  }
}

/** A field of a form as text. */
export function field(event: SubmitEvent, name: string): string {
  const value = new FormData(event.target as HTMLFormElement).get(name);
  return typeof value === "string" ? value : "";
}
