import { Unhurried } from '../../../server/audit/unhurried';

test('a verification nobody waits for rests each time, and no more once somebody waits', async () => {
  let rests = 0;
  const pace = new Unhurried(() => Promise.resolve((rests += 1)));
  await pace.between();
  await pace.between();
  expect(rests).toBe(2);
  pace.hurry();
  await pace.between();
  expect(rests).toBe(2);
});

test('ended, it does not even rest to the end', async () => {
  const pace = new Unhurried(
    (_, signal) => new Promise((_resolve, reject) => (signal.onabort = () => reject(new Error('ended')))),
  );
  const resting = pace.between();
  pace.end();
  await expect(resting).rejects.toThrow('ended');
  await expect(pace.between()).rejects.toMatchObject({ name: 'AbortError' });
});
