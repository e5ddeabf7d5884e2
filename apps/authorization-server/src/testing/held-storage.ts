import type { Artifacts } from '../storage/artifacts.ts';

/** Where a request can be stopped: before or after the storage does one thing with one kind of artifact. */
export type Moment = `${'before' | 'after'} ${'find' | 'consume' | 'save'} ${string}`;

/** Stops a request between two steps of the engine, so that another can overtake it there each time and not by luck. */
export function holdStorage() {
  let held: { moment: Moment; reached: PromiseWithResolvers<void>; released: PromiseWithResolvers<void> } | undefined;

  const pass = async (moment: Moment): Promise<void> => {
    if (held?.moment !== moment) return;
    const { reached, released } = held;
    // NOTE: only the first one stops; those who overtake it pass the same place.
    held = undefined;
    reached.resolve();
    await released.promise;
  };

  const around = async <Value>(step: `${'find' | 'consume' | 'save'} ${string}`, work: () => Promise<Value>) => {
    await pass(`before ${step}`);
    const value = await work();
    await pass(`after ${step}`);
    return value;
  };

  return {
    slowed: (artifacts: Artifacts): Artifacts => ({
      ...artifacts,
      find: (model, id) => around(`find ${model}`, () => artifacts.find(model, id)),
      findGrant: (id) => around('find Grant', () => artifacts.findGrant(id)),
      consume: (model, id, spentWith) => around(`consume ${model}`, () => artifacts.consume(model, id, spentWith)),
      save: (model, id, payload, placement, transaction) =>
        transaction
          ? artifacts.save(model, id, payload, placement, transaction)
          : around(`save ${model}`, () => artifacts.save(model, id, payload, placement)),
    }),
    /** The next request that comes to this moment stops there. */
    stopAt(moment: Moment) {
      const [reached, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      held = { moment, reached, released };
      return { reached: reached.promise, goOn: released.resolve };
    },
  };
}
