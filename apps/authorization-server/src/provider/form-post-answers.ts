import type { Pages } from '@latchkey/pages';
import type { Middleware } from 'koa';
import { engineRoute } from './discovery-answers.ts';

const page = /<title>Submitting Callback<\/title>[\s\S]*<form method="post" action="([^"]*)">([\s\S]*?)<noscript>/;
const input = /<input type="hidden" name="([^"]*)" value="([^"]*)"\/>/g;

/**
 * The engine moves on by a form that submits itself (a change of account, a device's code in the address, the response
 * mode `form_post`). Without script its page is bare; this puts the same form into ours, with a button in plain sight.
 */
export function dressFormPost(pages: Pages): Middleware {
  return async (ctx, next) => {
    await next();
    if (engineRoute(ctx) === undefined || typeof ctx.body !== 'string') return;
    const [, action, inputs] = page.exec(ctx.body) ?? [];
    if (action === undefined || inputs === undefined) return;
    const fields = [...inputs.matchAll(input)].map(([, name = '', value = '']) => ({ name, value: unescaped(value) }));
    const { status } = ctx;
    await pages.render(ctx, 'provider/continue', { title: 'One moment', action: unescaped(action), fields }, status);
  };
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", '#x27': "'" };

function unescaped(text: string): string {
  return text.replace(/&(amp|lt|gt|quot|#39|#x27);/g, (_, name: string) => entities[name] ?? '');
}
