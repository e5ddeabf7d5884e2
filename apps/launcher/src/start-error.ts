/** An expected reason why the start ends here, told in plain words. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
