import { LitElement } from "lit";

/** A Lit element in the light DOM: page styles, labels and `for` reach inside. */
export class LightElement extends LitElement {
  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Sends a bubbling event with a value. */
  protected send<T>(name: string, detail: T): void {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true }));
  }
}
