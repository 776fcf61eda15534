/** The language model provider: its dialects, the scenarios that bend them, and the log of what was delivered. */
import { RequestError, readJsonObject, sendJson } from '../http/exchange.ts';
import type { Route } from '../http/router.ts';
import { anthropicRoutes } from './anthropic.ts';
import { type CallLog, createCallLog, describeCall } from './call-log.ts';
import { geminiRoutes } from './gemini.ts';
import { openaiRoutes } from './openai.ts';
import { parseScenario } from './scenario.ts';
import { createScenarioBoard, type PostedScenario, type ScenarioBoard } from './scenario-board.ts';

const CALLS_SHOWN = 100;
const CALLS_SHOWN_MAX = 1_000;

export function openUpstream({ key }: { key: string }): { routes: Route[] } {
  const log = createCallLog();
  const board = createScenarioBoard();
  const parts = { key, log, board };
  return {
    routes: [
      ...openaiRoutes(parts),
      ...anthropicRoutes(parts),
      ...geminiRoutes(parts),
      ...scenarioRoutes(board),
      ...callRoutes(log),
    ],
  };
}

function scenarioRoutes(board: ScenarioBoard): Route[] {
  const path = '/sandbox/upstream/scenario';
  const describeAll = () => ({ data: board.list().map(describePosted) });
  return [
    {
      method: 'GET',
      path,
      handle: ({ response }) => sendJson(response, 200, describeAll()),
    },
    {
      method: 'POST',
      path,
      async handle({ request, response }) {
        const entry = readPosted(await readJsonObject(request));
        if (entry.text.trim() === '') board.remove(entry.key);
        else board.post(entry);
        sendJson(response, 200, describeAll());
      },
    },
    {
      method: 'DELETE',
      path,
      handle({ response }) {
        board.clear();
        sendJson(response, 200, describeAll());
      },
    },
  ];
}

function readPosted(body: Record<string, unknown>): PostedScenario {
  const { key = null, scenario: text, times = null, ...unknown } = body;
  const [extra] = Object.keys(unknown);
  if (extra !== undefined) throw new RequestError(400, `There is no field \`${extra}\`.`);
  if (key !== null && typeof key !== 'string') throw new RequestError(400, '`key` is a key label.');
  if (typeof text !== 'string')
    throw new RequestError(400, '`scenario` is a text such as "status=500".');
  if (times !== null && !(Number.isInteger(times) && Number(times) > 0)) {
    throw new RequestError(400, '`times` is a positive whole number.');
  }
  const parsed = parseScenario(text);
  if (!parsed.ok) throw new RequestError(400, parsed.message);
  return { key, text, scenario: parsed.scenario, timesLeft: times === null ? null : Number(times) };
}

function describePosted(entry: PostedScenario) {
  return { key: entry.key, scenario: entry.text, times_left: entry.timesLeft };
}

function callRoutes(log: CallLog): Route[] {
  const path = '/sandbox/upstream/calls';
  return [
    {
      method: 'GET',
      path,
      handle({ query, response }) {
        const label = query.get('key');
        const limit = Math.min(Number(query.get('limit')) || CALLS_SHOWN, CALLS_SHOWN_MAX);
        const calls = log.newestFirst().filter((call) => label === null || call.keyLabel === label);
        sendJson(response, 200, {
          data: calls.slice(0, limit).map(describeCall),
          totals: log.totals(),
        });
      },
    },
    {
      method: 'DELETE',
      path,
      handle({ response }) {
        log.clear();
        sendJson(response, 200, { data: [], totals: {} });
      },
    },
  ];
}
