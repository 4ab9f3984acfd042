/** Lints made-up texts as if they stood in real files: JSON [{file, text}] in, JSON [[fault, …], …] out. A process of its own, since ESLint loads its configuration as an ES module, which Jest cannot. */
import { ESLint } from 'eslint';
import { readFileSync } from 'node:fs';

const eslint = new ESLint();
const faults = [];
for (const { file, text } of JSON.parse(readFileSync(0, 'utf8'))) {
  const [result] = await eslint.lintText(text, { filePath: file });
  faults.push(result.messages.map(({ ruleId, message }) => `${ruleId}: ${message}`));
}
process.stdout.write(JSON.stringify(faults));
