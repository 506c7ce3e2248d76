// The server's status page as somebody sees it on a phone: the real server with players, in a real browser.
//   node --test status_page_test.mjs    with BIN, the programs' folder, and REPORT, the pictures', in the environment

import assert from "node:assert/strict";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {tmpdir} from "node:os";
import {after, before, test} from "node:test";

import {chromium} from "playwright-core";

import {freePorts, PATIENCE_MS, Program} from "./programs.mjs";

const {BIN, REPORT} = process.env;
const TOKEN = "0123456789abcdef";
const PLAYERS = 3;
const PLOTS = ["Loss", "Jitter, largest", "Round trip, longest", "Processor"];
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");

// The token, and what is recorded.
const folder = mkdtempSync(`${tmpdir()}/rtjam-web-test-`);
let server, load, browser, url;

before(async () => {
  const tokenFile = `${folder}/token`;
  writeFileSync(tokenFile, TOKEN);
  const port = await freePorts();
  server = new Program(`${BIN}/rtjam-server`, [
    "--port", `${port}`, "--rooms", "3", "--http", "127.0.0.1:0", "--admin-token-file", tokenFile,
    "--record", folder, "--record-rooms", "1"]);
  [, url] = await server.waitFor(/status at (http:\S+)/);
  // Every 50th packet is missing: a loss of 1 in 51.
  load = new Program(`${BIN}/rtjam-load`, [
    "--server", `127.0.0.1:${port}`, "--rooms", "2", "--players", `${PLAYERS}`, "--seconds", "120",
    "--skip-every", "50"]);
  browser = await chromium.launch({executablePath: "/usr/bin/chromium", timeout: PATIENCE_MS});
});

after(async () => {
  await browser?.close();
  await load?.stop();
  await server?.stop();
  rmSync(folder, {recursive: true});
});

// A phone's page; all that it complains of, or asks of others than its server, is in complaints.
async function openPage(colorScheme) {
  const context = await browser.newContext({
    viewport: {width: 390, height: 844}, deviceScaleFactor: 2, isMobile: true, hasTouch: true, colorScheme});
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) complaints.push(`asked for ${request.url()}`);
  });
  await page.goto(url);
  return {page, complaints};
}

// From the developers' side, as the page's own policy lets no foreign script in.
async function violations(page) {
  await page.evaluate(AXE);
  const {violations} = await page.evaluate(() => axe.run());
  return violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html).join("; ")}`);
}

const rows = (page, room) => page.locator(`[aria-label="Room ${room}"] tbody tr`);
const plot = (page, title) => page.locator("figure", {hasText: title});
const points = async (page, title) =>
  (await plot(page, title).locator("polyline").getAttribute("points")).split(" ").filter(Boolean);

async function until(condition, what) {
  const deadline = Date.now() + PATIENCE_MS;
  while (!await condition()) {
    assert.ok(Date.now() < deadline, `it took too long until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

for (const scheme of ["light", "dark"]) {
  test(`a phone shows rooms, members and moving plots (${scheme})`, async () => {
    const {page, complaints} = await openPage(scheme);
    for (const room of [0, 1]) await until(async () => await rows(page, room).count() === PLAYERS, "all are shown");
    assert.deepEqual(await page.locator("h3").allTextContents(), ["Room 0", "Room 1", "Room 2"]);
    assert.equal(await rows(page, 2).count(), 0);
    assert.match(await rows(page, 0).first().textContent(), /100[123].*127\.0\.\*\.\*/);
    assert.equal(await page.getByText(/beats per minute.*recorded/).count(), 1);

    const curves = () => Promise.all(PLOTS.map((title) => points(page, title)));
    await until(async () => (await curves()).every((curve) => curve.length >= 3), "all plots have curves");
    const old = await curves();
    const hasMoved = (curve, index) => String(curve) !== String(old[index]);
    await until(async () => (await curves()).every(hasMoved), "all plots have moved");
    const loss = parseFloat(await plot(page, "Loss").locator("strong").textContent());
    assert.ok(loss > 1.5 && loss < 2.5, `a loss of ${loss} % is shown`);

    const {scroll, width} = await page.evaluate(
      () => ({scroll: document.documentElement.scrollWidth, width: innerWidth}));
    assert.ok(scroll <= width, `the page is ${scroll} wide on a screen of ${width}`);
    assert.deepEqual(await violations(page), []);
    await page.screenshot({path: `${REPORT}/status-${scheme}.png`, fullPage: true});
    assert.deepEqual(complaints, []);
    await page.context().close();
  });
}

test("a kicked player is gone, and so is a server that has ended", async () => {
  const {page} = await openPage("light");
  await until(async () => await rows(page, 0).count() === PLAYERS, "all are shown");
  const answer = await fetch(`${url}v1/admin/kick`, {
    method: "POST",
    headers: {"Authorization": `Bearer ${TOKEN}`, "Content-Type": "application/json"},
    body: JSON.stringify({room: 0, client: 1002}),
  });
  assert.equal(answer.status, 200);
  await until(async () => await rows(page, 0).count() === PLAYERS - 1, "the kicked one is gone");
  assert.equal(await rows(page, 1).count(), PLAYERS);
  await server.stop();
  await page.getByText("The server does not answer").waitFor();
  assert.deepEqual(await violations(page), []);
  await page.screenshot({path: `${REPORT}/status-gone.png`, fullPage: true});
});
