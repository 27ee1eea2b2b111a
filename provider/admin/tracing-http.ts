/**
 * OpenTelemetry spans of an operation: its request, its life from acceptance to completion, and each attempt to deliver its event. The trace id
 * is the operationId without its dashes, so spans of several instances and of one that was started again meet in one trace.
 */
import { type Attributes, ROOT_CONTEXT, SpanStatusCode, TraceFlags, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { BasicTracerProvider, BatchSpanProcessor, type SpanProcessor } from '@opentelemetry/sdk-trace-base'

export interface Span {
  readonly name: string
  readonly operationId: string
  /** Milliseconds since the Unix epoch. */
  readonly from: number
  readonly to: number
  readonly attributes: Attributes
  readonly failed: boolean
}

export interface Tracing {
  tell(span: Span): void
  /** When what was told has been sent, or could not be. */
  close(): Promise<void>
}

/** `url`: OTLP over HTTP with protobuf in JSON, without /v1/traces. */
export const createTracing = (url: string): Tracing =>
  tracingInto(new BatchSpanProcessor(new OTLPTraceExporter({ url: `${url.replace(/\/$/, '')}/v1/traces` })))

export const tracingInto = (processor: SpanProcessor): Tracing => {
  const provider = new BasicTracerProvider({ spanProcessors: [processor] })
  const tracer = provider.getTracer('esim-testbed/provider')
  return {
    tell({ name, operationId, from, to, attributes, failed }) {
      const traceId = operationId.replaceAll('-', '')
      const parent = { traceId, spanId: traceId.slice(16), traceFlags: TraceFlags.SAMPLED, isRemote: true }
      const context = trace.setSpanContext(ROOT_CONTEXT, parent)
      const span = tracer.startSpan(name, { startTime: from, attributes: { ...attributes, operationId } }, context)
      if (failed) span.setStatus({ code: SpanStatusCode.ERROR })
      span.end(to)
    },
    close: () => provider.shutdown().catch(() => undefined),
  }
}
