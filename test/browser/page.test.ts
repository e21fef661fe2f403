import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROMIUM_ARGUMENTS, findChromium } from '#test/support/chromium.ts';
import { type LocalStack, startStack } from '#test/support/local-stack.ts';

const executablePath = findChromium();

let stack: LocalStack;
let browser: Browser;
let page: Page;
let complaints: string[];

beforeAll(async () => {
  if (!executablePath) return;
  stack = await startStack();
  browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGUMENTS });
});

afterAll(async () => {
  await browser?.close();
  await stack?.close();
});

beforeEach(async () => {
  if (!executablePath) return;
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(stack.url);
  await page.getByText('Live on this machine').waitFor();
});

afterEach(() => page?.close());

/** The column of somebody who has not written yet, so that each test starts from an empty chat. */
async function aNewCustomer(name: string, phone: string) {
  await page.getByRole('button', { name: 'Add customer' }).click();
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Phone, with country code').fill(phone);
  await page.getByRole('button', { name: 'Open chat' }).click();
  return page.getByRole('article', { name: new RegExp(`^${name} writes to`) });
}

async function write(column: ReturnType<Page['getByRole']>, text: string): Promise<void> {
  await column.getByRole('textbox').fill(text);
  await column.getByRole('textbox').press('Enter');
}

async function setLatency(latency_ms: number): Promise<void> {
  await fetch(`${stack.url}/simulator/api/model`, {
    method: 'POST',
    body: JSON.stringify({ latency_ms }),
  });
}

describe.skipIf(!executablePath)('the page', () => {
  it('shows a reply, with its ticks going from sent to read', async () => {
    const column = await aNewCustomer('Ada', '44 7700 900001');
    await write(column, 'Two loaves, please');
    const reply = column.locator('.theirs', { hasText: 'You said: Two loaves, please' });
    await reply.waitFor();
    await column.locator('.mine[data-status="read"]').waitFor();
    await column.locator('.theirs[data-status="read"]').waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows that the business types until it has answered', async () => {
    await setLatency(1_500);
    const column = await aNewCustomer('Ben', '44 7700 900002');
    await write(column, 'Hello');
    await column.getByText('The business is typing').waitFor({ state: 'attached' });
    await column.locator('.theirs', { hasText: 'You said: Hello' }).waitFor();
    await column.getByText('The business is typing').waitFor({ state: 'detached' });
    await setLatency(0);
  });

  it('lets the customer tap what is offered, and shows what the answer quotes', async () => {
    const buttons = ['Yes', 'No'].map((title) => ({ id: title.toLowerCase(), title }));
    const choices = { kind: 'buttons', buttons };
    const answers = [{ kind: 'text', text: '**Shall** I?', fields: { choices } }];
    await fetch(`${stack.url}/simulator/api/model`, {
      method: 'POST',
      body: JSON.stringify({ answers }),
    });
    const column = await aNewCustomer('Cleo', '44 7700 900013');
    await write(column, 'Two loaves, please');
    const offer = column.locator('.theirs', { hasText: 'Shall I?' });
    await offer.getByRole('button', { name: 'Yes' }).click();
    await column.locator('.mine', { hasText: 'Yes' }).locator('.quote').waitFor();
    await column.locator('.theirs', { hasText: /You said:.*Yes/s }).waitFor();
    expect(await offer.getByRole('button', { name: 'No' }).isDisabled()).toBe(true);
    expect(complaints).toEqual([]);
  });

  it('keeps what was typed when it cannot be sent', async () => {
    const column = await aNewCustomer('Cleo', '44 7700 900077');
    await page.route('**/simulator/api/messages', (route) => route.abort());
    await write(column, 'Do not lose me');
    await column.getByText('Not sent').waitFor();
    expect(await column.getByRole('textbox').inputValue()).toBe('Do not lose me');
  });

  it('keeps customers side by side apart', async () => {
    const one = await aNewCustomer('Cleo', '44 7700 900003');
    const other = await aNewCustomer('Dan', '44 7700 900004');
    await write(one, 'From Cleo');
    await write(other, 'From Dan');
    await one.locator('.theirs', { hasText: 'You said: From Cleo' }).waitFor();
    await other.locator('.theirs', { hasText: 'You said: From Dan' }).waitFor();
    expect(await one.getByText('From Dan').count()).toBe(0);
  });

  it('has another set of chats for another business', async () => {
    await page.getByText('Riverside Clinic').click();
    const column = await aNewCustomer('Eve', '44 7700 900005');
    await write(column, 'An appointment?');
    await column.locator('.theirs', { hasText: 'You said: An appointment?' }).waitFor();
    await page.getByText('Sunrise Bakery').click();
    expect(await page.getByRole('article', { name: /^Eve/ }).count()).toBe(0);
  });

  it('shows the marks of WhatsApp, and markup as the text that it is', async () => {
    const column = await aNewCustomer('Fay', '44 7700 900006');
    await write(column, '*bold* _italic_ ~gone~ ```code``` <img src=x onerror=alert(1)> 2*3*4');
    const words = column.locator('.mine .words');
    await words.waitFor();
    expect(await words.locator('strong').allTextContents()).toEqual(['bold']);
    expect(await words.locator('em').allTextContents()).toEqual(['italic']);
    expect(await words.locator('s').allTextContents()).toEqual(['gone']);
    expect(await words.locator('code').allTextContents()).toEqual(['code']);
    expect(await words.locator('img').count()).toBe(0);
    expect(await words.textContent()).toContain('<img src=x onerror=alert(1)> 2*3*4');
  });

  it('shows each station on the way of a message', async () => {
    const column = await aNewCustomer('Gus', '44 7700 900007');
    await write(column, 'Where are you?');
    const journey = page.getByRole('region', { name: /^Way of Gus/ });
    for (const kind of ['webhook', 'accepted', 'queue', 'turn', 'model', 'send', 'status']) {
      await journey.locator(`.step.done[data-kind="${kind}"]`).waitFor();
    }
  });

  it('sends something other than words', async () => {
    const column = await aNewCustomer('Hal', '44 7700 900008');
    await column.getByLabel('Send something else').click();
    await column.getByRole('button', { name: 'Location' }).click();
    await column.locator('.mine .card', { hasText: 'Sol' }).waitFor();
    await column.locator('.theirs', { hasText: 'You said:' }).waitFor();
  });

  it('can be used by keyboard alone', async () => {
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the chats');
    await page.getByRole('button', { name: 'Add customer' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.type('Ida');
    await page.keyboard.press('Tab');
    await page.keyboard.type('447700900009');
    await page.keyboard.press('Enter');
    await page.keyboard.type('By keyboard');
    await page.keyboard.press('Enter');
    const column = page.getByRole('article', { name: /^Ida/ });
    await column.locator('.theirs', { hasText: 'You said: By keyboard' }).waitFor();
  });

  it('fits a phone without scrolling sideways', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(overflow)).toBeLessThanOrEqual(0);
  });
});
