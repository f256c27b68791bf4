import { html, nothing } from "lit";
import { Download, Smartphone, Upload, UserPlus, X } from "lucide";
import { Problem } from "../api";
import type { Device } from "../device";
import { parseOutboxFile } from "../outbox";
import { NotProtocol } from "../protocol";
import { linkCode, sitAgain } from "../seat";
import type { StoredSeat } from "../storage";
import { text } from "../text/atelier";
import { formatTime } from "../text/format";
import { icon } from "./icon";
import { LightElement } from "./light-element";
import { languageButtons, privacySentences } from "./resident-join";

/**
 * What is needed once in an evening: hand the device over, take a second one,
 * carry the outbox away as a file. Sends "seated", "unseated" and "closed".
 */
export class ResidentMore extends LightElement {
  static override properties = {
    device: { attribute: false },
    seat: { attribute: false },
    seats: { attribute: false },
    link: { state: true },
    message: { state: true },
  };
  declare device: Device;
  declare seat: StoredSeat;
  declare seats: readonly StoredSeat[];
  declare private link: string;
  declare private message: string;

  constructor() {
    super();
    this.link = "";
    this.message = "";
  }

  override firstUpdated(): void {
    this.querySelector("dialog")?.showModal();
  }

  override render() {
    const others = this.seats.filter((seat) => seat.key !== this.seat.key);
    return html`<dialog class="panel" aria-labelledby="more-title" @close=${() => this.send("closed", null)}>
      <div class="dialog-head">
        <h2 id="more-title">${text.more.title}</h2>
        <button type="button" class="button plain" aria-label=${text.more.close} @click=${() => this.querySelector("dialog")?.close()}>
          ${icon(X)}
        </button>
      </div>
      <p role="status" class=${this.message ? "warning" : ""}>${this.message}</p>
      <section class="stack">
        <button type="button" class="button big" @click=${() => this.send("unseated", null)}>${icon(UserPlus)} ${text.more.next}</button>
        <p class="hint">${text.more.nextHelp}</p>
        ${others.map(
          (seat) =>
            html`<button type="button" class="button" @click=${() => this.send<StoredSeat>("seated", seat)}>${text.more.resume(seat.rang)}</button>`,
        )}
      </section>
      <section class="stack">
        <button type="button" class="button big" @click=${this.#ask}>${icon(Smartphone)} ${text.more.device}</button>
        ${
          this.link
            ? html`<p>${text.more.deviceHelp(this.seat.code)}</p>
                <p class="code" role="status">${this.link}</p>`
            : nothing
        }
      </section>
      <section class="stack">
        <button type="button" class="button" @click=${this.#save}>${icon(Download)} ${text.more.save}</button>
        <p class="hint">${text.more.saveHelp}</p>
        <label class="button">
          ${icon(Upload)} ${text.more.open}
          <input class="visually-hidden" type="file" accept="application/json,.json" @change=${this.#load} />
        </label>
      </section>
      <section class="stack">
        <h3>${text.more.privacy}</h3>
        ${privacySentences(this.seat.table)}
        <p><a class="button" href="/ma-contribution">${text.more.own}</a></p>
      </section>
      <section>
        <h3>${text.more.language}</h3>
        ${languageButtons()}
      </section>
    </dialog>`;
  }

  readonly #ask = async () => {
    try {
      const { link, expires_at } = await linkCode(this.seat);
      this.link = link;
      this.message = "";
      // Said once: the code is worthless afterwards.
      setTimeout(
        () => {
          this.link = "";
        },
        Math.max(0, Date.parse(expires_at) - Date.now()),
      );
    } catch (error) {
      this.message = error instanceof Problem ? error.message : text.trouble.network;
    }
  };

  readonly #save = async () => {
    const { code, secret, key, table } = this.seat;
    const now = new Date();
    const content = await this.device.outbox.exported(
      key,
      { atelier: table.atelier.id, code, secret },
      now,
    );
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(new Blob([content], { type: "application/json" }));
    anchor.download = `quietude-table-${table.numero}-${formatTime(now.toISOString()).replace(/\W+/g, "")}.json`;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10_000);
  };

  readonly #load = async (event: Event) => {
    const input = event.target as HTMLInputElement;
    const [chosen] = input.files ?? [];
    input.value = "";
    if (chosen === undefined) return;
    try {
      const file = parseOutboxFile(await chosen.text());
      if (file.atelier !== this.seat.table.atelier.id) {
        this.message = text.more.otherAtelier;
        return;
      }
      const own = file.secret === this.seat.secret;
      const seat = own ? this.seat : await sitAgain(file.code, file.secret, this.device.storage);
      const by = { author: seat.participant, table: seat.table.numero };
      this.message = text.more.opened(await this.device.outbox.import(seat.key, file, by));
    } catch (error) {
      if (error instanceof NotProtocol) this.message = text.more.wrongFile;
      else this.message = error instanceof Problem ? error.message : text.trouble.network;
    }
  };
}

customElements.define("resident-more", ResidentMore);
