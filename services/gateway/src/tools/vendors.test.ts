import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from '@jest/globals';
import { toolsOf, type Tool } from '@punchcard/contracts';
import OpenAI from 'openai';
import { forms } from './format-rules.ts';

const tools = toolsOf();

/** Stands where the vendor's service would: keeps the body that its SDK sends. */
function vendor(answer: object) {
  const sent: { tools?: unknown }[] = [];
  const listen = (_url: unknown, init?: { body?: unknown }) => {
    sent.push(JSON.parse(String(init?.body)) as { tools?: unknown });
    return Promise.resolve(new Response(JSON.stringify(answer), { headers: { 'content-type': 'application/json' } }));
  };
  return { sent, settings: { apiKey: 'none', fetch: listen as typeof fetch, maxRetries: 0 } };
}

/** That these assignments compile is half of the test: the forms are the vendors' own types. */
describe("the vendors' own SDKs", () => {
  it('OpenAI takes the openai form as it is', async () => {
    const form: (tool: Tool) => OpenAI.Chat.ChatCompletionTool = forms.openai;
    const { sent, settings } = vendor({ id: 'c', object: 'chat.completion', choices: [] });

    const list = tools.map(form);
    await new OpenAI(settings).chat.completions.create({ model: 'any', messages: [], tools: list });

    expect(sent).toEqual([expect.objectContaining({ tools: list })]);
  });

  it('Anthropic takes the anthropic form as it is', async () => {
    const form: (tool: Tool) => Anthropic.Tool = forms.anthropic;
    const { sent, settings } = vendor({ id: 'm', type: 'message', content: [] });

    const list = tools.map(form);
    await new Anthropic(settings).messages.create({ model: 'any', max_tokens: 1, messages: [], tools: list });

    expect(sent).toEqual([expect.objectContaining({ tools: list })]);
  });
});
