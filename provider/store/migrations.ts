/** The schema, one row per version; a row that has been released never changes. Instances that start together take turns. */
import type { Database } from './database.ts'

const migrations: readonly (readonly string[])[] = [
  [
    `create table operation (
       position bigint generated always as identity primary key,
       operation_id uuid not null unique,
       dialect text not null,
       tenant text not null,
       correlator text not null,
       eid text not null,
       iccid text not null,
       task text not null,
       callback text,
       time_limit_ms bigint not null,
       progress text not null,
       phase text not null,
       deadline timestamptz
     )`,
    `create index operation_by_euicc on operation (eid, position) where phase <> 'completed'`,
    `create index operation_by_deadline on operation (deadline) where phase <> 'completed'`,
    `create table outbox (
       position bigint generated always as identity primary key,
       event_id uuid not null unique,
       stream uuid not null,
       callback text,
       correlator text not null,
       envelope text not null,
       created_at timestamptz not null,
       attempts integer not null default 0,
       next_attempt_at timestamptz not null,
       ended_at timestamptz,
       end_reason text
     )`,
    `create index outbox_due on outbox (next_attempt_at) where ended_at is null`,
    `create index outbox_by_stream on outbox (stream, position) where ended_at is null`,
  ],
  [
    'alter table operation alter column iccid drop not null',
    'alter table operation add column completed_at timestamptz',
    `update operation set completed_at = to_timestamp((progress::json -> 'result' ->> 'completedAt')::double precision / 1000)
     where phase = 'completed'`,
    'create index operation_by_completion on operation (completed_at) where completed_at is not null',
  ],
  [
    `create table instance (
       instance uuid primary key,
       alive_until timestamptz not null
     )`,
    `create table turn (
       eid text primary key,
       instance uuid not null references instance on delete cascade
     )`,
    `create index turn_by_instance on turn (instance)`,
    `alter table outbox add column instance uuid references instance on delete set null`,
    `alter table operation
       add column client text,
       add column idempotency_key text,
       add column fingerprint text,
       add column accepted_at timestamptz not null default now()`,
    `create unique index operation_by_idempotency_key on operation (client, idempotency_key)`,
    `create index outbox_ended on outbox (ended_at) where ended_at is not null`,
  ],
  // As rate-limiter-flexible wants it.
  ['create table quota (key text primary key, points integer not null default 0, expire bigint)'],
  [
    `create table subscription (
       position bigint generated always as identity primary key,
       subscription_id uuid not null unique,
       dialect text not null,
       tenant text not null,
       correlator text not null,
       sink text not null,
       credential text,
       eid text,
       iccid text,
       operation_id uuid,
       criteria text not null,
       shown text not null,
       max_events integer,
       events integer not null default 0,
       starts_at timestamptz not null,
       expires_at timestamptz,
       ends_at timestamptz,
       ended_at timestamptz,
       end_reason text,
       status text not null
     )`,
    `create unique index subscription_by_criteria on subscription (tenant, criteria) where ended_at is null`,
    `create index subscription_by_end on subscription (ends_at) where ended_at is null`,
    `create index subscription_ended on subscription (ended_at) where ended_at is not null`,
  ],
  [
    `create table platform_order (
       position bigint generated always as identity primary key,
       key text not null unique,
       eid text not null,
       package_id text unique,
       kept_at timestamptz not null,
       ended_at timestamptz
     )`,
    `create index platform_order_open on platform_order (position) where ended_at is null`,
    `create table platform_euicc (
       eid text primary key,
       position bigint not null,
       profiles jsonb not null,
       told_at timestamptz not null,
       asked_at timestamptz not null
     )`,
    `create index platform_euicc_by_profile on platform_euicc using gin (profiles jsonb_path_ops)`,
    `create index platform_euicc_by_asking on platform_euicc (asked_at)`,
  ],
  ['create table secret (value text not null)', 'insert into secret (value) values (gen_random_uuid()::text)'],
  [
    `alter table outbox add column tenant text not null default ''`,
    `update outbox set tenant = coalesce(
       (select tenant from operation where operation_id = outbox.stream),
       (select tenant from subscription where subscription_id = outbox.stream), '') where ended_at is null`,
  ],
]

/** Of pg_advisory_lock: any number that nobody else uses. */
const migrationLock = 5_032_010

export const migrate = (database: Database): Promise<void> =>
  database.transaction(async (queries) => {
    await queries.query('select pg_advisory_xact_lock($1)', [migrationLock])
    await queries.query('create table if not exists schema_version (version integer primary key)')
    const [row] = await queries.query<{ version: number }>(
      'select coalesce(max(version), 0) as version from schema_version',
    )
    for (const [index, statements] of migrations.entries()) {
      if (index < (row?.version ?? 0)) continue
      for (const statement of statements) await queries.query(statement)
      await queries.query('insert into schema_version (version) values ($1)', [index + 1])
    }
  })
