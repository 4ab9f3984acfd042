import { Gate } from '../../../server/platform/gate';

/** Work that ends when it is told to. */
function patientWork() {
  const running: { name: string; end: () => void; fail: () => void }[] = [];
  const work = (name: string) => () =>
    new Promise<string>((end, fail) =>
      running.push({ name, end: () => end(name), fail: () => fail(new Error(`${name} failed`)) }),
    );
  const names = () => running.map(({ name }) => name);
  return { running, work, names };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('as many run as there are places; the others follow in the order they came', async () => {
  const gate = new Gate(2);
  const { running, work, names } = patientWork();
  const all = ['first', 'second', 'third', 'fourth'].map((name) => gate.pass(work(name)));
  expect(names()).toEqual(['first', 'second']);
  running[1]!.end();
  await settled();
  expect(names()).toEqual(['first', 'second', 'third']);
  running[0]!.end();
  await settled();
  expect(names()).toEqual(['first', 'second', 'third', 'fourth']);
  running[2]!.end();
  running[3]!.end();
  expect(await Promise.all(all)).toEqual(['first', 'second', 'third', 'fourth']);
});

test('who fails gives the turn on', async () => {
  const gate = new Gate(1);
  const { running, work, names } = patientWork();
  const failing = gate.pass(work('failing'));
  const waiting = gate.pass(work('waiting'));
  running[0]!.fail();
  await expect(failing).rejects.toThrow('failing failed');
  await settled();
  expect(names()).toEqual(['failing', 'waiting']);
  running[1]!.end();
  await waiting;
});

test('who finds too many waiting is turned away at once, and nobody waiting loses the place', async () => {
  const gate = new Gate(1, 1);
  const { running, work, names } = patientWork();
  const first = gate.pass(work('first'));
  const second = gate.pass(work('second'));
  await expect(gate.pass(work('third'), () => new RangeError('full'))).rejects.toThrow(new RangeError('full'));
  running[0]!.end();
  await first;
  await settled();
  expect(names()).toEqual(['first', 'second']);
  running[1]!.end();
  await second;
});
