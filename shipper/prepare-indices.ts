import { errors, type Client } from '@elastic/elasticsearch';
import type { Logger } from '@trancendos/platform/log';
import policy from './elasticsearch/ilm-policy.json' with { type: 'json' };
import template from './elasticsearch/index-template.json' with { type: 'json' };

const POLICY = 'trancendos-logs';
const TEMPLATE = 'trancendos-logs';

/**
 * Puts the index template, and where the server knows lifecycles the policy that its streams follow. Throws while the server is away.
 * A server without lifecycles (the trimmed one of a local run) keeps everything until its data is wiped.
 */
export async function prepareIndices(client: Client, log: Logger): Promise<void> {
  const hasLifecycles = await putPolicy(client);
  const settings = { ...template.template.settings, ...(hasLifecycles && { 'index.lifecycle.name': POLICY }) };
  await client.transport.request({
    method: 'PUT',
    path: `/_index_template/${TEMPLATE}`,
    body: { ...template, template: { ...template.template, settings } },
  });
  log.info({ detail: hasLifecycles ? `lifecycle policy ${POLICY}` : 'no lifecycles on this server' }, 'the index template is in place');
}

async function putPolicy(client: Client): Promise<boolean> {
  try {
    await client.transport.request({ method: 'PUT', path: `/_ilm/policy/${POLICY}`, body: policy });
    return true;
  } catch (error) {
    const status = error instanceof errors.ResponseError ? error.statusCode : undefined;
    if (status === 400 || status === 404 || status === 405) return false;
    throw error;
  }
}
