import { Gauge, type Registry } from 'prom-client';
import type { DataSource } from 'typeorm';

/** Lets whoever watches the metrics see broken glass: asked when they look. A database that is away leaves the last figure. */
export function watchGrants(registry: Registry, dataSource: DataSource): void {
  const count = async (gauge: Gauge, sql: string) => {
    const rows = await dataSource.query<{ n: number }[]>(sql).catch(() => []);
    if (rows[0]) gauge.set(rows[0].n);
  };
  new Gauge({
    name: 'chartseal_break_glass_open_grants',
    help: 'Break-glass grants that are open now.',
    registers: [registry],
    async collect() {
      await count(this, 'SELECT count(*)::int AS n FROM break_glass_open');
    },
  });
  new Gauge({
    name: 'chartseal_break_glass_unreviewed_grants',
    help: 'Break-glass grants that nobody has reviewed yet, open ones included.',
    registers: [registry],
    async collect() {
      await count(this, 'SELECT count(*)::int AS n FROM break_glass_grant WHERE reviewed_at IS NULL');
    },
  });
}
