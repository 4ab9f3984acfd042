import type { IncomingHttpHeaders } from 'node:http';
import { demandSameOrigin } from '../../../server/identity/same-origin';

const publicUrl = 'https://records.ward.example/';
const own: IncomingHttpHeaders = { 'x-chartseal-csrf': '1', origin: 'https://records.ward.example' };

const ask = (headers: IncomingHttpHeaders, url: string | null = publicUrl, host = 'internal:4000', protocol: 'http' | 'https' = 'http') =>
  () => demandSameOrigin({ headers, host, protocol }, url); // prettier-ignore

describe('requests that act by cookie', () => {
  test('from our own pages pass', () => {
    expect(ask(own)).not.toThrow();
    expect(ask({ ...own, 'sec-fetch-site': 'same-origin' })).not.toThrow();
  });

  test.each<[string, IncomingHttpHeaders]>([
    ['without the header', { origin: own.origin }],
    ['with another value of it', { ...own, 'x-chartseal-csrf': 'true' }],
    ['without an Origin', { 'x-chartseal-csrf': '1' }],
    ['from a foreign page', { ...own, origin: 'https://evil.example' }],
    ['from a sandboxed frame or a file: Origin null', { ...own, origin: 'null' }],
    ['from our host without TLS', { ...own, origin: 'http://records.ward.example' }],
    ['from another port', { ...own, origin: 'https://records.ward.example:8443' }],
    ['from a subdomain', { ...own, origin: 'https://x.records.ward.example' }],
    ['from a look-alike', { ...own, origin: 'https://records.ward.example.evil.example' }],
    ['that the browser calls cross-site', { ...own, 'sec-fetch-site': 'cross-site' }],
    ['that the browser calls same-site only', { ...own, 'sec-fetch-site': 'same-site' }],
  ])('%s are refused', (_name, headers) => {
    expect(ask(headers)).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
  });

  test('without a public URL, the address that was asked is ours', () => {
    const headers = { ...own, origin: 'http://127.0.0.1:4000' };
    expect(ask(headers, null, '127.0.0.1:4000')).not.toThrow();
    expect(ask(headers, null, 'localhost:4000')).toThrow();
    expect(ask(headers, null, '127.0.0.1:4000', 'https')).toThrow();
  });
});
