import { Command, CommanderError } from 'commander';
import { logTo, RefusedInputError, RESEARCH_NOTICE, SOFTWARE } from '@inner-ear-hydrops/core';
import { CommandError } from './errors';

/** What a subcommand's folder exports in `command.ts`. */
export interface CommandModule {
  register(program: Command): void;
}

/**
 * Runs `hydrops`. Only the subcommand asked for is loaded, as some bring large libraries along.
 * @param argv the arguments after the command's name.
 * @param commands how to load each subcommand's module, by name.
 * @returns the exit status: 0 done, 1 our own failure or wrong usage, 2 input refused.
 */
export async function run(
  argv: string[],
  commands: Record<string, () => Promise<CommandModule>>
): Promise<number> {
  const program = new Command('hydrops')
    .description(`Endolymphatic hydrops on inner-ear MRI. ${RESEARCH_NOTICE}`)
    .version(`${SOFTWARE}\n${RESEARCH_NOTICE}`, '-V, --version', 'print version and build')
    .showHelpAfterError('(see hydrops --help, or hydrops COMMAND --help)')
    .exitOverride();
  const asked = argv.find((argument) => !argument.startsWith('-'));
  const chosen = asked === undefined ? undefined : commands[asked];
  for (const load of chosen ? [chosen] : Object.values(commands)) {
    (await load()).register(program);
  }
  inheritExitOverride(program);
  offerDebugLog(program);
  try {
    await program.parseAsync(argv, { from: 'user' });
    return Number(process.exitCode ?? 0);
  } catch (error) {
    return exitStatus(error);
  }
}

/** Commander copies settings to subcommands made by `command()`, not to those added ready-made. */
function inheritExitOverride(program: Command): void {
  for (const command of program.commands) {
    command.copyInheritedSettings(program);
    inheritExitOverride(command);
  }
}

/** Each subcommand takes `--verbose`. */
function offerDebugLog(program: Command): void {
  for (const command of program.commands) {
    command.option('--verbose', 'log each step and its duration to standard error');
  }
  program.hook('preAction', (_, command) => {
    const verbose = command.opts<{ verbose?: boolean }>().verbose === true;
    logTo(verbose ? (line) => void process.stderr.write(`${line}\n`) : null);
  });
}

function exitStatus(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
  if (error instanceof RefusedInputError) {
    process.stderr.write(`${error.message} ${error.remedy}\n`);
    return 2;
  }
  if (error instanceof CommandError) {
    process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
  process.stderr.write(
    `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`
  );
  return 1;
}
