/**
 * Settings from the environment: one schema per app, every problem reported at once, and a `NAME_FILE` twin for each
 * variable so that secrets can be mounted as files, or made at the first start. This room knows nothing about what the settings mean.
 */
export { defaultDataDirectory, resolveFromRoot } from './data-directory.ts';
export { readSettings, SettingsError } from './read-settings.ts';
export { ensureSecretFile } from './secret-file.ts';
export { booleanSetting, databaseUrlSetting, listSetting, originSetting, portSetting } from './setting-types.ts';
