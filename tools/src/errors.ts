/** Input or options that cannot be used: printed as it is, exit status 1 (or 2 for refused data). */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 1
  ) {
    super(message);
  }
}
