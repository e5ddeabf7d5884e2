/** The engine that this run of the tests is about: everything that stores something is tested on both. */
export const testEngine = process.env.TEST_ENGINE === 'postgres' ? 'postgres' : 'sqlite';
