import { join } from 'node:path';
import ejs from 'ejs';
import type { Context } from 'koa';
import type { Assets } from './assets.ts';

/** What the layout needs; a view's own locals come on top. */
export interface PageLocals {
  /** The heading and the tab's title. */
  readonly title: string;
  readonly [local: string]: unknown;
}

export interface Pages {
  /**
   * Renders `views/<view>.ejs` in the layout and answers with it, never cached: pages speak to one person.
   *
   * @param view folder and page, `interaction/consent`
   * @param status HTTP status, 200 by default
   */
  render(ctx: Context, view: string, locals: PageLocals, status?: number): Promise<void>;
}

export interface PagesOptions {
  readonly views: string;
  readonly assets: Assets;
  /** The product's name, at the top of each page and in the tab. */
  readonly product: string;
  readonly layout?: string;
}

/** Pages out of EJS views. Compiled once and kept. */
export function createPages({ views, assets, product, layout = 'layout' }: PagesOptions): Pages {
  const file = (view: string) => join(views, `${view}.ejs`);
  const options = { cache: true, root: views, views: [views] };
  return {
    async render(ctx, view, locals, status = 200) {
      const data = { product, asset: assets.url, ...locals };
      const body = await ejs.renderFile(file(view), data, options);
      const page = await ejs.renderFile(file(layout), { ...data, view, body }, options);
      ctx.status = status;
      ctx.type = 'html';
      ctx.set('Cache-Control', 'no-store');
      ctx.body = page;
    },
  };
}
