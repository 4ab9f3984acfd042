import { createLogger } from '../../../server/platform/logger';

function logged(production: boolean, write: (logger: ReturnType<typeof createLogger>) => void): string {
  let text = '';
  write(createLogger({ level: 'trace', production, stream: { write: (line) => void (text += line) } }));
  return text;
}

describe.each([true, false])('log (production: %s)', (production) => {
  test('values under the name of a secret are replaced at any depth', () => {
    const text = logged(production, (logger) =>
      logger.info(
        {
          password: 'hunter2',
          headers: { authorization: 'Bearer abc', Cookie: 'chartseal_refresh=def' },
          list: [{ user: { email: 'park@ward.example', refreshToken: 'ghi' } }],
        },
        'sign-in',
      ),
    );
    for (const secret of ['hunter2', 'abc', 'def', 'park@', 'ghi']) expect(text).not.toContain(secret);
    expect(text).toContain('sign-in');
  });

  test('of a request, method, path and address remain', () => {
    const text = logged(production, (logger) =>
      logger.info(
        { req: { method: 'GET', url: '/graphql?query=Wetherby', ip: '10.0.0.9', body: 'Wetherby' } },
        'answered',
      ),
    );
    expect(text).not.toContain('Wetherby');
    expect(text).toContain('/graphql');
    expect(text).toContain('10.0.0.9');
  });

  test('errors are scrubbed, given as err, under another name or alone', () => {
    const error = Object.assign(new Error('failed'), { parameters: ['Wetherby'], detail: 'Wetherby' });
    const text = logged(production, (logger) => {
      logger.error({ err: error }, 'one');
      logger.error({ why: error }, 'two');
      logger.error(error);
    });
    expect(text).not.toContain('Wetherby');
    expect(text.match(/failed/g)?.length).toBeGreaterThanOrEqual(3);
  });
});

test('production writes one JSON object a line, a terminal gets terse lines', () => {
  expect(JSON.parse(logged(true, (logger) => logger.warn({ attempts: 3 }, 'slow')))).toMatchObject({
    level: 'warn',
    msg: 'slow',
    attempts: 3,
  });
  expect(logged(false, (logger) => logger.warn({ attempts: 3 }, 'slow'))).toMatch(
    /^\d\d:\d\d:\d\d warn {2}slow attempts=3\n$/,
  );
});
