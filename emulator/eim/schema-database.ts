/** The tables of an eIM. One row per version; a row that has been released never changes. */
import { type Database, migrate } from '../ports/index.ts'

const migrations: readonly (readonly string[])[] = [
  [
    `create table eim.euicc (
       eid text primary key,
       eim_transaction_id text,
       state text not null
     )`,
    'create unique index euicc_by_transaction on eim.euicc (eim_transaction_id) where eim_transaction_id is not null',
    `create table eim.package (
       package_id text primary key,
       eid text not null,
       idempotency_key text,
       package text not null
     )`,
    'create unique index package_by_key on eim.package (eid, idempotency_key) where idempotency_key is not null',
    'create table eim.profile (iccid text primary key, eid text not null)',
    'create index profile_by_euicc on eim.profile (eid)',
    'create table eim.event (id bigint primary key, event text not null, data text not null)',
    `create table eim.resource (
       resource_id text primary key,
       facility text not null,
       created_at bigint not null,
       resource text not null
     )`,
    `create table eim.session (
       transaction_id text primary key,
       position bigint generated always as identity,
       session text not null
     )`,
    'create index session_by_position on eim.session (position)',
  ],
]

export const migrateEim = (database: Database): Promise<void> =>
  migrate(database, { name: 'eim', lock: 5_032_012, migrations })
