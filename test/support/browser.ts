import { accessSync, constants, existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pino } from 'pino';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
} from 'playwright-core';
import { createApp, type App } from '../../server/app';
import { readConfig } from '../../server/config/config';
import type { Role } from '../../server/graphql/context';
import { loadDemo } from '../../server/interop';
import { openRuntime, type Runtime } from '../../server/runtime';
import { freshDatabase } from './postgres';
import programs from './programs.json';

const root = join(__dirname, '../..');
const PICTURES = join(root, 'test/artefacts/screenshots');

/** Longest wait for anything on a page: generous, since all suites share two processors. */
const PATIENCE_MS = 15_000;

/** The sizes screens are looked at in, in CSS pixels. 320 is what WCAG 1.4.10 demands. */
export const desktop = { width: 1280, height: 900 };
export const phone = { width: 320, height: 720 };

/** The demo hospital behind a real server, and a Chromium to visit it with. */
export interface Ward {
  readonly url: string;
  readonly runtime: Runtime;
  /** Somebody's browser, with cookies and storage of its own; nobody is signed in. */
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  /** A browser in which the demo hospital's person of this role has signed in. */
  signedIn(role: Role, options?: BrowserContextOptions): Promise<Visitor>;
  account(role: Role): { email: string; password: string };
  /** Id of a patient with a visit (an open one) whose care team has all of `on` and none of `off`. */
  patient(wanted: Wanted): Promise<string>;
  close(): Promise<void>;
}

interface Wanted {
  on?: Role[];
  off?: Role[];
  open?: boolean;
}

export interface Visitor {
  context: BrowserContext;
  page: Page;
  /** What no page may cause: errors on the console (a breach of the CSP is one), uncaught errors, requests elsewhere. */
  faults: string[];
}

/** Opens the demo hospital on a database, a port and a browser of its own. */
export async function openWard(settings: Record<string, string> = {}): Promise<Ward> {
  demandClient();
  const closing: (() => Promise<unknown>)[] = [];
  const close = async () => {
    for (const step of closing.reverse()) await step();
  };
  try {
    const dataDir = await mkdtemp(join(tmpdir(), 'chartseal-ward-'));
    closing.push(() => rm(dataDir, { recursive: true, force: true }));
    const config = readConfig({
      NODE_ENV: 'test',
      DATABASE_URL: await freshDatabase(),
      DATA_DIR: dataDir,
      BCRYPT_COST: '4',
      LOG_LEVEL: 'silent',
      MFA_REQUIRED_ROLES: 'none',
      ...settings,
    });
    const runtime = await openRuntime(config, { logger: pino({ level: 'silent' }) });
    closing.push(() => runtime.close());
    const accounts = await loadDemo(runtime);
    const app = await createApp(runtime);
    closing.push(() => app.close());
    runtime.auditLog.watch();
    config.port = await listen(app);
    const url = `http://127.0.0.1:${config.port}`;
    const browser = await openBrowser();
    closing.push(() => browser.close());

    const visitor = (options: BrowserContextOptions = {}) => enter(browser, url, options);
    const account = (role: Role) => accounts.find((one) => one.role === role)!;
    return {
      url,
      runtime,
      visitor,
      account,
      async signedIn(role, options) {
        const visit = await visitor(options);
        await visit.page.goto('/');
        await signIn(visit.page, account(role));
        return visit;
      },
      patient: (wanted) => findPatient(runtime, wanted),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Fills in the sign-in page that is open, and waits for what lies behind it. */
export async function signIn(page: Page, { email, password }: { email: string; password: string }): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('button', { name: /^Account of/ }).waitFor();
}

/** Answers the question for the password that comes before something grave. */
export async function prove(page: Page, { password }: { password: string }): Promise<void> {
  const asked = page.getByRole('dialog', { name: 'Your password once more' });
  await asked.getByRole('textbox', { name: 'Password' }).fill(password);
  await asked.getByRole('button', { name: 'Confirm' }).click();
}

export async function signOut(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Account of/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in' }).waitFor();
}

/** Waits until a page shows what it has: a heading, no skeleton, no request on its way, nothing moving. */
export async function settle(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  await page.waitForLoadState('networkidle');
  await still(page);
}

/** Where one types once Ctrl+K is pressed. */
export function quickSearch(page: Page): Locator {
  return page.getByRole('dialog').getByPlaceholder(/^Name, MRN/);
}

/** Waits until nothing on the page moves. */
export async function still(page: Page): Promise<void> {
  await page.evaluate<unknown>(
    `Promise.allSettled(document.getAnimations()
       .filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
       .map((one) => one.finished))`,
  );
}

/** Waits until this element has the focus. */
export async function focused(element: Locator): Promise<void> {
  await element.and(element.page().locator(':focus')).waitFor();
}

/** Keeps a picture of the page as it is for whoever wants to look at it and set PICTURES: a second each, on most machines. */
export async function picture(page: Page, name: string): Promise<void> {
  if (!process.env.PICTURES) return;
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

async function enter(browser: Browser, url: string, options: BrowserContextOptions): Promise<Visitor> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: desktop,
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    ...options,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  const faults: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error') faults.push(`${message.page()?.url()}: ${message.text()}`);
  });
  context.on('weberror', (fault) => faults.push(`${fault.page()?.url()}: ${fault.error().message}`));
  context.on('request', (request) => {
    const address = new URL(request.url());
    if (!['data:', 'blob:'].includes(address.protocol) && address.origin !== url) faults.push(`request to ${address}`);
  });
  return { context, page: await context.newPage(), faults };
}

async function listen({ fastify }: App): Promise<number> {
  await fastify.listen({ host: '127.0.0.1', port: 0 });
  return (fastify.server.address() as AddressInfo).port;
}

async function findPatient({ dataSource }: Runtime, { on = [], off = [], open = false }: Wanted): Promise<string> {
  const [row] = await dataSource.query<{ id: string }[]>(
    `SELECT p.id FROM patient p
       CROSS JOIN LATERAL (
         SELECT coalesce(array_agg(u.role), '{}') AS roles FROM care_team_member m JOIN app_user u ON u.id = m.user_id
         WHERE m.patient_id = p.id) team
     WHERE team.roles @> $1::text[] AND NOT team.roles && $2::text[]
       AND EXISTS (SELECT FROM visit v WHERE v.patient_id = p.id AND (NOT $3 OR v.status = 'IN_PROGRESS'))
     ORDER BY p.id LIMIT 1`,
    [on, off, open],
  );
  if (!row) throw new Error(`The demo hospital has no patient with ${on.join()} and without ${off.join()}`);
  return row.id;
}

function demandClient(): void {
  if (existsSync(join(root, 'dist/client/index.html'))) return;
  throw new Error('The client is not built: run `npm run build:client` first (`npm test` does).');
}

function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findChromium(),
    args: [
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--disable-quic',
      '--no-first-run',
    ],
  });
}

/** CHROME_PATH (`npm test` sets it), else the system's, else Playwright's own. */
function findChromium(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const { programs: names, files } = programs.chromium;
  const places = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = [process.env.CHROME_PATH, ...places, ...files, chromium.executablePath()].find(isProgram);
  if (found) return found;
  throw new Error('No Chromium for the browser tests: install Chrome or Chromium, or set CHROME_PATH to one.');
}

function isProgram(path: string | undefined): path is string {
  if (!path || !existsSync(path)) return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
