// Looks at every page of the console in a browser, and does there what people do.
// Arguments: the browser, a folder for pictures, and the links of Ada, Ben and Root.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [browserPath, pictures, adaLink, benLink, rootLink] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const problems = [];
const pages = {};
const done = {};
const judged = new Set();

const browser = await chromium.launch({
  executablePath: browserPath,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

async function enter(link, colorScheme, width) {
  const context = await browser.newContext({
    colorScheme,
    reducedMotion: "reduce",
    viewport: { width, height: 800 },
  });
  const page = await context.newPage();
  page.on("console", (message) => {
    if (message.type() === "error" && !/status of (4|5)\d\d/.test(message.text())) {
      problems.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on("pageerror", (error) => problems.push(`${page.url()}: ${error}`));
  await page.goto(link);
  await page.waitForURL("**/console");
  return page;
}

/** Has axe judge a page, and looks whether it is wider than its window. */
async function judge(page, what) {
  await judgeWidth(page, what);
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  for (const violation of found.violations) {
    if (["serious", "critical"].includes(violation.impact)) {
      const where = violation.nodes.slice(0, 3).map((node) => node.html.slice(0, 160));
      problems.push(`${what} ${page.url()}: ${violation.id}: ${violation.help}: ${where.join(" | ")}`);
    }
  }
}

async function judgeWidth(page, what) {
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) {
    problems.push(`${what} ${page.url()}: ${wide} px wider than the window`);
  }
}

/** A page of each kind: ids do not make another kind, nor does where a list begins. */
function kindOf(url) {
  const { pathname, searchParams } = new URL(url);
  const path = pathname.replace(/\/[0-9a-f-]{32,36}(?=\/|$)/g, "/ID");
  const keys = [...searchParams.keys()].filter((key) => key !== "after").sort();
  return keys.length === 0 ? path : `${path}?${keys.join("&")}`;
}

/** Follows every link to a page of the console, one of each kind. */
async function lookAround(page, who, look, most) {
  const kinds = new Set();
  const waiting = [page.url()];
  while (waiting.length > 0 && kinds.size < most) {
    const url = waiting.shift();
    const kind = kindOf(url);
    if (kinds.has(kind)) continue;
    kinds.add(kind);
    const answer = await page.goto(url);
    if (answer.status() !== 200) problems.push(`${who} ${url}: ${answer.status()}`);
    const isNew = !judged.has(`${look} ${kind}`);
    judged.add(`${look} ${kind}`);
    await (isNew && look !== "narrow" ? judge : judgeWidth)(page, `${who}, ${look}:`);
    const links = await page.$$eval("main a[href]:not([download]), nav a[href]", (all) => all.map((one) => one.href));
    const site = new URL(url).origin;
    waiting.push(
      ...links.filter((link) => link.startsWith(site + "/console")).map((link) => link.split("#")[0]),
    );
  }
  pages[who] = [...kinds];
}

async function lookEveryWay(page, who) {
  const home = page.url();
  for (const [look, colorScheme, width] of [
    ["light", "light", 1100],
    ["dark", "dark", 1100],
    ["narrow", "light", 360],
  ]) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: 800 });
    await page.goto(home);
    await lookAround(page, who, look, 100);
  }
  await page.emulateMedia({ colorScheme: "light" });
  await page.setViewportSize({ width: 1100, height: 800 });
  await page.goto(home);
}

/** Keeps a picture of the page as far as there is something on it. */
async function picture(page, name) {
  const height = await page.$eval("main", (main) => Math.ceil(main.getBoundingClientRect().top + 40 +
    [...main.children].reduce((most, one) => Math.max(most, one.offsetTop + one.offsetHeight), 0)));
  await page.screenshot({
    path: join(pictures, `${name}.png`),
    clip: { x: 0, y: 0, width: 1100, height: Math.min(800, height) },
  });
}

const link = (page, name) => page.getByRole("link", { name, exact: true }).first().click();
const press = (page, name) => page.getByRole("button", { name, exact: true }).first().click();
const said = (page, where) => page.locator(where).first().innerText();

async function tries(page) {
  await page.goto(page.url() + "/connectors/helpdesk");
  await link(page, "Try Open a ticket");
  await link(page, /^Team desk/);
  await page.getByLabel("Title").fill("Lamp is broken");
  await page.getByLabel("Priority").selectOption("HIGH");
  await press(page, "Show the request");
  done.request = await said(page, "pre");
  await judge(page, "try:");
  await picture(page, "try");
  await press(page, "Send it");
  done.tries = await said(page, "pre");
  await judge(page, "answer:");
}

async function shares(page) {
  await link(page, "My connections");
  await picture(page, "connections");
  await link(page, "Team desk");
  await link(page, "Share");
  await page.getByLabel("Id of the person").fill("cleo");
  await page.getByLabel("What may they do?").selectOption("MANAGE");
  await press(page, "See what they gain");
  done.preview = await said(page, ".intro");
  await judge(page, "preview:");
  await picture(page, "share");
  await press(page, "Grant it");
  done.shares = await said(page, "[role=status]");
}

async function mends(page) {
  await link(page, "Home");
  await link(page, "My desk");
  await picture(page, "mend");
  await link(page, "Enter credentials");
  await page.getByLabel("Token").fill("personal-token-3");
  await press(page, "Save");
  done.mends = await said(page, ".facts .badge");
}

async function usesTheKeyboard(page) {
  await page.goto(page.url().replace(/\/console.*/, "/console/connectors/helpdesk/connect?option=bearer"));
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  done.skipLink = await page.evaluate(() => document.activeElement.id);
  await page.$eval("main form", (form) => (form.noValidate = true));
  await page.getByLabel("Token").press("Enter");
  await page.locator(".notice.bad a").first().press("Enter");
  done.errorLink = await page.evaluate(() => document.activeElement.id);
  await judge(page, "faults:");
}

async function signsIn(page, site) {
  await page.goto(page.url() + "/connectors/helpdesk/connect?option=signIn");
  await page.getByLabel("Site").fill(site);
  await press(page, "Go on to the sign-in");
  await judge(page, "sign-in:");
  await link(page, /^Go on to/);
  await page.waitForURL("**/connections/*");
  done.signsIn = await said(page, "[role=status]");
}

async function replays(page) {
  await link(page, "Flows");
  await link(page, "ticket-alarm");
  await link(page, "ticketOpened");
  await page.getByRole("link", { name: /^Drop event/ }).first().click();
  done.drops = await said(page, "main section:last-of-type p");
  await judge(page, "drop:");
  await link(page, "Keep it");
  await page.getByRole("button", { name: /^Replay event/ }).first().click();
  done.replays = await said(page, "[role=status]");
  await judge(page, "replay:");
}

async function sharesAnApp(page) {
  await link(page, "Flows");
  await link(page, "room-pad");
  await link(page, "What run-only users get...");
  done.gains = await page.getByRole("row", { name: /^Cleo Marsh/ }).innerText();
  await judge(page, "sharing:");
  await press(page, "Share as shown");
  done.sharesAnApp = await said(page, "[role=status]");
}

async function findsOutWhyAFlowIsSuspended(page) {
  await link(page, "Flows");
  await link(page, "room-booking");
  done.suspended = await said(page, ".notice.bad");
  await picture(page, "flow");
}

async function seesWhatMendsAFlow(page) {
  await page.getByRole("button", { name: /^Show what follows: change House rules/ }).click();
  done.smallestChange = await page.getByRole("row", { name: /^Action BookRoom of rooms/ }).innerText();
  await judge(page, "change:");
  await picture(page, "change");
  await link(page, "Do not");
  await link(page, "Back to flow room-booking");
  done.back = await said(page, "h1");
}

async function blocksAnAction(page) {
  await link(page, "Open the policy");
  await page.locator("#field-action-connector").fill("helpdesk");
  await page.locator("#field-action-operation").fill("openTickt");
  await page.getByRole("button", { name: /: Block or allow an action$/ }).click();
  done.actionFault = await said(page, ".notice.bad");
  await judge(page, "change faults:");
  await page.locator("#field-action-operation").fill("openTicket");
  await page.getByRole("button", { name: /: Block or allow an action$/ }).click();
  await press(page, "Save this change");
  done.blocks = await said(page, "[role=status]");
}

async function asksWhatIf(page) {
  await link(page, "Data policies");
  await page.getByRole("link", { name: /^House rules \(house-rules\)/ }).click();
  const json = page.getByLabel("The policy, as JSON of the platform");
  const policy = JSON.parse(await json.inputValue());
  policy.connectorGroups.find((one) => one.classification === "Blocked").connectors.push(
    policy.connectorGroups.find((one) => one.classification === "Confidential").connectors.shift(),
  );
  await json.fill(JSON.stringify(policy, null, 2));
  await press(page, "What if?");
  done.whatIf = await said(page, "main section:nth-of-type(2)");
  await judge(page, "what if:");
  await picture(page, "what-if");
}

try {
  const ada = await enter(adaLink, "light", 1100);
  await lookEveryWay(ada, "Ada");
  await tries(ada);
  await shares(ada);
  await link(ada, "Back to the connection");
  const site = await ada.locator(".facts dd", { hasText: /^http/ }).first().innerText();
  await mends(ada);
  await replays(ada);
  await sharesAnApp(ada);
  await usesTheKeyboard(ada);
  const ben = await enter(benLink, "light", 1100);
  await signsIn(ben, site);
  const root = await enter(rootLink, "light", 1100);
  await lookEveryWay(root, "Root");
  await findsOutWhyAFlowIsSuspended(root);
  await seesWhatMendsAFlow(root);
  await blocksAnAction(root);
  await asksWhatIf(root);
} catch (error) {
  problems.push(String(error.stack));
} finally {
  await browser.close();
}
console.log(JSON.stringify({ problems, pages, done }, null, 2));
