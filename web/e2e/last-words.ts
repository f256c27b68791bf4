import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestError, TestResult } from "@playwright/test/reporter";

/** How much of a failure is said again. */
const LINES = 9;

/**
 * Says after everything else where each test failed and what it had wanted: of a
 * long log people are often shown the end.
 */
export default class LastWords implements Reporter {
  readonly #failed = new Map<string, TestError[]>();

  onError(error: TestError): void {
    this.#add("outside of the tests", [error]);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus || result.status === "skipped") return;
    const { file, line } = test.location;
    const title = test.titlePath().slice(3).join(" › ");
    this.#add(`${relative("", file)}:${line} › ${title} (${result.status})`, result.errors);
  }

  onEnd(): void {
    for (const [where, errors] of this.#failed) {
      console.log(`\n✘ ${where}`);
      for (const { message, value, location } of errors) {
        const said = stripVTControlCharacters(message ?? value ?? "no message")
          .split("\n")
          .filter((line) => line.trim() !== "");
        for (const line of said.slice(0, LINES)) console.log(`    ${line.slice(0, 200)}`);
        if (location) console.log(`    at ${relative("", location.file)}:${location.line}`);
      }
    }
  }

  #add(where: string, errors: readonly TestError[]): void {
    this.#failed.set(where, [...(this.#failed.get(where) ?? []), ...errors]);
  }
}
