import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import packed, { inflate } from '@sparticuz/chromium';
import { chromium, type LaunchOptions } from 'playwright';
import manifest from '../package.json' with { type: 'json' };

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * How to start a Chromium on this machine: Playwright's own, else one that is installed, else the one that npm has
 * brought along (Linux on x64). Playwright starts it without a sandbox, which root could not have.
 *
 * NOTE: the arguments that the packed one recommends are left out. They switch the same-origin policy off, and our
 * pages have to live with it.
 */
export async function findChromium(): Promise<LaunchOptions> {
  const executablePath = [chromium.executablePath(), ...installed].find((path) => existsSync(path));
  if (executablePath) return { executablePath };
  if (process.platform === 'linux' && process.arch === 'x64') return unpackChromium();
  throw new Error('No Chromium is here. Install one, or run: npx playwright install chromium');
}

/** Unpacked once per version: beside its place first, so that a run that was cut off leaves no half of a browser. */
async function unpackChromium(): Promise<LaunchOptions> {
  const version = manifest.devDependencies['@sparticuz/chromium'];
  const folder = join(tmpdir(), `latchkey-chromium-${version}`);
  if (!existsSync(folder)) {
    const draft = mkdtempSync(`${folder}-`);
    await inTemporaryFolder(draft, () => [
      packed.executablePath(),
      inflate(fileURLToPath(import.meta.resolve('@sparticuz/chromium').replace('build/index.js', 'bin/al2023.tar.br'))),
    ]);
    writeFileSync(
      join(draft, 'fonts.conf'),
      `<fontconfig><dir>${folder}/fonts</dir><cachedir>${folder}/font-cache</cachedir></fontconfig>\n`,
    );
    try {
      renameSync(draft, folder);
    } catch (error) {
      // NOTE: another run was faster.
      rmSync(draft, { recursive: true });
      if (!existsSync(folder)) throw error;
    }
  }
  return { executablePath: join(folder, 'chromium'), env: { ...process.env, ...whatTheMachineLacks(folder) } };
}

/** A machine with npm and nothing else has no fonts and none of Chromium's libraries; the package brings both. */
function whatTheMachineLacks(folder: string): NodeJS.ProcessEnv {
  return {
    LD_LIBRARY_PATH: join(folder, 'al2023/lib'),
    ...(existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_FILE: join(folder, 'fonts.conf') }),
  };
}

/** The package unpacks to wherever `TMPDIR` points at the moment of the call. */
async function inTemporaryFolder(folder: string, start: () => readonly Promise<unknown>[]): Promise<void> {
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  const started = start();
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await Promise.all(started);
}
