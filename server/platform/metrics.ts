import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What a pool of connections knows of itself. */
interface Connections {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
}

/**
 * Everything measured, for Prometheus. Labels come from closed lists only: never an id, a name, an address or a
 * client's own text. One instance per running server, so that tests may run several.
 */
export class Metrics {
  readonly registry = new Registry();
  private readonly registers = [this.registry];

  /** Seconds from the first byte in to the last byte out, by route template and status. */
  private readonly httpDuration = new Histogram({
    name: 'chartseal_http_request_duration_seconds',
    help: 'Time to answer an HTTP request.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5],
    registers: this.registers,
  });

  private readonly graphqlOperations = new Counter({
    name: 'chartseal_graphql_operations_total',
    help: 'GraphQL operations by outcome.',
    labelNames: ['outcome'] as const,
    registers: this.registers,
  });

  readonly auditPending = new Gauge({
    name: 'chartseal_audit_pending_entries',
    help: 'Audit entries written but not yet sealed into the chain.',
    registers: this.registers,
  });

  readonly auditPendingAge = new Gauge({
    name: 'chartseal_audit_pending_age_seconds',
    help: 'Age of the oldest audit entry not yet sealed.',
    registers: this.registers,
  });

  readonly auditSealed = new Counter({
    name: 'chartseal_audit_sealed_entries_total',
    help: 'Audit entries this process sealed into the chain.',
    registers: this.registers,
  });

  readonly sealerBatches = new Histogram({
    name: 'chartseal_audit_sealer_batch_seconds',
    help: 'Time to seal one batch of audit entries.',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2],
    registers: this.registers,
  });

  /** Alarms of the whole hospital, not of this process alone. */
  readonly auditAlarms = new Gauge({
    name: 'chartseal_audit_alarms',
    help: 'Alarms of the audit log that nobody has acknowledged, by kind.',
    labelNames: ['kind'] as const,
    registers: this.registers,
  });

  /** 1 verified or checking; 0 broken, or an alarm that says so is not acknowledged. */
  readonly auditIntact = new Gauge({
    name: 'chartseal_audit_log_intact',
    help: 'Whether the audit log verifies: 1 yes, 0 no.',
    registers: this.registers,
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
  }

  /** Counts one GraphQL operation under each of its outcomes: OK, or codes of the error catalogue. */
  operationEnded(outcomes: readonly string[]): void {
    for (const outcome of outcomes) this.graphqlOperations.inc({ outcome: CODE.test(outcome) ? outcome : 'OTHER' });
  }

  /** Counts one answered HTTP request; `route` must be the template, such as `/assets/*`, never the path asked for. */
  observeRequest(request: { method: string; route: string; status: number; seconds: number }): void {
    const { method, route, status, seconds } = request;
    this.httpDuration.observe({ method: METHODS.has(method) ? method : 'OTHER', route, status }, seconds);
  }

  /** Tells of a pool's connections, as they are whenever somebody looks. */
  watchConnections(pool: Connections): void {
    new Gauge({
      name: 'chartseal_database_connections',
      help: 'Connections to PostgreSQL: busy, idle, and wanted by work that waits for one.',
      labelNames: ['state'] as const,
      registers: this.registers,
      collect() {
        this.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
        this.set({ state: 'idle' }, pool.idleCount);
        this.set({ state: 'wanted' }, pool.waitingCount);
      },
    });
  }
}

const CODE = /^[A-Z_]{2,40}$/;
const METHODS = new Set(['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']);
