import { html } from "lit";
import { text } from "../text/city";
import { chooseLanguage, type Language, language, languages } from "../text/text";
import { LightElement } from "./light-element";

/** The other languages of the interface, each named in itself. */
export class LanguageSwitch extends LightElement {
  override render() {
    const others = (Object.keys(languages) as Language[]).filter((key) => key !== language());
    return html`<nav aria-label=${text.language}>
      ${others.map(
        (
          key,
        ) => html`<button type="button" class="button plain" lang=${key} @click=${() => chooseLanguage(key)}>
          ${languages[key].name}
        </button>`,
      )}
    </nav>`;
  }
}

customElements.define("language-switch", LanguageSwitch);
