// The report of simulated jams as somebody sees it who opens it from disk.
//   node --test report_page_test.mjs    with PAGE, its file, and REPORT, the pictures' folder, in the environment

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {after, before, test} from "node:test";
import {pathToFileURL} from "node:url";

import {chromium} from "playwright-core";

const {PAGE, REPORT} = process.env;
const PATIENCE_MS = 60_000;
const BYTES_MAX = 10_000_000;
const LETTERS_MIN_PX = 10;  // of what is written in pictures, as it is shown
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
const url = pathToFileURL(PAGE).href;
let browser;

before(async () => {
  browser = await chromium.launch({executablePath: "/usr/bin/chromium", timeout: PATIENCE_MS});
});

after(() => browser?.close());

test("the page is small enough to be sent to somebody", () => {
  const {length} = readFileSync(PAGE);
  assert.ok(length < BYTES_MAX, `it has ${length} bytes`);
});

for (const [name, width] of [["desk", 1280], ["phone", 390]]) {
  test(`it can be read without a network (${name})`, async () => {
    const context = await browser.newContext({viewport: {width, height: 844}});
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const asked = [];
    page.on("request", (request) => { if (request.url() !== url) asked.push(request.url()); });
    await page.goto(url);

    const scenarios = await page.locator("main > .wide").first().locator("tbody a").count();
    assert.ok(scenarios > 0);
    assert.equal(await page.locator("section[id^=scenario-]").count(), scenarios);
    assert.ok(await page.locator("figure svg").count() >= scenarios);

    const {scroll, letters} = await page.evaluate(() => {
      const sizes = [...document.querySelectorAll("figure svg")].map((svg) => {
        const shown = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return shown * parseFloat(getComputedStyle(svg.querySelector("text")).fontSize);
      });
      return {scroll: document.documentElement.scrollWidth, letters: Math.min(...sizes)};
    });
    assert.ok(scroll <= width, `the page is ${scroll} wide on a screen of ${width}`);
    assert.ok(letters >= LETTERS_MIN_PX, `letters in pictures are ${letters} px high`);

    await page.evaluate(AXE);
    const {violations} = await page.evaluate(() => axe.run());
    assert.deepEqual(violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`), []);
    await page.screenshot({path: `${REPORT}/report-${name}.png`});
    assert.deepEqual(asked, []);
    await context.close();
  });
}
