import 'reflect-metadata';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../server/cli/main';
import { readConfig } from '../../server/config/config';

const root = join(__dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const pages = [
  'README.md',
  'server/crypto/README.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
];

/** A page as prose: code blocks out, since what stands in them is no link and no table. */
const prose = (page: string): string => read(page).replace(/^ *```[^]*?^ *```/gm, '');

/** The anchor that a heading gets: lower case, no punctuation, hyphens for spaces. */
const anchorOf = (heading: string): string =>
  heading.trim().toLowerCase().replace(/[^\p{L}\p{N} -]/gu, '').replace(/ /g, '-'); // prettier-ignore

const anchors = (page: string): string[] =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));

test('links lead somewhere', () => {
  const broken = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !/^[a-z]+:/.test(link) && !leads(page, link))
      .map((link) => `${page}: ${link}`),
  );
  expect(broken).toEqual([]);
});

function leads(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? join(root, page) : resolve(root, dirname(page), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchors(relative(root, target)).includes(anchor);
}

test('files that the pages name are there', () => {
  const named = pages.flatMap((page) =>
    [...prose(page).matchAll(/`((?:server|client|test|bench|scripts|docs)\/[\w./-]+)`/g)].map(([, path]) => ({
      page,
      path: path!,
    })),
  );
  expect(named.length).toBeGreaterThan(30);
  expect(named.filter(({ path }) => !existsSync(join(root, path)))).toEqual([]);
});

describe('settings', () => {
  const documented = [...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name!);
  const known = [...read('server/config/config.ts').matchAll(/^ {4}([A-Z][A-Z0-9_]+): /gm)].map(([, name]) => name!);

  test('every setting is explained in .env.example, and nothing else is', () => {
    expect(known.length).toBeGreaterThan(15);
    expect([...documented].sort()).toEqual([...known].sort());
  });

  test('the defaults it shows are the defaults', () => {
    const values = Object.fromEntries([...read('.env.example').matchAll(/^([A-Z][A-Z0-9_]+)=(.*)$/gm)].map((line) => [line[1], line[2]])); // prettier-ignore
    expect(readConfig(values)).toEqual(readConfig({}));
  });

  test('those that the pages mention exist', () => {
    const own = new RegExp(`\\b(${['DATA_DIR', ...known].join('|')})\\b`);
    const mentioned = pages.flatMap((page) => [...read(page).matchAll(/`([A-Z]+(?:_[A-Z0-9]+)*)=/g)].map(([, name]) => name!));
    expect(mentioned.filter((name) => !own.test(name))).toEqual([]);
  }); // prettier-ignore
});

describe('commands', () => {
  const leaves = (command: Command, path: string[] = []): { path: string; options: string[] }[] => {
    const options = command.options.map(({ long }) => long ?? '');
    const subs = command.commands.flatMap((sub) => leaves(sub, [...path, sub.name()]));
    return subs.length > 0 ? subs : [{ path: path.join(' '), options }];
  };
  const commands = leaves(createProgram());

  test('every command has its line in commands.md', () => {
    const lines = read('docs/operations/commands.md');
    expect(commands.filter(({ path }) => !lines.includes(`\`${path}`))).toEqual([]);
  });

  test('what the pages tell people to type exists, options too', () => {
    const typed = pages.flatMap((page) => [
      ...[...read(page).matchAll(/chartseal -- ([a-z][^\n`#>]*)/g)].map(([, line]) => line!),
      ...(page.endsWith('commands.md')
        ? [...read(page).matchAll(/^\| `([a-z][^`]*)`/gm)].map(([, line]) => line!)
        : []),
    ]);
    expect(typed.length).toBeGreaterThan(10);
    const unknown = typed.filter((line) => {
      const command = commands.find(({ path }) => `${line} `.startsWith(`${path} `));
      const options = [...line.matchAll(/--[a-z-]+/g)].map(([option]) => option);
      return !command || options.some((option) => !command.options.includes(option));
    });
    expect(unknown).toEqual([]);
  });

  test('a path is taken from the folder of whoever typed it, by every command', () => {
    const before = process.env.INIT_CWD;
    process.env.INIT_CWD = '/backups';
    try {
      const all = (command: Command): Command[] => [command, ...command.commands.flatMap(all)];
      const paths = all(createProgram())
        .flatMap(({ options, registeredArguments }) => [
          ...options.map(({ flags, parseArg }) => ({ name: flags, parseArg })),
          ...registeredArguments.map((argument) => ({ name: `<${argument.name()}>`, parseArg: argument.parseArg })),
        ])
        .filter(({ name }) => /[<[](?:file|path|pem|folder|directory)\b/.test(name));
      expect(paths.length).toBeGreaterThan(15);
      const takenElsewhere = paths.filter(({ parseArg }) => String(parseArg?.('here', undefined)) !== '/backups/here');
      expect(takenElsewhere.map(({ name }) => name)).toEqual([]);
    } finally {
      if (before === undefined) delete process.env.INIT_CWD;
      else process.env.INIT_CWD = before;
    }
  });

  test('scripts of package.json that the pages name exist', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) => [...read(page).matchAll(/npm run (?:-s )?([\w:]+)/g)].map(([, name]) => name!));
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  }); // prettier-ignore
});

test('what the Dockerfile copies is let through to it', () => {
  const copied = [...read('Dockerfile').matchAll(/^COPY (?!--)(.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
  const letIn = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path!);
  expect(copied.length).toBeGreaterThan(10);
  expect(copied.filter((path) => !letIn.includes(path) || !existsSync(join(root, path)))).toEqual([]);
});

test('the pages use the words of the glossary', () => {
  // the word of the house, and what would be a second word for it
  const others: [word: string, second: RegExp][] = [
    ['visit', /\bappointments?\b|\bconsultations?\b/i],
    ['entry', /\baudit (?:records?|events?|rows?)\b|\blog lines?\b/i],
    ['treatment update', /\btreatment (?:notes?|records?)\b/i],
    ['data key', /\bDEKs?\b|\bpatient keys?\b/],
    ['envelope', /\bcipher ?blobs?\b/i],
    ['search token', /\bblind ind(?:ex|exes|ices)\b/i],
    ['audit log', /\baudit trails?\b/i],
  ];
  const found = pages.flatMap((page) =>
    others.flatMap(([word, second]) => {
      const hit = second.exec(prose(page));
      return hit ? [`${page}: "${hit[0]}" is ${word} here`] : [];
    }),
  );
  expect(found).toEqual([]);
});

test('the diagram of imports and the rules say the same rooms', () => {
  const rooms = readdirSync(join(root, 'server'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const house = read('docs/architecture.md');
  const rules = read('eslint.config.mjs');
  const named = (text: string, room: string) => new RegExp(`\\b${room}\\b`).test(text);
  expect(rooms.filter(({ name }) => !named(house, name) || !named(rules, name)).map(({ name }) => name)).toEqual([]);
});
