/** Makes or reads the key files that it is told of, and reports what they held. */
import { readOrCreateKeyFile } from '../keys/key-file.ts';
import { race } from './race.ts';

const paths = JSON.parse(process.argv[2] ?? '') as string[];
await race(() => paths.map((path) => readOrCreateKeyFile(path).toString('base64url')));
