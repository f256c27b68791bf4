import type { ReactiveController, ReactiveControllerHost } from "lit";

/**
 * Keeps the keyboard where it is in an element whose lists change under it. When
 * what has the focus is gone after a rendering, the focus goes to the nearest thing
 * with an `id` that it was in: to that, if it takes the focus, else to its first
 * button. When that is gone too, the element says where to go on; a browser would
 * begin at the top of the page.
 */
export class FocusKeeper implements ReactiveController {
  readonly #host: ReactiveControllerHost & HTMLElement;
  readonly #otherwise: () => HTMLElement | null;
  #held: HTMLElement | null = null;
  #around: readonly string[] = [];

  constructor(
    host: ReactiveControllerHost & HTMLElement,
    otherwise: () => HTMLElement | null = () => null,
  ) {
    this.#host = host;
    this.#otherwise = otherwise;
    host.addController(this);
  }

  hostUpdate(): void {
    const { activeElement } = document;
    const held = activeElement instanceof HTMLElement && this.#host.contains(activeElement);
    this.#held = held ? activeElement : null;
    const around: string[] = [];
    for (let at = this.#held; at && at !== this.#host; at = at.parentElement)
      if (at.id !== "") around.push(at.id);
    this.#around = around;
  }

  hostUpdated(): void {
    if (this.#held === null || this.#held.isConnected) return;
    const left = this.#around
      .map((id) => document.getElementById(id))
      .find((one) => one !== null && this.#host.contains(one));
    const next = left?.hasAttribute("tabindex")
      ? left
      : (left?.querySelector<HTMLElement>("button") ?? this.#otherwise());
    next?.focus();
  }
}
