import { askingOf } from './asking.ts';
import type { Scenario } from './scenario.ts';

export const silentAuthorization: Scenario = {
  name: 'silent_authorization',
  title: 'Silent authorization',
  aim: 1.3,
  async prepare({ server }) {
    const asking = askingOf(server);
    return async (lane) => {
      await asking.authorize(lane);
      return true;
    };
  },
};

/** Four requests are one unit. */
export const fullFlow: Scenario = {
  name: 'full_flow',
  title: 'Full flow',
  async prepare({ server }) {
    const asking = askingOf(server);
    return async (lane) => {
      const refreshToken = await asking.exchange(lane, await asking.authorize(lane));
      await asking.introspect(lane, await asking.refresh(lane, refreshToken));
      return true;
    };
  },
};
