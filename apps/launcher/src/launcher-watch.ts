/**
 * Loaded into each app by the launcher (`node --import`): ends the app when the launcher is gone, however it went.
 * The channel between them closes with the launcher's life, also at `kill -9`. The app is asked as by any operator,
 * with SIGTERM, and knows nothing of this.
 */
const patienceMs = 3_000;

// NOTE: the channel must not keep an app alive that has nothing left to do.
process.channel?.unref();

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), patienceMs).unref();
});
