/** The API that is served beside the testbed, and conformance runs. */
import { count, text } from './words.ts'

const texts = { type: 'array', items: text }

const operation = {
  type: 'object',
  required: ['dialect', 'method', 'path', 'summary'],
  properties: { dialect: text, method: text, path: text, summary: text, example: {} },
}

const result = {
  type: 'object',
  required: ['name', 'feature', 'claims', 'verdict', 'startedAt', 'durationMs', 'mismatches', 'eids'],
  properties: {
    name: text,
    feature: text,
    claims: texts,
    verdict: { type: 'string', enum: ['pass', 'fail', 'error', 'skip', 'off'] },
    startedAt: { type: 'string', format: 'date-time' },
    durationMs: { type: 'number' },
    step: text,
    reason: text,
    mismatches: { type: 'array', items: {} },
    eids: texts,
  },
}

export const attachedSchemas = {
  api: {
    type: 'object',
    required: ['tenants', 'operations'],
    properties: { tenants: texts, operations: { type: 'array', items: operation } },
  },
  call: {
    type: 'object',
    additionalProperties: false,
    required: ['tenant', 'method', 'path'],
    properties: {
      tenant: text,
      method: { type: 'string', enum: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] },
      path: { type: 'string', pattern: '^/(?!/)' },
      body: {},
    },
  },
  answer: {
    type: 'object',
    required: ['status', 'headers', 'body'],
    properties: { status: count, headers: { type: 'object', additionalProperties: text }, body: {} },
  },
  wanted: { type: 'object', additionalProperties: false, properties: { tags: text } },
  run: {
    type: 'object',
    required: ['state', 'startedAt', 'total', 'results'],
    properties: {
      state: { type: 'string', enum: ['running', 'ended'] },
      startedAt: { type: 'string', format: 'date-time' },
      total: count,
      verdict: text,
      reason: text,
      results: { type: 'array', items: result },
    },
  },
}
