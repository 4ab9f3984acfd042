import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const WARD = resolve('test/vectors/fhir/ward');
export const BUNDLE = resolve('test/vectors/fhir/bundle.json');

type Resource = Record<string, unknown>;

/** A copy of the ward's export that a test may change. */
export class WardCopy {
  private constructor(readonly folder: string) {}

  static async make(): Promise<WardCopy> {
    const folder = await mkdtemp(join(tmpdir(), 'chartseal-ward-'));
    await cp(WARD, folder, { recursive: true });
    return new WardCopy(folder);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Replaces members of one resource. */
  async change(file: string, id: string, change: Resource): Promise<void> {
    const resources = (await readFile(this.path(file), 'utf8')).trimEnd().split('\n').map((line) => JSON.parse(line) as Resource); // prettier-ignore
    await this.write(
      file,
      resources.map((resource) => (resource.id === id ? { ...resource, ...change } : resource)),
    );
  }

  /** Adds lines to a file, as they are. */
  async append(file: string, ...lines: (Resource | string)[]): Promise<void> {
    const before = await readFile(this.path(file), 'utf8').catch(() => '');
    await writeFile(this.path(file), before + linesOf(lines));
  }

  async write(file: string, lines: (Resource | string)[]): Promise<void> {
    await writeFile(this.path(file), linesOf(lines));
  }

  remove(): Promise<void> {
    return rm(this.folder, { recursive: true, force: true });
  }
}

function linesOf(lines: (Resource | string)[]): string {
  return lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
}
