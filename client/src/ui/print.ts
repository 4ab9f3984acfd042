/** What every printed sheet says in its margins. */
export interface Margins {
  whose: string;
  by: string;
  page: string;
  of: string;
}

const READY = 'data-print-ready';

/**
 * Opens the browser's print dialog with margins that name patient, printer and page. Outside of it the print style shows a
 * notice instead of the record, so that Ctrl+P does not go past the log.
 */
export function printPages({ whose, by, page, of }: Margins): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`@page {
    margin: 18mm 14mm;
    @top-left { content: ${quoted(whose)}; font: 600 10pt sans-serif; }
    @bottom-left { content: ${quoted(by)}; font: 8pt sans-serif; }
    @bottom-right { content: ${quoted(`${page} `)} counter(page) ${quoted(` ${of} `)} counter(pages); font: 8pt sans-serif; }
  }`);
  document.adoptedStyleSheets.push(sheet);
  document.documentElement.setAttribute(READY, '');
  const after = () => {
    document.documentElement.removeAttribute(READY);
    document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
  };
  window.addEventListener('afterprint', after, { once: true });
  window.print();
}

/** A CSS string: whatever is no letter or digit of ASCII is written as its code point (CSS Syntax 3, 4.3.7). */
function quoted(text: string): string {
  return `"${text.replace(/[^a-zA-Z0-9 ]/gu, (sign) => `\\${sign.codePointAt(0)!.toString(16)} `)}"`;
}
