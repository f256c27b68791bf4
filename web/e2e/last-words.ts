import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";
import type { Reporter, TestCase, TestError, TestResult } from "@playwright/test/reporter";

/** How much of a failure is said again. */
const LINES = 9;

interface Failure {
  readonly where: string;
  readonly test?: TestCase;
  readonly errors: readonly TestError[];
}

/**
 * Says after everything else where each test failed and what it had wanted, also
 * of those that passed when they were tried again: of a long log people are often
 * shown the end.
 */
export default class LastWords implements Reporter {
  readonly #failures: Failure[] = [];

  onError(error: TestError): void {
    this.#failures.push({ where: "outside of the tests", errors: [error] });
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (result.status === test.expectedStatus || result.status === "skipped") return;
    const { file, line } = test.location;
    const title = test.titlePath().slice(3).join(" › ");
    const where = `${relative("", file)}:${line} › ${title} (${result.status})`;
    this.#failures.push({ where, test, errors: result.errors });
  }

  onEnd(): void {
    for (const { where, test, errors } of this.#failures) {
      const flaky = test?.outcome() === "flaky";
      console.log(flaky ? `\n~ ${where}, then passed` : `\n✘ ${where}`);
      for (const { message, value, location } of errors) {
        const said = stripVTControlCharacters(message ?? value ?? "no message")
          .split("\n")
          .filter((line) => line.trim() !== "");
        for (const line of said.slice(0, LINES)) console.log(`    ${line.slice(0, 200)}`);
        if (location) console.log(`    at ${relative("", location.file)}:${location.line}`);
      }
    }
  }
}
