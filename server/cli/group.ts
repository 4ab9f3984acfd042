import type { Command } from 'commander';

/** The group of commands of this name, such as `import`; made when it is not there yet. */
export function group(program: Command, name: string, description: string): Command {
  const known = program.commands.find((command) => command.name() === name);
  return known ?? program.command(name).description(description);
}
