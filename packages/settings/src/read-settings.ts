import { readFileSync } from 'node:fs';
import type { z } from 'zod';

/** Thrown when the environment does not describe a runnable app; `problems` holds one line per setting. */
export class SettingsError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`These settings must be mended before the start:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.name = 'SettingsError';
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads settings by a zod object schema whose keys are environment variable names.
 *
 * @param schema keys are variable names; unknown variables are ignored
 * @param environment usually `process.env`
 * @param check rules across settings (production refusals, say): one line per problem, beginning with the name. It runs
 *   even when a setting cannot be read, which then has its default, or is undefined if it has none
 * @throws {SettingsError} with every problem at once, never only the first
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  environment: Environment,
  check: (settings: z.output<Schema>) => readonly string[] = () => [],
): z.output<Schema> {
  const problems: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.shape)) {
    const value = settingValue(name, environment, problems);
    if (value !== undefined) values[name] = value;
  }

  const parsed = schema.safeParse(values);
  const failed = new Set<string>();
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0]);
    failed.add(name);
    problems.push(
      values[name] === undefined ? `${name} is missing (set ${name}, or ${name}_FILE)` : `${name}: ${message}`,
    );
  }

  const sound = Object.fromEntries(Object.entries(values).filter(([name]) => !failed.has(name)));
  const others = parsed.success ? parsed.data : schema.partial().parse(sound);
  const isReported = (problem: string) => [...failed].some((name) => new RegExp(`^${name}\\b`).test(problem));
  problems.push(...check(others as z.output<Schema>).filter((problem) => !isReported(problem)));

  if (problems.length > 0 || !parsed.success) throw new SettingsError([...new Set(problems)]);
  return parsed.data;
}

function settingValue(name: string, environment: Environment, problems: string[]): string | undefined {
  const direct = environment[name] === '' ? undefined : environment[name];
  const file = environment[`${name}_FILE`] || undefined;
  if (direct !== undefined && file !== undefined) {
    problems.push(`${name} and ${name}_FILE are both set: keep one`);
    return direct;
  }
  if (file === undefined) return direct;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    problems.push(`${name}_FILE cannot be read: ${(error as Error).message}`);
    return undefined;
  }
}
