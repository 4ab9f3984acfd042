import { COUNTED_AT_MOST, countUpTo } from '../../server/database/count-up-to';
import { openHospital, type OpenedHospital } from '../support/opened-hospital';

let hospital: OpenedHospital;
beforeAll(async () => void (hospital = await openHospital()));
afterAll(() => hospital?.close());

const counted = (rows: number) => countUpTo(hospital.runtime.dataSource, 'generate_series(1, $1::int)', [rows]);

test('rows are counted up to a bound, and beyond it nobody goes on counting', async () => {
  expect(await counted(0)).toBe(0);
  expect(await counted(COUNTED_AT_MOST)).toBe(COUNTED_AT_MOST);
  expect(await counted(COUNTED_AT_MOST + 1)).toBeUndefined();
});
